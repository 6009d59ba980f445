"""Turns records of the Research Organization Registry into listings: that an organisation exists, where, its names.

Read are active organisations of type healthcare, from a data dump (a list of records) or from single records, in the
schema of version 2 or the older one. Nothing is stated about what they do.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from opinion.centres.registers.raw_files import read_json, rounded
from opinion.centres.registers.releases import LeftOut, Listing, Release
from opinion.centres.sources import Source
from opinion.errors import CatalogueError

_TYPE, _KIND = "healthcare", "healthcare organisation"


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the records list; the day of the dump has to be told. Raises ``CatalogueError`` on another layout."""
    centres: list[Listing] = []
    left_out: list[LeftOut] = []
    others: Counter[str] = Counter()
    for path in raw:
        content = read_json(path)
        for number, record in enumerate(content if isinstance(content, list) else [content], start=1):
            try:
                listing = _listing(record)
                types, status = [each.lower() for each in record["types"]], record["status"]
            except (KeyError, TypeError, IndexError) as error:
                raise CatalogueError(
                    f"{path.name}, record {number} has no {error}. Is it a record of ROR? If the schema has changed, "
                    "change the adapter: docs/how-to-add-a-register.md."
                ) from None
            if _TYPE not in types:
                others["an organisation of another type"] += 1
            elif status != "active":
                left_out.append(LeftOut(path.name, number, listing.centre_id, listing.name, f"status {status}"))
            else:
                centres.append(replace(listing, file=path.name, row=number))
    for why, count in others.items():
        left_out.append(LeftOut("", 0, "records", f"{count} records", why))
    return Release(source, centres, (), left_out)


def _listing(record: dict[str, Any]) -> Listing:
    id_ = record["id"].rpartition("/")[2]
    if "names" in record:  # version 2
        names = [(each["value"], each["lang"], each["types"]) for each in record["names"]]
        name = next(value for value, _, kinds in names if "ror_display" in kinds)
        labels = [(value, lang) for value, lang, kinds in names if "label" in kinds and value != name]
        place = record["locations"][0]["geonames_details"]
        city, region, country = place["name"], place.get("country_subdivision_name"), place["country_code"]
        websites = [each["value"] for each in record["links"] if each["type"] == "website"]
        changed = record["admin"]["last_modified"]["date"]
    else:
        name, place = record["name"], record["addresses"][0]
        labels = [(each["label"], each["iso639"]) for each in record["labels"] if each["label"] != name]
        town = place.get("geonames_city") or {}
        city, region = place["city"], (town.get("geonames_admin1") or {}).get("name")
        country, websites, changed = record["country"]["country_code"], record["links"], ""
    other = next((label for label, lang in labels if lang == "en"), labels[0][0] if labels else "")
    return Listing(
        f"ror:{id_}", name, country, name_other=other, city=city or "", region=region or "",
        lat=rounded(str(place["lat"])), lon=rounded(str(place["lng"])), precision="city", facility_type=_KIND,
        website=websites[0] if websites else "", address=f"https://ror.org/{id_}", date=changed,
    )  # fmt: skip
