"""Turns ``python -m opinion centres correct …`` and its fellows into decisions about facts, and into their history."""

import getpass
from typing import TYPE_CHECKING

from opinion.errors import CatalogueError
from opinion.texts.translations import SOURCE_LANGUAGE, translator_for

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction
    from collections.abc import Sequence

    from opinion.centres.decisions import Decision

# Every command imports what it needs when it runs: other commands of the program must not wait for pandas.


def add_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add ``correct``, ``set-aside``, ``accept``, ``history``, ``revert``, ``conflicts``, ``overdue``."""
    correct = commands.add_parser("correct", help="state what a source does not say, or says wrongly")
    correct.add_argument("centre_id")
    correct.add_argument("field", help="such as beds, equipment, website, point, name")
    correct.add_argument("value", help="an id of the vocabulary, a number, an address, LAT,LON")
    correct.add_argument("--count", default="", help="number of machines, if it is known")
    correct.add_argument("--source", required=True, help="title of the page or document in which it was read")
    correct.add_argument("--address", required=True, help="its address on the web")
    correct.add_argument("--date", required=True, help="its date: 2026, 2026-10 or 2026-10-31")
    correct.set_defaults(run=run_correct)
    aside = commands.add_parser("set-aside", help="have a fact count no more; it stays, with the reason")
    aside.add_argument("centre_id")
    aside.add_argument("field")
    aside.add_argument("value", help="as `centres show` prints it")
    aside.set_defaults(run=run_set_aside)
    accept = commands.add_parser("accept", help="leave it as it is that sources disagree, as long as they state so")
    accept.add_argument("centre_id")
    accept.add_argument("field", help="such as beds; of machines every number that differs")
    accept.set_defaults(run=run_accept)
    for each in (correct, aside, accept):
        each.add_argument("--note", default="", required=each is aside, help="why")
    history = commands.add_parser("history", help="what curators decided, newest first, each with its id")
    history.add_argument("centre_id", nargs="?", help="of one centre; default of all")
    history.set_defaults(run=run_history)
    revert = commands.add_parser("revert", help="take a decision back, or take that back")
    revert.add_argument("decision", help="its id, as `centres history` prints it")
    revert.add_argument("--note", default="", help="why")
    revert.set_defaults(run=run_revert)
    for each in (correct, aside, accept, revert):
        each.add_argument("--by", help="who decides; default the user of this machine")
    commands.add_parser("conflicts", help="where sources disagree, with the value that counts and why").set_defaults(
        run=run_conflicts
    )
    commands.add_parser("overdue", help="sources of which a newer release should be out").set_defaults(run=run_overdue)


def run_correct(options: "Namespace") -> int:
    """Correct a value. Raises ``CatalogueError`` with every fault of it; nothing has changed then."""
    from opinion.centres import corrections, staleness  # only when asked for, as all below
    from opinion.centres.shared import shared_catalogue  # loads pandas

    catalogue = shared_catalogue()
    row = catalogue.row_of(options.centre_id)
    said = corrections.tidied(
        corrections.Correction(
            options.field, options.value, options.count, options.source, options.address, options.date, options.note
        )
    )
    country = str(catalogue.table.column("country_code")[row])
    faults = corrections.correction_faults(said, catalogue.facts(options.centre_id), country, staleness.today())
    _refuse(faults)
    by = options.by or getpass.getuser()
    print(f"understood: {said.field} {said.value}; read in {said.source}, {said.date}, {said.address}")
    return _apply([corrections.corrected(options.centre_id, said, by)], options, "fact_corrected")


def run_set_aside(options: "Namespace") -> int:
    """Set a fact aside. Raises ``CatalogueError`` with every fault; nothing has changed then."""
    from opinion.centres import corrections  # only when asked for, as all below
    from opinion.centres.shared import shared_catalogue  # loads pandas

    facts = shared_catalogue().facts(options.centre_id)
    _refuse(corrections.setting_aside_faults(options.field, options.value, options.note, facts))
    by = options.by or getpass.getuser()
    decision = corrections.set_aside(options.centre_id, options.field, options.value, options.note, by)
    return _apply([decision], options, "fact_set_aside")


def run_accept(options: "Namespace") -> int:
    """Note that sources may disagree about a field. Raises ``CatalogueError`` if they do not, or it was noted."""
    from opinion.centres import corrections  # only when asked for, as all below
    from opinion.centres.queues import conflicts_of  # loads pandas
    from opinion.centres.shared import shared_catalogue  # with it

    catalogue = shared_catalogue()
    row, by = catalogue.row_of(options.centre_id), options.by or getpass.getuser()
    found = [each for each in conflicts_of(catalogue) if each.row == row and each.conflict.field == options.field]
    if not found:
        raise CatalogueError(
            f"Nothing is open about {options.field!r} of {options.centre_id}. See `opinion centres conflicts`."
        )
    made = [corrections.accepted(each.centre_id, each.conflict, by, options.note) for each in found]
    return _apply(made, options, "conflict_accepted")


def _refuse(faults: list[str]) -> None:
    from opinion.exchange.correction_wordings import correction_fault_words  # only when asked for

    if faults:
        t = translator_for(SOURCE_LANGUAGE)
        raise CatalogueError(" ".join(correction_fault_words(code, t) for code in faults))


def _apply(decisions: "Sequence[Decision]", options: "Namespace", action: str) -> int:
    from opinion.centres.curating import apply  # loads pyarrow
    from opinion.centres.inputs import default_folder  # with it

    apply(default_folder(), decisions)
    for decision in decisions:
        options.record(decision.by, action, decision.centre_id or decision.undoes)
        print(f"done as {decision.id}; to take it back: python -m opinion centres revert {decision.id}")
    return 0


def run_history(options: "Namespace") -> int:
    """Print what was decided, the newest first. Raises ``CatalogueError`` if there is no such centre."""
    from opinion.centres.decisions import history_of, read_revisions  # only when asked for, as all below
    from opinion.centres.inputs import inputs_in  # the same
    from opinion.centres.shared import shared_catalogue  # loads pandas
    from opinion.exchange.correction_wordings import decision_words  # the same

    t = translator_for(SOURCE_LANGUAGE)
    ids = shared_catalogue().ids_of(options.centre_id) if options.centre_id else ()
    for step in history_of(read_revisions(inputs_in().decisions), ids):
        said = step.decision
        value = said.value + (f" x{said.count}" if said.count else "")
        undone = f"  (taken back by {step.undone_by.by}, {step.undone_by.at[:10]})" if step.undone_by else ""
        print(f"{said.id}  {said.at[:16]}  {said.by:16}  {said.centre_id:16} "
              f"{decision_words(said, value, said.field, t)}{undone}")  # fmt: skip
        for text in (f"{said.source}; {said.date}; {said.address}" if said.source else "", said.note):
            if text:
                print(f"{'':14}{text}")
    return 0


def run_revert(options: "Namespace") -> int:
    """Take a decision back. Raises ``CatalogueError`` if there is none, or if it is taken back already."""
    from opinion.centres.corrections import taken_back  # only when asked for, as all below
    from opinion.centres.decisions import history_of, read_revisions  # the same
    from opinion.centres.inputs import inputs_in  # the same

    steps = {step.decision.id: step for step in history_of(read_revisions(inputs_in().decisions))}
    step = steps.get(options.decision)
    if step is None:
        raise CatalogueError(f"There is no decision {options.decision!r}. See `python -m opinion centres history`.")
    if step.undone_by is not None:
        raise CatalogueError(f"{options.decision} is taken back already. To have it again, revert {step.undone_by.id}.")
    decision = taken_back(options.decision, options.by or getpass.getuser(), options.note)
    return _apply([decision], options, "decision_undone")


def run_conflicts(options: "Namespace") -> int:
    """Print where sources disagree, the widest gap first: the value that counts, why, and the others."""
    from opinion.centres.queues import conflicts_of  # only when asked for, as all below
    from opinion.centres.shared import shared_catalogue  # loads pandas
    from opinion.exchange.correction_wordings import step_words  # the same

    t = translator_for(SOURCE_LANGUAGE)
    found = conflicts_of(shared_catalogue())
    for each in found:
        said = [
            f"{fact.count if each.conflict.item else fact.value} ({fact.source}, {fact.source_date})"
            for fact in each.conflict.facts
        ]
        name = " ".join(filter(None, (each.conflict.field, each.conflict.item)))
        why = step_words(each.conflict.step, t)
        print(f"{each.centre_id:20} {name:20} {said[0]}  before {', '.join(said[1:])}: {why}")
    print(f"{len(found)} in all")
    return 0


def run_overdue(options: "Namespace") -> int:
    """Print the sources of which a newer release should be out, those on which most answers rest first."""
    from opinion.centres.quality.shared import shared_quality  # only when asked for, as all below
    from opinion.centres.shared import shared_catalogue  # loads pandas

    for renewal in shared_quality(shared_catalogue()).renewals:
        each = renewal.overdue
        print(f"{each.source.id:20} since {each.since}  {each.facts:>7,} facts of {each.centres:>6,} centres")
        print(f"{'':20} {each.refresh.text} {each.refresh.address}")
        print(f"{'':20} get it: {each.source.address}")
    return 0
