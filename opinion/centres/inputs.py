"""Turns folders into the list of what a catalogue is made of; from the same inputs the same bytes are made again.

``data/centres`` holds the compiled tables, and in ``releases`` one folder for each later release of a register. Lists
that curators import stand in ``var/imports``, one folder each. What curators decided stands in ``decisions.jsonl``, in
both places. Releases and imports have three tables of the same form and ``import.json``, which describes them.
"""

import hashlib
import json
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from opinion.errors import CatalogueError
from opinion.vocabularies import DATA

TABLES = DATA / "centres"
"""Where the tables of this repository stand."""

IMPORTS, RELEASES, ABOUT_IMPORT = "imports", "releases", "import.json"
"""The folder of imports beside the packed files, that of releases beside the tables, and what describes one."""

REPLACES = "replaces_imports"
"""The key of ``import.json`` that names the imports in whose place this one came."""

DECISIONS = "decisions.jsonl"
"""The file of decisions, beside the tables and beside the packed files."""

Progress = Callable[[int, float], None]
"""Told from time to time how many rows are done, and which share of the work that is, 0 if it is not known.

What it raises stops the work, and nothing is left behind.
"""

_EDITED = (
    "centres.csv", "facts.csv", "origins.csv", "sources.toml", "focus.toml", "conflicts.toml", "refresh.toml"
)  # fmt: skip
_VOCABULARIES = ("disease_areas.toml", "equipment.toml", "designations.toml")


@dataclass(frozen=True)
class Inputs:
    """All that a catalogue is made of.

    ``tables``: the folder of the compiled tables. ``imports``: the folders of imports, in the order in which they were
    made. ``decided_in``: the folder with this server's own decisions, ``None`` for those of ``tables`` alone.
    """

    tables: Path = TABLES
    imports: tuple[Path, ...] = ()
    decided_in: Path | None = None

    @property
    def parts(self) -> tuple[Path, ...]:
        """The folders of tables that come after the compiled ones: releases, then imports."""
        return (*_described(self.tables / RELEASES), *self.imports)

    @property
    def decisions(self) -> tuple[Path, ...]:
        """The files of decisions that are there."""
        places = [self.tables] if self.decided_in is None else [self.tables, self.decided_in]
        return tuple(path for place in places if (path := place / DECISIONS).is_file())


def default_folder() -> Path:
    """Return the folder of the packed files and the imports: the variable ``OPINION_VAR``, or ``var/`` beside data."""
    return Path(os.environ.get("OPINION_VAR") or TABLES.parent.parent / "var")


def inputs_in(folder: Path | None = None, tables: Path = TABLES) -> Inputs:
    """Return what the catalogue in ``folder`` (default: ``default_folder``) is made of."""
    place = folder or default_folder()
    return Inputs(tables, imports_in(place), place)


def without_imports(inputs: Inputs, ids: Collection[str]) -> Inputs:
    """Return ``inputs`` without the imports of these ids."""
    return replace(inputs, imports=tuple(path for path in inputs.imports if path.name not in ids))


def imports_in(folder: Path) -> tuple[Path, ...]:
    """Return the folders of the imports beside the packed files in ``folder``, in the order in which they were made.

    One that is being made, or was taken back, has a dot in its name. One in whose place a newer list came
    (``replaces_imports`` in its ``import.json``) does not count while that one does.
    """
    return in_effect(kept_in(folder))


def kept_in(folder: Path) -> tuple[Path, ...]:
    """Return the same with those in whose place a newer list came."""
    return _described(folder / IMPORTS)


def in_effect(imports: Sequence[Path]) -> tuple[Path, ...]:
    """Return those of ``imports`` in whose place no other one of them came."""
    replaced = {id_ for path in imports for id_ in read_about(path).get(REPLACES, ())}
    return tuple(path for path in imports if path.name.partition(".")[0] not in replaced)


def _described(folder: Path) -> tuple[Path, ...]:
    found = folder.iterdir() if folder.is_dir() else iter(())
    return tuple(sorted(path for path in found if "." not in path.name and (path / ABOUT_IMPORT).is_file()))


def read_about(folder: Path) -> dict[str, Any]:
    """Return what describes an import or a release. Raises ``CatalogueError`` if it cannot be read."""
    try:
        found: dict[str, Any] = json.loads((folder / ABOUT_IMPORT).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{folder / ABOUT_IMPORT} cannot be read ({error}). Restore it from a backup.") from None
    return found


def stamp(inputs: Inputs, version: str = "") -> str:
    """Return a hash of all that the packed files are made of: the inputs, rules, vocabularies and ``version``.

    Of an import or a release, which nobody edits, what describes it is read: hashes of its tables stand there.
    """
    digest = hashlib.sha256(version.encode())
    files = [inputs.tables / name for name in _EDITED] + [DATA / "vocabularies" / name for name in _VOCABULARIES]
    for path in (*files, *inputs.decisions):
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CatalogueError(f"{path} cannot be read ({error.strerror}). Restore it from git.") from None
        digest.update(f"{path.name}:{len(content)}:".encode())
        digest.update(content)
    for folder in inputs.parts:
        digest.update(json.dumps(read_about(folder), sort_keys=True).encode())
    return digest.hexdigest()
