"""Turns the facts of a centre into their history: what each source stated and when, and where a number changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from opinion.centres.dates import date_order, is_dated
from opinion.centres.fact_database import Fact

_SINGLE = frozenset(("name", "city", "region", "country_code", "facility_type", "beds", "website", "point"))
"""The fields of which a centre has one value at a time: another value is a change, or a contradiction."""


@dataclass(frozen=True)
class Statement:
    """A fact, and ``other``: the last fact before it that gives another value for the same thing, or ``None``.

    Between facts of one date ``other`` is a contradiction, not a change.
    """

    fact: Fact
    other: Fact | None = None


@dataclass(frozen=True)
class Moment:
    """What one source stated at one date. ``is_dated`` is false where it gives a release, or no date at all."""

    source: str
    date: str
    is_dated: bool
    statements: tuple[Statement, ...]


def history(facts: Iterable[Fact]) -> list[Moment]:
    """Return what was stated, by date and source, the newest first, what has no date last.

    What is only implied, suggested by a name or worked out was stated by nobody, and is left out. What does not count
    any more was stated all the same. A period counts by its end; a year alone stands before the days in it.
    """
    stated = [fact for fact in facts if fact.certainty == "stated"]
    stated.sort(key=lambda fact: fact.source)
    stated.sort(key=when, reverse=True)
    moments: dict[tuple[str, str], list[Statement]] = {}
    for place, fact in enumerate(stated):
        other = next((older for older in stated[place + 1 :] if _contradicts(fact, older)), None)
        moments.setdefault((fact.source, fact.source_date), []).append(Statement(fact, other))
    return [Moment(source, date, is_dated(date), tuple(statements)) for (source, date), statements in moments.items()]


def when(fact: Fact) -> tuple[bool, str]:
    """Return a key that sorts facts by date, those without one first."""
    return date_order(fact.source_date)


def _contradicts(fact: Fact, other: Fact) -> bool:
    """Say whether ``other`` gives another value for the same thing; what has no date comes neither before nor after."""
    if fact.field != other.field or when(other)[0] is False:
        return False
    if fact.field == "equipment":  # the same machine, in another number
        return fact.value == other.value and None not in (fact.count, other.count) and fact.count != other.count
    return fact.field in _SINGLE and fact.value != other.value
