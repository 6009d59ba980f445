"""The page of a centre for a curator, without a browser: corrections, facts set aside, the way back."""

from dataclasses import replace
from datetime import date

import pytest
from opening import open_app
from sqlalchemy import select

from opinion.agency.stores import shared_store
from opinion.agency.tables import audit
from opinion.centres import staleness
from opinion.centres.decisions import CORRECTIONS, read_revisions
from opinion.centres.fact_database import Fact
from opinion.centres.inputs import DECISIONS, inputs_in
from opinion.centres.shared import shared_catalogue
from opinion.texts.translations import translator_for
from opinion.ui.centre_history import _source
from opinion.ui.doubles_words import centre_words

T = translator_for("en")
CENTRE = "es:280029"  # two catalogues state its beds: 901 in 2020, 886 in 2025
GOOD = {"value": "880", "source": "Invented report", "address": "https://example.org/report", "date": "2026-03"}


def open_centre(centre_id=CENTRE, correct="beds"):
    app = open_app()
    app.query_params["id"] = centre_id
    app.query_params["correct"] = correct
    app.switch_page("../../pages/centre.py").run()
    assert not app.exception
    return app


def decided(var):
    """Return what was decided here, without what the repository brings."""
    return read_revisions([var / DECISIONS] if (var / DECISIONS).is_file() else [])


def said(app):
    parts = (app.markdown, app.error, app.success, app.subheader, app.caption)
    labels = "\n".join(each.label for each in app.expander)
    return labels + "\n" + "\n".join(element.value.replace("\\", "") for part in parts for element in part)


def key_of(field, part="", turn=0):
    return f"correction_{CENTRE}_{turn}_{field}_{part}"


def choose(app, field):
    app.selectbox(key=f"correction_field_{CENTRE}_0").set_value(field).run()
    return app


def fill(app, field, **given):
    for part, text in given.items():
        app.text_input(key=key_of(field, part)).set_value(text)
    look = next(button for button in app.button if button.label == "Look at it first")
    look.click().run()
    assert not app.exception
    return app


def beds():
    return [fact.value for fact in shared_catalogue().facts(CENTRE) if fact.field == "beds"]


@pytest.fixture
def app(var, work_as):
    work_as("curator")
    return open_centre()


def test_only_curators_see_the_way_to_a_correction(var, work_as):
    for roles in ((), ("coordinator",), ("administrator",)):
        if roles:
            work_as(*roles)
        app = open_centre()
        assert "Correct this entry" not in said(app) and not [b for b in app.selectbox if "corrected" in b.label]
        assert "**886** counts, because it is newer" in said(app), "what disagrees is for everybody"


def test_a_correction_is_looked_at_made_and_taken_back_and_that_too(app, var):
    assert beds() == ["886", "901"] or beds() == ["901", "886"]
    fill(choose(app, "beds"), "beds", **GOOD)
    assert "Beds corrected to 880" in said(app) and "Invented report, 2026-03" in said(app)
    assert set(beds()) == {"886", "901"}, "nothing is changed by looking"
    app.button(key="correction_apply").click().run()
    assert not app.exception and "Corrected. It counts now" in said(app)
    assert beds() == ["880"] and int(shared_catalogue().beds[shared_catalogue().row_of(CENTRE)]) == 880
    past = {fact.value for fact in shared_catalogue().facts(CENTRE, with_past=True) if fact.standing == "corrected"}
    assert past == {"886", "901"}
    (decision,) = decided(var).standing
    assert decision.by.startswith("worker") and decision.address == GOOD["address"]
    app.button(key=f"take_back_{decision.id}").click().run()
    assert not app.exception and set(beds()) == {"886", "901"}
    undo = decided(var).history[-1]
    assert app.button(key=f"take_back_{undo.id}").label == "Bring it back"
    assert "Taken back: Beds corrected to 880" in said(app)
    app.button(key=f"take_back_{undo.id}").click().run()
    assert beds() == ["880"]
    with shared_store().reading() as connection:
        actions = list(connection.execute(select(audit.c.action)).scalars())
    assert [each for each in actions if each in ("fact_corrected", "decision_undone")] == [
        "fact_corrected", "decision_undone", "decision_undone"
    ]  # fmt: skip


def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(app, var):
    fill(choose(app, "beds"), "beds", value="88x", source="Invented report", address="a report", date="2126")
    words = "\n".join(element.value for element in app.error)
    assert "whole number from 1 to 20,000" in words and "such as www.example.org/report" in words
    assert "in the future" in words
    assert app.text_input(key=key_of("beds", "value")).value == "88x"
    assert app.text_input(key=key_of("beds", "source")).value == "Invented report"
    assert not [button for button in app.button if button.key == "correction_apply"]
    fill(app, "beds", value="", source="", address="", date="")
    words = "\n".join(element.value for element in app.error)
    assert all(part in words for part in ("new value is missing", "Name the page", "Give the address", "Give the date"))
    assert not decided(var).history


def test_addresses_and_dates_are_read_as_those_of_a_list_and_said_back(app, var):
    fill(choose(app, "website"), "website", value="www.example.org/de", source="Invented report",
         address="example.org/report", date="31.10.2026")  # fmt: skip
    assert not app.error and "Website corrected to https://www.example.org/de" in said(app)
    assert "Invented report, 2026-10-31, https://example.org/report" in said(app)
    fill(app, "website", date="03/04/2026")
    assert "Write the date as" in app.error[0].value, "of two readings none is chosen"


def test_who_states_a_fact_is_named_with_the_publisher_and_how_it_came():
    names = ("Invented list", "Invented society", "", "https://example.org", "2026", "", "")
    listed = Fact("beds", "7", None, "stated", "list-1", *names)
    assert _source(listed, T) == "[Invented list](<https://example.org>)"
    of_list = replace(listed, entered_by="carla")
    assert _source(of_list, T) == "[Invented list](<https://example.org>), Invented society (imported by a curator)"
    read = replace(of_list, source=CORRECTIONS, code="Invented report", publisher_url="https://example.org/r")
    assert _source(read, T) == "[Invented report](<https://example.org/r>) (corrected by a curator)"


@pytest.mark.parametrize(
    ("point", "words"),
    [("48.2082, 16.3738", "not in the country"), ("0,0", "point 0, 0"), ("-3.7, 40.4", "swapped"),
     ("here", "two numbers"), ("40.0, -30.0", "in the sea")],
)  # fmt: skip
def test_a_point_is_checked_to_be_in_the_country(app, point, words):
    fill(choose(app, "point"), "point", **{**GOOD, "value": point})
    assert words in app.error[0].value


def test_a_fact_is_set_aside_with_the_reason_and_comes_back(app, var):
    choose(app, "equipment")
    app.radio[0].set_value("set_aside").run()
    app.selectbox(key=key_of("equipment", "aside")).set_value("linear_accelerator")
    fill(app, "equipment")
    assert "Say why" in app.error[0].value
    app.text_area(key=key_of("equipment", "why")).set_value("Invented: sold in 2026")
    fill(app, "equipment")
    app.button(key="correction_apply").click().run()
    held = {fact.value for fact in shared_catalogue().facts(CENTRE) if fact.field == "equipment"}
    assert not app.exception and "linear_accelerator" not in held and "Invented: sold in 2026" in said(app)
    revert = next(button for button in app.button if button.key and button.key.startswith("take_back_"))
    revert.click().run()
    assert "linear_accelerator" in {fact.value for fact in shared_catalogue().facts(CENTRE)}


def test_nothing_is_done_by_who_lost_the_role(app, var, work_as):
    fill(choose(app, "beds"), "beds", **GOOD)
    work_as("coordinator")
    app.button(key="correction_apply").click().run()
    assert not app.exception and "Correct this entry" not in said(app)
    assert not decided(var).history


def test_what_is_overdue_depends_on_the_day(var, monkeypatch):
    monkeypatch.setattr(staleness, "today", lambda: date(2026, 6, 1))
    text = said(open_centre())
    assert "Overdue: a newer release should be out" in text and ": the source is updated each year" in text
    assert "886" in text
    monkeypatch.setattr(staleness, "today", lambda: date(2021, 6, 1))
    assert "overdue" not in said(open_centre()).lower()


def test_a_merge_that_a_rule_made_is_taken_back_from_the_page(app, var):
    merge = next(each for each in read_revisions(inputs_in(var).decisions).standing if each.kind == "merge")
    size = shared_catalogue().size
    page = open_centre(merge.centre_id)
    catalogue = shared_catalogue()
    named = f"{centre_words(catalogue, merge.other_id)} merged into {centre_words(catalogue, merge.centre_id)}"
    assert "by rule: one name, one place" in said(page) and named in said(page) and f"({merge.other_id})" in named
    page.session_state["fold_history"] = True
    told = said(page.run())
    folded = [fact for fact in catalogue.facts(merge.centre_id, with_past=True) if fact.about_id == merge.other_id]
    name = next(fact.value for fact in folded if fact.field == "name")
    moments = {(fact.source, fact.source_date) for fact in folded if fact.certainty == "stated"}
    assert told.count(f"Said of {name} :small[{merge.other_id}], now part of this entry:") == len(moments) > 0
    page.button(key=f"take_back_{merge.id}").click().run()
    assert not page.exception and shared_catalogue().size == size + 1
    assert shared_catalogue().row_of(merge.other_id) != shared_catalogue().row_of(merge.centre_id)


def test_beside_a_conflict_stands_what_can_be_done_about_it(var, work_as):
    work_as("curator")
    app = open_centre(correct="")
    assert "You are signed in as" in said(app) and "Sources disagree: **Beds**, 886 / 901" in said(app)
    assert "/fact-queue?list=overdue&source=es_cnh_2020" in said(app), "an overdue source is renewed there"
    app.button(key=f"correct_conflict_{CENTRE}_beds_").click().run()
    assert app.selectbox(key=f"correction_field_{CENTRE}_0").value == "beds"
    app.button(key=f"accept_{CENTRE}_beds_").click().run()
    assert not app.exception and "It leaves the list until a source states another value" in said(app)
    assert "A curator of this site has looked at this, and left it so." in said(app)
    (decision,) = decided(var).standing
    assert (decision.kind, decision.field, decision.value) == ("accept", "beds", "886 | 901")
    assert [button for button in app.button if button.key == f"accept_{CENTRE}_beds_"] == []
    app.button(key=f"take_back_{decision.id}").click().run()
    assert not decided(var).standing and "left it so" not in said(app)
