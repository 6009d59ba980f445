"""The whole catalogue as a file: a row for each fact, safe to open, the same bytes for the same catalogue."""

import csv
import io
import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
import python_calamine

from opinion.centres.catalogues import load_catalogue
from opinion.centres.decisions import KINDS, Decision, decide, now
from opinion.centres.queues import all_facts
from opinion.exchange.cells import FORMULA_STARTS
from opinion.exchange.provenance_tables import (
    DECISION_COLUMNS,
    FACT_COLUMNS,
    FORMATS,
    catalogue_file,
    date_and_release,
)
from opinion.exchange.workbooks import MOST_ROWS, workbook_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "centres"))
from invented import small_tables

ONE, OTHER = "bag:AG:000", "bag:AG:001"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    folder = tmp_path_factory.mktemp("provenance")
    tables = small_tables(folder / "tables")
    decide(folder / "var", [
        Decision("correct", now(), "carla", ONE, field="beds", value="77", source="=Invented()", date="2026",
                 address="https://example.org/report"),
        Decision("set_aside", now(), "carla", ONE, field="equipment", value="angiography", note="sold"),
        Decision("merge", now(), "carla", ONE, OTHER),
    ])  # fmt: skip
    return load_catalogue(folder / "var", tables)


def rows_of(catalogue, format, table="facts"):
    content = catalogue_file(catalogue, format)
    if format == "xlsx":
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(table)
        head, *rows = sheet.to_python()
        return [dict(zip(head, row, strict=True)) for row in rows]
    archive = zipfile.ZipFile(io.BytesIO(content))
    if format == "csv":
        return list(csv.DictReader(io.StringIO(archive.read(f"{table}.csv").decode("utf-8-sig"))))
    return pq.read_table(io.BytesIO(archive.read(f"{table}.parquet"))).to_pylist()


@pytest.mark.parametrize("format", FORMATS)
def test_every_fact_is_there_with_who_says_so_and_the_bytes_stay(catalogue, format):
    assert catalogue_file(catalogue, format) == catalogue_file(catalogue, format)
    rows = rows_of(catalogue, format)
    facts = list(all_facts(catalogue))
    assert len(rows) == len(facts) > 100 and tuple(rows[0]) == FACT_COLUMNS
    for row, (centre_id, fact) in zip(rows, facts, strict=True):
        said = (row["centre_id"], row["field"], row["source"], row["standing"] or "")
        assert said == (centre_id, fact.field, fact.source, fact.standing)
        assert (row["date"] or row["release"]) == fact.source_date and not (row["date"] and row["release"])
        assert row["licence"] and row["publisher"] and row["certainty"]
    beds = {(str(row["value"]), row["standing"] or "", row["chosen"], row["entered_by"] or "") for row in rows
            if row["centre_id"] == ONE and row["field"] == "beds"}  # fmt: skip
    assert ("77", "", "yes", "carla") in beds and ("483", "corrected", "no", "") in beds
    aside = [row for row in rows if row["standing"] == "set_aside"]
    assert [(row["value"], row["chosen"]) for row in aside] == [("angiography", "no")]
    names = {row["value"]: row["chosen"] for row in rows if row["centre_id"] == ONE and row["field"] == "name"}
    assert names == {"Kantonsspital Aarau AG": "yes", "Kantonsspital Baden AG": "no"}
    (code,) = {row["code"] for row in rows if row["entered_by"] == "carla"}
    assert code == ("=Invented()" if format == "parquet" else "'=Invented()"), "no spreadsheet takes it for a formula"
    assert {row["due"] for row in rows if row["source"] == "bag_ch" and row["date"] == "2020"} == {"2023-04-30"}


def test_a_release_is_no_date():
    given = {"2019/2020": ("2019/2020", ""), "2026-10": ("2026-10", ""), "ROR release v1.13": ("", "ROR release v1.13")}
    given |= {"undated": ("", ""), "": ("", "")}
    assert {each: date_and_release(each) for each in given} == given


@pytest.mark.parametrize("format", FORMATS)
def test_what_was_decided_is_in_it_the_oldest_first(catalogue, format):
    rows = rows_of(catalogue, format, "decisions")
    assert tuple(rows[0]) == DECISION_COLUMNS
    said = [[row[each] or "" for each in ("what", "by", "centre_id", "other_id", "why")] for row in rows]
    assert said[-3:] == [
        ["correct", "carla", ONE, "", ""], ["set_aside", "carla", ONE, "", "sold"], ["merge", "carla", ONE, OTHER, ""]
    ]  # fmt: skip
    merge = rows[-1]
    assert (merge["name"], merge["other_name"]) == ("Kantonsspital Aarau AG", "Kantonsspital Baden AG")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", merge["day"]) and len(merge["id"]) == 12
    assert {row["taken_back_on"] or "" for row in rows} == {""}


def test_who_took_a_decision_back_stands_beside_it(tmp_path):
    tables = small_tables(tmp_path / "tables")
    aside = Decision("set_aside", now(), "carla", ONE, field="equipment", value="angiography", note="sold")
    again = Decision("undo", now(), "dora", undoes=aside.id)
    decide(tmp_path / "var", [aside, again])
    row = rows_of(load_catalogue(tmp_path / "var", tables), "csv", "decisions")[-1]
    assert (row["id"], row["taken_back_by"], row["taken_back_on"]) == (aside.id, "dora", again.at[:10])


def test_the_notes_name_every_table_and_what_is_put_before_a_cell(catalogue):
    archive = zipfile.ZipFile(io.BytesIO(catalogue_file(catalogue, "csv")))
    notes = archive.read("README.txt").decode()
    assert {each.filename for each in archive.infolist()} == {
        "facts.csv", "centres.csv", "sources.csv", "decisions.csv", "README.txt"
    }  # fmt: skip
    assert all(each in notes for each in (" ".join(FORMULA_STARTS[:4]), "apostrophe", "decisions:", "release:"))
    assert "decisions.jsonl" in notes and "imports/*/import.json" in notes and "centres export --inputs" in notes
    assert all(each in notes for each in (*KINDS[:-1], "taken_back_on", "why"))


def test_what_is_chosen_is_what_the_catalogue_uses(catalogue):
    rows = rows_of(catalogue, "csv")
    shown = catalogue.table.select(["centre_id", "beds", "website"]).to_pydict()
    for centre_id, beds, website in zip(*shown.values(), strict=True):
        own = [row for row in rows if row["centre_id"] == centre_id and row["chosen"] == "yes"]
        assert {int(row["value"]) for row in own if row["field"] == "beds"} == ({beds} if beds else set())
        assert {row["value"] for row in own if row["field"] == "website"} == ({website} if website else set())


def test_a_workbook_opens_as_any_and_says_no_time(catalogue):
    content = catalogue_file(catalogue, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert (
        book.sheetnames == ["facts", "centres", "sources", "decisions", "notes"] and book["facts"].freeze_panes == "A2"
    )
    assert {entry.date_time[0] for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {1980}
    assert book.properties.created.year == 1980


def test_a_sheet_that_is_full_goes_on_in_another():
    rows = [(number, f"text & <{number}>\x00") for number in range(25)]
    content = workbook_of([("facts", ("n", "text"), iter(rows)), ("few", ("n",), [(1.5,), (None,)])], most_rows=11)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["facts", "facts 2", "facts 3", "few"]
    found = [row for name in book.sheetnames[:3] for row in list(book[name].iter_rows(values_only=True))[1:]]
    assert found == [(number, f"text & <{number}>") for number in range(25)]
    assert [sheet.max_row for sheet in book] == [11, 11, 6, 2] and MOST_ROWS == 1_048_576
    exact = workbook_of([("facts", ("n",), iter([(number,) for number in range(10)]))], most_rows=11)
    assert openpyxl.load_workbook(io.BytesIO(exact)).sheetnames == ["facts"]
