"""Turns a draft into an import, takes an import back, and puts it in again: each is one step, or did not happen.

An import is a folder of ``var/imports``; one that was taken back has ``.undone`` at the end of its name. The packed
files for the catalogue as it will be are made aside. Then the folder gets its name, in one move, and they follow. Who
is killed before the move has changed nothing; who is killed after it leaves packed files that are stale, which are made
anew when the catalogue is next loaded.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opinion.centres.fact_database import FACTS_DATABASE
from opinion.centres.imports.drafts import MAKING, Draft
from opinion.centres.inputs import ABOUT_IMPORT, IMPORTS, TABLES, Inputs, Progress, imports_in, read_about
from opinion.centres.packing import PACKED, pack
from opinion.errors import CatalogueError

UNDONE = ".undone"


@dataclass(frozen=True)
class Import:
    """An import as it is kept. ``is_undone``: it was taken back. ``about``: what ``import.json`` says."""

    id: str
    folder: Path
    is_undone: bool
    about: dict[str, Any]


def read_imports(folder: Path) -> list[Import]:
    """Return every import beside the packed files in ``folder``, the newest first, those taken back too."""
    found = (folder / IMPORTS).glob(f"*/{ABOUT_IMPORT}") if (folder / IMPORTS).is_dir() else iter(())
    kept = [path.parent for path in found if not path.parent.name.startswith(".")]
    return [
        Import(place.name.removesuffix(UNDONE), place, place.name.endswith(UNDONE), read_about(place))
        for place in sorted(kept, reverse=True)
    ]


def keep(draft: Draft, folder: Path, tables: Path = TABLES, progress: Progress | None = None) -> Import:
    """Make an import of a draft and build the catalogue with it.

    Raises ``CatalogueError`` if it brings no centre or does not fit the catalogue as it is now; nothing has changed
    then, nor has it if ``progress`` raises: the draft is still there.
    """
    if not draft.counts["centres"]:
        raise CatalogueError("No row can be imported. Correct the rows that wait.")
    with alone(folder):
        target = folder / IMPORTS / draft.folder.name
        _change(folder, tables, (*imports_in(folder), draft.folder), draft.folder, target, progress)
        shutil.rmtree(draft.folder.parent, ignore_errors=True)
    return Import(target.name, target, False, read_about(target))


def undo(id: str, folder: Path, tables: Path = TABLES) -> None:
    """Take an import back and build the catalogue without it. Raises ``CatalogueError`` if there is none to undo."""
    with alone(folder):
        place = folder / IMPORTS / id
        staying = tuple(path for path in imports_in(folder) if path != place)
        if len(staying) == len(imports_in(folder)):
            raise CatalogueError(f"There is no import {id!r} to undo. See `python -m opinion centres imports`.")
        _change(folder, tables, staying, place, place.with_name(id + UNDONE))


def redo(id: str, folder: Path, tables: Path = TABLES) -> None:
    """Put an import in again. Raises ``CatalogueError`` if it was not undone, or does not fit the catalogue now."""
    with alone(folder):
        place = folder / IMPORTS / (id + UNDONE)
        if not (place / ABOUT_IMPORT).is_file() or "/" in id:
            raise CatalogueError(f"The import {id!r} was not undone. See `python -m opinion centres imports`.")
        _change(folder, tables, (*imports_in(folder), place), place, place.with_name(id))


def _change(
    folder: Path, tables: Path, imports: Sequence[Path], place: Path, target: Path, progress: Progress | None = None
) -> None:
    """Move an import from ``place`` to ``target``, with the packed files of the catalogue made of ``imports``."""
    if target.exists():
        raise CatalogueError(f"{target} is there already. Wait a second, and try again.")
    aside = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder / IMPORTS))
    try:
        # in the order in which imports_in will list them
        pack(aside, Inputs(tables, tuple(sorted(imports, key=lambda path: path.name)), folder), progress)
        place.rename(target)
        for name in (FACTS_DATABASE, PACKED):  # in the order in which ``pack`` writes them
            (aside / name).replace(folder / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Have no other process change the imports meanwhile. A killed process holds nobody up."""
    (folder / IMPORTS).mkdir(parents=True, exist_ok=True)
    with (folder / IMPORTS / ".lock").open("w") as file:
        if os.name == "posix":
            import fcntl  # not on Windows, where imports are for one process at a time

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
