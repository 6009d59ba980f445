"""Turns the points of a row into why the centre stands there: reasons, what is not known, what speaks against it.

Each is a code with the field and the values that it rests on, so that whoever shows it can say it in words.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from opinion.centres.focuses import FOCUSES, SPECIALISED, STATED
from opinion.centres.packing import DESIGNATION_BITS, EQUIPMENT_BITS
from opinion.centres.rowsets import is_in
from opinion.matching.musts import GROWN_UPS, NOT_WISHED
from opinion.matching.places import STEPS
from opinion.matching.scores import Scorer, Scores
from opinion.matching.weights import PARTS
from opinion.vocabularies import broader_equipment, equipment

MOST_REASONS = 3
AGAINST = ("for_children", "near_area", "further_area", "not_specialised", "same_city", "abroad", "far", "late")

_CELLS = ("centre_id", "name", "city", "country_code", "designated_as", "equipment_stated", "equipment_implied")


@dataclass(frozen=True)
class Reason:
    """Why a centre stands where it stands: ``field`` and ``values`` are what is known, ``points`` what it gives.

    ``part`` is the part of the score that the points belong to.
    """

    part: str
    code: str
    field: str
    values: tuple[str, ...]
    points: float


@dataclass(frozen=True)
class Point:
    """Something that is not known of a centre, or speaks against it, with the field and values it is about."""

    code: str
    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class MustState:
    """A wish that must be met, and how it stands: ``stated``, ``implied`` or ``unknown``.

    ``by``: the stated machines that imply the one asked; only ``implied`` has them.
    """

    code: str
    field: str
    values: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """One centre for a case.

    ``disease_area`` and ``focus``: what it stands for; ``focus`` is ``""`` if nothing is known about that.
    ``near_match``: that is a neighbouring area, no source states the one asked. ``distance_km``: ``None`` if not known;
    ``is_from_city``: it is from the doctor's city, not from the middle of the country, and worth saying.
    ``points`` and ``most``: by part, what it gets and the most it could get. ``reasons``: what it stands for, then the
    strongest first. ``musts``: each wish that must be met, with the code ``stated``, ``implied`` (by other equipment)
    or ``unknown``. ``ask``: the musts of which it is not known whether the centre meets them, the area among them;
    ``unknown``: these, and what else was asked or counts and is not known.
    """

    centre_id: str
    name: str
    city: str
    country_code: str
    disease_area: str
    focus: str
    near_match: bool
    distance_km: float | None
    is_from_city: bool
    score: float
    points: dict[str, float]
    most: dict[str, float]
    reasons: tuple[Reason, ...]
    musts: tuple[MustState, ...]
    unknown: tuple[Point, ...]
    against: tuple[Point, ...]
    ask: tuple[Point, ...]

    @property
    def highest(self) -> float:
        """The highest score that this case could give."""
        return sum(self.most.values())

    @property
    def km_from_city(self) -> float | None:
        """How far it is from the doctor's city, ``None`` if that or the centre's place is not known."""
        return self.distance_km if self.is_from_city else None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object, with the three strongest reasons."""
        return {
            "id": self.centre_id,
            "name": self.name,
            "city": self.city or None,
            "country_code": self.country_code,
            "disease_area": self.disease_area,
            "focus": self.focus,
            "near_match": self.near_match,
            "distance_km": self.distance_km,
            "score": round(self.score, 2),
            "most": round(self.highest, 2),
            "parts": {
                part: {"points": round(self.points[part], 2), "most": round(self.most[part], 2)} for part in PARTS
            },
            "reasons": [
                {**asdict(one), "values": list(one.values), "points": round(one.points, 2)}
                for one in self.reasons[:MOST_REASONS]
            ],
            "musts": [{**asdict(one), "values": list(one.values), "by": list(one.by)} for one in self.musts],
            "unknown": [_plain(one) for one in self.unknown],
            "against": [_plain(one) for one in self.against],
            "ask": [_plain(one) for one in self.ask],
        }


def _plain(point: Point) -> dict[str, Any]:
    return {**asdict(point), "values": list(point.values)}


def explain(scorer: Scorer, scores: Scores, places: Sequence[int]) -> list[Match]:
    """Return the centres at some ``places`` of ``scores``, in their order, with all that explains them."""
    rows = scores.rows[np.asarray(places, dtype=np.intp)]
    cells = scorer.catalogue.table.select(_CELLS).take(rows).to_pylist()
    focuses = scorer.catalogue.focuses_of(rows) if len(rows) else []
    most = scorer.most()
    return [
        _Row(scorer, scores, place, cell, focus).match(most)
        for place, cell, focus in zip(places, cells, focuses, strict=True)
    ]


class _Row:
    """One row while it is explained."""

    def __init__(
        self, scorer: Scorer, scores: Scores, place: int, cell: dict[str, Any], focuses: dict[str, str]
    ) -> None:
        self.scorer, self.case, self.cell, self.focuses = scorer, scorer.case, cell, focuses
        self.row = scores.rows[place : place + 1]
        self.points = {part: float(scores.points[part][place]) for part in PARTS}
        self.score = float(scores.total[place])
        far = float(scores.distances_km[place])
        self.distance_km = None if np.isnan(far) else round(far, 1)
        self.is_from_city = scorer.places.origin.kind == "city"
        self.step = STEPS[int(scores.steps[place])]
        self.days = int(scorer.days_needed(scores.distances_km[place : place + 1], scores.steps[place : place + 1])[0])

    def match(self, most: dict[str, float]) -> Match:
        area, focus = self._stands_for()
        ask = tuple(
            Point("ask", must.wish, must.values) for must in self.scorer.musts if not is_in(must.met, self.row)[0]
        )
        reasons = [reason for reason in self._reasons() if reason.points > 0]
        reasons.sort(key=lambda reason: -reason.points)  # stable: of equals in the order of the parts
        return Match(
            centre_id=self.cell["centre_id"],
            name=self.cell["name"],
            city=self.cell["city"],
            country_code=self.cell["country_code"],
            disease_area=area,
            focus=focus,
            near_match=area in self.case.areas[1:],
            distance_km=self.distance_km,
            is_from_city=self.is_from_city,
            score=self.score,
            points=self.points,
            most=most,
            reasons=(*self._focus(), *reasons),
            musts=tuple(self._musts()),
            unknown=(*ask, *self._unknown()),
            against=tuple(self._against(area, focus)),
            ask=ask,
        )

    def _stands_for(self) -> tuple[str, str]:
        """Return the area asked if a source states it, else a neighbouring one, else a further one, with its focus.

        Of none of them anything may be known: then it stands there for its machine.
        """
        asked, near = self.case.disease_area, self.case.areas[1:]
        areas = [area for area in dict.fromkeys((*self.case.areas, *self.case.also)) if area in self.focuses]

        def order(area: str) -> tuple[bool, int, int]:
            kind = 0 if area == asked else 1 if area in near else 2
            return self.focuses[area] not in STATED, kind, FOCUSES.index(self.focuses[area])

        best = min(areas, key=order, default=asked)
        return best, self.focuses.get(best, "")

    def _focus(self) -> list[Reason]:
        """Return what it stands for and, if a neighbouring area adds points, that area."""
        area, focus = self._stands_for()
        if not focus:
            return []
        if area not in self.case.areas:
            return [self._further(focus, (area,))]
        shares, points = self.scorer.rules.shares["focus"], self.scorer.points["focus"]
        own = points * shares[focus] * (1.0 if area == self.case.disease_area else shares["near_area"])
        found = [Reason("focus", focus, "disease_area", (area,), min(own, self.points["focus"]))]
        beside = [
            (self.focuses[near], near)
            for near in self.case.areas[1:]
            if near != area and self.focuses.get(near) in SPECIALISED
        ]
        for focus, near in sorted(beside, key=lambda one: FOCUSES.index(one[0]))[:1]:
            found.append(Reason("focus", focus, "disease_area", (near,), max(self.points["focus"] - own, 0.0)))
        return found

    def _further(self, focus: str, areas: tuple[str, ...]) -> Reason:
        share = self.scorer.rules.shares["focus"][focus]
        return Reason("also", focus, "disease_area", areas, self.scorer.points["also"] * share * len(areas))

    def _reasons(self) -> list[Reason]:
        found: list[Reason] = []
        shares = self.scorer.rules.shares
        stands, _ = self._stands_for()
        for focus in FOCUSES:
            areas = tuple(area for area in self.case.also if self.focuses.get(area) == focus and area != stands)
            if areas:
                found.append(self._further(focus, areas))
        for sure in ("stated", "implied"):
            items = self._items(sure)
            each = self.scorer.points["equipment"] * shares["equipment"][sure]
            found.append(Reason("equipment", f"equipment_{sure}", "equipment", items, each * len(items)))
        where = (self.cell["country_code"],) if self.step in ("other_country", "same_country") else (self.cell["city"],)
        field = "country_code" if self.step in ("other_country", "same_country") else "city"
        found.append(Reason("independence", self.step, field, where, self.points["independence"]))
        found += self._team()
        titles = tuple(
            id_ for id_ in self.scorer.title_shares() if self.cell["designated_as"] >> DESIGNATION_BITS[id_] & 1
        )
        found.append(Reason("designation", "designation", "designation", titles, self.points["designation"]))
        if self.is_from_city and self.distance_km is not None and not self._is_far():  # a long way is no reason
            km = (f"{self.distance_km:g}",)
            found.append(Reason("distance", "distance", "distance_km", km, self.points["distance"]))
        elif self.cell["country_code"] == self.case.country:
            home = (self.case.country,)
            found.append(Reason("distance", "own_country", "country_code", home, self.points["distance"]))
        for must in self.scorer.other_wishes():
            if is_in(must.met, self.row)[0]:
                found.append(Reason("wishes", "wish_met", must.wish, must.values, self.scorer.points["wishes"]))
        return found

    def _musts(self) -> list[MustState]:
        found, stated = [], self._items("stated")
        for must in self.scorer.musts:
            if must.wish in NOT_WISHED:
                continue
            if not is_in(must.met, self.row)[0]:
                found.append(MustState("unknown", must.wish, must.values, ()))
            elif must.wish == "equipment" and must.values[0] not in stated:
                found.append(MustState("implied", must.wish, must.values, self._narrower(must.values[0])))
            else:
                found.append(MustState("stated", must.wish, must.values, ()))
        return found

    def _narrower(self, item: str) -> tuple[str, ...]:
        """Return the stated machines that imply ``item``."""
        mask = self.cell["equipment_stated"]
        return tuple(
            one for one in equipment() if mask >> EQUIPMENT_BITS[one] & 1 and item in broader_equipment(one)
        )  # fmt: skip

    def _team(self) -> list[Reason]:
        shares, points = self.scorer.rules.shares["team"], self.scorer.points["team"]
        related = self.scorer.rules.teams[self.case.disease_area]
        here = tuple(one for one in related if self.focuses.get(one) in STATED)
        teaches = is_in(self.scorer.catalogue.facets["teaching"].sets[0], self.row)[0]
        together = points * shares["related_areas"] * len(here) / max(len(related), 1)
        return [
            Reason("team", "related_areas", "disease_area", here, together),
            Reason("team", "teaching", "teaching", ("true",), points * shares["teaching"] * float(teaches)),
        ]

    def _items(self, sure: str) -> tuple[str, ...]:
        mask = self.cell[f"equipment_{sure}"]
        asked = (*self.case.equipment, *self.case.equipment_nice)
        return tuple(item for item in asked if mask >> EQUIPMENT_BITS[item] & 1)

    def _is_far(self) -> bool:
        return self.distance_km is not None and self.distance_km > self.scorer.rules.shares["distance"]["far_km"]

    def _is_late(self) -> bool:
        return self.case.days_until_decision is not None and self.days > self.case.days_until_decision

    def _unknown(self) -> list[Point]:
        known = {*self._items("stated"), *self._items("implied")}
        found = [Point("unknown", "equipment", (item,)) for item in self.case.equipment_nice if item not in known]
        houses = self.scorer.rules.child.houses  # a house for children says so by its name
        further = [
            area for area in self.case.also
            if self.focuses.get(area) not in STATED and not (area in houses and self.focuses.get(area))
        ]  # fmt: skip
        found += [Point("unknown", "disease_area", (area,)) for area in further]
        asked = {must.wish for must in self.scorer.musts if not is_in(must.met, self.row)[0]}
        if self.distance_km is None and self.scorer.places.origin.kind != "nowhere" and "max_distance_km" not in asked:
            found.append(Point("unknown", "distance_km", ()))
        if self.step == "same_country" and self.case.doctor_city:
            found.append(Point("unknown", "city", ()))
        return found

    def _against(self, area: str, focus: str) -> list[Point]:
        found = []
        if any(must.wish == GROWN_UPS and not is_in(must.met, self.row)[0] for must in self.scorer.musts):
            found.append(Point("for_children", "disease_area", self.scorer.rules.child.houses))
        if area in self.case.areas[1:]:
            found.append(Point("near_area", "disease_area", (area,)))
        elif area != self.case.disease_area:
            found.append(Point("further_area", "disease_area", (area,)))
        if focus and focus not in SPECIALISED:
            found.append(Point("not_specialised", "disease_area", (area,)))
        if self.step == "other_clinic" and not self.case.fastest_first:
            found.append(Point("same_city", "city", (self.cell["city"],)))
        if self.case.country and self.cell["country_code"] != self.case.country and self.case.abroad != "yes":
            found.append(Point("abroad", "country_code", (self.cell["country_code"],)))
        is_abroad = bool(self.case.country) and self.cell["country_code"] != self.case.country
        if self._is_far() and (self.is_from_city or is_abroad):
            found.append(Point("far", "distance_km", (f"{self.distance_km:g}",)))
        if self._is_late():
            found.append(Point("late", "days_needed", (str(self.days),)))
        return found
