"""Turns a conflict between sources into words: short ones for a cell of the table, all of them for below it."""

import re

from opinion.centres.catalogues import Catalogue
from opinion.centres.queues import InConflict
from opinion.exchange.correction_wordings import gap_words, step_words
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.centre_conflicts import conflict_name, conflict_value
from opinion.ui.fact_queue_tables import centre_address
from opinion.ui.fact_words import cited, date_words

_LONGEST_VALUE, _LONGEST_TITLE = 26, 32


def cell_words(each: InConflict, place: int, t: Translator) -> str:
    """Return one side of a conflict for a cell: value, date and source, each no longer than can be read there."""
    fact = each.conflict.facts[place]
    value = _shortened(_bare(conflict_value(each.conflict, fact, t)), _LONGEST_VALUE)
    return f"{value} ({date_words(fact, t)}) · {short_title(fact.source_title)}"


def short_title(title: str) -> str:
    """Return a source's title without what stands in brackets or behind a comma, and not too long."""
    return _shortened(re.split(r" \(|,", title, maxsplit=1)[0], _LONGEST_TITLE)


def conflict_lines(catalogue: Catalogue, each: InConflict, t: Translator) -> str:
    """Return all about a conflict in Markdown: of which centre, what counts and why, and what does not."""
    name, town = (catalogue.table.column(column)[each.row].as_py() for column in ("name", "city"))
    conflict = each.conflict
    link = f"[{plain(name)}](<{centre_address(each.centre_id, conflict.field)}>)"
    about = " · ".join(filter(None, (town, conflict_name(conflict, t), gap_words(each.gap, t))))
    sides = [(plain(conflict_value(conflict, fact, t)), cited([fact], t)) for fact in conflict.facts]
    (counts, source), *others = sides
    why = t("{value} counts, because {why}.", value=f"**{counts}**", why=step_words(conflict.step, t))
    lines = [f":material/check: {why} {source}"]
    lines += [f":material/remove: {t('Not: {others}', others=f'**{value}**')} {cite}" for value, cite in others]
    return f"**{link}**  \n{plain(about)}\n\n" + "  \n".join(lines)


def _bare(value: str) -> str:
    """Return a website without what all websites begin with."""
    return re.sub(r"^https?://(www\.)?", "", value)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
