"""Turns the packed file of facts into who states what of which centre, and in which years: one pass over the file."""

import sqlite3
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.dates import add_months, is_dated, last_day
from opinion.centres.fact_database import FACTS_DATABASE, open_facts
from opinion.centres.rowsets import Words
from opinion.centres.staleness import Schedule

MACHINES = "machines"
"""A field of our own: equipment of which a source states how many there are."""

STATED_FIELDS = (
    "disease_area", "equipment", MACHINES, "beds", "city", "point", "website", "name", "country_code", "facility_type",
)  # fmt: skip
"""The fields that are looked at. Teaching and designations are not: sources only ever say yes."""

NO_YEAR = 0
RECENT_YEARS = 5
"""This year and the four before."""

_CHUNK = 100_000  # facts at a time, so that memory stays bounded
_LATER = 9999


@dataclass(frozen=True, eq=False)
class Statements:
    """Who states what. Only what counts, and what a source itself states: nothing worked out or read from a name.

    ``stated_by``: for each of ``STATED_FIELDS`` and each source, in the order of ``Catalogue.known_sources``, the
    packed rows of which it states that. Sources × packed rows are also: ``said_by``, the rows of which a source states
    anything; ``recent_by``, with a fact of ``since`` or later, on ``day``; ``dated_by``, with a fact whose date names a
    year; ``judged_by``, with a fact of which it is known when it is due; ``overdue_by``, with one that is overdue;
    ``long_overdue_by``, with one that has been so for more than a year.
    ``first_year``: fields × rows, the year of the oldest fact, ``NO_YEAR`` if no date names one. ``future``: the rows
    with a fact dated after that day.
    """

    day: date
    stated_by: Words
    said_by: Words
    recent_by: Words
    dated_by: Words
    judged_by: Words
    overdue_by: Words
    long_overdue_by: Words
    first_year: NDArray[np.int16]
    future: NDArray[np.bool_]

    @property
    def since(self) -> int:
        """The first year that is recent."""
        return self.day.year - RECENT_YEARS + 1

    @property
    def a_year_ago(self) -> date:
        """The day a year before: what was due before it is long overdue."""
        return add_months(self.day, -12)

    def rows_stating(self, field: str) -> Words:
        """Return for each source the packed rows of which it states ``field``."""
        stating: Words = self.stated_by[STATED_FIELDS.index(field)]
        return stating


def read_statements(catalogue: Catalogue, schedule: Schedule, today: date) -> Statements:
    """Return who states what of the centres of ``catalogue``. Recent is what is of this year or the four before.

    Raises ``CatalogueError`` if the file of facts cannot be read.
    """
    size, fields = catalogue.size, len(STATED_FIELDS)
    nobody = np.zeros((len(catalogue.known_sources), len(catalogue.all_rows)), dtype=np.uint64)
    found = Statements(
        day=today,
        stated_by=np.stack([nobody] * fields),
        said_by=nobody.copy(),
        recent_by=nobody.copy(),
        dated_by=nobody.copy(),
        judged_by=nobody.copy(),
        overdue_by=nobody.copy(),
        long_overdue_by=nobody.copy(),
        first_year=np.full((fields, size), _LATER, dtype=np.int16),
        future=np.zeros(size, dtype=np.bool_),
    )
    row_of = {id_: row for row, id_ in enumerate(catalogue.table.column("centre_id").to_pylist())}
    path = catalogue.folder / FACTS_DATABASE
    with open_facts(path, catalogue.stamp) as database:
        origins = _read_origins(database, list(catalogue.known_sources), schedule, found)
        _read(database, row_of, origins, found)
    found.first_year[found.first_year == _LATER] = NO_YEAR
    return found


@dataclass(frozen=True, eq=False)
class _Origins:
    """What is said by one source at one date, by number. ``sources``: their places. ``years``: ``NO_YEAR`` unknown."""

    sources: NDArray[np.intp]
    years: NDArray[np.int16]
    is_future: NDArray[np.bool_]
    is_judged: NDArray[np.bool_]
    is_overdue: NDArray[np.bool_]
    is_long_overdue: NDArray[np.bool_]


def _read_origins(database: sqlite3.Connection, sources: list[str], schedule: Schedule, of: Statements) -> _Origins:
    place_of = {source: place for place, source in enumerate(sources)}
    read = database.execute("SELECT id, source, date FROM origin").fetchall()
    size = max((id_ for id_, _, _ in read), default=-1) + 1
    found = _Origins(
        np.zeros(size, dtype=np.intp),
        np.zeros(size, dtype=np.int16),
        *(np.zeros(size, dtype=np.bool_) for _ in range(4)),
    )
    for id_, source, given in read:
        due = schedule.due(source, given)
        found.sources[id_], found.years[id_] = place_of[source], end_year(given)
        found.is_future[id_], found.is_judged[id_] = is_after(given, of.day), due is not None
        found.is_overdue[id_] = due is not None and due < of.day
        found.is_long_overdue[id_] = due is not None and due < of.a_year_ago
    return found


def _read(database: sqlite3.Connection, row_of: dict[str, int], origins: _Origins, found: Statements) -> None:
    places = {field: place for place, field in enumerate(STATED_FIELDS)}
    read = database.execute(
        "SELECT centre_id, field, origin, count FROM fact"
        " WHERE certainty = 'stated' AND standing = '' AND about_id = ''"
    )
    while chunk := read.fetchmany(_CHUNK):
        ids, names, numbers, counts = zip(*chunk, strict=True)
        rows, said = np.array([row_of[id_] for id_ in ids]), np.array(numbers)
        sources, years = origins.sources[said], origins.years[said]
        words, bits = rows >> 6, np.uint64(1) << (rows & 63).astype(np.uint64)
        dated = years != NO_YEAR
        for by, chosen in (
            (found.said_by, np.ones(len(chunk), dtype=np.bool_)),
            (found.dated_by, dated),
            (found.recent_by, years >= found.since),
            (found.judged_by, origins.is_judged[said]),
            (found.overdue_by, origins.is_overdue[said]),
            (found.long_overdue_by, origins.is_long_overdue[said]),
        ):
            np.bitwise_or.at(by, (sources[chosen], words[chosen]), bits[chosen])
        found.future[rows[origins.is_future[said]]] = True
        fields = np.array([places.get(name, -1) for name in names])
        counted = (fields == places["equipment"]) & np.array([count is not None for count in counts])
        for chosen, of in ((fields >= 0, fields), (counted, np.full(len(chunk), places[MACHINES]))):
            np.bitwise_or.at(found.stated_by, (of[chosen], sources[chosen], words[chosen]), bits[chosen])
            known = chosen & dated
            np.minimum.at(found.first_year, (of[known], rows[known]), years[known])


def end_year(stated: str) -> int:
    """Return the year that a date names, of a period the last; ``NO_YEAR`` if it is no date."""
    day = last_day(stated)
    return day.year if day else NO_YEAR


def is_after(stated: str, today: date) -> bool:
    """Say whether a date, a month, a year or the end of a period is after ``today`` whatever day in it is meant."""
    end = stated.rpartition("/")[2]
    return is_dated(stated) and end > today.isoformat()[: len(end)]
