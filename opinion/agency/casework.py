"""The coordinators' work on requests: status, owner and next step, each change with its history, and undo.

Whoever changes a request gives the version that they saw, so that nobody overwrites another unseen. A request whose
consent was withdrawn cannot be opened or changed any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from opinion.agency import audits
from opinion.agency.accounts import Account
from opinion.agency.consents import consent_texts
from opinion.agency.requests import ENDED, LONGEST_LINE, STATUSES, Request, note_change, now, request_of, shown_names
from opinion.agency.tables import accounts, changes, consents, entries, requests
from opinion.errors import ChangedMeanwhileError, RefusedError
from opinion.storage.stores import Row, Store

UNDOABLE = ("status", "owner", "next_step")


@dataclass(frozen=True)
class Change:
    """A change in the history of a case. ``author``: a shown name, ``""`` for the patient."""

    id: str
    field: str
    before: Any
    after: Any
    author: str
    at: datetime
    is_undone: bool

    @property
    def can_be_undone(self) -> bool:
        """Whether ``undo`` may take this change back."""
        return self.field in UNDOABLE and not self.is_undone and self.after != "withdrawn"


def open_requests(store: Store, actor: Account, with_ended: bool = False) -> list[Request]:
    """Return the requests that consent still allows to read, newest first; those that ended only if asked for.

    Raises:
        RefusedError: ``not_allowed``.

    """
    _check(actor)
    hidden = ("withdrawn",) if with_ended else ENDED
    with store.reading() as connection:
        rows = store.find(
            connection, requests, requests.c.status.not_in(hidden), order=[requests.c.created_at.desc(), requests.c.id]
        )
    return [request_of(row) for row in rows]


def open_request(store: Store, actor: Account, reference: str) -> Request:
    """Return one request; that it was opened is noted in the audit trail.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request`` or ``withdrawn``.

    """
    _check(actor)
    with store.writing() as connection:
        request = _find(store, connection, reference)
        audits.note(connection, actor.actor, "request_opened", request.reference)
    return request


def current_request(store: Store, actor: Account, reference: str) -> Request:
    """Return one request as it is now, for a page that has opened it before.

    Raises:
        RefusedError: as ``open_request``.

    """
    _check(actor)
    with store.reading() as connection:
        return _find(store, connection, reference)


def set_status(store: Store, actor: Account, reference: str, version: int, status: str, today: date) -> None:
    """Give a request another status. One that ends is erased some days later, as its consent says.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn``, ``unknown_status`` (also for ``withdrawn``,
            which is the patient's), or ``do_not_wait``: an alarm can only be closed or declined.
        ChangedMeanwhileError: somebody else was first.

    """
    if status not in STATUSES or status == "withdrawn":
        raise RefusedError("unknown_status", f"'{status}' is no status that can be set.")
    _change(store, actor, reference, version, "status", status, today)


def set_owner(store: Store, actor: Account, reference: str, version: int, owner_id: str | None, today: date) -> None:
    """Give a request to an account, or to nobody (``None``).

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn`` or ``unknown_owner``.
        ChangedMeanwhileError: somebody else was first.

    """
    _change(store, actor, reference, version, "owner", owner_id, today)


def set_next_step(
    store: Store, actor: Account, reference: str, version: int, step: str, due: date | None, today: date
) -> None:
    """Say what is done next, and by when (``None``: no day).

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn`` or ``too_long``.
        ChangedMeanwhileError: somebody else was first.

    """
    if len(step) > LONGEST_LINE:
        raise RefusedError("too_long", f"The next step is too long. Keep it under {LONGEST_LINE} letters.")
    after = [step.strip(), due.isoformat() if due else ""]
    _change(store, actor, reference, version, "next_step", after, today)


def assign(
    store: Store, actor: Account, seen: Sequence[Request], owner_id: str | None, today: date
) -> tuple[list[str], list[str]]:
    """Give many requests, as they were ``seen``, to one account; return the references changed and those not.

    Not changed are those that somebody else has changed since.
    """
    done, left = [], []
    for request in seen:
        try:
            set_owner(store, actor, request.reference, request.version, owner_id, today)
            done.append(request.reference)
        except ChangedMeanwhileError:
            left.append(request.reference)
    return done, left


def undo(store: Store, actor: Account, reference: str, today: date) -> Change | None:
    """Take back the last change of status, owner or next step that is not undone yet; return it, ``None`` if none is.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request`` or ``withdrawn``.
        ChangedMeanwhileError: what was changed has been changed again by another way.

    """
    _check(actor)
    with store.writing() as connection:
        request = _find(store, connection, reference)
        found = [change for change in _history(store, connection, request) if change.can_be_undone]
        if not found:
            return None
        last = found[-1]
        _write(store, connection, request, last.field, last.before, today)
        store.change(connection, changes, last.id, is_undone=True)
        audits.note(connection, actor.actor, f"{last.field}_undone", reference)
        return last


def history_of(store: Store, actor: Account, request: Request) -> list[Change]:
    """Return the changes of a request, oldest first."""
    _check(actor)
    with store.reading() as connection:
        return _history(store, connection, request)


def trail_of(store: Store, actor: Account, request: Request) -> list[tuple[str, str, str]]:
    """Return the lines of the audit trail about a request: time (ISO text, UTC), actor and action, oldest first."""
    _check(actor)
    return audits.lines_of(store, request.reference)


def unread_messages(store: Store, actor: Account) -> dict[str, int]:
    """Return, by the id of the request, how many messages of the patient nobody at the agency has read."""
    _check(actor)
    unread = (
        select(entries.c.request_id, func.count())
        .where(entries.c.by_patient, entries.c.is_read.is_(False))
        .group_by(entries.c.request_id)
    )
    with store.reading() as connection:
        return {str(id_): int(count) for id_, count in connection.execute(unread)}


def consents_of(store: Store, actor: Account, request: Request) -> list[Row]:
    """Return the consents of a request: text version, language, parts, given and withdrawn."""
    _check(actor)
    with store.reading() as connection:
        return store.find(connection, consents, consents.c.request_id == request.id)


def _check(actor: Account) -> None:
    if not actor.may("coordinator"):
        raise RefusedError("not_allowed", "Only coordinators may see requests. Ask an administrator for the role.")


def _find(store: Store, connection: Connection, reference: str) -> Request:
    row = store.find_one(connection, requests, requests.c.reference == reference)
    if row is None:
        raise RefusedError("unknown_request", "There is no such request. It may have been erased.")
    if row["status"] == "withdrawn":
        raise RefusedError("withdrawn", "The patient has taken consent back. Nobody can open this request any more.")
    return request_of(row)


def _change(
    store: Store, actor: Account, reference: str, version: int, name: str, after: Any, today: date  # noqa: ANN401
) -> None:  # fmt: skip
    _check(actor)
    with store.writing() as connection:
        request = _find(store, connection, reference)
        if request.version != version:
            raise ChangedMeanwhileError("Somebody else has changed this request. Look at it again, then repeat.")
        before = _value_of(request, name)
        if before == after:
            return
        if name == "status" and request.is_alarm and after not in ENDED:
            raise RefusedError("do_not_wait", "This case is an alarm: nobody should wait here. Close or decline it.")
        if name == "owner" and after is not None:
            _check_owner(store, connection, after)
        _write(store, connection, request, name, after, today)
        note_change(store, connection, request.id, name, before, after, actor.id)
        audits.note(connection, actor.actor, f"{name}_changed", reference)


def _value_of(request: Request, name: str) -> Any:  # noqa: ANN401 (what the field holds)
    if name == "next_step":
        return [request.next_step, request.next_due.isoformat() if request.next_due else ""]
    return request.owner_id if name == "owner" else request.status


def _write(
    store: Store, connection: Connection, request: Request, name: str, value: Any, today: date  # noqa: ANN401
) -> None:  # fmt: skip
    """Write the value of a field of the history into the columns that hold it."""
    columns: dict[str, Any] = {"changed_at": now()}
    if name == "owner":
        columns["owner_id"] = value
    elif name == "next_step":
        columns |= {"next_step": value[0] or None, "next_due": date.fromisoformat(value[1]) if value[1] else None}
    else:
        given = store.find(connection, consents, consents.c.request_id == request.id)
        text = consent_texts()[given[-1]["text_version"]]
        ended = today if value in ENDED else None
        columns |= {"status": value, "erase_on": text.erase_on(request.created_at.date(), ended=ended)}
    store.change(connection, requests, request.id, request.version, **columns)


def _check_owner(store: Store, connection: Connection, id_: str) -> None:
    row = store.find_one(connection, accounts, accounts.c.id == id_)
    if row is None or not row["is_active"] or "coordinator" not in row["roles"].split(","):
        raise RefusedError("unknown_owner", "This account cannot take requests. Choose a coordinator.")


def _history(store: Store, connection: Connection, request: Request) -> list[Change]:
    rows = store.find(connection, changes, changes.c.request_id == request.id, order=[changes.c.at, changes.c.id])
    names = shown_names(connection)
    return [
        Change(row["id"], row["field"], row["before"], row["after"], names.get(row["author_id"], ""), row["at"],
               row["is_undone"])
        for row in rows
    ]  # fmt: skip
