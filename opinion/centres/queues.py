"""Turns the file of all facts into lists of what a curator could look at: conflicts, overdue sources, old corrections.

Each list is made with one query, and kept for the catalogue in memory: what it shows changes when that does.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

import pyarrow as pa

from opinion.centres.catalogues import Catalogue
from opinion.centres.conflicts import OUTWEIGHED, Conflict, find_conflicts, read_conflict_rules
from opinion.centres.dates import last_day
from opinion.centres.decisions import CORRECTIONS, read_revisions
from opinion.centres.fact_database import FACTS_DATABASE, Fact, open_facts
from opinion.centres.gaps import Gap, gap_of
from opinion.centres.inputs import TABLES, inputs_in
from opinion.centres.staleness import OverdueSource, Schedule, overdue_part, overdue_sources, schedule_of

_FACT = (
    "SELECT centre_id, field, value, count, certainty, source, address, date, code, standing, entered_by, about_id"
    " FROM fact JOIN origin ON origin.id = fact.origin"
)
_AMONG = "WHERE centre_id IN (SELECT value FROM json_each(?))"
_IN_ORDER = " ORDER BY centre_id, field, value, certainty, date DESC, source, code, standing, about_id"


@dataclass(frozen=True)
class InConflict:
    """A conflict, how far apart its sides are, and the centre of which it is, by id and by its row in the catalogue."""

    centre_id: str
    row: int
    conflict: Conflict
    gap: Gap


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
    with open_facts(path, catalogue.stamp) as database:
        for centre_id, field, value, count, sure, id_, url, day, code, *kept in database.execute(
            f"{_FACT} {condition} {_IN_ORDER}", values
        ):
            source = sources[id_]
            yield centre_id, Fact(
                field, value, count, sure, id_, source.title, source.publisher, source.address, url, day, code,
                source.licence, *kept,
            )  # fmt: skip


def facts_among(catalogue: Catalogue, ids: Sequence[str]) -> Iterator[tuple[str, Fact]]:
    """Yield the same for the centres of these ids alone."""
    return all_facts(catalogue, _AMONG, json.dumps(list(ids)))


def count_facts(catalogue: Catalogue, ids: Sequence[str]) -> int:
    """Return how many facts ``facts_among`` yields."""
    path = catalogue.folder / FACTS_DATABASE
    with open_facts(path, catalogue.stamp) as database:
        return int(database.execute(f"SELECT count(*) FROM fact {_AMONG}", (json.dumps(list(ids)),)).fetchone()[0])


@lru_cache(maxsize=1)
def conflicts_of(catalogue: Catalogue) -> tuple[InConflict, ...]:
    """Return every conflict between sources that nobody has decided, the widest gap first, then by name of centre.

    One that a curator accepted is not among them as long as sources state the same values; one that a correction
    settled is not at all: what a source states since stands in ``superseded_corrections``.
    """
    rules = read_conflict_rules(TABLES)
    accepted = accepted_in(catalogue)
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
        InConflict(centre_id, rows[centre_id], conflict, gap_of(conflict))
        for centre_id, facts in groupby(
            all_facts(catalogue, several, *rules.steps, *rules.steps), key=lambda pair: pair[0]
        )
        for conflict in find_conflicts(rules, [fact for _, fact in facts])
        if is_open(centre_id, conflict, accepted)
    ]
    return tuple(sorted(found, key=lambda each: (-each.gap.share, -each.gap.amount, each.row)))


def is_open(centre_id: str, conflict: Conflict, accepted: frozenset[tuple[str, str, str]]) -> bool:
    """Say whether nobody has decided a conflict yet. ``accepted``: by ``accepted_in``."""
    return not conflict.is_settled and (centre_id, conflict.field, conflict.values) not in accepted


def accepted_in(catalogue: Catalogue) -> frozenset[tuple[str, str, str]]:
    """Return where sources may go on to disagree, as centre, field and ``Conflict.values``."""
    known = read_revisions(inputs_in(catalogue.folder).decisions).accepted
    return frozenset((catalogue.folded.get(id_, id_), field, values) for id_, field, values in known)


def schedule(catalogue: Catalogue) -> Schedule:
    """Return when the sources of a catalogue are renewed."""
    return schedule_of(catalogue.known_sources, TABLES)


@lru_cache(maxsize=1)
def overdue_of(catalogue: Catalogue, day: date) -> tuple[OverdueSource, ...]:
    """Return the sources of which a newer release should be out on ``day``, those with most centres first.

    In the order of use, as people are shown them, they stand in ``quality.upkeep``.
    """
    return tuple(overdue_sources(schedule(catalogue), catalogue.known_sources, _stated(catalogue), day))


@lru_cache(maxsize=1)
def _stated(catalogue: Catalogue) -> tuple[tuple[str, str, str, int], ...]:
    """Return for each source, date and centre the number of facts that count."""
    path = catalogue.folder / FACTS_DATABASE
    query = (
        "SELECT source, date, centre_id, COUNT(*) FROM fact JOIN origin ON origin.id = fact.origin"
        " WHERE certainty = 'stated' AND standing = '' AND about_id = '' GROUP BY source, date, centre_id"
    )
    with open_facts(path, catalogue.stamp) as database:
        return tuple(database.execute(query).fetchall())


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
def superseded_corrections(catalogue: Catalogue) -> tuple[Superseded, ...]:
    """Return the corrections of which a source states something else at a later date: they may be out of date.

    That is what the correction took the place of, and what the other entry of the same centre states.
    """
    rows, rules = _rows(catalogue), read_conflict_rules(TABLES)
    where = (
        f"WHERE standing IN ('', 'corrected', '{OUTWEIGHED}') AND certainty = 'stated' AND centre_id IN (SELECT"
        " centre_id FROM fact JOIN origin ON origin.id = fact.origin WHERE source = ? AND standing = '')"
    )
    found = []
    for centre_id, pairs in groupby(all_facts(catalogue, where, CORRECTIONS), key=lambda pair: pair[0]):
        facts = [fact for _, fact in pairs]
        others = {each.chosen: each.facts[1:] for each in find_conflicts(rules, facts) if each.is_settled}
        for correction in (fact for fact in facts if fact.source == CORRECTIONS and not fact.standing):
            day = last_day(correction.source_date)
            replaced = [fact for fact in facts if fact.standing == "corrected" and fact.field == correction.field]
            later = [
                fact
                for fact in (*replaced, *others.get(correction, ()))
                if (fact.value, fact.count) != (correction.value, correction.count)
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
