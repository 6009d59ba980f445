"""Turns ``data/vocabularies/*.toml`` into the ids and labels that guidance and centres share.

Needs only the standard library. Labels are English source texts; translate them where they are shown.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class DiseaseArea:
    """A disease area: its ``near`` areas count as near matches; ``patients_only`` ones no register states."""

    id: str
    label: str
    centre_type: str
    near: tuple[str, ...]
    patients_only: bool = False


@dataclass(frozen=True)
class Equipment:
    """A kind of equipment. ``implies``: the directly broader items. ``service``: sources name no machine."""

    id: str
    label: str
    implies: tuple[str, ...]
    service: bool = False


@dataclass(frozen=True)
class Region:
    """A region of the world, of UN M49: ``macro`` is the id of the larger one, ``countries`` are ISO codes."""

    id: str
    label: str
    macro: str
    countries: tuple[str, ...]


@dataclass(frozen=True)
class MacroRegion:
    """A large region of the world with the ids of its ``regions`` and the ISO codes of its ``countries``."""

    id: str
    label: str
    regions: tuple[str, ...]
    countries: tuple[str, ...]


@cache
def disease_areas() -> dict[str, DiseaseArea]:
    """Return every disease area by id, in the order of the file."""
    return {row["id"]: DiseaseArea(**{**row, "near": tuple(row["near"])}) for row in _rows("disease_areas", "area")}


@cache
def equipment() -> dict[str, Equipment]:
    """Return every kind of equipment by id, in the order of the file."""
    return {
        row["id"]: Equipment(**{**row, "implies": tuple(row["implies"])}) for row in _rows("equipment", "equipment")
    }


@dataclass(frozen=True)
class Designation:
    """A title or programme that a source gives a centre; ``value`` is how it stands in the facts."""

    id: str
    value: str
    label: str


@cache
def designations() -> dict[str, Designation]:
    """Return every title and programme by id, in the order of the file."""
    return {row["id"]: Designation(**row) for row in _rows("designations", "designation")}


@cache
def broader_equipment(item: str) -> frozenset[str]:
    """Return everything that ``item`` implies, directly or through others, without ``item`` itself."""
    direct = equipment()[item].implies
    return frozenset(direct).union(*(broader_equipment(other) for other in direct))


@cache
def country_codes() -> tuple[str, ...]:
    """Return the ISO 3166-1 alpha-2 codes, and ``XK`` (Kosovo, user-assigned), sorted."""
    return tuple((DATA / "vocabularies" / "countries.txt").read_text("utf-8").split())


@cache
def regions() -> dict[str, Region]:
    """Return every region of the world by id, in the order of the file; each country stands in one."""
    return {row["id"]: Region(**{**row, "countries": tuple(row["countries"])}) for row in _rows("regions", "region")}


@cache
def macro_regions() -> dict[str, MacroRegion]:
    """Return every large region of the world by id, in the order of the file."""
    found = {}
    for row in _rows("regions", "macro"):
        parts = [region for region in regions().values() if region.macro == row["id"]]
        countries = tuple(sorted(code for region in parts for code in region.countries))
        found[row["id"]] = MacroRegion(row["id"], row["label"], tuple(region.id for region in parts), countries)
    return found


def _rows(file: str, word: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((DATA / "vocabularies" / f"{file}.toml").read_text("utf-8"))[word]
    return rows
