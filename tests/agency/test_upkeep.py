"""``python -m opinion agency …``: backup and restore while others write, a new key, checks, on both databases."""

import base64
import os
import stat
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from case_steps import SECRET, TODAY, coordinator, reason, send
from sqlalchemy import func, inspect, select, text
from sqlalchemy.engine import make_url

from benchmarks.crashes import sending
from opinion.__main__ import main
from opinion.agency import audits, checks, patients, retention
from opinion.agency.stores import MIGRATIONS, TABLES, open_store, shared_store
from opinion.agency.tables import audit, consents, requests
from opinion.storage import backups
from opinion.storage.engines import DATABASE_URL
from opinion.storage.keys import KEY_FILE, KEYS, Keyring, new_key, read_key_file, write_key_file
from opinion.storage.migrating import is_current
from opinion.storage.rotations import add_key, key_ids
from opinion.storage.turns import only_one
from opinion.vocabularies import DATA


@pytest.fixture
def run(store, capsys):
    def run(*arguments):
        code = main(["agency", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@contextmanager
def opened(**options):
    store = open_store(**options)
    yield store
    store.engine.dispose()


def count(store, table, *where):
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar()


def key_path():
    return Path(os.environ[KEY_FILE])


# ---- backup and restore


def test_a_backup_brings_everything_back(run, store, tmp_path):
    file, key = tmp_path / "saved", send(store)
    coordinator(store)
    code, out, err = run("backup", file)
    assert code == 0 and err == "" and "keys are not in it" in out and str(key_path()) in out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and not list(tmp_path.glob("*.part"))
    later = send(store)
    assert run("restore", file)[0] == 2, "a database with requests is not overwritten unasked"
    assert count(store, requests) == 2
    code, out, err = run("restore", file, "--replace")
    assert code == 0 and err == "" and "1 requests, 0 faults" in out
    assert patients.open_own_request(store, key).content.answers["doctor_city"] == SECRET
    assert reason(patients.open_own_request, store, later) == "unknown_code"
    assert audits.faults(store) == [] and count(store, audit, audit.c.action == "backup_restored") == 1


def test_an_empty_database_takes_a_backup(run, store, tmp_path):
    file, key = tmp_path / "saved", send(store)
    run("backup", file)
    with store.writing() as connection:  # as on a new machine, where nothing has been made yet
        _drop_everything(connection)
    code, out, _ = run("restore", file)
    assert code == 0 and "1 requests, 0 faults" in out and patients.open_own_request(store, key)
    with pytest.raises(Exception, match="append-only"), store.writing() as connection:
        connection.execute(text("DELETE FROM audit"))


def _drop_everything(connection):
    names = inspect(connection).get_table_names()
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        return
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    for name in names:
        connection.execute(text(f"DROP TABLE {name}"))


def test_nothing_plain_is_in_a_backup_and_no_key(run, store, tmp_path):
    send(store)
    run("backup", tmp_path / "saved")
    saved = (tmp_path / "saved").read_bytes()
    assert SECRET.encode() not in saved and b"Rosa Verborgen" not in saved
    assert all(key not in saved for key in read_key_file(key_path()).keys.values())


def test_a_backup_that_the_keys_do_not_open_changes_nothing(run, store, tmp_path):
    send(store)
    run("backup", tmp_path / "saved")
    write_key_file(key_path(), Keyring(dict([new_key()])))
    code, out, err = run("restore", tmp_path / "saved", "--replace")
    assert code == 1 and "Nothing was changed" in out and "requests.content: the key" in err and SECRET not in err
    assert count(store, requests) == 1 and count(store, audit, audit.c.action == "backup_restored") == 0


def test_what_patients_took_back_since_is_erased_again(run, store, tmp_path):
    erased, withdrawn, kept = send(store), send(store), send(store)
    run("backup", tmp_path / "saved")
    patients.erase_own_request(store, erased)
    patients.withdraw_consent(store, withdrawn, TODAY)
    code, out, _ = run("restore", tmp_path / "saved", "--replace")
    assert code == 0 and erased.reference in out and withdrawn.reference in out and kept.reference not in out
    assert count(store, requests) == 1 and patients.open_own_request(store, kept)


def test_a_file_that_is_no_backup_is_refused(run, store, tmp_path):
    other = tmp_path / "other"
    other.write_text("not a backup")
    assert "is no backup" in run("restore", other)[2]
    assert "No such file" in run("restore", tmp_path / "missing")[2]
    assert "is there already" in run("backup", other)[2] and other.read_text() == "not a backup"
    assert "can be written" in run("backup", tmp_path / "no" / "folder")[2]


def test_a_damaged_backup_changes_nothing(run, store, tmp_path):
    for _ in range(3):
        send(store)
    file = tmp_path / "saved"
    run("backup", file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    code, out, err = run("restore", file, "--replace")
    assert code in (1, 2) and err and "was restored" not in out
    assert count(store, requests) == 3 and checks.faults(store) == []


@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_backup_of_the_other_kind_is_refused(kinds, request, monkeypatch, tmp_path, capsys):
    for kind, action in zip(kinds, ("backup", "restore"), strict=True):
        monkeypatch.setenv(DATABASE_URL, request.getfixturevalue(f"{kind}_database"))
        code = main(["agency", action, str(tmp_path / "saved")])
    assert code == 2
    assert f"is a backup of {kinds[0]}, and the database is {kinds[1]}" in capsys.readouterr().err


def test_without_its_programs_a_postgresql_backup_says_what_is_missing(
    postgresql_database, monkeypatch, tmp_path, capsys
):  # fmt: skip
    monkeypatch.setenv(DATABASE_URL, postgresql_database)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["agency", "backup", str(tmp_path / "saved")]) == 2
    assert "pg_dump is missing" in capsys.readouterr().err and not (tmp_path / "saved").exists()


def test_a_backup_in_the_middle_of_writes_is_one_whole_state(run, store, tmp_path):
    """Everything confirmed before it began is in it; requests, consents and audit lines belong together."""
    with sending("middle") as sender:
        before = [sender.stdout.readline().split() for _ in range(20)]
        assert run("backup", tmp_path / "saved")[0] == 0
        after = [sender.stdout.readline() for _ in range(10)]
    assert all(after), "it went on writing"
    sent = count(store, requests)
    code, out, _ = run("restore", tmp_path / "saved", "--replace")
    held = count(store, requests)
    assert code == 0 and "0 faults" in out and held < sent
    assert held == count(store, consents) == count(store, audit, audit.c.action == "request_sent")
    for _, reference, code, name in (line for line in before if line[0] == "sent"):
        assert patients.open_own_request(store, patients.PatientKey(reference, code)).content.name == name


# ---- a new key


def test_a_new_key_is_taken_by_what_runs_and_the_old_one_goes(run, store):
    key, old = send(store), store.keyring.sealing_id
    code, out, _ = run("rotate-key")
    new = read_key_file(key_path()).sealing_id
    assert code == 0 and new in out and list(read_key_file(key_path()).keys) == [new] and new != old
    assert patients.open_own_request(store, key).content.name, "this process was opened with the old key"
    send(store)
    with store.reading() as connection:
        assert set(key_ids(connection, TABLES)) == {new}
    assert checks.faults(store) == [] and count(store, audit, audit.c.action == "key_rotated") == 1


def test_a_rotation_that_was_stopped_is_taken_up_again(run, store):
    key, old = send(store), store.keyring.sealing_id
    added = add_key(store, key_path()).sealing_id  # and then it was stopped
    assert list(read_key_file(key_path()).keys) == [added, old] and patients.open_own_request(store, key)
    assert run("rotate-key")[0] == 0 and list(read_key_file(key_path()).keys) == [added]
    assert patients.open_own_request(store, key).content.name


def test_a_rotation_while_others_write_leaves_nothing_closed(run, store):
    with sending("key") as sender:
        assert [sender.stdout.readline() for _ in range(6)][-1]
        assert run("rotate-key")[0] == 0
        assert all(sender.stdout.readline() for _ in range(6)), "it went on writing"
    assert checks.faults(store) == []


def test_two_rotations_at_once_lose_no_key(run, store):
    key = send(store)
    command = [sys.executable, "-m", "opinion", "agency", "rotate-key"]
    started = [subprocess.Popen(command, cwd=DATA.parent, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [each.wait() for each in started] == [0, 0]
    assert patients.open_own_request(store, key).content.name and checks.faults(store) == []


def test_keys_of_the_environment_are_rotated_by_hand(run, store, monkeypatch):
    key = send(store)
    lines = [f"{id_} {base64.b64encode(each).decode()}" for id_, each in
             (new_key(), next(iter(store.keyring.keys.items())))]  # fmt: skip
    before = key_path().read_text()
    monkeypatch.setenv(KEYS, ",".join(lines))
    code, out, err = run("rotate-key")
    assert code == 2 and out == "" and KEYS in err and "reseal" in err and key_path().read_text() == before
    assert run("reseal")[0] == 0
    monkeypatch.setenv(KEYS, lines[0])
    with opened() as other:
        assert checks.faults(other) == [] and patients.open_own_request(other, key).content.name


# ---- check, migrate, erase-past


def test_check_finds_what_is_wrong(run, store):
    key = send(store)
    code, out, err = run("check")
    assert code == 0 and err == "" and out.startswith("1 requests; audit trail: 1 lines") and SECRET not in out
    with store.writing() as connection:
        connection.execute(text("UPDATE consents SET parts = (SELECT content FROM requests)"))
    code, out, err = run("check")
    assert code == 1 and "consents.parts: a sealed value was changed or moved" in err and out == "1 faults.\n"
    assert key.reference not in err


def test_check_says_that_tables_are_missing_or_the_database_is_away(run, store, monkeypatch, tmp_path):
    monkeypatch.setenv(DATABASE_URL, f"sqlite:///{tmp_path}/new.db")
    with opened(up_to_date=False) as other:
        assert run("check")[0] == 1 and not is_current(other, MIGRATIONS)
    assert run("migrate")[0] == 0 and run("check")[0] == 0
    monkeypatch.setenv(DATABASE_URL, "postgresql://127.0.0.1:1/none?connect_timeout=2")
    code, _, err = run("check")
    assert code == 1 and "does not answer" in err


def test_migrations_at_once_wait_for_each_other(database, monkeypatch, tmp_path):
    if database.startswith("sqlite"):
        monkeypatch.setenv(DATABASE_URL, f"sqlite:///{tmp_path}/fresh.db")
    else:
        monkeypatch.setenv(DATABASE_URL, database)
        shared_store.cache_clear()
        with opened(up_to_date=False) as store, store.writing() as connection:
            _drop_everything(connection)
    command = [sys.executable, "-m", "opinion", "agency", "migrate"]
    started = [subprocess.Popen(command, cwd=DATA.parent, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [each.wait() for each in started] == [0, 0, 0]
    with opened(up_to_date=False) as store:
        assert checks.faults(store) == []


def test_requests_past_their_date_are_erased(run, store, monkeypatch):
    past, kept = send(store), send(store)
    with store.writing() as connection:
        connection.execute(requests.update().where(requests.c.reference == past.reference)
                           .values(erase_on=date.today() - timedelta(1)))  # fmt: skip
    code, out, _ = run("erase-past")
    assert (
        code == 0 and out == f"{past.reference}\n1 requests were erased.\n" and patients.open_own_request(store, kept)
    )
    assert run("erase-past")[1] == "0 requests were erased.\n"


def test_one_process_at_a_time_erases(store):
    past = send(store)
    tomorrow = date.today() + timedelta(4000)
    with only_one(store.engine, retention._TURN) as is_ours:
        assert is_ours and retention.erase_past(store, tomorrow) == [], "another one is at it"
    assert retention.erase_past(store, tomorrow) == [past.reference]
    assert count(store, audit, audit.c.action == "request_erased") == 1


def test_a_process_that_dies_holds_no_turn(store):
    code = (
        "import os; from opinion.agency.stores import open_store; from opinion.storage.turns import only_one\n"
        "with only_one(open_store().engine, 7) as is_ours:\n    print(is_ours, flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=DATA.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as other:  # fmt: skip
        assert other.stdout.readline() == "True\n"
        with only_one(store.engine, 7) as is_ours:
            assert not is_ours
        other.kill()
    with only_one(store.engine, 7) as is_ours:
        assert is_ours


@pytest.mark.parametrize("address", ["postgresql://me:sesame@host/name", "postgresql://me@host/name?password=sesame"])
def test_a_password_is_no_argument_of_another_program(monkeypatch, address):
    started = []
    monkeypatch.setattr(backups.subprocess, "Popen", lambda command, **more: started.append((command, more["env"])))
    monkeypatch.setattr(backups.shutil, "which", lambda name: name)
    backups._program("pg_dump", make_url(address))
    command, settings = started[0]
    assert settings["PGPASSWORD"] == "sesame" and "sesame" not in str(command) and "me@host/name" in str(command)
