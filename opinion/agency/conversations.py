"""Messages between patient and agency, and the coordinators' own notes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from opinion.agency import audits
from opinion.agency.accounts import Account
from opinion.agency.casework import current_request
from opinion.agency.patients import PatientKey, open_own_request
from opinion.agency.requests import ENDED, Request, checked_text, now, shown_names
from opinion.agency.tables import entries
from opinion.errors import RefusedError
from opinion.storage.stores import Store

KINDS = ("message", "note")


@dataclass(frozen=True)
class Entry:
    """A message or a note. ``author``: the shown name of an account, ``""`` for the patient."""

    id: str
    kind: str
    author: str
    by_patient: bool
    at: datetime
    text: str
    is_read: bool


def add_entry(store: Store, actor: Account, reference: str, kind: str, text: str) -> None:
    """Add a coordinator's message to the patient, or a note (``kind`` of ``KINDS``).

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn``, ``empty`` or ``too_long``; ``ended`` for a
            message.

    """
    assert kind in KINDS
    request, text = current_request(store, actor, reference), checked_text(text)
    if kind == "message" and request.status in ENDED:
        raise RefusedError("ended", "This request has ended. The patient gets no more messages.")
    with store.writing() as connection:
        store.insert(connection, entries, request_id=request.id, kind=kind, author_id=actor.id, by_patient=False,
                     at=now(), text=text, is_read=False)  # fmt: skip
        audits.note(connection, actor.actor, f"{kind}_added", reference)


def entries_of(store: Store, actor: Account, reference: str) -> list[Entry]:
    """Return all messages and notes of a request, oldest first; the patient's count as read from now on.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request`` or ``withdrawn``.

    """
    request = current_request(store, actor, reference)
    found = _entries(store, request)
    if any(entry.by_patient and not entry.is_read for entry in found):
        with store.writing() as connection:
            read = update(entries).where(entries.c.request_id == request.id, entries.c.by_patient)
            connection.execute(read.values(is_read=True))
    return found


def own_messages(store: Store, key: PatientKey, address: str = "") -> list[Entry]:
    """Return the messages that the patient may read, oldest first; the agency's count as read from now on.

    Raises:
        RefusedError: ``unknown_code`` or ``too_many_attempts``.

    """
    request = open_own_request(store, key, address)
    found = [entry for entry in _entries(store, request) if entry.kind == "message"]
    if any(not entry.by_patient and not entry.is_read for entry in found):
        with store.writing() as connection:
            read = update(entries).where(
                entries.c.request_id == request.id, entries.c.by_patient.is_(False), entries.c.kind == "message"
            )
            connection.execute(read.values(is_read=True))
    return found


def _entries(store: Store, request: Request) -> list[Entry]:
    with store.reading() as connection:
        rows = store.find(connection, entries, entries.c.request_id == request.id, order=[entries.c.at, entries.c.id])
        names = shown_names(connection)
    return [
        Entry(row["id"], row["kind"], names.get(row["author_id"], ""), row["by_patient"], row["at"], row["text"],
              row["is_read"])
        for row in rows
    ]  # fmt: skip
