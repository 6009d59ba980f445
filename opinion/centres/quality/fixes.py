"""Turns a catalogue into what a curator could do next that would answer the most filters that find nobody now.

Which filters people ask is not recorded, on purpose. So every filter of two or three parts that a coordinator can ask
counts alike: a disease area in a country, equipment in a country, equipment for a disease area in a country. Which
equipment goes with an area stands in ``data/centres/worth_knowing.toml``.

A task is a short list of centres of one country, to look up, and to state what they have. Each empty filter that the
answers could fill counts 1, times ``n / (n + 1)`` for a list of n centres (of one centre the answer is as likely no as
yes), times the weight of the country: a third for each ten times as many centres listed, 1 for 1,000. What a chosen
task may fill counts only by the rest for the tasks after it.
"""

import tomllib
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from opinion.centres.catalogues import CERTAINTIES, Catalogue
from opinion.centres.focuses import FOCUSES, STATED
from opinion.centres.inputs import TABLES
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
from opinion.centres.quality.queries import UNKNOWN_EQUIPMENT
from opinion.centres.rowsets import Words, union, unpack_rows
from opinion.errors import CatalogueError
from opinion.vocabularies import disease_areas

WORTH_KNOWING = TABLES / "worth_knowing.toml"
"""Which equipment goes with which disease area."""

MOST_CENTRES = 50
"""A list of more centres is not one thing to do."""

LARGE = ("from_1000", "500_999")
"""The bands of beds that are a list of their own: the largest hospitals have most machines."""

_Floats = NDArray[np.float64]
_AREAS = tuple(area for area, known in disease_areas().items() if not known.patients_only)


@dataclass(frozen=True)
class Fix:
    """A list of centres to look up, and what that may bring.

    ``kind``: ``by_name`` (only the name says ``about``, a disease area), ``offers`` (a source states it) or ``beds``
    (``about`` is a band of beds). Equipment is unknown of all of them; with ``by_name``, ``about`` is not stated
    either. ``centres``: how many the list has. ``filters``: how many empty filters the answers may fill;
    ``points``: the same with the weight of its country.
    """

    kind: str
    about: str
    country_code: str
    centres: int
    filters: float
    points: float

    def to_query(self) -> dict[str, str]:
        """Return the query of the Centres page that lists exactly these centres."""
        asked: dict[str, str] = {"country": self.country_code, **UNKNOWN_EQUIPMENT}
        if self.kind == "beds":
            return {**asked, "beds": self.about}
        return {**asked, "area": self.about, "area_sure": "suggested" if self.kind == "by_name" else "stated"}


@dataclass(frozen=True, eq=False)
class _Lists:
    """Every list that is looked at: ``keys`` (kind and about), with its centres by country.

    ``could``: lists × equipment, 1 where the answers could fill a filter. ``area_of``: the place of the list's disease
    area, -1 without.
    """

    keys: tuple[tuple[str, str], ...]
    counts: NDArray[np.int64]
    could: _Floats
    area_of: NDArray[np.intp]


@cache
def worth_knowing() -> dict[str, frozenset[str]]:
    """Return the equipment that is worth knowing by disease area. Raises ``CatalogueError`` on an unknown id."""
    try:
        blocks = tomllib.loads(WORTH_KNOWING.read_text("utf-8"))["area"]
        found = {area: frozenset(block["equipment"]) for block in blocks for area in block["ids"]}
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CatalogueError(f"{WORTH_KNOWING}: {error}. Restore it: the order of work is made with it.") from None
    unknown = (found.keys() - set(_AREAS)) | (frozenset[str]().union(*found.values()) - EQUIPMENT_BITS.keys())
    if unknown:
        raise CatalogueError(f"{WORTH_KNOWING}: {', '.join(sorted(unknown))}: no disease area and no equipment.")
    return found


def find_fixes(catalogue: Catalogue, most: int = 10) -> list[Fix]:
    """Return up to ``most`` tasks, the most useful first; fewer if nothing else would fill a filter."""
    lists, weights, empty = _lists(catalogue), country_weights(catalogue), _Empty(catalogue)
    left = (lists.counts > 0) & (lists.counts <= MOST_CENTRES)  # lists × countries
    found: list[Fix] = []
    while len(found) < most:
        gains = _gains(lists, empty)
        points = np.where(left, gains * weights, 0.0)
        number, country = divmod(int(np.argmax(points)), points.shape[1])  # the first of equals: always the same one
        if points[number, country] <= 0:
            break
        kind, about = lists.keys[number]
        found.append(
            Fix(kind, about, catalogue.countries[country], int(lists.counts[number, country]),
                float(gains[number, country]), float(points[number, country]))
        )  # fmt: skip
        left[number, country] = False
        empty.fill(lists, number, country)
    return found


def country_weights(catalogue: Catalogue) -> _Floats:
    """Return what a filter of each country counts, from 0.1 to 1, by how many centres are listed there."""
    weights: _Floats = np.minimum(1.0, np.log10(1.0 + by_country(catalogue, catalogue.all_rows)) / 3)
    return weights


class _Empty:
    """How empty each filter still is: 1 finds nobody now, 0 finds somebody, between: as the tasks chosen leave it."""

    def __init__(self, catalogue: Catalogue) -> None:
        items = catalogue.equipped["implied"]
        areas = catalogue.reached[STATED[-1]][[AREA_BITS[area] for area in _AREAS]]
        self.items = np.array([by_country(catalogue, rows) == 0 for rows in items], dtype=np.float64)
        self.areas = np.array([by_country(catalogue, rows) == 0 for rows in areas], dtype=np.float64)
        self.pairs = np.array(
            [[by_country(catalogue, rows & item) == 0 for item in items] for rows in areas], dtype=np.float64
        )  # areas × equipment × countries

    def fill(self, lists: _Lists, number: int, country: int) -> None:
        """Note that the centres of a list are looked up."""
        area = lists.area_of[number]
        left = 1 - lists.could[number] * _answered(lists.counts[number, country])
        self.items[:, country] *= left
        if area >= 0:
            # an area that nobody stands for has this one list in the country: it counts for no other one
            self.pairs[area, :, country] *= left


def _gains(lists: _Lists, empty: _Empty) -> _Floats:
    """Return how many empty filters each list may fill (lists × countries)."""
    gains = np.zeros(lists.counts.shape)
    for number, area in enumerate(lists.area_of):
        could = lists.could[number] @ (empty.items if area < 0 else empty.items + empty.pairs[area])
        gains[number] = could if area < 0 else could + empty.areas[area]
    return gains * _answered(lists.counts)


def _answered(centres: NDArray[np.int64]) -> _Floats:
    return centres / (centres + 1.0)


def _lists(catalogue: Catalogue) -> _Lists:
    beds = catalogue.facets["beds"]
    nothing = catalogue.all_rows & ~union(catalogue.equipped[CERTAINTIES[-1]])
    lists: list[tuple[str, str, int, Words]] = []  # kind, about, place of the area, rows
    for place, area in enumerate(_AREAS):
        lists.append(("by_name", area, place, catalogue.areas[FOCUSES[-1]][AREA_BITS[area]]))
        lists.append(("offers", area, place, catalogue.reached[STATED[-1]][AREA_BITS[area]]))
    lists += [("beds", band, -1, beds.sets[beds.values.index(band)]) for band in LARGE]
    everything = frozenset[str]().union(*worth_knowing().values())
    worth = [worth_knowing().get(about, frozenset()) if kind != "beds" else everything for kind, about, *_ in lists]
    return _Lists(
        tuple((kind, about) for kind, about, *_ in lists),
        np.array([by_country(catalogue, rows & nothing) for *_, rows in lists]),
        np.array([[float(item in items) for item in EQUIPMENT_BITS] for items in worth]),
        np.array([place for _, _, place, _ in lists], dtype=np.intp),
    )


def by_country(catalogue: Catalogue, rows: Words) -> NDArray[np.int64]:
    """Return how many of ``rows`` each country has, in the order of ``Catalogue.countries``."""
    counts: NDArray[np.int64] = np.bincount(catalogue.country_of[unpack_rows(rows)], minlength=len(catalogue.countries))
    return counts
