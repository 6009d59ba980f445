"""Signing in and out: who guesses is held back, whether or not there is such a name; sign-ins end in time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from opinion.agency import accounts, attempts, audits, passwords, sign_ins
from opinion.agency.tables import accounts as account_table
from opinion.agency.tables import attempts as attempt_table
from opinion.agency.tables import sign_ins as table
from opinion.errors import RefusedError

GOOD = "a long password 17"


@pytest.fixture
def anna(store):
    return accounts.create_account(store, audits.COMMAND, "anna", "Anna", ["administrator"], GOOD)


def refusal(store, name, password, address="here"):
    with pytest.raises(RefusedError) as refused:
        sign_ins.sign_in(store, name, password, address)
    return refused.value.reason, str(refused.value)


def age(store, **columns):
    with store.writing() as connection:
        connection.execute(update(table).values({name: datetime.now(UTC) - ago for name, ago in columns.items()}))


def number(store):
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def later(store, passed):
    """Let time pass for wrong attempts and locks."""
    with store.writing() as connection:
        for row in store.find(connection, attempt_table):
            store.change(connection, attempt_table, row["id"], at=row["at"] - passed)
        for row in store.find(connection, account_table):
            if row["locked_until"]:
                store.change(connection, account_table, row["id"], locked_until=row["locked_until"] - passed)


def test_who_signs_in_is_known_by_the_token_until_they_sign_out(store, anna):
    token = sign_ins.sign_in(store, " ANNA ", GOOD, "here")
    assert sign_ins.account_of(store, token) == anna
    with store.reading() as connection:
        assert token not in str(store.find(connection, table))
    sign_ins.sign_out(store, token)
    assert sign_ins.account_of(store, token) is None
    sign_ins.sign_out(store, token)
    sign_ins.sign_out(store, "")
    assert audits.faults(store) == [] and audits.last_line(store)[0] == 4  # added, roles, signed in, signed out


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 5000, "\x00" * 43, "ä" * 43, "\ud800" * 43])
def test_what_is_no_token_signs_nobody_in(store, anna, token):
    sign_ins.sign_in(store, "anna", GOOD, "here")
    assert sign_ins.account_of(store, token) is None


def test_roles_and_switching_off_hold_at_once(store, anna):
    token = sign_ins.sign_in(store, "anna", GOOD, "here")
    accounts.create_account(store, "x", "ben", "Ben", ["administrator"], GOOD)
    accounts.change_roles(store, "x", anna, ["curator"])
    assert not sign_ins.account_of(store, token).may("administrator")


def test_a_sign_in_ends_when_it_is_idle_or_old(store, anna):
    token = sign_ins.sign_in(store, "anna", GOOD, "here")
    age(store, used_at=sign_ins.IDLE - timedelta(minutes=1))
    assert sign_ins.account_of(store, token), "and this was a use"
    age(store, created_at=timedelta(hours=5))
    assert sign_ins.account_of(store, token)
    age(store, used_at=sign_ins.IDLE + timedelta(seconds=1))
    assert sign_ins.account_of(store, token) is None
    age(store, used_at=timedelta(0), created_at=sign_ins.LONGEST + timedelta(seconds=1))
    assert sign_ins.account_of(store, token) is None


def test_old_sign_ins_are_cleaned(store, anna):
    for _ in range(3):
        sign_ins.sign_in(store, "anna", GOOD, "here")
    age(store, created_at=timedelta(hours=13))
    sign_ins.sign_in(store, "anna", GOOD, "here")
    assert number(store) == 1


def test_signing_out_everywhere(store, anna):
    tokens = [sign_ins.sign_in(store, "anna", GOOD, "here") for _ in range(3)]
    assert sign_ins.sign_out_everywhere(store, anna.actor, anna) == 3
    assert not any(sign_ins.account_of(store, token) for token in tokens)


def test_known_and_unknown_names_get_the_same_answers_to_the_end(store, anna):
    """Wrong passwords, the lock after the fifth, and how long it lasts: nothing tells that there is an Anna."""
    for passed in (timedelta(0), timedelta(minutes=8), timedelta(minutes=14), timedelta(minutes=2)):
        later(store, passed)
        for turn in range(4):
            answers = {refusal(store, name, "wrong password", f"{passed}{turn}") for name in ("anna", "nobody")}
            assert len(answers) == 1, (passed, turn, answers)


def test_the_fifth_wrong_password_locks_for_fifteen_minutes(store, anna):
    for _ in range(5):
        assert refusal(store, "anna", "wrong password")[0] == "wrong_password"
    assert refusal(store, "anna", GOOD)[0] == "too_many_attempts", "the right one is not looked at either"
    locked = accounts.find_account(store, "anna")
    assert timedelta(minutes=14) < locked.locked_until - datetime.now(UTC) <= timedelta(minutes=15)
    later(store, timedelta(minutes=14, seconds=30))
    assert refusal(store, "anna", GOOD)[0] == "too_many_attempts"
    later(store, timedelta(seconds=40))
    assert accounts.find_account(store, "anna").locked_until is None
    assert sign_ins.sign_in(store, "anna", GOOD, "here")


def test_unlocking_lets_the_password_be_looked_at(store, anna):
    for _ in range(5):
        refusal(store, "anna", "wrong password")
    unlocked = accounts.unlock(store, "account:ben", accounts.find_account(store, "anna"))
    assert unlocked.locked_until is None and sign_ins.sign_in(store, "anna", GOOD, "elsewhere")


def test_a_right_password_starts_the_count_anew(store, anna):
    for _ in range(3):
        for _ in range(4):
            refusal(store, "anna", "wrong password", "another")
            later(store, timedelta(minutes=5))
        assert sign_ins.sign_in(store, "anna", GOOD, "here")


def test_one_address_cannot_try_many_names(store, anna):
    for turn in range(attempts.MOST):
        assert refusal(store, f"name{turn}", "wrong password")[0] == "wrong_password"
    assert refusal(store, "anna", GOOD)[0] == "too_many_attempts"
    assert sign_ins.sign_in(store, "anna", GOOD, "another address")


def test_signing_in_rightly_is_no_attempt(store, anna):
    for _ in range(attempts.MOST + 2):
        assert sign_ins.sign_in(store, "anna", GOOD, "here")


@pytest.mark.parametrize("name", ["anna", "nobody"])
def test_many_guesses_at_once_gain_nothing(store, anna, monkeypatch, name):
    looked_at = []
    is_right = passwords.is_right
    monkeypatch.setattr(passwords, "is_right", lambda *given: looked_at.append(1) or is_right(*given))
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda turn: refusal(store, name, "wrong password", f"from {turn}"), range(12)))
    assert len(looked_at) == sign_ins.WRONG_PASSWORDS


@pytest.mark.parametrize("name", ["", "\x00", "a" * 100_000, "\ud800", "'; DROP TABLE accounts; --", "%", "änne"])
def test_any_text_may_be_given_as_a_name(store, anna, name):
    assert refusal(store, name, "wrong password")[0] == "wrong_password"
    assert refusal(store, "anna", name)[0] == "wrong_password"


def test_an_unknown_name_takes_as_long(sqlite_store, monkeypatch):
    """What takes time is the hash: it is computed exactly once, and with the same profile, in every case."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    seen = []

    class Watched(PasswordHasher):
        def verify(self, kept, given):
            seen.append(kept.rsplit("$", 2)[0])
            return hasher.verify(kept, given)

    monkeypatch.setattr(passwords, "_HASHER", Watched(time_cost=1, memory_cost=64, parallelism=1))
    passwords._hash_of_nobody.cache_clear()
    accounts.create_account(sqlite_store, "x", "anna", "Anna", ["administrator"], GOOD)
    accounts.create_account(sqlite_store, "x", "ben", "Ben", ["curator"])
    off = accounts.create_account(sqlite_store, "x", "off", "Off", ["curator"], GOOD)
    accounts.switch(sqlite_store, "x", off, False)
    answers = {refusal(sqlite_store, name, "wrong password") for name in ("anna", "ben", "off", "nobody", "\x00")}
    assert len(answers) == 1 and len(seen) == 5 and len(set(seen)) == 1


def test_an_old_hash_is_made_anew_at_the_next_sign_in(store, anna, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    passwords._hash_of_nobody.cache_clear()
    assert sign_ins.sign_in(store, "anna", GOOD, "here")
    with store.reading() as connection:
        assert "m=16,t=2" in store.find(connection, account_table)[0]["password_hash"]
    assert sign_ins.sign_in(store, "anna", GOOD, "here")
