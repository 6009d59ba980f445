"""The audit trail: who did what to which request, account or part of the catalogue, and when.

No word of a patient's answers is in it.

Each line holds the hash of the line before, so that a changed or missing line is found. The database refuses to change
or erase a line (see ``migrations``).
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, text

from opinion.agency.tables import audit
from opinion.storage.stores import Store

PATIENT, COMMAND, SERVER = "patient", "command", "server"
"""Actors that are no account; an account's actor is ``account:`` and its name."""

_LOCK = 5_204_712
_FIELDS = ("id", "at", "actor", "action", "subject", "previous_hash")


def note(connection: Connection, actor: str, action: str, subject: str) -> None:
    """Add a line to the trail, in the transaction of what it tells about. ``subject``: a reference or a name."""
    if connection.dialect.name == "postgresql":  # two at once would both follow the same line
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = connection.execute(select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    line = {
        "id": last.id + 1 if last else 1,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "actor": actor,
        "action": action,
        "subject": subject,
        "previous_hash": last.hash if last else "",
    }
    connection.execute(insert(audit).values(**line, hash=_hash([line[name] for name in _FIELDS])))


def record(store: Store, actor: str, action: str, subject: str) -> None:
    """Add a line about something that is not in this database, such as an import. A long ``subject`` is cut."""
    with store.writing() as connection:
        note(connection, actor[:80], action, subject[:80])


def lines_of(store: Store, subject: str) -> list[tuple[str, str, str]]:
    """Return time (ISO text, UTC), actor and action of each line about ``subject``, oldest first."""
    lines = select(audit.c.at, audit.c.actor, audit.c.action).where(audit.c.subject == subject).order_by(audit.c.id)
    with store.reading() as connection:
        return [(row.at, row.actor, row.action) for row in connection.execute(lines)]


def faults(store: Store) -> list[str]:
    """Return what is wrong with the trail, a sentence each; nothing if every line is as it was written."""
    found, before, number = [], "", 0
    with store.reading() as connection:
        for row in connection.execute(select(audit).order_by(audit.c.id)).mappings():
            number += 1
            if row["id"] != number:
                found.append(f"audit line {number}: is missing.")
                number = row["id"]
            if row["hash"] != _hash([row[name] for name in _FIELDS]):
                found.append(f"audit line {number}: was changed.")
            elif row["previous_hash"] != before:
                found.append(f"audit line {number}: does not follow the line before.")
            before = row["hash"]
    return found


def last_line(store: Store) -> tuple[int, str]:
    """Return number and hash of the last line, ``(0, "")`` if there is none. Note them elsewhere to prove the end."""
    with store.reading() as connection:
        last = connection.execute(select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    return (last.id, last.hash) if last else (0, "")


def _hash(values: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()
