"""Turns the labelled sample into how often the rule is right, and how much it and the candidates find.

``doubles_sample.csv``: pairs of centres of the bundled catalogue, each read by hand. ``label`` is ``same``, ``two`` or
``unsure`` (what the registers say does not tell); ``reason`` says why; ``stratum`` how the pair was drawn; ``half``
whether thresholds were chosen on it (``choose``) or not (``hold_out``), by a hash of the two ids.
"""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from opinion.centres.decisions import BY_RULE, Decision, now
from opinion.centres.doubles.candidates import find_candidates
from opinion.centres.doubles.listings import Listings
from opinion.centres.doubles.queues import Proposal
from opinion.centres.doubles.rules import clear_cut
from opinion.centres.doubles.scores import score_pairs
from opinion.centres.doubles.settings import Settings
from opinion.centres.inputs import TABLES
from opinion.errors import CatalogueError

SAMPLE = "doubles_sample.csv"
COLUMNS = ("centre_id", "other_id", "stratum", "half", "label", "reason")
HALVES, LABELS = ("choose", "hold_out"), ("same", "two", "unsure")


@dataclass(frozen=True)
class LabelledPair:
    """A pair that was read by hand; the fields are the columns of the file."""

    centre_id: str
    other_id: str
    stratum: str
    half: str
    label: str
    reason: str


@dataclass(frozen=True)
class Share:
    """``part`` of ``whole``, with the bounds of its 95 % interval (Wilson)."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; NaN of nothing."""
        return self.part / self.whole if self.whole else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The interval, 0 to 1. Source: Wilson, J. Am. Stat. Assoc. 1927; 22: 209-212."""
        if not self.whole:
            return 0.0, 1.0
        z, n, share = 1.959964, self.whole, self.value
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Measures:
    """What was found in one half of the sample, or in all of it.

    ``labels``: pairs by label. ``precision``: of the pairs that the rule merges, those that are the same; ``recall``:
    of the pairs that are the same, those that it merges. Pairs that are unsure count in neither; ``unsure_merged`` is
    how many of them the rule merges. ``shown``: of the same, those that are merged or shown to a person.
    """

    labels: dict[str, int]
    precision: Share
    recall: Share
    unsure_merged: int
    shown: Share


def read_sample(tables: Path = TABLES) -> list[LabelledPair]:
    """Return the labelled pairs. Raises ``CatalogueError`` with the line that is wrong."""
    path = tables / SAMPLE
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if rows[0] != list(COLUMNS):
        raise CatalogueError(f"{path}: the first line must read {','.join(COLUMNS)}.")
    pairs = [LabelledPair(*row) for row in rows[1:]]
    for number, pair in enumerate(pairs, start=2):
        if pair.half not in HALVES or pair.label not in LABELS or not pair.reason:
            raise CatalogueError(f"{path}, line {number}: half or label is unknown, or there is no reason.")
    return pairs


def measure(listings: Listings, settings: Settings, sample: list[LabelledPair]) -> dict[str, Measures]:
    """Return the measures for ``choose``, ``hold_out`` and ``all``."""
    scores = score_pairs(listings, find_candidates(listings, settings).pairs, settings)
    clear = clear_cut(listings, scores, settings)
    shown = [frozenset((listings.ids[one], listings.ids[other])) for one, other in scores.pairs.tolist()]
    merged = {shown[row] for row in np.flatnonzero(clear).tolist()}
    shown_pairs, found = set(shown), {}
    for half in (*HALVES, "all"):
        labelled = [pair for pair in sample if half in (pair.half, "all")]
        by_label = {
            label: [frozenset((each.centre_id, each.other_id)) for each in labelled if each.label == label]
            for label in LABELS
        }
        same = by_label["same"]
        right = sum(pair in merged for pair in same)
        wrong = sum(pair in merged for pair in by_label["two"])
        found[half] = Measures(
            {label: len(some) for label, some in by_label.items()},
            Share(right, right + wrong),
            Share(right, len(same)),
            sum(pair in merged for pair in by_label["unsure"]),
            Share(sum(pair in shown_pairs for pair in same), len(same)),
        )
    return found


def bundled_merges(proposals: Iterable[Proposal], sample: Iterable[LabelledPair], settings: Settings) -> list[Decision]:
    """Return the merges that go with the tables of this repository: each of a pair that was read and is the same.

    What the rule merges, and what has one website of its own, or two points of the house that the rule calls near:
    that a reader found in the registers, too. Others are left to curators.
    """
    at = now()
    labelled = {frozenset((each.centre_id, each.other_id)): each for each in sample if each.label == "same"}
    found = []
    for each in proposals:
        read = labelled.get(each.pair)
        at_one_point = each.both_exact and each.km is not None and each.km <= settings.rule["site_km"]
        if read and (each.is_clear or each.same_website or at_one_point):
            rule = settings.rule_name if each.is_clear else "labelled_sample"
            found.append(
                Decision("merge", at, BY_RULE + rule, each.kept_id, each.other_id, score=f"{each.score:.0f}",
                         note=read.reason)
            )  # fmt: skip
    return found


def merged_within_registers(listings: Listings, settings: Settings) -> tuple[int, list[tuple[str, str]]]:
    """Return how many pairs of one register are compared, and those that the rule would merge if it did not look.

    A register seldom lists a house twice, so this is how often the rest of the rule is too bold.
    """
    scores = score_pairs(listings, find_candidates(listings, settings).pairs, settings, shown_only=False)
    within = scores.take(np.flatnonzero(scores.same_register))
    blind = replace(
        within,
        same_register=np.zeros(len(within), dtype=np.bool_),
        score=np.minimum(100, within.score + settings.takes["same_register"]),
    )
    clear = clear_cut(listings, blind, settings)
    pairs = within.pairs[clear].tolist()
    return len(within), [(listings.ids[one], listings.ids[other]) for one, other in pairs]
