"""Lays decisions over the tables: doubles become one centre with the facts of both, corrections come before sources.

What a source states stays, under ``past``, with why it does not count any more. Of two entries of one centre the rule
for conflicts says which counts.
"""

import hashlib
from collections import defaultdict

from opinion.centres.conflicts import OUTWEIGHED, Claim, ConflictRules, best_first, read_conflict_rules
from opinion.centres.decisions import CORRECTIONS, Decision, Revisions, read_revisions
from opinion.centres.inputs import Inputs
from opinion.centres.listings import read_tables
from opinion.centres.names import fold
from opinion.centres.tables import CENTRES, Tables

OLDER, CORRECTED, SET_ASIDE = "older", "corrected", "set_aside"
"""Why a fact does not count: a newer release of its source, a correction, or a curator who set it aside."""

ONE_VALUE = ("beds", "teaching")
"""The fields of ``facts`` of which a centre has one value at a time."""

_ORIGIN_OF = {
    "name": "origin",
    "name_other": "origin_name_other",
    "city": "origin_city",
    "city_local": "origin",
    "region": "origin",
    "country_code": "origin",
    "facility_type": "origin",
    "website": "origin_website",
    "point": "origin_point",
}
IDENTITY = tuple(_ORIGIN_OF)
"""The fields that stand in ``centres``, and can be corrected there. A point is ``lat,lon,precision``."""

_BY_RULE = ("website", "point")
"""Of two entries of one centre these are chosen by the rule; names and towns are those of the one that is kept."""

_DERIVED_POINTS = ("city_geonames", "zip_centroid")

_PLACE = {column: place for place, column in enumerate(CENTRES)}


def read_revised(inputs: Inputs | None = None) -> Tables:
    """Return the tables of all ``inputs`` as they are after the decisions. Raises ``CatalogueError`` on a fault."""
    inputs = inputs or Inputs()
    return revise(read_tables(inputs), read_revisions(inputs.decisions), read_conflict_rules(inputs.tables))


def touched(revisions: Revisions) -> frozenset[str]:
    """Return the ids of all centres of which something was decided: ``revise`` leaves the others as they are."""
    return frozenset((*revisions.kept_of, *revisions.kept_of.values(), *revisions.about))


def revise(tables: Tables, revisions: Revisions, rules: ConflictRules) -> Tables:
    """Return ``tables`` as they are after the decisions. Decisions about centres that are not there change nothing.

    ``rules`` say whose website and whose point counts of two entries of one centre.
    """
    if not revisions.kept_of and not revisions.about:
        return tables
    cells_of = {row[0]: row for row in tables.centres}
    kept_of = {one: kept for one, kept in revisions.kept_of.items() if one in cells_of and kept in cells_of}
    facts: defaultdict[str, list[list[str]]] = defaultdict(list)
    for fact in tables.facts:
        facts[kept_of.get(fact[0], fact[0])].append([kept_of.get(fact[0], fact[0]), *fact[1:]])
    past = [[kept_of.get(row[0], row[0]), *row[1:]] for row in tables.past]
    origins, entered_by = list(tables.origins), dict(tables.entered_by)
    known_origins = {row[0] for row in origins}
    folded: list[tuple[str, list[str]]] = [*tables.folded]
    own_origin = dict(tables.own_origin)
    centres: dict[str, list[str]] = {}
    for row in tables.centres:
        if row[0] in kept_of:
            folded.append((kept_of[row[0]], row))
        else:
            centres[row[0]] = row
    dated = {row[0]: (row[1], row[3]) for row in origins} if folded else {}
    for kept, row in folded:
        centres[kept], before = _filled(centres[kept], row, dated, rules)
        past += before
    for centre_id, decided in revisions.about.items():
        home = kept_of.get(centre_id, centre_id)
        if home not in centres:
            continue
        for decision in decided:
            origin = _origin(decision)
            if decision.kind == "correct" and origin[0] not in known_origins:
                known_origins.add(origin[0])
                origins.append(origin)
                entered_by[origin[0]] = decision.by
            if decision.field in IDENTITY:
                centres[home], before = _corrected(centres[home], decision, origin[0], own_origin)
                past += before
            else:
                facts[home], before = _decided(home, facts[home], decision, origin[0])
                past += before
    in_order = [fact for kept in centres for fact in _each_once(facts[kept])]
    return Tables(list(centres.values()), in_order, origins, past, folded, entered_by, own_origin)


def _origin(decision: Decision) -> list[str]:
    said = [CORRECTIONS, decision.address, decision.date, decision.source]
    return ["c" + hashlib.sha256("\x1f".join((*said, decision.by)).encode()).hexdigest()[:15], *said]


def _filled(
    kept: list[str], folded: list[str], dated: dict[str, tuple[str, str]], rules: ConflictRules
) -> tuple[list[str], list[list[str]]]:
    """Return the cells of a centre with what its double adds to them, and what gave way.

    What it lacks comes from the double, and so does a website or a point that the rule puts first. The double's name
    becomes the other name of a centre that has none. ``also_in`` names the double.
    """
    cells, past = list(kept), list[list[str]]()
    for field, origin in _ORIGIN_OF.items():
        if origin == "origin":  # stated by the listing itself: the double's own stays under its own origin
            continue
        columns = ("lat", "lon", "coord_precision") if field == "point" else (field,)
        own, other = (",".join(row[_PLACE[column]] for column in columns) for row in (cells, folded))
        if not folded[_PLACE[columns[0]]] or own == other:
            continue
        if cells[_PLACE[columns[0]]]:
            stated_by = cells[_PLACE[origin]]
            claims = Claim(own, *dated[stated_by]), Claim(other, *dated[folded[_PLACE[origin]]])
            if field not in _BY_RULE or best_first(rules, field, claims)[0] == claims[0]:
                continue
            sure = "derived" if cells[_PLACE["coord_precision"]] in _DERIVED_POINTS and field == "point" else "stated"
            past.append([kept[0], field, own, "", sure, stated_by, OUTWEIGHED])
        for column in (*columns, origin):
            cells[_PLACE[column]] = folded[_PLACE[column]]
    if not cells[_PLACE["name_other"]] and fold(cells[_PLACE["name"]]) != fold(folded[_PLACE["name"]]):
        # or nobody would find the centre by the double's name any more
        cells[_PLACE["name_other"]], cells[_PLACE["origin_name_other"]] = (
            folded[_PLACE["name"]],
            folded[_PLACE["origin"]],
        )
    also = [cells[_PLACE["also_in"]], folded[_PLACE["also_in"]]]
    cells[_PLACE["also_in"]] = "|".join(filter(None, also))
    return cells, past


def _corrected(
    row: list[str], decision: Decision, origin: str, own_origin: dict[tuple[str, str], str]
) -> tuple[list[str], list[list[str]]]:
    """Return the cells with another value for what identifies a centre, and what stood there before."""
    cells, field = list(row), decision.field
    stated_by = own_origin.get((row[0], field)) or cells[_PLACE[_ORIGIN_OF[field]]]
    if field == "point":
        columns: tuple[str, ...] = ("lat", "lon", "coord_precision")
        before = ",".join(cells[_PLACE[column]] for column in columns) if cells[_PLACE["lat"]] else ""
        values = dict(zip(columns, decision.value.split(","), strict=True))
    else:
        before, values = cells[_PLACE[field]], {field: decision.value}
    if decision.kind == "set_aside" and before != decision.value:
        return cells, []
    past = [[row[0], field, before, "", "stated", stated_by, CORRECTED]] if before else []
    if decision.kind == "set_aside":
        past = [[*line[:-1], SET_ASIDE] for line in past]
        values = dict.fromkeys(values, "")
        origin = ""
    for column, value in values.items():
        cells[_PLACE[column]] = value
    if _ORIGIN_OF[field] == "origin":  # the listing's own origin goes on to stand for the rest of the row
        own_origin[row[0], field] = origin
    else:
        cells[_PLACE[_ORIGIN_OF[field]]] = origin
    return cells, past


def _decided(
    centre_id: str, facts: list[list[str]], decision: Decision, origin: str
) -> tuple[list[list[str]], list[list[str]]]:
    """Return the facts of a centre that count after a decision, and those that do not any more."""
    why = CORRECTED if decision.kind == "correct" else SET_ASIDE
    staying, past = [], []
    for fact in facts:
        same = fact[1] == decision.field and (
            fact[2] == decision.value or (why == CORRECTED and decision.field in ONE_VALUE)
        )
        if same:
            past.append([*fact, why])
        else:
            staying.append(fact)
    if decision.kind == "correct":
        staying.append([centre_id, decision.field, decision.value, decision.count, "stated", origin])
    return staying, past


def _each_once(facts: list[list[str]]) -> list[list[str]]:
    """Return facts without those that two doubles had from the same row of one source."""
    return [list(fact) for fact in dict.fromkeys(map(tuple, facts))]
