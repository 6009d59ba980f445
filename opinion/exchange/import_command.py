"""Turns ``python -m opinion centres import FILE`` and its fellows into imports, and says what was done."""

import getpass
import sys
from argparse import BooleanOptionalAction
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opinion.errors import CatalogueError
from opinion.texts.translations import SOURCE_LANGUAGE, translator_for

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

    from opinion.centres.imports.archive import Import
    from opinion.centres.imports.recipes import Recipe
    from opinion.centres.imports.replacing import Changes
    from opinion.centres.inputs import Progress

# Every command imports what it needs when it runs: other commands of the program must not wait for pandas.


def add_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add ``import``, ``imports``, ``undo-import`` and ``redo-import`` to the commands of ``centres``."""
    one = commands.add_parser(
        "import", help="a list of hospitals (CSV, XLSX, ODS, Parquet, JSON lines) -> the catalogue"
    )
    one.add_argument("file", type=Path)
    one.add_argument("--recipe", help="name of a kept recipe; what is given beside it goes before it. Rows that waited "
                                     "are read with the choices of their import")  # fmt: skip
    one.add_argument("--save-recipe", metavar="NAME", help="keep what is used as a recipe for the next file")
    one.add_argument("--sheet", help="of a spreadsheet; default the one with most cells")
    one.add_argument("--header-row", type=int, metavar="N", help="row with the heads of the columns, 0 for none")
    one.add_argument("--header-rows", type=int, choices=(1, 2, 3), help="how many rows the heads take")
    one.add_argument("--encoding", help="such as utf-8, cp1254, koi8-r; default what is likeliest")
    one.add_argument("--delimiter", help="such as ; or ~ or \\t; default what is likeliest")
    one.add_argument("--no-quotes", action="store_true", help="quotation marks are part of the text")
    one.add_argument("--column", action="append", default=[], metavar="COLUMN=FIELD",
                     help="what a column is; without a field it is left out")  # fmt: skip
    one.add_argument("--value", action="append", default=[], metavar="KIND:WORD=ID",
                     help="what a word means, such as equipment:KST=mri; without an id it is left out")  # fmt: skip
    one.add_argument("--one-row-per-machine", action=BooleanOptionalAction, default=None,
                     help="put the rows of a centre together, or not; default what is likelier")  # fmt: skip
    one.add_argument("--country", help="code of the country of rows without one")
    one.add_argument("--accept", action="append", default=[], metavar="CODE", help="problems that let a row in")
    for key in ("title", "publisher", "address", "licence", "date"):
        one.add_argument(f"--{key}", help=f"{key} of the list, which is the source of every fact")
    one.add_argument("--replace", action="store_true",
                     help="a newer list: it takes the place of the imports of the same source (title, publisher, "
                          "address, licence)")  # fmt: skip
    one.add_argument("--changes", type=Path, metavar="OUT.csv", help="with --replace: write every change there")
    one.add_argument("--by", help="who imports; default the user of this machine")
    one.add_argument("--dry-run", action="store_true", help="check only, and change nothing")
    one.add_argument("--problems", type=Path, metavar="OUT.csv", help="write every problem there")
    one.add_argument("--waiting", type=Path, metavar="OUT", help="write the rows that wait there, in the list's form")
    one.add_argument("--rows", type=Path, metavar="OUT.csv", help="write there what became of each row")
    one.set_defaults(run=run_import)
    commands.add_parser("imports", help="every import").set_defaults(run=run_list)
    back = commands.add_parser("undo-import", help="take an import back")
    again = commands.add_parser("redo-import", help="put an import in again")
    for each, run in ((back, run_undo), (again, run_redo)):
        each.add_argument("id")
        each.add_argument("--by", help="who does it; default the user of this machine")
        each.set_defaults(run=run)


def run_import(options: "Namespace") -> int:
    """Check a list and import its good rows; 1 if rows wait. Raises ``CatalogueError`` if it cannot be read."""
    from opinion.centres.imports import archive, drafts  # only when asked for, as all below
    from opinion.centres.imports.recipes import recipe_faults, save_recipe  # with the drafts
    from opinion.centres.imports.replacing import take_place  # with the drafts
    from opinion.centres.inputs import default_folder  # with the drafts
    from opinion.centres.shared import shared_catalogue  # loads pandas
    from opinion.exchange.import_files import (
        changes_as_csv,
        group_lines,
        problems_as_csv,
        write_fates,
    )  # with the drafts
    from opinion.exchange.import_wordings import recipe_fault_words  # with the drafts
    from opinion.exchange.import_words import import_words  # loads names of countries
    from opinion.exchange.waiting_files import waiting_file  # with the drafts

    t, folder = translator_for(SOURCE_LANGUAGE), default_folder()
    recipe = _recipe(options, folder)
    _say_recipe(recipe)
    faults = recipe_faults(recipe)
    if faults:
        raise CatalogueError(" ".join(recipe_fault_words(each, t) for each in faults))
    by, old = _user(options), _replaced(recipe, options, folder)
    known = archive.taken_ids(shared_catalogue(), old)
    draft = drafts.make_draft(options.file, recipe, import_words(), folder, known, by, progress=_show_progress())
    try:
        print(file=sys.stderr)
        for name, count in draft.counts.items():
            print(f"{name:10} {count:>9,}")
        if draft.unused:
            print(f"columns left out: {', '.join(draft.unused)}")
        print("\n".join(group_lines(draft.groups, t)))
        if old:
            _say_changes(take_place(draft, old), old)
            if options.changes:
                options.changes.write_bytes(changes_as_csv(draft.folder, t))
        if options.problems:
            options.problems.write_bytes(problems_as_csv(draft.folder, t))
        if options.waiting:
            with options.waiting.open("wb") as file:
                waiting_file(draft.folder).write(file, t)
        if options.rows:
            with options.rows.open("wb") as file:
                write_fates(file, draft.folder, t)
        if options.save_recipe:
            print(f"recipe kept: {save_recipe(folder / 'recipes', replace(recipe, name=options.save_recipe))}")
        if options.dry_run:
            print("dry run: nothing was imported")
        else:
            kept = archive.keep(draft, folder, progress=_show_progress())
            options.record(by, "import_replaced" if old else "import_made", kept.id)
            print(f"imported as {kept.id}; to take it back: python -m opinion centres undo-import {kept.id}")
        return 1 if draft.counts["waiting"] else 0
    finally:
        draft.drop()


def _user(options: "Namespace") -> str:
    return options.by or getpass.getuser()


def _replaced(recipe: "Recipe", options: "Namespace", folder: Path) -> "list[Import]":
    """Return the imports in whose place the list is to come. Raises ``CatalogueError`` if it should, and none is."""
    from opinion.centres.imports import archive, drafts  # only when asked for, as all below

    if not options.replace:
        return []
    source = drafts.source_of(recipe, datetime.now(UTC).date())
    old = archive.lists_of(source.id, folder)
    if not old:
        raise CatalogueError(
            f"No list of this source is in the catalogue: {source.title}, {source.publisher}, {source.address}, "
            f"{source.licence}. Say these as for the older list, or leave --replace out."
        )
    return old


def _say_changes(changes: "Changes", old: "list[Import]") -> None:
    print(f"in the place of: {', '.join(each.id for each in old)}")
    for name, count in asdict(changes).items():
        print(f"{name.replace('_', ' '):12} {count:>7,}")


def _recipe(options: "Namespace", folder: Path) -> "Recipe":
    """Return the recipe: what is kept or proposed, with what the command line gives in its place."""
    from opinion.centres.imports.columns import is_head, propose_columns  # only when asked for, as all below
    from opinion.centres.imports.layouts import propose_layout  # the same
    from opinion.centres.imports.recipes import ListSource, Recipe, looks_pivoted, read_recipe, recipe_of  # as above
    from opinion.centres.imports.rows import first_rows, fitting_layout  # the same
    from opinion.exchange.import_words import import_words  # loads names of countries

    words = import_words()
    delimiter = (options.delimiter or "").replace("\\t", "\t")
    if len(delimiter) > 1:
        raise CatalogueError(f"--delimiter {delimiter!r}: give one sign.")
    given: dict[str, Any] = {"encoding": options.encoding, "delimiter": delimiter, "sheet": options.sheet,
                             "header_row": options.header_row,
                             "header_rows": options.header_rows or (1 if options.header_row else None),
                             "quote": "" if options.no_quotes else None}  # fmt: skip
    given = {key: value for key, value in given.items() if value is not None and (value != "" or key == "quote")}
    encoding, sheet = options.encoding or "", options.sheet or ""
    proposal = propose_layout(options.file, is_head(words), encoding, delimiter, sheet)
    kept = read_recipe(folder / "recipes", options.recipe) if options.recipe else None
    if kept is None and proposal.layout.waited_in:
        kept = _of_waiting(proposal.layout.waited_in, folder)
    if kept:
        recipe = kept
        needed = [column for column, field in recipe.columns.items() if field]
        layout = fitting_layout(options.file, replace(recipe.layout, **given), proposal.layout, needed)
        recipe = replace(recipe, layout=layout)
    else:
        layout = replace(proposal.layout, **given)
        for guess in proposal.encodings[:4]:
            print(f"encoding {guess.encoding:10} {guess.confidence:.2f}", file=sys.stderr)
        columns, rows = first_rows(options.file, layout, 200)
        proposed = propose_columns(columns, [row.cells for row in rows], words)
        fields = {column: each.field for column, each in proposed.items()}
        is_pivoted = looks_pivoted(columns, fields, [row.cells for row in rows])
        recipe = Recipe("", layout, fields, ListSource("", "", "", ""), is_pivoted=is_pivoted)
    said = {key: getattr(options, key) for key in ("title", "publisher", "address", "licence", "date")}
    source = replace(recipe.source, **{key: value for key, value in said.items() if value})
    columns_ = {**recipe.columns, **dict(_pair(each, "--column") for each in options.column)}
    values = {kind: dict(chosen) for kind, chosen in recipe.values.items()}
    for each in options.value:
        what, id_ = _pair(each, "--value")
        kind, _, word = what.partition(":")
        values.setdefault(kind, {})[word] = id_
    changed = replace(
        recipe, source=source, columns=columns_, values=values, country=options.country or recipe.country,
        accepted=(*recipe.accepted, *options.accept),
        is_pivoted=recipe.is_pivoted if options.one_row_per_machine is None else options.one_row_per_machine,
    )  # fmt: skip
    try:
        return recipe_of(asdict(changed))
    except (ValueError, KeyError) as error:
        raise CatalogueError(f"{error}. See docs/how-to-import-a-list.md for what there is.") from None


def _of_waiting(id_: str, folder: Path) -> "Recipe | None":
    """Return the choices of the import in which the rows of a file waited; ``None`` if it is not here."""
    from opinion.centres.imports.archive import read_imports  # only when asked for, as all below
    from opinion.centres.imports.recipes import recipe_of  # the same
    from opinion.centres.imports.waiting_rows import list_of  # the same

    own = next((each for each in read_imports(folder) if list_of(each) == id_), None)
    if own is None:
        return None
    print(f"these rows waited in {own.id}: read with its choices", file=sys.stderr)
    return recipe_of(own.about["recipe"])


def _pair(text: str, option: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not sign or not name:
        raise CatalogueError(f"{option} {text!r}: write NAME=VALUE.")
    return name, value


def _say_recipe(recipe: "Recipe") -> None:
    layout = recipe.layout
    said = {key: repr(value) for key, value in asdict(layout).items() if value != ""}
    print("read as    " + ", ".join(f"{key} {value}" for key, value in said.items()), file=sys.stderr)
    for column, field in recipe.columns.items():
        print(f"column     {column[:40]:40} {field or '(left out)'}", file=sys.stderr)
    if recipe.is_pivoted:
        print("one row is one machine: the rows of a centre are put together", file=sys.stderr)


def _show_progress() -> "Progress | None":
    if not sys.stderr.isatty():
        return None

    def show(rows: int, share: float) -> None:
        print(f"\r{rows:>9,} rows" + (f" {share:4.0%}" if share else ""), end="", file=sys.stderr, flush=True)

    return show


def run_list(_: "Namespace") -> int:
    """Print every import, the newest first."""
    from opinion.centres.imports.archive import read_imports  # only when asked for
    from opinion.centres.inputs import default_folder  # the same

    for each in read_imports(default_folder()):
        counts = each.about["counts"]
        state = "undone" if each.is_undone else "older" if each.replaced_by else "in"
        print(f"{each.id}  {state:6} {counts['centres']:>7} centres {counts['waiting']:>7} rows wait  "
              f"{each.about['source']['title']}  {each.about['file']}  by {each.about['entered_by']}")  # fmt: skip
    return 0


def run_undo(options: "Namespace") -> int:
    """Take an import back. Raises ``CatalogueError`` if there is none."""
    from opinion.centres.imports import archive  # only when asked for
    from opinion.centres.inputs import default_folder  # the same

    archive.undo(options.id, default_folder(), progress=_show_progress())
    options.record(_user(options), "import_undone", options.id)
    print(f"{options.id} is undone; to put it in again: python -m opinion centres redo-import {options.id}")
    return 0


def run_redo(options: "Namespace") -> int:
    """Put an import in again. Raises ``CatalogueError`` if it was not undone."""
    from opinion.centres.imports import archive  # only when asked for
    from opinion.centres.inputs import default_folder  # the same

    archive.redo(options.id, default_folder(), progress=_show_progress())
    options.record(_user(options), "import_redone", options.id)
    print(f"{options.id} is in the catalogue again")
    return 0
