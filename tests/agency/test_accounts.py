"""Accounts: who is made, changed and switched off, by whom, and that there is always an administrator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from opinion.agency import accounts, audits, passwords, sign_ins
from opinion.agency.tables import accounts as table
from opinion.agency.tables import audit, one_time_codes
from opinion.errors import ChangedMeanwhileError, RefusedError

GOOD = "a long password 17"


def make(store, name="anna", roles=("administrator",), password=GOOD):
    return accounts.create_account(store, audits.COMMAND, name, name.title(), roles, password)


def trail(store):
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(audit.c.actor, audit.c.action, audit.c.subject))]


def refusal(call, *given):
    with pytest.raises(RefusedError) as refused:
        call(*given)
    return refused.value.reason


def test_an_account_is_made_and_found(store):
    made = accounts.create_account(store, "account:x", " Anna@Example.org ", " Anna  Berg ", ["curator"], GOOD)
    assert made == accounts.find_account(store, "ANNA@example.org") == accounts.all_accounts(store)[0]
    assert (made.name, made.shown_name, made.roles, made.version) == ("anna@example.org", "Anna Berg", ("curator",), 1)
    assert trail(store)[0] == ("account:x", "account_added", "anna@example.org") and audits.faults(store) == []
    assert accounts.find_account(store, "nobody") is None and accounts.find_account(store, "\x00") is None


def test_the_password_is_in_no_column(store):
    make(store)
    with store.reading() as connection:
        row = store.find(connection, table)[0]
    assert row["password_hash"].startswith("$argon2id$") and GOOD not in str(row)


def test_an_administrator_is_no_coordinator():
    account = accounts.Account("1", "a", "A", ("administrator",), True, 1)
    assert account.may("administrator") and not account.may("coordinator") and not account.may("curator")
    off = accounts.Account("1", "a", "A", accounts.ROLES, False, 1)
    assert not any(off.may(role) for role in accounts.ROLES)


@pytest.mark.parametrize(
    ("name", "shown", "roles", "password", "reason"),
    [
        ("a", "A", ["curator"], GOOD, "bad_name"),
        ("a b", "A", ["curator"], GOOD, "bad_name"),
        ("änne", "A", ["curator"], GOOD, "bad_name"),
        ("x" * 61, "A", ["curator"], GOOD, "bad_name"),
        ("-anna", "A", ["curator"], GOOD, "bad_name"),
        ("anna", " ", ["curator"], GOOD, "bad_shown_name"),
        ("anna", "A\x00", ["curator"], GOOD, "bad_shown_name"),
        ("anna", "A" * 61, ["curator"], GOOD, "bad_shown_name"),
        ("anna", "A", [], GOOD, "no_role"),
        ("anna", "A", ["owner"], GOOD, "no_role"),
        ("anna", "A", ["curator"], "eleven lett", "password_short"),
        ("anna", "A", ["curator"], "x1y2z3" * 34, "password_long"),
        ("annaannaanna", "A", ["curator"], "AnnaAnnaAnna", "password_is_name"),
        ("anna", "Anna von der Berg", ["curator"], "anna von der berg ", "password_is_name"),
        ("anna", "A", ["curator"], "ababababABABAB", "password_simple"),
    ],
)
def test_what_is_no_account_is_refused(sqlite_store, name, shown, roles, password, reason):
    assert refusal(accounts.create_account, sqlite_store, "x", name, shown, roles, password) == reason
    assert accounts.all_accounts(sqlite_store) == [] and trail(sqlite_store) == []


def test_a_name_is_given_once(store):
    make(store)
    assert refusal(make, store, "ANNA") == "name_taken"
    with ThreadPoolExecutor(4) as threads:  # even by many at once
        tries = [threads.submit(make, store, "ben") for _ in range(4)]
        assert sorted(type(tried.exception()).__name__ for tried in tries) == ["NoneType", *["RefusedError"] * 3]


def test_roles_are_changed_by_who_has_seen_the_last_version(store):
    make(store)
    seen = make(store, "ben", ["curator"])
    changed = accounts.change_roles(store, "account:anna", seen, ["coordinator", "curator"])
    assert changed.roles == ("coordinator", "curator") and changed.version == 2
    with pytest.raises(ChangedMeanwhileError):
        accounts.change_roles(store, "account:anna", seen, ["administrator"])
    assert accounts.find_account(store, "ben") == changed
    assert trail(store)[-1] == ("account:anna", "roles:coordinator+curator", "ben")
    longest = accounts.change_roles(store, "account:anna", changed, accounts.ROLES)
    assert longest.roles == accounts.ROLES and len(trail(store)[-1][1]) <= 40


def test_the_last_administrator_stays(store):
    anna = make(store)
    assert refusal(accounts.switch, store, "x", anna, False) == "last_administrator"
    assert refusal(accounts.change_roles, store, "x", anna, ["curator"]) == "last_administrator"
    ben = accounts.switch(store, "x", make(store, "ben"), False)
    assert refusal(accounts.switch, store, "x", anna, False) == "last_administrator", "Ben is off"
    accounts.switch(store, "x", ben, True)
    assert not accounts.switch(store, "x", anna, False).is_active


def test_two_administrators_cannot_switch_each_other_off_at_once(store):
    both = [make(store), make(store, "ben")]
    with ThreadPoolExecutor(2) as threads:
        tries = list(threads.map(lambda account: _attempt(accounts.switch, store, "x", account, False), both))
    assert sorted(tries) == ["", "last_administrator"]
    assert sum(account.may("administrator") for account in accounts.all_accounts(store)) == 1


def _attempt(call, *given):
    try:
        call(*given)
    except RefusedError as error:
        return error.reason
    return ""


def test_off_signs_out_and_lets_nobody_in(store):
    make(store)
    ben = make(store, "ben", ["coordinator"])
    token = sign_ins.sign_in(store, "ben", GOOD, "a")
    assert sign_ins.account_of(store, token) == ben
    off = accounts.switch(store, "account:anna", ben, False)
    assert sign_ins.account_of(store, token) is None
    assert refusal(sign_ins.sign_in, store, "ben", GOOD, "a") == "wrong_password"
    accounts.switch(store, "account:anna", off, True)
    assert sign_ins.account_of(store, token) is None, "the old sign-in stays ended"
    assert sign_ins.account_of(store, sign_ins.sign_in(store, "ben", GOOD, "a"))


def test_another_password_signs_out_everywhere(store):
    anna = make(store)
    tokens = [sign_ins.sign_in(store, "anna", GOOD, "a") for _ in range(2)]
    accounts.set_password(store, anna.actor, anna, "another password 5")
    assert [sign_ins.account_of(store, token) for token in tokens] == [None, None]
    assert refusal(sign_ins.sign_in, store, "anna", GOOD, "a") == "wrong_password"
    assert sign_ins.sign_in(store, "anna", "another password 5", "a")
    assert refusal(accounts.set_password, store, "x", accounts.find_account(store, "anna"), "short") == "password_short"


def test_the_same_letters_from_another_keyboard_are_the_same_password(sqlite_store):
    make(sqlite_store, password="mu\u0308nchen im april")
    assert sign_ins.sign_in(sqlite_store, "anna", "m\u00fcnchen im april", "a")


# ---- one-time codes


def test_the_first_code_makes_one_administrator(store):
    code = accounts.make_first_code(store)
    assert accounts.waits_for_the_first(store)
    made = accounts.create_first_administrator(store, code.lower().replace("-", " "), "anna", "Anna", GOOD, "a")
    assert made.roles == ("administrator",) and not accounts.waits_for_the_first(store)
    assert refusal(accounts.create_first_administrator, store, code, "ben", "Ben", GOOD, "a") == "wrong_code"
    assert accounts.make_first_code(store) is None
    assert trail(store)[0] == ("account:anna", "account_added", "anna")


def test_each_start_makes_the_code_before_void(store):
    old, new = accounts.make_first_code(store), accounts.make_first_code(store)
    assert refusal(accounts.create_first_administrator, store, old, "anna", "A", GOOD, "a") == "wrong_code"
    assert refusal(accounts.create_first_administrator, store, new, "a", "A", GOOD, "a") == "bad_name"
    assert accounts.create_first_administrator(store, new, "anna", "A", GOOD, "a"), "a wrong name does not use it up"


def test_a_code_is_void_once_the_command_has_made_an_account(store):
    code = accounts.make_first_code(store)
    make(store)
    assert refusal(accounts.create_first_administrator, store, code, "ben", "B", GOOD, "a") == "wrong_code"


def test_the_code_works_once_even_for_two_at_once(store):
    code = accounts.make_first_code(store)
    with ThreadPoolExecutor(2) as threads:
        tries = threads.map(
            lambda name: _attempt(accounts.create_first_administrator, store, code, name, "A", GOOD, "a"),
            ["anna", "ben"],
        )
    assert sorted(tries) == ["", "wrong_code"] and len(accounts.all_accounts(store)) == 1


def test_a_code_is_kept_as_a_hash_and_for_a_day(store):
    code = accounts.make_first_code(store)
    with store.writing() as connection:
        row = store.find(connection, one_time_codes)[0]
        assert code.replace("-", "") not in str(row) and code not in str(row)
        connection.execute(update(one_time_codes).values(created_at=datetime.now(UTC) - timedelta(hours=25)))
    assert refusal(accounts.create_first_administrator, store, code, "anna", "A", GOOD, "a") == "wrong_code"


def test_codes_cannot_be_guessed_for_long(store):
    code = accounts.make_first_code(store)
    for _ in range(10):
        assert refusal(accounts.create_first_administrator, store, "AAAA", "anna", "A", GOOD, "a") == "wrong_code"
    assert refusal(accounts.create_first_administrator, store, code, "anna", "A", GOOD, "a") == "too_many_attempts"
    assert accounts.create_first_administrator(store, code, "anna", "A", GOOD, "another address")


def test_a_password_is_chosen_by_a_code_and_nobody_else_knows_it(store):
    ben = accounts.create_account(store, "account:anna", "ben", "Ben", ["coordinator"])
    assert not ben.has_password and refusal(sign_ins.sign_in, store, "ben", "", "a") == "wrong_password"
    code = accounts.make_password_code(store, "account:anna", ben)
    other = accounts.create_account(store, "account:anna", "cleo", "Cleo", ["coordinator"])
    assert refusal(accounts.use_password_code, store, other.name, code, GOOD, "a") == "wrong_code"
    assert refusal(accounts.use_password_code, store, "nobody", code, GOOD, "a") == "wrong_code"
    assert refusal(accounts.use_password_code, store, "ben", code, "short", "a") == "password_short"
    assert accounts.use_password_code(store, "Ben", code, GOOD, "a").has_password
    assert refusal(accounts.use_password_code, store, "ben", code, GOOD, "a") == "wrong_code"
    assert sign_ins.sign_in(store, "ben", GOOD, "a")
    assert ("account:ben", "password_set", "ben") in trail(store)


def test_a_code_for_an_account_that_was_switched_off_is_void(store):
    make(store)
    ben = accounts.create_account(store, "x", "ben", "Ben", ["coordinator"])
    code = accounts.make_password_code(store, "x", ben)
    off = accounts.switch(store, "x", ben, False)
    assert refusal(accounts.use_password_code, store, "ben", code, GOOD, "a") == "wrong_code"
    accounts.switch(store, "x", off, True)
    assert refusal(accounts.use_password_code, store, "ben", code, GOOD, "a") == "wrong_code"


def test_hashes_are_argon2id_with_the_default_profile(monkeypatch):
    monkeypatch.undo()
    kept, profile = passwords.hash_of(GOOD), PasswordHasher()
    assert kept.startswith(f"$argon2id$v=19$m={profile.memory_cost},t={profile.time_cost},p={profile.parallelism}$")
    assert profile.memory_cost >= 19 * 1024 and passwords.is_right(kept, GOOD) and not passwords.is_right(kept, "x")
    assert not passwords.is_right("", GOOD) and not passwords.is_right("no hash", GOOD)
