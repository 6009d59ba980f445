"""Copies of the packed catalogue, for tests that change it."""

import shutil
from pathlib import Path

from opinion.centres.fact_database import FACTS_DATABASE
from opinion.centres.inputs import default_folder
from opinion.centres.packing import PACKED
from opinion.centres.shared import shared_catalogue


def copy_catalogue(folder: Path) -> None:
    """Copy the packed files of the whole catalogue into ``folder``; they are packed once for all tests."""
    shared_catalogue()
    for name in (PACKED, FACTS_DATABASE):
        shutil.copy(default_folder() / name, folder / name)
