"""Turns ``python -m opinion match CASE.json`` into centres in order, with reasons: the API's answer, or words."""

import json
import sys
from typing import TYPE_CHECKING

from opinion.errors import AnswersError, Problem
from opinion.exchange.inputs import read_text
from opinion.guidance.answers import parse_answers
from opinion.texts.translations import offered_languages, translator_for

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction


def add_command(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add ``match`` to the command line; it gives 2 if the case has a fault."""
    match = commands.add_parser("match", help="centres for a case, with the reason for each", description=run.__doc__)
    match.add_argument(
        "file",
        metavar="CASE.json",
        help="answers, or an object with answers, also (further areas), age, wishes, weights; - reads standard input",
    )
    match.add_argument("--limit", type=int, default=10, help="how many centres at most in each list (10)")
    match.add_argument(
        "--weight", action="append", default=[], metavar="PART=POINTS",
        help="points of a part of the score in the place of ours; goes before the case's own",
    )  # fmt: skip
    match.add_argument("--text", action="store_true", help="print words for a person instead of JSON")
    match.add_argument("--lang", choices=offered_languages(), default="en", help="the language of the words")
    match.set_defaults(run=run)


def run(options: "Namespace") -> int:
    """Print the centres for a case, and those to ask first. Raises ``AnswersError`` with every fault of the case."""
    from opinion.centres.shared import shared_catalogue  # loads pandas
    from opinion.exchange.match_wordings import ranking_as_text  # the same
    from opinion.matching.cases import read_case, read_weights  # with the ranking
    from opinion.matching.rankings import rank  # loads pandas

    problems = [] if options.limit > 0 else [Problem("--limit", str(options.limit), "is not a number from 1 on.")]
    try:
        given = parse_answers(read_text(options.file))
        case, weights = read_case(given), read_weights(given)
    except AnswersError as error:
        problems += error.problems
    changed = _weights(options.weight, problems)
    if problems:
        raise AnswersError(problems)
    found = rank(shared_catalogue(), case, weights | changed, limit=options.limit)
    if options.text:
        sys.stdout.write(ranking_as_text(found, translator_for(options.lang)))
    else:
        print(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    return 0


def _weights(given: list[str], problems: list[Problem]) -> dict[str, float]:
    """Return the points by part that the command line gives; report what is wrong with them."""
    from opinion.matching.cases import read_weights  # brings the guidance

    found: dict[str, float] = {}
    for one in given:
        part, _, points = one.partition("=")
        try:
            found |= read_weights({"answers": {}, "weights": {part: float(points)}})
        except ValueError:
            problems.append(Problem("--weight", one, "is not PART=POINTS, such as distance=60."))
        except AnswersError as error:
            problems += error.problems
    return found
