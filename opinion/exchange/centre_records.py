"""Turns a selection of centres into plain records and CSV rows for other programs: ids and numbers, no translated word.

Records hold what JSON holds. ``None`` means not known, never no; so does an id that is missing from a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opinion.centres import staleness
from opinion.centres.catalogues import CERTAINTIES, Catalogue
from opinion.centres.comparisons import KINDS, compare
from opinion.centres.conflicts import Conflict, find_conflicts, read_conflict_rules
from opinion.centres.distances import distance_km
from opinion.centres.facets import FacetCounts, Selection
from opinion.centres.fact_database import Fact
from opinion.centres.filters import Filters, parameters
from opinion.centres.focuses import FOCUSES
from opinion.centres.inputs import TABLES
from opinion.centres.packing import AREA_BITS, DESIGNATION_BITS, EQUIPMENT_BITS
from opinion.centres.staleness import Schedule, overdue_part, schedule_of
from opinion.centres.towns import Town
from opinion.errors import Problem, did_you_mean
from opinion.exchange.cells import Cell, Row

Record = dict[str, Any]

NOTE = "What is missing, null or not in a list is not known. It never means no."
PAGE_KEYS = ("view", "map", "lang", "name", "shortlist", "back")
"""Keys in the address of a page that say how it is shown, not what is asked: accepted here, and not heeded."""

_TEXTS = ("name", "name_local", "city", "region", "country_code", "facility_type", "website", "coord_precision")
_AREAS = tuple(f"areas_{focus}" for focus in FOCUSES)
_EQUIPMENT = tuple(f"equipment_{certainty}" for certainty in CERTAINTIES)
_COLUMNS = (
    "centre_id", *_TEXTS, "lat", "lon", "beds", "teaching", "newest_year", "maybe_not_one_centre", "equipment_counts",
    "designated_as", "sources", "due_first", "due_last", *_AREAS, *_EQUIPMENT,
)  # fmt: skip


def read_query(
    query: Mapping[str, Sequence[str]],
    keys: Sequence[str] = (),
    also: Sequence[str] = (),
    unheeded: Sequence[str] = PAGE_KEYS,
) -> tuple[Filters, list[Problem]]:
    """Return the filters that a program asks for, and every problem: what is not known is never left out silently.

    ``query`` maps each key to its texts. ``keys``: the filters that may be asked for, all if empty; ``also``: keys with
    a meaning of their own; ``unheeded``: keys that are let pass. Any other key is a problem.
    """
    keys = keys or tuple(parameters())
    filters, problems = Filters.from_query({key: query[key] for key in keys if key in query})
    for key in keys:
        for text in query.get(key, ()):
            if parameters()[key].choices and text.strip() and not all(part.strip() for part in text.split(",")):
                problems.append(Problem(key, text[:100], "has a comma with nothing before or after it."))
    known = [*keys, *also]
    for key in query:
        if key not in known and key not in unheeded:
            remedy = f"is not a key of this address.{did_you_mean(key, known)}"
            problems.append(Problem(key, ",".join(query[key])[:100], remedy))
    return filters, problems


def selection_record(selection: Selection, page: int = 1, page_size: int = 25, with_facets: bool = False) -> Record:
    """Return one page of a selection: what was asked, counts, how much is not known, the centres, their sources.

    ``page`` counts from 1; a page behind the last has no centres. ``with_facets`` adds ``facet_record``.
    """
    catalogue = selection.catalogue
    rows = selection.page((page - 1) * page_size, page_size)
    town = selection.town
    record: Record = {
        "query": selection.filters.to_query(),
        "town": None if town is None else asdict(town),
        "count": selection.count,
        "not_known": {
            "areas": selection.unknown_areas,
            "areas_suggested_by_name": selection.only_suggested,
            "areas_nothing_stated": selection.only_listed,
            "equipment": selection.unknown_equipment,
            "areas_and_equipment": selection.unknown_both,
            "place": selection.unknown_place,
        },
        "page": page,
        "page_size": page_size,
        "pages": -(-selection.count // page_size),
        "note": NOTE,
        "centres": centre_records(catalogue, rows, selection.distances_km(rows)),
    }
    stating = {id_ for centre in record["centres"] for id_ in centre["sources"]}
    record["sources"] = source_records(catalogue, stating | ({"geonames"} if town else set()))
    if with_facets:
        record["facets"] = facet_record(selection.facets)
    return record


def facet_record(facets: FacetCounts) -> dict[str, dict[str, int]]:
    """Return for each key of an address how many centres each of its values would give."""
    return {key: getattr(facets, parameters()[key].name) for key in facet_keys()}


@cache
def facet_keys() -> tuple[str, ...]:
    """Return the keys of an address whose values are counted."""
    counted = {field.name for field in fields(FacetCounts)}
    return tuple(key for key, one in parameters().items() if one.name in counted)


def centre_records(
    catalogue: Catalogue, rows: NDArray[np.intp], distances_km: NDArray[np.float64] | None = None
) -> list[Record]:
    """Return one record for each of a few rows, in their order."""
    taken = catalogue.table.select(_COLUMNS).take(rows).to_pydict()
    far = [None] * len(rows) if distances_km is None else [_tenths(distance) for distance in distances_km.tolist()]
    return [
        _record(dict(zip(taken, cells, strict=True)), distance)
        for *cells, distance in zip(*taken.values(), far, strict=True)
    ]


def _record(cell: dict[str, Any], distance: float | None) -> Record:
    return {
        "id": cell["centre_id"],
        **{name: cell[name] or None for name in _TEXTS},
        "lat": cell["lat"],
        "lon": cell["lon"],
        "distance_km": distance,
        "disease_areas": dict(_levels(_AREA_LEVELS, tuple(cell[name] for name in _AREAS))),
        "equipment": dict(_levels(_EQUIPMENT_LEVELS, tuple(cell[name] for name in _EQUIPMENT))),
        "equipment_counts": {
            item: int(count)
            for item, _, count in (part.rpartition(":") for part in cell["equipment_counts"].split(";") if part)
        },
        "designations": list(_held(_DESIGNATIONS, cell["designated_as"])),
        "beds": cell["beds"],
        "teaching": cell["teaching"],
        "newest_year": cell["newest_year"] or None,
        "overdue": overdue_part(cell["due_first"], cell["due_last"], staleness.today()) or None,
        "maybe_not_one_centre": cell["maybe_not_one_centre"],
        "sources": cell["sources"].split(";"),
    }


_AREA_LEVELS = (FOCUSES, tuple(AREA_BITS.items()))
_EQUIPMENT_LEVELS = (CERTAINTIES, tuple(EQUIPMENT_BITS.items()))
_DESIGNATIONS = tuple(DESIGNATION_BITS.items())


# centres share few sets of areas and machines: decoded once each, a page of them takes a tenth of the time
@lru_cache(maxsize=50_000)
def _levels(
    known: tuple[tuple[str, ...], tuple[tuple[str, int], ...]], masks: tuple[int, ...]
) -> tuple[tuple[str, str], ...]:
    """Return (id, level) of each bit set in one of ``masks``, in the order of the ids."""
    levels, bits = known
    return tuple(
        (id_, level) for id_, bit in bits for level, mask in zip(levels, masks, strict=True) if mask >> bit & 1
    )


@lru_cache(maxsize=50_000)
def _held(bits: tuple[tuple[str, int], ...], mask: int) -> tuple[str, ...]:
    return tuple(id_ for id_, bit in bits if mask >> bit & 1)


def _tenths(number: float) -> float | None:
    return None if np.isnan(number) else round(number, 1)


def centre_record(catalogue: Catalogue, centre_id: str, town: Town | None = None) -> Record:
    """Return one centre with every fact about it, its sources, and how far it is from a ``town``.

    Raises ``CatalogueError`` if there is no such centre.
    """
    rows = np.array([catalogue.row_of(centre_id)], dtype=np.intp)
    far = None if town is None else distance_km(town.lat, town.lon, catalogue.lat[rows], catalogue.lon[rows])
    (record,) = centre_records(catalogue, rows, far)
    given, schedule = catalogue.facts(centre_id, with_past=True), schedule_of(catalogue.known_sources, TABLES)
    stating = {fact.source for fact in given} | ({"geonames"} if town else set())
    return {
        "note": NOTE,
        "town": None if town is None else asdict(town),
        "centre": record,
        "facts": [_fact_record(fact, schedule) for fact in given if not fact.standing and not fact.about_id],
        "past_facts": [_fact_record(fact, schedule) for fact in given if fact.standing or fact.about_id],
        "conflicts": [_conflict_record(each) for each in find_conflicts(read_conflict_rules(TABLES), given)],
        "sources": source_records(catalogue, stating),
    }


def _fact_record(fact: Fact, schedule: Schedule) -> Record:
    """Return a fact; who entered it is said by office, not by name: accounts are nobody's business outside."""
    stated = fact.certainty in ("stated", "implied") and not fact.standing
    due = schedule.due(fact.source, fact.source_date) if stated else None
    return asdict(fact) | {
        "entered_by": "curator" if fact.entered_by else "register",
        "standing": fact.standing or "counts",
        "about_id": fact.about_id or None,
        "due": due.isoformat() if due else None,
        "overdue": due < staleness.today() if due else None,
    }


def _conflict_record(conflict: Conflict) -> Record:
    """Return what sources state differently: the value that counts, the others, and the step of the rule."""
    said = [str(fact.count) if conflict.item else fact.value for fact in conflict.facts]
    return {"field": conflict.field, "item": conflict.item or None, "chosen": said[0], "others": said[1:],
            "by": conflict.step}  # fmt: skip


def comparison_record(catalogue: Catalogue, centre_ids: Sequence[str], town: Town | None = None) -> Record:
    """Return centres side by side: each whole, and line by line what is known of each, differences first.

    Raises ``CatalogueError`` if there is no such centre.
    """
    whole = [centre_record(catalogue, centre_id, town) for centre_id in centre_ids]
    compared = compare(catalogue, centre_ids, town)
    return {
        "note": NOTE,
        "town": None if town is None else asdict(town),
        "centres": [{**one["centre"], "facts": one["facts"]} for one in whole],
        "lines": [
            {
                "field": line.field,
                "item": line.item or None,
                "kind": kind,
                "cells": {
                    id_: {"known": cell.known, "certainty": cell.certainty or None, "count": cell.count,
                          "also": list(cell.also)}
                    for id_, cell in zip(centre_ids, line.cells, strict=True)
                },
            }
            for kind in KINDS for line in compared.of_kind(kind)
        ],
        "sources": source_records(catalogue, (source["id"] for one in whole for source in one["sources"])),
    }  # fmt: skip


def source_records(catalogue: Catalogue, ids: Iterable[str]) -> list[Record]:
    """Return each source once, in the order of ``sources.toml``: who published it, where, when, under which licence."""
    wanted = set(ids)
    return [
        {
            "id": source.id, "title": source.title, "publisher": source.publisher, "address": source.address,
            "published": source.published, "licence": source.licence, "attribution": source.attribution,
        }
        for source in catalogue.known_sources.values() if source.id in wanted
    ]  # fmt: skip


def selection_rows(record: Record) -> tuple[list[str], list[Row]]:
    """Return head and lines of a CSV file of the centres in a ``selection_record``: ids, joined by ``;``."""
    sources = {source["id"]: source for source in record["sources"]}
    head = ["id", *_TEXTS, "lat", "lon", "distance_km", "disease_areas", "equipment", "equipment_counts",
            "designations", "beds", "teaching", "newest_year", "overdue", "maybe_not_one_centre", "sources", "licences",
            "attributions"]  # fmt: skip
    lines: list[Row] = []
    for centre in record["centres"]:
        own = [sources[id_] for id_ in centre["sources"]]
        more = {
            "licences": "; ".join(dict.fromkeys(source["licence"] for source in own)),
            "attributions": " ".join(dict.fromkeys(source["attribution"] for source in own)),
        }
        lines.append([_cell((centre | more)[name]) for name in head])
    return head, lines


def facet_rows(facets: Mapping[str, Mapping[str, int]]) -> tuple[list[str], list[Row]]:
    """Return head and lines of a CSV file of a ``facet_record``."""
    return ["key", "value", "count"], [
        (key, value, count) for key, counted in facets.items() for value, count in counted.items()
    ]


def fact_rows(record: Record) -> tuple[list[str], list[Row]]:
    """Return head and lines of a CSV file of the facts in a ``centre_record``, then of those that do not count."""
    head = ["id", "field", "value", "count", "certainty", "source", "source_title", "publisher", "publisher_url",
            "source_url", "source_date", "code", "licence", "standing", "entered_by", "about_id", "due",
            "overdue"]  # fmt: skip
    return head, [
        (record["centre"]["id"], *(_cell(fact[name]) for name in head[1:]))
        for fact in (*record["facts"], *record["past_facts"])
    ]


def comparison_rows(record: Record) -> tuple[list[str], list[Row]]:
    """Return head and lines of a CSV file of a ``comparison_record``: a line each, a column for each centre."""
    ids = [centre["id"] for centre in record["centres"]]
    names = ("name", None, None, *(centre["name"] for centre in record["centres"]))
    lines = [
        (line["field"], line["item"], line["kind"], *(_cell(line["cells"][id_]["known"]) for id_ in ids))
        for line in record["lines"]
    ]
    return ["field", "item", "kind", *ids], [names, *lines]


def _cell(value: Cell | dict[str, Cell] | list[str]) -> Cell:
    """Return a value as a cell: ids joined by ``;``, what is known of each after a colon; unknown is empty."""
    if isinstance(value, dict):
        return ";".join(f"{id_}:{known}" for id_, known in value.items())
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
