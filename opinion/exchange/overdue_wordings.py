"""Turns when facts are due into words: that they are overdue, and for how long.

How long is said everywhere, because nearly all of a catalogue of monthly sources is overdue at any time.
"""

from datetime import date

from opinion.centres.staleness import months_overdue, overdue_part
from opinion.texts.translations import Translator

_YEARS_FROM = 24  # months; before, a number of years would be too coarse


def overdue_time_words(due: date, day: date, t: Translator) -> str:
    """Return that what was due on ``due`` is overdue on ``day``, a later one, and for how long."""
    months = months_overdue(due, day)
    return t("overdue {time}", time=_time_words(months, t)) if months else t("overdue")


def overdue_part_words(first: date | None, last: date | None, day: date, t: Translator) -> str:
    """Return how much of what sources state of a centre is overdue, and for how long; ``""`` if nothing known is.

    ``first``, ``last``: as in ``overdue_part``. If all is overdue it is said for how long the newest is, or else for
    how long the oldest is.
    """
    part = overdue_part(first, last, day)
    if part == "all" and last is not None:
        return overdue_time_words(last, day, t)
    if part == "some" and first is not None:
        months = months_overdue(first, day)
        if months:
            return t("partly overdue, {time}", time=_time_words(months, t))
        return t("partly overdue")
    return ""


def _time_words(months: int, t: Translator) -> str:
    if months >= _YEARS_FROM:
        return t.plural("{count} year", "{count} years", months // 12)
    return t.plural("{count} month", "{count} months", months)
