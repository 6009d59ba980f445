"""The page Import, without a browser: from a file to the catalogue and back, by curators only."""

import json
import sys
from pathlib import Path

import pytest
import streamlit as st
from opening import open_page

from opinion.agency import audits
from opinion.agency.stores import shared_store
from opinion.centres.imports import archive, drafts
from opinion.centres.imports.recipes import recipe_names
from opinion.centres.shared import shared_catalogue
from opinion.exchange.waiting_files import waiting_file
from opinion.texts.translations import translator_for
from opinion.ui import import_view
from opinion.ui.browsing_words import plain

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "centres"))
from import_lists import grouped_heads, merged_cells, tilde_cp1252

T = translator_for("en")
LIST = """id;name;city;country;beds;equipment
1;Invented One;Wien;Austria;120;CT; MRI
2;Invented Two;Graz;Austrya;80;CT
3;Invented Three;Linz;AT;n/a;Time machine
"""


@pytest.fixture
def var(var, work_as):
    """A folder of packed files of this test's own, and a curator who is signed in."""
    work_as("curator")
    return var


def said(app):
    parts = (app.markdown, app.info, app.warning, app.error, app.success, app.title, app.subheader, app.caption)
    return "\n".join(element.value for part in parts for element in part)


def upload(name, content):
    app = open_page("import_centres")
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


def box(app, label):
    return next(each for each in app.selectbox if each.label == label)


def field(app, label):
    return next(each for each in app.text_input if each.label == label)


def fill(app):
    for label, text in (("Title of the list", "Invented list"), ("Publisher", "Nobody"),
                        ("Address on the web", "https://example.org/list"), ("Licence", "CC0")):  # fmt: skip
        field(app, label).set_value(text)
    app.date_input[0].set_value("2026-10-01")
    app.run()
    return app


def check(app):
    app.button(key="import_check").click().run()
    assert not app.exception
    return app


@pytest.fixture
def checked(var):
    text = LIST.replace("CT; MRI", '"CT; MRI"')
    return check(fill(upload("list.csv", text.encode())))


def problems(app):
    return next(frame.value for frame in app.dataframe if "What is wrong" in frame.value)


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


def trail(id_):
    return audits.lines_of(shared_store(), id_)


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


NEWER = """id;name;city;country;beds;equipment
1;Invented One;Wien;Austria;130;"CT; MRI"
4;Invented Four;Linz;AT;n/a;CT
"""


def keep(app):
    app.button(key="import_keep").click().run()
    assert not app.exception
    return app


def next_file(app, name, content):
    """Give another file to a page that has imported one."""
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


@pytest.fixture
def imported(checked, var):
    keep(checked)
    return checked


def test_next_months_list_takes_the_place_of_this_months_and_says_before_what_changes(imported, var):
    size = shared_catalogue().size
    (first,) = archive.read_imports(var)
    app = next_file(imported, "newer.csv", NEWER.encode())
    box(app, "Recipe").set_value(f"import:{first.id}").run()
    assert "Give the date of the list" in said(app), "another list is of another day"
    app.date_input[0].set_value("2026-11-01").run()
    assert "From this source there is in the catalogue: list\\.csv" in said(app) and app.radio[0].index == 0
    check(app)
    assert "Rows: **2**. Good: **2**. Waiting: **0**. Centres: **2**. Facts: **4**." in said(app)
    assert "Is this the newer one?" not in said(app)
    assert "Centres: **1** new, **1** changed, **0** no more there, **0** as before." in said(app)
    changes = next(frame.value for frame in app.dataframe if "What happens" in frame.value)
    assert list(changes["After"]) == ["130", ""] and list(changes["What happens"]) == ["changes", "is new"]
    assert app.button(key="import_keep").label == "Replace the older list, with the good rows: 2"
    assert shared_catalogue().size == size
    keep(app)
    assert shared_catalogue().size == size + 1 and "in the place of the older list. Centres: 2. Facts: 4." in said(app)
    newer, older = archive.read_imports(var)
    assert older.replaced_by == newer.id and "undo the newer list first" in said(app)
    assert [line[2] for line in trail(newer.id)] == ["import_replaced"]
    app.button(key=f"import_undo_{newer.id}").click().run()
    assert shared_catalogue().size == size and [each.counts for each in archive.read_imports(var)] == [False, True]
    assert "Counts again: list\\.csv of " in said(app) and "with centres 1, facts 3." in said(app)


def test_a_list_with_the_heads_of_an_older_one_comes_with_its_choices(imported, var):
    app = next_file(imported, "newer.csv", NEWER.encode())
    assert "The heads are those of" in said(app) and field(app, "Publisher").value == "Nobody"
    assert box(app, "Recipe").value == f"import:{archive.read_imports(var)[0].id}" and app.date_input[0].value is None
    app = next_file(app, "other.csv", b"name;city;country\nOne;Wien;AT\n")
    assert "The heads are those of" not in said(app) and box(app, "Recipe").value is None


def test_a_file_imported_twice_on_a_day_keeps_what_is_written_over_its_choices(imported, var):
    app = keep(check(fill(next_file(imported, "list.csv", NEWER.encode()))))
    newest, _ = archive.read_imports(var)
    app = next_file(app, "list.csv", LIST.encode())
    field(app, "Title of the list").set_value("Another title").run()
    assert box(app, "Recipe").value == f"import:{newest.id}"
    assert field(app, "Title of the list").value == "Another title"


def test_an_undone_list_in_whose_place_a_newer_one_came_is_not_offered_again(imported, var):
    (first,) = archive.read_imports(var)
    app = next_file(imported, "newer.csv", NEWER.encode())
    app.date_input[0].set_value("2026-11-01").run()
    keep(check(app))
    newer = archive.read_imports(var)[0]
    for step, id_ in ((archive.undo, newer.id), (archive.undo, first.id), (archive.redo, newer.id)):
        step(id_, var)
    app = open_page("import_centres")
    assert "To put it in again, undo the newer list first." in said(app) and "To take it back" not in said(app)
    keys = [button.key for button in app.button]
    assert f"import_redo_{first.id}" not in keys and f"import_undo_{newer.id}" in keys


def test_rows_that_waited_are_corrected_and_imported_with_the_same_choices(imported, var):
    size = shared_catalogue().size
    (first,) = archive.read_imports(var)
    text = waiting_file(first.folder).content(T).decode("utf-8-sig").replace("Austrya", "AT")
    app = next_file(imported, "waiting.csv", text.encode("utf-8-sig"))
    assert "These rows waited when **list\\.csv** was imported." in said(app)
    assert not any("Why it waits" in each.label for each in app.selectbox), "our own columns are no choice"
    assert box(app, "Recipe").value == f"import:{first.id}" and app.radio[0].index == 1, "these are more rows"
    assert not app.button(key="import_check").disabled, "title, licence and day are those of the list"
    check(app)
    assert "Good: **1**. Waiting: **1**." in said(app) and "What the newer list changes" not in said(app)
    keep(app)
    assert shared_catalogue().size == size + 1 and all(each.counts for each in archive.read_imports(var))
    assert "Rows that wait: 0.  \nOf 2 rows that waited, with the import of " in said(app)
    assert "came in 1, wait there 1." in said(app) and app.get("download_button")
    assert not any(f"import_waiting_{first.id}" in str(each.proto) for each in app.get("download_button"))


def test_what_becomes_of_each_row_is_said_before_and_after(checked, var):
    checked.session_state["fold_import_fates"] = True
    checked.run()
    rows = next(frame.value for frame in checked.dataframe if "What became of it" in frame.value)
    assert list(rows["Row"]) == [1, 2, 3, 4] and list(rows["What became of it"])[1:3] == [
        "a new centre", "waits for a correction",
    ]  # fmt: skip
    assert "Page" not in rows
    keep(checked)
    (kept,) = archive.read_imports(var)
    checked.session_state[f"fold_import_fates_{kept.id}"] = True
    checked.run()
    rows = next(frame.value for frame in checked.dataframe if "What became of it" in frame.value)
    assert rows["Page"][1] == f"/centre?id={rows['Id of the centre'][1]}" and not checked.exception


def test_pairs_that_look_alike_are_named_before_and_one_click_away_after(var):
    app = check(fill(upload("list.csv", "name;city;country\nUniversitätsspital Zürich;Zürich;CH\n".encode())))
    assert "1 centre of the list looks like one that is there already." in said(app)
    app.session_state["fold_import_pairs"] = True
    app.run()
    pairs = next(frame.value for frame in app.dataframe if "Looks like" in frame.value)
    assert pairs["Looks like"][0].startswith("Universit") and pairs["Row"][0] == 2 and "Why" in pairs
    keep(app)
    (kept,) = archive.read_imports(var)
    app.button(key=f"import_pairs_{kept.id}").click().run()
    assert not app.exception and app.title[0].value == "Doubles"
    assert app.query_params["source"] in (kept.about["source"]["id"], [kept.about["source"]["id"]])
    app = open_page("import_centres")
    assert app.button(key=f"import_pairs_{kept.id}").label == "Look at the pairs that look alike", "of an earlier one"


def test_the_centres_of_an_import_are_one_click_away(imported, var):
    (kept,) = archive.read_imports(var)
    app = imported.button(key=f"import_see_{kept.id}").click().run()
    assert not app.exception and app.title[0].value == "Centres"
    assert app.query_params["source"] in (kept.about["source"]["id"], [kept.about["source"]["id"]])
    assert "**1 centre**, listed by “Invented list”." in said(app)


def test_an_import_without_choices_is_shown_and_can_be_undone(imported, var):
    """As a release of a register, or one that somebody put there by hand."""
    (kept,) = archive.read_imports(var)
    about = json.loads((kept.folder / "import.json").read_text("utf-8"))
    del about["recipe"]
    (kept.folder / "import.json").write_text(json.dumps(about | {"entered_by": "", "created": "2026-11"}), "utf-8")
    kept.folder.rename(kept.folder.with_name("by-hand"))
    app = next_file(imported, "list.csv", LIST.encode())
    assert "In the catalogue" in said(app) and not any(each.label == "Recipe" for each in app.selectbox)
    app.button(key="import_undo_by-hand").click().run()
    assert not app.exception and [each.is_undone for each in archive.read_imports(var)] == [True]


def test_another_answer_about_the_list_needs_another_check(imported):
    app = next_file(imported, "newer.csv", NEWER.encode())
    fill(app)
    check(app)
    app.date_input[0].set_value("2026-09-30").run()
    assert "This list is of 2026-09-30, and the one that is there is of 2026-10-01." in said(app)
    app.date_input[0].set_value("2026-10-01").run()
    app.radio[0].set_value(False).run()
    assert "Something was changed after the check." in said(app)
    check(app)
    assert problems(app)["What is wrong"].iloc[0].startswith("The centre is in the catalogue already")


def test_a_list_that_lacks_most_centres_is_doubted(imported):
    app = check(fill(next_file(imported, "other.csv", b"id;name;city;country\n9;Invented Nine;Linz;AT\n")))
    assert "Is it the whole list?" in said(app)


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
