"""Turns listings into the pairs worth comparing, without comparing each with each.

Two centres of one country are compared if they share a key: an id in another register; a website, or a page of a
group's website; the same words in their names; a rare word; a word of their names and the town or the neighbourhood;
beds and the town; or a point within some 200 m. A key that too many share is too common: it is counted, and left to
rarer ones.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opinion.centres.doubles.listings import KM_PER_DEGREE, Listings
from opinion.centres.doubles.settings import Settings

Pairs = NDArray[np.int64]
"""Two columns of places in the listings, the smaller first, each pair once, in order."""

_NEIGHBOURHOOD, _NEXT_DOOR = 0.16, 0.004  # degrees: 18 km and 440 m, points of half of it always share a cell


@dataclass(frozen=True, eq=False)
class Candidates:
    """``pairs`` to compare, and how many keys were ``too_common`` to be followed."""

    pairs: Pairs
    too_common: int


def find_candidates(listings: Listings, settings: Settings, new_from: int = 0) -> Candidates:
    """Return the pairs of ``listings`` that are worth comparing.

    ``new_from``: only pairs with a listing from this place on, as those of a draft behind the catalogue's.
    """
    limit = int(settings.reach["block_centres"])
    found: list[Pairs] = []
    too_common = 0
    for keys, places in _keys(listings, settings):
        order = np.lexsort((places, keys))
        keys, places = keys[order], places[order]
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, dtype=np.int64)
        sizes = np.diff(np.r_[starts, len(keys)])
        too_common += int((sizes > limit).sum())
        for size in np.unique(sizes[(sizes > 1) & (sizes <= limit)]).tolist():
            blocks = places[starts[sizes == size][:, None] + np.arange(size)]
            first, second = np.triu_indices(size, 1)
            pairs = np.stack([blocks[:, first].ravel(), blocks[:, second].ravel()], axis=1)
            found.append(pairs[(pairs[:, 1] >= new_from) & (pairs[:, 0] != pairs[:, 1])])
    if not found:
        return Candidates(np.zeros((0, 2), dtype=np.int64), too_common)
    pairs = np.concatenate(found)
    codes = np.unique(pairs[:, 0] * len(listings) + pairs[:, 1])
    pairs = np.stack([codes // len(listings), codes % len(listings)], axis=1)
    return Candidates(pairs[_near_enough(listings, settings, pairs)], too_common)


def distances_km(listings: Listings, pairs: Pairs) -> NDArray[np.float64]:
    """Return how far the two of each pair are apart, NaN where a point is unknown; flat, true to 1 % nearby."""
    first, second = pairs[:, 0], pairs[:, 1]
    north = listings.lat[first] - listings.lat[second]
    east = (listings.lon[first] - listings.lon[second] + 180) % 360 - 180
    east = east * np.cos(np.radians((listings.lat[first] + listings.lat[second]) / 2))
    found: NDArray[np.float64] = np.hypot(north, east) * KM_PER_DEGREE
    return found


def _near_enough(listings: Listings, settings: Settings, pairs: Pairs) -> NDArray[np.bool_]:
    far = distances_km(listings, pairs)
    both = listings.exact[pairs].all(axis=1)
    limit = np.where(both, settings.reach["site_far_km"], settings.reach["farthest_km"])
    same_country = listings.country[pairs[:, 0]] == listings.country[pairs[:, 1]]
    near: NDArray[np.bool_] = same_country & ~(far > limit)
    return near


_Keys = tuple[NDArray[np.int64], NDArray[np.int64]]


def _keys(listings: Listings, settings: Settings) -> Iterator[_Keys]:
    """Yield for each kind of key the keys (hashes) and the places of the listings that carry them."""
    yield _hashed(
        (hash(each), place)
        for place, ids in enumerate(zip(listings.ids, listings.other_ids, strict=True))
        for each in (ids[0], *ids[1])
    )
    shared = settings.reach["shared_host_centres"]
    hosts = np.bincount(listings.host[listings.host >= 0], minlength=1)
    own = (listings.host >= 0) & (hosts[listings.host] <= shared)
    yield listings.host[own].astype(np.int64), np.flatnonzero(own)
    paged = listings.page >= 0
    yield listings.page[paged].astype(np.int64), np.flatnonzero(paged)
    yield _hashed(
        (hash((country, core)), place)
        for place, (country, cores) in enumerate(zip(listings.country.tolist(), listings.cores, strict=True))
        for core in cores
        if core
    )
    yield from _by_words(listings, settings)
    bedded = (listings.beds >= 20) & (listings.town >= 0)
    yield _mixed(listings.town[bedded], listings.beds[bedded]), np.flatnonzero(bedded)
    yield from _by_cells(listings)


def _by_words(listings: Listings, settings: Settings) -> Iterator[_Keys]:
    countries = listings.country.tolist()
    words = [{word for core in cores for word in core.split()} for cores in listings.cores]
    known = Counter((country, word) for country, each in zip(countries, words, strict=True) for word in each)
    few = settings.reach["rare_word_centres"]
    yield _hashed(
        (hash((country, word)), place)
        for place, (country, each) in enumerate(zip(countries, words, strict=True))
        for word in each
        if known[country, word] <= few
    )
    # names of common words only ("City Hospital") are compared within their town by the whole name
    told = [each or set(names) for each, names in zip(words, listings.names, strict=True)]
    for towns in (listings.town, listings.town_local):
        yield _hashed(
            (hash((town, country, word)), place)
            for place, (town, country, each) in enumerate(zip(towns.tolist(), countries, told, strict=True))
            if town >= 0
            for word in each
        )
    placed = np.flatnonzero(~np.isnan(listings.lat))
    for cells in _cells(listings, placed, _NEIGHBOURHOOD):
        yield _hashed(
            (hash((cell, word)), place)
            for cell, place in zip(cells.tolist(), placed.tolist(), strict=True)
            for word in told[place]
        )


def _by_cells(listings: Listings) -> Iterator[_Keys]:
    placed = np.flatnonzero(listings.exact & ~np.isnan(listings.lat))
    for cells in _cells(listings, placed, _NEXT_DOOR):
        yield cells, placed


def _cells(listings: Listings, places: NDArray[np.int64], degrees: float) -> Iterator[NDArray[np.int64]]:
    """Yield the cells of four grids, each half a cell beside the other: near points share one of one grid."""
    lat = listings.lat[places]
    band = np.round(lat)  # cells are as wide as they are high, the same for all of one band
    lon = listings.lon[places] * np.cos(np.radians(band))
    for north in (0.0, 0.5):
        for east in (0.0, 0.5):
            row = np.floor(lat / degrees + north).astype(np.int64)
            yield _mixed(row, np.floor(lon / degrees + east).astype(np.int64))


def _mixed(first: NDArray[np.integer[Any]], second: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = first.astype(np.int64) * 4_000_037 + second
    return found


def _hashed(keys: Iterator[tuple[int, int]]) -> _Keys:
    both: NDArray[np.int64] = np.fromiter(keys, dtype=np.dtype((np.int64, 2)))
    return both[:, 0], both[:, 1]
