"""Turns dates into words in the reader's language."""

from datetime import date

from opinion.texts.translations import Translator


def day_words(day: date, t: Translator) -> str:
    """Return a date with its weekday and without the year, such as "Sun, Nov 22"."""
    from babel.dates import format_skeleton  # slow to import, and only plans need it

    return format_skeleton("MMMEd", day, locale=_locale(t))


def date_words(day: date, t: Translator) -> str:
    """Return a date in full, such as "November 22, 2026"."""
    from babel.dates import format_date  # the same, for documents

    return format_date(day, "long", locale=_locale(t))


def _locale(t: Translator) -> str:
    return t.language.split("-")[0]
