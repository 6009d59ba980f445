"""Turns the wishes that must be met into packed sets of rows, with three values: met, failed, and not known.

No source says that a centre lacks a machine or a title, so these are never failed. Only a country, a known distance
and a known number of beds can be.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from opinion.centres.catalogues import Catalogue
from opinion.centres.packing import EQUIPMENT_BITS
from opinion.centres.rowsets import Words, count_rows, pack_rows, union
from opinion.matching.cases import Case
from opinion.matching.places import Places, rows_of_country
from opinion.matching.tiers import Tiers
from opinion.matching.weights import RankingRules

AREA = "disease_area"
GROWN_UPS = "grown_ups"
NOT_WISHED = (AREA, GROWN_UPS)
"""Musts that nobody asked for: the case itself does."""


@dataclass(frozen=True, eq=False)
class Must:
    """A wish that must be met, by its key and value. ``met`` and ``failed`` are packed sets; the rest is not known.

    ``instead`` gives the rows that count when the person takes it back, ``None`` if they cannot.
    """

    wish: str
    values: tuple[str, ...]
    met: Words
    failed: Words
    instead: Callable[[], Words] | None


@dataclass(frozen=True)
class Relaxation:
    """A wish without which ``count`` centres would be listed."""

    wish: str
    values: tuple[str, ...]
    count: int


def make_musts(catalogue: Catalogue, case: Case, places: Places, tiers: Tiers, rules: RankingRules) -> tuple[Must, ...]:
    """Return all musts of a case, those of ``NOT_WISHED`` first."""
    nobody = np.zeros_like(catalogue.all_rows)

    def anybody() -> Words:
        return catalogue.all_rows

    def in_reach() -> Words:
        """Return whom taking back a wish for a place leaves: abroad stays within reach unless the person says yes."""
        if case.abroad == "yes":
            return catalogue.all_rows
        return reach(catalogue, places, rules.shares["distance"]["reach_km"])

    found = [Must(AREA, (case.disease_area,), tiers.known, ~tiers.possible, None)]
    if tiers.for_children.any():
        found.append(Must(GROWN_UPS, (), ~tiers.for_children, nobody, None))
    for item in case.equipment:
        found.append(Must("equipment", (item,), catalogue.equipped["implied"][EQUIPMENT_BITS[item]], nobody, anybody))
    if case.countries:
        inside = union(np.stack([rows_of_country(catalogue, code) for code in case.countries]))
        found.append(Must("countries", case.countries, inside, ~inside, in_reach))
    if case.abroad == "no":
        found.append(Must("abroad", ("no",), places.home, ~places.home, in_reach))
    elif case.abroad == "if_needed" and not case.countries:
        near = in_reach()
        found.append(Must("abroad", ("if_needed",), near, ~near, anybody))
    if case.max_distance_km is not None and places.origin.kind == "city":
        near = places.within(case.max_distance_km)
        values = (f"{case.max_distance_km:g}",)
        found.append(Must("max_distance_km", values, near, catalogue.placed & ~near, anybody))
    titles = catalogue.facets["designation"]
    if case.designations:
        held = union(titles.sets[titles.of(case.designations)])
        found.append(Must("designations", case.designations, held, nobody, anybody))
    if case.accredited:
        accrediting = [
            id_ for id_, one in rules.recognitions.items() if one.accredits and one.counts_for(case.disease_area)
        ]
        held = union(titles.sets[titles.of(accrediting)]) if accrediting else nobody
        found.append(Must("accredited", ("true",), held, nobody, anybody))
    if case.min_beds:
        enough = pack_rows(catalogue.beds >= case.min_beds)
        found.append(Must("min_beds", (str(case.min_beds),), enough, pack_rows(catalogue.beds > 0) & ~enough, anybody))
    if case.teaching:
        found.append(Must("teaching", ("true",), catalogue.facets["teaching"].sets[0], nobody, anybody))
    return tuple(found)


def reach(catalogue: Catalogue, places: Places, km: float) -> Words:
    """Return the rows at home, and those abroad not known to be farther than ``km``; all if no origin is known.

    A centre with no known point is as far as the nearest centre of its country.
    """
    if places.origin.kind == "nowhere":
        return catalogue.all_rows
    near = places.within(km)
    touched = np.bitwise_or.reduce(catalogue.country_rows & near, axis=1).astype(np.bool_)
    return places.home | near | (union(catalogue.country_rows[touched]) & ~catalogue.placed)


def meets_all(musts: tuple[Must, ...]) -> Words:
    """Return the rows that are known to meet every must."""
    met: Words = np.bitwise_and.reduce([must.met for must in musts], axis=0)
    return met


def fails_none(catalogue: Catalogue, musts: tuple[Must, ...]) -> Words:
    """Return the rows that are not known to fail any must."""
    left = catalogue.all_rows
    for must in musts:
        left = left & ~must.failed
    return left


def relaxations(musts: tuple[Must, ...], without: Words) -> tuple[Relaxation, ...]:
    """Return each single must without which more centres would be listed, the most first; ``()`` if none helps.

    ``without`` are rows that are never listed.
    """
    listed = meets_all(musts) & ~without
    found = []
    for place, must in enumerate(musts):
        if must.instead is not None:
            rest = meets_all((*musts[:place], *musts[place + 1 :])) & must.instead() & ~without
            count = count_rows(rest)
            if count > count_rows(listed):
                found.append(Relaxation(must.wish, must.values, count))
    return tuple(sorted(found, key=lambda one: -one.count))
