"""Puts a new key in the place of the old ones, while servers run, and so that it may be stopped and repeated.

The new key stands first in the key file before anything is sealed with it, and servers look at the file each time that
they seal or open. The old keys are dropped when nothing needs them any more.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, LargeBinary, Table, func, select, text, type_coerce

from opinion.storage.keys import Keyring, new_key, read_key_file, write_key_file
from opinion.storage.sealing import key_id_of
from opinion.storage.stores import Store, reseal, sealed_columns
from opinion.storage.turns import take_turn

_TURN = 5_204_715
_START = 258  # bytes of a sealed value in which the id of its key stands


def add_key(store: Store, path: Path) -> Keyring:
    """Put a new key in front of the key file and return its keys; one that a stopped rotation has put there is used."""
    with store.writing() as connection:
        take_turn(connection, _TURN)  # two rotations at once would each write a key that the other does not know
        keyring: Keyring = read_key_file(path)
        if len(keyring.keys) == 1:
            keyring = Keyring({**dict([new_key()]), **keyring.keys})
            write_key_file(path, keyring)
    return keyring


def rotate_key(store: Store, path: Path, tables: Sequence[Table]) -> tuple[str, int]:
    """Seal every sealed value with a new key and drop the old ones; return the key's id and the number of rows."""
    both = Store(store.engine, add_key(store, path))
    rows = reseal(both, tables)
    while not _drop_old_keys(both, path, tables):
        rows += reseal(both, tables)  # a transaction that began before the new key was there has ended after us
    return both.keyring.sealing_id, rows


def key_ids(connection: Connection, tables: Sequence[Table]) -> Counter[str]:
    """Return how many sealed values there are of each key, by its id."""
    found: Counter[str] = Counter()
    for table in tables:
        for name in sealed_columns(table):
            start = select(func.substr(type_coerce(table.c[name], LargeBinary), 1, _START))
            starts = connection.execute(start.where(table.c[name].is_not(None))).scalars()
            found.update(key_id_of(bytes(value)) for value in starts)
    return found


def _drop_old_keys(store: Store, path: Path, tables: Sequence[Table]) -> bool:
    first = store.keyring.sealing_id
    with store.writing() as connection:
        if connection.dialect.name == "postgresql":  # waits for who writes, and lets nobody write meanwhile
            names = ", ".join(table.name for table in tables if sealed_columns(table))
            connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
        take_turn(connection, _TURN)
        if set(key_ids(connection, tables)) - {first}:
            return False
        write_key_file(path, Keyring({first: store.keyring.keys[first]}))
    return True
