"""Turns a draft and the imports in whose place it is to come into what changes, and into what is then past.

Both are written into the draft's folder: ``changes.csv`` for a person to read, ``past.csv`` for the catalogue. Nothing
changes before ``archive.keep``. What both lists say alike is in neither, whatever their dates.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from opinion.centres.imports.archive import Import
from opinion.centres.imports.drafts import Draft
from opinion.centres.imports.fates import ROWS, read_rows
from opinion.centres.inputs import ABOUT_IMPORT, REPLACES, read_about
from opinion.centres.revising import OLDER
from opinion.centres.tables import CENTRES, PAST, PAST_FILE

CHANGES = "changes.csv"
CHANGE_COLUMNS = ("what", "centre_id", "name", "field", "before", "after")
"""``what`` is ``gone``, ``waits`` (a row of its name waits: ``after`` is its number), ``changed`` or ``added``; of a
changed centre there is a row for each change."""

_ORIGIN_OF = {
    "name": "origin",
    "name_other": "origin_name_other",
    "city": "origin_city",
    "region": "origin",
    "country_code": "origin",
    "website": "origin_website",
    "point": "origin_point",
}


@dataclass(frozen=True)
class Changes:
    """How many centres and facts a newer list brings, has no more, or has otherwise; ``same`` say what they said.

    ``waits``: centres that are no more there because their row of the newer list waits; they are not among ``gone``.
    """

    added: int = 0
    gone: int = 0
    changed: int = 0
    same: int = 0
    facts_added: int = 0
    facts_gone: int = 0
    waits: int = 0


@dataclass(frozen=True)
class Listed:
    """A centre of a list: the cells of its row, and its facts as rows by field and value."""

    cells: dict[str, str]
    facts: dict[tuple[str, str], list[str]]

    @property
    def values(self) -> dict[str, str]:
        """What identifies it, by field."""
        point = ",".join(self.cells[name] for name in ("lat", "lon", "coord_precision")) if self.cells["lat"] else ""
        return {field: point if field == "point" else self.cells[field] for field in _ORIGIN_OF}

    @property
    def mark(self) -> int:
        """One number for all that the list says of it, whenever it says so."""
        return hash((*self.values.values(), frozenset((*key, fact[3]) for key, fact in self.facts.items())))


def take_place(draft: Draft, old: Sequence[Import]) -> Changes:
    """Have ``draft`` come in the place of the imports ``old`` when it is kept; return what that changes."""
    # of a centre one number: two lists of a million do not fit in memory, those that changed do
    marks = {listed.cells["centre_id"]: listed.mark for listed in _listed(draft.folder)}
    waiting = {hash(row[3]): row[0] for row in read_rows(draft.folder / ROWS) if row[1] == "waits"}
    counts = asdict(Changes())
    with ExitStack() as files:
        write_change, write_past = (
            csv.writer(
                files.enter_context((draft.folder / name).open("w", encoding="utf-8", newline="")), lineterminator="\n"
            ).writerow
            for name in (CHANGES, PAST_FILE)
        )
        write_change(CHANGE_COLUMNS)
        write_past(PAST)
        changed: dict[str, tuple[Listed, Import]] = {}
        known = set(marks)
        for each in old:
            for listed in _listed(each.folder):
                id_ = listed.cells["centre_id"]
                mark = marks.pop(id_, None)
                if mark is None:
                    name = listed.cells["name"]
                    at = waiting.get(hash(name), "")
                    counts["waits" if at else "gone"] += 1
                    counts["facts_gone"] += len(listed.facts)
                    write_change(("waits" if at else "gone", id_, name, "", "", at))
                elif mark == listed.mark:
                    counts["same"] += 1
                else:
                    changed[id_] = listed, each
            for fact in read_rows(each.folder / PAST_FILE):
                if fact[0] in known:
                    write_past(fact)
        origins = {each.id: {row[0]: row[1:] for row in read_rows(each.folder / "origins.csv")} for each in old}
        for listed in _listed(draft.folder):
            id_, name = listed.cells["centre_id"], listed.cells["name"]
            if id_ in marks:
                counts["added"] += 1
                counts["facts_added"] += len(listed.facts)
                write_change(("added", id_, name, "", "", ""))
            elif id_ in changed:
                before, where = changed[id_]
                counts["changed"] += 1
                for field, was, now in differences(before, listed):
                    if field not in _ORIGIN_OF:
                        counts["facts_added"] += bool(now)
                        counts["facts_gone"] += bool(was)
                    write_change(("changed", id_, name, field, was, now))
                for row in _past(before, listed):
                    write_past([*row, OLDER, *origins[where.id][row[5]], where.about["entered_by"]])
    found = Changes(**counts)
    about = read_about(draft.folder) | {REPLACES: [each.id for each in old], "changes": asdict(found)}
    about["tables"][PAST_FILE] = hashlib.sha256((draft.folder / PAST_FILE).read_bytes()).hexdigest()
    (draft.folder / ABOUT_IMPORT).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return found


def _listed(folder: Path) -> Iterator[Listed]:
    """Yield the centres of an import, which stand in both tables in the same order."""
    groups = groupby(read_rows(folder / "facts.csv"), key=lambda row: row[0])
    id_, rows = next(groups, ("", iter(())))
    for row in read_rows(folder / "centres.csv"):
        cells = dict(zip(CENTRES, row, strict=True))
        facts: dict[tuple[str, str], list[str]] = {}
        if id_ == row[0]:
            facts = {(fact[1], fact[2]): fact for fact in rows}
            id_, rows = next(groups, ("", iter(())))
        yield Listed(cells, facts)


def _said(fact: list[str]) -> str:
    return f"{fact[2]} ×{fact[3]}" if fact[3] else fact[2]


def differences(before: Listed, after: Listed) -> Iterator[tuple[str, str, str]]:
    """Yield field, value before and value after of what two lists say otherwise; an empty text is no value."""
    now = after.values
    yield from ((field, value, now[field]) for field, value in before.values.items() if value != now[field])
    gone = {key: fact for key, fact in before.facts.items() if _differs(after.facts.get(key), fact)}
    come = {key: fact for key, fact in after.facts.items() if _differs(before.facts.get(key), fact)}
    for key, fact in gone.items():
        # a centre has one number of beds: another one takes its place, as another number of one machine does
        instead = key if key in come else next((each for each in come if each[0] == key[0] == "beds"), None)
        yield key[0], _said(fact), _said(come.pop(instead)) if instead else ""
    yield from ((key[0], "", _said(fact)) for key, fact in come.items())


def _differs(one: list[str] | None, other: list[str]) -> bool:
    return one is None or one[3] != other[3]


def _past(before: Listed, after: Listed) -> Iterator[list[str]]:
    """Yield as rows of ``facts`` what the list before said of a centre, and the newer one does not."""
    now = after.values
    for field, value in before.values.items():
        if value and value != now[field]:
            yield [before.cells["centre_id"], field, value, "", "stated", before.cells[_ORIGIN_OF[field]]]
    yield from (fact for key, fact in before.facts.items() if _differs(after.facts.get(key), fact))
