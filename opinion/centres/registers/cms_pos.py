"""Turns the US Provider of Services file (CMS) into facts: services offered, catheter rooms, medical schools.

The file lists every provider of Medicare; hospitals are category 01, and those of termination code 00 are open. It
says nothing of trauma levels and of the types of the Care Compare list: what the catalogue has of these stays. Two
layouts are read: the publisher's rows, and the selection by which the release of April 2026 came into the catalogue.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opinion.centres.registers.raw_files import check_columns, read_json, read_meanings, read_rows, whole_number
from opinion.centres.registers.releases import LeftOut, Listing, Release, Statement
from opinion.centres.sources import Source
from opinion.errors import CatalogueError

_PROVIDER = ("PRVDR_NUM", "PRVDR_CTGRY_CD", "PGM_TRMNTN_CD", "FAC_NAME", "CITY_NAME", "STATE_CD")
_SCHOOL, _ROOMS = "MDCL_SCHL_AFLTN_CD", "CRDC_CTHRTZTN_PRCDR_ROOMS_CNT"
_SCHOOLS = {"1": "major", "2": "limited", "3": "graduate"}
_OFFERED, _NOT_OFFERED = ("1", "2", "3"), ("", "0")
_MOST_ROOMS = 20
"""No hospital has more catheter rooms; greater numbers in the file are 37, 40 and 598."""

_SILENT_ON = ("Trauma centre", "HIFLD trauma level", "CMS hospital type")


@dataclass
class _Reading:
    centres: list[Listing]
    facts: list[Statement]
    left_out: list[LeftOut]


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the file says of open hospitals. Raises ``CatalogueError`` on another layout."""
    work, others = _Reading([], [], []), 0
    for path in raw:
        content = read_json(path) if path.suffix == ".json" else None
        if isinstance(content, dict):
            _read_selection(work, path, content)
            continue
        for number, row in _rows(path, content):
            if row["PRVDR_CTGRY_CD"].zfill(2) != "01":
                others += 1
            else:
                _read_hospital(work, path.name, number, row)
    if others:
        work.left_out.append(
            LeftOut("", 0, "other providers", f"{others} rows", "no hospital (category other than 01)")
        )
    return Release(source, work.centres, work.facts, work.left_out, silent_on=_SILENT_ON)


def _rows(path: Path, content: list[dict[str, Any]] | None) -> Iterator[tuple[int, dict[str, str]]]:
    needed = (*_PROVIDER, _SCHOOL, _ROOMS, *read_meanings("cms_pos"))
    if content is None:
        yield from read_rows(path, needed)
        return
    for number, row in enumerate(content, start=1):
        check_columns(path, list(row), needed)
        yield number, {key: str("" if value is None else value).strip() for key, value in row.items()}


def _read_hospital(work: _Reading, file: str, number: int, row: dict[str, str]) -> None:
    ccn, state = row["PRVDR_NUM"], row["STATE_CD"]
    if row["PGM_TRMNTN_CD"].zfill(2) != "00":
        work.left_out.append(LeftOut(file, number, ccn, row["FAC_NAME"], "no longer takes part in Medicare"))
        return
    id_, country = f"cms:{ccn}", state if state in ("PR", "VI", "GU", "AS", "MP") else "US"
    town = row["CITY_NAME"].title()
    work.centres.append(Listing(id_, row["FAC_NAME"], country, city=town, region=state, file=file, row=number))
    for column, meanings in read_meanings("cms_pos").items():
        if row[column] in _OFFERED:
            work.facts += [Statement(id_, each.field, each.value, each.code) for each in meanings]
        elif row[column] not in _NOT_OFFERED:
            work.left_out.append(LeftOut(file, number, f"{ccn} {column}", row[column], "the code is not known"))
    _read_school(work, file, number, id_, row[_SCHOOL])
    _read_rooms(work, file, number, id_, row[_ROOMS])


def _read_school(work: _Reading, file: str, number: int, id_: str, code: str) -> None:
    if code in _SCHOOLS:
        said = f"POS medical school affiliation {_SCHOOLS[code]}"
        work.facts.append(Statement(id_, "teaching", "yes", said))
    elif code not in ("", "0", "4"):  # 4 is no affiliation
        work.left_out.append(LeftOut(file, number, f"{id_} {_SCHOOL}", code, "the code is not known"))


def _read_rooms(work: _Reading, file: str, number: int, id_: str, text: str) -> None:
    rooms = whole_number(text)
    if text in ("", "0"):
        return
    if not rooms or int(rooms) > _MOST_ROOMS:
        work.left_out.append(LeftOut(file, number, f"{id_} {_ROOMS}", text, "no believable number of catheter rooms"))
    else:
        work.facts.append(Statement(id_, "equipment", "cath_lab", "POS cath procedure rooms", rooms))


def _read_selection(work: _Reading, path: Path, content: dict[str, Any]) -> None:
    """Read a selection: services are bits, in the order that the file itself gives; it has no names."""
    try:
        labels = [content["_meta"]["svcLabels"][short] for short in content["_meta"]["svcOrder"]]
        hospitals = content["byId"]
    except (KeyError, TypeError) as error:
        raise CatalogueError(f"{path.name} has no {error}. Is it the right file?") from None
    said = {each.code: meanings for meanings in read_meanings("cms_pos").values() for each in meanings}
    for number, (ccn, told) in enumerate(hospitals.items(), start=1):
        for bit, label in enumerate(labels):
            if int(told.get("sv", 0)) >> bit & 1:
                meanings = said.get(f"POS {label}", ())
                work.facts += [Statement(f"cms:{ccn}", each.field, each.value, each.code) for each in meanings]
        _read_school(work, path.name, number, f"cms:{ccn}", str(told.get("ms", "")))
        _read_rooms(work, path.name, number, f"cms:{ccn}", str(told.get("cathrm", "")))
