"""The gazetteer: what is taken from GeoNames, and that towns are found in many spellings."""

import json
import subprocess
import sys
import time
from argparse import Namespace

import pytest

from opinion.centres.names import search_key
from opinion.centres.tables import is_point, read_table
from opinion.centres.towns import (
    COLUMNS,
    LARGE,
    TOWNS,
    find_town,
    other_keys,
    run_extract,
    suggest_towns,
    town_of,
    towns_in,
    towns_named,
)
from opinion.errors import CatalogueError
from opinion.vocabularies import country_codes

VIENNA, PARIS, GENEVA, MUNICH = 2761369, 2988507, 2660646, 2867714
COLOGNE, FLORENCE, PRAGUE, TOKYO = 2886242, 3176959, 3067696, 1850147


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        *(
            (text, VIENNA)
            for text in ("Vienna", "wien", "Vienne", "Viena", "Bécs", "Вена", "ウィーン", "Βιέννη", "فيينا")
        ),
        *((text, VIENNA) for text in ("2761369", " 2761369 ", "vienna, AT", "Wien,at")),
        *((text, MUNICH) for text in ("Munich", "München", "Muenchen", "MONACO DI BAVIERA", "Мюнхен", "ミュンヘン")),
        *((text, GENEVA) for text in ("Geneva", "Genf", "Genève", "Ginevra", "Женева")),
        *((text, COLOGNE) for text in ("Cologne", "Köln", "Koeln", "Keulen", "Colonia")),
        *((text, FLORENCE) for text in ("Florence", "Firenze", "Florenz", "佛罗伦萨")),
        *((text, PRAGUE) for text in ("Prague", "Praha", "Prag", "Praga", "Прага")),
        *((text, TOKYO) for text in ("Tokyo", "Tokio", "東京")),
        ("Paris", PARIS),
    ],
)
def test_a_town_is_found_by_any_of_its_names(text, id_):
    town = find_town(text)
    assert town is not None and town.id == id_


def test_the_towns_of_a_name_in_a_country_are_those_that_bear_it_and_those_called_so():
    assert [town.id for town in towns_named("firenze", "IT")] == [FLORENCE] and towns_named("firenze", "DE") == ()
    assert len(towns_named("springfield", "US")) > 5
    people = [town.population for town in towns_named("springfield", "US")]
    assert people == sorted(people, reverse=True)


def test_country_and_region_tell_towns_apart():
    assert find_town("Paris,US").country_code == "US"
    assert find_town("Paris, FR").id == PARIS
    assert find_town("Vienna, VA").country_code == "US", "no Vienna in the Vatican: the state of Virginia"
    assert find_town("Vienna, FR") is None or find_town("Vienna, FR").country_code == "FR"
    assert find_town("Vienna, ZZ") is None


def test_own_names_count_for_more_than_names_given_by_others():
    assert find_town("Cancún").country_code == "MX"
    assert find_town("Zaragoza").country_code == "ES"
    assert find_town("Niš").country_code == "RS"


@pytest.mark.parametrize("text", ["", " ", ",", ", AT", "–", "no such town", "9" * 5000, "-1", "2761369,AT", "vienn"])
def test_what_is_not_known_is_none(text):
    assert find_town(text) is None


def test_a_town_by_its_id():
    vienna = town_of(VIENNA)
    assert (vienna.name, vienna.country_code) == ("Vienna", "AT")
    assert (round(vienna.lat, 1), round(vienna.lon, 1)) == (48.2, 16.4) and vienna.population > 1_500_000
    assert town_of(0) is None and town_of(-VIENNA) is None


def test_suggestions_start_with_what_is_written_most_populous_first():
    found = suggest_towns("vien")
    assert found[0].id == VIENNA
    assert [town.population for town in suggest_towns("santi")] == sorted(
        (town.population for town in suggest_towns("santi")), reverse=True
    )
    assert suggest_towns("salzbrg")[0].name == "Salzburg", "nearly so, for nothing starts with it or holds it"
    assert "Bremerhaven" in [town.name for town in suggest_towns("erhaven")]
    assert len({town.id for town in suggest_towns("a", 50)}) == 50
    assert suggest_towns("wien", 1) == [town_of(VIENNA)]


@pytest.mark.parametrize("text", ["", "  ", "–", "qqqqqqqqqq", "x" * 5000])
def test_nothing_is_suggested_for_nothing(text):
    assert suggest_towns(text) == []
    assert suggest_towns("vienna", 0) == []


def test_the_table_is_whole():
    assert TOWNS.stat().st_size <= 2_500_000
    rows = read_table(TOWNS, COLUMNS)
    assert len({row[0] for row in rows}) == len(rows) > 30_000
    assert {row[2] for row in rows} <= set(country_codes())
    assert all(is_point(row[4], row[5]) and row[4] and int(row[6]) > 0 and row[1] for row in rows)
    assert rows == sorted(rows, key=lambda row: (row[2], row[1], int(row[0])))


def test_the_keys_in_the_table_are_keys_of_today():
    keys = [key for row in read_table(TOWNS, COLUMNS) for key in row[7].split(";") if key]
    # a few change when made twice: "aae" is "aa", and "aa" is "a"
    changed = [key for key in keys if search_key(key) != key]
    assert len(changed) < len(keys) / 1000, "search_key has changed: extract the towns again"


def test_finding_is_fast():
    find_town("Vienna"), suggest_towns("vienna")
    for ask, times, seconds in ((lambda: find_town("Wien, AT"), 100, 0.1), (lambda: suggest_towns("salzbrg"), 5, 0.5)):
        started = time.perf_counter()
        for _ in range(times):
            ask()
        assert time.perf_counter() - started < seconds


def test_the_table_is_read_only_when_it_is_asked_for():
    code = (
        "import opinion.__main__, opinion.centres.filters, opinion.centres.towns as towns\n"
        "assert towns._gazetteer.cache_info().currsize == 0\n"
        "towns.find_town('Wien')\n"
        "assert towns._gazetteer.cache_info().currsize == 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_other_names_are_cut_to_what_search_needs():
    given = [
        "VIE",
        "Wien",
        "wien",
        "wei ye na",
        "Vienna",
        "Vienna City",
        "WIEN",
        "https://x/y",
        "x" * 25,
        "w",
        "ウィーン",
        "វីយែន",
    ]
    assert other_keys("Vienna", given, "AT", LARGE) == ["wien", "ウィーン"]
    assert other_keys("Vienna", given, "AT", LARGE - 1) == ["wien"], "a smaller town, and no country of this script"
    assert other_keys("Tottori", ["鳥取", "Tottory", "Totori"], "JP", LARGE - 1) == ["鳥取"]


def invented(number: int, name: str, population: int, code: str = "AT") -> dict[str, object]:
    return {
        "geonameid": number, "name": name, "latitude": 48.123456, "longitude": -16.0, "countrycode": code,
        "population": population, "admin1code": "09", "alternatenames": ["Anders"],
    }  # fmt: skip


def test_rows_are_sorted_and_the_smallest_left_out(tmp_path, capsys):
    cities = {
        str(number): invented(number, name, population)
        for number, name, population in ((2, "B", 20_000), (1, "B", 600), (3, "A", 499))
    }
    expected = [
        ("1", "B", "AT", "09", "48.1235", "-16.0000", "600", "anders"),
        ("2", "B", "AT", "09", "48.1235", "-16.0000", "20000", "anders"),
    ]
    assert towns_in(cities) == expected
    given, out = tmp_path / "cities.json", tmp_path / "towns.csv"
    given.write_text(json.dumps(cities), "utf-8")
    assert run_extract(Namespace(cities=given, out=out)) == 0
    first = out.read_bytes()
    assert run_extract(Namespace(cities=given, out=out)) == 0
    assert out.read_bytes() == first and read_table(out, COLUMNS) == [list(row) for row in expected]
    assert "2 towns" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", '{"1": {}}', '{"1": 5}', "\\"])
def test_another_file_is_refused(content, tmp_path):
    given = tmp_path / "cities.json"
    given.write_text(content, "utf-8")
    with pytest.raises(CatalogueError, match=r"cities15000\.json"):
        run_extract(Namespace(cities=given, out=tmp_path / "towns.csv"))
    with pytest.raises(CatalogueError, match="cannot be read"):
        run_extract(Namespace(cities=tmp_path / "missing.json", out=tmp_path / "towns.csv"))


def test_towns_of_the_whole_name_come_first():
    assert {town.country_code for town in suggest_towns("Paris", 8) if town.name == "Paris"} >= {"FR", "US"}
    assert [town.name for town in suggest_towns("Valencia", 3)].count("Valencia") == 3
