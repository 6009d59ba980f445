"""Turns a whole file into a draft: a folder with tables as an import has them, the rows that wait, and every problem.

A draft changes nothing. ``archive.keep`` makes an import of it, ``drop`` takes it away. Each row of the file ends in
exactly one place, and that is asserted: it is imported, or it waits.
"""

import csv
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from opinion.centres.imports.fates import ROW_COLUMNS, ROWS, put_in_order
from opinion.centres.imports.problems import WORDS_UNKNOWN, Problem, ProblemGroup, ProblemGroups
from opinion.centres.imports.recipes import Recipe, recipe_faults
from opinion.centres.imports.records import Fact, Record, RecordReader
from opinion.centres.imports.remarks import REMARKS
from opinion.centres.imports.rows import Row, open_rows
from opinion.centres.imports.words import Words
from opinion.centres.inputs import ABOUT_IMPORT, IMPORTS, Progress
from opinion.centres.sources import Source
from opinion.centres.tables import CENTRES, FACTS, ORIGINS
from opinion.errors import CatalogueError, ListError

PROBLEMS, WAITING = "problems.csv", "waiting.csv"
PROBLEM_COLUMNS = ("row", "column", "code", "value", "detail")
WAITING_COLUMNS = ("row", "codes")
"""The first two columns of the file of waiting rows; then come the list's own. ``codes`` are joined by spaces."""

LIST = "list-"
"""What the id of a source begins with that is a list."""

MAKING = ".making-"
_ABANDONED_S = 86_400
_PROGRESS_ROWS = 1000
_FIRST_LOOK = 0.2  # share of the time that the look for the last rows of centres takes
_GROUPS_KEPT = 1000


@dataclass(frozen=True)
class Draft:
    """A checked file. ``counts``: ``rows`` = ``imported`` + ``waiting``; ``empty``, ``above`` rows; centres, facts.

    ``unexplained``: how many of the waiting rows hold a word that is not known.
    """

    folder: Path
    counts: dict[str, int]
    groups: list[ProblemGroup]
    unused: tuple[str, ...]

    def drop(self) -> None:
        """Take the draft away."""
        shutil.rmtree(self.folder.parent, ignore_errors=True)


def source_of(recipe: Recipe, today: date) -> Source:
    """Return the source of an import as the catalogue lists sources. Lists of one source share it."""
    given = recipe.source
    what = "\x1f".join((given.title, given.publisher, given.address, given.licence))
    return Source(
        id=f"{LIST}{hashlib.sha256(what.encode()).hexdigest()[:8]}",
        title=given.title,
        publisher=given.publisher,
        address=given.address,
        read_from=given.address,
        published=given.date or today.isoformat(),
        accessed=today.isoformat()[:7],
        licence=given.licence,
        ship=True,
        why="Imported from a list by a curator of this site.",
        attribution=f"{given.title}, {given.publisher} ({given.licence}).",
    )


def make_draft(
    path: Path,
    recipe: Recipe,
    words: Words,
    folder: Path,
    known_ids: Collection[str],
    entered_by: str,
    file_name: str = "",
    progress: Progress | None = None,
    id: str = "",
) -> Draft:
    """Return the draft of a file, in ``folder`` (that of the packed files).

    ``known_ids``: of the centres in the catalogue. ``entered_by``: who imports; ``file_name``: what the file is called.
    ``id``: of an earlier draft of the same file, so that rows which somebody took from that one are known again.
    Raises ``CatalogueError`` if the recipe is not complete or the file cannot be read; then nothing is left behind, nor
    is it if ``progress`` raises.
    """
    faults = recipe_faults(recipe)
    if faults:
        raise CatalogueError(f"The recipe is not complete: {', '.join(faults)}.")
    imports = folder / IMPORTS
    imports.mkdir(parents=True, exist_ok=True)
    sweep(imports)
    place = Path(tempfile.mkdtemp(prefix=MAKING, dir=imports))
    try:
        now = datetime.now(UTC)
        digest = _digest(path)
        own = place / (id or f"{now:%Y%m%d-%H%M%S-%f}-{digest[:8]}")  # the order of imports is that of their ids
        own.mkdir()
        with ExitStack() as files:
            work = _Drafting(own, recipe, source_of(recipe, now.date()), known_ids, files)
            work.read(path, words, now.date(), progress)
        if not work.is_in_order:
            for name in (ROWS, PROBLEMS, WAITING):
                put_in_order(own / name)
        about = {
            "id": own.name,
            "created": now.isoformat(timespec="seconds"),
            "entered_by": entered_by,
            "file": file_name or path.name,
            "sha256": digest,
            "bytes": path.stat().st_size,
            "counts": work.counts,
            "unused_columns": work.unused,
            "problems": [asdict(group) for group in work.groups.groups()[:_GROUPS_KEPT]],
            "source": asdict(work.source),
            "recipe": asdict(recipe),
            "tables": {name: _digest(own / name) for name in ("centres.csv", "facts.csv", "origins.csv")},
        }
        (own / ABOUT_IMPORT).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return Draft(own, work.counts, work.groups.groups(), tuple(work.unused))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sweep(imports: Path) -> None:
    """Take away drafts that nobody finished: of a killed process, or a page that was left."""
    for place in imports.glob(f"{MAKING}*"):
        if time.time() - place.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(place, ignore_errors=True)


class _Drafting:
    """Writes the tables of a draft while the rows come; only rows of one pivoted centre are held, up to its last."""

    def __init__(self, own: Path, recipe: Recipe, source: Source, known_ids: Collection[str], files: ExitStack) -> None:
        self.recipe, self.source, self.known_ids, self._files = recipe, source, known_ids, files
        self.groups = ProblemGroups()
        self.counts = dict.fromkeys(
            ("rows", "imported", "waiting", "unexplained", "empty", "above", "centres", "facts"), 0
        )
        self.unused: list[str] = []
        self._own = own
        self._origin_of: dict[tuple[str, str, str], str] = {}
        self._seen: dict[str, int] = {}
        self._centres, self._facts = self._table("centres.csv", CENTRES), self._table("facts.csv", FACTS)
        self._origins = self._table("origins.csv", ORIGINS)
        self._problems = self._table(PROBLEMS, PROBLEM_COLUMNS)
        self._rows = self._table(ROWS, ROW_COLUMNS)
        self.is_in_order, self._before = True, 0

    def _table(self, name: str, columns: Iterable[str]) -> Callable[[Iterable[object]], object]:
        file: TextIO = self._files.enter_context((self._own / name).open("w", encoding="utf-8", newline=""))
        write = csv.writer(file, lineterminator="\n").writerow
        write(columns)
        return write

    def _note(self, number: int, what: str, *of_centre: object) -> None:
        """Note what became of a row."""
        self._rows((number, what, *(of_centre or ("", "", 0, ""))))
        self.is_in_order &= number > self._before
        self._before = number

    def read(self, path: Path, words: Words, today: date, progress: Progress | None) -> None:
        """Read the whole file."""
        rows = open_rows(path, self.recipe.layout, self._note)
        self._files.callback(rows.close)
        missing = [column for column, field in self.recipe.columns.items() if field and column not in rows.columns]
        if missing:
            raise ListError("{file} has no column “{column}”. It has: {columns}. Change the choices.", file=path.name,
                            column=missing[0], columns=", ".join(rows.columns))  # fmt: skip
        self.unused = [column for column in rows.columns if not self.recipe.columns.get(column)]
        self._waiting = self._table(WAITING, (*WAITING_COLUMNS, *rows.columns))
        reader = RecordReader(self.recipe, rows.columns, words, today)
        begun = _FIRST_LOOK if self.recipe.is_pivoted else 0.0
        last = self._last_rows(path, reader, progress) if self.recipe.is_pivoted else {}
        pivoted: dict[str, list[tuple[Row, Record]]] = {}
        for row in rows.rows:
            self.counts["rows"] += 1
            if progress and not self.counts["rows"] % _PROGRESS_ROWS:
                progress(self.counts["rows"], begun + (1 - begun) * rows.share)
            record = reader.read(row)
            if self.recipe.is_pivoted:
                pivoted.setdefault(record.key, []).append((row, record))
                if row.number == last[record.key]:
                    group = pivoted.pop(record.key)
                    self._compare([record for _, record in group])
                    self._take(group)
            else:
                first = self._seen.setdefault(record.key, row.number)
                if first != row.number and not any(each.code in REMARKS for each in record.problems):
                    code = "id_twice" if "id" in reader.used_fields else "same_centre"
                    record.problems.append(Problem(row.number, "", code, record.cells["name"], str(first)))
                self._take([(row, record)])
        self.counts |= {"empty": rows.empty, "above": rows.above}
        if self.counts["rows"] != self.counts["imported"] + self.counts["waiting"]:
            raise AssertionError(f"rows were lost: {self.counts}")
        if progress:
            progress(self.counts["rows"], 1.0)

    def _last_rows(self, path: Path, reader: RecordReader, progress: Progress | None) -> dict[str, int]:
        """Return the number of the last row of each centre: a look through the file before it is read."""
        last: dict[str, int] = {}
        rows = open_rows(path, self.recipe.layout)
        try:
            for seen, row in enumerate(rows.rows, start=1):
                last[reader.key(row)] = row.number
                if progress and not seen % _PROGRESS_ROWS:
                    progress(0, _FIRST_LOOK * rows.share)
        finally:
            rows.close()
        return last

    def _compare(self, records: list[Record]) -> None:
        """Say where rows of one centre do not say the same about it."""
        known: dict[str, str] = {}
        for record in records:
            said = record.cells | {fact.field: fact.value for fact in record.facts if fact.field == "beds"}
            other = [name for name, text in said.items() if text and known.setdefault(name, text) != text]
            if other:
                record.problems.append(Problem(record.row, "", "differs", ", ".join(other), str(records[0].row)))

    def _take(self, rows: list[tuple[Row, Record]]) -> None:
        """Let the rows of one centre in, or have all of them wait."""
        records = [record for _, record in rows]
        facts = self._merged(records)
        centre_id = self._id_of(records[0])
        if centre_id in self.known_ids:
            records[0].problems.append(Problem(records[0].row, "", "id_in_catalogue", centre_id))
        held = next((record for record in records if any(each.holds_back for each in record.problems)), None)
        for row, record in rows:
            if held and not any(each.holds_back for each in record.problems):
                record.problems.append(Problem(row.number, "", "another_row_waits", "", str(held.row)))
            for each in record.problems:
                self._problems((each.row, each.column, each.code, each.value, each.detail))
            self.groups.add(record.problems)
            if held:
                codes = dict.fromkeys(each.code for each in record.problems if each.holds_back)
                self._waiting((row.number, " ".join(codes), *row.cells))
                self.counts["unexplained"] += not WORDS_UNKNOWN.isdisjoint(codes)
            what = "waits" if held else "new" if record is records[0] else "adds"
            stated = len(facts) if len(rows) == 1 else len({(each.field, each.value) for each in record.facts})
            self._note(row.number, what, "" if held else centre_id, record.cells["name"], 0 if held else stated,
                       row.waited_as)  # fmt: skip
        self.counts["waiting" if held else "imported"] += len(rows)
        if not held:
            self._write(centre_id, records, facts)

    def _merged(self, records: list[Record]) -> dict[tuple[str, str], tuple[Fact, Record]]:
        """Return each fact once, with its row: machines of several rows are counted, other numbers have to agree.

        So are machines of several strengths, or with more or fewer slices, in one row.
        """
        found: dict[tuple[str, str], tuple[Fact, Record]] = {}
        for record in records:
            for fact in record.facts:
                key = (fact.field, fact.value)
                if key not in found:
                    found[key] = (fact, record)
                    continue
                known, where = found[key]
                count, code = known.count if fact.count is None else fact.count, known.code
                if where is record and known.is_sized and fact.is_sized:
                    count, code = (known.count or 1) + (fact.count or 1), f"{known.code}; {fact.code}"
                elif where is not record and fact.field == "equipment":
                    count = (known.count or 1) + (fact.count or 1)
                elif known.count is not None and known.count != count:
                    record.problems.append(Problem(record.row, "", "counts_differ", fact.value))
                found[key] = (Fact(fact.field, fact.value, count, code, known.is_sized), where)
        return found

    def _id_of(self, record: Record) -> str:
        key = record.key
        if "\x1f" in key:  # made of name and place
            key = hashlib.sha256(key.encode()).hexdigest()[:12]
        return f"{self.source.id}:{key}"

    def _origin(self, record: Record, code: str = "") -> str:
        """Return the id of the origin of a statement: a hash of what it says, written when it is first met."""
        key = (record.address, record.date, code)
        if key not in self._origin_of:
            said = "\x1f".join((self.source.id, *key))
            self._origin_of[key] = hashlib.sha256(said.encode()).hexdigest()[:16]
            self._origins((self._origin_of[key], self.source.id, *key))
        return self._origin_of[key]

    def _write(self, centre_id: str, records: list[Record], facts: dict[tuple[str, str], tuple[Fact, Record]]) -> None:
        first, cells = records[0], {"centre_id": centre_id}
        for record in reversed(records):
            cells |= {name: text for name, text in record.cells.items() if text}
        cells["origin"] = self._origin(first)
        for name, column in (("name_other", "name_other"), ("city", "city"), ("lat", "point"), ("website", "website")):
            if cells.get(name):
                cells[f"origin_{column}"] = cells["origin"]
        if cells.get("lat"):
            cells["coord_precision"] = "stated"
        self._centres([cells.get(column, "") for column in CENTRES])
        for fact, record in facts.values():
            count = "" if fact.count is None else fact.count
            self._facts((centre_id, fact.field, fact.value, count, "stated", self._origin(record, fact.code)))
        self.counts["centres"] += 1
        self.counts["facts"] += len(facts)
