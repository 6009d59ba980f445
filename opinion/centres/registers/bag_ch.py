"""Turns the key figures of Swiss hospitals (Federal Office of Public Health) into facts: type, activity, machines.

One row is one institution in one year; the newest year of the file counts. The register gives no ids that last: an
institution is known by its name and canton.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from opinion.centres.names import fold
from opinion.centres.registers.raw_files import read_meanings, read_rows
from opinion.centres.registers.releases import LeftOut, Listing, Release, Statement
from opinion.centres.sources import Source

_BEDS = ("BettenStatA", "BettenStatP", "BettenStatR", "BettenStatB")
_COLUMNS = ("JAHR", "KT", "Inst", "Ort", "Typ", "Akt", "WB", "SA", *_BEDS)
_POSTCODE = re.compile(r"\d{4,5}\s+")
_BEDS_CODE = "sum BettenStat A+P+R+B (mean operated)"


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the newest year of the time series says. Raises ``CatalogueError`` on another layout."""
    rows = [(path.name, number, row) for path in raw for number, row in read_rows(path, _COLUMNS)]
    year = max((row["JAHR"] for _, _, row in rows), default="")
    older = sum(1 for _, _, row in rows if row["JAHR"] != year)
    left_out = [LeftOut("", 0, f"years before {year}", f"{older} rows", "the newest year counts")] if older else []
    centres: list[Listing] = []
    facts: list[Statement] = []
    for file, number, row in rows:
        if row["JAHR"] != year:
            continue
        id_ = f"bag:{row['KT']}:{_slug(row['Inst'])}"
        if not row["Inst"] or not row["KT"]:
            left_out.append(LeftOut(file, number, "row", row["Inst"] or row["KT"], "no name or no canton"))
            continue
        town = _POSTCODE.sub("", row["Ort"].replace("_", " "), count=1)
        centres.append(
            Listing(
                id_, row["Inst"], "CH", city=town, region=row["KT"], facility_type=row["Typ"], file=file, row=number
            )
        )
        facts += _facts(id_, row, file, number, left_out)
    return Release(replace(source, published=year), centres, facts, left_out, ids_by_name=True, adds="more_than_beds")


def _facts(id_: str, row: dict[str, str], file: str, number: int, left_out: list[LeftOut]) -> list[Statement]:
    facts, meanings = [], read_meanings("bag_ch")
    for column in ("Typ", "Akt", "WB", "SA"):
        for code in filter(None, (each.strip() for each in row[column].split(","))):
            if f"{column} {code}" not in meanings:
                left_out.append(LeftOut(file, number, f"{column}: {row['Inst']}", code, "the code is not known"))
            said = meanings.get(f"{column} {code}", ())
            facts += [Statement(id_, meaning.field, meaning.value, meaning.code) for meaning in said]
    try:
        beds = round(sum(float(row[column] or 0) for column in _BEDS))
    except ValueError:
        said_beds = " ".join(row[column] for column in _BEDS)
        left_out.append(LeftOut(file, number, f"beds: {row['Inst']}", said_beds, "not numbers"))
        return facts
    return [*facts, Statement(id_, "beds", str(beds), _BEDS_CODE)] if beds else facts


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
