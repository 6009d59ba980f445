"""Turns a conflict into how far apart its sides are, so that the widest gap is looked at first."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
from rapidfuzz import fuzz

from opinion.centres.conflicts import Conflict
from opinion.centres.distances import distance_km
from opinion.centres.fact_database import Fact
from opinion.centres.names import fold

WIDE_KM = 100.0
"""Two points so far apart, or farther, are as far apart as can be."""


@dataclass(frozen=True)
class Gap:
    """How far the value that counts is from the farthest of the others.

    ``share``: from 0 (alike) to 1, for the order. ``amount`` in a ``unit``: ``count`` (beds, machines: the
    difference), ``km`` (points), ``alike`` (names, towns, websites: how alike their letters are, 0 to 100), ``other``
    (one word or another; 0).
    """

    share: float
    unit: str
    amount: float = 0.0


def gap_of(conflict: Conflict) -> Gap:
    """Return how far apart the sides of a conflict are. Numbers: the difference as a share of the larger one."""
    return max((_between(conflict, conflict.chosen, other) for other in conflict.facts[1:]), key=lambda gap: gap.share)


def _between(conflict: Conflict, one: Fact, other: Fact) -> Gap:
    match conflict.field:
        case "beds" | "equipment":
            fewer, more = sorted(_number(conflict, fact) for fact in (one, other))
            return Gap((more - fewer) / max(more, 1), "count", more - fewer)
        case "point":
            (lat, lon), (other_lat, other_lon) = (map(float, fact.value.split(",")[:2]) for fact in (one, other))
            km = float(distance_km(lat, lon, np.array([other_lat]), np.array([other_lon]))[0])
            return Gap(min(km / WIDE_KM, 1.0), "km", km)
        case "name" | "city":
            alike = fuzz.token_sort_ratio(fold(one.value), fold(other.value))
        case "website":
            alike = fuzz.ratio(*(_host(fact.value) for fact in (one, other)))
        case "country_code":
            return Gap(1.0, "other")
        case _:
            return Gap(0.5, "other")  # two words of one register for its type: how far apart they are nobody can say
    return Gap(1 - alike / 100, "alike", alike)


def _number(conflict: Conflict, fact: Fact) -> int:
    return (fact.count or 0) if conflict.item else int(fact.value)


def _host(address: str) -> str:
    return urlsplit(address).netloc.casefold().removeprefix("www.")
