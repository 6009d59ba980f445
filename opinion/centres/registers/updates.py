"""Turns the raw files of a register into a checked release, which waits until somebody puts it in, and what it changes.

What changes stands in ``changes.csv`` beside its tables, in the form of a list that takes the place of another.
"""

import csv
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from opinion.centres.imports.archive import Import, keep
from opinion.centres.imports.drafts import MAKING, Draft, sweep
from opinion.centres.imports.replacing import CHANGE_COLUMNS, CHANGES, Changes, Listed, differences
from opinion.centres.inputs import TABLES, Inputs, Progress, read_about
from opinion.centres.listings import read_tables
from opinion.centres.registers.adapters import read_raw
from opinion.centres.registers.releases import Release
from opinion.centres.registers.writing import gone_with, write_release
from opinion.centres.tables import CENTRES, Tables

FEW = 0.5
"""If more than this share of what the register stated is gone with a release, somebody has to say that it is whole."""


@dataclass(frozen=True)
class Update:
    """A release that waits in ``folder``, alone in a folder of its own. ``changes``: against the catalogue as it is.

    ``stated_before``: how many facts of the register counted until now. What it states under two codes counts once.
    """

    release: Release
    folder: Path
    changes: Changes
    stated_before: int

    @property
    def share_gone(self) -> float:
        """The share of the register's facts that are gone with it."""
        return self.changes.facts_gone / self.stated_before if self.stated_before else 0.0

    def drop(self) -> None:
        """Take it away."""
        shutil.rmtree(self.folder.parent, ignore_errors=True)


def without_lists(inputs: Inputs) -> Inputs:
    """Return ``inputs`` without the lists that curators imported: no release speaks of their centres."""
    return replace(inputs, imports=tuple(path for path in inputs.imports if "recipe" not in read_about(path)))


def check_update(
    register: str,
    raw: Sequence[Path],
    place: Path,
    name: str,
    before: Inputs,
    released: str = "",
    accessed: str = "",
    progress: Progress | None = None,
) -> Update:
    """Return the release that a register states in its ``raw`` files, written aside in ``place``; nothing is changed.

    ``name``: of its folder, with ``{released}`` in it where the day is to stand. ``before``: what the catalogue is made
    of now. Raises ``CatalogueError`` as ``read_raw`` and ``write_release`` do, and whatever ``progress`` raises;
    nothing is left behind then.
    """
    tell = progress or (lambda rows, share: None)
    tell(0, 0.05)
    known = without_lists(before)
    release = read_raw(register, raw, released, accessed, known)
    tell(len(release.centres), 0.3)
    place.mkdir(parents=True, exist_ok=True)
    sweep(place)
    aside = Path(tempfile.mkdtemp(prefix=MAKING, dir=place))
    try:
        day = release.source.published.replace("/", "_").replace(" ", "_")
        folder = write_release(release, aside / name.format(released=day), known, raw)
        tell(len(release.centres), 0.7)
        old, new = read_tables(known), read_tables(replace(known, imports=(*known.imports, folder)))
        changes = _write_changes(release, old, new, folder)
        tell(len(release.centres), 1.0)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    stated = sum(len(each.facts) for each in _listed(release.source.id, old).values())
    return Update(release, folder, changes, stated)


def take_over(update: Update, folder: Path, tables: Path = TABLES, progress: Progress | None = None) -> Import:
    """Put a release into the catalogue in ``folder``, as an import that can be undone. Raises as ``archive.keep``."""
    counts = {"centres": len(update.release.centres) or len(update.release.facts)}
    return keep(Draft(update.folder, counts, [], ()), folder, tables, progress)


def _write_changes(release: Release, old: Tables, new: Tables, folder: Path) -> Changes:
    before, after = (_listed(release.source.id, tables) for tables in (old, new))
    counts = asdict(Changes())
    with (folder / CHANGES).open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(CHANGE_COLUMNS)
        gone = dict(line.split(" ", 1) for line in gone_with(release, old, folder))
        counts["gone"] = len(gone)
        for id_, name in gone.items():
            write(("gone", id_, name, "", "", ""))
        for id_ in sorted(after):
            if id_ not in before:
                counts["added"] += 1
                counts["facts_added"] += len(after[id_].facts)
                write(("added", id_, after[id_].cells["name"], "", "", ""))
                continue
            lines = list(differences(before[id_], after[id_]))
            if id_ not in gone:
                counts["changed" if lines else "same"] += bool(lines or after[id_].facts)
            for field, was, now in lines:
                if field not in after[id_].values:  # what identifies it is no fact
                    counts["facts_added"] += bool(now)
                    counts["facts_gone"] += bool(was)
                if id_ not in gone:
                    write(("changed", id_, after[id_].cells["name"], field, was, now))
    return Changes(**counts)


def _listed(source: str, tables: Tables) -> dict[str, Listed]:
    """Return every centre with what ``source`` states of it."""
    facts = _facts_of(source, tables)
    return {
        row[0]: Listed(
            dict(zip(CENTRES, row, strict=True)), {(fact[1], fact[2]): fact for fact in facts.get(row[0], ())}
        )
        for row in tables.centres
    }


def _facts_of(source: str, tables: Tables) -> dict[str, list[list[str]]]:
    own = {row[0] for row in tables.origins if row[1] == source}
    found: defaultdict[str, list[list[str]]] = defaultdict(list)
    for fact in tables.facts:
        if fact[-1] in own:
            found[fact[0]].append(fact)
    return found
