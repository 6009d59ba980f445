"""Turns what the catalogue is made of into the pairs that a curator has to decide, the most useful first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from opinion.centres.decisions import BY_RULE, Decision, Revisions, now, read_revisions
from opinion.centres.doubles.candidates import find_candidates
from opinion.centres.doubles.listings import Listings, read_listings
from opinion.centres.doubles.rules import clear_cut, kept_first
from opinion.centres.doubles.scores import Scores, score_pairs
from opinion.centres.doubles.settings import Settings, read_settings
from opinion.centres.inputs import Inputs

_last_compared: list[tuple[Path, tuple[Path, ...], tuple[int, ...]]] = []  # what ``_compared`` has made last
_BAND = 5  # points of score that weigh less than what is stated about the two


@dataclass(frozen=True)
class Proposal:
    """Two centres that may be one. ``kept_id`` is the one that the rule would keep, ``other_id`` its double.

    ``score`` and ``names``: 0 to 100. ``km``: between their points, ``None`` unknown; ``both_exact``: both are of the
    house. ``same_town``, ``same_website``: ``None`` where one is unknown. ``same_id``: one names the other, or both a
    third record. ``place``: how much the places agree, 0 to 1. ``beds``: of either, 0 unknown; ``beds_alike``: 0 to 1,
    ``None`` where one is unknown. ``told_apart``: what stands in one name only, see ``doubles.toml``.
    ``stated``: how many facts sources state about the two. ``registers``: what their ids begin with. ``is_clear``: the
    rule merges them. ``listed_ids``: the two that were compared; each may have gone into one of the two since.
    """

    kept_id: str
    other_id: str
    country_code: str
    registers: tuple[str, str]
    score: float
    names: float
    km: float | None
    both_exact: bool
    same_town: bool | None
    same_website: bool | None
    same_id: bool
    same_register: bool
    place: float
    beds: tuple[int, int]
    beds_alike: float | None
    told_apart: tuple[str, ...]
    stated: int
    is_clear: bool
    listed_ids: tuple[str, str]

    @property
    def pair(self) -> frozenset[str]:
        """The two ids."""
        return frozenset((self.kept_id, self.other_id))


def read_proposals(inputs: Inputs) -> tuple[Proposal, ...]:
    """Return the pairs that are not decided, the most useful first.

    First by score in steps of 5, then by how much is stated about the two, then by score. A pair that was kept apart
    does not come back, nor does the rule merge again what was undone. Raises ``CatalogueError`` if a file is faulty.
    """
    return undecided(_compared(inputs.tables, inputs.parts, _mark(inputs)), read_revisions(inputs.decisions))


def are_compared(inputs: Inputs) -> bool:
    """Say whether ``read_proposals`` takes no time, for somebody has just asked it."""
    return _last_compared == [(inputs.tables, inputs.parts, _mark(inputs))]


def _mark(inputs: Inputs) -> tuple[int, ...]:
    """Return what tells tables that were edited from those that were compared; imports are not edited."""
    return tuple((inputs.tables / name).stat().st_mtime_ns for name in ("centres.csv", "facts.csv", "doubles.toml"))


@lru_cache(maxsize=2)  # the same for everybody, and seconds of work; decisions are laid over it
def _compared(tables: Path, parts: tuple[Path, ...], mark: tuple[int, ...]) -> tuple[Proposal, ...]:
    settings = read_settings(tables)
    listings = read_listings(Inputs(tables, parts), settings)
    found = proposals_of(listings, settings)
    _last_compared[:] = [(tables, parts, mark)]
    return found


def proposals_of(listings: Listings, settings: Settings) -> tuple[Proposal, ...]:
    """Return the pairs of ``listings`` that are worth showing, the most useful first; see ``find_candidates``."""
    scores = score_pairs(listings, find_candidates(listings, settings).pairs, settings)
    clear = clear_cut(listings, scores, settings)
    found = [proposal_of(listings, scores, row, bool(clear[row])) for row in range(len(scores))]
    return tuple(sorted(found, key=lambda each: (-(each.score // _BAND), -each.stated, -each.score, each.kept_id)))


def proposal_of(listings: Listings, scores: Scores, row: int, is_clear: bool) -> Proposal:
    """Return one scored pair as it is shown to a person."""
    kept, other = kept_first(listings, *scores.pairs[row].tolist())

    def known(value: float) -> bool | None:
        return None if np.isnan(value) else bool(value == 1)

    return Proposal(
        listings.ids[kept],
        listings.ids[other],
        listings.words[listings.country[kept]],
        (listings.words[listings.register[kept]], listings.words[listings.register[other]]),
        float(scores.score[row]),
        float(scores.names[row]),
        None if np.isnan(scores.km[row]) else float(scores.km[row]),
        bool(scores.both_exact[row]),
        known(scores.same_town[row]),
        known(scores.website[row]),
        bool(scores.same_id[row]),
        bool(scores.same_register[row]),
        float(scores.place[row]),
        (int(listings.beds[kept]), int(listings.beds[other])),
        None if np.isnan(scores.beds[row]) else float(scores.beds[row]),
        tuple(sorted(listings.told_apart(kept, other))),
        int(listings.stated[kept] + listings.stated[other]),
        is_clear,
        (listings.ids[kept], listings.ids[other]),
    )


def undecided(proposals: Iterable[Proposal], revisions: Revisions) -> tuple[Proposal, ...]:
    """Return those proposals about which nothing was decided, in their order.

    A centre that went into another counts as that one: two doubles of one centre are not proposed again.
    """
    kept_of = revisions.kept_of
    apart = {frozenset(kept_of.get(id_, id_) for id_ in pair) for pair in revisions.apart} | set(revisions.apart)
    undone = undone_merges(revisions)
    seen: set[frozenset[str]] = set()
    left = []
    for each in proposals:
        pair = frozenset(kept_of.get(id_, id_) for id_ in each.pair)
        if len(pair) == 1 or pair in apart or each.pair in apart or pair in seen:
            continue
        seen.add(pair)
        kept, other = (kept_of.get(id_, id_) for id_ in (each.kept_id, each.other_id))
        moved = (kept, other) != (each.kept_id, each.other_id)
        clear = each.is_clear and each.pair not in undone and not moved
        left.append(replace(each, kept_id=kept, other_id=other, is_clear=clear))
    return tuple(left)


def gone_along(
    proposals: Iterable[Proposal], left: Iterable[Proposal], decisions: Iterable[Decision], revisions: Revisions
) -> tuple[Proposal, ...]:
    """Return those of ``proposals`` that some ``decisions`` settled without being about them.

    ``left``: what is undecided after these, by ``revisions`` of which they are a part. Who is merged takes along its
    other pairs: they are the same as those of the centre that took it in.
    """
    still = {frozenset(each.listed_ids) for each in left}
    gone = [each for each in proposals if frozenset(each.listed_ids) not in still]
    kept_of = revisions.kept_of
    asked = [frozenset((each.centre_id, each.other_id)) for each in decisions if each.kind in ("merge", "apart")]
    exact = {each.pair for each in gone}.intersection(asked)
    # a pair that had moved to the centre that took one in was asked about under other ids
    moved = Counter(_now(pair, kept_of) for pair in asked if pair not in exact)
    along = []
    for each in gone:
        if each.pair in exact:
            continue
        pair = _now(each.pair, kept_of)
        if moved[pair]:
            moved[pair] -= 1
        else:
            along.append(each)
    return tuple(along)


def _now(pair: Iterable[str], kept_of: Mapping[str, str]) -> frozenset[str]:
    return frozenset(kept_of.get(id_, id_) for id_ in pair)


def older_first(proposal: Proposal, lists: Sequence[str]) -> Proposal:
    """Return a pair as it is shown: what ships first, then the older of two imports. ``lists``: sources, oldest first.

    Which one the rule would keep is not said any more by what is returned.
    """

    def age(id_: str) -> int:
        source = id_.partition(":")[0]
        return lists.index(source) if source in lists else -1

    if age(proposal.kept_id) <= age(proposal.other_id):
        return proposal
    one, other = proposal.registers
    return replace(
        proposal,
        kept_id=proposal.other_id,
        other_id=proposal.kept_id,
        registers=(other, one),
        beds=proposal.beds[::-1],
        listed_ids=proposal.listed_ids[::-1],
    )


def undone_merges(revisions: Revisions) -> frozenset[frozenset[str]]:
    """Return the pairs that were merged once and are not any more."""
    standing = {each.id for each in revisions.standing}
    return frozenset(
        frozenset((each.centre_id, each.other_id))
        for each in revisions.history
        if each.kind == "merge" and each.id not in standing
    )


def merge_by_rule(proposals: Iterable[Proposal], settings: Settings) -> list[Decision]:
    """Return a decision for each pair that the rule merges."""
    at = now()
    return [
        Decision(
            "merge", at, BY_RULE + settings.rule_name, each.kept_id, each.other_id, score=f"{each.score:.0f}"
        )
        for each in proposals
        if each.is_clear
    ]  # fmt: skip


def decide_pair(proposal: Proposal, by: str, keep: str = "", note: str = "") -> Decision:
    """Return a person's decision about a pair: ``keep`` is the id of the centre that takes the other in, or ``""``.

    ``""`` keeps the two apart: the pair does not come back.
    """
    one, other = (proposal.kept_id, proposal.other_id)
    if keep == other:
        one, other = other, one
    kind = "merge" if keep else "apart"
    return Decision(kind, now(), by, one, other, score=f"{proposal.score:.0f}", note=note)
