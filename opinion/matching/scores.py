"""Turns rows into points: each part of the score for whole columns of rows, none below zero, nothing normalised."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.focuses import FOCUSES, STATED
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
from opinion.centres.rowsets import Words, is_in
from opinion.matching.cases import Case
from opinion.matching.musts import NOT_WISHED, Must
from opinion.matching.places import STEPS, Places
from opinion.matching.weights import PARTS, RankingRules

Points = NDArray[np.float64]
_LONG = 1000  # days: as good as any number beyond
_DIGITS = 9  # sums that differ by less are equal: the order of adding must not decide


@dataclass(frozen=True, eq=False)
class Scorer:
    """All that the points of a row depend on. ``points`` by part; ``musts`` with the area."""

    catalogue: Catalogue
    case: Case
    places: Places
    musts: tuple[Must, ...]
    rules: RankingRules
    points: Mapping[str, float]

    def score(self, rows: NDArray[np.intp]) -> "Scores":
        """Return the points of rows, part by part."""
        distances, steps = self.places.distances_km(rows), self.places.steps(rows)
        parts = {
            "focus": self._focus(rows),
            "also": self._also(rows),
            "equipment": self._equipment(rows),
            "independence": self._independence(steps),
            "team": self._team(rows),
            "designation": self._designation(rows),
            "distance": self._distance(rows, distances),
            "time": self._time(distances, steps),
            "wishes": self._wishes(rows),
        }
        points = {part: self.points[part] * parts[part] for part in PARTS}
        return Scores(rows, points, np.round(sum(points.values()), _DIGITS), distances, steps)

    def most(self) -> dict[str, float]:
        """Return the most points that each part could give for this case, 0 for a part that is not used."""
        case, items = self.case, len(self.case.equipment) + len(self.case.equipment_nice)
        times = {
            "also": len(case.also),
            "equipment": items,
            "independence": 1 if case.doctor_country else 0,
            "distance": 1 if case.country or self.places.origin.kind != "nowhere" else 0,
            "time": 0 if case.days_until_decision is None else 1,
            "wishes": len(self.other_wishes()),
        }
        return {part: self.points[part] * times.get(part, 1) for part in PARTS}

    def _focus(self, rows: NDArray[np.intp]) -> Points:
        """Give the share of the focus on the area asked, or on a neighbouring one if that gives more."""
        found = self._in_area(self.case.disease_area, rows)
        for area in self.case.areas[1:]:
            found = np.maximum(found, self.rules.shares["focus"]["near_area"] * self._in_area(area, rows))
        return found

    def _also(self, rows: NDArray[np.intp]) -> Points:
        """Give the share of the focus on each further area."""
        return sum((self._in_area(area, rows) for area in self.case.also), np.zeros(len(rows)))

    def _in_area(self, area: str, rows: NDArray[np.intp]) -> Points:
        shares, found = self.rules.shares["focus"], np.zeros(len(rows))
        for focus in FOCUSES:
            found = np.maximum(found, shares[focus] * is_in(self.catalogue.areas[focus][AREA_BITS[area]], rows))
        return found

    def _equipment(self, rows: NDArray[np.intp]) -> Points:
        shares, found = self.rules.shares["equipment"], np.zeros(len(rows))
        for item in (*self.case.equipment, *self.case.equipment_nice):
            stated = is_in(self.catalogue.equipped["stated"][EQUIPMENT_BITS[item]], rows)
            known = is_in(self.catalogue.equipped["implied"][EQUIPMENT_BITS[item]], rows)
            found += np.where(stated, shares["stated"], shares["implied"] * known)
        return found

    def _independence(self, steps: NDArray[np.intp]) -> Points:
        shares = dict(self.rules.shares["independence"])
        if self.case.fastest_first:
            shares["other_country"], shares["other_clinic"] = shares["other_clinic"], shares["other_country"]
        # at least so much, whichever of the two it is
        shares["same_country"] = min(shares["other_city"], shares["other_clinic"])
        return np.array([shares.get(step, 0.0) for step in STEPS])[steps]

    def _team(self, rows: NDArray[np.intp]) -> Points:
        shares, related = self.rules.shares["team"], self.rules.teams[self.case.disease_area]
        stated = self.catalogue.reached[STATED[-1]]
        here = np.zeros(len(rows))
        for area in related:
            here += is_in(stated[AREA_BITS[area]], rows)
        teaches = is_in(self.catalogue.facets["teaching"].sets[0], rows)
        return shares["related_areas"] * here / max(len(related), 1) + shares["teaching"] * teaches

    def _designation(self, rows: NDArray[np.intp]) -> Points:
        found = np.zeros(len(rows))
        for id_, share in self.title_shares().items():
            found = np.maximum(found, share * is_in(self._title(id_), rows))
        return found

    def title_shares(self) -> dict[str, float]:
        """Return the share of each title that counts for this case: those asked whole, the others as recognised."""
        area = self.case.disease_area
        shares = {id_: one.share for id_, one in self.rules.recognitions.items() if one.counts_for(area)}
        return shares | dict.fromkeys(self.case.designations, 1.0)

    def _title(self, id_: str) -> Words:
        titles = self.catalogue.facets["designation"]
        rows: Words = titles.sets[titles.values.index(id_)]
        return rows

    def _distance(self, rows: NDArray[np.intp], distances: Points) -> Points:
        """Give the share for the way; where that is not known, the least that it can be."""
        travel = self.rules.travel
        found: Points = np.interp(distances, travel.km, travel.share)  # NaN stays NaN
        unknown = np.isnan(distances)
        if unknown.any():
            found[unknown] = travel.same_region * is_in(self.places.region, rows[unknown])
        at_home: Points = np.where(is_in(self.places.home, rows), travel.own_country, 0.0)
        least: Points = np.maximum(found, at_home)
        return least

    def _time(self, distances: Points, steps: NDArray[np.intp]) -> Points:
        left = self.case.days_until_decision
        if left is None:
            return np.zeros(len(steps))
        needed = self.days_needed(distances, steps)
        return np.minimum(1.0, min(left, _LONG) / needed)

    def days_needed(self, distances: Points, steps: NDArray[np.intp]) -> Points:
        """Return the days that a second opinion is assumed to take; a place that is not known counts as far."""
        days, far_km = self.rules.shares["time"], self.rules.shares["distance"]["far_km"]
        # by a remote review nobody travels; abroad the records may still have to be translated
        near = (distances <= far_km) | self.case.remote
        at_home = np.where(near, days["near_days"], days["far_days"])
        return np.where(steps == STEPS.index("other_country"), days["abroad_days"], at_home)

    def _wishes(self, rows: NDArray[np.intp]) -> Points:
        found = np.zeros(len(rows))
        for must in self.other_wishes():
            found += is_in(must.met, rows)
        return found

    def other_wishes(self) -> list[Must]:
        """Return the musts that no other part gives points for; who is listed meets the wish not to go abroad."""
        return [must for must in self.musts if must.wish not in (*NOT_WISHED, "equipment", "abroad")]


@dataclass(frozen=True, eq=False)
class Scores:
    """The points of some rows, by part, their ``total``, and what explains them. ``steps``: places in ``STEPS``."""

    rows: NDArray[np.intp]
    points: Mapping[str, Points]
    total: Points
    distances_km: Points
    steps: NDArray[np.intp]

    def order(self, most: int | None = None) -> NDArray[np.intp]:
        """Return the places of the first ``most`` rows: by points, then the nearest, then by name."""
        places = np.arange(len(self.rows))
        if most is not None and len(places) > 2 * most:
            # a full sort of all takes longer than all the points together
            lowest = np.partition(self.total, len(places) - most)[len(places) - most]
            places = np.flatnonzero(self.total >= lowest)
        metres = np.round(self.distances_km[places], 3)
        ordered = np.lexsort((self.rows[places], metres, -self.total[places]))
        return places[ordered][:most]
