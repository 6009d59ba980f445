"""Turns what several sources state of one thing into the value that counts, by ``data/centres/conflicts.toml``.

The others are kept and shown. One rule for every use: packed files, comparisons, pages, files to take away.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np

from opinion.centres.dates import date_order
from opinion.centres.decisions import CORRECTIONS
from opinion.centres.distances import distance_km
from opinion.centres.fact_database import Fact
from opinion.centres.names import fold, is_latin
from opinion.errors import CatalogueError

CONFLICTS = "conflicts.toml"
OUTWEIGHED = "outweighed"
"""The standing of what an entry stated before another source's value took its place, by the rule."""

STEPS = ("correction", "kept", "precision", "date", "rank", "order")
_PRECISIONS = ("zip_centroid", "city_geonames", "city", "stated", "site")  # the later, the closer to the door
_OF_A_TOWN = frozenset(_PRECISIONS[:3])


class Claim(NamedTuple):
    """What one source states at one date; ``about_id``: the double of which it speaks, ``""`` for the centre."""

    value: str
    source: str
    date: str
    about_id: str = ""


@dataclass(frozen=True)
class ConflictRules:
    """The rule as it is published.

    ``texts``: what each step says to readers, in order; ``reasons``: why. ``steps``: those of each field. ``ranks``: of
    sources, 1 is closest to the centre, with ``rank_reasons``; ``other_rank``: of those not in it. Two points agree
    within ``apart_km`` kilometres, within ``apart_from_town_km`` if one is that of a town.
    """

    texts: Mapping[str, str]
    reasons: Mapping[str, str]
    steps: Mapping[str, tuple[str, ...]]
    ranks: Mapping[str, int]
    rank_reasons: Mapping[int, str]
    other_rank: int
    apart_km: float
    apart_from_town_km: float


@dataclass(frozen=True)
class Conflict:
    """What sources state differently. ``item``: the machine whose number it is, ``""`` for other fields.

    ``facts``: the best first, each value once, so the first is the one that counts; ``step`` put it before the second.
    """

    field: str
    item: str
    facts: tuple[Fact, ...]
    step: str

    @property
    def chosen(self) -> Fact:
        """The fact that counts."""
        return self.facts[0]

    @property
    def is_settled(self) -> bool:
        """Whether a curator's correction counts: whoever made it knew what sources state, and chose."""
        return self.chosen.source == CORRECTIONS

    @property
    def values(self) -> str:
        """All that is stated, whoever states it: the same text as long as the same values disagree."""
        said = sorted({str(fact.count) if self.item else fact.value for fact in self.facts})
        return (f"{self.item}: " if self.item else "") + " | ".join(said)


@lru_cache(maxsize=8)
def read_conflict_rules(tables: Path) -> ConflictRules:
    """Return the rule in the folder ``tables``. Raises ``CatalogueError`` if it is missing, or names an unknown step.

    Read once for a process: who changes it builds the catalogue anew.
    """
    path = tables / CONFLICTS
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        rules = ConflictRules(
            {step["id"]: step["text"] for step in content["step"]},
            {step["id"]: step["why"] for step in content["step"]},
            {field["id"]: tuple(field["steps"]) for field in content["field"]},
            {source: rank["rank"] for rank in content["rank"] for source in rank["sources"]},
            {rank["rank"]: rank["why"] for rank in content["rank"]},
            content["other"]["rank"],
            float(content["apart_km"]),
            float(content["apart_from_town_km"]),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CatalogueError(f"{path}: {error}. Restore it: it says which value counts.") from None
    for step in {*rules.texts, *(step for steps in rules.steps.values() for step in steps)}:
        if step not in STEPS or step not in rules.texts:
            raise CatalogueError(f"{path}: {step!r} is no step. Steps are {', '.join(STEPS)}, each with its text.")
    return rules


def best_first(rules: ConflictRules, field: str, claims: Iterable[Claim]) -> list[Claim]:
    """Return claims about one field of a centre in the order in which they count; equal ones stand in order of text."""
    in_order = sorted(claims, key=lambda claim: (claim.source, claim.value, claim.about_id))
    return sorted(
        in_order, key=lambda claim: [_weight(rules, step, claim) for step in rules.steps[field]], reverse=True
    )


def deciding_step(rules: ConflictRules, field: str, better: Claim, worse: Claim) -> str:
    """Return the step that puts one claim before another."""
    for step in rules.steps[field]:
        if _weight(rules, step, better) != _weight(rules, step, worse):
            return step
    return "order"


def _weight(rules: ConflictRules, step: str, claim: Claim) -> tuple[float, str]:
    """Return how much a claim weighs in one step; more is better."""
    if step == "date":
        dated, date = date_order(claim.date)
        return float(dated), date if dated else ""
    weights = {
        "correction": claim.source == CORRECTIONS,
        "kept": not claim.about_id,
        "precision": _precision(claim.value) if step == "precision" else 0,
        "rank": -rules.ranks.get(claim.source, rules.other_rank),
    }
    return float(weights.get(step, 0)), ""


def _precision(point: str) -> int:
    known = point.rpartition(",")[2]
    return _PRECISIONS.index(known) if known in _PRECISIONS else -1


def find_conflicts(rules: ConflictRules, facts: Sequence[Fact]) -> list[Conflict]:
    """Return what sources state differently among the facts of one centre, in the order of the rule's fields.

    ``facts``: as ``read_facts`` gives them ``with_past``. What does not count any more is no side of a conflict: a
    newer release, a correction or a person has settled it.
    """
    sides: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        if fact.field in rules.steps and fact.certainty == "stated" and fact.standing in ("", OUTWEIGHED):
            if fact.field != "equipment":
                sides.setdefault((fact.field, ""), []).append(fact)
            elif fact.count is not None:
                sides.setdefault((fact.field, fact.value), []).append(fact)
    aliases = {_letters(fact.value) for fact in facts if fact.field == "name_other"}
    found = []
    for (field, item), side in sorted(
        sides.items(), key=lambda side: (list(rules.steps).index(side[0][0]), side[0][1])
    ):
        claims = {_claim(fact): fact for fact in reversed(side)}
        order = best_first(rules, field, claims)
        if field == "facility_type":  # each register has its own words: only one register can contradict itself
            order = [claim for claim in order if claim.source == order[0].source]
        others = [claim for claim in order[1:] if _disagree(rules, field, order[0].value, claim.value)]
        if field == "name":
            others = [claim for claim in others if _letters(claim.value) not in aliases]
        others = [claim for place, claim in enumerate(others) if claim.value not in {o.value for o in others[:place]}]
        if others:
            step = deciding_step(rules, field, order[0], others[0])
            found.append(Conflict(field, item, tuple(claims[claim] for claim in (order[0], *others)), step))
    return found


def _claim(fact: Fact) -> Claim:
    value = str(fact.count) if fact.field == "equipment" else fact.value
    return Claim(value, fact.source, fact.source_date, fact.about_id)


def _disagree(rules: ConflictRules, field: str, value: str, other: str) -> bool:
    if field == "website":
        return _site(value) != _site(other)
    if field in ("name", "city"):
        return is_latin(value) == is_latin(other) and not _is_part(_letters(value), _letters(other))
    if field == "point":
        (lat, lon, precision), (other_lat, other_lon, other_precision) = value.split(","), other.split(",")
        of_a_town = not _OF_A_TOWN.isdisjoint((precision, other_precision))
        (km,) = distance_km(float(lat), float(lon), np.array([float(other_lat)]), np.array([float(other_lon)]))
        return bool(km > (rules.apart_from_town_km if of_a_town else rules.apart_km))
    return value != other


def _site(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.netloc.casefold().removeprefix("www."), parts.path.rstrip("/")


def _is_part(one: str, other: str) -> bool:
    """Say whether one of two names is the other with something added: a department, a town, a number of a district."""
    return one in other or other in one


def _letters(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalnum())
