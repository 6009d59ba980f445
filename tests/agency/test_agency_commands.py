"""``python -m opinion users …`` and ``audit verify``: what who runs the server does without a browser."""

import io
import sys

import pytest
from sqlalchemy import text

from opinion.__main__ import main
from opinion.agency import accounts, sign_ins

GOOD = "a long password 17"


@pytest.fixture
def run(sqlite_store, monkeypatch, capsys):
    def run(*arguments, typed=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main([*arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_an_account_is_made_changed_and_switched(run, sqlite_store):
    added = run("users", "add", "Anna", "--shown-name", "Anna Berg", "--role", "administrator", typed=f"{GOOD}\n")
    assert added == (0, "anna was made.\n", "")
    assert sign_ins.sign_in(sqlite_store, "anna", GOOD, "here")
    assert run("users", "add", "ben", "--role", "curator", "--role", "coordinator", typed=GOOD)[0] == 0
    assert run("users", "roles", "ben", "administrator")[1] == "ben has the roles: administrator.\n"
    assert run("users", "password", "anna", typed="another password 5\n")[0] == 0
    assert sign_ins.sign_in(sqlite_store, "anna", "another password 5", "here")
    assert run("users", "off", "anna")[0] == 0 and not accounts.find_account(sqlite_store, "anna").is_active
    assert run("users", "on", "anna")[0] == 0 and run("users", "unlock", "anna")[0] == 0
    lines = run("users", "list")[1].splitlines()
    assert [line.split()[0] for line in lines] == ["anna", "ben"] and "Anna Berg" in lines[0]


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (("add", "anna", "--role", "curator"), "", "too short"),
        (("add", "anna", "--role", "curator"), "short\n", "too short"),
        (("add", "a", "--role", "curator"), GOOD, "2 to 60"),
        (("off", "nobody"), "", "There is no account 'nobody'"),
        (("password", "nobody"), GOOD, "There is no account 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_said(run, sqlite_store, arguments, typed, words):
    code, out, err = run("users", *arguments, typed=typed)
    assert code == 2 and out == "" and words in err and accounts.all_accounts(sqlite_store) == []


def test_a_password_is_never_an_argument(run):
    with pytest.raises(SystemExit):
        run("users", "add", "anna", GOOD, "--role", "curator")
    with pytest.raises(SystemExit):
        run("users", "password", "anna", "--password", GOOD)


def test_the_first_code(run, sqlite_store):
    code = run("users", "first-code")[1].strip()
    assert accounts.create_first_administrator(sqlite_store, code, "anna", "Anna", GOOD, "here")
    assert run("users", "first-code")[0] == 1


def test_the_trail_is_verified(run, sqlite_store):
    run("users", "add", "anna", "--role", "administrator", typed=GOOD)
    code, out, err = run("audit", "verify")
    assert code == 0 and out.startswith("2 lines, 0 faults.") and err == ""
    with sqlite_store.writing() as connection:
        connection.execute(text("DROP TRIGGER audit_refuses_update"))
        connection.execute(text("UPDATE audit SET actor = 'nobody' WHERE id = 1"))
    code, out, err = run("audit", "verify")
    assert code == 1 and err == "audit line 1: was changed.\n" and out.startswith("2 lines, 1 faults.")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("OPINION_DATABASE_URL", "postgresql://127.0.0.1:1/none?connect_timeout=2", "does not answer"),
        ("OPINION_DATABASE_URL", "mysql://x", "'mysql' is not a database we can use"),
        ("OPINION_DATABASE_URL", "no address", "is no address"),
        ("OPINION_KEYS", "k1 short", "is no key"),
    ],
)
def test_a_wrong_setting_is_said_in_a_line(run, monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    code, out, err = run("users", "list")
    assert code == 2 and out == "" and err.startswith("error: ") and words in err
