"""The page Import after an import: next month's list, rows that waited, what became of each, and the way back."""

import json

import pytest
from importing import LIST, box, check, checked_list, field, fill, keep, next_file, problems, said, trail, upload
from opening import open_page

from opinion.centres.imports import archive
from opinion.centres.shared import shared_catalogue
from opinion.exchange.waiting_files import waiting_file
from opinion.texts.translations import translator_for

T = translator_for("en")
NEWER = """id;name;city;country;beds;equipment
1;Invented One;Wien;Austria;130;"CT; MRI"
4;Invented Four;Linz;AT;n/a;CT
"""


@pytest.fixture
def var(var, work_as):
    """A folder of packed files of this test's own, and a curator who is signed in."""
    work_as("curator")
    return var


@pytest.fixture
def checked(var):
    return checked_list()


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
