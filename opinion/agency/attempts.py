"""Holds back guessing: wrong codes and passwords are counted in the database, so that every replica knows of them.

Whose they are is kept as a hash, and for an hour only.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from opinion.agency.tables import attempts
from opinion.errors import RefusedError
from opinion.storage.stores import Store

WINDOW = timedelta(minutes=15)
MOST = 10
"""So many wrong attempts of one subject in ``WINDOW`` are answered."""

_KEPT = timedelta(hours=1)


def check(store: Store, *subjects: str) -> None:
    """Refuse another attempt of a subject (an address, a reference, a name) that has failed ``MOST`` times.

    Raises:
        RefusedError: ``too_many_attempts``.

    """
    since = datetime.now(UTC) - WINDOW
    with store.reading() as connection:
        for subject in filter(None, subjects):
            failed = select(func.count()).where(attempts.c.subject_hash == _hash(subject), attempts.c.at > since)
            if (connection.execute(failed).scalar() or 0) >= MOST:
                raise RefusedError("too_many_attempts", "Too many wrong attempts. Wait 15 minutes, then try again.")


def note_failure(store: Store, *subjects: str) -> None:
    """Count a wrong attempt of each subject."""
    now = datetime.now(UTC)
    with store.writing() as connection:
        forget_old(connection, now)
        for subject in filter(None, subjects):
            store.insert(connection, attempts, subject_hash=_hash(subject), at=now)


def forget_old(connection: Connection, now: datetime) -> None:
    """Forget attempts of more than an hour ago."""
    connection.execute(delete(attempts).where(attempts.c.at < now - _KEPT))


def _hash(subject: str) -> str:
    return hashlib.sha256(subject.casefold().encode()).hexdigest()
