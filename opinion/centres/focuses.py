"""Turns stated facts into focus: how strongly a centre stands for a disease area, by ``data/centres/focus.toml``."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from opinion.errors import CatalogueError, did_you_mean
from opinion.vocabularies import disease_areas

FOCUSES = ("designated", "single_specialty", "service_offered", "suggested_by_name")
"""Best first. Only the first two may be read as "specialises in"."""

SPECIALISED = FOCUSES[:2]
STATED = FOCUSES[:3]


@dataclass(frozen=True)
class FocusRules:
    """``designations``: areas by designation. ``types``: focus by (source, source's own code, area).

    ``unless``: types of facility, by (source, code), whose own register contradicts the rule.
    """

    designations: Mapping[str, tuple[str, ...]]
    types: Mapping[tuple[str, str, str], str]
    unless: Mapping[tuple[str, str], frozenset[str]]


def read_focus_rules(tables: Path) -> FocusRules:
    """Return the rules of ``focus.toml`` in ``tables``. Raises ``CatalogueError`` on an unknown area or focus."""
    path = tables / "focus.toml"
    if not path.is_file():
        raise CatalogueError(f"{path} is missing. Restore it: it says what counts as a specialty.")
    content = tomllib.loads(path.read_text("utf-8"))
    designations = {rule["value"]: tuple(rule["areas"]) for rule in content["designation"]}
    types: dict[tuple[str, str, str], str] = {}
    unless: dict[tuple[str, str], frozenset[str]] = {}
    for rule in content["type"]:
        if rule["focus"] not in SPECIALISED:
            raise CatalogueError(f"{path}: a type cannot be {rule['focus']!r}. Use one of {', '.join(SPECIALISED)}.")
        for code in rule["codes"]:
            unless[rule["source"], code] = frozenset(rule.get("unless_facility_type", ()))
            for area in rule["areas"]:
                types[rule["source"], code, area] = rule["focus"]
    known = list(disease_areas())
    for area in {area for areas in designations.values() for area in areas} | {key[2] for key in types}:
        if area not in disease_areas():
            raise CatalogueError(f"{path}: {area!r} is not a disease area.{did_you_mean(area, known)}")
    return FocusRules(designations, types, unless)


def focus_by_area(
    rules: FocusRules, facility_type: str, facts: Iterable[tuple[str, str, str, str, str]]
) -> dict[str, str]:
    """Return the best focus by disease area for the facts of one centre.

    ``facts`` are (field, value, certainty, source id, source's own code); fields other than ``disease_area`` and
    ``designation`` are passed over. Derived from stated facts only, except ``suggested_by_name``.
    """
    best: dict[str, int] = {}
    for field, value, certainty, source, code in facts:
        if field == "designation":
            found = [(area, 0) for area in rules.designations.get(value, ())]
        elif field != "disease_area":
            continue
        elif certainty == "suggested":
            found = [(value, 3)]
        elif facility_type in rules.unless.get((source, code), ()):
            found = [(value, 2)]
        else:
            found = [(value, FOCUSES.index(rules.types.get((source, code, value), "service_offered")))]
        for area, focus in found:
            best[area] = min(focus, best.get(area, len(FOCUSES)))
    return {area: FOCUSES[focus] for area, focus in best.items()}
