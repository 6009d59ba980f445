"""Claims of an identity provider: who counts as whom, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from opinion.agency import accounts, audits
from opinion.agency.identities import account_of_claims
from opinion.agency.sign_ins import LONGEST

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLAIMS = {"email": "Anna@Example.org", "email_verified": True, "iat": NOW.timestamp() - 60}


@pytest.fixture
def anna(sqlite_store):
    accounts.create_account(sqlite_store, audits.COMMAND, "boss", "Boss", ["administrator"])
    return accounts.create_account(sqlite_store, audits.COMMAND, "anna@example.org", "Anna", ["coordinator"])


def test_a_verified_address_is_the_account_of_that_name(sqlite_store, anna):
    assert account_of_claims(sqlite_store, CLAIMS, NOW) == anna


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "other@example.org"}, {"email": None}, {"email": 7}, {"email_verified": False},
        {"email_verified": "true"}, {"email_verified": None}, {"iat": None}, {"iat": True}, {"iat": "now"},
        {"iat": (NOW - LONGEST - timedelta(seconds=1)).timestamp()}, {"iat": (NOW + timedelta(hours=1)).timestamp()},
    ],
)  # fmt: skip
def test_everything_else_is_nobody(sqlite_store, anna, wrong):
    assert account_of_claims(sqlite_store, {**CLAIMS, **wrong}, NOW) is None


def test_who_was_switched_off_is_nobody(sqlite_store, anna):
    accounts.switch(sqlite_store, audits.COMMAND, anna, False)
    assert account_of_claims(sqlite_store, CLAIMS, NOW) is None
