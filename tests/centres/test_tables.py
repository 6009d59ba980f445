"""The tables of the repository: every fact has its source, every source its licence, and nothing vanished."""

import csv
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from invented import RAW, ROOT, TABLES, rules_into

from opinion.centres.compiling import compile_tables
from opinion.centres.inputs import Inputs
from opinion.centres.listings import read_tables
from opinion.centres.sources import read_sources
from opinion.centres.tables import CENTRES, FACTS, LEDGER, LEFT_OUT, read_table
from opinion.errors import CatalogueError

SOURCES = read_sources()
GENERATED = ("centres.csv", "facts.csv", "origins.csv", "left_out.csv", "ledger.csv")
needs_raw = pytest.mark.skipif(not RAW.is_dir(), reason="the raw tables are not beside the repository")


@pytest.fixture(scope="module")
def tables():
    return read_tables()


def test_every_shipped_fact_has_source_address_and_date(tables):
    origins = {row[0]: row for row in tables.origins}
    used = {row[-1] for row in tables.facts} | {cell for row in tables.centres for cell in row[-5:]} - {""}
    assert used == set(origins)
    for _, source, address, date, _ in tables.origins:
        assert SOURCES[source].ship
        assert address.startswith(("https://", "http://"))
        assert re.match(r"^(20\d\d|ROR release v\d|commit [0-9a-f]{8}|undated$)", date), date


def test_no_letter_is_broken(tables):
    for row in (*tables.centres, *tables.origins):
        assert not re.search("[\ufffd\x00-\x1f\x80-\x9f]|â€", "".join(row)), row


def test_every_value_beside_a_fact_has_an_origin(tables):
    for row in tables.centres:
        cell = dict(zip(CENTRES, row, strict=True))
        for value, origin in (("name_other", "name_other"), ("city", "city"), ("lat", "point"), ("website", "website")):
            assert bool(cell[value]) == bool(cell[f"origin_{origin}"]), cell["centre_id"]
        assert not cell["website"] or re.match(r"^https?://\S+$", cell["website"])


def test_every_source_has_a_licence_and_stands_in_the_notice():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for source in SOURCES.values():
        assert source.licence
        assert source.why
        assert source.address.startswith("https://") or source.id == "single_pages"  # of many publishers
        if source.ship:
            assert source.attribution in notice
        else:
            assert source.title not in notice


def test_tables_are_sorted_and_small_enough_for_git():
    for name in GENERATED:
        content = (TABLES / name).read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n")
        assert len(content) < 8_000_000
    for name, columns in (("centres.csv", 1), ("facts.csv", 6), ("origins.csv", 1)):
        with (TABLES / name).open(encoding="utf-8", newline="") as file:
            keys = [row[:columns] for row in csv.reader(file)][1:]
        assert keys == sorted(keys)
        assert len({tuple(key) for key in keys}) == len(keys)


def test_the_ledger_adds_up():
    shipped = {
        name: read_table(TABLES / f"{name}.csv", columns) for name, columns in (("centres", CENTRES), ("facts", FACTS))
    }
    ledger = read_table(TABLES / "ledger.csv", LEDGER)
    left_out = read_table(TABLES / "left_out.csv", LEFT_OUT)
    totals = Counter()
    for table, _, outcome, reason, rows in ledger:
        totals[table, outcome] += int(rows)
        assert bool(reason) == (outcome == "left out")
    assert totals["centres", "shipped"] == len(shipped["centres"])
    assert totals["facts", "shipped"] + totals["suggestions", "shipped"] == len(shipped["facts"])
    assert sum(count for (_, outcome), count in totals.items() if outcome == "left out") == len(left_out)


VALUES = ("name_alt", "city", "website", "lat", "nearest_city_derived")


@needs_raw
def test_what_is_no_centre_stays_out(catalogue):
    (entry,) = tomllib.loads((TABLES / "not_centres.toml").read_text("utf-8"))["entry"]
    assert entry["id"] not in set(catalogue.table.column("centre_id").to_pylist())
    left = [row for row in read_table(TABLES / "left_out.csv", LEFT_OUT) if row[0] == entry["id"]]
    assert left[0][-1] == f"no centre: {entry['why']}"


def test_rows_in_are_rows_out():
    import gzip

    with (RAW / "centres_facts.csv").open(encoding="utf-8", newline="") as file:
        centres = list(csv.DictReader(file))
    with gzip.open(RAW / "centres_evidence.csv.gz", "rt", encoding="utf-8", newline="") as file:
        facts = sum(1 for _ in csv.DictReader(file))
    totals = Counter()
    for table, _, _, _, rows in read_table(TABLES / "ledger.csv", LEDGER):
        totals[table] += int(rows)
    none = {entry["id"] for entry in tomllib.loads((TABLES / "not_centres.toml").read_text("utf-8"))["entry"]}
    left_with_centre = [row for row in centres if not SOURCES[row["source"]].ship or row["centre_id"] in none]
    assert totals["centres"] == len(centres)
    assert totals["facts"] == facts
    values = sum(bool(row[key]) for row in centres for key in VALUES)
    not_reached = sum(bool(row[key]) for row in left_with_centre for key in VALUES)
    assert totals["values"] == values - not_reached


RAW_CENTRE = {
    "centre_id": "cms:1", "name": "GENERAL HOSPITAL", "country_code": "US", "lat": "40", "lon": "-70",
    "coord_precision": "site", "website": "http://a b.org", "source": "cms_pos", "source_url": "https://x.org/f",
    "source_date": "2026-04-01", "also_in": "hifld:7", "disease_areas_from_name": "oncology;magic",
}  # fmt: skip
RAW_FACT = {
    "centre_id": "cms:1", "field": "equipment", "value": "ct", "source": "cms_pos", "source_code": "POS CT scan",
    "source_url": "https://x.org/f", "source_date": "2026-04-01",
}  # fmt: skip


RAW_CENTRE_COLUMNS = """
centre_id name name_alt city city_local nearest_city_derived region country_code lat lon coord_precision
disease_areas_from_name equipment_from_name facility_type_raw website source source_url source_date name_flag also_in
"""
RAW_FACT_COLUMNS = "centre_id field value count source source_code source_url source_date"


def write_raw(folder: Path, centres: list[dict[str, str]], facts: list[dict[str, str]]) -> Path:
    import gzip
    import io

    for name, keys, rows in (
        ("centres_facts.csv", RAW_CENTRE_COLUMNS.split(), centres),
        (
            "centres_evidence.csv.gz",
            RAW_FACT_COLUMNS.split(),
            facts,
        ),
    ):
        text = io.StringIO()
        writer = csv.DictWriter(text, keys, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        content = text.getvalue().encode()
        (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return folder


def test_bad_rows_are_reported_with_a_reason(tmp_path: Path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    out.mkdir()
    rules_into(out)
    swiss = {
        "centre_id": "bag:1",
        "source": "bag_ch",
        "country_code": "CH",
        "also_in": "",
        "lat": "",
        "website": "https://x.ch",
    }
    centres = [RAW_CENTRE, RAW_CENTRE, RAW_CENTRE | {"centre_id": "cms:2", "country_code": "ZZ", "lat": ""},
               RAW_CENTRE | swiss | {"disease_areas_from_name": ""}]  # fmt: skip
    facts = [RAW_FACT, RAW_FACT | {"value": "tricorder"}, RAW_FACT | {"centre_id": "cms:9"},
             RAW_FACT | {"field": "beds", "value": "many"}]  # fmt: skip
    compile_tables(write_raw(raw, centres, facts), out)
    reasons = Counter(row[-1] for row in read_table(out / "left_out.csv", LEFT_OUT))
    assert reasons == {
        "the id stands there twice": 1,
        "the name is empty or the country code unknown": 1,
        "not an http or https address": 1,
        "no source can be named for the value": 1,
        "'magic' is not a disease area of centres": 1,
        "'tricorder' is not a kind of equipment": 1,
        "'many' is not a number of beds": 1,
        "its centre stays out": 1,
    }
    compiled = read_tables(Inputs(out))
    assert [row[0] for row in compiled.centres] == ["bag:1", "cms:1"]
    assert [row[1:5] for row in compiled.facts] == [["disease_area", "oncology", "", "suggested"], ["equipment", "ct", "", "stated"]]  # fmt: skip # noqa: E501
    origins = {row[0]: row[1] for row in compiled.origins}
    cell = dict(zip(CENTRES, compiled.centres[1], strict=True))
    assert origins[cell["origin_point"]] == "hifld"  # CMS states no points


def test_an_unknown_source_or_designation_is_refused(tmp_path: Path):
    rules_into(tmp_path)
    write_raw(tmp_path, [RAW_CENTRE | {"source": "hearsay"}], [])
    with pytest.raises(CatalogueError, match=r"'hearsay' is not in sources\.toml"):
        compile_tables(tmp_path, tmp_path)
    write_raw(tmp_path, [RAW_CENTRE], [RAW_FACT | {"field": "designation", "value": "Best of show"}])
    with pytest.raises(CatalogueError, match="no rule for the designation 'Best of show'"):
        compile_tables(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("facts.csv", ",equipment,ct,", ",equipment,cat,", "'cat' is not a kind of equipment"),
        ("centres.csv", "centre_id,name", "id,name", "the first line must read"),
        ("origins.csv", "origin,source", "", "the first line must read"),
    ],
)
def test_faulty_tables_are_refused_with_file_and_remedy(tmp_path: Path, name: str, old: str, new: str, message: str):
    for file in GENERATED[:3]:
        content = (TABLES / file).read_text("utf-8")
        (tmp_path / file).write_text(content.replace(old, new, 1) if file == name else content, "utf-8")
    with pytest.raises(CatalogueError, match=message) as caught:
        read_tables(Inputs(tmp_path))
    assert name in str(caught.value)


def test_rules_name_what_exists(tables):
    codes = {(row[1], row[4]) for row in tables.origins}
    designations = {row[2] for row in tables.facts if row[1] == "designation"}
    content = tomllib.loads((TABLES / "focus.toml").read_text("utf-8"))
    assert designations == {rule["value"] for rule in content["designation"]}
    for rule in content["type"]:
        for code in rule["codes"]:
            assert (rule["source"], code) in codes
