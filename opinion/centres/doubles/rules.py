"""Turns scored pairs into those that are merged without a person, and two centres into the one that is kept."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from opinion.centres.doubles.listings import Listings
from opinion.centres.doubles.scores import Scores
from opinion.centres.doubles.settings import Settings


def clear_cut(listings: Listings, scores: Scores, settings: Settings) -> NDArray[np.bool_]:
    """Say of each pair whether the rule merges it: every line of ``rule`` in ``doubles.toml`` holds.

    And neither of the two is as clearly one with a second centre of the same register, among all pairs of ``scores``.
    """
    clear = meets_rule(listings, scores, settings)
    return clear & unambiguous(listings, scores, clear)


def meets_rule(listings: Listings, scores: Scores, settings: Settings) -> NDArray[np.bool_]:
    """Say of each pair whether it meets the rule by itself.

    Never two of one register, which keeps them apart; never where a word tells two houses apart, where towns differ or
    nothing is known about where they are; and the telling words of one name must stand in the other, more than the
    town's.
    """
    rule = settings.rule
    near = np.where(
        np.isnan(scores.km),
        scores.same_town == 1,
        (scores.km <= np.where(scores.both_exact, rule["site_km"], rule["town_km"]))
        & (scores.both_exact | (scores.same_town != 0)),
    )
    some, others = (listings.beds[scores.pairs[:, side]] for side in (0, 1))
    beds = (np.minimum(some, others) >= rule["beds_alike"] * np.maximum(some, others)) | (some == 0) | (others == 0)
    alike = (scores.score >= rule["score"]) & (scores.names >= rule["names"])
    clear: NDArray[np.bool_] = alike & near & beds & ~scores.told_apart & ~scores.same_register
    for row in np.flatnonzero(clear).tolist():
        one, other = scores.pairs[row].tolist()
        clear[row] = _telling_words_agree(listings, one, other, rule["word"])
    return clear


def _telling_words_agree(listings: Listings, one: int, other: int, least: float) -> bool:
    """Say whether each telling word of one name stands in a name of the other centre, and is not just the town's."""
    towns = {
        word
        for place in (one, other)
        for town in (listings.town[place], listings.town_local[place], listings.nearest[place])
        if town >= 0
        for word in listings.words[town].split()
    }
    for some in map(str.split, listings.cores.of(one)):
        for others in map(str.split, listings.cores.of(other)):
            fewer, more = sorted((some, others), key=len)
            if set(fewer) - towns and all(max(fuzz.ratio(word, each) for each in more) >= least for word in fewer):
                return True
    return False


def unambiguous(listings: Listings, scores: Scores, clear: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say of each pair whether neither of the two is as clearly one with a second centre of the same register.

    ``clear``: the pairs that meet the rule; the others are not ambiguous.
    """
    partners: dict[tuple[int, int], int] = {}
    for one, other in scores.pairs[clear].tolist():
        for own, theirs in ((one, other), (other, one)):
            key = (own, int(listings.register[theirs]))
            partners[key] = partners.get(key, 0) + 1
    alone = np.ones(len(scores), dtype=np.bool_)
    for row in np.flatnonzero(clear).tolist():
        one, other = scores.pairs[row].tolist()
        keys = ((one, int(listings.register[other])), (other, int(listings.register[one])))
        alone[row] = all(partners[key] == 1 for key in keys)
    return alone


def kept_first(listings: Listings, one: int, other: int) -> tuple[int, int]:
    """Return the one of two that is kept, and the other.

    Kept is the one of which sources state more facts; then that with the point of the house; then that with a town;
    then the first by id.
    """

    def worth(place: int) -> tuple[int, bool, bool]:
        return (int(listings.stated[place]), bool(listings.exact[place]), bool(listings.town[place] >= 0))

    first, second = sorted((one, other), key=lambda place: listings.ids[place])
    return (second, first) if worth(second) > worth(first) else (first, second)
