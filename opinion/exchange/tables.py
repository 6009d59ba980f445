"""Turns a selection of centres into a file for a spreadsheet: CSV or XLSX, safe to open, with its sources.

A text that begins like a formula gets an apostrophe before it. An empty cell means "not known", never "no".
"""

import csv
import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from opinion.exchange.cells import Cell, Row, guarded
from opinion.exchange.overdue_wordings import overdue_part_words
from opinion.exchange.provenance_tables import FACT_COLUMNS, FACT_NOTES, fact_rows
from opinion.exchange.workbooks import workbook_of
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.vocabularies import disease_areas, equipment

MOST_FACTS = 100_000
"""The most facts that go into one file of a list, each in a row of its own."""

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from opinion.centres.catalogues import Catalogue


def csv_of(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a CSV file in UTF-8 (with the mark by which spreadsheets know it); every text is guarded."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([guarded(cell) for cell in head])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def centres_as_csv(catalogue: "Catalogue", rows: "NDArray[np.intp]", t: Translator) -> bytes:
    """Return the centres of ``rows`` as CSV, one a line, with sources, licences and attributions."""
    head, lines = _centres(catalogue, rows, t)
    return csv_of(head, lines)


def centres_as_xlsx(catalogue: "Catalogue", rows: "NDArray[np.intp]", t: Translator) -> bytes:
    """Return the centres of ``rows`` as XLSX, with every fact and who says so, and the sources in full.

    Of more than ``MOST_FACTS`` facts it says where they are.
    """
    # Imported here because it brings pandas, which few pages need.
    from opinion.centres.queues import count_facts  # see above

    head, lines = _centres(catalogue, rows, t)
    ids = {source for row in rows for source in _sources_of(catalogue)[row]}
    shown = [source for source in catalogue.sources().values() if source.id in ids]
    sources: list[Row] = [
        (each.title, each.publisher, each.address, each.published, each.licence, each.attribution) for each in shown
    ]
    notes: list[Row] = [(t("An empty cell means: not known. It never means no."),)]
    words = (t("Title"), t("Publisher"), t("Address"), t("Published"), t("Licence"), t("Attribution"))
    sheets: list[tuple[str, Sequence[str], Iterable[Row]]] = [(t("Centres"), head, lines)]
    among = catalogue.table.column("centre_id").take(rows).to_pylist()
    count = count_facts(catalogue, among)
    if count <= MOST_FACTS:
        sheets.append((t("Facts"), FACT_COLUMNS, fact_rows(catalogue, among)))
        notes += [(note,) for note in FACT_NOTES]
    else:
        notes.append(
            (
                t(
                    "The sources of single facts are left out: {count} are too many for this file. Choose fewer "
                    "centres. Who works here finds all of them on the page Sources.",
                    count=f"{count:,}",
                ),
            )
        )
    sheets += [(t("Sources"), words, sources), (t("Notes"), (t("How to read this"),), notes)]
    return workbook_of(sheets)  # fmt: skip


def _centres(catalogue: "Catalogue", rows: "NDArray[np.intp]", t: Translator) -> tuple[list[str], list[Row]]:
    """Return head and lines of the table of centres."""
    # Imported here because it brings pandas, which few pages need.
    from opinion.centres.focuses import FOCUSES, SPECIALISED  # see above
    from opinion.centres.staleness import today  # see above

    areas = {id_: t(area.label) for id_, area in disease_areas().items()}
    items = {id_: t(item.label) for id_, item in equipment().items()}
    names, known = country_names(t.language), catalogue.sources()
    head = [
        t("Centre"), t("Name"), t("Local name"), t("City"), t("Region"), t("Country code"), t("Country"),
        t("Specialises in"), t("Offers"), t("The name suggests"), t("Equipment, stated"), t("Equipment, implied"),
        t("Beds"), t("Teaching hospital"), t("Designations"), t("Website"), t("Latitude"), t("Longitude"),
        t("Newest fact"), t("Overdue"), t("Sources"), t("Licences"), t("Attributions"),
    ]  # fmt: skip
    columns = ("centre_id", "name", "name_local", "city", "region", "country_code", "equipment", "implied_equipment",
               "beds", "teaching", "designations", "website", "lat", "lon")  # fmt: skip
    sources = _sources_of(catalogue)
    day = today()
    taken = catalogue.table.select(["newest_year", "due_first", "due_last"]).take(rows).to_pydict()
    dated = zip(*taken.values(), strict=True)
    lines: list[Row] = []
    page = catalogue.page(rows, columns).itertuples(index=False, name=None)
    for row, focus, cells, (year, first, last) in zip(
        rows.tolist(), catalogue.focuses_of(rows), page, dated, strict=True
    ):
        id_, name, local, city, region, code, stated, implied, beds, teaching, designations, website, lat, lon = cells
        by_focus = {one: [areas[area] for area, found in focus.items() if found == one] for one in FOCUSES}
        specialised = [area for one in SPECIALISED for area in by_focus[one]]
        own = [known[source] for source in sources[row]]
        lines.append([
            id_, name, local, city, region, code, names.get(code, code),
            "; ".join(specialised), "; ".join(by_focus["service_offered"]), "; ".join(by_focus["suggested_by_name"]),
            *("; ".join(items[item] for item in ids.split(";") if item) for ids in (stated, implied)),
            _number(beds), t("yes") if str(teaching) == "True" else None,  # numpy's own True is not Python's
            designations.replace(";", "; "), website, _number(lat), _number(lon),
            year or None, overdue_part_words(first, last, day, t) or None,
            "; ".join(f"{source.title} ({source.publisher})" for source in own),
            "; ".join(dict.fromkeys(source.licence for source in own)),
            " ".join(dict.fromkeys(source.attribution for source in own)),
        ])  # fmt: skip
    return head, lines


def _number(value: object) -> Cell:
    """Return a number as Python's own; ``None`` for pandas' missing values, which equal not even themselves."""
    text = str(value)
    if text in ("nan", "<NA>", "None"):
        return None
    return int(text) if text.lstrip("-").isdigit() else float(text)


@lru_cache(maxsize=1)
def _sources_of(catalogue: "Catalogue") -> dict[int, tuple[str, ...]]:
    """Return for each row the ids of the sources that stated anything of it, in the order of ``sources.toml``.

    Reads the tables once: half a second for the whole catalogue, where asking centre by centre would take many.
    """
    # Imported here because only a file needs the tables.
    from opinion.centres.inputs import inputs_in  # see above
    from opinion.centres.revising import read_revised  # see above
    from opinion.centres.tables import CENTRES  # see above

    tables = read_revised(inputs_in(catalogue.folder))
    source_of = {origin[0]: origin[1] for origin in tables.origins}
    origins = [place for place, column in enumerate(CENTRES) if column.startswith("origin")]
    found: dict[str, set[str]] = {
        cells[0]: {source_of[cells[place]] for place in origins if cells[place]} for cells in tables.centres
    }
    for fact in tables.facts:
        found.setdefault(fact[0], set()).add(source_of[fact[-1]])
    order = list(catalogue.sources())
    ids = catalogue.table.column("centre_id").to_pylist()
    return {row: tuple(id_ for id_ in order if id_ in found.get(centre_id, ())) for row, centre_id in enumerate(ids)}
