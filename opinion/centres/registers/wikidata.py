"""Turns a table of Wikidata's hospitals into listings: names, points and websites of items that the catalogue knows.

The table is what a query of query.wikidata.org gives as TSV: item, itemLabel, official_website, geo. It states no area
and no machine, and closed hospitals cannot be told from open ones, so items that the catalogue has not are left out.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from opinion.centres.registers.raw_files import read_rows, rounded
from opinion.centres.registers.releases import LeftOut, Listing, Release
from opinion.centres.sources import Source

_COLUMNS = ("item", "itemLabel", "official_website", "geo")
_ITEM = re.compile(r"https?://www\.wikidata\.org/entity/(Q\d+)")
_POINT = re.compile(r"Point\((-?[\d.]+(?:[eE]-?\d+)?) (-?[\d.]+(?:[eE]-?\d+)?)\)")


def read_release(raw: Sequence[Path], source: Source) -> Release:
    """Return what the table lists; its day has to be told. Raises ``CatalogueError`` on another layout.

    An item with several points or websites stands in several rows; the first one counts.
    """
    centres: dict[str, Listing] = {}
    left_out: list[LeftOut] = []
    for path in raw:
        for number, row in read_rows(path, _COLUMNS):
            item, name = _ITEM.fullmatch(row["item"]), row["itemLabel"]
            why = "no address of an item" if item is None else "no label" if not name or name == item[1] else ""
            if item is None or why:
                left_out.append(LeftOut(path.name, number, row["item"], name, why))
                continue
            id_, point = f"wd:{item[1]}", _POINT.fullmatch(row["geo"])
            if id_ in centres:
                left_out.append(
                    LeftOut(path.name, number, id_, f"{row['geo']} {row['official_website']}", "a further row")
                )
                continue
            if row["geo"] and not point:
                left_out.append(LeftOut(path.name, number, f"{id_} geo", row["geo"], "no point"))
            lon, lat = point.groups() if point else ("", "")
            centres[id_] = Listing(
                id_, name, "", lat=rounded(lat), lon=rounded(lon), facility_type="hospital (Wikidata)",
                website=row["official_website"], address=source.record.format(id=item[1]), file=path.name, row=number,
            )  # fmt: skip
    return Release(source, list(centres.values()), (), left_out, adds="none")
