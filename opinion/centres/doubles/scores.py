"""Turns pairs of listings into how alike the two are, 0 to 100, with the parts that make the score.

Each part that is known gives 0 to 1 of its weight (``doubles.toml``); the score is what they give of what they could.
Names are compared in every form known, whole and again without words that many centres carry, by the sorted words
(rapidfuzz), so that the order of words does not count. Something is taken off where a word that tells two houses of one
place apart stands in one name only, and where the register itself keeps the two apart.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from opinion.centres.doubles.candidates import Pairs, distances_km
from opinion.centres.doubles.listings import Listings
from opinion.centres.doubles.settings import Settings

Floats = NDArray[np.float64]

CHUNK = 200_000
"""How many pairs are compared at a time: what is held of each is some hundred bytes."""


@dataclass(frozen=True, eq=False)
class Scores:
    """How alike the two of each pair are; one place a pair in every column.

    ``names``: 0 to 100. ``place``, ``website``, ``beds``: 0 to 1, NaN unknown. ``km``: between the two points, NaN
    unknown; ``both_exact``: both are points of the house. ``same_town``: 1, 0 or NaN. ``same_id``: one names the other,
    or both name one record of a third register. ``same_register``. ``told_apart``: a word that tells two houses apart
    stands in one name only.
    """

    pairs: Pairs
    score: Floats
    names: Floats
    place: Floats
    website: Floats
    beds: Floats
    km: Floats
    both_exact: NDArray[np.bool_]
    same_town: Floats
    same_id: NDArray[np.bool_]
    same_register: NDArray[np.bool_]
    told_apart: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return how many pairs there are."""
        return len(self.pairs)

    def take(self, places: NDArray[np.intp]) -> "Scores":
        """Return the scores of some pairs."""
        return Scores(**{name: column[places] for name, column in vars(self).items()})


def score_pairs(listings: Listings, pairs: Pairs, settings: Settings, shown_only: bool = True) -> Scores:
    """Return the scores of ``pairs``, the most alike first, then in the order of the listings.

    ``shown_only``: without those that are not worth showing to a person (``candidates`` in ``doubles.toml``).
    """
    chunks = (pairs[start : start + CHUNK] for start in range(0, max(len(pairs), 1), CHUNK))
    scores = joined(list(score_parts(listings, chunks, settings, shown_only)))
    return scores.take(np.lexsort((scores.pairs[:, 1], scores.pairs[:, 0], -scores.score)))


def score_parts(
    listings: Listings, parts: Iterable[Pairs], settings: Settings, shown_only: bool = True
) -> Iterator[Scores]:
    """Yield the scores of each of ``parts``, in its order: of a million listings not all pairs can be held."""
    for pairs in parts:
        part = _scored(listings, pairs, settings)
        yield part.take(np.flatnonzero(_worth_showing(part, settings))) if shown_only else part


def joined(parts: Sequence[Scores]) -> Scores:
    """Return the scores of all parts, one after the other; there has to be one."""
    return Scores(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in vars(parts[0])})


def _worth_showing(scores: Scores, settings: Settings) -> NDArray[np.bool_]:
    by_website = (scores.website == 1) & (scores.place >= settings.candidates["website_place"])
    shown: NDArray[np.bool_] = np.logical_or(scores.score >= settings.candidates["least"], by_website)
    return shown


def _scored(listings: Listings, pairs: Pairs, settings: Settings) -> Scores:
    first, second = pairs[:, 0], pairs[:, 1]
    km = distances_km(listings, pairs)
    both_exact = np.logical_and(listings.exact[first], listings.exact[second])
    same_town = _same_town(listings, first, second, km, settings)
    parts = {
        "names": _names(listings, pairs) / 100,
        "place": _place(km, both_exact, same_town, settings),
        "website": _website(listings, first, second, settings),
        "beds": _beds(listings.beds[first], listings.beds[second], settings),
    }
    given, possible = np.zeros(len(pairs)), np.zeros(len(pairs))
    for name, part in parts.items():
        known = ~np.isnan(part)
        given += np.where(known, part, 0) * settings.parts[name]
        possible += known * settings.parts[name]
    told_apart = np.not_equal(listings.meaning[first], listings.meaning[second])
    same_register = np.equal(listings.register[first], listings.register[second])
    same_id = _same_id(listings, pairs)
    score = 100 * given / possible - same_register * settings.takes["same_register"]
    score -= told_apart * settings.takes["told_apart"]
    score = np.where(same_id, 100.0, np.clip(score, 0, 100)).round(1)
    return Scores(
        pairs, score, parts["names"] * 100, parts["place"], parts["website"], parts["beds"], km, both_exact, same_town,
        same_id, same_register, told_apart,
    )  # fmt: skip


def _names(listings: Listings, pairs: Pairs) -> Floats:
    """Return how alike the names are at their most alike, 0 to 100."""
    names, cores, best = listings.names, listings.cores, np.zeros(len(pairs))
    for own in (0, 1):
        for others in (0, 1):
            rows = np.flatnonzero(names.has[own][pairs[:, 0]] & names.has[others][pairs[:, 1]])
            if not len(rows):
                continue
            some, rest = pairs[rows, 0], pairs[rows, 1]
            whole = _ratios(names.column(own, some), names.column(others, rest))
            core, other_core = cores.column(own, some), cores.column(others, rest)
            bare = np.array([not (one or other) for one, other in zip(core, other_core, strict=True)])
            alike = np.where(bare, whole, 0.4 * whole + 0.6 * _ratios(core, other_core))
            best[rows] = np.maximum(best[rows], alike)
    return best


def _ratios(some: list[str], others: list[str]) -> Floats:
    found: Floats = cpdist(some, others, scorer=fuzz.token_sort_ratio, workers=1).astype(np.float64)
    return found


def _same_town(
    listings: Listings, first: NDArray[np.int64], second: NDArray[np.int64], km: Floats, settings: Settings
) -> Floats:
    """Return 1 where the town is the same, 0 where both are known and differ, NaN where one is unknown.

    Which names are of one town: ``town_names`` in ``doubles.toml``.
    """
    towns = (listings.town, listings.town_local)
    ways = [(one[first] >= 0) & (one[first] == other[second]) for one in towns for other in towns]
    ways.append((listings.known_town[first] >= 0) & (listings.known_town[first] == listings.known_town[second]))
    same: NDArray[np.bool_] = np.any(ways, axis=0)
    known = (listings.town[first] >= 0) & (listings.town[second] >= 0)
    rows = np.flatnonzero(known & ~same & (km <= settings.town_names["close_km"]))
    some, others = (
        [listings.words[number] for number in listings.town[side[rows]].tolist()] for side in (first, second)
    )
    if len(rows):
        same[rows] = cpdist(some, others, scorer=fuzz.ratio, workers=1) >= settings.town_names["spelled"]
    return np.where(same, 1.0, np.where(known, 0.0, np.nan))


def _place(km: Floats, both_exact: NDArray[np.bool_], same_town: Floats, settings: Settings) -> Floats:
    near = np.where(both_exact, settings.site[0], settings.town[0])
    far = np.where(both_exact, settings.site[1], settings.town[1])
    agree = 1 - np.log(np.maximum(km, near) / near) / np.log(far / near)
    place = settings.place
    by_town = np.where(
        same_town == 1, place["same_town"], np.where(same_town == 0, place["other_town"], place["unknown"])
    )
    found: Floats = np.where(np.isnan(km), by_town, np.clip(agree, 0, 1))
    return found


def _website(listings: Listings, first: NDArray[np.int64], second: NDArray[np.int64], settings: Settings) -> Floats:
    """Return 1 for one website or page, 0.3 for two, NaN where one is unknown or is that of a group."""
    shared = settings.reach["shared_host_centres"]
    centres = np.bincount(listings.host[listings.host >= 0], minlength=1)
    same_host = (listings.host[first] >= 0) & (listings.host[first] == listings.host[second])
    of_group = same_host & (centres[listings.host[first]] > shared)
    same_page = (listings.page[first] >= 0) & (listings.page[first] == listings.page[second])
    known = (listings.host[first] >= 0) & (listings.host[second] >= 0)
    found: Floats = np.where(
        same_page | (same_host & ~of_group), 1.0, np.where(known & ~of_group, settings.other_website, np.nan)
    )
    return found


def _beds(some: NDArray[np.int32], others: NDArray[np.int32], settings: Settings) -> Floats:
    both = (some > 0) & (others > 0)
    part = np.minimum(some, others) / np.maximum(np.maximum(some, others), 1)
    unlike, alike = settings.beds["unlike"], settings.beds["alike"]
    found: Floats = np.where(both, np.clip((part - unlike) / (alike - unlike), 0, 1), np.nan)
    return found


def _same_id(listings: Listings, pairs: Pairs) -> NDArray[np.bool_]:
    def known(place: int) -> set[str]:
        return {listings.ids[place], *listings.other_ids[place]}

    some = np.array([bool(each) for each in listings.other_ids], dtype=np.bool_)
    found = np.zeros(len(pairs), dtype=np.bool_)
    for row in np.flatnonzero(some[pairs].any(axis=1)).tolist():
        found[row] = not known(int(pairs[row, 0])).isdisjoint(known(int(pairs[row, 1])))
    return found
