"""Turns what an import holds back, or changes, into files for a spreadsheet: problems in words, rows that wait."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from opinion.centres.imports.drafts import PROBLEMS, WAITING, WAITING_COLUMNS
from opinion.centres.imports.problems import NOTES, ProblemGroup
from opinion.centres.imports.replacing import CHANGES
from opinion.exchange.cells import Cell
from opinion.exchange.import_wordings import changed_field_words, problem_words, stated_words
from opinion.exchange.tables import csv_of
from opinion.texts.translations import Translator

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


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


def waiting_as_csv(folder: Path, t: Translator) -> bytes:
    """Return the rows that wait as CSV, to be corrected and imported again: the list's own columns, then the reasons.

    Formulas are guarded; reading the file again takes the guard away.
    """
    reasons: dict[str, list[str]] = {}
    with (folder / PROBLEMS).open(encoding="utf-8", newline="") as file:
        for each in csv.DictReader(file):
            if each["code"] not in NOTES:
                wrong, _ = problem_words(each["code"], each["value"], each["detail"], t)
                said = reasons.setdefault(each["row"], [])
                said.append(f"{each['column']}: {wrong}" if each["column"] else wrong)
    with (folder / WAITING).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        head = next(rows)[len(WAITING_COLUMNS) :]
        written: list[list[Cell]] = []
        for number, _, *cells in rows:
            # a row with too many cells keeps them: the last column holds what is over
            kept = [*cells[: len(head) - 1], " | ".join(cells[len(head) - 1 :])] if len(cells) > len(head) else cells
            plain: list[Cell] = [float(cell) if _is_negative(cell) else cell for cell in kept]
            written.append([*plain, number, " ".join(reasons.get(number, ()))])
    return csv_of((*head, t("Row"), t("Why it waits")), written)


def changes_as_csv(folder: Path, t: Translator) -> bytes:
    """Return as CSV all that a newer list in ``folder`` changes; formulas guarded."""
    return csv_of(change_head(t), change_rows(folder, t))


def change_head(t: Translator) -> tuple[str, ...]:
    """Return what stands over the columns of ``change_rows``."""
    return (t("What happens"), t("Centre"), t("What changes"), t("Before"), t("After"), t("Id"))


def change_rows(folder: Path, t: Translator) -> Iterator[list[Cell]]:
    """Yield what a newer list in ``folder`` changes, in words: first the centres that it has no more."""
    what = {"gone": t("is not in the newer list"), "changed": t("changes"), "added": t("is new")}
    with (folder / CHANGES).open(encoding="utf-8", newline="") as file:
        for each in csv.DictReader(file):
            field, before, after = each["field"], each["before"], each["after"]
            words = (changed_field_words(field, t), *(stated_words(field, value, t) for value in (before, after)))
            yield [what[each["what"]], each["name"], *(words if field else ("", "", "")), each["centre_id"]]


def _is_negative(cell: str) -> bool:
    """Say whether a cell is a negative number, which a guard would only spoil, and which stays as it is written."""
    return cell.startswith("-") and bool(_NUMBER.fullmatch(cell)) and repr(float(cell.replace(",", "."))) == cell


def group_lines(groups: list[ProblemGroup], t: Translator) -> list[str]:
    """Return one line of plain text for each group of problems: how many, where, what is wrong, what to do."""
    lines = []
    for group in groups:
        wrong, remedy = problem_words(group.code, group.value, group.detail, t)
        rows = ", ".join(map(str, group.rows)) + (" …" if group.count > len(group.rows) else "")
        where = f"{group.column}: " if group.column else ""
        value = f" [{group.value[:60]}]" if group.value else ""
        lines.append(f"{group.count:>7} × {where}{wrong}{value} {remedy} ({t('rows {rows}', rows=rows)})")
    return lines
