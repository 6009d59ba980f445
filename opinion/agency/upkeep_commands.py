"""The commands that keep the database, and what curators made: ``python -m opinion agency …``."""

import argparse


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``agency`` to the command line."""
    agency = commands.add_parser("agency", help="the database of requests: save, restore, check, clean")
    actions = agency.add_subparsers(required=True, metavar="ACTION")
    save = _add(
        actions,
        "backup",
        "save the database, and imports, recipes and decisions, into a new file, while servers run; no keys",
    )
    save.set_defaults(action="back_up")
    save.add_argument("file", metavar="FILE")
    put_back = _add(actions, "restore", "put a backup in the place of all that; stop the servers first")
    put_back.set_defaults(action="restore")
    put_back.add_argument("file", metavar="FILE")
    put_back.add_argument(
        "--replace", action="store_true", help="also over requests and imports that are there: they are lost"
    )
    for name, words, action in (
        ("check", "does the database answer, is every table, sealed value, audit line and import whole", "check"),
        ("migrate", "bring the tables up to date, which every start does too", "bring_up_to_date"),
        ("erase-past", "erase requests past their date, which a server does every day too", "erase_past_dates"),
        ("rotate-key", "seal everything with a new key, while servers run; may be stopped and repeated", "rotate"),
        ("reseal", "seal everything with the first key of the keyring", "reseal_all"),
    ):
        _add(actions, name, words).set_defaults(action=action)


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(run=_run)
    return parser


def _run(options: argparse.Namespace) -> int:
    from opinion.agency import upkeep  # brings the database's library, for which other commands need not wait
    from opinion.agency.stores import open_store  # the same

    store = open_store(up_to_date=options.action != "check")
    try:
        return int(getattr(upkeep, options.action)(store, options))
    finally:
        store.engine.dispose()
