"""The page Import, without a browser: from a file to the catalogue and back, by curators only."""

import json
import sys
from pathlib import Path

import pytest
import streamlit as st
from importing import LIST, box, check, checked_list, field, fill, keep, problems, said, trail, upload

from opinion.centres.imports import archive, drafts
from opinion.centres.imports.recipes import recipe_names
from opinion.centres.shared import shared_catalogue
from opinion.texts.translations import translator_for
from opinion.ui import import_view
from opinion.ui.browsing_words import plain

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "centres"))
from import_lists import grouped_heads, merged_cells, tilde_cp1252

T = translator_for("en")


@pytest.fixture
def var(var, work_as):
    """A folder of packed files of this test's own, and a curator who is signed in."""
    work_as("curator")
    return var


@pytest.fixture
def checked(var):
    return checked_list()


def test_what_is_missing_is_said_before_the_file_is_checked(var):
    app = upload("list.csv", LIST.encode())
    assert "Say who made the list" in said(app) and app.button(key="import_check").disabled
    fill(app)
    assert "Say who made the list" not in said(app) and not app.button(key="import_check").disabled
    box(app, "name").set_value("").run()
    assert "Choose the column with the name." in said(app)


def test_a_file_is_checked_and_nothing_is_imported_yet(checked, var):
    assert "Rows: **3**. Good: **1**. Waiting: **2**." in said(checked)
    assert list(problems(checked)["Value"]) == ["Austrya", "Time machine"]
    assert archive.read_imports(var) == [] and "Nothing was imported yet." in said(checked)


def test_what_lets_rows_in_that_wait_is_said_above_the_problems(var):
    lines = ["Hospital;City;Country;Apparat A;Installed"]
    lines += [f"Invented {place // 3};Wien;AT;Beam {place};2020" for place in range(6)]
    app = fill(upload("machines.csv", "\n".join(lines).encode()))
    tick = "One row is one machine: put the rows of a centre together"
    assert not next(each for each in app.checkbox if each.label == tick).value
    box(app, "Apparat A").set_value("equipment").run()
    assert next(each for each in app.checkbox if each.label == tick).value, "a machine chosen by hand proposes it too"
    next(each for each in app.checkbox if each.label == tick).uncheck().run()
    check(app)
    assert "Rows that wait because their centre stands in a row before: 4." in said(app)
    assert "Rows that wait because of unknown words: 6. Words: 6. Say below what they mean." in said(app)
    next(each for each in app.checkbox if each.label == tick).check().run()
    check(app)
    assert "stands in a row before" not in said(app)


def test_words_are_explained_and_the_file_is_checked_again_at_once(checked):
    box(checked, "Austrya (1)").set_value("AT")
    box(checked, "Time machine (1)").set_value("").run()
    checked.button(key="import_again").click().run()
    assert "Good: **3**. Waiting: **0**." in said(checked) and not checked.exception
    assert list(problems(checked)["What it does"]) == ["only a note"]


def test_check_the_file_takes_what_was_said_below_too(checked):
    box(checked, "Austrya (1)").set_value("AT")
    box(checked, "Time machine (1)").set_value("").run()
    check(checked)
    assert "Good: **3**. Waiting: **0**." in said(checked)


def test_rows_taken_from_a_check_are_known_after_another_check_of_the_file(checked, var):
    before = checked.session_state["import_checked"].draft.folder.name
    box(checked, "Austrya (1)").set_value("AT").run()
    checked.button(key="import_again").click().run()
    keep(checked)
    assert [each.id for each in archive.read_imports(var)] == [before]


def test_good_rows_are_imported_and_undone(checked, var):
    size = shared_catalogue().size
    checked.button(key="import_keep").click().run()
    assert not checked.exception and "It is in the catalogue now, for everyone. Centres: 1. Facts: 3." in said(checked)
    assert shared_catalogue().size == size + 1
    (kept,) = archive.read_imports(var)
    assert kept.about["file"] == "list.csv" and kept.about["entered_by"].startswith("worker")
    assert [button.key for button in checked.button if "undo" in button.key] == [f"import_undo_{kept.id}"]
    checked.button(key=f"import_undo_{kept.id}").click().run()
    assert shared_catalogue().size == size and archive.read_imports(var)[0].is_undone and not checked.exception
    assert "It is undone. No longer counted: centres 1, facts 3. Nothing of it is lost" in said(checked)
    checked.button(key=f"import_redo_{kept.id}").click().run()
    assert shared_catalogue().size == size + 1 and not checked.exception
    assert "It is in the catalogue now, for everyone. Centres: 1. Facts: 3." in said(checked)
    assert [line[2] for line in trail(kept.id)] == ["import_made", "import_undone", "import_redone"]
    assert {line[1] for line in trail(kept.id)} == {f"account:{kept.about['entered_by']}"}


def test_other_choices_need_another_check(checked):
    box(checked, "beds").set_value("").run()
    assert "Something was changed after the check." in said(checked)
    assert not any(button.key == "import_keep" for button in checked.button)
    assert "Columns left out: beds" in said(check(checked))


def test_a_recipe_is_kept_and_used(checked, var):
    box(checked, "beds").set_value("").run()
    check(checked)
    field(checked, "Keep these choices as a recipe").set_value("Monthly").run()
    checked.button(key="import_keep_recipe").click().run()
    assert "The recipe is kept." in said(checked)
    assert json.loads((var / "recipes" / "Monthly.json").read_text())["columns"]["beds"] == ""
    app = upload("next.csv", LIST.encode())
    box(app, "Recipe").set_value("recipe:Monthly").run()
    assert field(app, "Publisher").value == "Nobody" and box(app, "beds").value == "" and not app.exception
    assert "Give the date of the list" in said(app), "each list has its own"


def test_recipes_are_listed_with_the_imports_that_used_them_renamed_deleted_and_brought_back(checked, var):
    field(checked, "Keep these choices as a recipe").set_value("Monthly").run()
    checked.button(key="import_keep_recipe").click().run()
    keep(checked)
    checked.session_state["fold_import_recipes"] = True
    checked.run()
    box(checked, "A recipe that is kept").set_value("Monthly").run()
    lines = said(checked).replace("\\", "")
    assert "- Used by: " in lines and "- For: Invented list, Nobody." in lines
    field(checked, "Another name").set_value("Häuser")
    checked.button(key="import_recipe_rename").click().run()
    assert "The recipe is called “Häuser” now." in said(checked) and recipe_names(var / "recipes") == ["Häuser"]
    box(checked, "A recipe that is kept").set_value("Häuser").run()
    lines = said(checked).replace("\\", "")
    assert "- Formerly: Monthly." in lines and "- Used by: " in lines
    checked.button(key="import_recipe_delete").click().run()
    assert "is deleted. You can bring it back below." in said(checked) and recipe_names(var / "recipes") == []
    box(checked, "Deleted, or replaced by a later one").set_value("Häuser").run()
    checked.button(key="import_recipe_restore").click().run()
    assert recipe_names(var / "recipes") == ["Häuser"] and not checked.exception


def test_the_encoding_and_the_sheet_are_proposed_and_can_be_changed(var, tmp_path):
    app = upload("tilde.csv", tilde_cp1252(tmp_path).read_bytes())
    assert box(app, "Encoding").value == "cp1252" and app.number_input[0].value == 2
    assert app.dataframe[0].value["Name"][0] == "Klinik Übermut"
    box(app, "Encoding").set_value("koi8-r").run()
    assert app.dataframe[0].value["Name"][0] != "Klinik Übermut" and not app.exception
    app = upload("merged.xlsx", merged_cells(tmp_path).read_bytes())
    assert box(app, "Sheet").value == "Hospitals" and list(app.dataframe[0].value["Country"]) == ["Austria"] * 3


def test_rows_of_heads_are_proposed_and_can_be_changed(var, tmp_path):
    app = upload("grouped.xlsx", grouped_heads(tmp_path).read_bytes())
    first, count = app.number_input
    assert (first.value, count.value) == (2, 2) and box(app, plain("Betten > gesamt")).value == "beds"
    count.set_value(1).run()
    assert {each.label for each in app.selectbox} >= set(map(plain, ("Betten", "Betten (2)", "Geräte (3)")))
    first, _ = app.number_input
    first.set_value(0).run()
    assert app.number_input[1].disabled and box(app, "Column 4").value == ""


def test_a_file_that_cannot_be_read_is_said(var):
    app = upload("mine.xlsx", b"no spreadsheet")
    assert "mine\\.xlsx" in said(app) and "list\\.xlsx" not in said(app), "by the name that the person gave"
    assert "The file cannot be read so" in said(app) and not app.exception


def test_nothing_is_done_by_who_lost_the_role(checked, var, work_as):
    work_as("coordinator")
    checked.button(key="import_keep").click().run()
    assert checked.title[0].value == "This page is not for your account" and archive.read_imports(var) == []


def test_a_column_named_like_a_link_is_shown_letter_by_letter(var):
    app = upload("list.csv", b"name;country;[x](https://example.org)\nInvented;AT;1\n")
    assert any(each.label.startswith("\\[x\\]\\(https") for each in app.selectbox)


def stop_in(monkeypatch, where, name):
    """Have the script end as a click ends it, at the first word that the work says of how far it is."""
    real = getattr(where, name)

    def stopping(*given, **named):
        def show(rows, share):
            st.rerun()

        given = [show if callable(each) and not isinstance(each, type) else each for each in given]
        return real(*given, **(named | ({"progress": show} if "progress" in named else {})))

    monkeypatch.setattr(where, name, stopping)
    return lambda: monkeypatch.setattr(where, name, real)


@pytest.mark.parametrize("step", ["check", "keep"])
def test_work_that_is_stopped_leaves_nothing_and_says_so(checked, var, monkeypatch, step):
    size = shared_catalogue().size
    monkeypatch.setattr(drafts, "_PROGRESS_ROWS", 1)
    where, name = (import_view, "make_draft") if step == "check" else (archive, "keep")
    go_on = stop_in(monkeypatch, where, name)
    before = sorted(path.name for path in (var / "imports").iterdir())
    checked.button(key=f"import_{step}").click().run()
    assert "It was stopped. Nothing was changed." in said(checked) and not checked.exception
    assert archive.read_imports(var) == [] and shared_catalogue().size == size
    after = sorted(path.name for path in (var / "imports").iterdir() if path.name != ".lock")
    assert len(after) == (1 if step == "check" else 2), "the file that is held, and the draft that can still be kept"
    assert set(after) <= set(before)
    go_on()
    if step == "check":
        check(checked)
    keep(checked)
    assert shared_catalogue().size == size + 1 and len(archive.read_imports(var)) == 1


def test_a_click_after_the_work_was_done_is_no_lie(checked, var, monkeypatch):
    real = import_view.record

    def late(*given):
        real(*given)
        monkeypatch.setattr(import_view, "record", real)
        st.rerun()

    monkeypatch.setattr(import_view, "record", late)
    checked.button(key="import_keep").click().run()
    assert "stopped" not in said(checked) and "It is in the catalogue now" in said(checked)
    assert len(archive.read_imports(var)) == 1
