"""The words of a request for coordinators: days left, what is due, and the outcome, each in a few words."""

from datetime import date

from opinion.agency.requests import Request
from opinion.guidance.contents import load_guidance
from opinion.texts.translations import Translator


def days_words(request: Request, today: date, t: Translator) -> str:
    """Return how many days are left until the doctor's last date."""
    days = request.days_left(today)
    if days is None:
        return t("date not known")
    if days < 0:
        return t.plural("{count} day late", "{count} days late", -days)
    return t.plural("{count} day left", "{count} days left", days) if days else t("today")


def due_words(due: date | None, today: date, t: Translator) -> str:
    """Return when a step is due, ``""`` if it has no day."""
    if due is None:
        return ""
    days = (due - today).days
    if days < 0:
        return t.plural("{count} day late", "{count} days late", -days)
    return t.plural("in {count} day", "in {count} days", days) if days else t("today")


def outcome_words(request: Request, t: Translator) -> str:
    """Return the headline of the outcome."""
    entry = load_guidance().outcome_texts.get(request.content.outcome)
    return t(entry.texts["headline"]) if entry else request.content.outcome
