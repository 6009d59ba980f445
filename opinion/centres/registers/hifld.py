"""Turns the Hospitals layer of HIFLD (US Department of Homeland Security) into facts: types of hospitals, beds.

Read are open psychiatric, rehabilitation, children's and women's hospitals: general ones are in the CMS list. A
hospital that the catalogue knows from CMS keeps its row; what HIFLD states of it is added.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from opinion.centres.registers.raw_files import read_meanings, read_rows, rounded, whole_number
from opinion.centres.registers.releases import LeftOut, Listing, Release, Statement
from opinion.centres.sources import Source

_COLUMNS = (
    "ID", "NAME", "CITY", "STATE", "TYPE", "STATUS", "COUNTRY", "LATITUDE", "LONGITUDE", "SOURCEDATE", "WEBSITE",
    "BEDS",
)  # fmt: skip
_UNKNOWN = ("", "-999", "NOT AVAILABLE")
_COUNTRIES = {"USA": "US", "PRI": "PR", "VIR": "VI", "GUM": "GU", "ASM": "AS", "MNP": "MP", "PLW": "PW"}


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the layer says; its year has to be told. Raises ``CatalogueError`` on another layout."""
    centres: list[Listing] = []
    facts: list[Statement] = []
    left_out: list[LeftOut] = []
    others: Counter[str] = Counter()
    for path in raw:
        for number, row in read_rows(path, _COLUMNS):
            said = read_meanings("hifld").get(row["TYPE"])
            if said is None:
                others[row["TYPE"]] += 1
                continue
            if row["STATUS"] != "OPEN":
                left_out.append(LeftOut(path.name, number, row["ID"], row["NAME"], "not open"))
                continue
            country = _COUNTRIES.get(row["COUNTRY"], "")
            id_, day = f"hifld:{row['ID']}", row["SOURCEDATE"][:10]
            if not row["ID"] or not row["NAME"] or not country:
                left_out.append(LeftOut(path.name, number, row["ID"], row["NAME"], "no id, name or known country"))
                continue
            website = "" if row["WEBSITE"] in _UNKNOWN else row["WEBSITE"]
            centres.append(
                Listing(id_, row["NAME"], country, city=row["CITY"].title(), region=row["STATE"],
                        lat=rounded(row["LATITUDE"]), lon=rounded(row["LONGITUDE"]),
                        facility_type=row["TYPE"].lower(), website=website, date=day,
                        file=path.name, row=number)
            )  # fmt: skip
            facts += [Statement(id_, each.field, each.value, each.code, date=day) for each in said]
            if row["BEDS"] not in _UNKNOWN:
                beds = whole_number(row["BEDS"])
                if beds and beds != "0":
                    facts.append(Statement(id_, "beds", beds, "BEDS", date=day))
                else:
                    left_out.append(LeftOut(path.name, number, f"{id_} BEDS", row["BEDS"], "no number of beds"))
    for kind, count in sorted(others.items()):
        left_out.append(
            LeftOut("", 0, f"type {kind}", f"{count} rows", "a type that names no area; CMS lists general ones")
        )
    return Release(source, centres, facts, left_out)
