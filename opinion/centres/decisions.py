"""Turns the files of decisions into what curators decided: doubles, facts corrected or set aside, conflicts looked at.

One line a decision, as JSON; lines are only ever added. To take one back is a decision too, and can be taken back.
No decision changes or deletes what a source states: ``revising`` lays them over the tables when the catalogue is made.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from opinion.centres.inputs import DECISIONS
from opinion.errors import CatalogueError

KINDS = ("merge", "apart", "correct", "set_aside", "accept", "undo")
"""What can be decided."""

BY_RULE = "rule:"
"""Stands before the name of the rule where no person decided."""

CORRECTIONS = "corrections"
"""The id of the source of what curators state themselves."""


@dataclass(frozen=True)
class Decision:
    """One decision. An empty text means that it does not apply to the kind.

    ``kind`` is one of ``KINDS``: ``merge`` folds ``other_id`` into ``centre_id``, ``apart`` keeps the two apart,
    ``correct`` states ``value`` (and ``count`` of machines) of ``field`` of ``centre_id``, ``set_aside`` has a
    source's ``value`` of ``field`` no longer count, ``accept`` leaves it as it is that sources disagree about ``field``
    (``value`` is then ``Conflict.values``), ``undo`` takes back the decision ``undoes``. ``at`` is a moment in UTC
    (ISO 8601); ``by`` an account, or ``rule:`` and the name of a rule. ``source``, ``publisher``, ``address`` and
    ``date`` say where a curator read what is stated. ``score``: how alike two centres are, 0 to 100. ``note``: why.
    """

    kind: str
    at: str
    by: str
    centre_id: str = ""
    other_id: str = ""
    field: str = ""
    value: str = ""
    count: str = ""
    source: str = ""
    publisher: str = ""
    address: str = ""
    date: str = ""
    score: str = ""
    note: str = ""
    undoes: str = ""

    @cached_property
    def id(self) -> str:
        """A hash of all that it says, 12 letters."""
        return hashlib.sha256(_line(self).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Revisions:
    """The decisions that stand. ``history``: every decision in the order in which it was made, undone ones too.

    ``kept_of``: the centre into which each folded one goes, by id, never one that is folded itself. ``apart``: pairs
    that are known to be two. ``about``: corrections and what was set aside, by centre, in the order of decisions.
    ``accepted``: where sources may go on to disagree, as centre, field and values.
    """

    history: tuple[Decision, ...] = ()
    standing: tuple[Decision, ...] = ()
    kept_of: dict[str, str] = field(default_factory=dict)
    apart: frozenset[frozenset[str]] = frozenset()
    about: dict[str, tuple[Decision, ...]] = field(default_factory=dict)
    accepted: frozenset[tuple[str, str, str]] = frozenset()


@dataclass(frozen=True)
class Step:
    """A decision in a history. ``undone_by``: the one that took it back and stands itself; ``None``: it counts."""

    decision: Decision
    undone_by: Decision | None = None


def now() -> str:
    """Return this moment as decisions carry it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def revisions(history: Iterable[Decision]) -> Revisions:
    """Return what stands of decisions in the order in which they were made."""
    history = tuple(history)
    undone: set[str] = set()
    standing: list[Decision] = []
    for decision in reversed(history):  # the last word first: an undo may be undone itself
        if decision.id in undone:
            continue
        if decision.kind == "undo":
            undone.add(decision.undoes)
        else:
            standing.append(decision)
    standing.reverse()
    kept_of: dict[str, str] = {}
    about: dict[str, list[Decision]] = {}
    for decision in standing:
        if decision.kind == "merge":
            kept, folded = _root(kept_of, decision.centre_id), _root(kept_of, decision.other_id)
            if kept != folded:
                kept_of[folded] = kept
        elif decision.kind in ("correct", "set_aside"):
            about.setdefault(decision.centre_id, []).append(decision)
    return Revisions(
        history,
        tuple(standing),
        {folded: _root(kept_of, folded) for folded in kept_of},
        frozenset(frozenset((each.centre_id, each.other_id)) for each in standing if each.kind == "apart"),
        {centre_id: tuple(decided) for centre_id, decided in about.items()},
        frozenset((each.centre_id, each.field, each.value) for each in standing if each.kind == "accept"),
    )


def history_of(revisions: Revisions, ids: Collection[str] = ()) -> list[Step]:
    """Return the decisions about some centres (by id; all if none is given), the newest first, with what undid them.

    What takes a decision back, or takes that back, belongs to it.
    """
    undone_by: dict[str, Decision] = {}
    for decision in reversed(revisions.history):  # as in ``revisions``: the last word first
        if decision.kind == "undo" and decision.id not in undone_by:
            undone_by.setdefault(decision.undoes, decision)
    about: set[str] = set()
    for decision in revisions.history:
        if not ids or decision.centre_id in ids or decision.other_id in ids or decision.undoes in about:
            about.add(decision.id)
    return [Step(each, undone_by.get(each.id)) for each in reversed(revisions.history) if each.id in about]


def _root(kept_of: dict[str, str], centre_id: str) -> str:
    while centre_id in kept_of:
        centre_id = kept_of[centre_id]
    return centre_id


def read_revisions(files: Iterable[Path]) -> Revisions:
    """Return what stands of the decisions in ``files``. Raises ``CatalogueError`` with file, line and remedy."""
    return revisions(decision for path in files for decision in _read(path))


def _read(path: Path) -> Iterator[Decision]:
    known = {each.name for each in fields(Decision)}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            said = json.loads(line)
            decision = Decision(**said)
        except (ValueError, TypeError) as error:
            raise CatalogueError(f"{path}, line {number}: {error}. Keys are {', '.join(sorted(known))}.") from None
        if decision.kind not in KINDS or not decision.at or not decision.by:
            raise CatalogueError(f"{path}, line {number}: kind, at or by is missing. Restore the line from a backup.")
        yield decision


def decide(folder: Path, decisions: Iterable[Decision]) -> None:
    """Add decisions to the file in ``folder``, safe on the disk. Call it under the lock of ``imports.archive``."""
    lines = "".join(_line(decision) + "\n" for decision in decisions)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / DECISIONS).open("a", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def _line(decision: Decision) -> str:
    said = {name: text for name, text in asdict(decision).items() if text}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
