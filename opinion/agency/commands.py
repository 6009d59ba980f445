"""The commands of who runs the server: ``python -m opinion users …`` and ``audit verify``."""

import argparse

from opinion.agency.roles import ROLES
from opinion.errors import StorageError


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``users`` and ``audit`` to the command line."""
    users = commands.add_parser("users", help="accounts: who may sign in, with which roles")
    actions = users.add_subparsers(required=True, metavar="ACTION")
    _add(actions, "list", "every account, a line each", "list_accounts")
    add = _add(actions, "add", "make an account; asks for its password, or reads a line", "add_account", "NAME")
    add.add_argument("--shown-name", metavar="WORDS", help="the name of the person (default: NAME)")
    add.add_argument("--role", action="append", required=True, choices=ROLES, help="may be given several times")
    roles = _add(actions, "roles", "give an account these roles and no others", "change_roles", "NAME")
    roles.add_argument("role", metavar="ROLE", nargs="+", choices=ROLES, help=", ".join(ROLES))
    _add(actions, "password", "another password: asks for it, or reads a line", "change_password", "NAME")
    _add(actions, "off", "switch an account off; it is signed out everywhere", "switch_off", "NAME")
    _add(actions, "on", "switch an account on again", "switch_on", "NAME")
    _add(actions, "unlock", "look at passwords again after too many wrong ones", "unlock", "NAME")
    _add(actions, "first-code", "a new code for the first administrator, while there is no account", "first_code")
    audit = commands.add_parser("audit", help="the audit trail")
    checks = audit.add_subparsers(required=True, metavar="ACTION")
    _add(checks, "verify", "say whether a line was changed or is missing, and which line is the last", "verify_audit")


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str, action: str, *arguments: str
) -> argparse.ArgumentParser:
    """Add a command that runs the function ``action`` of ``administration``."""
    parser = commands.add_parser(name, help=words, description=words)
    for argument in arguments:
        parser.add_argument(argument.lower(), metavar=argument)
    parser.set_defaults(run=_run, action=action)
    return parser


def record_command(by: str, action: str, subject: str) -> None:
    """Add a line to the audit trail about what ``by``, a user of this machine, did to the catalogue with a command.

    Raises ``StorageError`` if it cannot be written; what was done is done.
    """
    from opinion.agency import audits  # brings the database's library, for which other commands need not wait
    from opinion.agency.stores import open_store  # the same

    try:
        store = open_store()
        audits.record(store, f"{audits.COMMAND}:{by}", action, subject)
        store.engine.dispose()
    except StorageError as error:
        raise StorageError(f"It was done, but the audit trail could not be written. {error}") from None


def _run(options: argparse.Namespace) -> int:
    from opinion.agency import administration  # brings the database's library, for which other commands need not wait
    from opinion.agency.stores import open_store  # the same

    return int(getattr(administration, options.action)(open_store(), options))
