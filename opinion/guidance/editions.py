"""Turns ``CHANGELOG.md`` and the dates of all entries into when the content was published, changed and last checked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from opinion.guidance.contents import Guidance
from opinion.guidance.preparations import Preparation
from opinion.vocabularies import DATA

CHANGELOG = DATA.parent / "CHANGELOG.md"
OLD_AFTER = timedelta(days=365)  # our choice: an entry not checked for a year is called old


@dataclass(frozen=True)
class Edition:
    """One entry of the changelog; ``published`` is its day, ``None`` if it is not released yet."""

    name: str
    published: date | None


@dataclass(frozen=True)
class Checks:
    """How many entries there are, between which days they were checked, how many are old and how many reviewed."""

    count: int
    first: date
    last: date
    old: int
    reviewed: int


def read_editions(path: Path = CHANGELOG) -> tuple[Edition, ...] | None:
    """Return the editions of the changelog, newest first; ``None`` if the file is not on this machine."""
    if not path.exists():
        return None
    headings = re.findall(r"^## (.+)$", path.read_text("utf-8"), flags=re.MULTILINE)
    return tuple(_edition(heading) for heading in headings)


def _edition(heading: str) -> Edition:
    name, _, day = heading.partition(" - ")
    return Edition(name.strip("[] "), date.fromisoformat(day.strip()) if day else None)


def count_checks(guidance: Guidance, preparation: Preparation, today: date) -> Checks:
    """Return when the rules, questions, statements and lists were checked, as seen on the day ``today``."""
    dates = [date.fromisoformat(checked) for checked, _ in _dated(guidance, preparation)]
    reviewed = sum(is_reviewed for _, is_reviewed in _dated(guidance, preparation))
    old = sum(today - checked > OLD_AFTER for checked in dates)
    return Checks(len(dates), min(dates), max(dates), old, reviewed)


def _dated(guidance: Guidance, preparation: Preparation) -> Iterator[tuple[str, bool]]:
    for rule in guidance.rules.values():
        yield rule.checked, rule.clinically_reviewed
    for question in guidance.questions.values():
        yield question.checked, False
    for statement in guidance.statements.values():
        yield statement["checked"], False
    lists: Iterable[str] = ("records", "sayings", "asks", "looks", "look_limits", "entitlements", "studies")
    for name in lists:
        for item in getattr(preparation, name).values():
            yield item.checked, item.reviewed
