"""Keeps what curators decided about doubles until it is put into the catalogue: in a file, for all of them.

Building the catalogue takes seconds, so decisions wait, and go in together. They stand in ``decisions_waiting.jsonl``
beside the packed files, one line a decision, written anew in one move at each change. The file is no input of the
catalogue: what waits does not count yet. What was put in does not wait any more, also where the server was stopped
between the two: a decision is known by its id.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from opinion.centres.curating import apply
from opinion.centres.decisions import KINDS, Decision, Revisions, read_revisions, revisions
from opinion.centres.inputs import DECISIONS, TABLES, Inputs
from opinion.centres.locks import locked
from opinion.errors import CatalogueError

WAITING = "decisions_waiting.jsonl"
"""The file of decisions that wait, beside the packed files."""

_ABOUT_PAIRS = ("merge", "apart")


@dataclass(frozen=True)
class WaitingDecision:
    """A decision that waits, and the name of the ``account`` that took it, also where a rule proposed it."""

    decision: Decision
    account: str


def read_waiting(folder: Path) -> list[WaitingDecision]:
    """Return the decisions that wait in ``folder`` (that of the packed files), in the order in which they were taken.

    Raises ``CatalogueError`` with file, line and remedy.
    """
    kept = _read(folder / WAITING)
    if not kept:
        return []
    done = {each.id for each in _put_in(folder).history}
    return [each for each in kept if each.decision.id not in done]


def add_waiting(
    folder: Path, decisions: Iterable[Decision], account: str, tables: Path = TABLES
) -> list[WaitingDecision]:
    """Have decisions of ``account`` wait; return those that were added.

    A pair that somebody has decided meanwhile is not decided again, nor is a decision taken back twice.
    Raises ``CatalogueError`` as ``read_waiting`` does.
    """
    added: list[WaitingDecision] = []

    def changed(waiting: list[WaitingDecision]) -> list[WaitingDecision]:
        history = (*read_revisions(Inputs(tables, (), folder).decisions).history, *(each.decision for each in waiting))
        open_ = _Open(history)
        for decision in decisions:
            if open_.take(decision):
                added.append(WaitingDecision(decision, account))
        return [*waiting, *added]

    _change(folder, changed)
    return added


class _Open:
    """What nobody has decided yet, after a history of decisions."""

    def __init__(self, history: Sequence[Decision]) -> None:
        self._history = list(history)
        self._read()

    def take(self, decision: Decision) -> bool:
        """Add a decision, unless somebody has taken it: return whether it was added."""
        is_undo = decision.kind == "undo"
        is_open = decision.undoes in self._standing if is_undo else _pair(decision) not in self._pairs
        if is_open:
            self._history.append(decision)
            if is_undo:  # what it takes back may be decided anew
                self._read()
            else:
                self._standing.add(decision.id)
                self._pairs.add(_pair(decision))
        return is_open

    def _read(self) -> None:
        standing = revisions(self._history).standing
        self._standing = {each.id for each in standing}
        self._pairs = {_pair(each) for each in standing if each.kind in _ABOUT_PAIRS}


def _pair(decision: Decision) -> frozenset[str]:
    return frozenset((decision.centre_id, decision.other_id))


def decided_about(pair: frozenset[str], known: Revisions) -> Decision | None:
    """Return the last decision that stands about a pair of centres, ``None`` if there is none."""
    return next(
        (each for each in reversed(known.standing) if each.kind in _ABOUT_PAIRS and _pair(each) == pair),
        None,
    )


def take_back_waiting(folder: Path, account: str, decision_id: str = "") -> WaitingDecision | None:
    """Let a decision of ``account`` wait no more, by its id or else the last one; return it.

    ``None`` if there is none of that account: it may have been put in meanwhile, or be another one's.
    """
    taken: list[WaitingDecision] = []

    def changed(waiting: list[WaitingDecision]) -> list[WaitingDecision]:
        own = [each for each in waiting if each.account == account and decision_id in ("", each.decision.id)]
        taken.extend(own[-1:])
        return [each for each in waiting if each not in taken]

    _change(folder, changed)
    return taken[0] if taken else None


def put_in_waiting(folder: Path, tables: Path = TABLES) -> list[WaitingDecision]:
    """Build the catalogue with all decisions that wait, in one step; return those that this call put in.

    Raises ``CatalogueError`` if it cannot be built; nothing has changed then, and they go on to wait.
    """
    waiting = read_waiting(folder)
    done = {each.id for each in apply(folder, [each.decision for each in waiting], tables)}
    _change(folder, list)  # what was put in is not written again
    return [each for each in waiting if each.decision.id in done]


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Have nobody change what waits in ``folder`` meanwhile."""
    with locked(folder / f".{WAITING}.lock"):
        yield


def _change(folder: Path, changed: Callable[[list[WaitingDecision]], Sequence[WaitingDecision]]) -> None:
    """Write what ``changed`` makes of the decisions that wait, safe on the disk, in one move."""
    with unchanged(folder):
        lines = "".join(
            json.dumps({"account": each.account, "decision": _said(each.decision)}, ensure_ascii=False) + "\n"
            for each in changed(read_waiting(folder))
        )
        if not lines:
            (folder / WAITING).unlink(missing_ok=True)
            return
        draft = folder / f".{WAITING}.part"
        with draft.open("w", encoding="utf-8") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / WAITING)


def _said(decision: Decision) -> dict[str, str]:
    return {name: text for name, text in asdict(decision).items() if text}


def _put_in(folder: Path) -> Revisions:
    return read_revisions([path] if (path := folder / DECISIONS).is_file() else [])


def _read(path: Path) -> list[WaitingDecision]:
    found = []
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, start=1):
        try:
            said = json.loads(line)
            each = WaitingDecision(Decision(**said["decision"]), str(said["account"]))
        except (ValueError, TypeError, KeyError) as error:
            raise CatalogueError(f"{path}, line {number}: {error!r}. Restore the line from a backup.") from None
        if each.decision.kind not in KINDS:
            raise CatalogueError(f"{path}, line {number}: the kind is unknown. Restore the line from a backup.")
        found.append(each)
    return found
