"""What is overdue: dates, intervals, lags, known newer releases; unknown is never called overdue."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import TABLES

from opinion.centres.catalogues import Catalogue
from opinion.centres.dates import add_months, date_order, is_dated, last_day
from opinion.centres.queues import most_overdue, overdue_of, overdue_rows
from opinion.centres.queues import schedule as schedule_in
from opinion.centres.sources import read_sources
from opinion.centres.staleness import Refresh, Schedule, months_overdue, overdue_part, read_refreshes, schedule_of
from opinion.errors import CatalogueError
from opinion.exchange.overdue_wordings import overdue_part_words
from opinion.texts.translations import translator_for

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("given", "last"),
    [
        ("2020", date(2020, 12, 31)), ("2020-02", date(2020, 2, 29)), ("2020-02-03", date(2020, 2, 3)),
        ("2018/2020", date(2020, 12, 31)), ("2019/2020-06", date(2020, 6, 30)), ("ROR release v1.10", None),
        ("", None), ("2020-13", None), ("2021-02-29", None), ("20", None),
    ],
)  # fmt: skip
def test_the_last_day_that_a_date_may_mean(given, last):
    assert last_day(given) == last


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_months_are_added_as_on_a_calendar(day, months):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    is_last = (day + timedelta(1)).month != day.month
    assert later.day == day.day or (later + timedelta(1)).month != later.month
    assert not is_last or (later + timedelta(1)).month != later.month


def schedule(**refresh):
    return Schedule({"x": Refresh("x", "", "", **refresh)}, {"x": "2026-06-23"})


@pytest.mark.parametrize(
    ("refresh", "given", "due"),
    [
        ({"months": 12}, "2020", date(2021, 12, 31)),
        ({"months": 12, "lag_months": 16}, "2020", date(2023, 4, 30)),
        ({"months": 3}, "2026-04-01", date(2026, 7, 1)),
        ({}, "2001", None),  # nobody says how often: never overdue
        ({"months": 1}, "", None),
        ({"months": 1}, "release v1", None),
        ({"months": 1, "counts_from": "copy"}, "release v1", date(2026, 7, 23)),
        ({"months": 1, "counts_from": "copy"}, "2022-01-01", date(2026, 7, 23)),  # last changed, but seen since
        ({"newer": "2023"}, "2012/2020", date(2023, 12, 31)),
        ({"newer": "2023"}, "2024", None),
        ({"newer": "2022", "months": 24}, "2020", date(2022, 12, 31)),
    ],
)
def test_when_a_fact_is_due(refresh, given, due):
    found = schedule(**refresh)
    assert found.due("x", given) == due and found.due("another source", given) is None
    if due:
        assert not found.is_overdue("x", given, due) and found.is_overdue("x", given, due + timedelta(1))
    else:
        assert not found.is_overdue("x", given, date(2999, 1, 1))


def test_how_much_of_a_centre_is_overdue():
    found = schedule(months=12)
    assert found.due_range([("x", "2020"), ("x", "2024")]) == (date(2021, 12, 31), date(2025, 12, 31))
    assert found.due_range([("x", "2020"), ("y", "2024")]) == (date(2021, 12, 31), None)
    assert found.due_range([("y", "2020")]) == (None, None) == found.due_range([])
    first, last = found.due_range([("x", "2020"), ("x", "2024")])
    assert [overdue_part(first, last, date(year, 6, 1)) for year in (2021, 2022, 2026)] == ["", "some", "all"]
    assert overdue_part(first, None, DAY) == "some", "what nobody can judge may be current"
    assert overdue_part(None, None, DAY) == ""


def test_every_interval_says_who_says_so_and_is_of_a_source():
    refreshes, sources = read_refreshes(TABLES), read_sources()
    assert set(refreshes) <= set(sources)
    for refresh in refreshes.values():
        assert refresh.text and (refresh.address.startswith("https://") or not (refresh.months or refresh.newer))


def test_the_packed_columns_agree_with_a_slow_look(catalogue: Catalogue):
    times = schedule_of(catalogue.known_sources, TABLES)
    about = ("disease_area", "equipment", "beds", "teaching", "designation")
    parts = overdue_rows(catalogue, DAY)
    assert {"", "some", "all"} >= set(parts) and "all" in parts
    for row in range(0, catalogue.size, 400):
        facts = catalogue.facts(str(catalogue.table.column("centre_id")[row]))
        stated = [fact for fact in facts if fact.certainty == "stated"]
        counted = [fact for fact in stated if fact.field in about] or [fact for fact in stated if fact.field == "name"]
        due = [times.due(fact.source, fact.source_date) for fact in counted]
        late = [day is not None and day < DAY for day in due]
        expected = "all" if all(late) else "some" if any(late) else ""
        assert parts[row] == expected, row


def test_overdue_sources_stand_by_use_and_only_from_the_day_on(catalogue: Catalogue):
    found = overdue_of(catalogue, DAY)
    assert [each.centres for each in found] == sorted((each.centres for each in found), reverse=True)
    swiss = next(each for each in found if each.source.id == "bag_ch")
    assert swiss.since == date(2023, 4, 30)
    most = most_overdue(catalogue, "bag_ch", DAY)
    assert len(most) == swiss.centres and sum(count for _, count in most) == swiss.facts
    assert not [each for each in overdue_of(catalogue, date(2023, 4, 30)) if each.source.id == "bag_ch"]
    assert {"hifld", "nci", "covidcaremap"}.isdisjoint(each.source.id for each in found), "unknown is not overdue"
    assert schedule_in(catalogue).due("nci", "2021-07") is None


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 240), st.integers(0, 27))
def test_months_overdue_are_whole_ones(due, months, days):
    later = add_months(due, months)
    assert months_overdue(due, later + timedelta(days)) == months
    assert months_overdue(later + timedelta(1), due) == 0


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, ""),
        (date(2026, 12, 1), date(2026, 12, 1), ""),
        (date(2026, 11, 1), date(2026, 11, 1), "overdue"),
        (date(2020, 12, 31), date(2026, 7, 1), "overdue 4 months"),
        (date(2020, 12, 31), date(2024, 9, 10), "overdue 2 years"),
        (date(2026, 10, 22), date(2027, 1, 1), "partly overdue, 1 month"),
        (date(2024, 9, 10), None, "partly overdue, 2 years"),
        (date(2026, 11, 1), None, "partly overdue"),
    ],
)
def test_how_much_is_overdue_is_said_with_for_how_long(first, last, words):
    assert overdue_part_words(first, last, DAY, translator_for("en")) == words


def test_a_faulty_file_is_said(tmp_path):
    (tmp_path / "refresh.toml").write_text('[[source]]\nid = "x"\ntext = ""\naddress = ""\nmonths = 3\n')
    with pytest.raises(CatalogueError, match="address is missing"):
        read_refreshes(tmp_path)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "refresh.toml").write_text('[[source]]\nid = "x"\ntext = ""\naddress = "y"\nnewer = "soon"\n')
    with pytest.raises(CatalogueError, match="is no date"):
        read_refreshes(tmp_path / "two")


def test_dates_sort_as_they_are_read():
    dates = ["release 3", "2019", "2019-05", "2018/2020", "2020-01-01"]
    assert sorted(dates, key=date_order) == ["release 3", "2019", "2019-05", "2018/2020", "2020-01-01"]
    assert not is_dated("release 3")
