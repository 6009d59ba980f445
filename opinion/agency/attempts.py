"""Holds back guessing: wrong codes and passwords are counted in the database, so that every replica knows of them.

Whose they are is kept as a hash, and for an hour only.
"""

import hashlib
from collections.abc import Sequence
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
    with store.reading() as connection:
        for subject in filter(None, subjects):
            check_one(connection, subject)


def check_one(connection: Connection, subject: str, most: int = MOST) -> None:
    """Refuse another attempt of a subject that has failed ``most`` times.

    Raises:
        RefusedError: ``too_many_attempts``.

    """
    if number_of(connection, subject) >= most:
        raise RefusedError("too_many_attempts", "Too many wrong attempts. Wait 15 minutes, then try again.")


def number_of(connection: Connection, subject: str) -> int:
    """Return how often a subject has failed in ``WINDOW``."""
    since = datetime.now(UTC) - WINDOW
    failed = select(func.count()).where(attempts.c.subject_hash == _hash(subject), attempts.c.at > since)
    return connection.execute(failed).scalar() or 0


def note_failure(store: Store, *subjects: str) -> None:
    """Count a wrong attempt of each subject."""
    with store.writing() as connection:
        count(store, connection, *subjects)


def count(store: Store, connection: Connection, *subjects: str) -> list[str]:
    """Count a wrong attempt of each subject; return the ids of the rows, so that they can be taken back."""
    now = datetime.now(UTC)
    forget_old(connection, now)
    given = filter(None, subjects)
    return [store.insert(connection, attempts, subject_hash=_hash(subject), at=now) for subject in given]


def forget(connection: Connection, *subjects: str, ids: Sequence[str] = ()) -> None:
    """Forget the wrong attempts of these subjects, and those with these ids."""
    hashes = [_hash(subject) for subject in subjects]
    connection.execute(delete(attempts).where(attempts.c.subject_hash.in_(hashes) | attempts.c.id.in_(ids)))


def forget_old(connection: Connection, now: datetime) -> None:
    """Forget attempts of more than an hour ago."""
    connection.execute(delete(attempts).where(attempts.c.at < now - _KEPT))


def _hash(subject: str) -> str:
    return hashlib.sha256(subject.casefold().encode("utf-8", "surrogatepass")).hexdigest()
