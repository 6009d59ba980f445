"""Opens the agency's database, with its tables up to date: without any setting an SQLite file in ``var/``."""

import os
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from opinion.agency.tables import METADATA, requests
from opinion.errors import StorageError
from opinion.storage.engines import DATABASE_URL, database_url, open_engine
from opinion.storage.keys import load_keyring
from opinion.storage.migrating import migrate
from opinion.storage.sealing import key_id_of
from opinion.storage.stores import Store

MIGRATIONS = Path(__file__).parent / "migrations"
_ROOT = Path(__file__).resolve().parents[2]


def folder() -> Path:
    """Return the folder of the database and the key file: the environment variable ``OPINION_VAR``, else ``var/``."""
    return Path(os.environ.get("OPINION_VAR") or _ROOT / "var")


def open_store(up_to_date: bool = True) -> Store:
    """Open the database and bring its tables up to date. ``up_to_date``: else they are left as they are.

    Raises:
        StorageError: a setting or the key file is wrong, or the database does not answer.

    """
    try:
        store = Store(open_engine(database_url(folder() / "agency.db")), load_keyring(folder() / "agency.key"))
        if up_to_date:
            migrate(store, MIGRATIONS)
    except OSError as error:
        raise StorageError(f"{folder()}: {error.strerror}. Set OPINION_VAR to a folder that can be written.") from None
    except OperationalError as error:
        raise StorageError(f"{DATABASE_URL}: the database does not answer. {error.orig}".strip()) from None
    return store


def _check_key(store: Store) -> None:
    """Refuse to start with another key file than the one that sealed the requests: it would lock everybody out."""
    with store.reading() as connection:
        sealed = connection.execute(select(requests.c.content).limit(1)).scalar()
    if sealed is not None and key_id_of(sealed) not in store.keyring.keys:
        id_ = key_id_of(sealed)
        raise StorageError(
            f"The requests are sealed with the key '{id_}', which is not among ours. Restore the key file."
        )


@cache
def shared_store() -> Store:
    """Return the store of this process, of which the keys have sealed what is there.

    Raises:
        StorageError: as ``open_store``, or the key that sealed the requests is not among ours.

    """
    store = open_store()
    _check_key(store)
    return store


TABLES = tuple(METADATA.sorted_tables)
"""Every table, each after those that it refers to."""
