"""Erases what is past its date: requests as their consent says, and what was kept to hold back guessing."""

from datetime import date

from opinion.agency import attempts, audits
from opinion.agency.requests import erase, now, past_date
from opinion.storage.stores import Store
from opinion.storage.turns import only_one

_TURN = 5_204_716


def erase_past(store: Store, today: date) -> list[str]:
    """Erase every request whose day has come, and return their references.

    One process at a time does it: who comes meanwhile erases nothing.
    """
    with only_one(store.engine, _TURN) as is_our_turn:
        return _erase_past(store, today) if is_our_turn else []


def _erase_past(store: Store, today: date) -> list[str]:
    erased = []
    for request in past_date(store, today):
        erase(store, request, audits.SERVER)
        erased.append(request.reference)
    with store.writing() as connection:
        attempts.forget_old(connection, now())
    return erased
