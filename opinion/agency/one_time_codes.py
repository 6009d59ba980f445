"""Makes codes that open one thing once, for a day. Only their hash is kept: what is printed cannot be read again."""

import base64
import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection

from opinion.agency.tables import one_time_codes
from opinion.storage.stores import Store

LASTS = timedelta(hours=24)
FIRST_ADMINISTRATOR = "first_administrator"
"""The purpose of the code that makes the first account."""

_BYTES = 10  # 80 bits: nobody guesses it in a day


def password_of(account_id: str) -> str:
    """Return the purpose of a code that lets somebody choose the password of their account."""
    return f"pass:{account_id}"


def make_code(store: Store, connection: Connection, purpose: str) -> str:
    """Return a new code for ``purpose``, such as ``ABCD-EFGH-IJKL-MNOP``; one that was made before is void."""
    void_code(store, connection, purpose)
    code = base64.b32encode(secrets.token_bytes(_BYTES)).decode()
    store.insert(connection, one_time_codes, purpose=purpose, code_hash=_hash(code), created_at=datetime.now(UTC))
    return "-".join(re.findall("....", code))


def is_valid(store: Store, connection: Connection, purpose: str, code: str) -> bool:
    """Say whether ``code``, in small or capital letters, with or without dashes, is the one for ``purpose``."""
    return bool(store.find(connection, one_time_codes, *_is_code(purpose, code)))


def use_code(store: Store, connection: Connection, purpose: str, code: str) -> bool:
    """Use up the code for ``purpose``; say whether it was the right one. Of two at once, one is right."""
    return store.erase(connection, one_time_codes, *_is_code(purpose, code)) == 1


def void_code(store: Store, connection: Connection, purpose: str) -> None:
    """Let no code for ``purpose`` be right any more."""
    store.erase(connection, one_time_codes, one_time_codes.c.purpose == purpose)


def _is_code(purpose: str, code: str) -> tuple[ColumnElement[bool], ...]:
    columns = one_time_codes.c
    return (
        columns.purpose == purpose,
        columns.code_hash == _hash(code),
        columns.created_at > datetime.now(UTC) - LASTS,
    )


def _hash(code: str) -> str:
    return hashlib.sha256(re.sub(r"[^A-Z2-7]", "", code.upper()).encode()).hexdigest()
