"""Turns a draft into an import, takes an import back, and puts it in again: each is one step, or did not happen.

An import is a folder of ``var/imports``; one that was taken back has ``.undone`` at the end of its name. A newer list
that takes the place of others names them in its ``import.json``; they stay, and count again when it is taken back.

The packed files for the catalogue as it will be are made aside. Then the folder gets its name, in one move, and they
follow. Who is killed before the move has changed nothing; who is killed after it leaves packed files that are stale,
which are made anew when the catalogue is next loaded.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opinion.centres.catalogues import Catalogue
from opinion.centres.fact_database import FACTS_DATABASE
from opinion.centres.imports.drafts import MAKING, Draft
from opinion.centres.imports.fates import read_rows
from opinion.centres.inputs import (
    ABOUT_IMPORT,
    IMPORTS,
    REPLACES,
    TABLES,
    Inputs,
    Progress,
    imports_in,
    in_effect,
    kept_in,
    read_about,
)
from opinion.centres.locks import locked
from opinion.centres.packing import PACKED, pack
from opinion.errors import ListError

UNDONE = ".undone"


@dataclass(frozen=True)
class Import:
    """An import as it is kept. ``is_undone``: it was taken back. ``about``: what ``import.json`` says.

    ``replaced_by``: the id of the newer list that came in its place, ``""`` if there is none.
    """

    id: str
    folder: Path
    is_undone: bool
    about: dict[str, Any]
    replaced_by: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is part of the catalogue."""
        return not self.is_undone and not self.replaced_by


def read_imports(folder: Path) -> list[Import]:
    """Return every import beside the packed files in ``folder``, the newest first, those taken back too."""
    found = (folder / IMPORTS).glob(f"*/{ABOUT_IMPORT}") if (folder / IMPORTS).is_dir() else iter(())
    kept = [path.parent for path in found if not path.parent.name.startswith(".")]
    newer = _newer(kept_in(folder))
    return [
        Import(id_, place, place.name.endswith(UNDONE), read_about(place), newer.get(id_, ""))
        for place in sorted(kept, reverse=True)
        for id_ in (place.name.removesuffix(UNDONE),)
    ]


def _newer(kept: Sequence[Path]) -> dict[str, str]:
    """Return for each import in whose place another one of ``kept`` came the id of that one."""
    return {id_: path.name for path in kept for id_ in read_about(path).get(REPLACES, ())}


def lists_of(source: str, folder: Path) -> list[Import]:
    """Return the imports of a source that are part of the catalogue, by its id, the oldest first."""
    return [each for each in reversed(read_imports(folder)) if each.counts and each.about["source"]["id"] == source]


def taken_ids(catalogue: Catalogue, replaced: Sequence[Import]) -> frozenset[str]:
    """Return the ids that a list may not bring: all of ``catalogue``, folded ones too, but those it ``replaced``."""
    ids = set(catalogue.table.column("centre_id").to_pylist())
    for folded in catalogue.table.column("folded_ids").to_pylist():
        ids.update(folded.split(";") if folded else ())
    for each in replaced:
        ids.difference_update(row[0] for row in read_rows(each.folder / "centres.csv"))
    return frozenset(ids)


def keep(draft: Draft, folder: Path, tables: Path = TABLES, progress: Progress | None = None) -> Import:
    """Make an import of a draft and build the catalogue with it.

    Raises ``CatalogueError`` if it brings no centre or does not fit the catalogue as it is now; nothing has changed
    then, nor has it if ``progress`` raises: the draft is still there.
    """
    if not draft.counts["centres"]:
        raise ListError("No row can be imported. Correct the rows that wait.")
    with alone(folder):
        target, before = folder / IMPORTS / draft.folder.name, imports_in(folder)
        gone = set(read_about(draft.folder).get(REPLACES, ())) - {path.name for path in before}
        if gone:
            raise ListError("The older list was undone or replaced meanwhile. Check the file again.")
        _change(folder, tables, (*before, draft.folder), draft.folder, target, progress)
        shutil.rmtree(draft.folder.parent, ignore_errors=True)
    return Import(target.name, target, False, read_about(target))


def undo(id: str, folder: Path, tables: Path = TABLES, progress: Progress | None = None) -> None:
    """Take an import back and build the catalogue without it; what it came in the place of counts again.

    Raises ``CatalogueError`` if there is none to undo, or a newer list came in its place; nothing has changed then,
    nor has it if ``progress`` raises.
    """
    with alone(folder):
        place, kept = folder / IMPORTS / id, kept_in(folder)
        if place not in kept:
            raise ListError("There is no import {id} to undo. Look at the list of imports again.", id=id)
        if id in _newer(kept):
            raise ListError("A newer list came in its place: {newer}. Undo that one first.", newer=_newer(kept)[id])
        _change(folder, tables, [path for path in kept if path != place], place, place.with_name(id + UNDONE), progress)


def redo(id: str, folder: Path, tables: Path = TABLES, progress: Progress | None = None) -> None:
    """Put an import in again. Raises ``CatalogueError`` if it was not undone, or does not fit the catalogue now.

    Nothing has changed then, nor has it if ``progress`` raises.
    """
    with alone(folder):
        place = folder / IMPORTS / (id + UNDONE)
        if not (place / ABOUT_IMPORT).is_file() or "/" in id:
            raise ListError("There is no import {id} that was undone. Look at the list of imports again.", id=id)
        _check_ids(place, in_effect((*kept_in(folder), place)))
        _change(folder, tables, (*kept_in(folder), place), place, place.with_name(id), progress)


def _check_ids(place: Path, imports: Sequence[Path]) -> None:
    """Raise ``ListError`` if a centre of an import came in with another one of its source meanwhile.

    ``imports``: those that would count with it.
    """
    source = read_about(place)["source"]["id"]
    ids = {row[0] for row in read_rows(place / "centres.csv")}
    for other in imports:
        about = read_about(other)
        if (
            other != place
            and about["source"]["id"] == source
            and any(row[0] in ids for row in read_rows(other / "centres.csv"))
        ):
            raise ListError("Centres of it are in the catalogue already, by the import of {file}. Undo that one first.",
                            file=about.get("file", other.name))  # fmt: skip


def _change(
    folder: Path, tables: Path, imports: Sequence[Path], place: Path, target: Path, progress: Progress | None = None
) -> None:
    """Move an import from ``place`` to ``target``, with the packed files made of those of ``imports`` that count."""
    if target.exists():
        raise ListError("Another import has its name: {id}. Look at the list of imports again.", id=target.name)
    aside = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder / IMPORTS))
    try:
        # in the order in which imports_in will list them
        counting = in_effect(sorted(imports, key=lambda path: path.name))
        pack(aside, Inputs(tables, counting, folder), progress)
        place.rename(target)
        for name in (FACTS_DATABASE, PACKED):  # in the order in which ``pack`` writes them
            (aside / name).replace(folder / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Have no other process change the imports meanwhile. A killed process holds nobody up."""
    with locked(folder / IMPORTS / ".lock"):
        yield
