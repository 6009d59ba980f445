"""Turns a whole catalogue into files with its provenance, as CSV, XLSX or Parquet.

One row a fact, with who says so, where, when, and who entered it; beside them the centres and the sources. The same
catalogue gives the same bytes.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from opinion.centres.conflicts import find_conflicts, read_conflict_rules
from opinion.centres.fact_database import Fact
from opinion.centres.inputs import TABLES
from opinion.exchange.cells import Cell, Row, guarded
from opinion.exchange.workbooks import archive_of, workbook_of

if TYPE_CHECKING:
    from opinion.centres.catalogues import Catalogue

FORMATS = {"csv": "zip", "xlsx": "xlsx", "parquet": "zip"}
"""Each format with the ending of its file: CSV and Parquet are three files, put into one ZIP."""

FACT_COLUMNS = (
    "centre_id", "name", "country_code", "field", "value", "count", "certainty", "standing", "chosen", "source",
    "source_title", "publisher", "publisher_address", "address", "date", "code", "licence", "entered_by", "about_id",
    "due",
)  # fmt: skip
CENTRE_COLUMNS = (
    "centre_id", "name", "name_local", "name_other", "city", "region", "country_code", "lat", "lon", "coord_precision",
    "facility_type", "website", "beds", "teaching", "designations", "equipment_counts", "source", "newest_year",
    "folded_ids",
)  # fmt: skip
SOURCE_COLUMNS = (
    "id", "title", "publisher", "address", "read_from", "published", "accessed", "licence", "attribution"
)  # fmt: skip

FACT_NOTES = (
    "facts: one row for each thing that one source states. An empty cell means: not known. It never means no.",
    "certainty: stated by the source; suggested by the name only; derived: worked out. What a PET-CT implies of a PET"
    " is left out: it follows.",
    "standing: empty for what counts; older: a newer list of that source took its place; corrected, set_aside: a"
    " curator decided so; outweighed: another source's value counts.",
    "chosen: yes if the catalogue uses this value, no if another one counts. about_id: the entry, now merged, of which"
    " the source speaks.",
    "date: that of the source. due: after this day a newer release should be out; empty: nobody can say.",
)
"""How to read the facts."""

NOTES = (*FACT_NOTES, "entered_by: the account that imported or corrected it; empty for a register.")


def catalogue_file(catalogue: "Catalogue", format: str) -> bytes:
    """Return the whole catalogue with its provenance in one of ``FORMATS``. Raises ``KeyError`` for another format."""
    return {"csv": _as_csv, "xlsx": _as_xlsx, "parquet": _as_parquet}[format](catalogue)


def fact_rows(catalogue: "Catalogue", among: Sequence[str] | None = None) -> Iterator[Row]:
    """Yield a row for each fact in the order of ``FACT_COLUMNS``, those that do not count any more among them.

    ``among``: the ids of the centres to take, for a file that everybody may have: it says of no fact which account
    entered it. ``None``: all, with the accounts.
    """
    # Imported here because it brings pandas, which few pages need.
    from opinion.centres.queues import all_facts, facts_among, schedule  # see above

    rules, times = read_conflict_rules(TABLES), schedule(catalogue)
    shown = catalogue.table.select(["centre_id", "name", "country_code"]).to_pydict()
    known = {id_: (name, code) for id_, name, code in zip(*shown.values(), strict=True)}
    read = all_facts(catalogue) if among is None else facts_among(catalogue, among)
    for centre_id, pairs in groupby(read, key=lambda pair: pair[0]):
        facts = [fact for _, fact in pairs]
        counting = {
            (each.field, each.item): each.chosen.count if each.item else each.chosen.value
            for each in find_conflicts(rules, facts)
        }
        for fact in facts:
            yield (
                centre_id, *known[centre_id], fact.field, fact.value, fact.count, fact.certainty, fact.standing,
                "yes" if _is_chosen(fact, counting) else "no", fact.source, fact.source_title, fact.publisher,
                fact.publisher_url, fact.source_url, fact.source_date, fact.code, fact.licence,
                fact.entered_by if among is None else "curator" if fact.entered_by else "",
                fact.about_id, due.isoformat() if (due := times.due(fact.source, fact.source_date)) else None,
            )  # fmt: skip


def _is_chosen(fact: Fact, counting: dict[tuple[str, str], str | int | None]) -> bool:
    if fact.standing or fact.about_id:
        return False
    if fact.field == "equipment":
        return fact.count is None or counting.get((fact.field, fact.value), fact.count) == fact.count
    return counting.get((fact.field, ""), fact.value) == fact.value


def centre_rows(catalogue: "Catalogue") -> Iterator[Row]:
    """Yield a row for each centre in the order of ``CENTRE_COLUMNS``, with the values that count."""
    columns = catalogue.table.select(list(CENTRE_COLUMNS)).to_pydict()
    for cells in zip(*columns.values(), strict=True):
        yield tuple("yes" if cell is True else None if cell in ("", False) else cell for cell in cells)


def source_rows(catalogue: "Catalogue") -> list[Row]:
    """Return a row for each source in the order of ``SOURCE_COLUMNS``."""
    return [[str(getattr(source, column)) for column in SOURCE_COLUMNS] for source in catalogue.sources().values()]


def _tables(catalogue: "Catalogue") -> Iterator[tuple[str, Sequence[str], Iterator[Row]]]:
    yield "facts", FACT_COLUMNS, fact_rows(catalogue)
    yield "centres", CENTRE_COLUMNS, centre_rows(catalogue)
    yield "sources", SOURCE_COLUMNS, iter(source_rows(catalogue))


def _as_csv(catalogue: "Catalogue") -> bytes:
    def files() -> Iterator[tuple[str, bytes]]:
        for name, head, rows in _tables(catalogue):
            written = io.StringIO()
            writer = csv.writer(written, lineterminator="\n")
            writer.writerow(head)
            writer.writerows([guarded(cell) for cell in row] for row in rows)
            yield f"{name}.csv", written.getvalue().encode("utf-8-sig")
        yield "README.txt", ("\n".join(NOTES) + "\n").encode()

    return archive_of(files())


def _as_xlsx(catalogue: "Catalogue") -> bytes:
    notes: list[Row] = [(note,) for note in NOTES]
    return workbook_of([*_tables(catalogue), ("notes", ("How to read this",), notes)])


def _as_parquet(catalogue: "Catalogue") -> bytes:
    # Imported here because only this format needs it.
    import pyarrow as pa  # see above
    import pyarrow.parquet as pq  # see above

    def files() -> Iterator[tuple[str, bytes]]:
        for name, head, rows in _tables(catalogue):
            columns: list[list[Cell]] = [list(column) for column in zip(*rows, strict=True)]
            kept = [[None if cell == "" else cell for cell in column] for column in columns] or [[] for _ in head]
            written = io.BytesIO()
            pq.write_table(pa.table(dict(zip(head, kept, strict=True))), written, compression="zstd", version="2.6")
            yield f"{name}.parquet", written.getvalue()
        yield "README.txt", ("\n".join(NOTES) + "\n").encode()

    return archive_of(files())
