"""Turns what a curator read about a centre into a decision: a correction, a fact set aside, a conflict left as it is.

What is wrong with it is said before anything changes, by codes that ``exchange.correction_wordings`` puts into words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from opinion.centres.conflicts import Conflict
from opinion.centres.dates import is_dated, last_day
from opinion.centres.decisions import Decision, now
from opinion.centres.fact_database import Fact
from opinion.centres.imports.places import point_fault
from opinion.centres.imports.values import CellError, read_date, read_website
from opinion.centres.tables import fact_fault, is_web_address
from opinion.vocabularies import country_codes

LISTED = ("equipment", "disease_area", "designation")
"""The fields of which a centre has several values, from a vocabulary."""

CORRECTABLE = (
    "beds", *LISTED, "teaching", "website", "point", "name", "name_other", "city", "region", "country_code"
)  # fmt: skip
"""The fields that can be corrected. The type of a centre is the register's own word, and stays so."""

KEPT_FIELDS = ("name", "country_code")
"""The fields without which a centre cannot be: they can be corrected, but not set aside."""

MOST_BEDS = 20_000  # twice as many as the largest hospital says it has
MOST_MACHINES = 200
_LONGEST = {"name": 300, "name_other": 300, "city": 120, "region": 120}


@dataclass(frozen=True)
class Correction:
    """What a curator states of a centre, as it was typed. ``source``: the title of where it was read."""

    field: str
    value: str
    count: str = ""
    source: str = ""
    address: str = ""
    date: str = ""
    note: str = ""


def tidied(correction: Correction) -> Correction:
    """Return the correction without spaces around its texts; a point as the tables have it, if it is one.

    Web addresses and dates are read as those of a list are; what cannot be read stays as it was typed.
    """
    texts = {name: " ".join(str(getattr(correction, name)).split()) for name in correction.__dataclass_fields__}
    clean = replace(correction, **texts)
    day = _read(lambda text: read_date(text, date.max), clean.date)
    clean = replace(clean, address=_read(read_website, clean.address), date=day)
    if clean.field == "website":
        return replace(clean, value=_read(read_website, clean.value))
    if clean.field == "beds":
        return replace(clean, value=clean.value.replace(",", "").replace(" ", ""))
    if clean.field != "point":
        return clean
    parts = clean.value.replace(";", ",").split(",")
    try:
        lat, lon = (round(float(part), 6) for part in parts[:2])
    except ValueError:
        return clean
    return replace(clean, value=f"{lat},{lon},site") if len(parts) in (2, 3) else clean


def _read(read: Callable[[str], str], text: str) -> str:
    try:
        return read(text) if text else ""
    except CellError:
        return text


def correction_faults(correction: Correction, facts: Sequence[Fact], country_code: str, day: date) -> list[str]:
    """Return the codes of what is wrong with a tidied correction, in the order of its parts; nothing if it is good.

    ``facts``: those of the centre that count now; ``country_code``: where it is; ``day``: today.
    """
    faults = [_value_fault(correction, facts, country_code)]
    faults.append("no_source" if not correction.source else "")
    faults.append("" if is_web_address(correction.address) else "no_address")
    faults.append(_date_fault(correction.date, day))
    return [fault for fault in faults if fault]


def setting_aside_faults(field: str, value: str, note: str, facts: Sequence[Fact]) -> list[str]:
    """Return the codes of what is wrong with setting a fact aside; nothing if it can be done."""
    faults = []
    if field in KEPT_FIELDS:
        faults.append("field_needed")
    elif not any(fact.field == field and fact.value == value and fact.certainty != "implied" for fact in facts):
        faults.append("no_such_fact")
    if not note:
        faults.append("no_note")
    return faults


def corrected(centre_id: str, correction: Correction, by: str) -> Decision:
    """Return the decision of a tidied correction without faults."""
    said = correction
    return Decision("correct", now(), by, centre_id, field=said.field, value=said.value, count=said.count,
                    source=said.source, address=said.address, date=said.date, note=said.note)  # fmt: skip


def set_aside(centre_id: str, field: str, value: str, note: str, by: str) -> Decision:
    """Return the decision that a fact does not count any more."""
    return Decision("set_aside", now(), by, centre_id, field=field, value=value, note=note)


def accepted(centre_id: str, conflict: Conflict, by: str, note: str = "") -> Decision:
    """Return the decision that sources may disagree so: it is remembered as long as they state these values."""
    return Decision("accept", now(), by, centre_id, field=conflict.field, value=conflict.values, note=note)


def taken_back(decision_id: str, by: str, note: str = "") -> Decision:
    """Return the decision that takes another one back, which may itself take one back."""
    return Decision("undo", now(), by, undoes=decision_id, note=note)


def _value_fault(correction: Correction, facts: Sequence[Fact], country_code: str) -> str:
    field, value, count = correction.field, correction.value, correction.count
    if field not in CORRECTABLE:
        return "no_such_field"
    if not value:
        return "no_value"
    if field == "beds" and not (value.isdecimal() and value.isascii() and 1 <= int(value) <= MOST_BEDS):
        return "not_beds"
    if field in (*LISTED, "teaching") and fact_fault(field, value, ""):
        return "not_in_vocabulary"
    if count and (field != "equipment" or not (count.isdecimal() and 1 <= int(count) <= MOST_MACHINES)):
        return "not_a_count"
    if field == "website" and not is_web_address(value):
        return "not_a_website"
    if field == "country_code" and value not in country_codes():
        return "not_a_country"
    if field == "point":
        fault = _point_fault(value, country_code)
        if fault:
            return fault
    if len(value) > _LONGEST.get(field, 2000) or not value.isprintable():
        return "too_long"
    number = int(count) if count else None
    same = [fact for fact in facts if fact.field == field and fact.value == value and fact.certainty == "stated"]
    return "as_it_is" if any(fact.count == number for fact in same) else ""


def _point_fault(value: str, country_code: str) -> str:
    try:
        lat, lon, _ = value.split(",")
        return point_fault(float(lat), float(lon), country_code)
    except ValueError:
        return "not_a_point"


def _date_fault(given: str, day: date) -> str:
    if not given:
        return "no_date"
    if not is_dated(given) or "/" in given or last_day(given) is None:
        return "not_a_date"
    # the first day that it may mean: this year is not in the future before it is over
    first = (given + "-01-01")[:10] if len(given) == 4 else (given + "-01")[:10]
    return "date_in_future" if first > day.isoformat() else ""
