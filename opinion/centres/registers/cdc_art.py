"""Turns the CDC's table of assisted reproductive technology, services and profiles, into facts about fertility clinics.

One row is one answer of one clinic in one year. Names and telephone numbers of physicians stand in the file and are not
read. A sum over all clinics stands among them, under the id 9,999.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from opinion.centres.registers.raw_files import read_meanings, read_rows
from opinion.centres.registers.releases import LeftOut, Listing, Release, Statement
from opinion.centres.sources import Source

_COLUMNS = (
    "Year", "LocationAbbr", "FacilityName", "City", "Clinic Status", "SubTopic", "Data_Value", "ClinicId",
    "Geolocation",
)  # fmt: skip
_POINT = re.compile(r"POINT ?\((-?[\d.]+) (-?[\d.]+)\)")
_SUM = "9,999"


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the newest year of the table says of open clinics. Raises ``CatalogueError`` on another layout."""
    rows = [(path.name, number, row) for path in raw for number, row in read_rows(path, _COLUMNS)]
    year = max((row["Year"] for _, _, row in rows), default="")
    centres: dict[str, Listing] = {}
    facts: list[Statement] = []
    left_out: list[LeftOut] = []
    refused: set[str] = set()
    for file, number, row in rows:
        clinic, status = row["ClinicId"], row["Clinic Status"]
        why = _reason(row, year)
        if why:
            if clinic not in refused:
                refused.add(clinic)
                left_out.append(LeftOut(file, number, f"clinic {clinic}", row["FacilityName"], why))
            continue
        id_ = f"cdcart:{clinic}"
        if id_ not in centres:
            point = _POINT.fullmatch(row["Geolocation"])
            lon, lat = point.groups() if point else ("", "")
            if not point:
                left_out.append(LeftOut(file, number, f"{id_} Geolocation", row["Geolocation"], "no point"))
            state = row["LocationAbbr"]
            centres[id_] = Listing(
                id_, row["FacilityName"], "PR" if state == "PR" else "US", city=row["City"], region=state,
                lat=lat, lon=lon, facility_type="fertility clinic", file=file, row=number,
            )  # fmt: skip
            code = f"CDC ART {year} reporting clinic, status {status}"
            facts.append(Statement(id_, "disease_area", "fertility", code))
        for meaning in read_meanings("cdc_art").get(row["SubTopic"], ()):
            if row["Data_Value"] == "Yes":
                facts.append(Statement(id_, meaning.field, meaning.value, meaning.code))
            elif row["Data_Value"] not in ("No", "Pending", ""):
                what = f"{id_} {row['SubTopic']}"
                left_out.append(LeftOut(file, number, what, row["Data_Value"], "neither Yes, No nor Pending"))
    return Release(replace(source, published=year), list(centres.values()), facts, left_out)


def _reason(row: dict[str, str], year: str) -> str:
    """Return why a row is not read, or an empty text."""
    if row["Year"] != year:
        return "an earlier year; the newest one counts"
    if row["ClinicId"] == _SUM:
        return "the sum of all clinics, no clinic"
    if row["Clinic Status"] != "Open":
        return f"the clinic is not open: {row['Clinic Status']}"
    return "" if row["ClinicId"] and row["FacilityName"] else "no id or no name"
