"""Turns ``data/guidance/turnarounds.toml`` into how long an opinion takes: figures, planning values, cautions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opinion.errors import ContentError
from opinion.guidance.conditions import Condition
from opinion.guidance.content_files import ContentFiles, need_date, need_known
from opinion.guidance.contents import FOLDER, Guidance, load_guidance

UNITS = ("working", "calendar")
STEPS = ("records", "review")
"""The steps that have planning values; for translation and travel nobody publishes any."""


@dataclass(frozen=True)
class Turnaround:
    """How long one service or study says a review takes: days of ``unit`` (``UNITS``). ``usual``: the middle value."""

    id: str
    text: str
    shortest: int
    longest: int
    unit: str
    sources: tuple[str, ...]
    checked: str
    reviewed: bool
    part: str = "review"
    usual: int | None = None


@dataclass(frozen=True)
class PlannedStep:
    """Calendar days that a plan counts with for a step of ``STEPS``, and ``why`` (English source text)."""

    id: str
    shortest: int
    longest: int
    why: str


@dataclass(frozen=True)
class Caution:
    """What is said when a plan is longer than ``days`` and ``when`` holds for the answers."""

    id: str
    days: int
    when: Condition
    text: str
    limits: str
    sources: tuple[str, ...]
    checked: str
    reviewed: bool


@dataclass(frozen=True)
class Turnarounds:
    """All of it, by id in the order of the file."""

    figures: Mapping[str, Turnaround]
    steps: Mapping[str, PlannedStep]
    cautions: Mapping[str, Caution]


@cache
def load_turnarounds(folder: Path | None = None) -> Turnarounds:
    """Load and check the file in ``folder`` (``None``: the bundled ``data/guidance``); cached by folder.

    Raises:
        ContentError: naming file, entry, fault and remedy.

    """
    files, guidance = ContentFiles(folder or FOLDER), load_guidance(folder)
    content = files.read("turnarounds.toml")
    found = Turnarounds(
        figures=files.unique(
            "turnarounds.toml", "turnaround", content["turnaround"], lambda row: _turnaround(row, guidance)
        ),
        steps=files.unique("turnarounds.toml", "step", content["step"], lambda row: PlannedStep(**_span(row))),
        cautions=files.unique(
            "turnarounds.toml", "caution", content["caution"], lambda row: _caution(row, guidance, files)
        ),
    )
    if tuple(found.steps) != STEPS:
        raise ContentError(f"data/guidance/turnarounds.toml: the steps are {list(found.steps)}. Give {list(STEPS)}.")
    return found


def _turnaround(row: dict[str, Any], guidance: Guidance) -> Turnaround:
    if row["unit"] not in UNITS:
        raise ContentError(f"{_where(row)}: unit '{row['unit']}' is not one of {list(UNITS)}. Correct it.")
    return Turnaround(**_sourced(_span(row), guidance))


def _caution(row: dict[str, Any], guidance: Guidance, files: ContentFiles) -> Caution:
    when = files.condition(row["when"], guidance.answer_names, f"turnarounds.toml, {row['id']}")
    return Caution(**{**_sourced(row, guidance), "when": when})


def _span(row: dict[str, Any]) -> dict[str, Any]:
    if not 0 <= row["shortest"] <= row["longest"]:
        raise ContentError(f"{_where(row)}: shortest {row['shortest']} to longest {row['longest']} is no span of days.")
    return row


def _sourced(row: dict[str, Any], guidance: Guidance) -> dict[str, Any]:
    for source in row["sources"]:
        need_known(source, list(guidance.sources), "source", _where(row))
    need_date(row["checked"], "checked", _where(row))
    return {**row, "sources": tuple(row["sources"])}


def _where(row: dict[str, Any]) -> str:
    return f"data/guidance/turnarounds.toml, {row['id']}"
