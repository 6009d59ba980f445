"""Turns ``python -m opinion centres quality`` into how good the data of the catalogue are, and what to do next."""

import csv
import sys
from typing import TYPE_CHECKING

from opinion.texts.countries import country_names
from opinion.texts.translations import offered_languages, translator_for

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

    from opinion.centres.catalogues import Catalogue
    from opinion.centres.quality.measures import Quality


def add_command(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add ``quality`` to the commands of ``centres``."""
    quality = commands.add_parser(
        "quality", help="how complete, right and new the data are, and what to do next", description=run.__doc__
    )
    quality.add_argument("--by", choices=("country", "source"), help="print CSV: a line for each measure and each")
    quality.add_argument("--keep", action="store_true", help="add today's counts to quality.jsonl, as the server does")
    quality.add_argument("--lang", choices=offered_languages(), default="en", help="the language of the words")
    quality.set_defaults(run=run)


def run(options: "Namespace") -> int:
    """Print every measure with its denominator, then what would help most; doubles too, which takes seconds."""
    from opinion.centres.quality.measures import BY_FAULTS  # loads pandas, as all below
    from opinion.centres.quality.records import keep_record  # see above
    from opinion.centres.quality.shared import look_for_doubles  # see above
    from opinion.centres.shared import shared_catalogue  # see above
    from opinion.exchange import quality_wordings as words  # see above

    t, catalogue = translator_for(options.lang), shared_catalogue()
    found = look_for_doubles(catalogue)
    if options.by:
        _print_lines(catalogue, found.quality, options.by)
    else:
        dimensions, names = words.dimension_labels(t), words.measure_labels(t)
        for each in found.quality.measures:
            label = f"{dimensions[each.dimension]}: {names[each.dimension, each.id]}"
            some = each.of - each.good if each.dimension in BY_FAULTS else each.good
            print(f"{label:52} {some:>8,} / {each.of:,}")
        sources = {source.id: source.title for source in catalogue.known_sources.values()}
        for number, task in enumerate(found.tasks, start=1):
            what = words.task_words(task, country_names(t.language), sources, t)
            print(f"{number:>2}. {what} {words.worth_words(task, t)}")
    if options.keep:
        kept = keep_record(catalogue, found.quality)
        print("record added" if kept else "the last record is of this catalogue", file=sys.stderr)
    return 0


def _print_lines(catalogue: "Catalogue", quality: "Quality", by: str) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("dimension", "measure", by, "good", "of"))
    ids = catalogue.countries if by == "country" else tuple(catalogue.known_sources)
    for each in quality.measures:
        counts = each.by_country if by == "country" else each.by_source
        writer.writerows(
            (each.dimension, each.id, id_, good, of) for id_, good, of in zip(ids, *counts.tolist(), strict=True) if of
        )
