"""Turns ``python -m opinion centres doubles …`` into pairs that may be one centre, and into what is decided of them."""

import getpass
from typing import TYPE_CHECKING

from opinion.errors import CatalogueError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

    from opinion.centres.decisions import Decision, Revisions
    from opinion.centres.doubles.queues import Proposal
    from opinion.centres.doubles.samples import Share
    from opinion.centres.inputs import Inputs

# Every command imports what it needs when it runs: other commands of the program must not wait for pandas.


def add_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add ``doubles`` to the commands of ``centres``."""
    doubles = commands.add_parser("doubles", help="centres that stand in the catalogue twice: list, merge, keep apart")
    parts = doubles.add_subparsers(dest="doubles_command", required=True, metavar="COMMAND")
    show = parts.add_parser("list", help="the pairs to decide, the most useful first")
    show.add_argument("--country", default="", help="code, such as CH")
    show.add_argument("--register", default="", help="what the ids begin with, such as ror")
    show.add_argument("--limit", type=int, default=20)
    show.set_defaults(run=run_list)
    parts.add_parser("measure", help="precision and recall on the labelled sample").set_defaults(run=run_measure)
    merge = parts.add_parser("merge", help="merge what is clear-cut by the rule of doubles.toml")
    merge.add_argument("--dry-run", action="store_true", help="say what would be merged, and change nothing")
    merge.add_argument(
        "--bundle", action="store_true", help="into data/centres: pairs of the labelled sample that are the same"
    )
    merge.set_defaults(run=run_merge)
    same = parts.add_parser("same", help="two are one centre: the first takes the second in")
    two = parts.add_parser("two", help="two are two centres, and the pair does not come back")
    for each, run in ((same, run_same), (two, run_two)):
        each.add_argument("centre_id")
        each.add_argument("other_id")
        each.add_argument("--note", default="", help="why")
        each.set_defaults(run=run)
    back = parts.add_parser("undo", help="take a decision back, by its id")
    back.add_argument("decision")
    back.set_defaults(run=run_undo)
    for each in (merge, same, two, back):
        each.add_argument("--by", help="who decides; default the user of this machine")


def run_list(options: "Namespace") -> int:
    """Print the pairs to decide, without those of which a decision waits on the page; 0."""
    from opinion.centres.doubles.queues import read_proposals, undecided  # only when asked for, as all below

    found = [
        each
        for each in undecided(read_proposals(_inputs()), _known())
        if options.country in ("", each.country_code) and (not options.register or options.register in each.registers)
    ]
    for each in found[: options.limit]:
        print(_line(each))
    print(f"{len(found)} pairs to decide, {sum(each.is_clear for each in found)} of them clear-cut")
    return 0


def _inputs() -> "Inputs":
    from opinion.centres.inputs import inputs_in  # with the queue

    return inputs_in()


def _known() -> "Revisions":
    """Return what was decided, with what waits to be put in."""
    from opinion.centres.decisions import read_revisions, revisions  # with the queue
    from opinion.centres.inputs import default_folder  # with the queue
    from opinion.centres.waiting_decisions import read_waiting  # with the queue

    waiting = (each.decision for each in read_waiting(default_folder()))
    return revisions((*read_revisions(_inputs().decisions).history, *waiting))


def _line(pair: "Proposal") -> str:
    far = "place unknown" if pair.km is None else f"{pair.km:.1f} km"
    why = [f"names {pair.names:.0f}", far]
    if pair.same_website is not None:
        why.append("same website" if pair.same_website else "other website")
    if pair.told_apart:
        why.append("told apart: " + ", ".join(pair.told_apart))
    return f"{pair.score:5.1f} {'*' if pair.is_clear else ' '} {pair.kept_id} <- {pair.other_id}  ({'; '.join(why)})"


def run_measure(_: "Namespace") -> int:
    """Print precision and recall of the rule and of the candidates, with 95 % intervals (Wilson); 0."""
    from opinion.centres.doubles.listings import read_listings  # with the queue
    from opinion.centres.doubles.samples import measure, merged_within_registers, read_sample  # with the queue
    from opinion.centres.doubles.settings import read_settings  # with the queue
    from opinion.centres.inputs import Inputs  # with the queue

    settings = read_settings()
    listings = read_listings(Inputs(), settings)
    for half, found in measure(listings, settings, read_sample()).items():
        labels = ", ".join(f"{label} {count}" for label, count in found.labels.items())
        print(f"{half}: {sum(found.labels.values())} pairs ({labels})")
        print(f"  merged by rule: precision {_share(found.precision)}; recall {_share(found.recall)}; "
              f"unsure merged {found.unsure_merged}")  # fmt: skip
        print(f"  of the same: merged or shown to a person {_share(found.shown)}")
    compared, merged = merged_within_registers(listings, settings)
    print(f"pairs that one register keeps apart: {compared} compared, {len(merged)} would be merged by a rule that "
          "does not look at the register")  # fmt: skip
    return 0


def _share(share: "Share") -> str:
    low, high = share.interval
    return f"{share.value:.3f} ({share.part} of {share.whole}; 95 % {low:.3f} to {high:.3f})"


def run_merge(options: "Namespace") -> int:
    """Merge by rule, or print what would be merged; 0."""
    from opinion.centres.decisions import decide  # with the queue
    from opinion.centres.doubles.queues import merge_by_rule, read_proposals  # with the queue
    from opinion.centres.doubles.samples import bundled_merges, read_sample  # with the queue
    from opinion.centres.doubles.settings import read_settings  # with the queue
    from opinion.centres.inputs import TABLES, Inputs  # with the queue

    settings = read_settings()
    found = read_proposals(Inputs() if options.bundle else _inputs())
    decisions = bundled_merges(found, read_sample(), settings) if options.bundle else merge_by_rule(found, settings)
    for each in decisions:
        print(f"{each.score:>5} {each.centre_id} <- {each.other_id}  {each.by}")
    if options.dry_run:
        print(f"{len(decisions)} would be merged")
        return 0
    if options.bundle:
        decide(TABLES, decisions)
        print(f"{len(decisions)} merged in {TABLES}. Run `python -m opinion centres build`.")
        return 0
    return _decide(decisions, options, "centres_merged")


def run_same(options: "Namespace") -> int:
    """Have one centre take another in; 0. Raises ``CatalogueError`` if one is not there, or the pair waits."""
    return _decide([_pair("merge", options)], options, "centres_merged")


def run_two(options: "Namespace") -> int:
    """Keep two centres apart; 0. Raises ``CatalogueError`` if one is not there, or the pair waits."""
    return _decide([_pair("apart", options)], options, "centres_kept_apart")


def run_undo(options: "Namespace") -> int:
    """Take a decision back; 0. Raises ``CatalogueError`` if there is none."""
    from opinion.centres.decisions import Decision, now, read_revisions  # with the queue

    if options.decision not in {each.id for each in read_revisions(_inputs().decisions).standing}:
        raise CatalogueError(f"No decision {options.decision!r} stands. Its id is printed when it is made.")
    return _decide([Decision("undo", now(), _by(options), undoes=options.decision)], options, "decision_undone")


def _pair(kind: str, options: "Namespace") -> "Decision":
    from opinion.centres.decisions import Decision, now  # with the queue
    from opinion.centres.inputs import default_folder  # with the queue
    from opinion.centres.shared import shared_catalogue  # loads pandas
    from opinion.centres.waiting_decisions import read_waiting  # with the queue

    catalogue = shared_catalogue()
    if catalogue.row_of(options.centre_id) == catalogue.row_of(options.other_id):
        raise CatalogueError(f"{options.centre_id} and {options.other_id} are one centre already.")
    pair = {options.centre_id, options.other_id}
    for each in read_waiting(default_folder()):
        if {each.decision.centre_id, each.decision.other_id} == pair:
            raise CatalogueError(
                f"{each.account} has decided this pair on the page Doubles. It waits to be put in there."
            )
    return Decision(kind, now(), _by(options), options.centre_id, options.other_id, note=options.note)


def _by(options: "Namespace") -> str:
    return str(options.by or getpass.getuser())


def _decide(decisions: "list[Decision]", options: "Namespace", action: str) -> int:
    from opinion.centres.curating import apply  # with the queue
    from opinion.centres.inputs import default_folder  # with the queue

    apply(default_folder(), decisions)
    for each in decisions:
        options.record(_by(options), action, each.centre_id or each.undoes)
        print(f"{each.kind} {each.id}: {' '.join(filter(None, (each.centre_id, each.other_id, each.undoes)))}")
    print(f"{len(decisions)} decided")
    return 0
