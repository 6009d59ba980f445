"""Turns a catalogue and a case into centres in order, those to ask first, and why a list is short.

The order: the tier, then home before abroad unless the case says otherwise, then the points, then the nearest, then the
name. Whole columns are worked on; only the rows that are shown are looked at one by one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.clinics import same_clinic, town_words
from opinion.centres.coverage import AreaCoverage, cover_area
from opinion.centres.rowsets import Words, count_rows, pack_rows, unpack_rows
from opinion.matching.cases import Case
from opinion.matching.explanations import Match, explain
from opinion.matching.musts import Relaxation, fails_none, make_musts, meets_all, relaxations
from opinion.matching.places import Origin, Places
from opinion.matching.scores import Scorer, Scores
from opinion.matching.tiers import Tiers, make_tiers
from opinion.matching.weights import RankingRules, load_rules

LIMIT = 25
SHORT = 5
"""A list with fewer centres than this is explained."""

WITHHELD = ("emergency", "do_not_wait")
"""The outcomes under which nobody is to look for centres (GUIDANCE G4, E01)."""

_NAMES = ("name", "name_local", "name_other", "name_stated")
_FEW_NAMESAKES = 200  # rows with a word of the own clinic's name that are worth looking at
_AT_ONCE = 50  # rows whose names are compared with the own clinic's at a time


@dataclass(frozen=True)
class OwnClinic:
    """A centre left out because it is, or may be, the clinic that the doctor works at."""

    centre_id: str
    name: str


@dataclass(frozen=True)
class Ranking:
    """The centres for a case.

    ``withheld``: the outcome under which none is given, ``""`` if they are. ``coverage``: what is known of the area
    asked, then of the near ones, in the patient's country, to be said first; ``()`` if that is not known.
    ``home_first``: centres at home stand before those abroad of the same tier. ``count`` centres are known to meet
    every must, ``to_ask_count`` more may; ``centres`` and ``to_ask`` are the first of them. ``relaxations``: single
    wishes without which the list would be longer, when it is short. ``unknown_for_all``: wishes of which no source
    says anything. ``not_used``: wishes and parts that this case gives no ground for. ``points``: by part.
    """

    case: Case
    withheld: str
    coverage: tuple[AreaCoverage, ...]
    origin: Origin
    home_first: bool
    count: int
    centres: tuple[Match, ...]
    to_ask_count: int
    to_ask: tuple[Match, ...]
    own_clinic: tuple[OwnClinic, ...]
    relaxations: tuple[Relaxation, ...]
    unknown_for_all: tuple[str, ...]
    not_used: tuple[str, ...]
    points: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object that the command and the API print: ids, numbers and codes."""
        at = self.origin
        return {
            "disease_area": self.case.disease_area,
            "also": list(self.case.also),
            "age": self.case.age,
            "country": self.case.country or None,
            "outcome": self.case.outcome,
            "timing": self.case.timing,
            "withheld": self.withheld or None,
            "coverage": [{**asdict(one), "nothing_stated": one.nothing_stated} for one in self.coverage],
            "distances_from": {"kind": at.kind, "name": at.name or None},
            "home_first": self.home_first,
            "count": self.count,
            "centres": [match.to_dict() for match in self.centres],
            "to_ask_count": self.to_ask_count,
            "to_ask": [match.to_dict() for match in self.to_ask],
            "own_clinic": [{"id": one.centre_id, "name": one.name} for one in self.own_clinic],
            "relaxations": [
                {"wish": one.wish, "values": list(one.values), "count": one.count} for one in self.relaxations
            ],
            "unknown_for_all": list(self.unknown_for_all),
            "not_used": list(self.not_used),
            "weights": dict(self.points),
        }


def rank(
    catalogue: Catalogue,
    case: Case,
    weights: Mapping[str, float] | None = None,
    limit: int | None = LIMIT,
    rules: RankingRules | None = None,
) -> Ranking:
    """Return the centres of ``catalogue`` for ``case``, at most ``limit`` in each of the two lists (``None``: all).

    ``weights``: points by part in the place of ours. Raises ``AnswersError`` if these cannot be used.
    """
    rules = rules or load_rules()
    points = rules.points(weights)
    places = Places(catalogue, case, rules.shares["distance"]["same_city_km"])
    coverage = tuple(cover_area(catalogue, area, case.country) for area in case.areas) if case.country else ()
    if case.outcome in WITHHELD:
        return _withheld(case, coverage, places.origin, points)
    tiers = make_tiers(catalogue, case, rules)
    musts = make_musts(catalogue, case, places, tiers, rules)
    own = own_clinic_rows(catalogue, case, tiers.possible)
    scorer = Scorer(catalogue, case, places, musts, rules, points)
    listed = meets_all(musts) & ~own
    to_ask = fails_none(catalogue, musts) & ~meets_all(musts) & ~own
    home_first = _home_first(case, places, tiers, listed)
    walk = _Walk(scorer, tiers, limit)
    centres = walk.first(listed, places.home if home_first else None)
    # who has to be asked is asked at home first: nothing is known that would be worth a journey
    others = walk.first(to_ask, None if case.abroad == "yes" and not case.fastest_first else places.home)
    own = own | walk.met
    listed, to_ask = listed & ~own, to_ask & ~own
    count = count_rows(listed)
    return Ranking(
        case=case,
        withheld="",
        coverage=coverage,
        origin=places.origin,
        home_first=home_first,
        count=count,
        centres=centres,
        to_ask_count=count_rows(to_ask),
        to_ask=others,
        own_clinic=_named(catalogue, own),
        relaxations=relaxations(musts, own) if count < SHORT else (),
        unknown_for_all=_unknown_for_all(case),
        not_used=_not_used(case, places, scorer),
        points=points,
    )


def _withheld(case: Case, coverage: tuple[AreaCoverage, ...], origin: Origin, points: dict[str, float]) -> Ranking:
    return Ranking(case, case.outcome, coverage, origin, False, 0, (), 0, (), (), (), (), (), points)


def _home_first(case: Case, places: Places, tiers: Tiers, listed: Words) -> bool:
    """Say whether home goes first: where the fastest does, or abroad only if needed and it is not."""
    if case.fastest_first:
        return True
    specialised_at_home = (tiers.specialised & listed & places.home).any()
    return case.abroad != "yes" and bool(specialised_at_home)


def own_clinic_rows(catalogue: Catalogue, case: Case, among: Words) -> Words:
    """Return the rows that share a telling word of the own clinic's name, and are that clinic by their whole names.

    A word is telling if few rows carry it. A name that is spelled otherwise in every word is found as it is listed.
    """
    flags = np.zeros(catalogue.size, dtype=np.bool_)
    for word in town_words(case.doctor_clinic).split():
        found = catalogue.texts.match(word, keep=False)
        if found is not None and count_rows(found.rows & among) <= _FEW_NAMESAKES:
            flags[unpack_rows(found.rows & among)] = True
    rows = np.flatnonzero(flags)
    flags[rows] = _is_own(catalogue, case, rows)
    return pack_rows(flags)


def _is_own(catalogue: Catalogue, case: Case, rows: NDArray[np.intp]) -> list[bool]:
    names = catalogue.table.select(_NAMES).take(rows).to_pydict().values()
    return [same_clinic(case.doctor_clinic, *each) for each in zip(*names, strict=True)]


def _named(catalogue: Catalogue, rows: Words) -> tuple[OwnClinic, ...]:
    taken = catalogue.table.select(("centre_id", "name")).take(unpack_rows(rows)).to_pydict()
    return tuple(OwnClinic(id_, name) for id_, name in zip(taken["centre_id"], taken["name"], strict=True))


class _Walk:
    """Walks through the groups of rows, best first, and leaves out the own clinic. ``met``: its rows met so far."""

    def __init__(self, scorer: Scorer, tiers: Tiers, limit: int | None) -> None:
        self.scorer, self.tiers = scorer, tiers
        self.limit = scorer.catalogue.size if limit is None else limit
        self.met: Words = np.zeros_like(scorer.catalogue.all_rows)

    def first(self, chosen: Words, home: Words | None) -> tuple[Match, ...]:
        """Return the first centres of ``chosen``; with ``home``, those before the others of their tier."""
        found: list[Match] = []
        for group in self._groups(chosen, home):
            scores = self.scorer.score(unpack_rows(group))
            found += explain(self.scorer, scores, self._left(scores, self.limit - len(found)))
            if len(found) == self.limit:
                break
        return tuple(found)

    def _groups(self, chosen: Words, home: Words | None) -> Iterator[Words]:
        for tier in self.tiers.in_order:
            rows = tier & chosen
            for group in (rows,) if home is None else (rows & home, rows & ~home):
                if group.any():
                    yield group

    def _left(self, scores: Scores, most: int) -> list[int]:
        """Return the places of the first ``most`` rows that are not the own clinic's."""
        if not self.scorer.case.doctor_clinic:
            return [int(place) for place in scores.order(most)]
        kept: list[int] = []
        for wanted in (most + _AT_ONCE, None):  # all of them only if the own clinic has very many namesakes
            kept, order = [], scores.order(wanted)
            for start in range(0, len(order), _AT_ONCE):
                kept += self._others(scores, order[start : start + _AT_ONCE])
                if len(kept) >= most:
                    return kept[:most]
            if len(order) == len(scores.rows):
                break
        return kept

    def _others(self, scores: Scores, order: NDArray[np.intp]) -> list[int]:
        rows = scores.rows[order]
        own = np.array(_is_own(self.scorer.catalogue, self.scorer.case, rows), dtype=np.bool_)
        if own.any():
            flags = np.zeros(self.scorer.catalogue.size, dtype=np.bool_)
            flags[rows[own]] = True
            self.met = self.met | pack_rows(flags)
        return [int(place) for place in order[~own]]


def _unknown_for_all(case: Case) -> tuple[str, ...]:
    asked = {"languages": bool(case.languages), "remote": case.remote}
    return tuple(wish for wish, is_asked in asked.items() if is_asked)


def _not_used(case: Case, places: Places, scorer: Scorer) -> tuple[str, ...]:
    parts = [part for part in ("independence", "distance", "time") if not scorer.most()[part]]
    if case.max_distance_km is not None and places.origin.kind != "city":
        parts.append("max_distance_km")
    return tuple(parts)
