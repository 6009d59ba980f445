"""Turns Japan's lists of accepted notifications of facility standards into facts: what insurance pays a hospital for.

Each regional bureau of the ministry gives out one workbook a prefecture and month; a few rows above the heads say of
which day it is. One row is one notification of one institution, or a remark on the notification above it. Each area and
machine is stated once, with the first notification that says it. Telephone numbers stand in the file and are not read.

Written without a real workbook at hand: the 24 heads are those that several programs of others read, the names of the
notifications are those that the catalogue has, and of those its facts come out again.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from opinion.centres.imports.sheets import sheet_names, sheet_rows
from opinion.centres.registers.raw_files import check_columns, read_meanings
from opinion.centres.registers.releases import LeftOut, Listing, Release, Statement
from opinion.centres.sources import Source

_PREFECTURE, _NUMBER, _NAME = "都道府県コード", "医療機関番号", "医療機関名称"
_BEDS, _TOLD, _REMARK, _TOWN, _KIND = "病床数", "受理届出名称", "備考（データ）", "市町村名", "区分"
_COLUMNS = (_PREFECTURE, _NUMBER, _NAME, _BEDS, _TOLD, _REMARK, _TOWN, _KIND)
_DAY = re.compile(r"令和\s*(\d+|元)\s*年\s*(\d+)\s*月\s*(\d+)\s*日\s*現在")
_WITHDRAWN = ("廃止", "撤去")
_MEDICAL = "医科"
_HOSPITAL_BEDS = 20
"""From 20 beds on an institution is a hospital by Japan's Medical Care Act, below it is a clinic."""

_PREFECTURES = (
    "Hokkaido", "Aomori", "Iwate", "Miyagi", "Akita", "Yamagata", "Fukushima", "Ibaraki", "Tochigi", "Gunma",
    "Saitama", "Chiba", "Tokyo", "Kanagawa", "Niigata", "Toyama", "Ishikawa", "Fukui", "Yamanashi", "Nagano",
    "Gifu", "Shizuoka", "Aichi", "Mie", "Shiga", "Kyoto", "Osaka", "Hyogo", "Nara", "Wakayama", "Tottori",
    "Shimane", "Okayama", "Hiroshima", "Yamaguchi", "Tokushima", "Kagawa", "Ehime", "Kochi", "Fukuoka", "Saga",
    "Nagasaki", "Kumamoto", "Oita", "Miyazaki", "Kagoshima", "Okinawa",
)  # fmt: skip
"""By code, from 01 on."""


@dataclass
class _Reading:
    centres: dict[str, Listing] = field(default_factory=dict)
    facts: dict[tuple[str, str, str], Statement] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the workbooks say; other prefectures stay. Raises ``CatalogueError`` on another layout."""
    work, days = _Reading(), {source.published}
    for path in raw:
        for name in sheet_names(path):
            days.add(_read_sheet(work, path, name))
    for code, count in sorted(work.unread.items()):
        work.left_out.append(LeftOut("", 0, code, f"{count} rows", "names no area or machine of ours"))
    about = tuple(sorted({id_.rpartition(":")[0] + ":" for id_ in work.centres}))
    facts = list(work.facts.values())
    dated = replace(source, published=max(days))
    return Release(dated, list(work.centres.values()), facts, work.left_out, about or ("jp:",), adds="more_than_beds")


def _read_sheet(work: _Reading, path: Path, sheet: str) -> str:
    """Read one sheet; return the day that stands above its heads, or an empty text."""
    rows = enumerate(sheet_rows(path, sheet), start=1)
    day, columns = "", list[str]()
    for _, cells in rows:
        found = _DAY.search(unicodedata.normalize("NFKC", " ".join(cells)))
        if found:
            year = 2018 + (1 if found[1] == "元" else int(found[1]))
            day = f"{year}-{int(found[2]):02}-{int(found[3]):02}"
        if _NUMBER in (columns := [cell.strip() for cell in cells]):
            break
    check_columns(path, columns, _COLUMNS)
    told, is_withdrawn, before = "", False, ""
    for number, row in _named(rows, columns):
        id_ = _list(work, path.name, number, row)
        if id_ != before:  # a remark belongs to a notification of the same institution
            told, is_withdrawn, before = "", False, id_
        if row[_TOLD] and row[_TOLD] != told:
            told, is_withdrawn = row[_TOLD], False
        is_withdrawn = is_withdrawn or any(word in row[_REMARK] for word in _WITHDRAWN)
        if id_ and told:
            _state(work, id_, told, "" if is_withdrawn else row[_REMARK])
    return day


def _named(rows: Iterator[tuple[int, list[str]]], columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells in rows:
        row = dict(zip(columns, [*(cell.strip() for cell in cells), *[""] * len(columns)], strict=False))
        if any(row.values()):
            yield number, row


def _list(work: _Reading, file: str, number: int, row: dict[str, str]) -> str:
    """Return the id of the institution of a row, listed when it is first met, or an empty text if it is left out."""
    prefecture, digits = row[_PREFECTURE].partition(".")[0], re.sub(r"\D", "", row[_NUMBER].partition(".0")[0])
    if row[_KIND] and row[_KIND] != _MEDICAL:
        work.unread[f"{_KIND} {row[_KIND]}"] += 1
        return ""
    if not prefecture.isdecimal() or not 1 <= int(prefecture) <= len(_PREFECTURES) or not digits or not row[_NAME]:
        what = f"{row[_PREFECTURE]} {row[_NUMBER]}"
        work.left_out.append(LeftOut(file, number, what, row[_NAME], "no prefecture, number or name"))
        return ""
    place = _PREFECTURES[int(prefecture) - 1]
    id_ = f"jp:{place}:{digits.zfill(7)}"
    if id_ not in work.centres:
        name = " ".join(row[_NAME].split())
        beds = sum(int(count) for count in re.findall(r"\d+", unicodedata.normalize("NFKC", row[_BEDS])))
        kind = "hospital" if beds >= _HOSPITAL_BEDS or "病院" in name else "clinic"
        work.centres[id_] = Listing(
            id_, name, "JP", city_local=row[_TOWN], region=place, facility_type=kind, file=file, row=number
        )
        if beds:
            work.facts[id_, "beds", ""] = Statement(id_, "beds", str(beds), _BEDS)
        elif row[_BEDS]:
            work.left_out.append(LeftOut(file, number, f"{id_} {_BEDS}", row[_BEDS], "no number of beds"))
    return id_


def _state(work: _Reading, id_: str, told: str, remark: str) -> None:
    known = read_meanings("jp_shisetsu")
    if told not in known and not any(code.startswith(f"{told}: ") for code in known):
        work.unread[told] += 1
    for meaning in (*known.get(told, ()), *known.get(f"{told}: {remark}", ())):
        said = Statement(id_, meaning.field, meaning.value, meaning.code)
        work.facts.setdefault((id_, meaning.field, meaning.value), said)
