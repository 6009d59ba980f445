"""Turns dated steps into a calendar file (iCalendar, RFC 5545) for a phone's or a computer's calendar.

Titles say nothing of a disease, a doctor or a clinic: a calendar is seen by others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from icalendar import Calendar, Event

FILE_NAME = "calendar.ics"
ICS = "text/calendar"


@dataclass(frozen=True)
class Entry:
    """One whole day: its title, and what to do then (plain text)."""

    day: date
    title: str
    text: str = ""


def calendar_of(entries: Sequence[Entry]) -> bytes:
    """Return a calendar file with one all-day event for each entry, private and shown as free time."""
    calendar = Calendar()
    calendar.add("prodid", "-//Second Opinion//EN")
    calendar.add("version", "2.0")
    for entry in entries:
        event = Event()
        event.add("uid", f"{uuid4()}")
        event.add("dtstamp", datetime.now(UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", entry.title)
        if entry.text:
            event.add("description", entry.text)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
