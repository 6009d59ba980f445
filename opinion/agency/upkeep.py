"""What the commands ``agency …`` do: save, restore and check the database and what curators made; clean it."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from opinion.agency import audits, checks, curations
from opinion.agency.requests import erase, request_of
from opinion.agency.retention import erase_past
from opinion.agency.stores import MIGRATIONS, TABLES, folder
from opinion.agency.tables import audit, requests
from opinion.centres.imports.archive import alone
from opinion.centres.inputs import default_folder
from opinion.centres.waiting_decisions import unchanged
from opinion.errors import StorageError
from opinion.storage import backups
from opinion.storage.keys import KEYS, key_file
from opinion.storage.migrating import migrate
from opinion.storage.rotations import rotate_key
from opinion.storage.stores import Store, reseal

_TAKEN_BACK = ("request_erased", "consent_withdrawn")


def back_up(store: Store, options: argparse.Namespace) -> int:
    """Save the database, and what curators made, into a file."""
    place = default_folder()
    with alone(place), unchanged(place):
        backups.back_up(store, Path(options.file), place, curations.paths_of(place))
        print(f"{options.file} was written, with {curations.count_words(place)}.")
    print(f"The keys are not in it: keep {_keys()} too, in another place.")
    return 0


def restore(store: Store, options: argparse.Namespace) -> int:
    """Put a backup in the place of the database, and of what curators made.

    Return 1 if it does not open with the keys, or holds faults.
    """
    file, place = Path(options.file), default_folder()
    if _number_of_requests(store) and not options.replace:
        raise StorageError("The database holds requests. Save it first; then give --replace to overwrite it.")
    with ExitStack() as opened:
        database, saved = opened.enter_context(backups.unpacked(file))
        if saved and curations.is_anything_made(place) and not options.replace:
            raise StorageError(
                f"{place} holds {curations.count_words(place)}. Save them first; then give --replace to overwrite them."
            )
        unreadable = backups.faults(database, store.keyring.newest(), TABLES)
        if unreadable:
            print(*unreadable, sep="\n", file=sys.stderr)
            print(f"Nothing was changed. {_keys()} does not open {file}: restore the keys of its time first.")
            return 1
        aside = opened.enter_context(curations.staged(saved, place)) if saved else None
        taken_back = _taken_back(store)
        backups.restore(store, database)
        migrate(store, MIGRATIONS)
        again = _erase_again(store, taken_back)
        if aside:
            curations.put_back(aside, place)
        with store.writing() as connection:
            audits.note(connection, audits.COMMAND, "backup_restored", file.name[:80])
    found = [*checks.faults(store), *curations.faults(place)]
    print(*found, sep="\n", file=sys.stderr, end="\n" if found else "")
    print(f"{file} was restored: {_number_of_requests(store)} requests, {len(found)} faults.")
    if aside:
        print(f"What curators made was restored too: {curations.count_words(place)}.")
    if again:
        print(f"Erased again, because their patients had taken them back since: {', '.join(again)}.")
    return 1 if found else 0


def erase_past_dates(store: Store, options: argparse.Namespace) -> int:
    """Erase every request whose day has come."""
    erased = erase_past(store, date.today())
    print(*erased, f"{len(erased)} requests were erased.", sep="\n")
    return 0


def rotate(store: Store, options: argparse.Namespace) -> int:
    """Seal everything with a new key, and drop the old one."""
    if os.environ.get(KEYS, "").strip():
        raise StorageError(
            f"The keys are in {KEYS}, which only you can change. Put a new key in front of it on every server, "
            "restart them, run: python -m opinion agency reseal. Then take the old key away and restart again."
        )
    id_, rows = rotate_key(store, key_file(folder() / "agency.key"), TABLES)
    with store.writing() as connection:
        audits.note(connection, audits.COMMAND, "key_rotated", id_)
    print(f"{rows} rows are sealed with the new key {id_}, and the old one is no more in {_keys()}.")
    print("Backups made before need your copy of the old key. Make a new backup now, and copy the key file.")
    return 0


def reseal_all(store: Store, options: argparse.Namespace) -> int:
    """Seal everything again with the first key."""
    print(f"{reseal(store, TABLES)} rows are sealed with the key {store.keyring.newest().sealing_id}.")
    return 0


def bring_up_to_date(store: Store, options: argparse.Namespace) -> int:
    """Say that the tables are up to date, as they are once the store is open; several at once wait for each other."""
    print("The tables are up to date.")
    return 0


def check(store: Store, options: argparse.Namespace) -> int:
    """Print what is wrong with the database, or with what curators made; return 1 if anything is."""
    found = [*checks.faults(store), *curations.faults(default_folder())]
    print(*found, sep="\n", file=sys.stderr, end="\n" if found else "")
    if not found:
        number, last_hash = audits.last_line(store)
        print(f"{_number_of_requests(store)} requests; audit trail: {number} lines, the last is {last_hash or 'none'}.")
        print(f"{curations.count_words(default_folder())}.")
    print(f"{len(found)} faults.")
    return 1 if found else 0


def _keys() -> str:
    return KEYS if os.environ.get(KEYS, "").strip() else str(key_file(folder() / "agency.key"))


def _number_of_requests(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(requests)).scalar() or 0


def _taken_back(store: Store) -> Sequence[str]:
    """Return the references of requests that were erased, or whose consent was withdrawn, as the audit trail says."""
    with store.reading() as connection:
        found = select(audit.c.subject).where(audit.c.action.in_(_TAKEN_BACK)).distinct()
        return connection.execute(found).scalars().all()


def _erase_again(store: Store, references: Sequence[str]) -> list[str]:
    """Erase requests that a backup has brought back, and return their references."""
    with store.reading() as connection:
        rows = store.find(connection, requests, requests.c.reference.in_(references))
    for row in rows:
        erase(store, request_of(row), audits.COMMAND)
    return [row["reference"] for row in rows]
