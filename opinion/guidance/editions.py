"""Turns ``CHANGELOG.md`` and the dates of all entries into when the content was published, changed and last checked."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from opinion.guidance.contents import load_guidance
from opinion.guidance.entries import CheckedEntry
from opinion.guidance.opinions import load_differences
from opinion.guidance.preparations import load_preparation
from opinion.guidance.turnarounds import load_turnarounds
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


@cache
def guidance_version(folder: Path | None = None) -> str:
    """Return what tells one state of the guidance from every other: 8 signs of the SHA-256 of all its files.

    ``folder``: ``None`` is the bundled ``data/guidance``.
    """
    digest = hashlib.sha256()
    for path in sorted((folder or DATA / "guidance").glob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:8]


def count_checks(today: date, folder: Path | None = None) -> Checks:
    """Return when all entries in ``folder`` (``None``: the bundled ``data/guidance``) were checked, as seen ``today``.

    Raises:
        ContentError: naming file, entry, fault and remedy.

    """
    entries = list(_dated(folder))
    dates = [date.fromisoformat(checked) for checked, _ in entries]
    old = sum(today - checked > OLD_AFTER for checked in dates)
    return Checks(len(dates), min(dates), max(dates), old, sum(is_reviewed for _, is_reviewed in entries))


def _dated(folder: Path | None) -> Iterator[tuple[str, bool]]:
    """Yield of each entry the day of its check, and whether a clinician has reviewed it."""
    guidance, preparation = load_guidance(folder), load_preparation(folder)
    turnarounds, differences = load_turnarounds(folder), load_differences(folder)
    for rule in guidance.rules.values():
        yield rule.checked, rule.clinically_reviewed
    for question in guidance.questions.values():
        yield question.checked, False
    for statement in guidance.statements.values():
        yield statement["checked"], False
    lists: tuple[Mapping[str, CheckedEntry], ...] = (
        preparation.records, preparation.sayings, preparation.asks, preparation.looks, preparation.look_limits,
        preparation.entitlements, preparation.studies, turnarounds.figures, turnarounds.cautions, differences.causes,
    )  # fmt: skip
    for entries in lists:
        for entry in entries.values():
            yield entry.checked, entry.reviewed
