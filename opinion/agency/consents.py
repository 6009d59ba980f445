"""Turns ``data/agency/consents.toml`` into the texts that a patient says yes to, each version kept for good."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from opinion.vocabularies import DATA

REQUEST, CENTRES = "request", "centres"
"""The purposes: to send a request at all, and to show its facts to centres."""


@dataclass(frozen=True)
class Purpose:
    """One thing to agree to: ``label`` stands beside the tick, ``points`` say what it means."""

    id: str
    label: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class ConsentText:
    """One version of the text, and for how many days a request is kept under it."""

    version: str
    purposes: tuple[Purpose, ...]
    days_kept: int
    days_after_end: int
    days_after_withdrawal: int

    def erase_on(self, sent: date, ended: date | None = None, withdrawn: date | None = None) -> date:
        """Return the day on which a request is erased: sent, ended or withdrawn on these days (``None``: not yet)."""
        days = [sent + timedelta(self.days_kept)]
        if ended:
            days.append(ended + timedelta(self.days_after_end))
        if withdrawn:
            days.append(withdrawn + timedelta(self.days_after_withdrawal))
        return min(days)


@cache
def consent_texts() -> dict[str, ConsentText]:
    """Return every version by its name, the newest first."""
    rows = tomllib.loads((DATA / "agency" / "consents.toml").read_text("utf-8"))["consent"]
    return {
        row["version"]: ConsentText(
            version=row["version"],
            purposes=tuple(
                Purpose(each["id"], each["label"], tuple(point["text"] for point in each["points"]))
                for each in row["purpose"]
            ),
            days_kept=row["days_kept"],
            days_after_end=row["days_after_end"],
            days_after_withdrawal=row["days_after_withdrawal"],
        )
        for row in rows
    }


def newest_consent() -> ConsentText:
    """Return the version that is shown now."""
    return next(iter(consent_texts().values()))
