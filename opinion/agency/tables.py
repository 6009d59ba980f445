"""The tables of the agency. What tells of a patient is in ``Sealed`` columns; the rest is work and dates."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from opinion.storage.columns import Sealed, UtcTime

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_ID = 32  # letters of an id


def _id() -> "Column[str]":
    return Column("id", String(_ID), primary_key=True)


def _of_request() -> "Column[str]":
    return Column("request_id", String(_ID), ForeignKey("requests.id", ondelete="CASCADE"), nullable=False, index=True)


accounts = Table(
    "accounts", METADATA, _id(),
    Column("name", String(80), nullable=False, unique=True),  # in small letters: who signs in
    Column("shown_name", String(80), nullable=False),
    Column("password_hash", Text, nullable=False),  # empty: signs in through an identity provider only
    Column("roles", String(80), nullable=False),  # separated by commas, in the order of ROLES
    Column("is_active", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),  # wrong passwords since the last right one
    Column("locked_until", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
)  # fmt: skip

sign_ins = Table(
    "sign_ins", METADATA, _id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", String(_ID), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("used_at", UtcTime, nullable=False),
)  # fmt: skip

one_time_codes = Table(
    "one_time_codes", METADATA, _id(),
    Column("purpose", String(40), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)  # fmt: skip

attempts = Table(  # wrong codes and passwords, so that guessing is held back on every replica
    "attempts", METADATA, _id(),
    Column("subject_hash", String(64), nullable=False, index=True),
    Column("at", UtcTime, nullable=False, index=True),
)  # fmt: skip

requests = Table(
    "requests", METADATA, _id(),
    Column("reference", String(20), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("owner_id", String(_ID), ForeignKey("accounts.id", ondelete="SET NULL"), index=True),
    Column("next_step", Sealed),
    Column("next_due", Date),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("erase_on", Date, nullable=False, index=True),
    Column("content", Sealed, nullable=False),  # what the patient sent, see requests.Content
    Column("version", Integer, nullable=False),
)  # fmt: skip

consents = Table(
    "consents", METADATA, _id(), _of_request(),
    Column("text_version", String(20), nullable=False),
    Column("language", String(20), nullable=False),
    Column("parts", Sealed, nullable=False),  # what it covers
    Column("given_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
)  # fmt: skip

entries = Table(  # messages, which both sides see, and notes, which coordinators alone see
    "entries", METADATA, _id(), _of_request(),
    Column("kind", String(10), nullable=False),  # message, note
    Column("author_id", String(_ID), ForeignKey("accounts.id", ondelete="SET NULL")),  # None: the patient
    Column("by_patient", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("text", Sealed, nullable=False),
    Column("is_read", Boolean, nullable=False),  # by the other side
)  # fmt: skip

enquiries = Table(
    "enquiries", METADATA, _id(), _of_request(),
    Column("centre", Sealed, nullable=False),  # id and name
    Column("status", String(20), nullable=False),
    Column("changed_on", Date, nullable=False),
    Column("due", Date),
    Column("note", Sealed),
    Column("version", Integer, nullable=False),
)  # fmt: skip

offers = Table(
    "offers", METADATA, _id(), _of_request(),
    Column("content", Sealed, nullable=False),  # see offers.Offer
    Column("created_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
)  # fmt: skip

files = Table(
    "files", METADATA, _id(), _of_request(),
    Column("name", Sealed, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", Sealed, nullable=False),
    Column("author_id", String(_ID), ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("at", UtcTime, nullable=False),
)  # fmt: skip

changes = Table(  # of status, owner and next step: the history of a case, and what undo takes back
    "changes", METADATA, _id(), _of_request(),
    Column("field", String(20), nullable=False),
    Column("before", Sealed),
    Column("after", Sealed),
    Column("author_id", String(_ID), ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("at", UtcTime, nullable=False),
    Column("is_undone", Boolean, nullable=False),
)  # fmt: skip

audit = Table(
    "audit", METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 …: a gap is a loss
    Column("at", String(40), nullable=False),  # a text, so that the hash does not depend on the database
    Column("actor", String(80), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)  # fmt: skip

Index("ix_requests_work", requests.c.status, requests.c.owner_id)
