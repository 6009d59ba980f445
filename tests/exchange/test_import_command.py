"""The commands ``centres import``, ``imports``, ``undo-import`` and ``redo-import``, as they are typed."""

import csv
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from opinion.__main__ import main
from opinion.agency.stores import shared_store
from opinion.agency.tables import audit
from opinion.centres.imports.archive import read_imports

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "centres"))
from import_lists import faulty, grouped_heads_csv, merged_cells, tilde_cp1252

SOURCE = ("--title", "Invented", "--publisher", "Nobody", "--address", "https://example.org", "--licence", "CC0",
          "--date", "2026-10-01")  # fmt: skip


def run(*words):
    return main(["centres", *map(str, words)])


def test_a_dry_run_says_everything_and_changes_nothing(var, tmp_path, capsys):
    out, waits = tmp_path / "problems.csv", tmp_path / "waiting.csv"
    assert run("import", faulty(tmp_path), *SOURCE, "--dry-run", "--problems", out, "--waiting", waits) == 1
    said = capsys.readouterr()
    assert "dry run: nothing was imported" in said.out and "swapped" in said.out and "read as" in said.err
    assert "utf-8" in said.err and read_imports(var) == []
    with waits.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 21
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert {row["What it does"] for row in csv.DictReader(file)} == {"holds the row back", "only a note"}


def test_a_list_is_imported_found_undone_and_put_in_again(var, tmp_path, capsys):
    assert run("import", tilde_cp1252(tmp_path), *SOURCE, "--by", "Cora", "--save-recipe", "monthly") == 0
    (kept,) = read_imports(var)
    assert kept.about["entered_by"] == "Cora" and (var / "recipes" / "monthly.json").is_file()
    assert run("query", f"source={kept.about['source']['id']}") == 0
    assert "Klinik Übermut" in capsys.readouterr().out
    assert run("imports") == 0 and "2 centres" in capsys.readouterr().out
    assert run("undo-import", kept.id) == 0 and read_imports(var)[0].is_undone
    assert run("redo-import", kept.id) == 0 and not read_imports(var)[0].is_undone
    assert run("undo-import", "nothing") == 2 and "There is no import nothing" in capsys.readouterr().err


def test_rows_that_waited_go_in_with_the_choices_of_their_import(var, tmp_path, capsys):
    waits, rows = tmp_path / "waiting.csv", tmp_path / "rows.csv"
    assert run("import", faulty(tmp_path), *SOURCE, "--waiting", waits, "--rows", rows) == 1
    with rows.open(encoding="utf-8-sig", newline="") as file:
        assert [row["Row"] for row in csv.DictReader(file)] == [str(number) for number in range(1, 25)]
    text = waits.read_text("utf-8-sig").replace("Austrya", "Austria")
    waits.write_text(text, "utf-8-sig")
    capsys.readouterr()
    assert run("import", waits, "--dry-run") == 1
    said = capsys.readouterr()
    assert (
        "these rows waited in" in said.err and "imported           1" in said.out and "columns left out" not in said.out
    )


def test_a_recipe_is_used_and_what_is_given_goes_before_it(var, tmp_path, capsys):
    run("import", tilde_cp1252(tmp_path), *SOURCE, "--dry-run", "--save-recipe", "monthly")
    capsys.readouterr()
    assert run("import", tmp_path / "tilde.csv", "--recipe", "monthly", "--dry-run") == 2
    assert "Give the date of the list" in capsys.readouterr().err
    again = ("import", tmp_path / "tilde.csv", "--recipe", "monthly", "--date", "2026-11-01", "--dry-run")
    assert run(*again) == 0
    assert run(*again, "--column", "Betten=") == 0 and "columns left out: Betten" in capsys.readouterr().out


def test_rows_of_heads_are_found_or_given(var, tmp_path, capsys):
    run("import", grouped_heads_csv(tmp_path), *SOURCE, "--dry-run")
    assert "header_row 2, header_rows 2" in capsys.readouterr().err
    for given, beds in ((("--header-rows", 1), "Betten  "), (("--header-row", 3), "gesamt  "),
                        (("--header-row", 2, "--header-rows", 2), "Betten > gesamt  ")):  # fmt: skip
        run("import", tmp_path / "grouped.csv", *SOURCE, "--dry-run", *map(str, given))
        assert f"column     {beds}" in capsys.readouterr().err


def test_words_fields_and_places_are_given(var, tmp_path, capsys):
    choices = ("--value", "equipment:Time machine=", "--value", "countries:Austrya=AT", "--accept", "point_at_sea",
               "--country", "DE", "--column", "website=")  # fmt: skip
    run("import", faulty(tmp_path), *SOURCE, "--dry-run", *choices)
    said = capsys.readouterr().out
    assert "This country is not known" not in said and "left out, as the recipe says" in said
    assert "It was accepted." in said and "No land is near this point. [" not in said


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ((), "Say who made the list"),
        ((*SOURCE, "--column", "City=nothing"), "'nothing' is unknown"),
        ((*SOURCE, "--column", "City"), "write NAME=VALUE"),
        ((*SOURCE, "--value", "equipment:x=nothing"), "nothing' is unknown"),
        ((*SOURCE, "--sheet", "Nothing"), "There is no sheet “Nothing”"),
        ((*SOURCE, "--recipe", "nothing"), "There is no recipe “nothing”"),
        ((*SOURCE, "--delimiter", ";;"), "give one sign"),
        ((*SOURCE, "--country", "Austria"), "'Austria' is unknown"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(var, tmp_path, capsys, words, fault):
    assert run("import", merged_cells(tmp_path), *words) == 2
    assert fault in capsys.readouterr().err and read_imports(var) == []
    assert not list((var / "imports").glob(".making-*"))


OCTOBER = "id,name,city,country,beds,equipment\n1,Invented One,Wien,AT,100,MRI\n2,=Invented Two,Graz,AT,,\n"
NOVEMBER = "id,name,city,country,beds,equipment\n1,Invented One,Wien,AT,120,MRI (2)\n3,Invented Three,Linz,AT,,\n"


def test_next_months_list_comes_in_the_place_of_this_months(var, tmp_path, capsys):
    path, changes = tmp_path / "list.csv", tmp_path / "changes.csv"
    path.write_text(OCTOBER, "utf-8")
    assert run("import", path, *SOURCE, "--replace") == 2
    assert "leave --replace out" in capsys.readouterr().err and read_imports(var) == []
    assert run("import", path, *SOURCE) == 0
    (october,) = read_imports(var)
    path.write_text(NOVEMBER, "utf-8")
    assert run("import", path, *SOURCE, "--dry-run") == 1, "without --replace the centre waits"
    assert run("import", path, *SOURCE, "--replace", "--dry-run", "--changes", changes) == 0
    said = capsys.readouterr().out
    assert (
        f"in the place of: {october.id}" in said and "changed            1" in said and "gone               1" in said
    )
    with changes.open(encoding="utf-8-sig", newline="") as file:
        assert [row[:5] for row in list(csv.reader(file))[1:]] == [
            ["is not in the newer list", "'=Invented Two", "", "", ""],
            ["changes", "Invented One", "Beds", "100", "120"],
            ["changes", "Invented One", "Equipment", "MRI", "MRI ×2"],
            ["is new", "Invented Three", "", "", ""],
        ]
    assert [each.counts for each in read_imports(var)] == [True]
    assert run("import", path, *SOURCE, "--replace", "--by", "Cora") == 0
    assert [each.counts for each in read_imports(var)] == [True, False]
    newer = read_imports(var)[0].id
    assert run("undo-import", october.id) == 2 and "Undo that one first" in capsys.readouterr().err
    assert run("undo-import", newer, "--by", "Cora") == 0 and run("imports") == 0
    with shared_store().reading() as connection:
        lines = [tuple(row) for row in connection.execute(select(audit.c.actor, audit.c.action, audit.c.subject))]
    assert ("command:Cora", "import_replaced", newer) in lines and ("command:Cora", "import_undone", newer) in lines
