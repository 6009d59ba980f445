"""The page Data quality, without a browser: figures with their denominators, links, choices in the address."""

import re
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from opening import open_page

from opinion.centres.facets import select
from opinion.centres.filters import Filters
from opinion.centres.quality import records, shared
from opinion.centres.quality.shared import shared_quality
from opinion.centres.quality.upkeep import Upkeep
from opinion.centres.queues import conflicts_of
from opinion.centres.rowsets import unpack_rows
from opinion.centres.shared import shared_catalogue
from opinion.exchange.quality_wordings import measure_labels, task_words, worth_words
from opinion.texts.translations import translator_for
from opinion.ui import quality_times
from opinion.ui.quality_view import BY, cell_of

T = translator_for("en")


@pytest.fixture(autouse=True)
def without_doubles(monkeypatch):
    monkeypatch.setattr(shared, "_doubles", [])
    monkeypatch.setattr(shared, "_last", [])
    monkeypatch.setattr(shared, "are_compared", lambda _: False)  # another test may have had them looked for


def open_quality(**query):
    app = open_page("data_quality")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def said(app):
    parts = (app.markdown, app.info, app.warning, app.caption, app.title)
    return "\n".join(element.value for part in parts for element in part).replace("\\", "")


def links(text):
    return [urlsplit(address) for address in re.findall(r"\[Show the list\]\(<([^>]+)>\)", text)]


def test_each_dimension_is_said_with_its_denominator():
    text, quality = said(open_quality()), shared_quality(shared_catalogue()).quality
    assert f"Of {quality.size:,} centres" in text
    overdue = quality.one("fresh", "not_overdue")
    assert f"When facts are due is known for {overdue.of:,} of the centres" in text
    assert f"For {overdue.of - overdue.good:,} of these, something is overdue" in text
    compared = sum(measure.of for measure in quality.of("agreeing"))
    found = conflicts_of(shared_catalogue())
    centres = len({each.row for each in found})
    assert f"About {len(found):,} values of {centres:,} centres. Compared were {compared:,} values" in text
    wrong = quality.of("valid")
    rows = {row for measure in wrong for row in unpack_rows(measure.faulty).tolist()}
    assert f"{sum(each.of - each.good for each in wrong)} values of {len(rows)} centres, by {len(wrong)} checks" in text
    assert "They are being looked for" in text, "nobody waits for doubles"
    assert "It says nothing about how good a hospital is" in text


def test_ten_things_each_with_the_list_it_promises():
    app, tasks = open_quality(), shared_quality(shared_catalogue()).tasks
    text = said(app)
    found = links(text)
    assert len(found) == len(tasks) == 10
    for link, task in zip(found, tasks, strict=True):
        query = dict(parse_qsl(link.query))
        if link.path == "/centres" and isinstance(task, Upkeep):
            assert query == {"source": task.about}, "of a source the facts that are overdue, of all that it states"
        elif link.path == "/centres":
            filters, problems = Filters.from_query(query)
            assert not problems and select(shared_catalogue(), filters).count == task.centres
            assert f"{task.centres:,}" in text
        else:
            assert link.path == "/data-quality" and query["of"] in ("valid", "agreeing", "unique")
    assert {link.path for link in found} == {"/centres", "/data-quality"}


def test_curators_are_led_to_where_they_decide(work_as):
    assert "/fact-queue" not in said(open_quality())
    work_as("curator")
    app = open_quality(lang="en")
    found = [link for link in links(said(app)) if link.path == "/fact-queue"]
    assert {dict(parse_qsl(link.query)).get("list") for link in found} == {None, "overdue", "wrong"}
    assert all("lang=en" in link.query for link in found), "the language goes along"
    assert {link.path for link in links(said(app))} == {"/centres", "/fact-queue"}, "each opens where it is done"


def test_with_doubles_there_is_a_line_and_a_task_for_them(monkeypatch):
    catalogue = shared_catalogue()
    shared.look_for_doubles(catalogue)
    app = open_quality(of="unique")
    doubles = shared_quality(catalogue).quality.one("unique", "centre")
    text = said(app)
    assert f"{doubles.of - doubles.good:,} of {doubles.of:,} centres may stand twice" in text
    assert "may stand twice, under two names" in text and "They are being looked for" not in text
    assert any("/data-quality?of=unique" in link.geturl() for link in links(text))


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("of", ["complete", "valid", "noted", "fresh", "agreeing"])
def test_every_view_runs_and_stands_in_the_address(of, by):
    app = open_quality(of=of, by=by)
    assert app.radio(key="quality_of").value == of and app.radio(key="quality_by").value == by
    assert len(app.get("plotly_chart")) >= 2


def test_a_choice_is_kept_in_the_address_and_what_is_wrong_there_is_said():
    app = open_quality(of="warp", by="country")
    assert "It was left out: of “warp”" in said(app)
    assert app.radio(key="quality_of").value == "complete"
    app.radio(key="quality_of").set_value("valid").run()
    assert not app.exception and app.query_params["of"] in ("valid", ["valid"])


def test_the_centres_that_break_a_check_are_listed_with_links():
    app = open_quality(of="valid")
    app.session_state["fold_faulty"] = True
    app.run()
    assert not app.exception
    shown = [frame.value for frame in app.dataframe]
    assert any("What is wrong" in frame.columns and len(frame) for frame in shown)
    listed = next(frame for frame in shown if "What is wrong" in frame.columns)
    assert all(address.startswith("/centre?id=") for address in listed["Centre"])


def test_an_empty_record_says_so_and_a_kept_one_is_drawn(monkeypatch, tmp_path):
    monkeypatch.setattr(quality_times, "read_records", lambda folder: [])
    app = open_quality()
    assert "No record is kept yet" in said(app)
    charts = len(app.get("plotly_chart"))
    kept = [records.Record(f"s{day}", date(2026, 11, day), 100, {("complete", "beds"): (day, 100)}) for day in (1, 2)]
    monkeypatch.setattr(quality_times, "read_records", lambda folder: kept)
    app = open_quality()
    assert "since 2026-11-01" in said(app) and len(app.get("plotly_chart")) == charts + 1


@pytest.mark.parametrize("language", ["en-XA", "ar-XB"])
def test_it_runs_in_long_words_and_from_right_to_left(language, monkeypatch):
    monkeypatch.setenv("OPINION_PSEUDO_LOCALES", "1")
    open_quality(lang=language, of="valid", by="source")


def test_every_measure_and_task_has_words():
    found, labels = shared.look_for_doubles(shared_catalogue()), measure_labels(T)
    for measure in found.quality.measures:
        assert labels[measure.dimension, measure.id]
    for task in found.tasks:
        sentences = re.split(r"[.:] ", task_words(task, {}, {}, T))
        assert all(len(sentence.split()) <= 20 for sentence in sentences) and worth_words(task, T)


def test_a_cell_says_its_denominator_and_unknown_is_blank():
    assert cell_of("complete", 0, 0, "beds DE", "Germany, Beds", T).value is None
    none = cell_of("complete", 0, 743, "beds DE", "Germany, Beds", T)
    assert (none.text, none.value) == ("", None) and "0 of 743" in none.label and none.key == "beds DE"
    assert cell_of("fresh", 0, 743, "", "w", T).text == "0", "of a date it is known that it is not recent"
    broken = cell_of("valid", 740, 743, "", "Germany, Beds", T)
    assert (broken.text, broken.value, broken.key) == ("3", 3, "") and "3 of 743" in broken.label
    assert cell_of("valid", 743, 743, "", "w", T).text == "0", "nothing broken is not the same as nothing to check"


def test_on_a_phone_there_is_a_bar_for_each_measure_of_one_country(monkeypatch):
    from opinion.ui import quality_view

    monkeypatch.setattr(quality_view, "is_narrow", lambda: True)
    app = open_quality(of="valid", by="country")
    choice = app.selectbox(key="quality_line_valid_country")
    assert choice.options[0] == "All centres" and "Germany" in choice.options
    choice.set_value(choice.options.index("Germany")).run()
    assert not app.exception
