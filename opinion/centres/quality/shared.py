"""Holds how good the one catalogue of a process is: measured once, when it is first asked for.

Doubles take seconds, so nobody waits for them: the server looks for them beside, and from then on they are there.
"""

import threading
from dataclasses import dataclass, replace
from datetime import date

from opinion.centres.catalogues import Catalogue
from opinion.centres.doubles.queues import are_compared
from opinion.centres.inputs import inputs_in
from opinion.centres.quality.fixes import Fix, find_fixes
from opinion.centres.quality.measures import Measure, Quality, measure_catalogue, measure_doubles
from opinion.centres.quality.upkeep import MOST_RENEWALS, Renewal, Upkeep, find_renewals, find_upkeep
from opinion.centres.staleness import today

MOST_TASKS = 10

_measuring = threading.Lock()
_last: list[tuple[Catalogue, date, "Found"]] = []
_doubles: list[tuple[Catalogue, Measure]] = []


@dataclass(frozen=True, eq=False)
class Found:
    """The measures of a catalogue, and what to do next, the most useful first: at most ``MOST_TASKS`` things.

    ``renewals``: every source to renew, in the same order; the first few of them stand among the tasks.
    """

    quality: Quality
    tasks: tuple[Fix | Upkeep, ...]
    renewals: tuple[Renewal, ...]


def shared_quality(catalogue: Catalogue) -> Found:
    """Return what was found of ``catalogue`` today; one is remembered. Raises ``CatalogueError`` without its facts.

    Doubles are among it as soon as somebody has had them looked for, here or on the page Doubles.
    """
    day = today()
    if not any(known is catalogue for known, _ in _doubles) and are_compared(inputs_in(catalogue.folder)):
        return look_for_doubles(catalogue)
    with _measuring:  # or two first visitors would both wait for their own
        if not _last or _last[0][0] is not catalogue or _last[0][1] != day:
            doubles = next((measure for known, measure in _doubles if known is catalogue), None)
            _last[:] = [(catalogue, day, find_all(catalogue, measure_catalogue(catalogue, day), doubles))]
        return _last[0][2]


def look_for_doubles(catalogue: Catalogue) -> Found:
    """Return what was found of ``catalogue`` today, with its doubles, and have ``shared_quality`` know them too."""
    if not any(known is catalogue for known, _ in _doubles):
        _doubles[:] = [(catalogue, measure_doubles(catalogue))]
        with _measuring:
            _last.clear()
    return shared_quality(catalogue)


def find_all(catalogue: Catalogue, quality: Quality, doubles: Measure | None = None) -> Found:
    """Return measures, with those of doubles if they are known, and what to do next.

    Doubles, conflicts and the weightiest check always stand among the tasks, whatever they count.
    """
    if doubles is not None:
        quality = replace(quality, measures=(*quality.measures, doubles))
    upkeep, renewals = find_upkeep(catalogue, quality), find_renewals(catalogue, quality)
    always = [one for one in upkeep if one.kind in ("doubles", "conflicts")]
    always += [one for one in upkeep if one.kind == "check"][:1]
    others: list[Fix | Upkeep] = [
        *find_fixes(catalogue, MOST_TASKS),
        *(one.to_task() for one in renewals[:MOST_RENEWALS]),
    ]
    others.sort(key=_by_points)
    tasks = sorted([*always, *others[: max(MOST_TASKS - len(always), 0)]], key=_by_points)
    return Found(quality, tuple(tasks), tuple(renewals))


def _by_points(task: Fix | Upkeep) -> float:
    return -task.points
