"""Turns ``python -m opinion centres register ID RAW…`` into a release of a public register, shown before it counts."""

import getpass
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from opinion.errors import CatalogueError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

    from opinion.centres.inputs import Inputs
    from opinion.centres.registers.updates import Update

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
    from opinion.centres.imports.replacing import CHANGES  # only when asked for, as all below
    from opinion.centres.inputs import IMPORTS, RELEASES, TABLES, Inputs, default_folder, inputs_in  # the same
    from opinion.centres.registers.adapters import ADAPTERS  # the same
    from opinion.centres.registers.updates import FEW, check_update, take_over, without_lists  # the same

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
    place = options.out or (folder / IMPORTS if is_kept else TABLES / RELEASES)
    name = f"{now:%Y%m%d-%H%M%S}-{options.register}" if is_kept else f"{options.register}-{{released}}"
    update = check_update(options.register, options.raw, place, name, before, options.released, accessed)
    try:
        _show(without_lists(before), update, options.limit)
        if update.share_gone > FEW and not options.fewer:
            raise CatalogueError(
                f"{update.share_gone:.0%} of what the register stated before is not in the file. Is it whole? "
                "If so, give --fewer."
            )
        if not options.yes and not _is_agreed():
            print("nothing was changed")
            return 1
        if is_kept:
            kept = take_over(update, folder, TABLES)
            options.record(options.by or getpass.getuser(), "import_made", kept.id)
            print(f"imported as {kept.id}; to take it back: python -m opinion centres undo-import {kept.id}")
        else:
            (update.folder / CHANGES).unlink()  # a bundled release is its tables
            target = place / update.folder.name
            if target.exists():
                raise CatalogueError(f"{target} is there already. Take it away first.")
            update.folder.rename(target)
            print(f"written to {target}")
        return 0
    finally:
        update.drop()


def _show(before: "Inputs", update: "Update", limit: int) -> None:
    """Print what changes with a release, and what of its files is in no table."""
    from opinion.centres.differences import compare_inputs  # only when asked for
    from opinion.centres.inputs import read_about  # the same
    from opinion.centres.listings import read_tables  # the same
    from opinion.centres.registers.writing import gone_with  # the same

    written = update.folder
    found = compare_inputs(before, replace(before, imports=(*before.imports, written)), dated=False)
    parts = {
        "centres added": found.added,
        "centres that the register does not list any more; they stay, without its facts": gone_with(
            update.release, read_tables(before), written
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


def _is_agreed() -> bool:
    if not sys.stdin.isatty():
        raise CatalogueError("Nobody can be asked here. Look at the changes, then give --yes.")
    return input("Take it over? [y/N] ").strip().lower() in ("y", "yes")
