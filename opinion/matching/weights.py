"""Turns ``data/matching/*.toml`` into the checked numbers of the ranking: points, shares, related areas, titles."""

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from opinion.errors import AnswersError, ContentError, Problem, did_you_mean
from opinion.vocabularies import DATA, designations, disease_areas, equipment

FOLDER = DATA / "matching"
PARTS: Final = ("focus", "also", "equipment", "independence", "team", "designation", "distance", "time", "wishes")
LARGEST_FACTOR: Final = 3.0
"""A coordinator may change the points of a part from 0 to this many times ours."""

_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "focus": ("designated", "single_specialty", "service_offered", "suggested_by_name", "near_area"),
    "equipment": ("stated", "implied"),
    "independence": ("other_country", "other_city", "other_clinic"),
    "team": ("related_areas", "teaching"),
    "distance": ("same_city_km", "far_km", "reach_km"),
    "time": ("near_days", "far_days", "abroad_days"),
}
_TRAVEL: Final = ("km", "share", "own_country", "same_region")
_HEAD: Final = ("decided_by", "clinically_reviewed", "checked")


@dataclass(frozen=True)
class Part:
    """One part of the score: the points it gives, its name, and what it rewards (English source texts)."""

    id: str
    points: float
    label: str
    text: str


@dataclass(frozen=True)
class Recognition:
    """What a title says for some areas (``()``: for all): its share of the points, and whether it accredits."""

    designation: str
    areas: tuple[str, ...]
    share: float
    accredits: bool

    def counts_for(self, area: str) -> bool:
        """Say whether the title says anything about ``area``."""
        return not self.areas or area in self.areas


@dataclass(frozen=True)
class AskFirst:
    """Types of facility that are asked before they are listed, where they only state a service; ``why`` in English."""

    facility_types: tuple[str, ...]
    except_areas: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class NotAsked:
    """Areas whose own houses are not asked about another disease, where nothing but their name speaks for it."""

    areas: tuple[str, ...]
    except_areas: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Child:
    """Who counts as a child, and which centres are houses for children.

    ``under_years``: the age in years from which a patient is no child any more. ``patients_of``: areas whose patients
    are children. ``houses``: areas that make a centre of that specialty, or of such a name, a house for children,
    unless it is one of ``unless`` too.
    """

    under_years: float
    houses: tuple[str, ...]
    unless: tuple[str, ...]
    patients_of: tuple[str, ...]


@dataclass(frozen=True)
class Travel:
    """The share of the points for the way: ``share`` at each of ``km``, even in between, the last one beyond.

    ``own_country``: at least so much at home. ``same_region``: so much where the way is not known, in the same large
    region of the world.
    """

    km: tuple[float, ...]
    share: tuple[float, ...]
    own_country: float
    same_region: float


@dataclass(frozen=True)
class RankingRules:
    """The numbers of the ranking. ``shares``: by table and name, as in the file; ``teams``: related areas by area.

    ``rare``: machines whose houses are asked first for the disease, where the machine is asked for.
    """

    parts: Mapping[str, Part]
    shares: Mapping[str, Mapping[str, float]]
    travel: Travel
    child: Child
    rare: tuple[str, ...]
    ask_first: tuple[AskFirst, ...]
    not_asked: tuple[NotAsked, ...]
    recognitions: Mapping[str, Recognition]
    teams: Mapping[str, tuple[str, ...]]
    decided_by: str
    clinically_reviewed: bool
    checked: str

    def points(self, changed: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return the points of each part, with those of ``changed`` in the place of ours.

        Raises ``AnswersError`` if a part is not known or its points are not from 0 to ``LARGEST_FACTOR`` times ours.
        """
        problems = []
        for id_, points in (changed or {}).items():
            where = f"weights.{id_}"
            if id_ not in self.parts:
                problems.append(Problem(where, "", f"is no part of the score.{did_you_mean(str(id_), list(PARTS))}"))
                continue
            most = self.parts[id_].points * LARGEST_FACTOR
            if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points <= most:
                problems.append(Problem(where, str(points)[:60], f"is not a number from 0 to {most:g}."))
        if problems:
            raise AnswersError(problems)
        return {id_: float((changed or {}).get(id_, part.points)) for id_, part in self.parts.items()}


@cache
def load_rules(folder: Path = FOLDER) -> RankingRules:
    """Return the rules of ``folder``. Raises ``ContentError`` with file, entry and remedy on the first fault."""
    path = folder / "ranking.toml"
    content = _read(path)
    _only(path, "the file", content, (*_HEAD, "part", "travel", "child", "rare", "to_ask_first", "not_asked", *_TABLES))
    parts = {}
    for row in content["part"]:
        _only(path, f"part {row.get('id', '?')!r}", row, ("id", "points", "label", "text"))
        _known(path, "part", [row["id"]], PARTS)
        _number(path, f"part {row['id']!r}: points", row["points"])
        parts[row["id"]] = Part(row["id"], float(row["points"]), row["label"], row["text"])
    _only(path, "the parts", parts, PARTS)
    shares = {}
    for name, keys in _TABLES.items():
        _only(path, f"[{name}]", content[name], keys)
        for key, value in content[name].items():
            _number(path, f"[{name}] {key}", value)
            if name not in ("distance", "time") and value > 1:
                raise ContentError(f"{path}, [{name}] {key}: {value} is a share. Give a number from 0 to 1.")
        shares[name] = {key: float(content[name][key]) for key in keys}
    ask_first = []
    for row in content["to_ask_first"]:
        _only(path, "to_ask_first", row, ("facility_types", "except_areas", "why"))
        _known(path, "to_ask_first", row["except_areas"], disease_areas())
        ask_first.append(AskFirst(tuple(row["facility_types"]), tuple(row["except_areas"]), row["why"]))
    not_asked = []
    for row in content["not_asked"]:
        _only(path, "not_asked", row, ("areas", "except_areas", "why"))
        _known(path, "not_asked", [*row["areas"], *row["except_areas"]], disease_areas())
        not_asked.append(NotAsked(tuple(row["areas"]), tuple(row["except_areas"]), row["why"]))
    _only(path, "[rare]", content["rare"], ("equipment",))
    _known(path, "[rare] equipment", content["rare"]["equipment"], equipment())
    return RankingRules(
        parts={id_: parts[id_] for id_ in PARTS},
        shares=shares,
        travel=_travel(path, content["travel"]),
        child=_child(path, content["child"]),
        rare=tuple(content["rare"]["equipment"]),
        ask_first=tuple(ask_first),
        not_asked=tuple(not_asked),
        recognitions=_recognitions(folder / "recognitions.toml"),
        teams=_teams(folder / "teams.toml"),
        decided_by=content["decided_by"],
        clinically_reviewed=content["clinically_reviewed"],
        checked=content["checked"],
    )


def _child(path: Path, row: dict[str, Any]) -> Child:
    lists = ("houses", "unless", "patients_of")
    _only(path, "[child]", row, ("under_years", *lists))
    _number(path, "[child] under_years", row["under_years"])
    for name in lists:
        _known(path, f"[child] {name}", row[name], disease_areas())
    return Child(float(row["under_years"]), *(tuple(row[name]) for name in lists))


def _travel(path: Path, row: dict[str, Any]) -> Travel:
    _only(path, "[travel]", row, _TRAVEL)
    km, share = row["km"], row["share"]
    for value in (*km, *share, row["own_country"], row["same_region"]):
        _number(path, "[travel]", value)
    if len(km) != len(share) or not km or km[0] != 0 or list(km) != sorted(set(km)):
        raise ContentError(f"{path}, [travel] km: give as many as shares, from 0 on, each larger than the one before.")
    if max((*share, row["own_country"], row["same_region"])) > 1 or list(share) != sorted(share, reverse=True):
        raise ContentError(f"{path}, [travel] share: give shares from 1 to 0, none larger than the one before.")
    return Travel(tuple(map(float, km)), tuple(map(float, share)), float(row["own_country"]), float(row["same_region"]))


def _recognitions(path: Path) -> dict[str, Recognition]:
    found = {}
    content = _read(path)
    _only(path, "the file", content, ("recognition",))
    for row in content["recognition"]:
        where = f"recognition {row.get('designation', '?')!r}"
        _only(path, where, row, ("designation", "areas", "share", "accredits"))
        _known(path, where, [row["designation"]], designations())
        _known(path, where, row["areas"], disease_areas())
        _number(path, where, row["share"])
        found[row["designation"]] = Recognition(
            row["designation"], tuple(row["areas"]), float(row["share"]), bool(row["accredits"])
        )
    return found


def _teams(path: Path) -> dict[str, tuple[str, ...]]:
    content = _read(path)
    _only(path, "the file", content, disease_areas())
    for area, related in content.items():
        _known(path, f"area {area!r}", related, disease_areas())
        if area in related:
            raise ContentError(f"{path}, area {area!r}: it is not related to itself. Take it out.")
    return {area: tuple(related) for area, related in content.items()}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError:
        raise ContentError(f"{path} is missing. Restore it: it says how centres are put in order.") from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path} is not valid TOML: {error}. Correct it there.") from None


def _only(path: Path, where: str, row: Iterable[str], keys: Iterable[str]) -> None:
    """Refuse a key that is not known, and a key that is missing."""
    known = list(keys)
    for key in row:
        if key not in known:
            raise ContentError(f"{path}, {where}: {key!r} is not known.{did_you_mean(key, known)}")
    for key in known:
        if key not in row:
            raise ContentError(f"{path}, {where}: {key!r} is missing. Add it.")


def _known(path: Path, where: str, ids: Iterable[str], known: Iterable[str]) -> None:
    for id_ in ids:
        if id_ not in known:
            raise ContentError(f"{path}, {where}: {id_!r} is not known.{did_you_mean(id_, list(known))}")


def _number(path: Path, where: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ContentError(f"{path}, {where}: {value!r} is not a number. Give one, 0 or more.")
