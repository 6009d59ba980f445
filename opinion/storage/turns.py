"""Lets transactions that must not run at the same time take turns."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool


def take_turn(connection: Connection, number: int) -> None:
    """Wait until no other transaction holds ``number``, and hold it until this one ends.

    SQLite has one writer at a time anyway; in PostgreSQL it is an advisory lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


@contextmanager
def only_one(engine: Engine, number: int) -> Iterator[bool]:
    """Give ``True`` to one process at a time, ``False`` at once to the others. The block may use transactions.

    A process that dies holds nothing. Beside an SQLite file stands another one for this, which stays empty.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection, connection.begin():
            got = connection.execute(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number}).scalar()
            yield bool(got)
        return
    turns = engine.url.set(database=f"{engine.url.database}-turn-{number}")
    beside = create_engine(turns, poolclass=NullPool, connect_args={"timeout": 0})
    with beside.connect() as connection:
        try:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        except OperationalError:
            yield False
            return
        yield True
        connection.exec_driver_sql("ROLLBACK")
