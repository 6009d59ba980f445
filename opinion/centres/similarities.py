"""Turns a centre into the centres most like it: what they share of disease areas and equipment, rare things first.

**How alike two centres are**, from 0 to 1: the mean of how alike they are in disease areas and in equipment (of these
two, what the first centre is known for), so that many machines do not outweigh what a centre stands for. Of each, it
is the weight of all that both are known for, divided by the weight of all that either is known for. An area counts
when a source states it, and again when the centre specialises in it; equipment counts when it is stated or implied.
Each weighs ``log(centres / centres known for it)``: proton therapy counts much and a CT scanner little. What names
suggest does not count.

Of centres that are equally alike the nearer comes first, then the earlier name. What is unknown of a centre is not
held to be missing, but cannot be shared either: a centre of which little is known is like few others.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.distances import distance_km
from opinion.centres.focuses import SPECIALISED, STATED
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
from opinion.centres.rowsets import Words, count_rows, frozen, unpack_rows
from opinion.vocabularies import broader_equipment

_AREAS, _ITEMS = tuple(AREA_BITS), tuple(EQUIPMENT_BITS)
_KINDS = (slice(0, 2 * len(_AREAS)), slice(2 * len(_AREAS), None))  # of things to be known for: areas, equipment


@dataclass(frozen=True)
class Similar:
    """A centre like another, and why, the rarest first in each list.

    ``specialised`` are disease areas in which both specialise, ``areas`` others that both have; of ``equipment`` only
    the narrowest kinds are named. ``alike`` is between 0 and 1. ``distance_km`` is ``None`` if a place is unknown.
    """

    centre_id: str
    name: str
    city: str
    country_code: str
    specialised: tuple[str, ...]
    areas: tuple[str, ...]
    equipment: tuple[str, ...]
    alike: float
    distance_km: float | None


def similar(catalogue: Catalogue, centre_id: str, limit: int = 5) -> list[Similar]:
    """Return up to ``limit`` centres most like a centre, the most alike first; ``[]`` if nothing is known of it.

    Raises ``CatalogueError`` if there is no such centre.
    """
    own = catalogue.row_of(centre_id)
    traits, weights, totals = _traits(catalogue)
    has = _of_row(traits, own)
    parts = []
    for kind, total in zip(_KINDS, totals, strict=True):
        if total[own]:
            shared = _sums(traits[kind][has[kind]], weights[kind][has[kind]], catalogue.size)
            parts.append(shared / (total + total[own] - shared))
    # rounded, or the order of a sum would decide between equals
    alike = np.mean(parts, axis=0).round(4) if parts else np.zeros(catalogue.size)
    rows = np.flatnonzero(alike > 0)
    rows = rows[rows != own]
    distances = distance_km(catalogue.lat[own], catalogue.lon[own], catalogue.lat[rows], catalogue.lon[rows])
    best = rows[np.lexsort((rows, distances, -alike[rows]))][:limit]
    far = dict(zip(rows.tolist(), distances.tolist(), strict=True))
    found = []
    for row, id_, name, city, code in catalogue.page(best, ("centre_id", "name", "city", "country_code")).itertuples(
        name=None
    ):
        why = _reasons(np.flatnonzero(has & _of_row(traits, row)), weights)
        distance = None if np.isnan(far[row]) else round(far[row], 1)
        found.append(Similar(id_, name, city, code, *why, float(alike[row]), distance))
    return found


@lru_cache(maxsize=1)
def _traits(catalogue: Catalogue) -> tuple[Words, NDArray[np.float64], NDArray[np.float64]]:
    """Return the packed set of centres for each thing to be known for, what it weighs, and the sums (kinds × centres).

    First the areas that a source states, then those that a centre specialises in, then equipment. Made once.
    """
    traits: Words = np.concatenate(
        [catalogue.reached[STATED[-1]], catalogue.reached[SPECIALISED[-1]], catalogue.equipped["implied"]]
    )
    known = np.array([count_rows(one) for one in traits])
    weights: NDArray[np.float64] = np.where(known > 0, np.log(catalogue.size / np.maximum(known, 1)), 0.0)
    totals = np.stack([_sums(traits[kind], weights[kind], catalogue.size) for kind in _KINDS])
    return frozen(traits), frozen(weights), frozen(totals)


def _of_row(traits: Words, row: int) -> NDArray[np.bool_]:
    """Say for each thing whether the centre of a row is known for it."""
    return (traits[:, row >> 6] >> np.uint64(row & 63) & np.uint64(1)).astype(np.bool_)


def _sums(traits: Words, weights: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Return for each centre the sum of the weights of what it is known for."""
    sums = np.zeros(size)
    for one, weight in zip(traits, weights.tolist(), strict=True):
        sums[unpack_rows(one)] += weight
    return sums


def _reasons(
    shared: NDArray[np.intp], weights: NDArray[np.float64]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the areas in which both specialise, the others, and the narrowest equipment, the rarest first."""
    ordered = shared[np.argsort(-weights[shared], kind="stable")].tolist()
    count = len(_AREAS)
    areas = [_AREAS[thing] for thing in ordered if thing < count]
    specialised = [_AREAS[thing - count] for thing in ordered if count <= thing < 2 * count]
    items = [_ITEMS[thing - 2 * count] for thing in ordered if thing >= 2 * count]
    said = {broader for item in items for broader in broader_equipment(item)}
    return (
        tuple(specialised),
        tuple(area for area in areas if area not in specialised),
        tuple(item for item in items if item not in said),
    )
