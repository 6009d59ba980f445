"""Reads and writes rows: a ``Store`` is a database and the keys of its sealed columns.

Every table has a text column ``id``. A table with a column ``version`` is changed only by who has seen its last
version.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, select, update
from sqlalchemy import insert as insert_into

from opinion.errors import ChangedMeanwhileError
from opinion.storage.columns import Sealed
from opinion.storage.engines import WRITES
from opinion.storage.keys import Keyring
from opinion.storage.sealing import Place, SealedBytes, seal, unseal

Row = dict[str, Any]


def new_id() -> str:
    """Return a new id of a row, which nobody can guess."""
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Store:
    """A database and the keys of its sealed columns. Safe to share between threads."""

    engine: Engine
    keyring: Keyring

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept when the block ends, or none if it raises."""
        with self.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            yield connection

    def insert(self, connection: Connection, table: Table, **values: Any) -> str:  # noqa: ANN401 (of any column)
        """Write a new row and return its id, which is made if none is given. Sealed columns take plain values."""
        row = {"id": new_id(), **values}
        connection.execute(insert_into(table).values(self.sealed(table, row["id"], row)))
        return str(row["id"])

    def change(
        self,
        connection: Connection,
        table: Table,
        id_: str,
        version: int | None = None,
        **values: Any,  # noqa: ANN401 (of any column)
    ) -> None:
        """Change columns of one row. ``version``: the one that was seen; the row then gets the next one.

        Raises:
            ChangedMeanwhileError: the row has another version by now, or is gone.

        """
        change = update(table).where(table.c.id == id_)
        new = self.sealed(table, id_, values)
        if version is not None:
            change, new = change.where(table.c.version == version), {**new, "version": version + 1}
        if connection.execute(change.values(new)).rowcount != 1:
            raise ChangedMeanwhileError("Somebody else has changed this meanwhile. Look at it again, then repeat.")

    def find(
        self,
        connection: Connection,
        table: Table,
        *where: ColumnElement[bool],
        order: Sequence[ColumnElement[Any]] = (),
        only: Sequence[str] = (),
    ) -> list[Row]:
        """Return the rows that meet every condition, in the order given, with sealed columns opened.

        ``only``: the columns to read besides ``id``; none for all.
        """
        columns = [table.c[name] for name in dict.fromkeys(("id", *only))] if only else [table]
        rows = connection.execute(select(*columns).where(*where).order_by(*order)).mappings()
        return [self.opened(table, row) for row in rows]

    def find_one(self, connection: Connection, table: Table, *where: ColumnElement[bool]) -> Row | None:
        """Return the one row that meets every condition, ``None`` if there is none."""
        found = self.find(connection, table, *where)
        return found[0] if found else None

    def erase(self, connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
        """Erase the rows that meet every condition and return how many there were."""
        return connection.execute(delete(table).where(*where)).rowcount

    def sealed(self, table: Table, id_: str, values: Mapping[str, Any]) -> Row:
        """Return ``values`` with those of sealed columns sealed; ``None`` stays ``None``."""
        keyring = self.keyring.newest()
        return {
            name: seal(keyring, value, Place(table.name, name, id_))
            if self._is_sealed(table, name, value) else value
            for name, value in values.items()
        }  # fmt: skip

    def opened(self, table: Table, row: Mapping[Any, Any]) -> Row:
        """Return a row with its sealed columns opened."""
        keyring = self.keyring.newest()
        return {
            str(name): unseal(keyring, value, Place(table.name, str(name), row["id"]))
            if self._is_sealed(table, str(name), value) else value
            for name, value in row.items()
        }  # fmt: skip

    def shred(self) -> None:
        """Let nothing erased stay in SQLite's log of writes. PostgreSQL sees to it itself, in time."""
        if self.engine.dialect.name == "sqlite":
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    @staticmethod
    def _is_sealed(table: Table, name: str, value: object) -> bool:
        return value is not None and not isinstance(value, SealedBytes) and isinstance(table.c[name].type, Sealed)


def sealed_columns(table: Table) -> list[str]:
    """Return the names of the sealed columns of a table."""
    return [column.name for column in table.columns if isinstance(column.type, Sealed)]


def reseal(store: Store, tables: Sequence[Table]) -> int:
    """Seal every sealed value again with the first key of the keyring; return the number of rows."""
    count = 0
    for table in tables:
        names = sealed_columns(table)
        if not names:
            continue
        with store.reading() as connection:
            ids = connection.execute(select(table.c.id)).scalars().all()
        for id_ in ids:
            with store.writing() as connection:  # one row at a time: nobody waits long
                found = store.find(connection, table, table.c.id == id_, only=names)
                for row in found:
                    store.change(connection, table, id_, **{name: row[name] for name in names})
                    count += 1
    return count
