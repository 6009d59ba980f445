"""Signs people in and out: a random token in their browser, of which the database holds the hash alone.

Guessing is held back for names that exist and for those that do not, in the same way and in the same time, so that
nobody learns who works here. A try is counted before the password is looked at, so that many at once gain nothing.
"""

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from opinion.agency import attempts, audits, passwords
from opinion.agency.accounts import Account, account_from, known_name, subjects_of
from opinion.agency.tables import accounts, sign_ins
from opinion.errors import RefusedError
from opinion.storage.stores import Row, Store
from opinion.storage.turns import take_turn

COOKIE = "opinion_sign_in"
"""The name of the cookie with the token."""

IDLE = timedelta(hours=4)
"""Who has done nothing for so long is signed out: a working morning, or half a shift."""

LONGEST = timedelta(hours=12)
"""So long a sign-in lasts at most: a working day."""

WRONG_PASSWORDS = 5
"""After so many in ``attempts.WINDOW`` no password of the name is looked at for another ``attempts.WINDOW``."""

_SEEN_EVERY = timedelta(minutes=1)  # not every step is a write
_TURN = 5_204_714
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


def sign_in(store: Store, name: str, password: str, address: str) -> str:
    """Return the token of a new sign-in. ``address``: of the browser, whose wrong passwords are counted too.

    Raises:
        RefusedError: ``too_many_attempts``, or ``wrong_password``: whatever it is that is not right.

    """
    return start_sign_in(store, prove(store, name, password, address))


def prove(store: Store, name: str, password: str, address: str) -> Account:
    """Return the account whose name and password these are. ``address``: of the browser.

    Raises:
        RefusedError: ``too_many_attempts``, or ``wrong_password``: whatever it is that is not right.

    """
    known = known_name(name)
    asked = known or name.strip().lower()
    with store.writing() as connection:
        take_turn(connection, _TURN)
        _check_attempts(connection, asked, address)
        counted = attempts.count(store, connection, subjects_of(asked)[0], _from(address))
        row = store.find_one(connection, accounts, accounts.c.name == known) if known else None
        if row:
            store.change(connection, accounts, row["id"], failures=row["failures"] + 1)
    is_right = passwords.is_right(row["password_hash"] if row else "", password)
    if row is None or not row["is_active"] or not is_right:
        _lock_if_guessed(store, asked, row)
        raise RefusedError("wrong_password", "Name or password is not right. Check both, then try again.")
    new_hash = passwords.hash_of(password) if passwords.is_outdated(row["password_hash"]) else row["password_hash"]
    with store.writing() as connection:
        attempts.forget(connection, *subjects_of(asked), ids=counted)
        store.change(connection, accounts, row["id"], failures=0, locked_until=None, password_hash=new_hash)
    return account_from(row)


def start_sign_in(store: Store, account: Account) -> str:
    """Return the token of a new sign-in of somebody who has just proved who they are; old sign-ins are cleaned."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with store.writing() as connection:
        store.erase(connection, sign_ins, (sign_ins.c.created_at < now - LONGEST) | (sign_ins.c.used_at < now - IDLE))
        store.insert(
            connection, sign_ins, token_hash=_hash(token), account_id=account.id, created_at=now, used_at=now
        )  # fmt: skip
        audits.note(connection, account.actor, "signed_in", account.name)
    return token


def account_of(store: Store, token: str) -> Account | None:
    """Return the account that is signed in with ``token``, as it is now; ``None`` if nobody is."""
    if not _TOKEN.fullmatch(token):
        return None
    now = datetime.now(UTC)
    with store.reading() as connection:
        here = connection.execute(select(sign_ins).where(sign_ins.c.token_hash == _hash(token))).mappings().first()
        if here is None or here["created_at"] < now - LONGEST or here["used_at"] < now - IDLE:
            return None
        account = account_from(store.find(connection, accounts, accounts.c.id == here["account_id"])[0])
    if not account.is_active:
        return None
    if here["used_at"] < now - _SEEN_EVERY:
        with store.writing() as connection:
            connection.execute(sign_ins.update().where(sign_ins.c.id == here["id"]).values(used_at=now))
    return account


def sign_out(store: Store, token: str) -> None:
    """End one sign-in; a token that is none changes nothing."""
    account = account_of(store, token)
    with store.writing() as connection:
        ended = store.erase(connection, sign_ins, sign_ins.c.token_hash == _hash(token))
        if ended and account:
            audits.note(connection, account.actor, "signed_out", account.name)


def sign_out_everywhere(store: Store, actor: str, account: Account) -> int:
    """End every sign-in of an account and return how many there were."""
    with store.writing() as connection:
        audits.note(connection, actor, "signed_out_everywhere", account.name)
        return store.erase(connection, sign_ins, sign_ins.c.account_id == account.id)


def _check_attempts(connection: Connection, name: str, address: str) -> None:
    password_of, locked = subjects_of(name)
    attempts.check_one(connection, locked, most=1)
    attempts.check_one(connection, password_of, most=WRONG_PASSWORDS)  # some of them are being looked at now
    attempts.check_one(connection, _from(address))


def _lock_if_guessed(store: Store, name: str, row: Row | None) -> None:
    """Hold back more passwords for a name after too many wrong ones, whether or not there is such an account."""
    password_of, locked = subjects_of(name)
    with store.writing() as connection:
        if attempts.number_of(connection, password_of) < WRONG_PASSWORDS or attempts.number_of(connection, locked):
            return
        attempts.count(store, connection, locked)
        if row:
            store.change(connection, accounts, row["id"], locked_until=datetime.now(UTC) + attempts.WINDOW)
            audits.note(connection, audits.SERVER, "account_locked", row["name"])


def _from(address: str) -> str:
    return f"passwords_from:{address}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
