"""What a patient does with a request: send it with consent, read it with their code, change, withdraw and erase it.

The code is shown once and kept as a hash. Whoever has reference and code is the patient; there is no account.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from opinion.agency import attempts, audits
from opinion.agency.consents import REQUEST, consent_texts, newest_consent
from opinion.agency.requests import (
    ALARMS,
    ENDED,
    LONGEST_LINE,
    LONGEST_TEXT,
    Content,
    Request,
    checked_text,
    erase,
    note_change,
    now,
    request_of,
)
from opinion.agency.tables import METADATA, consents, entries, files, requests
from opinion.errors import RefusedError
from opinion.guidance.answers import read_answers
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.storage.stores import Row, Store

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none is taken for another
_GROUPS, _GROUP = 4, 5


@dataclass(frozen=True)
class PatientKey:
    """What a patient was given when they sent a request."""

    reference: str
    code: str


def send_request(store: Store, content: Content, purposes: Sequence[str], language: str, today: date) -> PatientKey:
    """Keep a request and the consent to it, and return reference and code. ``purposes``: those that were ticked.

    Raises:
        RefusedError: ``no_consent``, or ``do_not_wait`` if the answers say so.

    """
    consent = newest_consent()
    known = [purpose.id for purpose in consent.purposes]
    if REQUEST not in purposes or not set(purposes) <= set(known):
        raise RefusedError("no_consent", "Nothing is sent without consent. Tick that you agree.")
    content = _checked(content)
    time, key = now(), PatientKey(f"SO-{_word(6)}", "-".join(_word(_GROUP) for _ in range(_GROUPS)))
    with store.writing() as connection:
        id_ = store.insert(
            connection,
            requests,
            reference=key.reference,
            code_hash=_hash(key.code),
            status="new",
            owner_id=None,
            next_step=None,
            next_due=None,
            created_at=time,
            changed_at=time,
            erase_on=consent.erase_on(today),
            content=asdict(content),
            version=1,
        )
        store.insert(
            connection,
            consents,
            request_id=id_,
            text_version=consent.version,
            language=language,
            parts={"purposes": list(purposes), "sent": _parts_of(content)},
            given_at=time,
            withdrawn_at=None,
        )
        audits.note(connection, audits.PATIENT, "request_sent", key.reference)
    return key


def open_own_request(store: Store, key: PatientKey, address: str = "") -> Request:
    """Return the request of who has reference and code. ``address``: whence they ask, to hold back guessing.

    Raises:
        RefusedError: ``unknown_code`` or ``too_many_attempts``.

    """
    reference, code = key.reference.strip().upper(), _plain(key.code)
    attempts.check(store, address, f"code:{reference}")
    with store.reading() as connection:
        row = store.find_one(connection, requests, requests.c.reference == reference)
    if row is None or not hmac.compare_digest(row["code_hash"], _hash(code)):
        attempts.note_failure(store, address, f"code:{reference}")
        raise RefusedError("unknown_code", "No request has this reference and code. Look at what you wrote down.")
    return request_of(row)


def send_changed_answers(store: Store, key: PatientKey, content: Content) -> Request:
    """Put changed answers, advice and date in the place of those sent; the rest stays. The same consent covers them.

    What was left out before stays out, whatever ``content`` holds. An outcome that says "do not wait" is taken too: it
    makes the case an alarm.

    Raises:
        RefusedError: as ``open_own_request``, or ``ended``.
        AnswersError: the answers are wrong.

    """
    request = _own_open_request(store, key)
    old = request.content
    new = _with_outcome(
        replace(
            old,
            answers={key: value for key, value in content.answers.items() if key not in old.left_out},
            advice=content.advice if old.advice else {},
            edition=content.edition if old.advice else "",
            outcome=content.outcome,
            last_date="" if "days_until_decision" in old.left_out else content.last_date,
        )
    )
    with store.writing() as connection:
        store.change(connection, requests, request.id, request.version, content=asdict(new), changed_at=now())
        note_change(store, connection, request.id, "answers", old.outcome, new.outcome, None)
        audits.note(connection, audits.PATIENT, "answers_changed", request.reference)
    return open_own_request(store, key)


def withdraw_consent(store: Store, key: PatientKey, today: date) -> None:
    """Take consent back: nobody at the agency can open the request any more, and it is erased within days.

    Raises:
        RefusedError: as ``open_own_request``, or ``ended``.

    """
    request = _own_open_request(store, key, but_closed=True)
    with store.writing() as connection:
        given = store.find(connection, consents, consents.c.request_id == request.id)
        text = consent_texts()[given[-1]["text_version"]]
        for consent in given:
            store.change(connection, consents, consent["id"], withdrawn_at=now())
        erase_on = min(request.erase_on, text.erase_on(request.created_at.date(), withdrawn=today))
        store.change(
            connection, requests, request.id, request.version, status="withdrawn", changed_at=now(), erase_on=erase_on
        )
        note_change(store, connection, request.id, "status", request.status, "withdrawn", None)
        audits.note(connection, audits.PATIENT, "consent_withdrawn", request.reference)


def erase_own_request(store: Store, key: PatientKey) -> None:
    """Erase the request and all that belongs to it, now.

    Raises:
        RefusedError: as ``open_own_request``.

    """
    erase(store, open_own_request(store, key), audits.PATIENT)


def everything_of(store: Store, key: PatientKey) -> dict[str, Any]:
    """Return all that is kept about the request, for its patient, as an object that JSON can hold.

    Coordinators' own notes are part of it (GDPR Article 15); files are named, and can be had one by one.

    Raises:
        RefusedError: as ``open_own_request``.

    """
    request = open_own_request(store, key)
    with store.reading() as connection:
        found: dict[str, Any] = {
            "reference": request.reference,
            "status": request.status,
            "sent": request.created_at.isoformat(timespec="seconds"),
            "erased_on": request.erase_on.isoformat(),
            "next_step": request.next_step,
            "content": asdict(request.content),
        }
        for table in METADATA.sorted_tables:
            if "request_id" in table.c:
                names = [column.name for column in table.columns if not column.name.endswith("_id")]
                without = {"content"} if table is files else set()
                rows = store.find(connection, table, table.c.request_id == request.id,
                                  only=[name for name in names if name not in without])  # fmt: skip
                found[table.name] = [_plain_row(row) for row in rows]
    return found


def add_own_message(store: Store, key: PatientKey, text: str) -> None:
    """Add a patient's message.

    Raises:
        RefusedError: as ``open_own_request``, ``ended``, ``empty`` or ``too_long``.

    """
    request = _own_open_request(store, key)
    text = checked_text(text)
    with store.writing() as connection:
        store.insert(connection, entries, request_id=request.id, kind="message", author_id=None, by_patient=True,
                     at=now(), text=text, is_read=False)  # fmt: skip
        audits.note(connection, audits.PATIENT, "message_added", request.reference)


def _own_open_request(store: Store, key: PatientKey, but_closed: bool = False) -> Request:
    request = open_own_request(store, key)
    if request.status in ENDED and not (but_closed and request.status != "withdrawn"):
        raise RefusedError("ended", "This request has ended. Send a new one.")
    return request


def _checked(content: Content) -> Content:
    content = _with_outcome(content)
    if content.outcome in ALARMS:
        raise RefusedError("do_not_wait", "This is no case for a journey. Do what the result says, now.")
    return replace(
        content, name=content.name.strip()[:LONGEST_LINE], reach=content.reach.strip()[:LONGEST_LINE],
        message=content.message.strip()[:LONGEST_TEXT],
    )  # fmt: skip


def _with_outcome(content: Content) -> Content:
    """Return the content with checked answers; the outcome is at least as urgent as that of the answers sent."""
    answers = read_answers(dict(content.answers))
    outcome = assess(load_guidance(), answers, with_changes=False).outcome
    worse = outcome if outcome in ALARMS else content.outcome or outcome
    return replace(content, answers=answers, outcome=worse)


def _parts_of(content: Content) -> list[str]:
    parts = [name for name in ("advice", "centres", "name", "reach", "message", "last_date") if getattr(content, name)]
    return [*sorted(content.answers), *parts]


def _plain_row(row: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
            if name != "id"}  # fmt: skip


def _word(letters: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(letters))


def _plain(code: str) -> str:
    """Return a code as it was made, however it was typed: small letters, spaces, O for 0, I and L for 1."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    letters = letters.replace("O", "0").replace("I", "1").replace("L", "1")
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()  # a code holds 100 random bits: no slow hash is needed
