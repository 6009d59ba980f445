"""Lets transactions that must not run at the same time take turns."""

from sqlalchemy import Connection, text


def take_turn(connection: Connection, number: int) -> None:
    """Wait until no other transaction holds ``number``, and hold it until this one ends.

    SQLite has one writer at a time anyway; in PostgreSQL it is an advisory lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
