"""The page Facts to check, without a browser: five lists, each line a way to its centre, for curators."""

from datetime import date

import pytest
from opening import open_page
from sqlalchemy import select

from opinion.agency.stores import shared_store
from opinion.agency.tables import audit
from opinion.centres import queues, staleness
from opinion.centres.corrections import Correction, accepted, corrected
from opinion.centres.curating import apply
from opinion.centres.quality import shared as quality_shared
from opinion.centres.quality.shared import shared_quality
from opinion.centres.shared import shared_catalogue
from opinion.texts.translations import translator_for
from opinion.ui.fact_queue_decisions import decisions_made
from opinion.ui.fact_queue_words import cell_words, short_title

CENTRE = "es:280029"
T = translator_for("en")


@pytest.fixture
def var(var, monkeypatch, work_as):
    """A folder of packed files of this test's own, and a curator who is signed in."""
    monkeypatch.setattr(staleness, "today", lambda: date(2026, 11, 23))
    work_as("curator")
    return var


def said(app):
    parts = (app.markdown, app.info, app.warning, app.caption)
    return "\n".join(element.value.replace("\\", "") for part in parts for element in part)


def open_queue(**query):
    app = open_page("fact_queue")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def table(app, column):
    return next(frame.value for frame in app.dataframe if column in frame.value)


def tick(app, column, *places):
    """Tick lines of a table, which the testing client has no way for: the next run begins with them."""
    frame = next(frame for frame in app.dataframe if column in frame.value)
    key = frame.proto.id.partition("-")[2].partition("-")[2]  # $$ID-hash-key
    app.session_state[key] = {"selection": {"rows": list(places), "columns": [], "cells": []}}
    return app.run()


def test_conflicts_are_listed_with_what_counts_and_why_the_widest_gap_first(var):
    app = open_queue()
    found = queues.conflicts_of(shared_catalogue())
    assert len(table(app, "Does not count")) == min(len(found), 50)
    shares = [each.gap.share for each in found]
    assert shares == sorted(shares, reverse=True)
    app.selectbox(key="queue_fact").set_value("beds").run()
    app.selectbox(key="queue_country").set_value("ES").run()
    frame = table(app, "Does not count")
    assert set(frame["Why"]) == {"it is newer"} and set(frame["Fact"]) == {"Beds"}
    assert frame["How far apart"].iloc[0] == "77 apart", "99 and 176"
    line = frame[frame["Page"] == f"/centre?id={CENTRE}&correct=beds"].iloc[0]
    assert line["Counts"].startswith("886 (") and line["Does not count"].startswith("901 (")
    assert (line["How far apart"], line["Gap"]) == ("15 apart", 2), "15 of 901"
    assert list(frame["Gap"]) == sorted(frame["Gap"], reverse=True)
    assert app.query_params["fact"] == "beds" and app.query_params["country"] == "ES"


def test_a_conflict_is_read_in_full_below_the_table(var):
    app = open_queue(fact="beds", country="ES")
    found = [each for each in queues.conflicts_of(shared_catalogue()) if each.conflict.field == "beds"]
    found = [each for each in found if each.centre_id.startswith("es:")]
    assert list(table(app, "Why"))[:5] == ["Page", "Centre", "Gap", "Fact", "Counts"]  # what a phone shows, first
    first, *others = found
    counts, *rest = first.conflict.facts
    for fact in (counts, *rest):
        assert fact.source_title in said(app) and f"**{int(fact.value):,}**" in said(app)
    assert f"**{counts.value}** counts, because it is newer." in said(app)
    assert f"/centre?id={first.centre_id}&correct=beds" in said(app)
    tick(app, "Does not count", 1, 2)
    words = said(app)
    assert all(f"id={each.centre_id}&" in words for each in others[:2]) and f"id={first.centre_id}&" not in words
    tick(app, "Does not count", *range(6))
    assert "5 of 6" in said(app) and said(app).count(" counts, because ") == 5


def test_a_cell_names_the_source_and_stays_short(var):
    for each in queues.conflicts_of(shared_catalogue()):
        for place, fact in enumerate(each.conflict.facts):
            value, _, source = cell_words(each, place, T).rpartition(" · ")
            assert fact.source_title.startswith(source.rstrip("…")) and len(source) <= 32, source
            assert len(value.partition(" (")[0]) <= 26 and "http" not in value
    assert short_title("Hospitals (Foundation-Level Data), 2018") == "Hospitals"
    assert short_title("Krankenhausliste Süd") == "Krankenhausliste Süd"


def test_what_was_looked_at_leaves_the_list_and_comes_back(var):
    catalogue = shared_catalogue()
    found = queues.conflicts_of(catalogue)
    before = len(found)
    first = next(each for each in found if each.centre_id == CENTRE)
    apply(var, [accepted(CENTRE, first.conflict, "carla", "two houses")])
    assert f"({before - 1})" in labels(open_queue())
    assert CENTRE not in {each.centre_id for each in queues.conflicts_of(shared_catalogue())}
    app = open_queue(list="decided")
    first_line = table(app, "What was decided").iloc[0]
    assert first_line["What was decided"] == "Beds looked at, fine: 886 / 901"
    assert first_line["Where it was read, and why"] == "two houses"


def test_ticked_conflicts_are_looked_at_in_one_step_and_taken_back(var):
    catalogue = shared_catalogue()
    found = queues.conflicts_of(catalogue)
    app = open_queue()
    assert app.button(key="queue_accept").disabled
    tick(app, "Does not count", 0, 2)
    app.text_input[-1].set_value("invented reason")
    app.button(key="queue_accept").click().run()
    assert not app.exception and "2 conflicts were looked at." in app.success[0].value
    left = {(each.centre_id, each.conflict.field) for each in queues.conflicts_of(shared_catalogue())}
    assert len(left) == len(found) - 2
    gone = {(each.centre_id, each.conflict.field) for each in (found[0], found[2])}
    assert not gone & left
    app = open_queue(list="decided")
    assert set(table(app, "What was decided")["Where it was read, and why"][:2]) == {"invented reason"}
    tick(app, "What was decided", 0, 1)
    app.button(key="queue_take_back").click().run()
    assert not app.exception and "2 decisions were taken back." in app.success[0].value
    assert len(queues.conflicts_of(shared_catalogue())) == len(found)
    with shared_store().reading() as connection:
        actions = list(connection.execute(select(audit.c.action)).scalars())
    assert [actions.count(each) for each in ("conflict_accepted", "decision_undone")] == [2, 2]


def labels(app):
    control = app.segmented_control[0] if app.segmented_control else app.get("button_group")[0]
    return " ".join(str(each) for each in control.options)


def test_each_list_counts_what_the_page_data_quality_counts(var):
    found = shared_quality(shared_catalogue())
    words = labels(open_queue())
    for dimension, label in (("valid", "Values that look wrong"), ("noted", "Worth a note")):
        count = sum(measure.of - measure.good for measure in found.quality.of(dimension))
        assert f"{label} ({count})" in words
    assert f"Overdue sources ({len(found.renewals)})" in words
    shown = list(table(open_queue(list="overdue"), "Overdue since")["Centres"])
    assert shown == [each.overdue.centres for each in found.renewals]
    tasks = [(task.about, task.centres) for task in found.tasks if task.kind == "renew"]
    assert tasks == [(each.overdue.source.id, each.overdue.centres) for each in found.renewals[: len(tasks)]]


def test_overdue_sources_stand_in_the_order_of_use_with_what_to_do(var):
    app = open_queue(list="overdue", source="bag_ch")
    frame = table(app, "Overdue since")
    points = [each.points for each in shared_quality(shared_catalogue()).renewals]
    assert points == sorted(points, reverse=True) and len(points) == len(frame)
    assert (frame["Months overdue"] >= 0).all()
    assert "`python -m opinion centres register bag_ch FILE`" in said(app) and app.file_uploader
    app.session_state["fold_overdue_centres"] = True
    app.run()
    most = table(app, "Overdue facts")
    assert list(most["Overdue facts"]) == sorted(most["Overdue facts"], reverse=True) and most["Page"].iloc[0]


def test_before_they_are_due_nothing_is_overdue(var, monkeypatch):
    monkeypatch.setattr(staleness, "today", lambda: date(2012, 1, 1))
    monkeypatch.setattr(quality_shared, "today", lambda: date(2012, 1, 1))
    assert "Nothing is in this list." in said(open_queue(list="overdue"))


def test_values_that_look_wrong_are_listed_with_what_is_found_and_where_to_correct_it(var):
    frame = table(open_queue(list="wrong"), "What is found")
    assert {"Point far from land", "Website without a host"} <= set(frame["What is found"])
    assert frame["Page"].str.contains("&correct=point").any() and frame["Value"].notna().all()
    frame = table(open_queue(list="wrong", check="at_sea"), "What is found")
    assert set(frame["What is found"]) == {"Point far from land"}
    assert "Nothing has to be corrected." in said(open_queue(list="notes"))


def test_decisions_are_listed_and_corrections_that_a_source_has_overtaken(var):
    bundled = len(decisions_made(shared_catalogue()))
    assert f"Decided ({bundled})" in labels(open_queue())
    old = Correction("beds", "880", "", "Invented report", "https://example.org/r", "2019-03", "")
    apply(var, [corrected(CENTRE, old, "carla")])
    app = open_queue(list="decided")
    frame = table(app, "What was decided")
    assert len(frame) == bundled + 1 and set(frame["By"]) == {"carla", "by rule: website of another hospital"}
    line = frame.iloc[0]
    assert [line[each] for each in ("What was decided", "By", "State")] == ["Beds corrected to 880", "carla", "counts"]
    assert "older than what a source states now" in said(app)
    assert table(app, "A source states now")["A source states now"].iloc[0].startswith("886 (")


def test_an_address_that_names_no_list_shows_the_first(var):
    assert "Does not count" in table(open_queue(list="warp", fact="warp"), "Does not count")


def test_nobody_else_opens_it(var, work_as):
    work_as("coordinator")
    app = open_page("fact_queue")
    assert app.title[0].value == "This page is not for your account" and not app.dataframe
