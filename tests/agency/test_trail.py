"""The audit trail: every line follows the one before, and nobody changes one unseen."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from opinion.agency import audits


def lines(store, number):
    for place in range(number):
        with store.writing() as connection:
            audits.note(connection, audits.COMMAND, "tried", f"line {place + 1}")


def test_an_untouched_trail_has_no_fault(store):
    assert audits.last_line(store) == (0, "") and audits.faults(store) == []
    lines(store, 3)
    assert audits.faults(store) == []
    assert audits.last_line(store)[0] == 3 and len(audits.last_line(store)[1]) == 64


@pytest.mark.parametrize("act", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_changes(store, act):
    lines(store, 2)
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as connection:
        connection.execute(text(act))
    assert audits.faults(store) == [] and audits.last_line(store)[0] == 2


def without_guard(store, act):
    """Do what only the owner of the database can do: take the guard away, change a line, put it back."""
    with store.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_refuses_update"))
            connection.execute(text("DROP TRIGGER audit_refuses_delete"))
        else:
            connection.execute(text("DROP TRIGGER audit_refuses_changes ON audit"))
        connection.execute(text(act))


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        ("UPDATE audit SET subject = 'another' WHERE id = 2", "audit line 2: was changed."),
        ("DELETE FROM audit WHERE id = 2", "audit line 2: is missing."),
        ("UPDATE audit SET hash = '' WHERE id = 3", "audit line 3: was changed."),
    ],
)
def test_a_changed_or_missing_line_is_found(store, act, fault):
    lines(store, 4)
    without_guard(store, act)
    assert audits.faults(store)[0] == fault


def test_the_end_is_proved_by_the_last_line(store):
    lines(store, 3)
    noted = audits.last_line(store)
    without_guard(store, "DELETE FROM audit WHERE id = 3")
    assert audits.faults(store) == [], "a trail that was cut off at its end looks whole"
    assert audits.last_line(store) != noted, "but its last line is not the one that was noted elsewhere"
