"""What curators made, which stands in files beside the database: imports, recipes, decisions. Is it whole, put it back.

The packed catalogue is made of it and of the repository, so it need not be saved.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opinion.centres.decisions import read_revisions
from opinion.centres.imports.archive import alone
from opinion.centres.imports.drafts import MAKING
from opinion.centres.imports.recipes import read_recipe, recipe_names
from opinion.centres.inputs import ABOUT_IMPORT, DECISIONS, IMPORTS, read_about
from opinion.centres.quality.records import RECORDS
from opinion.centres.waiting_decisions import WAITING, read_waiting, unchanged
from opinion.errors import CatalogueError, StorageError

RECIPES = "recipes"


def paths_of(folder: Path) -> list[Path]:
    """Return every import, recipe and file of decisions in ``folder``; what was undone or deleted can be brought back.

    Decisions that wait to be put in are among them, and so is the record of data quality, which a server keeps itself.
    """
    imports = sorted(path for path in (folder / IMPORTS).glob("[!.]*") if path.is_dir())
    recipes = sorted((folder / RECIPES).glob("*.json*"))
    decisions = [path for name in (DECISIONS, WAITING, RECORDS) if (path := folder / name).is_file()]
    return [*imports, *recipes, *decisions]


def is_anything_made(folder: Path) -> bool:
    """Say whether curators made anything in ``folder``; a record of data quality alone nobody made."""
    return any(path.name != RECORDS for path in paths_of(folder))


def count_words(folder: Path) -> str:
    """Return how much there is, for who runs the command."""
    imports, recipes = len(list((folder / IMPORTS).glob("[!.]*"))), len(recipe_names(folder / RECIPES))
    decided, waiting = (
        path.read_bytes().count(b"\n") if path.is_file() else 0 for path in (folder / DECISIONS, folder / WAITING)
    )
    return f"{imports} imports, {recipes} recipes, {decided} decisions, {waiting} that wait"


def faults(folder: Path) -> list[str]:
    """Return what is missing, was changed or cannot be read, a sentence each; nothing if all is as it was written."""
    found: list[str] = []
    for place in paths_of(folder):
        try:
            if place.is_dir():
                found += _import_faults(place)
            elif place.name == DECISIONS:
                read_revisions([place])
            elif place.name == WAITING:
                read_waiting(folder)
            elif place.name == RECORDS:
                continue  # lines that cannot be read are passed over there
            elif place.suffix == ".json":
                read_recipe(place.parent, place.stem)
        except (CatalogueError, UnicodeDecodeError) as error:
            found.append(str(error))
    return found


def _import_faults(place: Path) -> Iterator[str]:
    if not (place / ABOUT_IMPORT).is_file():
        yield f"{place}: {ABOUT_IMPORT} is missing. Restore it from a backup."
        return
    for name, digest in read_about(place).get("tables", {}).items():
        table = place / name
        if not table.is_file():
            yield f"{table}: is missing. Restore it from a backup."
            continue
        with table.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                yield f"{table}: was changed. Restore it from a backup."


@contextmanager
def staged(saved: Path, folder: Path) -> Iterator[Path]:
    """Copy what was ``saved`` next to ``folder``'s imports, from where it is put in its place in moves.

    Raises ``StorageError`` if there is no room, or it has faults; nothing is left behind.
    """
    (folder / IMPORTS).mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder / IMPORTS))
    try:
        try:
            shutil.copytree(saved, aside, dirs_exist_ok=True)
        except (OSError, shutil.Error) as error:
            raise StorageError(f"{folder}: {error}. Make room, and try again.") from None
        found = faults(aside)
        if found:
            raise StorageError("\n".join(found))
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def put_back(aside: Path, folder: Path) -> None:
    """Put what was ``staged`` in the place of what stands in ``folder``. It may be repeated if it was stopped."""
    with alone(folder), unchanged(folder):
        for path in paths_of(folder):
            if path.name == RECORDS and not (aside / RECORDS).is_file():
                continue  # an older backup has none
            before = aside / "before" / path.relative_to(folder)
            before.parent.mkdir(parents=True, exist_ok=True)
            path.rename(before)
        for path in paths_of(aside):
            target = folder / path.relative_to(aside)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
