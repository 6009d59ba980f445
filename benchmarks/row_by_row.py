"""The rule of the ranking for the benchmark's one case, one row after the other, as pandas users write it first."""

from math import asin, cos, radians, sin, sqrt
from typing import Any

import numpy as np
import pandas as pd

from opinion.centres.catalogues import Catalogue
from opinion.centres.focuses import FOCUSES
from opinion.centres.packing import AREA_BITS, DESIGNATION_BITS, EQUIPMENT_BITS
from opinion.centres.towns import find_town
from opinion.matching.cases import Case
from opinion.matching.weights import load_rules

CASE = Case(
    "cardiology",
    country="US",
    doctor_country="US",
    doctor_city="Boston",
    days_until_decision=9,
    equipment=("ct",),
    equipment_nice=("mri", "cath_lab"),
    min_beds=50,
    abroad="no",
)
"""A large area that nobody specialises in by a register, so that hundreds of thousands of rows of a million compete."""

_RULES = load_rules()
_COLUMNS = (
    "country_code", "city", "lat", "lon", "beds", "teaching", "designated_as", "facility_type", "maybe_not_one_centre",
    "equipment_stated", "equipment_implied", *(f"areas_{focus}" for focus in FOCUSES),
)  # fmt: skip


def frame_of(catalogue: Catalogue) -> pd.DataFrame:
    """Return the columns that the rule reads, one row a centre."""
    return catalogue.page(range(catalogue.size), _COLUMNS)  # type: ignore[arg-type]


def order_rows(frame: pd.DataFrame) -> tuple[list[int], int]:
    """Return the rows that meet every must of ``CASE``, in order, and how many more may."""
    town = find_town("Boston, US")
    assert town is not None
    judged = frame.apply(_judge, axis=1, result_type="expand", point=(town.lat, town.lon))
    judged.columns = pd.Index(["tier", "meets", "score", "km"])
    left = judged[judged["tier"] >= 0]
    listed = left[left["meets"] == 1].copy()
    listed["score"], listed["km"] = -listed["score"], listed["km"].round(3)
    ordered = listed.sort_values(["tier", "score", "km"], kind="stable", na_position="last")
    return ordered.index.tolist(), int((left["meets"] == 0).sum())


def _judge(row: Any, point: tuple[float, float]) -> tuple[int, int, float, float]:
    """Return tier (-1: none), 1 met, 0 not known, -1 failed, the score and the distance."""
    shares, points = _RULES.shares, _RULES.points()
    held = {
        area: focus for focus in FOCUSES for area, bit in AREA_BITS.items() if int(row[f"areas_{focus}"]) >> bit & 1
    }
    own, near = held.get("cardiology"), held.get("cardiac_surgery")
    small = any(row["facility_type"] in one.facility_types for one in _RULES.ask_first)
    tier = _tier(own, near, small, _is_elsewhere(held))
    if tier < 0 or row["maybe_not_one_centre"] or row["country_code"] != "US":
        return -1, -1, 0.0, 0.0
    stated, implied = int(row["equipment_stated"]), int(row["equipment_implied"])
    beds = None if pd.isna(row["beds"]) else int(row["beds"])
    known = [
        tier < 5 and not _is_for_children(held),
        bool((stated | implied) >> EQUIPMENT_BITS["ct"] & 1),
        beds is not None and beds >= 50,
    ]
    meets = -1 if beds is not None and beds < 50 else int(all(known))
    focus = max(
        shares["focus"][own] if own else 0.0, shares["focus"][near] * shares["focus"]["near_area"] if near else 0.0
    )
    equipment = sum(
        shares["equipment"]["stated"] if stated >> EQUIPMENT_BITS[item] & 1
        else shares["equipment"]["implied"] if implied >> EQUIPMENT_BITS[item] & 1 else 0.0
        for item in ("ct", "mri", "cath_lab")
    )  # fmt: skip
    placed = not pd.isna(row["lat"])
    km = _km(point, (row["lat"], row["lon"])) if placed else float("nan")
    same = row["city"].casefold() == "boston" or (placed and km <= shares["distance"]["same_city_km"])
    step = "other_clinic" if same else "other_city" if row["city"] or placed else "same_country"
    steps = {**shares["independence"], "same_country": shares["independence"]["other_clinic"]}
    related = _RULES.teams["cardiology"]
    here = sum(held.get(area) in FOCUSES[:3] for area in related)
    teaches = not pd.isna(row["teaching"])
    team = shares["team"]["related_areas"] * here / len(related) + shares["team"]["teaching"] * teaches
    title = max(
        (one.share for id_, one in _RULES.recognitions.items()
         if not one.areas and int(row["designated_as"]) >> DESIGNATION_BITS[id_] & 1), default=0.0,
    )  # fmt: skip
    days = shares["time"]["near_days"] if placed and km <= shares["distance"]["far_km"] else shares["time"]["far_days"]
    way = _RULES.travel  # everybody who is left is at home
    travel = max(way.own_country, float(np.interp(km, way.km, way.share)) if placed else 0.0)
    score = (
        points["focus"] * focus + points["equipment"] * equipment + points["independence"] * steps[step]
        + points["team"] * team + points["designation"] * title
        + points["distance"] * travel + points["time"] * min(1.0, 9 / days)
        + points["wishes"] * known[2]
    )  # fmt: skip
    return tier, meets, round(score, 9), km


def _is_elsewhere(held: dict[str, str]) -> bool:
    asked = {"cardiology", "cardiac_surgery"}
    apart = {area for one in _RULES.not_asked if "cardiology" not in one.except_areas for area in one.areas}
    kin = asked | {*_RULES.teams["cardiology"]}
    return any(
        (focus == "single_specialty" and (area in apart or area not in kin))
        or (focus == "suggested_by_name" and area in apart)
        for area, focus in held.items()
    )


def _is_for_children(held: dict[str, str]) -> bool:
    is_house = any(held.get(area) in ("single_specialty", "suggested_by_name") for area in _RULES.child.houses)
    is_more = any(held.get(area) in (*FOCUSES[:2], "suggested_by_name") for area in _RULES.child.unless)
    return is_house and not is_more


def _tier(own: str | None, near: str | None, small: bool, elsewhere: bool) -> int:
    checks = (
        own in FOCUSES[:2],
        near in FOCUSES[:2] and own == "service_offered",
        own == "service_offered" and not small,
        near in FOCUSES[:2],
        near == "service_offered" and not small and own != "service_offered",
        own == "suggested_by_name" and not elsewhere,
        near == "suggested_by_name" and not elsewhere,
        own == "service_offered",
        near == "service_offered",
    )
    return next((place for place, holds in enumerate(checks) if holds), -1)


def _km(first: tuple[float, float], second: tuple[float, float]) -> float:
    (a, b), (c, d) = (tuple(map(radians, point)) for point in (first, second))
    return 12742.0 * asin(sqrt(min(1, sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2)))
