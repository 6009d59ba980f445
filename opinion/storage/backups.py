"""Saves a database into one file while others write to it, with files that belong to it, and puts it back.

SQLite is copied by its own online backup; PostgreSQL by ``pg_dump``, whose file ``pg_restore`` reads. Either sees one
state of the database. The copy stands in a TAR file as ``database``, what belongs to it in ``files/``, and at its end
``complete``: without it the file was cut off. The keys of sealed columns are not in it: keep them elsewhere.
"""

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, Table, create_engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from opinion.errors import StorageError
from opinion.storage.keys import Keyring
from opinion.storage.sealing import Place, unseal
from opinion.storage.stores import Store, sealed_columns

_STARTS = {b"SQLite format 3\x00": "sqlite", b"PGDMP": "postgresql"}
_DATABASE, _FILES, _COMPLETE = "database", "files", "complete"
_TAR, _TAR_AT = b"ustar", 257
_PROGRAMS = "Install PostgreSQL's programs for clients: apt-get install postgresql-client"

SealedValue = tuple[Place, bytes]


def back_up(store: Store, file: Path, folder: Path | None = None, beside: Sequence[Path] = ()) -> None:
    """Write one state of the database into a new file, for its owner alone: whole, or not at all.

    ``beside``: files and folders in ``folder`` that go into it too.

    Raises:
        StorageError: there is such a file already, it cannot be written, or ``pg_dump`` fails or is missing.

    """
    if file.exists():
        raise StorageError(f"{file}: is there already. Give the name of a new file.")
    draft, whole = file.with_name(f"{file.name}.part"), file.with_name(f"{file.name}.whole.part")
    try:
        for path in (draft, whole):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            path.chmod(0o600)
        if store.engine.dialect.name == "sqlite":
            _copy_sqlite(store.engine, _sqlite_file(draft), is_backup=True)
        else:
            _run("pg_dump", store.engine.url, "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}")
        with whole.open("rb+") as written:
            with tarfile.open(fileobj=written, mode="w") as packed:
                packed.add(draft, _DATABASE)
                for path in beside:
                    packed.add(path, f"{_FILES}/{path.relative_to(folder or path.parent).as_posix()}")
                packed.addfile(tarfile.TarInfo(_COMPLETE))
            written.flush()
            os.fsync(written.fileno())
        whole.replace(file)
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}. Give a file in a folder that can be written.") from None
    finally:
        draft.unlink(missing_ok=True)
        whole.unlink(missing_ok=True)


@contextmanager
def unpacked(file: Path) -> Iterator[tuple[Path, Path | None]]:
    """Give the copy of the database in a backup, and the folder of what belongs to it, while it is used.

    A backup of an older version is the database alone: the folder is then ``None``.

    Raises:
        StorageError: the file cannot be read, or is damaged.

    """
    try:
        with file.open("rb") as opened:
            is_packed = opened.read(_TAR_AT + len(_TAR))[_TAR_AT:] == _TAR
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}.") from None
    if not is_packed:
        yield file, None
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        try:
            with tarfile.open(file) as packed:
                packed.extractall(place, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise StorageError(f"{file}: is damaged ({error}). Use another backup.") from None
        if not (place / _DATABASE).is_file():
            raise StorageError(f"{file}: is no backup that this program has made.")
        if not (place / _COMPLETE).is_file():
            raise StorageError(f"{file}: is damaged (its end is missing). Use another backup.")
        (place / _FILES).mkdir(exist_ok=True)
        yield place / _DATABASE, place / _FILES


def kind_of(file: Path) -> str:
    """Return the kind of database that a backup is of: ``sqlite`` or ``postgresql``.

    Raises:
        StorageError: the file cannot be read, or is no backup.

    """
    try:
        with file.open("rb") as opened:
            start = opened.read(16)
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}.") from None
    found = [kind for sign, kind in _STARTS.items() if start.startswith(sign)]
    if not found:
        raise StorageError(f"{file}: is no backup that this program has made.")
    return found[0]


def faults(file: Path, keyring: Keyring, tables: Sequence[Table]) -> list[str]:
    """Return what in a backup does not open with these keys, a sentence each; nothing if everything does.

    Raises:
        StorageError: the file is no backup, is damaged, or ``pg_restore`` is missing.

    """
    found: dict[str, None] = {}
    values = _sqlite_values if kind_of(file) == "sqlite" else _postgresql_values
    try:
        for place, sealed in values(file, {table.name: sealed_columns(table) for table in tables}):
            try:
                unseal(keyring, sealed, place)
            except StorageError as error:
                found[str(error)] = None
    except DatabaseError:
        raise StorageError(f"{file}: is damaged. Use another backup.") from None
    return list(found)


def restore(store: Store, file: Path) -> None:
    """Put a backup in the place of everything that the database holds: all of it, or nothing if it fails.

    The tables are then those of the backup's time: migrate afterwards.

    Raises:
        StorageError: the backup is of another kind of database or damaged, or a program fails or is missing.

    """
    kind = kind_of(file)
    if kind != store.engine.dialect.name:
        raise StorageError(f"{file}: is a backup of {kind}, and the database is {store.engine.dialect.name}.")
    if kind == "sqlite":
        _copy_sqlite(_sqlite_file(file, is_read_only=True), store.engine)
        return
    tables = ", ".join(f'"{name}"' for name in inspect(store.engine).get_table_names())
    store.engine.dispose()
    script = f"DROP TABLE {tables} CASCADE;\n" if tables else ""  # also those that the backup does not know
    with _program("psql", store.engine.url, "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1",
                  "--output=/dev/null", stdin=subprocess.PIPE) as psql:  # fmt: skip
        try:
            _feed(psql.stdin, f"BEGIN;\n{script}".encode())
            with _program("pg_restore", None, "--clean", "--if-exists", "--no-owner", "--no-privileges", "--file=-",
                          str(file), stdout=subprocess.PIPE) as reader:  # fmt: skip
                shutil.copyfileobj(_opened(reader.stdout), _opened(psql.stdin))
                _finish("pg_restore", reader)
            _feed(psql.stdin, b"\nCOMMIT;\n")  # without it psql ends, and nothing has happened
        except BrokenPipeError:
            pass  # psql has stopped, and says why
        except StorageError:
            psql.communicate()
            raise
        _finish("psql", psql)


# ---- SQLite


def _sqlite_file(file: Path, is_read_only: bool = False) -> Engine:
    options = {"uri": "true", "mode": "ro", "immutable": "1"} if is_read_only else {}
    name = f"file:{file.resolve()}" if is_read_only else str(file)
    return create_engine(URL.create("sqlite+pysqlite", database=name, query=options))


def _copy_sqlite(source: Engine, target: Engine, is_backup: bool = False) -> None:
    """Copy one database over another in one step. ``is_backup``: the copy is one file, with no log beside it."""
    giving, taking = source.raw_connection(), target.raw_connection()
    try:
        giving.driver_connection.backup(taking.driver_connection)  # type: ignore[union-attr]
        cursor = taking.cursor()
        if is_backup:
            cursor.execute("PRAGMA journal_mode = DELETE")
        cursor.execute("PRAGMA quick_check(1)")
        found = cursor.fetchone()
        if not found or found[0] != "ok":
            raise StorageError("The copy of the database is damaged. Use another backup.")
    except Exception as error:
        if type(error).__module__ != "sqlite3":
            raise
        raise StorageError(f"The database could not be copied: {error}.") from None
    finally:
        giving.close()
        taking.close()
        (target if is_backup else source).dispose()


def _sqlite_values(file: Path, columns: dict[str, list[str]]) -> Iterator[SealedValue]:
    engine = _sqlite_file(file, is_read_only=True)
    try:
        known = inspect(engine)
        with engine.connect() as connection:
            for table in known.get_table_names():
                there = {column["name"] for column in known.get_columns(table)}
                for name in sorted(there & set(columns.get(table, []))):
                    for id_, value in connection.execute(text(f"SELECT id, {name} FROM {table}")):
                        if value is not None:
                            yield Place(table, name, id_), value
    finally:
        engine.dispose()


# ---- PostgreSQL


def _postgresql_values(file: Path, columns: dict[str, list[str]]) -> Iterator[SealedValue]:
    """Read the rows as ``pg_restore`` writes them: COPY, a row a line, tabs between the values."""
    with _program("pg_restore", None, "--data-only", "--file=-", str(file), stdout=subprocess.PIPE) as reader:
        names: list[str] = []
        table, at_id = "", -1
        for line in _opened(reader.stdout):
            if not names and line.startswith(b"COPY "):
                start, _, rest = line.decode().removeprefix("COPY ").partition(" (")
                table = start.rpartition(".")[2]
                names = rest.partition(")")[0].split(", ")
                at_id = names.index("id") if "id" in names else -1
            elif line == b"\\.\n":
                names = []
            elif names and at_id >= 0 and table in columns:
                values = line.rstrip(b"\n").split(b"\t")
                for name in set(names) & set(columns[table]):
                    value = values[names.index(name)]
                    if value != b"\\N":
                        sealed = bytes.fromhex(value.removeprefix(b"\\\\x").decode())
                        yield Place(table, name, values[at_id].decode()), sealed
        _finish("pg_restore", reader)


def _program(
    name: str, url: URL | None, *arguments: str, stdin: int | None = None, stdout: int | None = None
) -> "subprocess.Popen[bytes]":
    """Start one of PostgreSQL's programs; a password is never among its arguments, which everybody can see."""
    found = shutil.which(name)
    if found is None:
        raise StorageError(f"{name} is missing. {_PROGRAMS}")
    given, settings = list(arguments), dict(os.environ)
    if url is not None:
        password = url.password or url.query.get("password")
        query = {name: value for name, value in url.query.items() if name != "password"}
        plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
        given.append(f"--dbname={plain.render_as_string()}")
        if password:
            settings["PGPASSWORD"] = str(password)
    return subprocess.Popen([found, *given], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=settings)


def _run(name: str, url: URL, *arguments: str) -> None:
    with _program(name, url, *arguments, stdout=subprocess.DEVNULL) as process:
        _finish(name, process)


def _finish(name: str, process: "subprocess.Popen[bytes]") -> None:
    _, said = process.communicate()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or ["it gave no reason"]
        raise StorageError(f"{name}: {lines[-1]}")


def _feed(pipe: IO[bytes] | None, script: bytes) -> None:
    _opened(pipe).write(script)
    _opened(pipe).flush()


def _opened(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
