"""A register's next release by the page Facts to check: checked, put in, taken back; nothing changes on a bad file."""

import sys
from pathlib import Path

import pytest
from opening import open_page
from sqlalchemy import select

from opinion.agency.stores import shared_store
from opinion.agency.tables import audit
from opinion.centres.imports.archive import read_imports
from opinion.centres.inputs import IMPORTS
from opinion.centres.shared import shared_catalogue

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "centres"))
from register_steps import sample

AARAU = "bag:AG:000"
HEAD = "JAHR,KT,Inst,Ort,Typ,Akt,WB,SA,BettenStatA,BettenStatP,BettenStatR,BettenStatB"
ROW = '2031,AG,Kantonsspital Aarau AG,5001 Aarau,K112,A,Arzt,"CT, MRI, CC",500.4,,,'


@pytest.fixture
def var(var, work_as):
    """A folder of packed files of this test's own, and a curator who is signed in."""
    work_as("curator")
    return var


def said(app):
    parts = (app.markdown, app.info, app.warning, app.error, app.success, app.caption)
    return "\n".join(element.value.replace("\\", "") for part in parts for element in part)


def give(register, *files):
    app = open_page("fact_queue")
    app.query_params["list"], app.query_params["source"] = "overdue", register
    app.run()
    app.file_uploader[0].set_value([(name, content, "text/csv") for name, content in files]).run()
    assert not app.exception
    return app


def check(app):
    app.button(key="release_check").click().run()
    assert not app.exception
    return app


def beds():
    return {fact.value for fact in shared_catalogue().facts(AARAU) if fact.field == "beds"}


def left_behind(var):
    return [path for path in (var / IMPORTS).iterdir() if path.is_dir()] if (var / IMPORTS).is_dir() else []


def test_a_release_is_checked_put_in_and_taken_back(var):
    before = beds()
    app = check(give("bag_ch", ("key_figures_2031.csv", f"{HEAD}\n{ROW}\n".encode())))
    text = said(app)
    assert "Read from the files: centres **1**" in text and "What the newer list changes" in text
    assert "0 new, 1 changed, 247 no more there" in text.replace("*", "")
    assert beds() == before, "nothing changes by checking"
    assert "of what the register stated before is not in the files" in app.checkbox[0].label
    assert app.button(key="release_keep").disabled, "somebody has to say that the file is whole"
    app.checkbox[0].check().run()
    app.button(key="release_keep").click().run()
    assert not app.exception and "It is in the catalogue now, for everyone" in said(app)
    assert beds() == {"500"} and app.file_uploader, "another file can be given"
    (one,) = read_imports(var)
    assert one.counts and one.about["replaces"] == "bag_ch"
    app.button(key="release_undo").click().run()
    assert not app.exception and beds() == before and not read_imports(var)[0].counts
    with shared_store().reading() as connection:
        lines = list(connection.execute(select(audit.c.action, audit.c.subject).order_by(audit.c.id)))
    assert [tuple(line) for line in lines][-2:] == [("import_made", one.id), ("import_undone", one.id)]
    assert [path.name for path in left_behind(var)] == [f"{one.id}.undone"], "no file of it is left"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("a.csv", b"name;beds\nInvented;3\n")], "has no column"),
        ([("a.csv", b"%PDF-1.4 and so on")], "is a PDF"),
        ([("a.csv", f"{HEAD}\n".encode())], "does not say of which day"),
        ([("a.csv", b"x"), ("a.csv", b"y")], "Two files have one name."),
    ],
)
def test_a_bad_file_changes_nothing_and_says_why(var, files, words):
    before = beds()
    app = check(give("bag_ch", *files))
    assert words in said(app), said(app)
    assert beds() == before and not left_behind(var)
    assert not [button for button in app.button if button.key == "release_keep"]


def test_a_file_that_does_not_say_its_day_is_asked_for_it(var):
    app = give("es_cnh_2020", *((path.name, path.read_bytes()) for path in sample("es_cnh_2020")))
    assert "does not say of which day it is" in said(check(app))
    app.text_input[-1].set_value("2031").run()
    text = said(check(app))
    assert "Read from the files" in text
    app.text_input[-1].set_value("2032").run()
    assert "Check the files again." in said(app) and not left_behind(var)[1:], "one draft at most"


def test_nobody_else_can_give_one(var, work_as):
    app = check(give("bag_ch", ("key_figures_2031.csv", f"{HEAD}\n{ROW}\n".encode())))
    app.checkbox[0].check().run()
    work_as("coordinator")
    app.button(key="release_keep").click().run()
    assert app.title[0].value == "This page is not for your account" and not read_imports(var)
