"""Turns a compilation of Spain's national catalogue for the Madrid region into facts: machines counted, specialties.

The ministry gives the counts out as a spreadsheet; this layout is the JSON of the compilation that was read in 2026: a
list of hospitals with ``equipment`` by kind and first visits by specialty. A count of 0 is no fact: many hospitals
report none at all. Telephone numbers and e-mail addresses stand in the file and are not read.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from opinion.centres.registers.raw_files import check_columns, read_json, read_meanings
from opinion.centres.registers.releases import LeftOut, Listing, Release, Statement
from opinion.centres.sources import Source
from opinion.errors import CatalogueError

_KEYS = ("id", "name", "municipality", "beds", "hospitalClass", "equipment", "equipmentScope", "geo", "activity")
_FEWEST_VISITS = 100
"""First visits in a year from which a specialty is taken for one of the hospital."""


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the list says; the catalogue's year has to be told. Raises ``CatalogueError`` on another layout."""
    centres: list[Listing] = []
    facts: list[Statement] = []
    left_out: list[LeftOut] = []
    for path in raw:
        content = read_json(path)
        if not isinstance(content, list):
            raise CatalogueError(f"{path.name} is no list of hospitals. Is it the right file?")
        for number, row in enumerate(content, start=1):
            check_columns(path, list(row), _KEYS)
            if not (len(row["id"]) == 6 and row["id"].isdecimal()) or not row["name"]:
                left_out.append(
                    LeftOut(path.name, number, row["id"], row["name"], "the id is not 6 digits, or no name")
                )
                continue
            id_, place = f"es:{row['id']}", row["geo"] or {"lat": "", "lon": ""}
            centres.append(
                Listing(id_, row["name"], "ES", city=row["municipality"], region="Comunidad de Madrid",
                        lat=str(place["lat"]), lon=str(place["lon"]), facility_type=row["hospitalClass"],
                        file=path.name, row=number)
            )  # fmt: skip
            facts += _facts(path.name, number, id_, row, source.published, left_out)
    return Release(source, centres, facts, left_out, adds="more_than_beds")


def _facts(
    file: str, number: int, id_: str, row: dict[str, Any], year: str, left_out: list[LeftOut]
) -> list[Statement]:
    known, facts = read_meanings("es_cnh_madrid_2025"), []
    for meaning in known.get(row["hospitalClass"], ()):
        facts.append(Statement(id_, meaning.field, meaning.value, meaning.code))
    if row["beds"]:
        facts.append(Statement(id_, "beds", str(row["beds"]), f"camas CNH {year[:4]}"))
    scope = " (whole hospital complex)" if row["equipmentScope"] == "complex" else ""
    for kind, count in row["equipment"].items():
        if kind not in known or not (count is None or isinstance(count, int)):
            left_out.append(LeftOut(file, number, f"{id_} {kind}", str(count), "the kind is not known, or no number"))
        elif count:
            for meaning in known[kind]:
                code = f"CNH {year[:4]} count{scope}"
                facts.append(Statement(id_, meaning.field, meaning.value, code, str(count)))
    activity = row["activity"] or {"year": "", "firstVisitsBySpecialty": {}}
    for specialty, visits in activity["firstVisitsBySpecialty"].items():
        for meaning in known.get(specialty, ()):
            if visits >= _FEWEST_VISITS:
                code = f"SERMAS {activity['year']} report, {meaning.code}"
                facts.append(Statement(id_, meaning.field, meaning.value, code, date=str(activity["year"])))
    return facts
