"""Turns a release into a folder of tables beside those of the catalogue, and says which centres are gone with it."""

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from opinion.centres.inputs import ABOUT_IMPORT, Inputs
from opinion.centres.listings import read_tables
from opinion.centres.registers.releases import Release, settle
from opinion.centres.tables import CENTRES, FACTS, ORIGINS, Tables, read_table, write_table
from opinion.errors import CatalogueError

LEFT_OUT_FILE = "left_out.csv"
LEFT_OUT = ("file", "row", "what", "value", "reason")
"""What of the raw files is in no table, beside the tables of a release, and the columns of that."""


def gone_with(release: Release, before: Tables, written: Path) -> list[str]:
    """Return id and name of the register's own centres that the release in ``written`` does not list any more."""
    listed = {row[0] for row in read_table(written / "centres.csv", CENTRES)}
    stated_by = {row[0]: row[1] for row in before.origins}
    if not listed:
        return []
    return sorted(
        f"{row[0]} {row[1]}"
        for row in before.centres
        if stated_by[row[CENTRES.index("origin")]] == release.source.id
        and row[0].startswith(release.about_ids)
        and row[0] not in listed
    )


def write_release(
    release: Release, folder: Path, before: Inputs | None = None, raw: Sequence[Path] = (), replaces: bool = True
) -> Path:
    """Write a release into ``folder``, which must not be there, and return it; the same input gives the same bytes.

    ``before``: what the catalogue is made of without it (default: this repository). ``raw``: the files that were read.
    ``replaces``: it takes the place of the register's earlier facts, which stay as past. Raises ``CatalogueError`` if
    a source may not ship, if nothing can be read, or if the tables have a fault; nothing is left behind then.
    """
    before = before or Inputs()
    if not release.source.ship:
        raise CatalogueError(f"{release.source.title} may not ship: {release.source.why}")
    if folder.exists():
        raise CatalogueError(f"{folder} is there already. Take it away first, or give another date.")
    tables, left_out = settle(release, read_tables(before))
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    own = aside / folder.name
    try:
        write_table(own / "centres.csv", CENTRES, tables.centres)
        write_table(own / "facts.csv", FACTS, tables.facts)
        write_table(own / "origins.csv", ORIGINS, tables.origins)
        lines = [(each.file, str(each.row or ""), each.what, each.value, each.reason) for each in left_out]
        write_table(own / LEFT_OUT_FILE, LEFT_OUT, lines)
        about = {
            "id": folder.name,
            "created": release.source.accessed,
            "entered_by": "",
            "file": ", ".join(path.name for path in raw),
            "files": {path.name: _digest(path) for path in raw},
            "counts": {
                "centres": len(tables.centres), "facts": len(tables.facts), "left_out": len(left_out), "waiting": 0,
            },
            "left_out": dict(sorted(Counter(each.reason for each in left_out).items())),
            "source": asdict(release.source),
            "replaces": release.source.id if replaces else "",
            "tables": {name: _digest(own / name) for name in ("centres.csv", "facts.csv", "origins.csv")},
        }  # fmt: skip
        (own / ABOUT_IMPORT).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", "utf-8")
        read_tables(replace(before, imports=(*before.imports, own)))  # refuses what does not fit
        own.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
