"""Opens the agency's database, with its tables up to date: without any setting an SQLite file in ``var/``."""

import os
from functools import cache
from pathlib import Path

from sqlalchemy.exc import OperationalError

from opinion.agency.tables import METADATA
from opinion.errors import StorageError
from opinion.storage.engines import DATABASE_URL, database_url, open_engine
from opinion.storage.keys import load_keyring
from opinion.storage.migrating import migrate
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


@cache
def shared_store() -> Store:
    """Return the store of this process."""
    return open_store()


TABLES = tuple(METADATA.sorted_tables)
"""Every table, each after those that it refers to."""
