"""How a list is read: encodings, delimiters, heads, sheets; what is proposed for its columns."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_lists import (
    decimal_commas,
    faulty,
    grouped_heads,
    grouped_heads_csv,
    json_lines,
    merged_cells,
    ods,
    parquet,
    row_per_machine,
    russian,
    tilde_cp1252,
    turkish,
    utf16,
)
from invented import ROOT
from openpyxl import Workbook

from opinion.centres.imports.columns import is_head, propose_columns
from opinion.centres.imports.encodings import ENCODINGS, guess_encodings
from opinion.centres.imports.layouts import Layout, propose_layout
from opinion.centres.imports.recipes import is_field
from opinion.centres.imports.rows import first_rows, fitting_layout, open_rows
from opinion.errors import CatalogueError, ListError
from opinion.exchange.import_wordings import error_words
from opinion.exchange.import_words import import_words
from opinion.texts.extraction import extract_messages
from opinion.texts.translations import translator_for

TEXTS = {
    "cp1254": "Sağlık Bakanlığı Şişli Etfal Eğitim ve Araştırma Hastanesi;İstanbul;Göğüs hastalıkları",
    "koi8-r": "Городская больница;Санкт-Петербург;Онкология",
    "cp1251": "Городская больница;Санкт-Петербург;Онкология",
    "cp866": "Городская больница;Санкт-Петербург;Онкология",
    "cp1252": "Hôpital Saint-Étienne – CHU de l’Hérault;Béziers;Universitätsklinikum Köln",
    "mac_roman": "Universitätsklinikum Köln;Überörtliche Praxis Straße",
    "cp850": "Universitätsklinikum Köln;Überörtliche Praxis Straße",
    "cp1250": "Szpital Świętego Łukasza;Łódź;Nemocnice Třebíč;Žďár",
    "cp1253": "Γενικό Νοσοκομείο Αθηνών",
    "cp932": "東京医療センター;東京都;がんセンター",
    "euc_jp": "東京医療センター;東京都;がんセンター",
    "gb18030": "北京大学第一医院;北京市;肿瘤科",
    "cp949": "서울대학교병원;서울;종양내과",
    "utf-8": "Universitätsklinikum Köln",
    "utf-8-sig": "Plain",
    "utf-16": "Plain",
    "utf-16-le": "Plain text without a mark",
}


def proposal(path):
    return propose_layout(path, is_head(import_words()))


def read(path):
    layout = proposal(path).layout
    columns, rows = first_rows(path, layout, 100)
    return layout, columns, [row.cells for row in rows]


def fields_of(path):
    _, columns, rows = read(path)
    return {column: each.field for column, each in propose_columns(columns, rows, import_words()).items()}


@pytest.mark.parametrize("encoding", TEXTS)
def test_the_likeliest_encoding_is_the_right_one(encoding):
    guesses = guess_encodings((TEXTS[encoding] + "\nABC;1;2\n").encode(encoding))
    assert guesses[0].encoding == encoding
    assert {guess.encoding for guess in guesses} == set(ENCODINGS), "every other one may be chosen"


def test_capitals_do_not_mislead():
    assert guess_encodings("ГОРОДСКАЯ БОЛЬНИЦА;МОСКВА".encode("koi8-r"))[0].encoding == "koi8-r"
    assert guess_encodings("ГОРОДСКАЯ БОЛЬНИЦА;МОСКВА".encode("cp1251"))[0].encoding == "cp1251"


@given(st.binary(max_size=300))
def test_any_bytes_get_an_order_of_encodings(head):
    guesses = guess_encodings(head)
    assert sorted(guess.encoding for guess in guesses) == sorted(ENCODINGS)
    assert all(0 <= guess.confidence <= 1 for guess in guesses)


def test_a_letter_cut_at_the_end_of_the_sample_does_not_count():
    assert guess_encodings("Köln".encode()[:2])[0].encoding == "utf-8"


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (tilde_cp1252, Layout("csv", "cp1252", "~", '"', "", 2)),
        (turkish, Layout("csv", "cp1254", ";", '"', "", 1)),
        (russian, Layout("csv", "koi8-r", "\t", '"', "", 1)),
        (utf16, Layout("csv", "utf-16", ",", '"', "", 1)),
        (decimal_commas, Layout("csv", "utf-8-sig", ";", '"', "", 1)),
        (merged_cells, Layout("sheet", sheet="Hospitals", header_row=3)),
        (grouped_heads, Layout("sheet", sheet="Sheet", header_row=2, header_rows=2)),
        (grouped_heads_csv, Layout("csv", "utf-8", ";", header_row=2, header_rows=2)),
        (ods, Layout("sheet", sheet="Hoja1", header_row=1)),
        (parquet, Layout("parquet")),
        (json_lines, Layout("jsonl", "utf-8")),
        (faulty, Layout("csv", "utf-8", ",", '"', "", 1)),
    ],
)
def test_the_layout_is_proposed(tmp_path, shape, expected):
    assert proposal(shape(tmp_path)).layout == expected


def test_merged_cells_stand_in_each_row(tmp_path):
    _, columns, rows = read(merged_cells(tmp_path))
    assert columns == ("Country", "City", "Hospital name", "Beds", "MRI")
    assert [row[:2] for row in rows] == [["Austria", "Vienna"], ["Austria", "Vienna"], ["Austria", "Graz"]]
    assert [row[3] for row in rows] == ["120", "80", ""], "a whole number has no decimals"


def test_quotes_line_ends_and_decimal_commas(tmp_path):
    _, columns, rows = read(decimal_commas(tmp_path))
    assert columns == ("Nom", "Ville", "Pays", "Latitude", "Longitude", "Lits")
    assert rows[0][0] == 'Clinique "Inventée"; site A' and rows[1][0] == "Hôpital\nFictif"


def test_other_letters_come_out_right(tmp_path):
    assert read(turkish(tmp_path))[2][0][1] == "Uydurma Şişli Eğitim Hastanesi"
    assert read(russian(tmp_path))[2][0][1] == "Выдуманная городская больница"
    assert read(utf16(tmp_path))[2][0][0] == "架空病院"
    assert read(ods(tmp_path))[2] == [["Hospital Ficticio", "Málaga", "España", "310"]]


def test_lists_of_parquet_and_json_become_cells(tmp_path):
    _, columns, rows = read(parquet(tmp_path))
    assert dict(zip(columns, rows[0], strict=True))["equipment"] == "MRI; CT" and rows[1][3] == ""
    _, columns, rows = read(json_lines(tmp_path))
    assert columns == ("name", "city", "country", "equipment", "beds", "teaching")
    assert rows[1] == ["Invented Valley", "", "Portugal", "", "", "yes"]


def test_broken_rows_are_kept_and_said(tmp_path):
    path = faulty(tmp_path)
    short, long = list(open_rows(path, proposal(path).layout).rows)[-2:]
    assert short.faults == ("cells_missing",) and short.cells[:2] == ["21", "Too short"]
    assert long.faults == ("cells_too_many",) and long.cells[-1] == "more"


def test_a_guard_against_formulas_is_taken_away(tmp_path):
    (tmp_path / "a.csv").write_text("name,lon\n'=One,'-16.5\n'Tis,-3\n", "utf-8")
    _, rows = first_rows(tmp_path / "a.csv", Layout("csv", "utf-8", ","), 9)
    assert [row.cells for row in rows] == [["=One", "-16.5"], ["'Tis", "-3"]]


@pytest.mark.parametrize("name", ["list.docx", "missing.csv", "empty.csv", "broken.xlsx", "broken.parquet"])
def test_a_file_that_cannot_be_read_says_so(tmp_path, name):
    if name != "missing.csv":
        (tmp_path / name).write_bytes(b"" if name == "empty.csv" else b"no such thing")
    with pytest.raises(CatalogueError, match=name):
        layout = proposal(tmp_path / name).layout
        open_rows(tmp_path / name, layout)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF, not what its name says. Ask for the list as"),
        ("list.csv", b"PK\x03\x04 rest of a sheet", "is a spreadsheet .* ends in .xlsx"),
        ("list.xls", b"PK\x03\x04 rest of a sheet", "ends in .xlsx"),
        ("list.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "protected by a password.* Save it as XLSX without"),
        ("list.txt", b"PAR1 columns", "is a Parquet file.* ends in .parquet"),
        ("list.csv", b"\x1f\x8b\x08 packed", "is packed, .* Unpack it first"),
        ("list.csv", b"\x89PNG\r\n", "is a picture"),
        ("list.xls", b"\n<html><table><tr><td>Name</td></tr></table>", "is a web page. Open it with a spreadsheet"),
        ("list.csv", b"name;city\nOne\x00\x01;Wien\n" * 9, "is no text"),
        ("list.jsonl", b'[{"name": "One"}]', "is one JSON array. Write each object"),
    ],
)
def test_a_file_of_another_kind_than_its_name_says_what_it_is(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CatalogueError, match=said):
        proposal(tmp_path / name)


def test_a_sheet_without_cells_and_one_of_pictures_only_say_so(tmp_path):
    book = Workbook()
    book.save(tmp_path / "empty.xlsx")
    with pytest.raises(CatalogueError, match=r"holds no heads|no sheet with cells"):
        open_rows(tmp_path / "empty.xlsx", proposal(tmp_path / "empty.xlsx").layout)
    book.active.append(["name", "country"])
    book.create_chartsheet("Chart")
    book.save(tmp_path / "chart.xlsx")
    assert proposal(tmp_path / "chart.xlsx").sheets == ("Sheet",), "a sheet of a chart holds no cells"


def test_a_wrong_choice_says_so(tmp_path):
    with pytest.raises(CatalogueError, match="utf-99"):
        propose_layout(turkish(tmp_path), is_head(import_words()), "utf-99")
    with pytest.raises(CatalogueError, match="no sheet “Nothing”"):
        open_rows(merged_cells(tmp_path), Layout("sheet", sheet="Nothing"))
    with pytest.raises(CatalogueError, match="holds no heads"):
        open_rows(turkish(tmp_path), Layout("csv", "cp1254", ";", header_row=9))


def test_a_corrected_file_of_waiting_rows_is_read_though_the_recipe_is_for_another_form(tmp_path):
    kept = proposal(tilde_cp1252(tmp_path)).layout
    (tmp_path / "waiting.csv").write_text("Kennung,Name,Ort,Land\nA1,Klinik,Köln,DE\n", "utf-8-sig")
    proposed = proposal(tmp_path / "waiting.csv").layout
    assert fitting_layout(tmp_path / "waiting.csv", kept, proposed, ["Name", "Land"]) == proposed
    assert fitting_layout(tmp_path / "tilde.csv", kept, kept, ["Name", "Land"]) == kept


# ---- columns


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (merged_cells, ["country", "city", "name", "beds", "equipment:mri"]),
        (tilde_cp1252, ["id", "name", "city", "country", "beds", "equipment"]),
        (row_per_machine, ["name", "city", "country", "equipment", "count"]),
        (turkish, ["id", "name", "city", "country", "beds", "disease_areas", "teaching"]),
        (russian, ["id", "name", "city", "country", "beds", "equipment"]),
        (utf16, ["name", "city", "country", "beds", "disease_areas"]),
        (decimal_commas, ["name", "city", "country", "lat", "lon", "beds"]),
        (ods, ["name", "city", "country", "beds"]),
        (parquet, ["name", "city", "country", "beds", "equipment"]),
        (json_lines, ["name", "city", "country", "equipment", "beds", "teaching"]),
        (faulty, ["id", "name", "city", "country", "lat", "lon", "beds", "equipment", "website", "date"]),
    ],
)
def test_columns_are_proposed_by_their_heads(tmp_path, shape, expected):
    assert list(fields_of(shape(tmp_path)).values()) == expected


def test_columns_are_proposed_by_their_cells():
    rows = [
        ["Invented A", "48.20821", "16.37381", "Austria", "www.example.org", "CT; MRI"],
        ["Invented B", "47.07071", "15.43951", "Österreich", "https://example.org/b", "PET/CT"],
        ["Invented C", "47.26921", "11.40411", "AUT", "http://example.org/c", "MRT"],
    ]
    found = propose_columns(["q1", "q2", "q3", "q4", "q5", "q6"], rows, import_words())
    assert [each.field for each in found.values()] == ["", "lat", "lon", "country", "website", "equipment"]
    assert {each.why for each in found.values() if each.field} == {"cells"}


def test_machines_are_proposed_by_a_head_of_two_words_or_by_most_of_the_cells():
    rows = [["A", each] for each in ("CT 64", "Linac", "PET-CT", "Gamma camera", "Beam X", "MRI 3T", "Tomo Y")]
    for head, why in (("Machine type", "head"), ("Gerätetyp", "head"), ("Type de machine", "head"), ("Q7", "cells")):
        found = propose_columns(["Hospital", head], rows, import_words())[head]
        assert (found.field, found.why) == ("equipment", why)


def test_a_number_of_the_row_or_a_short_word_for_the_machine_is_no_id_of_the_centre():
    columns = ["Lfd. Nr.", "Spitalname", "Ort", "Kürzel"]
    rows = [[str(place), f"Spital {place // 2}", "Wien", ("CT", "MRT")[place % 2]] for place in range(8)]
    found = {column: each.field for column, each in propose_columns(columns, rows, import_words()).items()}
    assert list(found.values()) == ["", "name", "city", "equipment"]
    rows = [[str(place), f"Spital {place}", "Wien", ("CT", "MRT")[place % 2]] for place in range(8)]
    assert propose_columns(columns, rows, import_words())["Lfd. Nr."].field == "id"


@pytest.mark.parametrize("head", ["Klinikname", "Krankenhausname", "Nom de l’hôpital", "Name des Spitals"])
def test_names_have_heads_of_one_word_too(head):
    assert propose_columns([head], [["Invented"]], import_words())[head].field == "name"


def test_a_head_over_something_else_is_not_believed():
    rows = [["Mo-Fr 8-16"], ["Sa 9-12"], ["closed"]]
    assert propose_columns(["Service"], rows, import_words())["Service"].field == ""
    assert propose_columns(["Latitude"], [["north"], ["south"], ["west"]], import_words())["Latitude"].field == ""


@given(st.lists(st.text(max_size=12), min_size=1, max_size=5, unique=True), st.data())
def test_any_table_gets_a_proposal_with_each_field_once(columns, data):
    rows = data.draw(st.lists(st.lists(st.text(max_size=8), min_size=len(columns), max_size=len(columns)), max_size=4))
    fields = [each.field for each in propose_columns(columns, rows, import_words()).values() if each.field]
    assert all(map(is_field, fields))
    assert len({field for field in fields if field not in ("disease_areas", "equipment", "designations")}) == len(
        [field for field in fields if field not in ("disease_areas", "equipment", "designations")]
    )


# ---- what is wrong with a file is said in the person's language


def test_what_is_wrong_with_a_list_is_marked_for_translation(tmp_path):
    marked = extract_messages()
    source = "".join(path.read_text("utf-8") for path in (ROOT / "opinion" / "centres" / "imports").glob("*.py"))
    assert (
        source.count("ListError(") >= 20 and 'ListError(f"' not in source and "ListError(\n            f" not in source
    )
    (tmp_path / "list.csv").write_bytes(b"%PDF-1.7")
    with pytest.raises(ListError) as caught:
        proposal(tmp_path / "list.csv")
    assert caught.value.text in marked

    def german(text, **parts):
        return {
            "{file} is a PDF, not what its name says. Ask for the list as a spreadsheet or CSV.": "{file} ist PDF."
        }[text].format(**parts)

    assert error_words(caught.value, german) == "list.csv ist PDF."
    assert error_words(caught.value, german, "Häuser.csv") == "Häuser.csv ist PDF.", "as the person calls it"


def test_what_is_not_the_lists_fault_is_not_blamed_on_it():
    said = error_words(CatalogueError("/var/x.csv: the first line must read a,b."), translator_for("en"))
    assert said.startswith("This is not the list's fault.") and "/var/x.csv" in said


def test_a_damaged_table_says_so_after_its_first_rows(tmp_path):
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"name": [f"Invented {number}" for number in range(20_000)]}), path, compression="none",
                   use_dictionary=False)  # fmt: skip
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 2000] = b"\xff" * 2000
    content[4:40] = b"\xff" * 36
    path.write_bytes(bytes(content))
    with pytest.raises(ListError, match="damaged"):
        list(open_rows(path, Layout("parquet")).rows)
