"""Turns ``python -m opinion centres …`` into work on the catalogue: compile, build, show, diff."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

# Every command imports what it needs when it runs: other commands of the program must not wait for pandas.


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> "_SubParsersAction[ArgumentParser]":
    """Register ``centres`` with its commands; each sets ``run``, a function of the arguments to an exit code.

    ``diff`` gives 1 if anything changed. Faulty tables raise ``CatalogueError``, which the program reports. Returns
    the commands of ``centres``, for parts above this one to add theirs.
    """
    centres = subparsers.add_parser("centres", help="the catalogue of centres: compile, build, show, diff, query")
    commands = centres.add_subparsers(dest="centres_command", required=True, metavar="COMMAND")

    compile_ = commands.add_parser("compile", help="raw tables of compiled facts -> the tables in data/centres")
    compile_.add_argument("raw", type=Path, help="folder with centres_facts.csv and centres_evidence.csv.gz")
    compile_.add_argument("--tables", type=Path, help="folder of the tables, default data/centres")
    compile_.set_defaults(run=_compile)

    build = commands.add_parser("build", help="the tables -> packed files in var/ (or $OPINION_VAR)")
    build.add_argument("--tables", type=Path, help="folder of the tables, default data/centres")
    build.add_argument("--out", type=Path, help="folder of the packed files, default var/ or $OPINION_VAR")
    build.set_defaults(run=_build)

    checked = commands.add_parser("hand-checked", help="the tables in data/centres/hand_checked -> their releases")
    checked.set_defaults(run=_hand_checked)

    show = commands.add_parser("show", help="everything known about one centre, with sources")
    show.add_argument("centre_id", help="as in the first column of centres.csv, such as es:280035")
    show.set_defaults(run=_show)

    diff = commands.add_parser("diff", help="what changed between two folders of tables")
    diff.add_argument("old", type=Path)
    diff.add_argument("new", type=Path, nargs="?", help="default data/centres")
    diff.add_argument("--limit", type=int, default=20, help="lines shown for each kind of change (default 20)")
    diff.set_defaults(run=_diff)
    return commands


def _compile(arguments: "Namespace") -> int:
    from opinion.centres.compiling import compile_tables  # not before it is asked for
    from opinion.centres.inputs import TABLES  # not before it is asked for

    ledger = compile_tables(arguments.raw, arguments.tables or TABLES)
    totals: dict[tuple[str, str], int] = {}
    for table, source, outcome, reason, rows in ledger:
        print(f"{table:12} {source:20} {outcome:9} {rows:>7}  {reason}".rstrip())
        totals[table, outcome] = totals.get((table, outcome), 0) + int(rows)
    for (table, outcome), rows_ in sorted(totals.items()):
        print(f"{table:12} {'all':20} {outcome:9} {rows_:>7}")
    return 0


def _build(arguments: "Namespace") -> int:
    from opinion.centres.inputs import TABLES, inputs_in  # not before it is asked for
    from opinion.centres.packing import pack  # loads pyarrow

    out = arguments.out or Path(os.environ.get("OPINION_VAR") or TABLES.parent.parent / "var")
    for name, count in pack(out, inputs_in(out, arguments.tables or TABLES)).items():
        print(f"{name:28} {count:>7}")
    print(f"written to {out}")
    return 0


def _hand_checked(arguments: "Namespace") -> int:
    from opinion.centres.inputs import RELEASES, TABLES, read_about  # not before it is asked for
    from opinion.centres.registers.hand_checked import write_releases  # not before it is asked for

    for folder in write_releases(TABLES / RELEASES):
        counts = read_about(folder)["counts"]
        print(f"{folder.name:28} {counts['centres']:>5} centres {counts['facts']:>5} facts")
    return 0


def _show(arguments: "Namespace") -> int:
    from opinion.centres.catalogues import load_catalogue  # loads pandas
    from opinion.centres.conflicts import find_conflicts, read_conflict_rules  # not before it is asked for
    from opinion.centres.inputs import TABLES  # not before it is asked for
    from opinion.centres.staleness import schedule_of, today  # not before it is asked for

    catalogue = load_catalogue()
    facts = catalogue.facts(arguments.centre_id, with_past=True)
    schedule = schedule_of(catalogue.known_sources, TABLES)
    for fact in facts:
        count = f" x{fact.count}" if fact.count else ""
        code = f" [{fact.code}]" if fact.code else ""
        notes = [fact.standing.replace("_", " "), f"of {fact.about_id}" if fact.about_id else "",
                 f"entered by {fact.entered_by}" if fact.entered_by else ""]  # fmt: skip
        if (
            fact.certainty == "stated"
            and not fact.standing
            and schedule.is_overdue(fact.source, fact.source_date, today())
        ):
            notes.append(f"overdue since {schedule.due(fact.source, fact.source_date)}")
        print(f"{fact.field:14} {fact.value}{count}  ({'; '.join([fact.certainty, *filter(None, notes)])}){code}")
        print(f"{'':14} {fact.publisher}: {fact.source_title}; {fact.source_date}; {fact.source_url}")
    for conflict in find_conflicts(read_conflict_rules(TABLES), facts):
        said = [f"{fact.count if conflict.item else fact.value} ({fact.source_date})" for fact in conflict.facts]
        name = " ".join(filter(None, (conflict.field, conflict.item)))
        print(f"{'conflict':14} {name}: {said[0]} counts, not {', '.join(said[1:])}, by {conflict.step}")
    for area, focus in catalogue.focus_of(catalogue.row_of(arguments.centre_id)).items():
        print(f"{'focus':14} {area}: {focus}")
    return 0


def _diff(arguments: "Namespace") -> int:
    from opinion.centres.differences import compare_tables  # not before it is asked for
    from opinion.centres.inputs import TABLES  # not before it is asked for

    found = compare_tables(arguments.old, arguments.new or TABLES)
    changed = False
    for kind in ("added", "removed", "changed", "facts_added", "facts_removed", "focus"):
        lines: list[str] = getattr(found, kind)
        changed = changed or bool(lines)
        print(f"{kind.replace('_', ' ')}: {len(lines)}")
        for line in lines[: arguments.limit]:
            print(f"  {line}")
        if len(lines) > arguments.limit:
            print(f"  … and {len(lines) - arguments.limit} more (--limit)")
    return 1 if changed else 0
