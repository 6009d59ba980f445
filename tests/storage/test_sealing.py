"""Sealed columns: nothing opens without its key, changed, or in another place; keys can be changed."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, insert, select

from opinion.errors import StorageError
from opinion.storage.columns import Sealed
from opinion.storage.engines import DATABASE_URL, database_url, open_engine
from opinion.storage.keys import KEY_FILE, KEYS, Keyring, load_keyring, new_key, write_key_file
from opinion.storage.sealing import Place, seal, unseal
from opinion.storage.stores import Store, reseal


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    """Let no setting of the whole test run reach in here."""
    for name in (KEYS, KEY_FILE, DATABASE_URL):
        monkeypatch.delenv(name, raising=False)


RING, PLACE = Keyring(dict([new_key()])), Place("requests", "content", "1")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(JSON | st.binary())
def test_what_is_sealed_opens_again(value):
    assert unseal(RING, seal(RING, value, PLACE).bytes, PLACE) == value


@given(st.text(min_size=1), st.data())
def test_what_was_changed_does_not_open(value, data):
    sealed = bytearray(seal(RING, value, PLACE).bytes)
    place = data.draw(st.integers(2, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(StorageError):
        unseal(RING, bytes(sealed), PLACE)


@pytest.mark.parametrize(
    "elsewhere", [Place("other", "content", "1"), Place("requests", "name", "1"), Place("requests", "content", "2")]
)
def test_what_was_moved_does_not_open(elsewhere):
    with pytest.raises(StorageError, match="changed or moved"):
        unseal(RING, seal(RING, "x", PLACE).bytes, elsewhere)


def test_another_key_does_not_open_it():
    with pytest.raises(StorageError, match="is missing"):
        unseal(Keyring(dict([new_key()])), seal(RING, "x", PLACE).bytes, PLACE)


def test_the_same_value_is_sealed_otherwise_each_time():
    assert seal(RING, "x", PLACE).bytes != seal(RING, "x", PLACE).bytes


def test_a_keyring_shows_no_key():
    assert all(str(key) not in repr(RING) for key in RING.keys.values())


def test_the_key_file_is_made_once_and_for_its_owner(tmp_path):
    file = tmp_path / "new" / "agency.key"
    first = load_keyring(file)
    assert load_keyring(file) == first and stat.S_IMODE(file.stat().st_mode) == 0o600
    write_key_file(file, Keyring(dict([new_key()])), is_new=True)
    assert load_keyring(file) == first, "who comes second keeps the first one's key"
    assert list(file.parent.iterdir()) == [file]


def test_a_key_file_that_others_may_read_is_refused(tmp_path):
    file = tmp_path / "agency.key"
    load_keyring(file)
    file.chmod(0o644)
    with pytest.raises(StorageError, match="chmod 600"):
        load_keyring(file)


@pytest.mark.parametrize("text", ["k1 abc", "k1", "k1 ????", "k1 " + "A" * 44 + ",k1 " + "A" * 44, "k-1 " + "A" * 44])
def test_a_wrong_key_is_refused(tmp_path, monkeypatch, text):
    monkeypatch.setenv(KEYS, text)
    with pytest.raises(StorageError, match="is no key"):
        load_keyring(tmp_path / "unused")


@pytest.fixture
def drawer(tmp_path):
    """Return a store with one table of one sealed column."""
    table = Table("drawer", MetaData(), Column("id", String, primary_key=True), Column("secret", Sealed))
    store = Store(open_engine(database_url(tmp_path / "x.db")), RING)
    with store.writing() as connection:
        table.create(connection)
    yield store, table
    store.engine.dispose()


def test_a_sealed_column_takes_nothing_plain(drawer):
    store, table = drawer
    with pytest.raises(Exception, match="sealed bytes only"), store.writing() as connection:
        connection.execute(insert(table).values(id="1", secret="plain"))
    with store.reading() as connection:
        assert store.find(connection, table) == []


def test_rows_are_sealed_again_with_a_new_key(drawer):
    store, table = drawer
    with store.writing() as connection:
        store.insert(connection, table, id="1", secret={"a": 1})
        store.insert(connection, table, id="2", secret=None)
    id_, key = new_key()
    both = Store(store.engine, Keyring({id_: key, **RING.keys}))
    assert reseal(both, [table]) == 2
    new = Store(store.engine, Keyring({id_: key}))
    with new.reading() as connection:
        assert [row["secret"] for row in new.find(connection, table, order=[table.c.id])] == [{"a": 1}, None]
        assert not any(RING.sealing_id.encode() in bytes(sealed) for sealed in connection.execute(
            select(table.c.secret).where(table.c.id == "1")).scalars())  # fmt: skip


def test_a_block_that_raises_keeps_nothing(drawer):
    store, table = drawer
    with pytest.raises(ZeroDivisionError), store.writing() as connection:
        store.insert(connection, table, id="1", secret="x")
        _ = 1 / 0
    with store.reading() as connection:
        assert store.find(connection, table) == []
