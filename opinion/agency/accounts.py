"""Who works here: accounts, their roles and passwords. Roles stand apart: an administrator reads no case by that alone.

Every change is one transaction with a line in the audit trail. Who changes an account says which version of it they
have seen.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from opinion.agency import attempts, audits, one_time_codes
from opinion.agency.passwords import check_password, hash_of
from opinion.agency.roles import ADMINISTRATOR, ROLES
from opinion.agency.tables import accounts, sign_ins
from opinion.errors import RefusedError
from opinion.storage.stores import Row, Store
from opinion.storage.turns import take_turn

LONGEST_NAME = 60
_TURN = 5_204_713  # two administrators must not switch each other off at the same time


@dataclass(frozen=True)
class Account:
    """Somebody who works here. ``version``: which state of the account this is.

    ``locked_until``: after too many wrong passwords, when the next one is looked at; ``None`` if it is not locked.
    ``has_password``: without one, a one-time code or an identity provider lets them in.
    """

    id: str
    name: str
    shown_name: str
    roles: tuple[str, ...]
    is_active: bool
    version: int
    locked_until: datetime | None = None
    has_password: bool = True

    @property
    def actor(self) -> str:
        """How the audit trail calls this account."""
        return f"account:{self.name}"

    def may(self, role: str) -> bool:
        """Say whether this account has ``role``. No role holds another one."""
        return self.is_active and role in self.roles


def account_from(row: Row) -> Account:
    """Return the account of a row of the table."""
    locked_until = row["locked_until"]
    return Account(
        id=row["id"],
        name=row["name"],
        shown_name=row["shown_name"],
        roles=tuple(filter(None, row["roles"].split(","))),
        is_active=row["is_active"],
        version=row["version"],
        locked_until=locked_until if locked_until and locked_until > datetime.now(UTC) else None,
        has_password=bool(row["password_hash"]),
    )


def all_accounts(store: Store) -> list[Account]:
    """Return every account, by name."""
    with store.reading() as connection:
        return [account_from(row) for row in store.find(connection, accounts, order=[accounts.c.name])]


def find_account(store: Store, name: str) -> Account | None:
    """Return the account with this name, in small or capital letters; ``None`` if there is none."""
    known = known_name(name)
    if known is None:
        return None
    with store.reading() as connection:
        row = store.find_one(connection, accounts, accounts.c.name == known)
    return account_from(row) if row else None


def known_name(name: str) -> str | None:
    """Return a name as accounts keep it; ``None`` if no account can have it."""
    given = name.strip().lower()
    fits = len(given) <= LONGEST_NAME and re.fullmatch(r"[a-z0-9][a-z0-9._@+-]*[a-z0-9]", given)
    return given if fits else None


def create_account(
    store: Store, actor: str, name: str, shown_name: str, roles: Iterable[str], password: str = ""
) -> Account:
    """Make an account and return it. Without a password it waits for ``make_password_code``.

    Raises:
        RefusedError: ``bad_name``, ``bad_shown_name``, ``no_role``, ``name_taken``, or a reason of ``check_password``.

    """
    values = _checked(name, shown_name, roles, password)
    with store.writing() as connection:
        one_time_codes.void_code(store, connection, one_time_codes.FIRST_ADMINISTRATOR)
        return _insert(store, connection, actor, values)


def change_roles(store: Store, actor: str, account: Account, roles: Iterable[str]) -> Account:
    """Give an account these roles and no others. They hold from its next step on.

    Raises:
        RefusedError: ``no_role`` or ``last_administrator``.
        ChangedMeanwhileError: somebody else has changed the account.

    """
    new = _checked_roles(roles)
    with store.writing() as connection:
        take_turn(connection, _TURN)
        if ADMINISTRATOR not in new:
            _keep_an_administrator(connection, account)
        return _change(store, connection, actor, account, f"roles:{'+'.join(new)}", roles=",".join(new))


def switch(store: Store, actor: str, account: Account, is_active: bool) -> Account:
    """Switch an account on, or off: then it is signed out everywhere.

    Raises:
        RefusedError: ``last_administrator``.
        ChangedMeanwhileError: somebody else has changed the account.

    """
    with store.writing() as connection:
        take_turn(connection, _TURN)
        if not is_active:
            _keep_an_administrator(connection, account)
            _end_sign_ins(store, connection, account)
            one_time_codes.void_code(store, connection, one_time_codes.password_of(account.id))
        action = "account_on" if is_active else "account_off"
        return _change(store, connection, actor, account, action, is_active=is_active)


def set_password(store: Store, actor: str, account: Account, password: str) -> Account:
    """Give an account another password; it is signed out everywhere.

    Raises:
        RefusedError: a reason of ``check_password``.
        ChangedMeanwhileError: somebody else has changed the account.

    """
    check_password(password, account.name, account.shown_name)
    kept = hash_of(password)  # before the transaction: it takes its time
    with store.writing() as connection:
        return _set_hash(store, connection, actor, account, kept)


def unlock(store: Store, actor: str, account: Account) -> Account:
    """Let passwords of an account be looked at again at once."""
    with store.writing() as connection:
        attempts.forget(connection, *subjects_of(account.name))
        return _change(store, connection, actor, account, "account_unlocked", failures=0, locked_until=None)


def make_password_code(store: Store, actor: str, account: Account) -> str:
    """Return a code with which somebody chooses the password of their account, once, within a day.

    So no administrator ever knows a password. The old one holds until then.
    """
    with store.writing() as connection:
        audits.note(connection, actor, "password_code_made", account.name)
        return one_time_codes.make_code(store, connection, one_time_codes.password_of(account.id))


def use_password_code(store: Store, name: str, code: str, password: str, address: str) -> Account:
    """Give an account its password by a one-time code. ``address``: whose guesses are counted.

    Raises:
        RefusedError: ``too_many_attempts``, ``wrong_code``, or a reason of ``check_password``.
        ChangedMeanwhileError: somebody else has changed the account in this very moment.

    """
    attempts.check(store, _codes_from(address))
    account = find_account(store, name)
    purpose = one_time_codes.password_of(account.id if account else "")
    with store.reading() as connection:
        is_valid = one_time_codes.is_valid(store, connection, purpose, code)
    if account is None or not account.is_active or not is_valid:
        raise _wrong_code(store, address)
    check_password(password, account.name, account.shown_name)
    kept = hash_of(password)
    with store.writing() as connection:
        if one_time_codes.use_code(store, connection, purpose, code):
            attempts.forget(connection, *subjects_of(account.name))
            return _set_hash(store, connection, account.actor, account, kept, failures=0, locked_until=None)
    raise _wrong_code(store, address)


def make_first_code(store: Store) -> str | None:
    """Return a new code that makes the first account, an administrator's; ``None`` if there is an account."""
    with store.writing() as connection:
        if _number_of_accounts(connection):
            one_time_codes.void_code(store, connection, one_time_codes.FIRST_ADMINISTRATOR)
            return None
        return one_time_codes.make_code(store, connection, one_time_codes.FIRST_ADMINISTRATOR)


def waits_for_the_first(store: Store) -> bool:
    """Say whether there is no account yet."""
    with store.reading() as connection:
        return not _number_of_accounts(connection)


def create_first_administrator(
    store: Store, code: str, name: str, shown_name: str, password: str, address: str
) -> Account:
    """Make the first account by the code that the server has printed. ``address``: whose guesses are counted.

    Raises:
        RefusedError: ``too_many_attempts``, ``wrong_code``, or a reason of ``create_account``.

    """
    attempts.check(store, _codes_from(address))
    purpose = one_time_codes.FIRST_ADMINISTRATOR
    with store.reading() as connection:
        is_valid = one_time_codes.is_valid(store, connection, purpose, code)
    if is_valid:
        values = _checked(name, shown_name, [ADMINISTRATOR], password)
        with store.writing() as connection:
            take_turn(connection, _TURN)
            if one_time_codes.use_code(store, connection, purpose, code) and not _number_of_accounts(connection):
                return _insert(store, connection, f"account:{values['name']}", values)
    raise _wrong_code(store, address)


def subjects_of(name: str) -> tuple[str, str]:
    """Return what wrong passwords for ``name`` are counted under, and what holds back more of them."""
    return f"password_of:{name}", f"locked:{name}"


def _codes_from(address: str) -> str:
    return f"codes_from:{address}"


def _wrong_code(store: Store, address: str) -> RefusedError:
    attempts.note_failure(store, _codes_from(address))
    return RefusedError("wrong_code", "Name or code is not right, or the code is older than a day. Ask for a new one.")


def _checked(name: str, shown_name: str, roles: Iterable[str], password: str) -> dict[str, Any]:
    known, shown = known_name(name), " ".join(shown_name.split())
    if known is None:
        raise RefusedError(
            "bad_name", f"Give a name of 2 to {LONGEST_NAME} letters a-z, digits, or . _ @ + - between them."
        )
    if not 0 < len(shown) <= LONGEST_NAME or not shown.isprintable():
        raise RefusedError("bad_shown_name", f"Give the name of the person, with at most {LONGEST_NAME} letters.")
    if password:
        check_password(password, known, shown)
    kept = hash_of(password) if password else ""
    return {"name": known, "shown_name": shown, "roles": ",".join(_checked_roles(roles)), "password_hash": kept}


def _checked_roles(roles: Iterable[str]) -> tuple[str, ...]:
    given = set(roles)
    if not given or not given <= set(ROLES):
        raise RefusedError("no_role", f"Give at least one role of: {', '.join(ROLES)}.")
    return tuple(role for role in ROLES if role in given)


def _insert(store: Store, connection: Connection, actor: str, values: dict[str, Any]) -> Account:
    take_turn(connection, _TURN)  # two may give the same name
    if store.find(connection, accounts, accounts.c.name == values["name"], only=["name"]):
        raise RefusedError("name_taken", f"There is an account '{values['name']}' already. Give another name.")
    row = {**values, "is_active": True, "failures": 0, "locked_until": None, "version": 1}
    id_ = store.insert(connection, accounts, **row, created_at=datetime.now(UTC))
    audits.note(connection, actor, "account_added", values["name"])
    audits.note(connection, actor, f"roles:{values['roles'].replace(',', '+')}", values["name"])
    return account_from({**row, "id": id_})


def _change(
    store: Store,
    connection: Connection,
    actor: str,
    account: Account,
    action: str,
    **values: Any,  # noqa: ANN401 (of any column)
) -> Account:
    store.change(connection, accounts, account.id, account.version, **values)
    audits.note(connection, actor, action, account.name)
    return account_from(store.find(connection, accounts, accounts.c.id == account.id)[0])


def _set_hash(
    store: Store,
    connection: Connection,
    actor: str,
    account: Account,
    kept_hash: str,
    **values: Any,  # noqa: ANN401 (of any column)
) -> Account:
    _end_sign_ins(store, connection, account)
    one_time_codes.void_code(store, connection, one_time_codes.password_of(account.id))
    return _change(store, connection, actor, account, "password_set", password_hash=kept_hash, **values)


def _end_sign_ins(store: Store, connection: Connection, account: Account) -> None:
    store.erase(connection, sign_ins, sign_ins.c.account_id == account.id)


def _keep_an_administrator(connection: Connection, account: Account) -> None:
    columns = accounts.c
    others = select(func.count()).where(
        columns.id != account.id, columns.is_active, columns.roles.like(f"%{ADMINISTRATOR}%")
    )
    if account.may(ADMINISTRATOR) and not connection.execute(others).scalar():
        raise RefusedError(
            "last_administrator", "This is the last administrator. Give the role to another active account first."
        )


def _number_of_accounts(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(accounts)).scalar() or 0
