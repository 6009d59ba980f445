"""What tests of registers begin with: a recorded sample read, and what the catalogue has of the same centres."""

from collections import Counter
from pathlib import Path

from opinion.centres.inputs import Inputs
from opinion.centres.listings import read_tables
from opinion.centres.registers.adapters import read_raw
from opinion.centres.registers.releases import Release
from opinion.centres.tables import Tables

SAMPLES = Path(__file__).parent / "registers"


def sample(register: str) -> list[Path]:
    """The recorded files of a register."""
    return sorted(path for path in (SAMPLES / register).iterdir())


def read_sample(register: str, released: str = "2026") -> Release:
    return read_raw(register, sample(register), released, "2026-11")


def changed_sample(register: str, right: str, wrong: str, folder: Path) -> list[Path]:
    """A recorded sample in which something was broken by hand, in ``folder``."""
    paths, is_changed = [], False
    for path in sample(register):
        text = path.read_text("utf-8")
        is_changed = is_changed or right in text
        paths.append(folder / path.name)
        paths[-1].write_text(text.replace(right, wrong), "utf-8")
    assert is_changed, f"{right!r} is not in the sample"
    return paths


def said(tables: Tables, source: str, centre_ids: set[str]) -> Counter[tuple[str, ...]]:
    """What a source states about centres: centre, field, value, count and the source's own code."""
    origins = {row[0]: row for row in tables.origins}
    return Counter(
        (*fact[:4], origins[fact[5]][4])
        for fact in tables.facts
        if fact[0] in centre_ids and fact[4] == "stated" and origins[fact[5]][1] == source
    )


def catalogue_tables() -> Tables:
    return read_tables(Inputs())
