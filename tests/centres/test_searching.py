"""Words to rows: exact before starting before inside, slips of the pen only when nothing else is found."""

import pyarrow as pa
import pytest

from opinion.centres.catalogues import Catalogue
from opinion.centres.facets import select
from opinion.centres.filters import Filters
from opinion.centres.names import search_key
from opinion.centres.rowsets import unpack_rows
from opinion.centres.searching import WordIndex, matched_parts

NAMES = [
    "Universitätsklinikum Zürich",
    "Klinik am Zürichberg",
    "Klinik Zürich",
    "Poliklinik Bern",
    "Hôpitaux universitaires de Genève",
    "",
    "東京大学医学部附属病院 Tokyo University Hospital",
]
INDEX = WordIndex(pa.array([search_key(name) for name in NAMES]))


def found(text: str) -> list[list[int]]:
    """The rows of each level, without those of the levels before."""
    match, seen, levels = INDEX.match(text), set(), []
    for level in match.levels:
        levels.append([row for row in unpack_rows(level).tolist() if row not in seen])
        seen.update(levels[-1])
    return levels


def test_a_word_by_itself_then_the_start_of_one_then_inside_one():
    assert found("klinik") == [[1, 2], [], [0, 3]]
    assert found("zurich") == [[0, 2], [1], []]
    assert found("ZÜRICH klinik") == [[2], [1], [0]], "every word counts, the weakest decides"


@pytest.mark.parametrize("text", ["Zuerich", "zürich", "ZURICH", "  zurich  "])
def test_one_town_in_several_spellings(text: str):
    assert unpack_rows(INDEX.match(text).rows).tolist() == [0, 1, 2]


def test_han_characters_are_found_inside_a_name():
    assert unpack_rows(INDEX.match("大学").rows).tolist() == [6]


@pytest.mark.parametrize(("text", "row"), [("hopital geneve", 4), ("zurihc", 2), ("Univerity Hospitl", 6)])
def test_a_slip_is_forgiven_only_if_nothing_else_is_found(text: str, row: int):
    match = INDEX.match(text)
    assert match.nearly
    assert row in unpack_rows(match.rows)
    assert not INDEX.match(text, forgive=False).rows.any()


def test_what_was_meant_is_said():
    assert INDEX.match("geneva").spellings == {"geneva": ("geneve",)}
    assert not INDEX.match("bern").nearly


def test_short_words_and_numbers_are_not_forgiven():
    assert not INDEX.match("brn").rows.any()
    assert not INDEX.match("12345").rows.any()


def test_no_word_is_no_text():
    assert INDEX.match("–") is None
    assert INDEX.match("") is None


def test_a_patients_words_are_not_remembered():
    index = WordIndex(pa.array(["bern"]))
    index.match("bern", keep=False)
    assert not index._known
    index.match("bern")
    assert list(index._known) == ["bern"]


def test_the_parts_that_matched():
    name = "Klinik am Zürichberg (Queen’s)"
    assert [name[start:end] for start, end in matched_parts(name, INDEX.match("zuerich"))] == ["Zürichberg"]
    near = "Hôpitaux de Genève"
    assert [near[start:end] for start, end in matched_parts(near, INDEX.match("geneva"))] == ["Genève"]


@pytest.mark.parametrize(
    ("text", "country", "least"),
    [
        ("Muenchen", "DE", 3),
        ("hopital geneve", "CH", 1),
        ("София", "BG", 1),
        ("irccs", "IT", 20),
        ("がんセンター", "JP", 1),
    ],
)
def test_the_real_catalogue_is_found_as_people_write(catalogue: Catalogue, text: str, country: str, least: int):
    assert select(catalogue, Filters(text=text, countries=(country,))).count >= least


def test_a_name_that_holds_the_word_comes_before_its_town(catalogue: Catalogue):
    page = catalogue.page(select(catalogue, Filters(text="zuerich")).rows, ("name", "name_local", "name_other"))
    held = ["zurich" in search_key(" ".join(names)).split() for names in page.itertuples(index=False)]
    assert held == sorted(held, reverse=True)
    assert held.count(True) > 5 < held.count(False)


@pytest.mark.parametrize("text", ["gan senta", "がんセンター"])
def test_kana_are_found_in_latin_letters(catalogue: Catalogue, text: str):
    found = select(catalogue, Filters(text=text, countries=("JP",)))
    assert found.count and not found.match.nearly
