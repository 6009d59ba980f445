"""The command line: ``python -m opinion check ANSWERS.json``, ``match CASE.json``, ``centres …``, ``users …``."""

import argparse
import json
import sys

from opinion.agency.commands import add_commands as add_agency_commands
from opinion.agency.commands import record_command
from opinion.agency.upkeep_commands import add_commands as add_upkeep_commands
from opinion.centres.commands import add_commands as add_centre_commands
from opinion.centres.towns import add_commands as add_town_commands
from opinion.charts.outlines import add_commands as add_map_commands
from opinion.errors import AnswersError, OpinionError, Problem
from opinion.exchange.centre_query import add_command as add_query_command
from opinion.exchange.doubles_command import add_commands as add_doubles_commands
from opinion.exchange.fact_command import add_commands as add_fact_commands
from opinion.exchange.import_command import add_commands as add_import_commands
from opinion.exchange.inputs import read_text
from opinion.exchange.match_command import add_command as add_match_command
from opinion.exchange.provenance_command import add_command as add_export_command
from opinion.exchange.quality_command import add_command as add_quality_command
from opinion.exchange.register_command import add_command as add_register_command
from opinion.exchange.terminal import advice_as_text
from opinion.guidance.answers import Answers, parse_answers, read_answers
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.texts.extraction import add_commands as add_text_commands
from opinion.texts.translations import offered_languages, translator_for


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code: 0 done, 1 a check failed, 2 wrong input."""
    parser = argparse.ArgumentParser(prog="python -m opinion", description="Second Opinion, from the command line.")
    parser.set_defaults(record=record_command)  # for commands of parts that do not know the agency
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check", help="advice for the answers in a JSON file", description=check_answers.__doc__
    )
    check.add_argument(
        "file", metavar="ANSWERS.json", help="an object of answers, or a list of them; - reads standard input"
    )
    check.add_argument("--text", action="store_true", help="print words for a person instead of JSON")
    check.add_argument("--lang", choices=offered_languages(), default="en", help="the language of the words")
    check.set_defaults(run=check_answers)
    add_match_command(commands)
    centres = add_centre_commands(commands)
    add_query_command(centres)
    add_import_commands(centres)
    add_quality_command(centres)
    add_fact_commands(centres)
    add_export_command(centres)
    add_doubles_commands(centres)
    add_register_command(centres)
    add_text_commands(commands)
    add_map_commands(commands)
    add_town_commands(commands)
    add_agency_commands(commands)
    add_upkeep_commands(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except AnswersError as error:
        print(error, file=sys.stderr)
        return 2
    except OpinionError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def check_answers(options: argparse.Namespace) -> int:
    """Print the advice for one set of answers, or one line of JSON for each of a list of them."""
    given = parse_answers(read_text(options.file))
    is_batch = type(given) is list
    guidance, t = load_guidance(), translator_for(options.lang)
    printed = []
    for answers in _read_all(given if isinstance(given, list) and is_batch else [given], is_batch):
        advice = assess(guidance, answers)
        if options.text:
            printed.append(advice_as_text(advice, answers, t))
        else:
            found = advice.to_dict()
            for item in (*found["undecided"], *found["contradictions"]):
                item["ask"] = t(item["ask"])
            printed.append(json.dumps(found, ensure_ascii=False, indent=None if is_batch else 2) + "\n")
    sys.stdout.write("\n".join(printed) if options.text else "".join(printed))
    return 0


def _read_all(given: list[object], is_batch: bool) -> list[Answers]:
    """Return the checked answers of every item; all problems of all items are raised together."""
    found, problems = [], []
    for number, item in enumerate(given, start=1):
        try:
            found.append(read_answers(item))
        except AnswersError as error:
            where = f"item {number}: " if is_batch else ""
            problems += [Problem(f"{where}{each.key}", each.value, each.message) for each in error.problems]
    if problems:
        raise AnswersError(problems)
    return found


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main())
