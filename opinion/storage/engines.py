"""Opens the database: SQLite in a file that needs no set-up, or PostgreSQL by ``OPINION_DATABASE_URL``."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from opinion.errors import StorageError

DATABASE_URL = "OPINION_DATABASE_URL"
"""The environment variable: ``postgresql://user@host/name`` or ``sqlite:////path/file.db``."""

WAIT_S = 30
"""Seconds that a writer waits for another one."""

WRITES = "opinion_writes"  # an execution option: the transaction will write


def database_url(default_file: Path) -> URL:
    """Return the address of the database: the setting's, else that of an SQLite file.

    Raises:
        StorageError: the setting is no address, or names another kind of database.

    """
    try:
        url = make_url(os.environ.get(DATABASE_URL) or f"sqlite:///{default_file}")
    except ArgumentError:
        raise StorageError(f"{DATABASE_URL}: is no address. Give postgresql://user@host/name.") from None
    kind = url.get_backend_name()
    if kind == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite+pysqlite")
    raise StorageError(f"{DATABASE_URL}: '{kind}' is not a database we can use. Give postgresql://… or sqlite:///file.")


def open_engine(url: URL) -> Engine:
    """Return an engine for ``url``; an SQLite file that is missing is made, for its owner alone."""
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=20)
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(url, connect_args={"timeout": WAIT_S, "check_same_thread": False})
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return engine


def _settle(connection: Any, record: object) -> None:  # noqa: ANN401 (a connection of the driver)
    connection.isolation_level = None  # we begin transactions ourselves: the driver would begin them late
    for setting in (
        "journal_mode = WAL",  # readers do not wait for a writer
        "synchronous = FULL",  # what was confirmed is on the disk
        "foreign_keys = ON",
        "secure_delete = ON",  # what was erased is overwritten
        f"busy_timeout = {WAIT_S * 1000}",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later could not get the lock any more if another one wrote between.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
