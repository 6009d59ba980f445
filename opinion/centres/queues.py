"""Turns the file of all facts into lists of what a curator could look at: conflicts, overdue sources, odd values.

Each list is made with one query, and kept for the catalogue in memory: what it shows changes when that does.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

import pyarrow as pa

from opinion.centres.catalogues import Catalogue
from opinion.centres.conflicts import OUTWEIGHED, Conflict, find_conflicts, read_conflict_rules
from opinion.centres.dates import last_day
from opinion.centres.decisions import CORRECTIONS
from opinion.centres.fact_database import FACTS_DATABASE, Fact
from opinion.centres.imports.places import point_fault
from opinion.centres.inputs import TABLES
from opinion.centres.staleness import OverdueSource, Schedule, overdue_part, overdue_sources, schedule_of
from opinion.errors import CatalogueError

LIKELY_BEDS = 5000
"""More beds than this are looked at: a handful of hospitals in the world have them."""

_FACT = (
    "SELECT centre_id, field, value, count, certainty, source, address, date, code, standing, entered_by, about_id"
    " FROM fact JOIN origin ON origin.id = fact.origin"
)
_IN_ORDER = " ORDER BY centre_id, field, value, certainty, date DESC, source, code, standing, about_id"


@dataclass(frozen=True)
class InConflict:
    """A conflict, and the centre of which it is, by id and by its row in the catalogue."""

    centre_id: str
    row: int
    conflict: Conflict


@dataclass(frozen=True)
class OddValue:
    """A fact that looks wrong, and why: ``many_beds``, ``date_in_future``, or a fault of a point."""

    centre_id: str
    row: int
    fact: Fact
    fault: str


@dataclass(frozen=True)
class Superseded:
    """A correction of which a source has stated something else since, at a later date."""

    centre_id: str
    row: int
    correction: Fact
    newer: Fact


def all_facts(catalogue: Catalogue, condition: str = "", *values: str) -> Iterator[tuple[str, Fact]]:
    """Yield every fact with the id of its centre, in the order of ids, with those that do not count any more.

    ``condition`` narrows it in SQL, with ``?`` for each of ``values``. Raises ``CatalogueError`` if the file cannot be
    read. What is implied is not in it: it follows from what is stated.
    """
    path = catalogue.folder / FACTS_DATABASE
    sources = catalogue.known_sources
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            for centre_id, field, value, count, sure, id_, url, day, code, *kept in database.execute(
                f"{_FACT} {condition} {_IN_ORDER}", values
            ):
                source = sources[id_]
                yield centre_id, Fact(
                    field, value, count, sure, id_, source.title, source.publisher, source.address, url, day, code,
                    source.licence, *kept,
                )  # fmt: skip
    except sqlite3.Error as error:
        raise CatalogueError(f"{path} cannot be read ({error}). Run `python -m opinion centres build`.") from None


@lru_cache(maxsize=1)
def conflicts_of(catalogue: Catalogue) -> tuple[InConflict, ...]:
    """Return every conflict between sources, by field as the rule has them (numbers first), then by name of centre."""
    rules = read_conflict_rules(TABLES)
    fields = ", ".join("?" * len(rules.steps))
    several = (
        f"WHERE certainty = 'stated' AND standing IN ('', '{OUTWEIGHED}') AND"
        f" (field IN ({fields}) OR field = 'name_other') AND centre_id IN"
        " (SELECT centre_id FROM fact WHERE certainty = 'stated' AND standing IN ('', 'outweighed')"
        f" AND field IN ({fields}) GROUP BY centre_id, field, CASE field WHEN 'equipment' THEN value END"
        " HAVING COUNT(DISTINCT CASE field WHEN 'equipment' THEN count ELSE value END) > 1)"
    )
    rows = _rows(catalogue)
    found = [
        InConflict(centre_id, rows[centre_id], conflict)
        for centre_id, facts in groupby(
            all_facts(catalogue, several, *rules.steps, *rules.steps), key=lambda pair: pair[0]
        )
        for conflict in find_conflicts(rules, [fact for _, fact in facts])
    ]
    order = list(rules.steps)
    return tuple(sorted(found, key=lambda each: (order.index(each.conflict.field), each.row)))


def schedule(catalogue: Catalogue) -> Schedule:
    """Return when the sources of a catalogue are renewed."""
    return schedule_of(catalogue.known_sources, TABLES)


@lru_cache(maxsize=1)
def overdue_of(catalogue: Catalogue, day: date) -> tuple[OverdueSource, ...]:
    """Return the sources of which a newer release should be out on ``day``, those with most centres first."""
    return tuple(overdue_sources(schedule(catalogue), catalogue.known_sources, _stated(catalogue), day))


@lru_cache(maxsize=1)
def _stated(catalogue: Catalogue) -> tuple[tuple[str, str, str, int], ...]:
    """Return for each source, date and centre the number of facts that count."""
    path = catalogue.folder / FACTS_DATABASE
    query = (
        "SELECT source, date, centre_id, COUNT(*) FROM fact JOIN origin ON origin.id = fact.origin"
        " WHERE certainty = 'stated' AND standing = '' AND about_id = '' GROUP BY source, date, centre_id"
    )
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            return tuple(database.execute(query).fetchall())
    except sqlite3.Error as error:
        raise CatalogueError(f"{path} cannot be read ({error}). Run `python -m opinion centres build`.") from None


@lru_cache(maxsize=1)
def most_overdue(catalogue: Catalogue, source: str, day: date) -> tuple[tuple[int, int], ...]:
    """Return the row of each centre with overdue facts of a source, and how many, the most first, then by name."""
    rows, times = _rows(catalogue), schedule(catalogue)
    counts: Counter[int] = Counter()
    for id_, given, centre_id, count in _stated(catalogue):
        if id_ == source and times.is_overdue(id_, given, day):
            counts[rows[centre_id]] += count
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


@lru_cache(maxsize=1)
def overdue_rows(catalogue: Catalogue, day: date) -> tuple[str, ...]:
    """Return for each row how much of what is stated of it is overdue, as ``overdue_part`` does."""
    due = zip(*(_days(catalogue.table, name) for name in ("due_first", "due_last")), strict=True)
    return tuple(overdue_part(first, last, day) for first, last in due)


def _days(table: pa.Table, name: str) -> list[date | None]:
    days: list[date | None] = table.column(name).to_pylist()
    return days


@lru_cache(maxsize=1)
def odd_values(catalogue: Catalogue, day: date) -> tuple[OddValue, ...]:
    """Return stated values that look wrong: points outside of their country, very many beds, dates in the future."""
    rows = _rows(catalogue)
    countries = catalogue.table.column("country_code").combine_chunks()
    codes, names = countries.indices.to_pylist(), countries.dictionary.to_pylist()
    found = []
    where = (
        "WHERE certainty = 'stated' AND standing = '' AND about_id = '' AND"
        f" (field = 'point' OR (field = 'beds' AND CAST(value AS INTEGER) > {LIKELY_BEDS}) OR date > ?)"
    )
    for centre_id, fact in all_facts(catalogue, where, day.isoformat()):
        row = rows[centre_id]
        if fact.field == "point":
            lat, lon, _ = fact.value.split(",")
            fault = point_fault(float(lat), float(lon), names[codes[row]])
            if fault:
                found.append(OddValue(centre_id, row, fact, fault))
        if fact.field == "beds" and int(fact.value) > LIKELY_BEDS:
            found.append(OddValue(centre_id, row, fact, "many_beds"))
        first = fact.source_date.partition("/")[0]
        if last_day(fact.source_date) is not None and (first + "-01-01")[:10] > day.isoformat():
            found.append(OddValue(centre_id, row, fact, "date_in_future"))
    return tuple(sorted(found, key=lambda each: each.row))


@lru_cache(maxsize=1)
def superseded_corrections(catalogue: Catalogue) -> tuple[Superseded, ...]:
    """Return the corrections of which a source states something else at a later date: they may be out of date."""
    rows = _rows(catalogue)
    where = (
        "WHERE standing IN ('', 'corrected') AND certainty = 'stated' AND (centre_id, field) IN (SELECT centre_id,"
        " field FROM fact JOIN origin ON origin.id = fact.origin WHERE source = ? AND standing = '')"
    )
    found = []
    for (centre_id, _), pairs in groupby(
        all_facts(catalogue, where, CORRECTIONS), key=lambda pair: (pair[0], pair[1].field)
    ):
        facts = [fact for _, fact in pairs]
        for correction in (fact for fact in facts if fact.source == CORRECTIONS and not fact.standing):
            day = last_day(correction.source_date)
            later = [
                fact
                for fact in facts
                if fact.standing and (fact.value, fact.count) != (correction.value, correction.count)
                and day is not None and (last_day(fact.source_date) or date.min) > day
            ]  # fmt: skip
            if later:
                found.append(Superseded(centre_id, rows[centre_id], correction, later[0]))
    return tuple(found)


def row_or_none(catalogue: Catalogue, centre_id: str) -> int | None:
    """Return the row of a centre, also by the id of a double; ``None`` if there is none any more."""
    return _rows(catalogue).get(catalogue.folded.get(centre_id, centre_id))


@lru_cache(maxsize=1)
def _rows(catalogue: Catalogue) -> dict[str, int]:
    return {id_: row for row, id_ in enumerate(catalogue.table.column("centre_id").to_pylist())}
