"""Turns a whole catalogue into files with its provenance, as CSV, XLSX or Parquet.

One row a fact, with who says so, where, when, and who entered it; beside them the centres, the sources and what was
decided. The same catalogue gives the same bytes.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from opinion.centres.conflicts import find_conflicts, read_conflict_rules
from opinion.centres.dates import is_dated
from opinion.centres.decisions import history_of, read_revisions
from opinion.centres.fact_database import Fact
from opinion.centres.inputs import TABLES, inputs_in
from opinion.exchange.cells import Cell, Row, guarded
from opinion.exchange.workbooks import archive_of, workbook_of

if TYPE_CHECKING:
    from opinion.centres.catalogues import Catalogue

FORMATS = {"csv": "zip", "xlsx": "xlsx", "parquet": "zip"}
"""Each format with the ending of its file: CSV and Parquet are four tables, put into one ZIP."""

UNDATED = "undated"
"""What stands in place of a date where a source gives none."""

FACT_COLUMNS = (
    "centre_id", "name", "country_code", "field", "value", "count", "certainty", "standing", "chosen", "source",
    "source_title", "publisher", "publisher_address", "address", "date", "code", "licence", "entered_by", "about_id",
    "due", "release",
)  # fmt: skip
CENTRE_COLUMNS = (
    "centre_id", "name", "name_local", "name_other", "city", "region", "country_code", "lat", "lon", "coord_precision",
    "facility_type", "website", "beds", "teaching", "designations", "equipment_counts", "source", "newest_year",
    "folded_ids",
)  # fmt: skip
SOURCE_COLUMNS = (
    "id", "title", "publisher", "address", "read_from", "published", "accessed", "licence", "attribution"
)  # fmt: skip
DECISION_COLUMNS = (
    "id", "day", "by", "what", "centre_id", "name", "other_id", "other_name", "field", "value", "count", "source",
    "publisher", "address", "date", "score", "why", "taken_back_on", "taken_back_by",
)  # fmt: skip

FACT_NOTES = (
    "facts: one row for each thing that one source states. An empty cell means: not known. It never means no.",
    "certainty: stated by the source; suggested by the name only; derived: worked out. What a PET-CT implies of a PET"
    " is left out: it follows.",
    "standing: empty for what counts; older: a newer list of that source took its place; corrected, set_aside: a"
    " curator decided so; outweighed: another source's value counts.",
    "chosen: yes if the catalogue uses this value, no if another one counts. about_id: the entry, now merged, of which"
    " the source speaks.",
    "date: that of the source: a day, a month, a year, or a period as 2019/2020. release: what a source gives instead"
    " of a date; the date is empty then.",
    "due: after this day a newer release should be out; empty: nobody can say.",
    "In CSV and XLSX, a text that begins with = + - @ has an apostrophe before it. So no spreadsheet takes it for a"
    " formula. A point such as -34.59,-58.49 begins with one, too: take it away before you compute.",
)
"""How to read the facts."""

NOTES = (
    *FACT_NOTES,
    "entered_by: the account that imported or corrected it; empty for a register.",
    "decisions: what was decided, the oldest first. what: merge folds other_id into centre_id; apart keeps two apart;"
    " correct states a value; set_aside has a value no longer count; accept leaves sources to disagree.",
    "by: an account, or rule: and the name of a rule where no person decided. why: in the words of who decided."
    " taken_back_on: empty for what counts.",
    "The list of imports is not in here. It is in the ZIP file of all inputs, as imports/*/import.json, with the tables"
    " of each import that counts. The whole log of decisions is there, as decisions.jsonl and tables/decisions.jsonl."
    " To make it: python -m opinion centres export --inputs in.zip",
)


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
            day, release = date_and_release(fact.source_date)
            yield (
                centre_id, *known[centre_id], fact.field, fact.value, fact.count, fact.certainty, fact.standing,
                "yes" if _is_chosen(fact, counting) else "no", fact.source, fact.source_title, fact.publisher,
                fact.publisher_url, fact.source_url, day, fact.code, fact.licence,
                fact.entered_by if among is None else "curator" if fact.entered_by else "",
                fact.about_id, due.isoformat() if (due := times.due(fact.source, fact.source_date)) else None,
                release,
            )  # fmt: skip


def date_and_release(given: str) -> tuple[str, str]:
    """Return what a source gives as its date, as a date or as a release; both empty where it gives none."""
    if is_dated(given):
        return given, ""
    return "", "" if given == UNDATED else given


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


def decision_rows(catalogue: "Catalogue") -> Iterator[Row]:
    """Yield a row for each decision in the order of ``DECISION_COLUMNS``, the oldest first, with who took it back."""
    # Imported here because it brings pandas, which few pages need.
    from opinion.centres.queues import all_facts  # see above

    shown = catalogue.table.select(["centre_id", "name"]).to_pydict()
    names = dict(zip(*shown.values(), strict=True))
    for _, fact in all_facts(catalogue, "WHERE field = 'name' AND about_id <> ''"):
        names.setdefault(fact.about_id, fact.value)
    for step in reversed(history_of(read_revisions(inputs_in(catalogue.folder).decisions))):
        said, undone = step.decision, step.undone_by
        if said.kind == "undo":
            continue  # it stands beside what it took back
        yield (
            said.id, said.at[:10], said.by, said.kind, said.centre_id, names.get(said.centre_id, ""), said.other_id,
            names.get(said.other_id, ""), said.field, said.value, said.count, said.source, said.publisher,
            said.address, said.date, said.score, said.note, undone.at[:10] if undone else "",
            undone.by if undone else "",
        )  # fmt: skip


def _tables(catalogue: "Catalogue") -> Iterator[tuple[str, Sequence[str], Iterator[Row]]]:
    yield "facts", FACT_COLUMNS, fact_rows(catalogue)
    yield "centres", CENTRE_COLUMNS, centre_rows(catalogue)
    yield "sources", SOURCE_COLUMNS, iter(source_rows(catalogue))
    yield "decisions", DECISION_COLUMNS, decision_rows(catalogue)


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
