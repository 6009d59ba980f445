"""Turns listings into the pairs worth comparing, without comparing each with each.

Two centres of one country are compared if they share a key: an id in another register; a website, or a page of a
group's website; the same words in their names; a rare word; a word of their names and the town or the neighbourhood;
beds and the town; or a point within some 200 m. A key that too many share is too common: it is counted, and left to
rarer ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opinion.centres.doubles.columns import Hashes
from opinion.centres.doubles.listings import KM_PER_DEGREE, Listings
from opinion.centres.doubles.settings import Settings

Pairs = NDArray[np.int64]
"""Two columns of places in the listings, the smaller first, each pair once, in order."""

_NEIGHBOURHOOD, _NEXT_DOOR = 0.16, 0.004  # degrees: 18 km and 440 m, points of half of it always share a cell


_MOST_AT_ONCE = 1_000_000  # pairs that are held before those too far apart and those found twice are left out


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pairs to compare, and how many keys were ``too_common`` to be followed.

    ``codes``: of pairs, in order: the first place times the number of listings, ``count``, and the second.
    ``passed_over``: which listings share keys with so many others that they were compared with none of them.
    """

    codes: Hashes
    count: int
    too_common: int
    passed_over: NDArray[np.bool_]

    @property
    def pairs(self) -> Pairs:
        """All pairs."""
        return _pairs(self.codes, self.count)

    def in_parts(self, size: int) -> Iterator[Pairs]:
        """Yield the pairs, ``size`` at a time, so that not all have to be held; at least one part."""
        for start in range(0, max(len(self.codes), 1), size):
            yield _pairs(self.codes[start : start + size], self.count)


def _pairs(codes: Hashes, count: int) -> Pairs:
    return np.stack([codes // count, codes % count], axis=1) if count else np.zeros((0, 2), dtype=np.int64)


def find_candidates(listings: Listings, settings: Settings, new_from: int = 0) -> Candidates:
    """Return the pairs of ``listings`` that are worth comparing.

    ``new_from``: only pairs with a listing from this place on, as those of a draft behind the catalogue's.
    """
    limit, count = int(settings.reach["block_centres"]), len(listings)
    codes: Hashes = np.zeros(0, dtype=np.int64)
    too_common = 0
    followed, common = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    for keys, places in _keys(listings, settings):
        order = np.lexsort((places, keys))
        keys, places = keys[order], places[order]
        del order
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, dtype=np.int64)
        sizes = np.diff(np.r_[starts, len(keys)])
        too_common += int((sizes > limit).sum())
        size_of = np.repeat(sizes, sizes)
        common[places[size_of > limit]] = True
        followed[places[(size_of > 1) & (size_of <= limit)]] = True
        del size_of
        found = [np.zeros(0, dtype=np.int64)]
        for size in np.unique(sizes[(sizes > 1) & (sizes <= limit)]).tolist():
            first, second = np.triu_indices(size, 1)
            begins = starts[sizes == size]
            step = max(1, _MOST_AT_ONCE // len(first))
            for begin in range(0, len(begins), step):
                blocks = places[begins[begin : begin + step, None] + np.arange(size)].astype(np.int64)
                pairs = np.stack([blocks[:, first].ravel(), blocks[:, second].ravel()], axis=1)
                pairs = pairs[(pairs[:, 1] >= new_from) & (pairs[:, 0] != pairs[:, 1])]
                pairs = pairs[_near_enough(listings, settings, pairs)]
                found.append(_each_once(pairs[:, 0] * count + pairs[:, 1]))
        new = _each_once(np.concatenate(found))
        del found, keys, places, starts, sizes
        if len(codes):
            new = new[codes[np.minimum(np.searchsorted(codes, new), len(codes) - 1)] != new]
        codes = np.concatenate([codes, new])
        codes.sort()
        del new
    return Candidates(codes, count, too_common, common & ~followed)


def _each_once(codes: Hashes) -> Hashes:
    """Return the codes in order, each once; sorts ``codes`` in its place."""
    codes.sort()
    first: NDArray[np.bool_] = np.ones(len(codes), dtype=np.bool_)
    first[1:] = codes[1:] != codes[:-1]
    return codes[first]


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


_Keys = tuple[Hashes, NDArray[np.integer[Any]]]


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
    cores = listings.whole_cores
    yield _mixed(cores.key, listings.country[cores.of]), cores.of
    yield from _by_words(listings, settings)
    bedded = (listings.beds >= 20) & (listings.town >= 0)
    yield _mixed(listings.town[bedded], listings.beds[bedded]), np.flatnonzero(bedded)
    yield from _by_cells(listings)


def _by_words(listings: Listings, settings: Settings) -> Iterator[_Keys]:
    telling, words = listings.telling, listings.words_known
    keys = _mixed(telling.key, listings.country[telling.of])
    _, where, known = np.unique(keys, return_inverse=True, return_counts=True)
    rare = known[where] <= settings.reach["rare_word_centres"]
    yield keys[rare], telling.of[rare]
    del keys, where, known, rare
    for towns in (listings.town, listings.town_local):
        placed = towns[words.of] >= 0
        of = words.of[placed]
        yield _mixed(_mixed(words.key[placed], towns[of]), listings.country[of]), of
    of_point = np.flatnonzero(~np.isnan(listings.lat))
    placed = ~np.isnan(listings.lat[words.of])
    of = words.of[placed]
    at = np.searchsorted(of_point, of)
    for cells in _cells(listings, of_point, _NEIGHBOURHOOD):
        yield _mixed(words.key[placed], cells[at]), of


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
    """Return one key of two; of hashes it may run over, which does no harm."""
    found: Hashes = first.astype(np.int64) * 4_000_037 + second
    return found


def _hashed(keys: Iterator[tuple[int, int]]) -> _Keys:
    both: NDArray[np.int64] = np.fromiter(keys, dtype=np.dtype((np.int64, 2)))
    return both[:, 0], both[:, 1]
