"""Turns Eurostat's healthcare services in Europe (GISCO) into facts: types of hospitals, specialties, beds.

Each country words its own types. Units of one day (day clinics, outpatient centres) are left out: nobody stays there.
Telephone numbers and e-mail addresses stand in the file and are not read.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from opinion.centres.names import fold
from opinion.centres.registers.raw_files import Meaning, read_meanings, read_rows, rounded, whole_number
from opinion.centres.registers.releases import LeftOut, Listing, Release, Statement
from opinion.centres.sources import Source

_COLUMNS = (
    "id", "hospital_name", "lat", "lon", "city", "cc", "cap_beds", "facility_type", "list_specs", "url", "ref_date",
    "pub_date",
)  # fmt: skip
_DAY_UNITS = re.compile(
    r"\b(hopital de jour|centre medico.psychologique|cmp|c m p|cattp|c a t t p|tagesklinik|dagkliniek)\b"
    r"|\bday (hospital|clinic)\b"
)
_COUNTRIES = {"EL": "GR", "UK": "GB"}


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the data set says of hospitals for more than a day. Raises ``CatalogueError`` on another layout."""
    centres: list[Listing] = []
    facts: list[Statement] = []
    left_out: list[LeftOut] = []
    unread: Counter[str] = Counter()
    published = source.published
    for path in raw:
        for number, row in read_rows(path, _COLUMNS):
            name = " ".join(row["hospital_name"].split())
            why = "no id or no name" if not row["id"] or not name else ""
            if _DAY_UNITS.search(fold(f"{name} {row['facility_type']}")):
                why = "a unit of one day"
            if why:
                left_out.append(LeftOut(path.name, number, row["id"], name, why))
                continue
            id_, day = f"eu:{row['id'].replace(',', '_')}", _iso(row["ref_date"])
            published = max(published, _iso(row["pub_date"]))
            centres.append(
                Listing(id_, name, _COUNTRIES.get(row["cc"], row["cc"]), city=_town(row["city"]),
                        lat=rounded(row["lat"]), lon=rounded(row["lon"]), facility_type=row["facility_type"],
                        website=_web_address(row["url"]), date=day, file=path.name, row=number)
            )  # fmt: skip
            said = dict.fromkeys(_meanings(row, unread))
            facts += [Statement(id_, each.field, each.value, each.code, date=day) for each in said]
            beds = whole_number(row["cap_beds"])
            if beds not in ("", "0"):
                facts.append(Statement(id_, "beds", beds, "cap_beds", date=day))
            elif row["cap_beds"] and not beds:
                left_out.append(LeftOut(path.name, number, f"{id_} cap_beds", row["cap_beds"], "no whole number"))
    for code, count in sorted(unread.items()):
        left_out.append(LeftOut("", 0, code, f"{count} rows", "names no area of ours, or is not known"))
    return Release(replace(source, published=published), centres, facts, left_out, adds="more_than_beds")


def _meanings(row: dict[str, str], unread: Counter[str]) -> Iterator[Meaning]:
    known, country = read_meanings("eurostat_hcs"), row["cc"]
    codes = [f"facility_type {row['facility_type']}"] if row["facility_type"] else []
    codes += [f"list_specs {each}" for each in re.split(r"[,;|]\s*", row["list_specs"]) if each]
    for code in codes:
        national = f"{country} {code.partition(' ')[2]}"
        if code not in known and national not in known:
            unread[f"{country} {code}"] += 1
        yield from known.get(code, ()) or known.get(national, ())


def _iso(day: str) -> str:
    """Return ``01/02/20`` and ``16/04/2020`` as ISO 8601, anything else as it is."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(?:20)?(\d{2})", day)
    return f"20{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else day


def _town(name: str) -> str:
    return name.title() if name.isupper() else name


def _web_address(text: str) -> str:
    return f"http://{text}" if text.startswith("www.") else text
