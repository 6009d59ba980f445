"""Turns the dates that sources give (a day, a month, a year, a period, a release) into what can be compared."""

import calendar
import re
from datetime import date
from functools import lru_cache

_DATED = re.compile(r"\d{4}(-\d\d){0,2}(/\d{4}(-\d\d){0,2})?")


def is_dated(given: str) -> bool:
    """Say whether a source gives a date; a release ("v1.10") or nothing at all is none."""
    return _DATED.fullmatch(given) is not None


def date_order(given: str) -> tuple[bool, str]:
    """Return a key that sorts dates, the oldest first, and before them what is no date.

    A period counts by its end; a year alone stands before the days in it.
    """
    dated = is_dated(given)
    return dated, given.rpartition("/")[2] if dated else given


@lru_cache(maxsize=4096)  # few dates stand at many facts
def last_day(given: str) -> date | None:
    """Return the last day that a date may mean, of a period the last of its end; ``None`` if it is none."""
    if not is_dated(given):
        return None
    year, month, day = (*map(int, given.rpartition("/")[2].split("-")), 0, 0)[:3]
    try:
        return date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def add_months(day: date, months: int) -> date:
    """Return the day so many months later; the last of the month where that month is shorter, or the day was a last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    longest = calendar.monthrange(year, month)[1]
    was_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month, longest if was_last else min(day.day, longest))
