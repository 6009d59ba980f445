"""Turns measures into what keeps the catalogue right: sources to renew, doubles, conflicts, values that break a check.

Its use is counted in the unit of ``fixes``: a filter that finds somebody counts by the share of its centres whose
answer rests on what is to be mended, with the weight of its country. Each thing to mend looks at the filters it can
change: of disease areas and equipment in a country, of bands of beds in a country, or of a distance there.
"""

from dataclasses import dataclass

import numpy as np

from opinion.centres.catalogues import BEDS_BANDS, UNKNOWN, Catalogue
from opinion.centres.focuses import STATED
from opinion.centres.quality.checks import CHECKS
from opinion.centres.quality.fixes import by_country, country_weights
from opinion.centres.quality.measures import Quality
from opinion.centres.queues import overdue_of
from opinion.centres.rowsets import Words, count_rows, union
from opinion.centres.staleness import OverdueSource

MOST_RENEWALS = 3
"""So many sources to renew stand among what to do next: the others can wait for these."""


@dataclass(frozen=True)
class Renewal:
    """A source of which a newer release should be out, and ``points``: the filters whose answers rest on it."""

    overdue: OverdueSource
    points: float

    def to_task(self) -> "Upkeep":
        """Return the renewal as a thing to do."""
        return Upkeep("renew", self.overdue.source.id, self.overdue.centres, self.points)


@dataclass(frozen=True)
class Upkeep:
    """Something to mend. ``kind``: ``renew`` (``about`` is a source), ``doubles``, ``conflicts`` or ``check`` (its id).

    ``centres``: how many it is about. ``points``: the filters whose answers it would set right, by shares.
    """

    kind: str
    about: str
    centres: int
    points: float


def find_upkeep(catalogue: Catalogue, quality: Quality) -> list[Upkeep]:
    """Return everything to mend that there is but sources to renew, the most useful first."""
    found = [
        Upkeep(
            "check", check.id, count_rows(check.faulty), answers_resting_on(catalogue, check.faulty, CHECKS[check.id])
        )
        for check in quality.of("valid")
    ]
    for kind, dimension in (("conflicts", "agreeing"), ("doubles", "unique")):
        if measures := quality.of(dimension):
            rows = union(np.stack([measure.faulty for measure in measures]))
            points = sum(
                answers_resting_on(catalogue, each.faulty, each.id if kind == "conflicts" else "") for each in measures
            )
            found.append(Upkeep(kind, "", count_rows(rows), points))
    found = [one for one in found if one.centres]
    return sorted(found, key=lambda one: (-one.points, one.kind, one.about))


def answers_resting_on(catalogue: Catalogue, rows: Words, field: str = "") -> float:
    """Return how many filters, by shares and with the weights of countries, find centres of ``rows``.

    ``field``: count only the filters that ask for it, 0 where none does; ``""``: those of disease areas and equipment.
    """
    weights = country_weights(catalogue)
    found = 0.0
    for answering in _filters_of(catalogue, field):
        of = by_country(catalogue, answering)
        found += float((weights * by_country(catalogue, answering & rows) / np.maximum(of, 1)).sum())
    return found


def _filters_of(catalogue: Catalogue, field: str) -> list[Words]:
    if not field:
        return [*catalogue.reached[STATED[-1]], *catalogue.equipped["implied"]]
    bands = [rows for band, rows in zip(BEDS_BANDS, catalogue.facets["beds"].sets, strict=True) if band != UNKNOWN]
    return {"beds": bands, "point": [catalogue.placed]}.get(field, [])


def find_renewals(catalogue: Catalogue, quality: Quality) -> list[Renewal]:
    """Return the sources to renew, those on which most answers rest first, then those of most centres."""
    answers = dict(zip(catalogue.known_sources, quality.overdue_answers, strict=True))
    found = [
        Renewal(each, answers_resting_on(catalogue, answers[each.source.id]))
        for each in overdue_of(catalogue, quality.day)
    ]
    return sorted(found, key=lambda one: -one.points)
