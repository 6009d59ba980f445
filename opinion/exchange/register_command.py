"""Turns ``python -m opinion centres register ID RAW…`` into a release of a public register, shown before it counts."""

import getpass
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from opinion.errors import CatalogueError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

    from opinion.centres.inputs import Inputs
    from opinion.centres.registers.releases import Release

# The command imports what it needs when it runs: other commands of the program must not wait for pandas.


def add_command(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add ``register`` to the commands of ``centres``; it gives 1 if the release was not taken over."""
    one = commands.add_parser("register", help="the raw file of a public register -> its next release")
    one.add_argument("register", nargs="?", metavar="ID", help="such as cms_pos; see --list")
    one.add_argument("raw", nargs="*", type=Path, metavar="RAW", help="the file or files that the publisher gives out")
    one.add_argument("--list", action="store_true", help="the registers, what to give and where to get it")
    one.add_argument("--released", default="", metavar="DATE", help="of which day, month or year the file is")
    one.add_argument("--accessed", default="", metavar="MONTH", help="when it was got; default this month")
    one.add_argument(
        "--bundle", action="store_true", help="write it into data/centres/releases, for every installation"
    )
    one.add_argument("--out", type=Path, metavar="FOLDER", help="only write the tables, into FOLDER/ID-DATE")
    one.add_argument("--limit", type=int, default=12, help="how many lines of each kind are shown (12)")
    one.add_argument("--fewer", action="store_true", help="also if most of the register's facts are gone with it")
    one.add_argument("--by", help="who takes it over; default the user of this machine")
    one.add_argument("--yes", action="store_true", help="do not ask")
    one.set_defaults(run=run)


def run(options: "Namespace") -> int:
    """Show what a release changes, and take it over. Raises ``CatalogueError`` if a file is not what it should be."""
    from opinion.centres.imports import archive  # only when asked for, as all below
    from opinion.centres.imports.drafts import MAKING, Draft  # the same
    from opinion.centres.inputs import IMPORTS, RELEASES, TABLES, Inputs, default_folder, inputs_in  # the same
    from opinion.centres.registers.adapters import ADAPTERS, read_raw  # the same
    from opinion.centres.registers.writing import write_release  # the same

    if options.list:
        for each in ADAPTERS.values():
            print(f"{each.id:20} {each.files}\n{'':20} {each.where}\n{'':20} tried on: {each.tried_on}")
        return 0
    if not options.register or not options.raw:
        raise CatalogueError("Give a register and its file or files, or --list.")
    now, folder = datetime.now(UTC), default_folder()
    accessed = options.accessed or f"{now:%Y-%m}"
    is_kept = not (options.bundle or options.out)
    before = inputs_in(folder, TABLES) if is_kept else Inputs(TABLES)
    release = read_raw(options.register, options.raw, options.released, accessed, before)
    place = options.out or (folder / IMPORTS if is_kept else TABLES / RELEASES)
    place.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=MAKING, dir=place))
    try:
        name = f"{options.register}-{release.source.published.replace('/', '_').replace(' ', '_')}"
        if is_kept:
            name = f"{now:%Y%m%d-%H%M%S}-{options.register}"
        written = write_release(release, aside / name, before, options.raw)
        gone = _show(before, release, written, options.limit)
        if gone > 0.5 and not options.fewer:
            raise CatalogueError(
                f"{gone:.0%} of what the register stated before is not in the file. Is it whole? If so, give --fewer."
            )
        if not options.yes and not _is_agreed():
            print("nothing was changed")
            return 1
        if is_kept:
            counts = {"centres": len(release.centres) or len(release.facts)}
            kept = archive.keep(Draft(written, counts, [], ()), folder, TABLES)
            options.record(options.by or getpass.getuser(), "import_made", kept.id)
            print(f"imported as {kept.id}; to take it back: python -m opinion centres undo-import {kept.id}")
        else:
            if (place / name).exists():
                raise CatalogueError(f"{place / name} is there already. Take it away first.")
            written.rename(place / name)
            print(f"written to {place / name}")
        return 0
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _show(before: "Inputs", release: "Release", written: Path, limit: int) -> float:
    """Print what changes with a release, and what of its files is in no table; return the share of facts that go."""
    from opinion.centres.differences import compare_inputs  # only when asked for
    from opinion.centres.inputs import read_about  # the same
    from opinion.centres.listings import read_tables  # the same
    from opinion.centres.registers.writing import gone_with  # the same

    tables = read_tables(before)
    found = compare_inputs(before, replace(before, imports=(*before.imports, written)), dated=False)
    parts = {
        "centres added": found.added,
        "centres that the register does not list any more; they stay, without its facts": gone_with(
            release, tables, written
        ),
        "centres changed": found.changed,
        "facts added": found.facts_added,
        "facts gone": found.facts_removed,
        "focus changed": found.focus,
    }
    for kind, lines in parts.items():
        print(f"{kind}: {len(lines):,}")
        for line in lines[:limit]:
            print(f"  {line}")
        if len(lines) > limit:
            print(f"  … and {len(lines) - limit:,} more (--limit)")
    about = read_about(written)
    print(f"left out: {about['counts']['left_out']:,}; each one stands in left_out.csv beside the tables")
    for reason, count in about["left_out"].items():
        print(f"  {count:>7,} × {reason}")
    of_register = {row[0] for row in tables.origins if row[1] == release.source.id}
    stated = sum(1 for fact in tables.facts if fact[-1] in of_register)
    return len(found.facts_removed) / stated if stated else 0.0


def _is_agreed() -> bool:
    if not sys.stdin.isatty():
        raise CatalogueError("Nobody can be asked here. Look at the changes, then give --yes.")
    return input("Take it over? [y/N] ").strip().lower() in ("y", "yes")
