"""Says whether the database can be used, and whether everything in it is whole."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from opinion.agency import audits
from opinion.agency.stores import MIGRATIONS, TABLES
from opinion.errors import StorageError
from opinion.storage.migrating import is_current
from opinion.storage.sealing import Place, unseal
from opinion.storage.stores import Store, sealed_columns


def is_ready(store: Store) -> bool:
    """Say whether the database answers and its tables are up to date."""
    try:
        return is_current(store, MIGRATIONS)
    except SQLAlchemyError:
        return False


def faults(store: Store) -> list[str]:
    """Return what is wrong with the database, a sentence each, never a word of a patient; nothing if all is well.

    Looked at are: whether it answers, its tables, every sealed value, the audit trail. It takes as long as to read all.
    """
    try:
        if not is_current(store, MIGRATIONS):
            return ["The tables are not up to date. Run: python -m opinion agency migrate"]
        return [*dict.fromkeys(_sealed_faults(store)), *audits.faults(store)]
    except SQLAlchemyError as error:
        return [f"The database does not answer: {type(error).__name__}."]


def _sealed_faults(store: Store) -> Iterator[str]:
    keyring = store.keyring.newest()
    with store.reading() as connection:
        for table in TABLES:
            names = sealed_columns(table)
            rows = connection.execute(select(table.c.id, *(table.c[name] for name in names))) if names else ()
            for id_, *values in rows:
                for name, value in zip(names, values, strict=True):
                    try:
                        if value is not None:
                            unseal(keyring, value, Place(table.name, name, id_))
                    except StorageError as error:
                        yield str(error)
