"""The page Facts to check, without a browser: four lists, each line a way to its centre, for curators."""

from datetime import date

import pytest
from opening import open_page

from opinion.centres import queues, shared, staleness
from opinion.centres.corrections import Correction, corrected
from opinion.centres.curating import apply
from opinion.centres.filters import parameters
from opinion.centres.inputs import default_folder
from opinion.centres.shared import shared_catalogue

CENTRE = "es:280029"


@pytest.fixture
def var(tmp_path, monkeypatch, work_as):
    """A folder of packed files of this test's own, and a curator who is signed in."""
    shared_catalogue()  # packs once for all tests what is copied here
    for name in ("centres.parquet", "centres_facts.sqlite"):
        (tmp_path / name).write_bytes((default_folder() / name).read_bytes())
    monkeypatch.setenv("OPINION_VAR", str(tmp_path))
    monkeypatch.setattr(staleness, "today", lambda: date(2026, 11, 23))
    work_as("curator")
    yield tmp_path
    monkeypatch.undo()
    shared._loaded.cache_clear()
    parameters.cache_clear()


def said(app):
    parts = (app.markdown, app.info, app.warning, app.caption)
    return "\n".join(element.value.replace("\\", "") for part in parts for element in part)


def show(app, which):
    control = app.get("button_group")[0] if not app.segmented_control else app.segmented_control[0]
    control.set_value(which).run()
    assert not app.exception
    return app


def table(app, column):
    return next(frame.value for frame in app.dataframe if column in frame.value)


def test_conflicts_are_listed_with_what_counts_and_why(var):
    app = open_page("fact_queue")
    found = queues.conflicts_of(shared_catalogue())
    assert len(table(app, "Does not count")) == min(len(found), 50)
    app.selectbox(key="queue_field").set_value("beds").run()
    app.selectbox(key="queue_country").set_value("ES").run()
    frame = table(app, "Does not count")
    assert set(frame["Why"]) == {"it is newer"} and set(frame["Fact"]) == {"Beds"}
    line = frame[frame["Page"] == f"/centre?id={CENTRE}"].iloc[0]
    assert line["Counts"].startswith("886 (") and line["Does not count"].startswith("901 (")


def test_overdue_sources_are_listed_by_use_with_what_to_do(var):
    app = show(open_page("fact_queue"), "overdue")
    frame = table(app, "Overdue since")
    assert list(frame["Centres"]) == sorted(frame["Centres"], reverse=True)
    chosen = next(box for box in app.selectbox if box.key == "queue_source")
    chosen.set_value("bag_ch").run()
    assert "`python -m opinion centres register bag_ch FILE`" in said(app)
    most = table(app, "Overdue facts")
    assert list(most["Overdue facts"]) == sorted(most["Overdue facts"], reverse=True) and most["Page"].iloc[0]


def test_before_they_are_due_nothing_is_overdue(var, monkeypatch):
    monkeypatch.setattr(staleness, "today", lambda: date(2012, 1, 1))
    app = show(open_page("fact_queue"), "overdue")
    assert "Nothing is in this list." in said(app)


def test_odd_values_are_listed(var):
    app = show(open_page("fact_queue"), "odd")
    frame = table(app, "What looks wrong")
    assert "the point is in the sea, or on a small island" in set(frame["What looks wrong"])


def test_corrections_are_listed_and_those_that_a_source_has_overtaken(var):
    app = show(open_page("fact_queue"), "made")
    assert "No fact was corrected or set aside yet." in said(app)
    old = Correction("beds", "880", "", "Invented report", "https://example.org/r", "2019-03", "")
    apply(var, [corrected(CENTRE, old, "carla")])
    app = show(open_page("fact_queue"), "made")
    frame = table(app, "What was decided")
    assert list(frame["What was decided"]) == ["Beds corrected to 880"] and list(frame["By"]) == ["carla"]
    assert list(frame["State"]) == ["counts"]
    assert "older than what a source states now" in said(app)
    assert table(app, "A source states now")["A source states now"].iloc[0].startswith("886 (")


def test_nobody_else_opens_it(var, work_as):
    work_as("coordinator")
    app = open_page("fact_queue")
    assert app.title[0].value == "This page is not for your account" and not app.dataframe
