"""Files for spreadsheets: nothing in them runs as a formula, nothing is lost, unknown stays empty."""

import csv
import io

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinion.centres.catalogues import load_catalogue
from opinion.centres.corrections import Correction, corrected
from opinion.centres.decisions import decide
from opinion.centres.facets import Filters, select
from opinion.exchange import tables
from opinion.exchange.cells import FORMULA_STARTS, guarded
from opinion.exchange.provenance_tables import FACT_COLUMNS, fact_rows
from opinion.exchange.tables import centres_as_csv, centres_as_xlsx, csv_of
from opinion.exchange.workbooks import workbook_of
from opinion.texts.translations import Translator

DANGEROUS = ["=1+1", "+41 44", "-2", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")']
t = Translator()


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def read_csv(data: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_starts_like_a_formula_is_guarded(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Klinik", "", "a=b", "'=x", -2, -2.5, None])
def test_other_cells_stay_as_they_are(cell):
    assert guarded(cell) == cell


@given(st.text(max_size=30))
def test_no_cell_of_a_csv_starts_like_a_formula(text):
    data = csv_of(["a"], [[text, "b"]]).decode("utf-8-sig")
    _, (cell, _) = csv.reader(io.StringIO(data, newline=""))
    assert not cell.startswith(FORMULA_STARTS)
    assert cell.removeprefix("'") == text.removeprefix("'")


def test_csv_comes_back_as_it_went():
    rows = [["Hôpital «Ä», Zürich", 12, None], ["two\nlines", -3, 4.5]]
    back = read_csv(csv_of(["name", "beds", "lat"], rows))
    assert back.values.tolist() == [["Hôpital «Ä», Zürich", "12", ""], ["two\nlines", "-3", "4.5"]]


def test_xlsx_comes_back_as_it_went_and_holds_no_formula():
    data = workbook_of([("Centres", ["name", "=beds"], [[text, 7] for text in [*DANGEROUS, "plain\x07"]])])
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Centres"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0] == ["name", "'=beds"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert cells[1] == ["'=1+1", 7] and cells[-1] == ["plain", 7]


def test_a_selection_is_saved_whole_with_sources_and_licences(catalogue):
    selection = select(catalogue, Filters(countries=("CH",), equipment=("pet",)))
    table = read_csv(centres_as_csv(catalogue, selection.rows, t))
    assert len(table) == selection.count
    assert table["Name"].tolist() == catalogue.page(selection.rows, ("name",))["name"].tolist()
    assert (table["Country"] == "Switzerland").all()
    has_pet = table["Equipment, stated"].str.contains("PET") | table["Equipment, implied"].str.contains("PET")
    assert has_pet.all()
    for column in ("Sources", "Licences", "Attributions"):
        assert (table[column] != "").all()
    assert table["Sources"].str.contains("Federal Office of Public Health").all()


def test_every_source_of_a_centre_is_named_not_only_the_first(catalogue):
    row = catalogue.row_of("es:280029")
    table = read_csv(centres_as_csv(catalogue, np.array([row]), t))
    sources = {fact.source_title for fact in catalogue.facts("es:280029")}
    assert len(sources) > 1 and all(source in table["Sources"][0] for source in sources)


def test_unknown_is_empty_and_offering_is_not_specialising(catalogue):
    rows = select(catalogue, Filters(disease_areas=("oncology",), countries=("US",))).rows[-40:]
    table = read_csv(centres_as_csv(catalogue, rows, t))
    assert not table["Specialises in"].str.contains("oncology").any()
    assert table["Offers"].str.contains("oncology").all()
    assert not table.map(lambda cell: cell in ("no", "nan", "<NA>", "None")).any(axis=None)


def test_excel_has_the_same_rows_and_a_sheet_of_sources(catalogue):
    rows = select(catalogue, Filters(countries=("LT",))).rows
    book = pd.read_excel(io.BytesIO(centres_as_xlsx(catalogue, rows, t)), sheet_name=None, dtype=str, engine="openpyxl")
    csv = read_csv(centres_as_csv(catalogue, rows, t))
    assert book["Centres"]["Name"].tolist() == csv["Name"].tolist()
    assert book["Sources"]["Licence"].notna().all() and len(book["Sources"]) >= 1
    assert "never means no" in book["Notes"].iloc[0, 0]


def test_excel_has_every_fact_of_its_centres_with_who_says_so(catalogue, monkeypatch):
    rows = select(catalogue, Filters(countries=("LT",))).rows
    ids = catalogue.table.column("centre_id").take(rows).to_pylist()
    read = {"sheet_name": None, "dtype": str, "engine": "openpyxl"}
    facts = pd.read_excel(io.BytesIO(centres_as_xlsx(catalogue, rows, t)), **read)["Facts"]
    assert list(facts.columns) == list(FACT_COLUMNS) and set(facts["centre_id"]) == set(ids)
    whole = [row for row in fact_rows(catalogue) if row[0] in ids]
    assert len(facts) == len(whole) and facts[["source", "address", "date"]].notna().any().all()
    assert list(facts["source_title"]) == [row[FACT_COLUMNS.index("source_title")] for row in whole]
    monkeypatch.setattr(tables, "MOST_FACTS", len(whole) - 1)
    book = pd.read_excel(io.BytesIO(centres_as_xlsx(catalogue, rows, t)), **read)
    assert "Facts" not in book and book["Notes"].iloc[:, 0].str.contains("are too many for this file").any()


def test_a_file_for_everybody_names_no_account(catalogue, tmp_path):
    centre_id = catalogue.table.column("centre_id")[0].as_py()
    said = Correction("website", "https://example.org/x", "", "Invented", "https://example.org", "2026", "")
    decide(tmp_path, [corrected(centre_id, said, "carla")])
    curated = load_catalogue(tmp_path)
    place = FACT_COLUMNS.index("entered_by")
    assert {row[place] for row in fact_rows(curated, [centre_id])} == {"", "curator"}
    assert "carla" in {row[place] for row in fact_rows(curated)}


def test_nothing_selected_is_a_table_with_a_head_only(catalogue):
    table = read_csv(centres_as_csv(catalogue, np.array([], dtype=np.intp), t))
    assert len(table) == 0 and "Name" in table.columns


def test_teaching_hospitals_are_said_in_both_files(catalogue):
    selection = select(catalogue, Filters(countries=("CH", "US")))
    table = read_csv(centres_as_csv(catalogue, selection.rows, t))
    assert (table["Teaching hospital"] == "yes").sum() == selection.facets.teaching["stated"] > 100
    assert set(table["Teaching hospital"]) == {"yes", ""}
