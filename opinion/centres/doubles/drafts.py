"""Turns a draft of an import into which of its centres look like ones that are there, or like each other."""

import csv
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from opinion.centres.decisions import Revisions, read_revisions
from opinion.centres.doubles.candidates import find_candidates
from opinion.centres.doubles.listings import Listings, read_listings
from opinion.centres.doubles.queues import Proposal, proposal_of, undecided
from opinion.centres.doubles.rules import meets_rule, unambiguous
from opinion.centres.doubles.scores import CHUNK, Scores, joined, score_parts
from opinion.centres.doubles.settings import read_settings
from opinion.centres.inputs import Inputs
from opinion.centres.tables import CENTRES

PAIRS_NAMED = 200
"""How many pairs of a draft are named: more nobody reads before an import, and all are in the queue after it."""


@dataclass(frozen=True)
class DraftPair:
    """A centre of a draft, and one that looks like it. ``is_within``: that one is of the draft, too.

    ``proposal``: how alike the two are, and why. Names and towns are as the lists state them, a town may be ``""``.
    """

    centre_id: str
    name: str
    city: str
    other_id: str
    other_name: str
    other_city: str
    is_within: bool
    proposal: Proposal


@dataclass(frozen=True)
class DraftDoubles:
    """What a draft brings that may be there already.

    ``centres``: how many centres of the draft look like another one; ``clear``: of how many that is clear-cut;
    ``within``: how many look like another one of the draft itself. ``passed_over``: how many share names, words and
    places with so many others that they were compared with none of these. ``registers``: how many pairs there are with
    centres of the catalogue, by what their ids begin with. ``pairs``: the clearest and most alike first, not all.
    """

    centres: int
    clear: int
    within: int
    passed_over: int
    registers: Mapping[str, int]
    pairs: tuple[DraftPair, ...]


def doubles_of(draft: Path, inputs: Inputs, limit: int = PAIRS_NAMED) -> DraftDoubles:
    """Return which centres of a draft (its folder) look like one of the catalogue made of ``inputs``, or each other.

    ``limit``: how many pairs are named at most. What was decided about two does not come back. Nothing is changed.
    Raises ``CatalogueError`` if the settings or decisions are faulty.
    """
    settings, decided = read_settings(inputs.tables), read_revisions(inputs.decisions)
    listings = read_listings(inputs, settings, draft)
    candidates = find_candidates(listings, settings, listings.known)
    settled = _settled(listings, decided)
    alike, within = np.zeros(len(listings), dtype=np.bool_), np.zeros(len(listings), dtype=np.bool_)
    registers: Counter[int] = Counter()
    clear_parts, best_parts = [], []
    for part in score_parts(listings, candidates.in_parts(CHUNK), settings):
        scores = part.take(np.flatnonzero(~settled(part.pairs)))
        is_new = scores.pairs >= listings.known
        alike[scores.pairs[is_new]] = True
        within[scores.pairs[is_new.all(axis=1)]] = True
        registers.update(listings.register[scores.pairs[~is_new[:, 0], 0]].tolist())
        clear_parts.append(scores.take(np.flatnonzero(meets_rule(listings, scores, settings))))
        best_parts.append(scores.take(np.argsort(-scores.score, kind="stable")[: 2 * limit]))
    clear = joined(clear_parts)
    clear = clear.take(np.flatnonzero(unambiguous(listings, clear, np.ones(len(clear), dtype=np.bool_))))
    found = undecided(_best(listings, clear, joined(best_parts), 2 * limit), decided)[:limit]
    named = {id_ for each in found for id_ in each.pair}
    return DraftDoubles(
        int(alike.sum()),
        len(np.unique(clear.pairs[clear.pairs >= listings.known])),
        int(within.sum()),
        int(candidates.passed_over[listings.known :].sum()),
        {listings.words[number]: count for number, count in registers.items()},
        _named(found, {id_ for id_ in islice(listings.ids, listings.known, None) if id_ in named}, draft, inputs),
    )


def _settled(listings: Listings, revisions: Revisions) -> Callable[[NDArray[np.int64]], NDArray[np.bool_]]:
    """Return what says of pairs whether it was decided before that the two are one, or that they are two."""
    ids = {*revisions.kept_of, *revisions.kept_of.values(), *(id_ for pair in revisions.apart for id_ in pair)}
    place_of = {id_: place for place, id_ in enumerate(listings.ids) if id_ in ids}
    home = np.arange(len(listings))
    for folded, kept in revisions.kept_of.items():
        if folded in place_of and kept in place_of:
            home[place_of[folded]] = place_of[kept]
    apart = [sorted(place_of[id_] for id_ in pair) for pair in revisions.apart if pair <= place_of.keys()]
    codes = [one * len(listings) + other for one, other in apart]

    def settled(pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = home[pairs[:, 0]] == home[pairs[:, 1]]
        return found | np.isin(pairs[:, 0] * len(listings) + pairs[:, 1], codes)

    return settled


def _best(listings: Listings, clear: Scores, others: Scores, limit: int) -> list[Proposal]:
    """Return up to ``limit`` proposals: the clear-cut pairs first, then the others, each the most alike first."""
    found: dict[frozenset[str], Proposal] = {}
    for scores, is_clear in ((clear, True), (others, False)):
        for row in np.argsort(-scores.score, kind="stable")[: 2 * limit].tolist():
            each = proposal_of(listings, scores, row, is_clear)
            found.setdefault(each.pair, each)
    return list(found.values())[:limit]


def _named(
    proposals: Collection[Proposal], new_ids: Collection[str], draft: Path, inputs: Inputs
) -> tuple[DraftPair, ...]:
    names = _names((draft, *reversed(inputs.parts), inputs.tables), {id_ for each in proposals for id_ in each.pair})
    found = []
    for each in proposals:
        new, other = sorted((each.kept_id, each.other_id), key=lambda id_: id_ not in new_ids)
        # a centre that took another one in may be gone, with its list
        named = (*names.get(new, (new, "")), other, *names.get(other, (other, "")))
        found.append(DraftPair(new, *named, other in new_ids, each))
    return tuple(found)


def _names(folders: Iterable[Path], ids: set[str]) -> dict[str, tuple[str, str]]:
    """Return name and town of each of ``ids``, as the first folder that has it states them."""
    found: dict[str, tuple[str, str]] = {}
    name, city = CENTRES.index("name"), CENTRES.index("city")
    for folder in folders:
        if len(found) == len(ids):
            break
        with (folder / "centres.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                if row[0] in ids:
                    found.setdefault(row[0], (row[name], row[city]))
    return found
