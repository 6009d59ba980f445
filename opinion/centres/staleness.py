"""Turns the dates of facts into which are overdue: a newer release of their source should be out by now.

By ``data/centres/refresh.toml``, where each source has its interval by the publisher's own word. Where that is unknown
nothing is ever called overdue. What depends on today is never packed: packed files hold the days when facts are due.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from opinion.centres.dates import add_months, last_day
from opinion.centres.sources import Source
from opinion.errors import CatalogueError

REFRESH = "refresh.toml"


@dataclass(frozen=True)
class Refresh:
    """How often a source is renewed.

    ``months`` between releases, ``None`` unknown; ``lag_months`` from the end of a period to its release; ``newer``:
    the date of a later release that is known to be out. ``counts_from``: ``"copy"`` where a date tells when a record
    last changed, so that the copy's date counts. ``text``: what the publisher says of it, at ``address``.
    """

    id: str
    text: str
    address: str
    months: int | None = None
    lag_months: int = 0
    newer: str = ""
    counts_from: str = ""


@dataclass(frozen=True)
class Schedule:
    """The intervals of sources by id, and the date of the copy that was read of each."""

    refreshes: Mapping[str, Refresh]
    published: Mapping[str, str]

    def due(self, source: str, given: str) -> date | None:
        """Return the last day on which a fact of this date is not overdue; ``None`` if nobody can say."""
        refresh = self.refreshes.get(source)
        day = last_day(given)
        if refresh is None:
            return None
        if refresh.counts_from == "copy":
            copy = last_day(self.published.get(source, ""))
            day = max(filter(None, (day, copy)), default=None)
        if day is None:
            return None
        newer = last_day(refresh.newer)
        known = [newer] if newer is not None and day < newer else []
        if refresh.months is not None:
            known.append(add_months(day, refresh.months + refresh.lag_months))
        return min(known, default=None)

    def is_overdue(self, source: str, given: str, today: date) -> bool:
        """Say whether a newer release should be out; ``False`` also where that is not known."""
        due = self.due(source, given)
        return due is not None and due < today

    def due_range(self, dated: Iterable[tuple[str, str]]) -> tuple[date | None, date | None]:
        """Return the first and the last day on which one of some facts, as (source, date), is due.

        The first of those that are known; the last only if all are: one that nobody can judge may be current.
        """
        due = [self.due(source, given) for source, given in dated]
        known = [day for day in due if day is not None]
        return min(known, default=None), max(known) if known and len(known) == len(due) else None


@dataclass(frozen=True)
class OverdueSource:
    """A source of which a newer release should be out: how many facts of how many centres hang on it.

    ``since``: the day on which the newest of them was due.
    """

    source: Source
    refresh: Refresh
    since: date
    facts: int
    centres: int


def today() -> date:
    """Return this day, in UTC."""
    return datetime.now(UTC).date()


def overdue_part(first: date | None, last: date | None, day: date) -> str:
    """Return how much of what a centre's sources state is overdue: ``"all"``, ``"some"``; ``""`` if nothing known is.

    ``first``, ``last``: as ``due_range`` gives them, and as they stand in the packed columns.
    """
    if first is None or first >= day:
        return ""
    return "all" if last is not None and last < day else "some"


def months_overdue(due: date, day: date) -> int:
    """Return how many whole months ``day`` is after ``due``; 0 if it is less than one, or not after it."""
    months = 12 * (day.year - due.year) + day.month - due.month
    return max(months - (add_months(due, months) > day), 0)


@lru_cache(maxsize=8)
def read_refreshes(tables: Path) -> dict[str, Refresh]:
    """Return what is known of the renewal of sources, by id. Raises ``CatalogueError`` if the file is faulty."""
    path = tables / REFRESH
    try:
        blocks = tomllib.loads(path.read_text("utf-8"))["source"]
        found = {block["id"]: Refresh(**block) for block in blocks}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CatalogueError(f"{path}: {error}. Restore it: it says how often sources are renewed.") from None
    for refresh in found.values():
        if refresh.newer and last_day(refresh.newer) is None:
            raise CatalogueError(f"{path}, source {refresh.id!r}: newer = {refresh.newer!r} is no date.")
        if (refresh.months is not None or refresh.newer) and not refresh.address:
            raise CatalogueError(f"{path}, source {refresh.id!r}: the address is missing. Say who says so.")
    return found


def schedule_of(sources: Mapping[str, Source], tables: Path) -> Schedule:
    """Return the schedule of ``sources`` by the file in the folder ``tables``."""
    return Schedule(read_refreshes(tables), {source.id: source.published for source in sources.values()})


def overdue_sources(
    schedule: Schedule, sources: Mapping[str, Source], stated: Iterable[tuple[str, str, str, int]], day: date
) -> list[OverdueSource]:
    """Return the sources with overdue facts, those on which most centres hang first.

    ``stated``: for each source, date and centre the number of facts, as (source, date, centre id, facts).
    """
    facts: Counter[str] = Counter()
    centres: dict[str, set[str]] = {}
    since: dict[str, date] = {}
    for source, given, centre_id, count in stated:
        due = schedule.due(source, given)
        if due is not None and due < day:
            facts[source] += count
            centres.setdefault(source, set()).add(centre_id)
            since[source] = max(due, since.get(source, due))
    found = [
        OverdueSource(sources[id_], schedule.refreshes[id_], since[id_], facts[id_], len(centres[id_])) for id_ in facts
    ]
    return sorted(found, key=lambda each: (-each.centres, -each.facts, each.source.id))
