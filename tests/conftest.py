"""What every folder of tests may use: a catalogue of its own, the agency's empty database, somebody signed in."""

import os
import shutil
from itertools import count
from types import SimpleNamespace

import psycopg
import pytest
from packed_copies import copy_catalogue
from postgresql_server import INSTALL, programs, running_server
from streamlit.elements.lib import options_selector_utils
from streamlit.elements.widgets import multiselect, radio, selectbox

from opinion.agency import accounts, sign_ins
from opinion.agency.stores import shared_store
from opinion.centres import shared
from opinion.centres.filters import parameters
from opinion.storage.engines import DATABASE_URL
from opinion.storage.keys import KEY_FILE
from opinion.ui import sign_in


@pytest.fixture(scope="session", autouse=True)
def apart(tmp_path_factory):
    """Keep every test, and every server that one starts, away from the database of this folder's own server.

    Nobody is signed in, either: what stands for a browser in AppTest sends made-up cookies.
    """
    folder = tmp_path_factory.mktemp("agency")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE_URL, f"sqlite:///{folder}/agency.db")
        patch.setenv(KEY_FILE, str(folder / "agency.key"))
        patch.setattr(sign_in, "visitors_token", lambda: "")
        yield folder


@pytest.fixture(scope="session", autouse=True)
def unlike_choices():
    """Fail wherever two choices of a widget have the same label: Streamlit would take the last for either."""

    def create_mappings(*given, **named):
        labels, places = made(*given, **named)
        assert len(places) == len(labels), f"choices with the same label: {sorted(labels)}"
        return labels, places

    made = options_selector_utils.create_mappings
    with pytest.MonkeyPatch.context() as patch:
        for kind in (multiselect, radio, selectbox):
            patch.setattr(kind, "create_mappings", create_mappings)
        yield


@pytest.fixture
def var(tmp_path, monkeypatch):
    """Return a folder of packed files of this test's own, which the app and its commands use."""
    copy_catalogue(tmp_path)
    monkeypatch.setenv("OPINION_VAR", str(tmp_path))
    yield tmp_path
    monkeypatch.undo()
    shared._loaded.cache_clear()
    parameters.cache_clear()


@pytest.fixture(scope="session")
def postgresql():
    """Return the address of a PostgreSQL server; with CI=true it has to be there."""
    found = programs()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(INSTALL)
        pytest.skip(INSTALL)
    with running_server(found) as address:
        yield address


_numbers = count(1)


def _address_of(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory):
    """Return an SQLite file with every table and no row, to be copied: that is quicker than the migrations."""
    file = tmp_path_factory.mktemp("tables") / "agency.db"
    _make_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql_tables(postgresql):
    """Return the name of a PostgreSQL database with every table and no row, to be copied."""
    with psycopg.connect(postgresql, autocommit=True) as server:
        server.execute("CREATE DATABASE tables")
    _make_tables(_address_of(postgresql, "tables"))
    return "tables"


def _make_tables(address: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE_URL, address)
        shared_store.cache_clear()
        shared_store().engine.dispose()
        shared_store.cache_clear()


@pytest.fixture
def sqlite_database(sqlite_tables, tmp_path):
    """Return the address of an SQLite database of this test's own."""
    shutil.copy(sqlite_tables, tmp_path / "agency.db")
    return f"sqlite:///{tmp_path}/agency.db"


@pytest.fixture
def postgresql_database(postgresql, postgresql_tables):
    """Return the address of a PostgreSQL database of this test's own."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgresql, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {postgresql_tables}")
        yield _address_of(postgresql, name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """Return the address of an empty database of this test's own: each test runs on both kinds."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def store(database, monkeypatch, tmp_path):
    """Return the store of an empty database; everything in this process uses it, and so does what a test starts."""
    yield from _store_of(database, monkeypatch, tmp_path)


@pytest.fixture
def sqlite_store(sqlite_database, monkeypatch, tmp_path):
    """Return the same on SQLite alone, for tests of what does not depend on the database."""
    yield from _store_of(sqlite_database, monkeypatch, tmp_path)


def _store_of(address, monkeypatch, folder):
    monkeypatch.setenv(DATABASE_URL, address)
    monkeypatch.setenv(KEY_FILE, str(folder / "agency.key"))
    shared_store.cache_clear()
    yield shared_store()
    shared_store().engine.dispose()
    shared_store.cache_clear()


@pytest.fixture
def work_as(sqlite_store, monkeypatch):
    """Return a function that signs the visitor of the pages in, with a new account of these roles."""

    def sign(*roles):
        name = f"worker{next(_numbers)}"
        account = accounts.create_account(sqlite_store, "tests", name, name.title(), roles)
        token = sign_ins.start_sign_in(sqlite_store, account)
        monkeypatch.setattr(sign_in, "visitors_token", lambda: token)
        return SimpleNamespace(account=account, token=token)

    return sign
