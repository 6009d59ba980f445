"""kill -9 in the middle of writes loses nothing confirmed. ``python -m benchmarks crashes`` kills more often."""

import random

import pytest
from case_steps import send
from sqlalchemy import delete

from benchmarks import crashes
from benchmarks.crashes import Confirmed, losses
from opinion.agency.tables import consents, entries, requests
from opinion.storage.stores import Store


@pytest.fixture(autouse=True)
def settings_stay(monkeypatch):
    for name in (crashes.DATABASE_URL, crashes.KEY_FILE):
        monkeypatch.setenv(name, "")


def test_nothing_confirmed_is_lost_on_sqlite(tmp_path):
    (series,) = crashes.series_on_sqlite(tmp_path, 3, random.Random(1))
    assert series.losses == [] and series.kills == 3 and len(series.confirmed.sent) >= 3


def test_nothing_confirmed_is_lost_on_postgresql(postgresql, tmp_path):
    found = crashes.series_on_postgresql(tmp_path, 2, 1, random.Random(2))
    assert [series.losses for series in found] == [[], [], []] and [series.kills for series in found] == [2, 1, 1]
    assert all(series.confirmed.sent for series in found)


def test_the_search_for_losses_finds_them(store: Store):
    confirmed = Confirmed()
    for name in ("first", "second", "third"):
        key = send(store, name=name)
        confirmed.read(f"sent {key.reference} {key.code} {name}\n")
    assert losses(store, confirmed) == []
    confirmed.read("sent SO-NONE XXXX")
    assert len(confirmed.sent) == 3, "a line that was cut off says nothing"
    confirmed.read(f"added {key.reference}\n")
    assert losses(store, confirmed) == [f"{key.reference}: its message is lost."]
    with store.writing() as connection:
        connection.execute(delete(consents))
    assert "3 requests, 0 consents and 3 lines of them in the audit trail." in losses(store, confirmed)
    with store.writing() as connection:
        connection.execute(delete(entries))
        connection.execute(delete(requests).where(requests.c.reference == key.reference))
    assert any(loss.startswith(f"{key.reference}: No request") for loss in losses(store, confirmed))
