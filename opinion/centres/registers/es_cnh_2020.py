"""Turns Spain's national catalogue of hospitals (Catálogo Nacional de Hospitales) into facts: class of centre, beds.

The ids are those of the catalogue itself (CODCNH). Telephone numbers and e-mail addresses stand in the file and are not
read. Where the file counts machines (columns TAC, RM, ALI …, as the ministry abbreviates them), they are read; 0 is no
fact. The copy of 2020 has no such columns, so this was tried on no real file. New hospitals of which only the beds are
stated are left out.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from opinion.centres.registers.raw_files import read_meanings, read_rows, whole_number
from opinion.centres.registers.releases import LeftOut, Listing, Release, Statement
from opinion.centres.sources import Source

_MACHINES = "Equipo "
"""Stands in the file of meanings before the abbreviation of a machine."""

_COLUMNS = ("CODCNH", "Nombre Centro", "Municipio", "CCAA", "CAMAS", "Clase de Centro")


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the catalogue says; its day has to be told. Raises ``CatalogueError`` on another layout."""
    centres: list[Listing] = []
    facts: list[Statement] = []
    left_out: list[LeftOut] = []
    for path in raw:
        for number, row in read_rows(path, _COLUMNS):
            code, name = row["CODCNH"], " ".join(row["Nombre Centro"].split())
            if not (len(code) == 6 and code.isdecimal()) or not name:
                left_out.append(LeftOut(path.name, number, code, name, "CODCNH is not 6 digits, or no name"))
                continue
            id_ = f"es:{code}"
            centres.append(
                Listing(id_, name, "ES", city=row["Municipio"], region=_turned(row["CCAA"]),
                        facility_type=row["Clase de Centro"], file=path.name, row=number)
            )  # fmt: skip
            for meaning in read_meanings("es_cnh_2020").get(row["Clase de Centro"], ()):
                facts.append(Statement(id_, meaning.field, meaning.value, meaning.code))
            facts += _machines(path.name, number, id_, row, left_out)
            beds = whole_number(row["CAMAS"])
            if beds and beds != "0":
                facts.append(Statement(id_, "beds", beds, "CAMAS"))
            elif not beds:
                left_out.append(LeftOut(path.name, number, f"{id_} CAMAS", row["CAMAS"], "no whole number"))
    return Release(source, centres, facts, left_out, adds="more_than_beds")


def _machines(file: str, number: int, id_: str, row: dict[str, str], left_out: list[LeftOut]) -> Iterator[Statement]:
    for code, meanings in read_meanings("es_cnh_2020").items():
        text = row.get(code.removeprefix(_MACHINES), "") if code.startswith(_MACHINES) else ""
        count = whole_number(text)
        if text and not count:
            left_out.append(LeftOut(file, number, f"{id_} {code}", text, "no whole number"))
        elif count not in ("", "0"):
            for each in meanings:
                yield Statement(id_, each.field, each.value, each.code, count)


def _turned(region: str) -> str:
    """Return the name of a region with its article before it: "Balears, Illes" is "Illes Balears"."""
    name, comma, before = region.partition(", ")
    return f"{before} {name}" if comma else region
