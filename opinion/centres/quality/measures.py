"""Turns a catalogue into measures: of how many centres something is known, can be right, is new; by country and source.

A measure is two sets of rows: those it is about, and those of them that are as they should be. So every share has its
denominator, and what is unknown is never counted as wrong: a check is only about centres whose value is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from opinion.centres.catalogues import BEDS_BANDS, UNKNOWN, Catalogue, source_sets
from opinion.centres.conflicts import read_conflict_rules
from opinion.centres.coverage import points_worked_out
from opinion.centres.doubles.queues import read_proposals
from opinion.centres.focuses import STATED
from opinion.centres.inputs import TABLES, inputs_in
from opinion.centres.quality.agreements import find_agreements
from opinion.centres.quality.checks import CHECKS, NOTES, check_catalogue
from opinion.centres.quality.statements import MACHINES, NO_YEAR, STATED_FIELDS, Statements, read_statements
from opinion.centres.rowsets import Words, count_rows, pack_rows, union
from opinion.centres.staleness import schedule_of

BY_FAULTS = ("valid", "noted", "unique", "agreeing")
"""The dimensions that are told by the centres that are not as they should be; the others by the share that is."""

COMPLETE = ("disease_area", "equipment", MACHINES, "beds", "city", "point", "website")
"""The fields of which something should be known of every centre."""


@dataclass(frozen=True, eq=False)
class Measure:
    """``good`` of ``of`` centres are as they should be.

    ``id``: the field that is known or agreed on, the check that is kept, or which facts are fresh. ``by_country``: good
    and of × countries of the catalogue. ``by_source``: good and of × ``Catalogue.known_sources``, of what that source
    states itself. ``faulty``: the rows that are not as they should be.
    """

    dimension: str
    id: str
    good: int
    of: int
    by_country: NDArray[np.int64]
    by_source: NDArray[np.int64]
    faulty: Words


@dataclass(frozen=True, eq=False)
class Quality:
    """All measures of a catalogue on ``day``; doubles are among them only where they were looked for.

    ``known_by_year``: for each field of ``COMPLETE`` the centres of which a fact of that year or before states it, by
    year, ascending; ``undated``: those of which only facts without a year do. ``overdue_answers``: for each of
    ``Catalogue.known_sources`` the rows of which it states a disease area or equipment, and something is overdue.
    """

    day: date
    size: int
    measures: tuple[Measure, ...]
    years: tuple[int, ...]
    known_by_year: dict[str, tuple[int, ...]]
    undated: dict[str, int]
    overdue_answers: Words

    def of(self, dimension: str) -> list[Measure]:
        """Return the measures of one dimension, in their order."""
        return [measure for measure in self.measures if measure.dimension == dimension]

    def one(self, dimension: str, id: str) -> Measure:
        """Return one measure. Raises ``KeyError`` if there is none."""
        found = {(measure.dimension, measure.id): measure for measure in self.measures}
        return found[dimension, id]


def measure_catalogue(catalogue: Catalogue, today: date) -> Quality:
    """Return all measures but doubles, as of ``today``. Raises ``CatalogueError`` if facts cannot be read."""
    statements = read_statements(catalogue, schedule_of(catalogue.known_sources, TABLES), today)
    years, known, undated = _known_by_year(statements)
    measures = (
        *_complete(catalogue, statements),
        *_valid(catalogue, statements),
        *_fresh(catalogue, statements),
        *_agreeing(catalogue, statements),
    )
    answering = statements.rows_stating("disease_area") | statements.rows_stating("equipment")
    overdue = statements.overdue_by & answering
    return Quality(today, catalogue.size, measures, years, known, undated, overdue)


def measure_doubles(catalogue: Catalogue) -> Measure:
    """Return of how many centres nobody has decided whether they stand twice: they are in the queue of ``doubles``.

    Takes seconds where it was not asked before. Raises ``CatalogueError`` if the tables or decisions are faulty.
    """
    row_of = {id_: row for row, id_ in enumerate(catalogue.table.column("centre_id").to_pylist())}
    once = np.ones(catalogue.size, dtype=np.bool_)
    for proposal in read_proposals(inputs_in(catalogue.folder)):
        for id_ in proposal.pair:
            row = row_of.get(catalogue.folded.get(id_, id_))
            if row is not None:  # what was decided since the catalogue was packed is not in it yet
                once[row] = False
    listed, rows = _listed_by(catalogue), pack_rows(once)
    return _measured(catalogue, "unique", "centre", rows, catalogue.all_rows, listed & rows, listed)


def known_rows(catalogue: Catalogue) -> dict[str, Words]:
    """Return for each field of ``COMPLETE`` the rows of which it is known.

    Areas and equipment: stated, or implied by what is stated. ``machines``: how many of something there are. ``beds``:
    0 is unknown. ``point``: its own, not worked out from its town or postal area.
    """
    table = catalogue.table
    beds = list(BEDS_BANDS).index(UNKNOWN)

    def filled(column: str) -> Words:
        return pack_rows(pc.not_equal(table.column(column), "").to_numpy())

    return {
        "disease_area": catalogue.any_area[STATED[-1]],
        "equipment": union(catalogue.equipped["implied"]),
        MACHINES: filled("equipment_counts"),
        "beds": catalogue.all_rows & ~catalogue.facets["beds"].sets[beds],
        "city": filled("city"),
        "point": catalogue.placed & ~points_worked_out(catalogue),
        "website": filled("website"),
    }


def _complete(catalogue: Catalogue, statements: Statements) -> Iterator[Measure]:
    listed = statements.said_by
    for field, known in known_rows(catalogue).items():
        stating = statements.rows_stating(field)
        yield _measured(catalogue, "complete", field, known, catalogue.all_rows, stating, listed)


def _valid(catalogue: Catalogue, statements: Statements) -> Iterator[Measure]:
    listed = statements.said_by
    for check in check_catalogue(catalogue, statements):
        stating = listed
        if CHECKS[check.id]:
            stating = statements.rows_stating(CHECKS[check.id])
        kept = check.of & ~check.faulty
        dimension = "noted" if check.id in NOTES else "valid"
        yield _measured(catalogue, dimension, check.id, kept, check.of, stating & kept, stating & check.of)


def _fresh(catalogue: Catalogue, statements: Statements) -> Iterator[Measure]:
    listed = statements.said_by
    newest = catalogue.newest_year
    for id_, rows, by in (
        ("dated", newest != NO_YEAR, statements.dated_by),
        ("recent", newest >= statements.since, statements.recent_by),
    ):
        yield _measured(catalogue, "fresh", id_, pack_rows(rows), catalogue.all_rows, by, listed)
    due = catalogue.table.column("due_first")
    known = pack_rows(due.is_valid().to_numpy())
    for id_, day, by in (
        ("not_overdue", statements.day, statements.overdue_by),
        ("not_long_overdue", statements.a_year_ago, statements.long_overdue_by),
    ):
        kept = ~pack_rows(pc.fill_null(pc.less(due, day), False).to_numpy())
        yield _measured(catalogue, "fresh", id_, kept, known, ~by, statements.judged_by)


def _agreeing(catalogue: Catalogue, statements: Statements) -> Iterator[Measure]:
    for one in find_agreements(catalogue, read_conflict_rules(TABLES)):
        field = MACHINES if one.field == "equipment" else one.field
        stating = statements.rows_stating(field)
        yield _measured(catalogue, "agreeing", field, ~one.faulty, one.of, stating & ~one.faulty, stating & one.of)


def _listed_by(catalogue: Catalogue) -> Words:
    """Return for every source, those that do not ship too, the rows that it states anything about."""
    return source_sets(catalogue.table, list(catalogue.known_sources))


def _measured(
    catalogue: Catalogue, dimension: str, id_: str, good: Words, of: Words, source_good: Words, source_of: Words
) -> Measure:
    return Measure(
        dimension,
        id_,
        count_rows(good & of),
        count_rows(of),
        np.stack((_counts(catalogue.country_rows & good & of), _counts(catalogue.country_rows & of))),
        np.stack((_counts(source_good & source_of), _counts(source_of))),
        of & ~good,
    )


def _counts(sets: Words) -> NDArray[np.int64]:
    counts: NDArray[np.int64] = np.bitwise_count(sets).sum(axis=1, dtype=np.int64)
    return counts


def _known_by_year(statements: Statements) -> tuple[tuple[int, ...], dict[str, tuple[int, ...]], dict[str, int]]:
    first = {field: statements.first_year[STATED_FIELDS.index(field)] for field in COMPLETE}
    found = sorted({int(year) for line in first.values() for year in np.unique(line)} - {NO_YEAR})
    years = tuple(range(found[0], found[-1] + 1)) if found else ()
    known = {
        field: tuple(int(((line != NO_YEAR) & (line <= year)).sum()) for year in years) for field, line in first.items()
    }
    undated = {
        field: count_rows(pack_rows(line == NO_YEAR) & union(statements.rows_stating(field)))
        for field, line in first.items()
    }
    return years, known, undated
