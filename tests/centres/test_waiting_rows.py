"""Rows that wait come in the form of the list, go back in with its choices, and are then no longer said to wait."""

import csv
import io
import json
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_lists import SOURCE, faulty, grouped_heads, grouped_heads_csv, json_lines, row_per_machine
from import_steps import T, draft_of, recipe_for, rows_of
from openpyxl import Workbook, load_workbook

from opinion.centres.catalogues import load_catalogue
from opinion.centres.imports import archive, fates
from opinion.centres.imports.columns import is_head
from opinion.centres.imports.drafts import make_draft
from opinion.centres.imports.layouts import propose_layout
from opinion.centres.imports.recipes import recipe_of
from opinion.centres.imports.rows import fitting_layout, open_rows
from opinion.centres.imports.waiting_rows import came_in_later, waiting_of
from opinion.exchange import waiting_files
from opinion.exchange.import_files import fate_rows, fates_as_csv, write_fates
from opinion.exchange.import_words import import_words
from opinion.exchange.waiting_files import waiting_file
from opinion.exchange.workbooks import _UNWRITABLE
from opinion.texts.translations import translator_for

LIST = '''Krankenhäuser;;;;
Kennung;Name;Ort;Land;Geräte
1;Klinik Übermut;Köln;Deutschland;MRT
2;"Spital ""Grünau""";Zürich;Schweyz;CT
3;=Spital;Wien;Österreich;Zeitmaschine
4;Haus, am See;Linz;Östereich;-3,5
'''


def semicolons(folder):
    (folder / "häuser.csv").write_bytes(LIST.encode("cp1252"))
    return folder / "häuser.csv"


def table(folder, name="list.parquet"):
    """A list as a spreadsheet or a Parquet file: the second and third row wait."""
    cells = {"Id": ["007", "8", "-9"], "Name": ["Invented One", "Two", "Three"],
             "Country": ["AT", "Austrya", "Germania"], "Beds": [120, 80, -3],
             "Latitude": [48.25, 47.5, 0.3]}  # fmt: skip
    if name.endswith(".parquet"):
        pq.write_table(pa.table(cells), folder / name)
    else:
        book = Workbook()
        book.active.append(["Hospital list 2026"])
        book.active.append(list(cells))
        for row in zip(*cells.values(), strict=True):
            book.active.append(row)
        book.save(folder / name)
    recipe = recipe_for(folder / name)
    return folder / name, {**recipe.columns, "Latitude": ""}


def given_again(file, folder, first, *corrections, numbers=None):
    """Return a draft of the rows that waited in an import, after corrections, with that import's choices."""
    path = folder / f"again{file.name[file.name.rindex('.') :]}"
    content = file.content(T, numbers)
    if path.suffix == ".xlsx":
        path.write_bytes(content)
        book = load_workbook(path)
        for row in book.active.iter_rows():
            for cell in row:
                for wrong, right in corrections:
                    cell.value = right if cell.value == wrong else cell.value
        book.save(path)
    else:
        text = content.decode(file.layout.encoding)
        for wrong, right in corrections:
            assert wrong in text
            text = text.replace(wrong, right)
        path.write_bytes(text.encode(file.layout.encoding))
    return drafted(path, first)


def drafted(path, first):
    recipe = recipe_of(first.about["recipe"])
    needed = [column for column, field in recipe.columns.items() if field]
    layout = fitting_layout(path, recipe.layout, propose_layout(path, is_head(import_words())).layout, needed)
    recipe = recipe_of(first.about["recipe"] | {"layout": vars(layout)})
    var = first.folder.parent.parent
    known = archive.taken_ids(load_catalogue(var, var.parent / "tables"), ())
    return make_draft(path, recipe, import_words(), var, known, "Cora", path.name)


def kept(draft, var, tables):
    return archive.keep(draft, var, tables)


def test_rows_of_a_list_with_semicolons_in_cp1252_come_back_so(tmp_path, var, tables):
    first = kept(draft_of(semicolons(tmp_path), var), var, tables)
    file = waiting_file(first.folder)
    assert (file.name, file.layout.encoding, file.layout.delimiter) == ("häuser waiting.csv", "cp1252", ";")
    text = file.content(T).decode("cp1252").splitlines()
    assert text[0] == f"Kennung;Name;Ort;Land;Geräte;Row of {first.id};Why it waits"
    assert text[1].startswith('2;"Spital ""Grünau""";Zürich;Schweyz;CT;4;') and text[2].startswith("3;'=Spital;Wien;")
    again = given_again(file, tmp_path, first, ("Schweyz", "Schweiz"), ("Zeitmaschine", "MRT"))
    assert {row["name"] for row in rows_of(again, "centres.csv")} == {'Spital "Grünau"', "=Spital"}
    assert again.unused == () and [row["waited_as"] for row in rows_of(again, "rows.csv")] == ["", "4", "5", "6"]


@pytest.mark.parametrize("name", ["list.xlsx", "list.parquet"])
def test_rows_of_a_table_come_back_as_a_spreadsheet_with_numbers_as_numbers(tmp_path, var, tables, name):
    path, columns = table(tmp_path, name)
    first = kept(draft_of(path, var, columns=columns), var, tables)
    file = waiting_file(first.folder)
    assert file.name == "list waiting.xlsx" and first.about["counts"]["waiting"] == 2
    sheet = load_workbook(io.BytesIO(file.content(T))).active
    assert [[cell.value for cell in row][:5] for row in sheet.iter_rows(min_row=2)] == [
        [8, "Two", "Austrya", 80, 47.5], [-9, "Three", "Germania", -3, 0.3],
    ]  # fmt: skip
    assert sheet.title == ("Sheet" if name == "list.xlsx" else "Rows")
    as_it_was = given_again(file, tmp_path, first)
    said, before = rows_of(as_it_was, "waiting.csv"), rows_of(first, "waiting.csv")
    assert [list(row.values())[1:] for row in said] == [list(row.values())[1:] for row in before]
    again = given_again(file, tmp_path, first, ("Austrya", "AT"), ("Germania", "DE"), (-3, 3))
    assert [row["name"] for row in rows_of(again, "centres.csv")] == ["Two", "Three"] and not again.counts["waiting"]


def test_rows_of_json_lines_and_very_many_of_a_sheet_come_as_csv(tmp_path, var, tables, monkeypatch):
    first = kept(draft_of(json_lines(tmp_path), var), var, tables)
    again = given_again(waiting_file(first.folder), tmp_path, first)
    assert again.counts["rows"] == first.about["counts"]["waiting"]
    monkeypatch.setattr(waiting_files, "MOST_IN_A_SHEET", 1)
    path, columns = table(tmp_path)
    first = kept(draft_of(path, var, columns=columns), var, tables)
    assert waiting_file(first.folder).name == "list waiting.csv"
    assert given_again(waiting_file(first.folder), tmp_path, first).counts["rows"] == 2


def test_a_letter_that_the_encoding_lacks_makes_the_file_unicode_and_it_is_read_so(tmp_path, var, tables, monkeypatch):
    first = kept(draft_of(semicolons(tmp_path), var), var, tables)
    file = waiting_file(first.folder)
    assert file.lacks_letters and not waiting_file(draft_of(json_lines(tmp_path), var).folder).lacks_letters

    monkeypatch.setattr(waiting_files, "reasons_of_rows", lambda rows, *_, **__: ((row, ["Почему"]) for row in rows))
    content = file.content(T)
    assert content.startswith(b"\xef\xbb\xbf") and content.decode("utf-8-sig").count("Почему") == 3
    (tmp_path / "again.csv").write_bytes(content.replace(b"Schweyz", b"CH"))
    again = drafted(tmp_path / "again.csv", first)
    assert [row["city"] for row in rows_of(again, "centres.csv")] == ["Zürich"]


def test_a_list_without_quotation_marks_or_heads_comes_back_and_is_read(tmp_path, var, tables):
    (tmp_path / "bare.csv").write_text('1,3.5" ward,Wien,AT,Nothing\n2,Two,Wien,AT,MRI\n', "utf-8")
    recipe = recipe_for(tmp_path / "bare.csv")
    layout = vars(recipe.layout) | {"quote": "", "header_row": 0}
    fields = ("id", "name", "city", "country", "equipment")
    columns = {f"Column {number}": field for number, field in enumerate(fields, start=1)}
    recipe = recipe_of({**vars(recipe), "layout": layout, "columns": columns, "source": vars(SOURCE)})
    first = kept(make_draft(tmp_path / "bare.csv", recipe, import_words(), var, frozenset(), "Cora"), var, tables)
    file = waiting_file(first.folder)
    assert file.content(T).decode("utf-8-sig").splitlines()[0].startswith("Column 1,Column 2,")
    again = given_again(file, tmp_path, first, ("Nothing", "MRI"))
    assert [row["name"] for row in rows_of(again, "centres.csv")] == ['3.5" ward'] and again.counts["rows"] == 1


@pytest.mark.parametrize("shape", [grouped_heads, grouped_heads_csv])
def test_rows_of_a_list_with_heads_in_two_rows_come_back_under_one(tmp_path, var, tables, shape):
    first = kept(draft_of(shape(tmp_path), var), var, tables)
    assert first.about["counts"]["waiting"] == 1
    again = given_again(waiting_file(first.folder), tmp_path, first, ("Eidgenossenland", "CH"))
    assert [row["name"] for row in rows_of(again, "centres.csv")] == ["Erfundenes Spital Zwei"]
    assert again.unused == ("Betten > davon IPS",), "every other column is found again under its one head"
    assert [row["waited_as"] for row in rows_of(again, "rows.csv")] == ["", "5"]


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=9), min_size=3,
                         max_size=3), min_size=1, max_size=5))  # fmt: skip
def test_any_cells_are_read_back_as_they_were(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("any")
    rows = [[" ".join(cell.split()).lstrip("'") for cell in row] for row in rows]
    with (folder / "waiting.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["row", "codes", "a", "b", "c"], *([n, "x", *row] for n, row in enumerate(rows))])
    problems = "row,column,code,value,detail\n" + "".join(f"{n},a,name_empty,,\n" for n in range(len(rows)))
    (folder / "problems.csv").write_text(problems, "utf-8")
    for layout in ({"kind": "csv", "encoding": "utf-8", "delimiter": ";"}, {"kind": "sheet", "sheet": "A"}):
        about = {"id": "20260101-000000-00000000", "file": "a.csv", "recipe": {"layout": layout}}
        (folder / "import.json").write_text(json.dumps(about | {"counts": {"waiting": len(rows)}}), "utf-8")
        file = waiting_file(folder)
        path = folder / file.name
        path.write_bytes(file.content(T))
        proposed = propose_layout(path, lambda _: False).layout
        back = list(open_rows(path, proposed if layout["kind"] == "sheet" else file.layout).rows)
        expected = [(str(n), row) for n, row in enumerate(rows)]
        if layout["kind"] == "sheet":
            expected = [(n, [_UNWRITABLE.sub("", cell) for cell in row]) for n, row in expected]
            assert [(row.waited_as, row.cells) for row in back] == expected
        else:
            assert [row.cells[:3] for row in back] == [row for _, row in expected]


# ---- what is done is said to be done


def test_rows_that_came_in_later_wait_no_more_where_they_waited(tmp_path, var, tables):
    first = kept(draft_of(faulty(tmp_path), var), var, tables)
    waited = first.about["counts"]["waiting"]
    assert waiting_of(first, archive.read_imports(var)).left == waited
    second = kept(given_again(waiting_file(first.folder), tmp_path, first, ("250000", "250"), ("Austrya", "AT")), var,
                  tables)  # fmt: skip
    imports = archive.read_imports(var)
    of_first, of_second = (waiting_of(each, imports) for each in (first, second))
    assert (of_first.left, of_second.left) == (0, waited - 2), "they wait where they were corrected last"
    assert [(each.id, came, again) for each, came, again in of_first.came_in] == [(second.id, 2, waited - 2)]
    text = waiting_file(second.folder).content(T).decode("utf-8-sig")
    assert f"Row of {first.id}" in text and text.count("Why it waits") == 1
    third = kept(given_again(waiting_file(second.folder), tmp_path, first, ("Time machine", "MRI")), var, tables)
    assert third.about["recipe"]["layout"]["waited_in"] == first.id
    imports = archive.read_imports(var)
    assert [waiting_of(each, imports).left for each in (first, second, third)] == [0, 0, waited - 3]
    assert [came for _, came, _ in waiting_of(first, imports).came_in] == [2, 1]
    archive.undo(third.id, var, tables)
    archive.undo(second.id, var, tables)
    assert waiting_of(first, archive.read_imports(var)).left == waited, "undone, they wait again"
    assert load_catalogue(var, tables).size


def test_rows_that_were_left_out_of_the_corrected_file_wait_on(tmp_path, var, tables):
    first = kept(draft_of(faulty(tmp_path), var), var, tables)
    kept(given_again(waiting_file(first.folder), tmp_path, first, ("Austrya", "AT"), numbers={"10", "16"}), var, tables)
    left = waiting_of(first, archive.read_imports(var))
    assert left.left == first.about["counts"]["waiting"] - 2 and not {"10", "16"} & left.numbers
    rows = csv.reader(io.StringIO(waiting_file(first.folder).content(T, left.numbers).decode("utf-8-sig")))
    assert {row[-2] for row in rows} - {f"Row of {first.id}"} == left.numbers


def test_of_a_row_that_came_in_later_is_said_with_which_import(tmp_path, var, tables):
    first = kept(draft_of(faulty(tmp_path), var), var, tables)
    later = given_again(waiting_file(first.folder), tmp_path, first, ("Austrya", "AT"), numbers={"10", "16"})
    second = kept(later, var, tables)
    came_in = came_in_later(first, archive.read_imports(var))
    ids = {row["waited_as"]: row["centre_id"] for row in rows_of(second, "rows.csv") if row["centre_id"]}
    assert came_in and {number: centre for number, (_, centre) in came_in.items()} == ids
    rows = {str(row[0]): row for row in fate_rows(first.folder, T, came_in)}
    for number, centre in ids.items():
        assert rows[number][1:3] == ["waited, and came in later", centre]
        assert rows[number][5].startswith(f"It came in with {second.about['file']} on ")
    assert {row[1] for number, row in rows.items() if number not in ids} >= {"a new centre", "waits for a correction"}
    archive.undo(second.id, var, tables)
    assert came_in_later(first, archive.read_imports(var)) == {}


# ---- what became of each row, as a file


def test_what_became_of_each_row_is_a_file_in_words(tmp_path, var):
    draft = draft_of(semicolons(tmp_path), var)
    rows = list(csv.reader(io.StringIO(fates_as_csv(draft.folder, T, "https://example.org").decode("utf-8-sig"))))
    assert [row[:2] for row in rows[1:]] == [
        ["1", "passed over: above the heads"], ["2", "the heads of the columns"], ["3", "a new centre"],
        ["4", "waits for a correction"], ["5", "waits for a correction"], ["6", "waits for a correction"],
    ]  # fmt: skip
    assert rows[3][3:5] == ["Klinik Übermut", "1"] and rows[5][3] == "'=Spital"
    assert rows[3][-1] == f"https://example.org/centre?id={rows[3][2]}" and rows[4][-1] == ""
    assert rows[4][5] == "Land: This country is not known." and rows[3][5] == ""


def test_rows_of_machines_come_in_order_however_many_are_sorted_at_once(tmp_path, var, monkeypatch):
    monkeypatch.setattr(fates, "_SORTED_AT_ONCE", 2)
    draft = draft_of(row_per_machine(tmp_path), var, is_pivoted=True)
    for name in ("rows.csv", "waiting.csv", "problems.csv"):
        numbers = [int(row["row"]) for row in rows_of(draft, name)]
        assert numbers == sorted(numbers) and numbers
    assert not list(draft.folder.glob("*.sorted"))
    waits = waiting_file(draft.folder).content(T).decode("utf-8-sig").splitlines()
    assert "another" not in waits[1] and "Row 6 of the same centre waits." in waits[1] and "not known" in waits[2]


def test_the_file_of_all_rows_is_written_in_bounded_memory(tmp_path, var):
    rows = (f"{number},Invented {number},{'AT' if number % 3 else 'XX'}" for number in range(20_000))
    (tmp_path / "many.csv").write_text("\n".join(["id,name,country", *rows]), "utf-8")
    draft = draft_of(tmp_path / "many.csv", var)
    with (tmp_path / "out.csv").open("wb") as out:
        tracemalloc.start()
        write_fates(out, draft.folder, translator_for("de"))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (tmp_path / "out.csv").stat().st_size > 1_000_000 and most < 500_000
