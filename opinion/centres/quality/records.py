"""Keeps the counts of each catalogue that was in use: one line in ``quality.jsonl`` beside the packed files.

A line has a stamp of the catalogue, the day on which it was first in use, and for each measure how many of how many
centres: counts, and nothing about anybody. Lines are only ever added.
"""

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from opinion.centres.catalogues import Catalogue
from opinion.centres.imports.archive import alone
from opinion.centres.quality.measures import Quality

RECORDS = "quality.jsonl"


@dataclass(frozen=True)
class Record:
    """The counts of one catalogue. ``counts``: good and of, by dimension and id of the measure."""

    stamp: str
    day: date
    centres: int
    counts: dict[tuple[str, str], tuple[int, int]]


def read_records(folder: Path) -> list[Record]:
    """Return the records in ``folder`` in the order in which they were kept; ``[]`` if none is there.

    Lines that cannot be read are passed over: a server that was stopped while it wrote one loses no other.
    """
    try:
        lines = (folder / RECORDS).read_text("utf-8").splitlines()
    except OSError:
        return []
    return [record for line in lines if (record := _read(line)) is not None]


def _read(line: str) -> Record | None:
    try:
        said = json.loads(line)
        counts = {(dimension, id_): (int(good), int(of)) for dimension, id_, good, of in said["counts"]}
        return Record(str(said["stamp"]), date.fromisoformat(said["day"]), int(said["centres"]), counts)
    except (ValueError, KeyError, TypeError):
        return None


def latest_by_day(records: list[Record]) -> list[Record]:
    """Return the last record of each day, in the order of days."""
    return [record for _, record in sorted({record.day: record for record in records}.items())]


def keep_record(catalogue: Catalogue, quality: Quality) -> bool:
    """Add a record of ``catalogue``, unless the last one is of it; return whether one was added.

    Several servers may share the folder. Raises ``OSError`` if it cannot be written.
    """
    stamp = stamp_of(catalogue)
    with alone(catalogue.folder):
        records = read_records(catalogue.folder)
        if records and records[-1].stamp == stamp:
            return False
        said = {
            "stamp": stamp,
            "day": quality.day.isoformat(),
            "centres": quality.size,
            "counts": [[each.dimension, each.id, each.good, each.of] for each in quality.measures],
        }
        path = catalogue.folder / RECORDS
        is_whole = not path.exists() or path.read_bytes().endswith(b"\n")
        with path.open("a", encoding="utf-8") as file:
            file.write(("" if is_whole else "\n") + json.dumps(said) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return True


def stamp_of(catalogue: Catalogue) -> str:
    """Return the first letters of the stamp that the packed catalogue carries; ``""`` if it carries none."""
    return catalogue.stamp[:16]
