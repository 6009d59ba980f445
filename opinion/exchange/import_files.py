"""Turns an import into files for a spreadsheet, in words: problems, what became of each row, what a newer list changes.

The rows that wait are in ``waiting_files``.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from opinion.centres.imports.archive import Import
from opinion.centres.imports.drafts import PROBLEMS
from opinion.centres.imports.fates import ROWS, read_rows
from opinion.centres.imports.problems import NOTES, ProblemGroup
from opinion.centres.imports.replacing import CHANGES
from opinion.exchange.cells import Cell, guarded
from opinion.exchange.import_wordings import changed_field_words, fate_words, group_words, problem_words, stated_words
from opinion.exchange.tables import csv_of
from opinion.texts.dates import date_words
from opinion.texts.translations import Translator

CameIn = Mapping[str, tuple[Import, str]]
_NONE_LATER: CameIn = {}
_REMEMBERED = 5_000


def problems_as_csv(folder: Path, t: Translator) -> bytes:
    """Return every problem of an import in ``folder`` as CSV: row, column, value, reason, remedy; formulas guarded."""
    head = (t("Row"), t("Column"), t("Value"), t("What is wrong"), t("What to do"), t("What it does"))
    return csv_of(head, _problems(folder, t))


def _problems(folder: Path, t: Translator) -> Iterator[list[Cell]]:
    with (folder / PROBLEMS).open(encoding="utf-8", newline="") as file:
        for each in csv.DictReader(file):
            wrong, remedy = problem_words(each["code"], each["value"], each["detail"], t)
            state = t("only a note") if each["code"] in NOTES else t("holds the row back")
            yield [int(each["row"]), each["column"], each["value"], wrong, remedy, state]


def reasons_of_rows(
    rows: Iterable[list[str]], folder: Path, t: Translator, are_notes_said: bool = True
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield each row of a table of an import, the number of the row first, with what is wrong with it, in words.

    What holds it back comes first. The tables are read side by side: problems stand in the order of the rows.
    ``are_notes_said``: also what does not hold a row back; without, ``rows`` has to be those that wait.
    """
    with (folder / PROBLEMS).open(encoding="utf-8", newline="") as file:
        said = (each for each in csv.DictReader(file) if are_notes_said or each["code"] not in NOTES)
        words = lru_cache(_REMEMBERED)(partial(_reason, t=t))  # many rows have the same
        groups = groupby(said, key=itemgetter("row"))
        number, problems = next(groups, ("", iter(())))
        for row in rows:
            reasons = []
            if row[0] == number:
                first = sorted(problems, key=lambda each: each["code"] in NOTES)
                reasons = [words(each["column"], each["code"], each["value"], each["detail"]) for each in first]
                number, problems = next(groups, ("", iter(())))
            yield row, reasons


def _reason(column: str, code: str, value: str, detail: str, t: Translator) -> str:
    wrong, _ = problem_words(code, value, detail, t)
    return f"{column}: {wrong}" if column else wrong


def has_fates(folder: Path) -> bool:
    """Say whether an import says what became of each row; older ones and releases of registers do not."""
    return (folder / ROWS).is_file()


def write_fates(
    out: BinaryIO, folder: Path, t: Translator, site: str | None = None, later: CameIn = _NONE_LATER
) -> None:
    """Write as CSV what became of each row of a list, row by row; formulas guarded.

    ``site``: where this site is, such as ``https://example.org``, for the addresses of centres; ``None`` without them.
    ``later``: as in ``fate_rows``.
    """
    head = [*fate_head(t), t("Page")] if site is not None else fate_head(t)
    text = io.TextIOWrapper(out, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    for row in fate_rows(folder, t, later):
        link = [site + centre_path(str(row[2])) if row[2] else ""] if site is not None else []
        writer.writerow([*map(guarded, row), *link])
    text.detach()  # writes the rest; ``out`` stays open


def fates_as_csv(folder: Path, t: Translator, site: str | None = None, later: CameIn = _NONE_LATER) -> bytes:
    """Return what ``write_fates`` writes."""
    out = io.BytesIO()
    write_fates(out, folder, t, site, later)
    return out.getvalue()


def centre_path(centre_id: str) -> str:
    """Return the path of a centre's page on this site."""
    return f"/centre?id={quote(centre_id, safe=':')}"


def fate_head(t: Translator) -> list[str]:
    """Return what stands over the columns of ``fate_rows``."""
    return [t("Row"), t("What became of it"), t("Id of the centre"), t("Centre"), t("Facts"), t("Why, and notes")]


def fate_rows(folder: Path, t: Translator, later: CameIn = _NONE_LATER) -> Iterator[list[Cell]]:
    """Yield every row of a list, in its order: what became of it, the centre that it is part of, its facts, and why.

    ``later``: of rows that waited, with which import they came in, and the id of the centre.
    """
    words = fate_words(t)
    new = _new_centres(folder)
    for row, reasons in reasons_of_rows(read_rows(folder / ROWS), folder, t):
        number, what, centre_id, name, facts, _ = row
        said = words["again" if what == "new" and new is not None and centre_id not in new else what]
        stated = int(facts) if centre_id else None
        if number in later:
            other, centre_id = later[number]
            said = t("waited, and came in later")
            day = date_words(date.fromisoformat(other.about["created"][:10]), t)
            reasons = [t("It came in with {file} on {day}.", file=other.about["file"], day=day), *reasons]
        yield [int(number), said, centre_id, name, stated, " ".join(reasons)]


def _new_centres(folder: Path) -> frozenset[str] | None:
    """Return which centres of a newer list the older one did not have; ``None`` if it came in the place of none."""
    if not (folder / CHANGES).is_file():
        return None
    return frozenset(row[1] for row in read_rows(folder / CHANGES) if row[0] == "added")


def changes_as_csv(folder: Path, t: Translator) -> bytes:
    """Return as CSV all that a newer list in ``folder`` changes; formulas guarded."""
    return csv_of(change_head(t), change_rows(folder, t))


def change_head(t: Translator) -> tuple[str, ...]:
    """Return what stands over the columns of ``change_rows``."""
    return (t("What happens"), t("Centre"), t("What changes"), t("Before"), t("After"), t("Id"))


def change_rows(folder: Path, t: Translator) -> Iterator[list[Cell]]:
    """Yield what a newer list in ``folder`` changes, in words: first the centres that it brings no more."""
    what = {"gone": t("is not in the newer list"), "changed": t("changes"), "added": t("is new")}
    with (folder / CHANGES).open(encoding="utf-8", newline="") as file:
        for each in csv.DictReader(file):
            field, before, after = each["field"], each["before"], each["after"]
            words = (changed_field_words(field, t), *(stated_words(field, value, t) for value in (before, after)))
            waits = each["what"] == "waits"
            said = t("leaves: row {row} of the newer list waits", row=after) if waits else what[each["what"]]
            yield [said, each["name"], *(words if field else ("", "", "")), each["centre_id"]]


def group_lines(groups: list[ProblemGroup], t: Translator) -> list[str]:
    """Return one line of plain text for each group of problems: how many, where, what is wrong, what to do."""
    lines = []
    for group in groups:
        wrong, remedy = group_words(group, t)
        rows = ", ".join(map(str, group.rows)) + (" …" if group.count > len(group.rows) else "")
        where = f"{group.column}: " if group.column else ""
        value = f" [{group.value[:60]}]" if group.value else ""
        lines.append(f"{group.count:>7} × {where}{wrong}{value} {remedy} ({t('rows {rows}', rows=rows)})")
    return lines
