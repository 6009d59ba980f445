"""What the commands ``users …`` and ``audit verify`` do: from a store and options to words and the exit code."""

import argparse
import getpass
import sys

from opinion.agency import accounts, audits
from opinion.agency.passwords import check_password
from opinion.errors import RefusedError
from opinion.storage.stores import Store

_MOST_TYPED = 10_000  # letters of a password on standard input


def list_accounts(store: Store, options: argparse.Namespace) -> int:
    """Print every account: name, roles, whether it is on, the name of the person."""
    for account in accounts.all_accounts(store):
        state = "off" if not account.is_active else "locked" if account.locked_until else "on"
        password = "" if account.has_password else "  (no password yet)"
        print(f"{account.name:24}  {state:6}  {', '.join(account.roles):40}  {account.shown_name}{password}")
    return 0


def add_account(store: Store, options: argparse.Namespace) -> int:
    """Make an account with a password."""
    shown = options.shown_name or options.name
    return _done(
        accounts.create_account(store, audits.COMMAND, options.name, shown, options.role, _ask_password()), "was made"
    )


def change_roles(store: Store, options: argparse.Namespace) -> int:
    """Give an account other roles."""
    account = accounts.change_roles(store, audits.COMMAND, _account(store, options), options.role)
    return _done(account, f"has the roles: {', '.join(account.roles)}")


def change_password(store: Store, options: argparse.Namespace) -> int:
    """Give an account another password."""
    account = _account(store, options)
    return _done(accounts.set_password(store, audits.COMMAND, account, _ask_password()), "has another password")


def switch_off(store: Store, options: argparse.Namespace) -> int:
    """Switch an account off."""
    return _done(accounts.switch(store, audits.COMMAND, _account(store, options), False), "is off")


def switch_on(store: Store, options: argparse.Namespace) -> int:
    """Switch an account on."""
    return _done(accounts.switch(store, audits.COMMAND, _account(store, options), True), "is on")


def unlock(store: Store, options: argparse.Namespace) -> int:
    """Unlock an account."""
    return _done(accounts.unlock(store, audits.COMMAND, _account(store, options)), "is unlocked")


def first_code(store: Store, options: argparse.Namespace) -> int:
    """Print a new code for the first administrator; return 1 if there is an account already."""
    code = accounts.make_first_code(store)
    if code is None:
        print("There is an account already. Make others with: python -m opinion users add NAME --role ROLE")
        return 1
    print(code)
    return 0


def verify_audit(store: Store, options: argparse.Namespace) -> int:
    """Print what is wrong with the audit trail and its last line; return 1 if anything is wrong."""
    faults = audits.faults(store)
    for fault in faults:
        print(fault, file=sys.stderr)
    number, last_hash = audits.last_line(store)
    print(f"{number} lines, {len(faults)} faults. Note the last line elsewhere: {number} {last_hash}")
    return 1 if faults else 0


def _account(store: Store, options: argparse.Namespace) -> accounts.Account:
    account = accounts.find_account(store, options.name)
    if account is None:
        raise RefusedError(
            "unknown_account", f"There is no account '{options.name}'. See: python -m opinion users list"
        )
    return account


def _ask_password() -> str:
    """Ask for a password twice without showing it, or read one line if nobody sits there."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline(_MOST_TYPED).rstrip("\r\n")
    else:
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Again: "):
            raise RefusedError("passwords_differ", "The passwords differ. Run the command again.")
    check_password(password)
    return password


def _done(account: accounts.Account, what: str) -> int:
    print(f"{account.name} {what}.")
    return 0
