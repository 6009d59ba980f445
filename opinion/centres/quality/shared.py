"""Holds how good the one catalogue of a process is: measured once, when it is first asked for."""

import threading
from dataclasses import dataclass
from datetime import date

from opinion.centres.catalogues import Catalogue
from opinion.centres.quality.fixes import Fix, find_fixes
from opinion.centres.quality.measures import Quality, measure_catalogue
from opinion.centres.quality.upkeep import Upkeep, find_upkeep
from opinion.centres.staleness import today

MOST_TASKS = 10

_measuring = threading.Lock()
_last: list[tuple[Catalogue, date, "Found"]] = []


@dataclass(frozen=True, eq=False)
class Found:
    """The measures of a catalogue, and what to do next, the most useful first: at most ``MOST_TASKS`` things."""

    quality: Quality
    tasks: tuple[Fix | Upkeep, ...]


def shared_quality(catalogue: Catalogue) -> Found:
    """Return what was found of ``catalogue`` today; one is remembered. Raises ``CatalogueError`` without its facts."""
    day = today()
    with _measuring:  # or two first visitors would both wait for their own
        if not _last or _last[0][0] is not catalogue or _last[0][1] != day:
            _last[:] = [(catalogue, day, find_all(catalogue, day))]
        return _last[0][2]


def find_all(catalogue: Catalogue, day: date) -> Found:
    """Return what is found of ``catalogue`` on a day.

    Doubles, conflicts and the check that most values break always stand among the tasks, whatever they count.
    """
    quality = measure_catalogue(catalogue, day)
    upkeep = find_upkeep(catalogue, quality)
    always = [one for one in upkeep if one.kind in ("doubles", "conflicts")]
    always += [one for one in upkeep if one.kind == "check"][:1]
    others: list[Fix | Upkeep] = [*find_fixes(catalogue, MOST_TASKS), *(one for one in upkeep if one.kind == "renew")]
    others.sort(key=_by_points)
    return Found(quality, tuple(sorted([*always, *others[: max(MOST_TASKS - len(always), 0)]], key=_by_points)))


def _by_points(task: Fix | Upkeep) -> float:
    return -task.points
