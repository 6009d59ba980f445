"""A request as it is kept, what a patient sends in it, and how it is erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, select

from opinion.agency import audits
from opinion.agency.consents import CENTRES
from opinion.agency.tables import METADATA, accounts, changes, consents, requests
from opinion.errors import RefusedError
from opinion.storage.stores import Row, Store

PIPELINE = ("new", "clarifying", "matching", "sent_to_centres", "opinion_received", "closed")
"""The status of a request that goes well, in its order."""

STATUSES = (*PIPELINE, "declined", "withdrawn")
ENDED = ("closed", "declined", "withdrawn")
ALARMS = ("emergency", "do_not_wait")
"""Outcomes with which nobody should wait for a second opinion: no request is sent; one that is kept is an alarm."""

LONGEST_TEXT = 4000
"""Letters of a message or a note."""

LONGEST_LINE = 200


@dataclass(frozen=True)
class Content:
    """What a patient sends. What they left out is empty.

    ``answers``: GUIDANCE §2, with the wishes. ``advice``: outcome, timing and reasons (ids of rules) as they saw them,
    ``edition`` the version of the guidance. ``outcome``: of all their answers at that time, also of those left out.
    ``centres``: ids and names of those they keep. ``last_date``: the doctor's, as ISO text. ``language``: of their
    pages. ``left_out``: ids of questions whose answers they kept back.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    advice: Mapping[str, Any] = field(default_factory=dict)
    edition: str = ""
    outcome: str = ""
    centres: Sequence[Mapping[str, str]] = ()
    name: str = ""
    reach: str = ""
    message: str = ""
    last_date: str = ""
    language: str = "en"
    left_out: Sequence[str] = ()


@dataclass(frozen=True)
class Request:
    """A request as it is kept. ``owner_id``: the coordinator's account, ``None`` if nobody has taken it yet."""

    id: str
    reference: str
    status: str
    owner_id: str | None
    next_step: str
    next_due: date | None
    created_at: datetime
    changed_at: datetime
    erase_on: date
    content: Content
    version: int

    @property
    def last_date(self) -> date | None:
        """The doctor's last date, ``None`` if it is not known."""
        return date.fromisoformat(self.content.last_date) if self.content.last_date else None

    @property
    def is_alarm(self) -> bool:
        """Whether nobody should wait here: the case is no longer one for a journey."""
        return self.content.outcome in ALARMS and self.status not in ENDED

    def days_left(self, today: date) -> int | None:
        """Return the days until the doctor's last date, below 0 once it has passed; ``None`` if it is not known."""
        return (self.last_date - today).days if self.last_date else None


def request_of(row: Row) -> Request:
    """Return the request in a row of the table."""
    return Request(
        id=row["id"], reference=row["reference"], status=row["status"], owner_id=row["owner_id"],
        next_step=row["next_step"] or "", next_due=row["next_due"], created_at=row["created_at"],
        changed_at=row["changed_at"], erase_on=row["erase_on"], content=Content(**row["content"]),
        version=row["version"],
    )  # fmt: skip


def note_change(
    store: Store, connection: Connection, request_id: str, name: str, before: object, after: object, author: str | None
) -> None:
    """Add a change to the history of a case. ``author``: the account's id, ``None`` for the patient."""
    store.insert(connection, changes, request_id=request_id, field=name, before=before, after=after, author_id=author,
                 at=now(), is_undone=False)  # fmt: skip


def covers_centres(store: Store, connection: Connection, request_id: str) -> bool:
    """Say whether the patient agreed that centres are shown the facts."""
    given = store.find(connection, consents, consents.c.request_id == request_id, consents.c.withdrawn_at.is_(None))
    return any(CENTRES in consent["parts"]["purposes"] for consent in given)


def shown_names(connection: Connection) -> dict[str | None, str]:
    """Return the shown name of every account, by id."""
    return {row.id: row.shown_name for row in connection.execute(select(accounts.c.id, accounts.c.shown_name))}


def past_date(store: Store, today: date) -> list[Request]:
    """Return the requests that are to be erased by ``today``."""
    with store.reading() as connection:
        rows = store.find(connection, requests, requests.c.erase_on <= today, order=[requests.c.created_at])
    return [request_of(row) for row in rows]


def erase(store: Store, request: Request, actor: str) -> None:
    """Erase a request and all that belongs to it; the audit trail keeps only that it happened."""
    with store.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            if "request_id" in table.c:
                store.erase(connection, table, table.c.request_id == request.id)
        store.erase(connection, requests, requests.c.id == request.id)
        audits.note(connection, actor, "request_erased", request.reference)
    store.shred()


def checked_text(text: str) -> str:
    """Return a message or note without the space around it.

    Raises:
        RefusedError: ``empty`` or ``too_long``.

    """
    text = text.strip()
    if not text:
        raise RefusedError("empty", "There is no text. Write something first.")
    if len(text) > LONGEST_TEXT:
        raise RefusedError("too_long", f"The text is too long. Keep it under {LONGEST_TEXT} letters.")
    return text


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)
