"""Enquiries, our questions to centres about a request, and offers, what centres reply."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table

from opinion.agency import audits
from opinion.agency.accounts import Account
from opinion.agency.casework import current_request
from opinion.agency.requests import ENDED, LONGEST_LINE, LONGEST_TEXT, Request, covers_centres, now
from opinion.agency.tables import enquiries, offers
from opinion.errors import RefusedError
from opinion.storage.stores import Store

ENQUIRY_STATUSES = ("planned", "sent", "answered", "declined")
MODES = ("remote", "in_person")
CURRENCIES = ("EUR", "USD", "GBP", "CHF")
MOST_PRICE = 10_000_000


@dataclass(frozen=True)
class Enquiry:
    """A question to a centre. ``changed_on``: the day of its status; ``due``: when we expect a reply, or ``None``."""

    id: str
    centre_id: str
    centre_name: str
    status: str
    changed_on: date
    due: date | None
    note: str
    version: int


@dataclass(frozen=True)
class Terms:
    """What a centre offers. ``price`` in ``currency``, ``None`` if it names none; ``day``: ISO text, ``""`` if none.

    ``mode``: of ``MODES``. ``included`` and ``not_included``: in the centre's words.
    """

    centre_id: str
    centre_name: str
    price: float | None
    currency: str
    day: str
    mode: str
    included: str
    not_included: str = ""


@dataclass(frozen=True)
class Offer:
    """The reply of a centre with its terms."""

    id: str
    terms: Terms
    version: int


def plan_enquiry(store: Store, actor: Account, reference: str, centre: Mapping[str, str], today: date) -> None:
    """Attach a centre (``id`` and ``name``) to a request, to be asked; one that is attached already stays as it is.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn`` or ``ended``.

    """
    request = _open(store, actor, reference)
    if any(each.centre_id == centre["id"] for each in enquiries_of(store, actor, request)):
        return
    with store.writing() as connection:
        store.insert(connection, enquiries, request_id=request.id, centre={"id": centre["id"], "name": centre["name"]},
                     status="planned", changed_on=today, due=None, note=None, version=1)  # fmt: skip
        audits.note(connection, actor.actor, "enquiry_planned", reference)


def change_enquiry(
    store: Store, actor: Account, reference: str, seen: Enquiry, status: str, due: date | None, note: str, today: date
) -> None:
    """Give an enquiry, as it was ``seen``, another status, due day and note.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn``, ``ended``, ``too_long``; ``do_not_wait`` for
            an alarm, and ``no_consent_for_centres`` if it would be sent without the patient's consent.
        ChangedMeanwhileError: somebody else was first.

    """
    assert status in ENQUIRY_STATUSES
    request = _open(store, actor, reference)
    if len(note) > LONGEST_LINE:
        raise RefusedError("too_long", f"The note is too long. Keep it under {LONGEST_LINE} letters.")
    with store.writing() as connection:
        if status == "sent" and request.is_alarm:
            raise RefusedError("do_not_wait", "This case is an alarm: nobody should wait here. Close or decline it.")
        if status == "sent" and not covers_centres(store, connection, request.id):
            raise RefusedError("no_consent_for_centres", "The patient has not agreed that centres are asked. Ask them.")
        changed_on = seen.changed_on if status == seen.status else today
        store.change(connection, enquiries, seen.id, seen.version, status=status, changed_on=changed_on, due=due,
                     note=note.strip() or None)  # fmt: skip
        audits.note(connection, actor.actor, f"enquiry_{status}", reference)


def drop_enquiry(store: Store, actor: Account, reference: str, seen: Enquiry) -> None:
    """Take a centre that has not been asked off a request.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn``, ``ended`` or ``sent_already``.

    """
    request = _open(store, actor, reference)
    if seen.status != "planned":
        raise RefusedError("sent_already", "This centre has been asked. Set the enquiry to declined instead.")
    with store.writing() as connection:
        store.erase(connection, enquiries, enquiries.c.id == seen.id, enquiries.c.request_id == request.id,
                    enquiries.c.version == seen.version)  # fmt: skip
        audits.note(connection, actor.actor, "enquiry_dropped", reference)


def enquiries_of(store: Store, actor: Account, request: Request) -> list[Enquiry]:
    """Return the enquiries of a request, by the centre's name."""
    _may(actor)
    with store.reading() as connection:
        rows = store.find(connection, enquiries, enquiries.c.request_id == request.id)
    found = [
        Enquiry(row["id"], row["centre"]["id"], row["centre"]["name"], row["status"], row["changed_on"], row["due"],
                row["note"] or "", row["version"])
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.centre_name, each.centre_id))


def add_offer(store: Store, actor: Account, reference: str, terms: Terms) -> None:
    """Keep what a centre offers.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn``, ``ended``, ``bad_price`` or ``too_long``.

    """
    request = _open(store, actor, reference)
    _check_terms(terms)
    with store.writing() as connection:
        store.insert(connection, offers, request_id=request.id, content=asdict(terms), created_at=now(), version=1)
        audits.note(connection, actor.actor, "offer_added", reference)


def change_offer(store: Store, actor: Account, reference: str, seen: Offer, terms: Terms) -> None:
    """Put other terms in the place of those ``seen``.

    Raises:
        RefusedError: as ``add_offer``.
        ChangedMeanwhileError: somebody else was first.

    """
    _open(store, actor, reference)
    _check_terms(terms)
    with store.writing() as connection:
        store.change(connection, offers, seen.id, seen.version, content=asdict(terms))
        audits.note(connection, actor.actor, "offer_changed", reference)


def drop_offer(store: Store, actor: Account, reference: str, seen: Offer) -> None:
    """Erase an offer.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn`` or ``ended``.

    """
    request = _open(store, actor, reference)
    with store.writing() as connection:
        _erase(store, connection, offers, request, seen.id)
        audits.note(connection, actor.actor, "offer_dropped", reference)


def offers_of(store: Store, actor: Account, request: Request) -> list[Offer]:
    """Return the offers of a request, oldest first."""
    _may(actor)
    with store.reading() as connection:
        rows = store.find(
            connection, offers, offers.c.request_id == request.id, order=[offers.c.created_at, offers.c.id]
        )
    return [Offer(row["id"], Terms(**row["content"]), row["version"]) for row in rows]


def _erase(store: Store, connection: Any, table: Table, request: Request, id_: str) -> None:  # noqa: ANN401 (a Connection)
    store.erase(connection, table, table.c.id == id_, table.c.request_id == request.id)


def _open(store: Store, actor: Account, reference: str) -> Request:
    request = current_request(store, actor, reference)
    if request.status in ENDED:
        raise RefusedError("ended", "This request has ended. Open it again first.")
    return request


def _may(actor: Account) -> None:
    if not actor.may("coordinator"):
        raise RefusedError("not_allowed", "Only coordinators may see requests.")


def _check_terms(terms: Terms) -> None:
    assert terms.mode in MODES
    assert terms.currency in CURRENCIES
    if terms.price is not None and not 0 <= terms.price <= MOST_PRICE:
        raise RefusedError("bad_price", f"The price is no price. Give a number from 0 to {MOST_PRICE}.")
    if max(len(terms.included), len(terms.not_included)) > LONGEST_TEXT:
        raise RefusedError("too_long", f"The text is too long. Keep it under {LONGEST_TEXT} letters.")
