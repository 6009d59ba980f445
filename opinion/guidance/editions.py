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
    """One entry of the changelog: its day (``None``: not released yet), and what it changed in the guidance."""

    name: str
    published: date | None
    guidance_changes: tuple[str, ...]


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
    _, *parts = re.split(r"^## ", path.read_text("utf-8"), flags=re.MULTILINE)
    return tuple(_edition(part) for part in parts)


def _edition(part: str) -> Edition:
    heading, _, body = part.partition("\n")
    found = re.search(r"\d{4}-\d{2}-\d{2}", heading)
    section = re.search(r"^### Guidance changed\n(.*?)(?=^### |\Z)", body, flags=re.MULTILINE | re.DOTALL)
    # a line that is indented goes on with the entry before it
    changes = re.findall(r"^- (.*(?:\n {2}.*)*)", section[1], flags=re.MULTILINE) if section else []
    return Edition(
        heading.split(" - ")[0].strip("[] "),
        date.fromisoformat(found[0]) if found else None,
        tuple(" ".join(change.split()) for change in changes),
    )


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
