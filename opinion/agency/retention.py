"""Erases what is past its date: requests as their consent says, and what was kept to hold back guessing."""

from datetime import date

from opinion.agency import attempts, audits
from opinion.agency.requests import erase, now, past_date
from opinion.storage.stores import Store


def erase_past(store: Store, today: date) -> list[str]:
    """Erase every request whose day has come, and return their references."""
    erased = []
    for request in past_date(store, today):
        erase(store, request, audits.SERVER)
        erased.append(request.reference)
    with store.writing() as connection:
        attempts.forget_old(connection, now())
    return erased
