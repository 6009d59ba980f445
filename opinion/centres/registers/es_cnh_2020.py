"""Turns Spain's national catalogue of hospitals (Catálogo Nacional de Hospitales) into facts: class of centre, beds.

The ids are those of the catalogue itself (CODCNH). Telephone numbers and e-mail addresses stand in the file and are not
read. Most hospitals are general: of these only the beds are stated, so new ones are left out.
"""

from collections.abc import Sequence
from pathlib import Path

from opinion.centres.registers.raw_files import read_csv_rows, read_meanings, whole_number
from opinion.centres.registers.releases import LeftOut, Listing, Release, Statement
from opinion.centres.sources import Source

_COLUMNS = ("CODCNH", "Nombre Centro", "Municipio", "CCAA", "CAMAS", "Clase de Centro")


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the catalogue says; its day has to be told. Raises ``CatalogueError`` on another layout."""
    centres: list[Listing] = []
    facts: list[Statement] = []
    left_out: list[LeftOut] = []
    for path in raw:
        for number, row in read_csv_rows(path, _COLUMNS):
            code, name = row["CODCNH"], " ".join(row["Nombre Centro"].split())
            if not (len(code) == 6 and code.isdecimal()) or not name:
                left_out.append(LeftOut(path.name, number, code, name, "CODCNH is not 6 digits, or no name"))
                continue
            id_ = f"es:{code}"
            centres.append(
                Listing(id_, name, "ES", city=row["Municipio"], region=_turned(row["CCAA"]),
                        facility_type=row["Clase de Centro"])
            )  # fmt: skip
            for meaning in read_meanings("es_cnh_2020").get(row["Clase de Centro"], ()):
                facts.append(Statement(id_, meaning.field, meaning.value, meaning.code))
            beds = whole_number(row["CAMAS"])
            if beds and beds != "0":
                facts.append(Statement(id_, "beds", beds, "CAMAS"))
            elif not beds:
                left_out.append(LeftOut(path.name, number, f"{id_} CAMAS", row["CAMAS"], "no whole number"))
    return Release(source, centres, facts, left_out, adds="more_than_beds")


def _turned(region: str) -> str:
    """Return the name of a region with its article before it: "Balears, Illes" is "Illes Balears"."""
    name, comma, before = region.partition(", ")
    return f"{before} {name}" if comma else region
