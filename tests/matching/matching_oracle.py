"""The slow, obvious answer to what the engine does with columns: one row after the other. Knows nothing of it.

Reads the same numbers of ``data/matching`` and the same case, nothing else of ``opinion.matching``.
"""

from itertools import pairwise
from math import asin, cos, isnan, radians, sin, sqrt
from statistics import median

from opinion.centres.catalogues import Catalogue
from opinion.centres.clinics import same_clinic, same_town, town_words
from opinion.centres.focuses import FOCUSES, SPECIALISED, STATED
from opinion.centres.packing import AREA_BITS, DESIGNATION_BITS, EQUIPMENT_BITS
from opinion.centres.towns import find_town
from opinion.matching.cases import Case
from opinion.matching.weights import RankingRules
from opinion.vocabularies import macro_regions


def km_between(first, second):
    (a, b), (c, d) = (tuple(map(radians, point)) for point in (first, second))
    return 12742.0 * asin(sqrt(min(1, sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2)))


def rows_of(catalogue: Catalogue) -> list[dict]:
    table = catalogue.table.to_pydict()
    return [
        {
            **{name: table[name][row] for name in table},
            "row": row,
            "placed": not isnan(table["lat"][row] if table["lat"][row] is not None else float("nan")),
            "focus": {
                area: focus
                for focus in FOCUSES
                for area, bit in AREA_BITS.items()
                if table[f"areas_{focus}"][row] >> bit & 1
            },
        }
        for row in range(catalogue.size)
    ]


class SlowRanking:
    """Everything for one case, row by row: ``listed`` and ``to_ask`` are rows in order, ``relaxed`` the counts."""

    def __init__(self, rows: list[dict], case: Case, rules: RankingRules, points: dict[str, float]) -> None:
        self.rows, self.case, self.rules, self.points = rows, case, rules, points
        self.area, self.near = case.areas[0], case.areas[1:]
        self.region = next((one.countries for one in macro_regions().values() if case.country in one.countries), ())
        self.city, self.origin = self._origin()
        self.touched = {
            row["country_code"] for row in rows if self.is_within(row, rules.shares["distance"]["reach_km"])
        }
        fit = [row for row in rows if self.tier(row) is not None and not self.is_own(row)]
        musts = {row["row"]: self.musts(row) for row in fit}
        listed = [row for row in fit if all(met is True for met in musts[row["row"]].values())]
        asked = [row for row in fit if None in musts[row["row"]].values() and False not in musts[row["row"]].values()]
        at_home = any(self.tier(row) in (0, 1) and row["country_code"] == case.country for row in listed)
        fastest = case.timing in ("same_day_in_parallel", "today")
        self.home_first = fastest or (case.abroad != "yes" and at_home)
        self.listed = self.in_order(listed, self.home_first)
        self.to_ask = self.in_order(asked, fastest or case.abroad != "yes")
        self.relaxed = {}
        for wish in {wish for met in musts.values() for wish in met} - {("disease_area", self.area), ("grown_ups", "")}:
            longer = [
                row for row in fit
                if all(met is True for one, met in musts[row["row"]].items() if one != wish) and self.may(row, wish)
            ]  # fmt: skip
            if len(longer) > len(listed):
                self.relaxed[wish] = len(longer)

    def _origin(self):
        case = self.case
        if case.doctor_city:
            town = find_town(f"{case.doctor_city}, {case.doctor_country}" if case.doctor_country else case.doctor_city)
            if town:
                return True, (town.lat, town.lon)
        home = [row for row in self.rows if row["country_code"] == case.country and row["placed"]]
        if home:
            return False, (median(row["lat"] for row in home), median(row["lon"] for row in home))
        return False, None

    def tier(self, row: dict) -> int | None:
        step = self.step_of_knowing(row)
        rare = [item for item in self.case.equipment if item in self.rules.rare]
        has_all = bool(rare) and all(self.has(row, item) for item in rare) and not row["maybe_not_one_centre"]
        if has_all and (step is None or step >= 6):
            step = -1
        return 11 if step is not None and self.is_for_others(row) else step

    def is_for_children(self, row: dict) -> bool:
        child, focus = self.rules.child, row["focus"]
        is_house = any(focus.get(area) in ("single_specialty", "suggested_by_name") for area in child.houses)
        return is_house and not any(focus.get(area) in (*SPECIALISED, "suggested_by_name") for area in child.unless)

    def is_for_others(self, row: dict) -> bool:
        """Whether it is a house for children, and the patient is not known to be a child."""
        return self.is_for_children(row) and not {self.area, *self.case.also} & {*self.rules.child.patients_of}

    def is_known(self, row: dict) -> bool:
        step = self.step_of_knowing(row)
        return step is not None and step < 6

    def step_of_knowing(self, row: dict) -> int | None:
        if row["maybe_not_one_centre"]:
            return None
        own = row["focus"].get(self.area)
        near = {row["focus"].get(area) for area in self.near} - {None}
        also = [row["focus"].get(area) for area in self.case.also]
        further = bool({*also} & {*SPECIALISED})
        all_stated = all(
            row["focus"].get(area) in STATED or (area in self.rules.child.houses and self.is_for_children(row))
            for area in self.case.also
        )
        named, named_near = own == "suggested_by_name", "suggested_by_name" in near
        if self.is_elsewhere(row):
            named = named_near = False
        small = any(
            row["facility_type"] in one.facility_types and self.area not in one.except_areas
            for one in self.rules.ask_first
        )
        checks = (
            all_stated and (own in SPECIALISED or (own == "service_offered" and further and not small)),
            own in SPECIALISED,
            bool(near & set(SPECIALISED)) and own == "service_offered",
            own == "service_offered" and not small,
            bool(near & set(SPECIALISED)),
            "service_offered" in near and not small and own != "service_offered",
            named and further,
            named or further,
            named_near,
            own == "service_offered",
            "service_offered" in near,
        )
        return next((place for place, holds in enumerate(checks) if holds), None)

    def is_elsewhere(self, row: dict) -> bool:
        """Whether a register, or for some areas the name, says that it is a house for something else."""
        asked = {self.area, *self.near, *self.case.also}
        apart = {
            area for one in self.rules.not_asked if self.area not in one.except_areas for area in one.areas
        } - asked  # fmt: skip
        kin = asked | {*self.rules.teams[self.area]}
        return any(
            (focus == "single_specialty" and (area in apart or area not in kin))
            or (focus == "suggested_by_name" and area in apart)
            for area, focus in row["focus"].items()
        )

    def is_own(self, row: dict) -> bool:
        names = (row["name"], row["name_local"], row["name_other"], row["name_stated"])
        return same_clinic(self.case.doctor_clinic, *names)

    def km(self, row: dict) -> float | None:
        return km_between(self.origin, (row["lat"], row["lon"])) if self.origin and row["placed"] else None

    def is_within(self, row: dict, km: float) -> bool:
        far = self.km(row)
        return far is not None and far <= km

    def in_reach(self, row: dict) -> bool:
        if self.origin is None or row["country_code"] == self.case.country:
            return True
        if row["placed"]:
            return self.is_within(row, self.rules.shares["distance"]["reach_km"])
        return row["country_code"] in self.touched

    def may(self, row: dict, wish: tuple[str, str]) -> bool:
        """Whether a row counts when a wish is taken back."""
        goes_by_reach = wish[0] == "countries" or wish == ("abroad", "no")
        return self.case.abroad == "yes" or not goes_by_reach or self.in_reach(row)

    def musts(self, row: dict) -> dict:
        """Each must with true, false or ``None`` for not known."""
        case, found = self.case, {("disease_area", self.area): True if self.is_known(row) else None}
        if self.is_for_others(row):
            found["grown_ups", ""] = None
        for item in case.equipment:
            found["equipment", item] = True if self.has(row, item) else None
        if case.countries:
            found["countries", ";".join(case.countries)] = row["country_code"] in case.countries
        if case.abroad == "no":
            found["abroad", "no"] = row["country_code"] == case.country
        elif case.abroad == "if_needed" and not case.countries:
            found["abroad", "if_needed"] = self.in_reach(row)
        if case.max_distance_km is not None and self.city:
            far = self.km(row)
            found["max_distance_km", f"{case.max_distance_km:g}"] = None if far is None else far <= case.max_distance_km
        if case.designations:
            found["designations", ";".join(case.designations)] = self.titles(row, case.designations) or None
        if case.accredited:
            names = [
                id_ for id_, one in self.rules.recognitions.items()
                if one.accredits and (not one.areas or self.area in one.areas)
            ]  # fmt: skip
            found["accredited", "true"] = self.titles(row, names) or None
        if case.min_beds:
            found["min_beds", str(case.min_beds)] = row["beds"] >= case.min_beds if row["beds"] else None
        if case.teaching:
            found["teaching", "true"] = True if row["teaching"] else None
        return found

    @staticmethod
    def has(row: dict, item: str) -> str:
        for sure in ("stated", "implied"):
            if row[f"equipment_{sure}"] >> EQUIPMENT_BITS[item] & 1:
                return sure
        return ""

    @staticmethod
    def titles(row: dict, ids) -> bool:
        return any(row["designated_as"] >> DESIGNATION_BITS[id_] & 1 for id_ in ids)

    def step(self, row: dict) -> str:
        case = self.case
        if not case.doctor_country:
            return "unknown"
        if row["country_code"] != case.doctor_country:
            return "other_country"
        if not town_words(case.doctor_city):
            return "same_country"
        near = self.city and self.is_within(row, self.rules.shares["distance"]["same_city_km"])
        if same_town(row["city"], case.doctor_city) or near:
            return "other_clinic"
        return "other_city" if row["city"] or (self.city and row["placed"]) else "same_country"

    def score(self, row: dict) -> float:
        case, shares, points = self.case, self.rules.shares, self.points
        focus = [shares["focus"][row["focus"][self.area]] if self.area in row["focus"] else 0.0]
        focus += [
            shares["focus"][row["focus"][area]] * shares["focus"]["near_area"]
            for area in self.near if area in row["focus"]
        ]  # fmt: skip
        asked = (*case.equipment, *case.equipment_nice)
        equipment = sum(shares["equipment"][self.has(row, item)] for item in asked if self.has(row, item))
        steps = dict(shares["independence"])
        if case.timing in ("same_day_in_parallel", "today"):
            steps = {**steps, "other_country": steps["other_clinic"], "other_clinic": steps["other_country"]}
        steps |= {"same_country": min(steps["other_city"], steps["other_clinic"]), "unknown": 0.0}
        step = self.step(row)
        related = self.rules.teams[self.area]
        here = sum(row["focus"].get(area) in STATED for area in related)
        team = shares["team"]["related_areas"] * here / len(related) + shares["team"]["teaching"] * bool(
            row["teaching"]
        )
        titles = [one.share for id_, one in self.rules.recognitions.items()
                  if self.titles(row, [id_]) and (not one.areas or self.area in one.areas)]  # fmt: skip
        titles += [1.0 for id_ in case.designations if self.titles(row, [id_])]
        also = sum(shares["focus"].get(row["focus"].get(area), 0.0) for area in case.also)
        far = self.km(row)
        days, left = shares["time"], case.days_until_decision
        near = case.remote or (far is not None and far <= shares["distance"]["far_km"])
        needed = days["abroad_days"] if step == "other_country" else days["near_days"] if near else days["far_days"]
        counted = ("countries", "max_distance_km", "designations", "accredited", "min_beds", "teaching")
        wishes = sum(met is True for (wish, _), met in self.musts(row).items() if wish in counted)
        return round(
            points["focus"] * max(focus)
            + points["also"] * also
            + points["equipment"] * equipment
            + points["independence"] * steps[step]
            + points["team"] * team
            + points["designation"] * max(titles, default=0.0)
            + points["distance"] * self.travel(row)
            + points["time"] * (0.0 if left is None else min(1.0, left / needed))
            + points["wishes"] * wishes,
            9,
        )

    def travel(self, row: dict) -> float:
        way, far = self.rules.travel, self.km(row)
        least = way.own_country if row["country_code"] == self.case.country else 0.0
        if far is None:
            return max(least, way.same_region if row["country_code"] in self.region else 0.0)
        steps = list(zip(way.km, way.share, strict=True))
        for (start, more), (end, less) in pairwise(steps):
            if start <= far <= end:
                return max(least, more + (less - more) * (far - start) / (end - start))
        return max(least, steps[-1][1])

    def in_order(self, rows: list[dict], home_first: bool) -> list[int]:
        def key(row: dict):
            far = self.km(row)
            away = home_first and row["country_code"] != self.case.country
            return (self.tier(row), away, -self.score(row), far is None, round(far or 0, 3), row["row"])

        return [row["row"] for row in sorted(rows, key=key)]
