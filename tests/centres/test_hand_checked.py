"""Facts read by hand: each row complete, in the catalogue with its page, and counted truly in docs/coverage.md."""

import csv
import shutil
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from invented import ROOT, TABLES

from opinion.centres.catalogues import Catalogue
from opinion.centres.focuses import SPECIALISED, focus_by_area, read_focus_rules
from opinion.centres.inputs import RELEASES, Inputs
from opinion.centres.listings import read_tables
from opinion.centres.registers.hand_checked import CENTRES, FACTS, FOLDER, UNDATED, read_releases, write_releases
from opinion.errors import CatalogueError
from opinion.vocabularies import equipment

MAY_BE_EMPTY = {"count", "region", "geonames_id", "website"}
SOURCES = [release.source.id for release in read_releases()]


def rows_of(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled tables, with no release beside them."""
    folder = tmp_path_factory.mktemp("compiled")
    for path in TABLES.iterdir():
        if path.is_file():
            (folder / path.name).symlink_to(path)
    return folder


@pytest.mark.parametrize(("name", "columns"), [("centres.csv", CENTRES), ("facts.csv", FACTS)])
def test_every_row_has_its_page_its_days_and_a_licence(name: str, columns: tuple[str, ...]):
    rows = rows_of(name)
    assert len(rows) > 60
    today = datetime.now(UTC).date().isoformat()
    for row in rows:
        assert tuple(row) == columns
        assert not [column for column in columns if not row[column].strip() and column not in MAY_BE_EMPTY], row
        assert urlsplit(row["address"]).scheme in ("http", "https")
        assert urlsplit(row["address"]).hostname
        assert "2026-11-22" < row["read"] <= today
        assert row["stated"] == UNDATED or row["stated"].startswith("commit ") or row["stated"] <= today
        assert row["source"] in SOURCES
        assert len(row["words"].split()) <= 35, "a few words are quoted, not a page"


def test_every_fact_speaks_of_a_centre_that_is_known():
    known = {row["centre_id"] for row in rows_of("centres.csv")} | {
        row[0] for row in read_tables(Inputs()).centres
    }  # fmt: skip
    facts = rows_of("facts.csv")
    assert not {row["centre_id"] for row in facts} - known
    keys = [(row["centre_id"], row["field"], row["value"], row["address"]) for row in facts]
    assert len(set(keys)) == len(keys)


def test_the_same_tables_give_the_same_bytes(tmp_path: Path):
    made = write_releases(tmp_path / "releases")
    assert [folder.name for folder in made] == SOURCES
    for folder in made:
        kept = TABLES / RELEASES / folder.name
        assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in kept.iterdir())
        for path in folder.iterdir():
            assert path.read_bytes() == (kept / path.name).read_bytes(), "run: python -m opinion centres hand-checked"


def test_the_facts_are_in_the_catalogue_with_their_page(catalogue: Catalogue):
    for row in rows_of("facts.csv"):
        found = [
            fact
            for fact in catalogue.facts(row["centre_id"])
            if (fact.field, fact.value, fact.source_url) == (row["field"], row["value"], row["address"])
        ]
        assert len(found) == 1, row
        assert found[0].source == row["source"]
        assert found[0].certainty == "stated"
        assert row["words"] in found[0].code
        assert found[0].count == (int(row["count"]) if row["count"] else None)
    for row in rows_of("centres.csv"):
        assert catalogue.row_of(row["centre_id"]) >= 0


def test_a_page_of_many_publishers_is_named(catalogue: Catalogue):
    fact = next(fact for fact in catalogue.facts("checked:heidelberg") if fact.value == "proton_therapy")
    assert "Universitätsklinikum Heidelberg" in fact.code


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("words", "", "words is empty"),
        ("licence", "", "licence is empty"),
        ("address", "ftp://example.org/page", "is no address of a page"),
        ("read", "2126-01-01", "is no day on which somebody can have read it"),
        ("read", "yesterday", "is no day on which somebody can have read it"),
        ("stated", "2126", "is later than the day on which it was read"),
        ("source", "nobody", "is not in sources.toml"),
        ("value", "death_ray", "is not a kind of equipment"),
        ("centre_id", "nowhere:1", "the catalogue has no such centre"),
    ],
)
def test_a_faulty_row_is_refused_and_nothing_is_changed(tmp_path: Path, column: str, value: str, said: str):
    folder, out = tmp_path / "hand_checked", tmp_path / "releases"
    shutil.copytree(FOLDER, folder)
    shutil.copytree(TABLES / RELEASES / "ern_members", out / "ern_members")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    rows = rows_of("facts.csv")
    next(row for row in rows if row["field"] == "equipment")[column] = value
    with (folder / "facts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FACTS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(CatalogueError, match=said):
        write_releases(out, folder)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def stated_in(inputs: Inputs) -> tuple[dict[str, dict[str, set[str]]], dict[str, set[str]]]:
    """Return the centres with a stated fact, by field and country, and by kind of equipment or title.

    ``specialised``: those that specialise in cancer, by the rules of ``focus.toml``.
    """
    tables = read_tables(inputs)
    rules, stated_by = read_focus_rules(TABLES), {row[0]: (row[1], row[4]) for row in tables.origins}
    country = {row[0]: row[7] for row in tables.centres}
    by_country: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    by_value: dict[str, set[str]] = defaultdict(set)
    of_centre: dict[str, list[tuple[str, str, str, str, str]]] = defaultdict(list)
    for centre_id, field, value, _, certainty, origin in tables.facts:
        of_centre[centre_id].append((field, value, certainty, *stated_by[origin]))
        if certainty == "stated":
            by_country[field][country[centre_id]].add(centre_id)
            by_value[value].add(centre_id)
    for row in tables.centres:
        by_country["listed"][country[row[0]]].add(row[0])
        if focus_by_area(rules, row[11], of_centre[row[0]]).get("oncology") in SPECIALISED:
            by_country["specialised"][country[row[0]]].add(row[0])
    return by_country, by_value


def counted_lines(compiled: Path) -> list[str]:
    """Return the lines of the two tables of docs/coverage.md: countries and kinds of equipment that changed."""
    before = stated_in(Inputs(compiled))
    after = stated_in(Inputs(compiled, tuple(TABLES / RELEASES / source for source in SOURCES)))
    lines = []
    for code in sorted(after[0]["listed"]):
        cells = [
            (len(before[0][field][code]), len(after[0][field][code]))
            for field in ("listed", "disease_area", "equipment", "designation", "specialised")
        ]
        if any(first != second for first, second in cells):
            shown = " | ".join(f"{first} → {second}" if first != second else str(first) for first, second in cells)
            lines.append(f"| {code} | {shown} |")
    for item, kind in equipment().items():
        first, second = len(before[1][item]), len(after[1][item])
        if first != second:
            lines.append(f"| {kind.label} | {first} → {second} |")
    return lines


def test_what_is_said_of_coverage_is_counted(compiled: Path):
    lines = counted_lines(compiled)
    said = [line for line in (ROOT / "docs" / "coverage.md").read_text("utf-8").splitlines() if "→" in line]
    assert len(lines) > 30
    assert said == lines, "docs/coverage.md must say:\n" + "\n".join(lines)
