"""Turns two folders of tables into what changed between them: centres, facts, and how the focus shifts with them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from opinion.centres.focuses import focus_by_area, read_focus_rules
from opinion.centres.inputs import Inputs
from opinion.centres.listings import read_tables
from opinion.centres.tables import CENTRES, Tables


@dataclass(frozen=True)
class Differences:
    """What the new tables say otherwise. Lines are plain texts, sorted; a focus change reads ``id area: old -> new``.

    ``changed`` are centres in both whose own cells differ, facts are compared by what they say and who says it.
    """

    added: list[str]
    removed: list[str]
    changed: list[str]
    facts_added: list[str]
    facts_removed: list[str]
    focus: list[str]


def compare_tables(old: Path, new: Path) -> Differences:
    """Return what changed from the tables in ``old`` to those in ``new``. Raises ``CatalogueError`` on faulty ones."""
    return compare_inputs(Inputs(old), Inputs(new))


def compare_inputs(old: Inputs, new: Inputs, dated: bool = True) -> Differences:
    """Return what changed from the catalogue made of ``old`` to that of ``new``; ``dated=False``: but for mere dates.

    Raises ``CatalogueError`` on faulty tables.
    """
    before, after = read_tables(old), read_tables(new)
    centres_before, centres_after = _centres(before, dated), _centres(after, dated)
    facts_before, facts_after = _facts(before, dated), _facts(after, dated)
    both = centres_before.keys() & centres_after.keys()
    return Differences(
        added=sorted(f"{id_} {centres_after[id_]['name']}" for id_ in centres_after.keys() - both),
        removed=sorted(f"{id_} {centres_before[id_]['name']}" for id_ in centres_before.keys() - both),
        changed=sorted(line for id_ in both for line in _cells(id_, centres_before[id_], centres_after[id_])),
        facts_added=sorted((facts_after - facts_before).elements()),
        facts_removed=sorted((facts_before - facts_after).elements()),
        focus=_focus_lines(_focus(before, old.tables), _focus(after, new.tables)),
    )


def _centres(tables: Tables, dated: bool) -> dict[str, dict[str, str]]:
    origins = {row[0]: " ".join(row[1:] if dated else row[1:2]) for row in tables.origins} | {"": ""}
    centres: dict[str, dict[str, str]] = {}
    for row in tables.centres:
        cell = dict(zip(CENTRES, row, strict=True))
        # an origin's id is no news, what it says is
        centres[row[0]] = {key: origins[value] if key.startswith("origin") else value for key, value in cell.items()}
    return centres


def _cells(id_: str, before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [f"{id_} {key}: {before[key]!r} -> {after[key]!r}" for key in CENTRES if before[key] != after[key]]


def _facts(tables: Tables, dated: bool) -> Counter[str]:
    origins = {row[0]: f"({row[1]}{f', {row[3]}' if dated else ''}) {row[4]}" for row in tables.origins}
    return Counter(
        f"{id_} {field}={value}{f' x{count}' if count else ''} {certainty} {origins[origin]}".rstrip()
        for id_, field, value, count, certainty, origin in tables.facts
    )


def _focus(tables: Tables, folder: Path) -> dict[tuple[str, str], str]:
    rules = read_focus_rules(folder)
    origins = {row[0]: row for row in tables.origins}
    types = {row[0]: row[CENTRES.index("facility_type")] for row in tables.centres}
    coded: defaultdict[str, list[tuple[str, str, str, str, str]]] = defaultdict(list)
    for id_, field, value, _, certainty, origin in tables.facts:
        coded[id_].append((field, value, certainty, origins[origin][1], origins[origin][4]))
    return {
        (id_, area): focus
        for id_, facts in coded.items()
        for area, focus in focus_by_area(rules, types[id_], facts).items()
    }


def _focus_lines(before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]) -> list[str]:
    return [
        f"{id_} {area}: {before.get((id_, area), 'unknown')} -> {after.get((id_, area), 'unknown')}"
        for id_, area in sorted(before.keys() | after.keys())
        if before.get((id_, area)) != after.get((id_, area))
    ]
