"""Turns two centres into one HTML table: each field of both with its sources, and in words what differs."""

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from opinion.centres.doubles.queues import Proposal
from opinion.centres.fact_database import Fact
from opinion.centres.names import search_key
from opinion.centres.tables import is_web_address
from opinion.texts.translations import Translator
from opinion.ui.doubles_words import distance_words
from opinion.ui.fact_words import date_words, field_names, value_words

_FIRST = (
    "name", "name_other", "city", "city_local", "region", "country_code", "point", "website", "facility_type", "beds",
    "teaching", "designation", "disease_area", "equipment",
)  # fmt: skip

_OWN_WORDS = ("facility_type", "region")  # each register has words or codes of its own for it
_OF_MANY = ("name_other", "designation", "disease_area", "equipment")  # a source names some: the rest is not known
_JUDGED_AS = {"city_local": "city"}


@cache
def style() -> str:
    """Return the style of the table, as HTML."""
    return f"<style>{Path(__file__).with_name('doubles.css').read_text('utf-8')}</style>"


def pair_html(
    names: tuple[str, str],
    facts: tuple[list[Fact], list[Fact]],
    pair: Proposal,
    judged: Mapping[str, bool | None],
    t: Translator,
) -> str:
    """Return the table; every text in it is escaped. ``names``: of the two, as heads.

    ``judged``: which fields speak for one centre and which against, by ``judge(pair)``; the others are compared here.
    """
    heads = "".join(
        f'<th scope="col">{escape(letter)}<br><span>{escape(name)}</span></th>'
        for letter, name in zip("AB", names, strict=True)
    )
    rows = "".join(_rows(facts, pair, judged, t))
    caption = escape(t("What sources state about each. What is not known is not a difference."))
    return (
        f'<div class="doubles" role="region" aria-label="{escape(t("The two side by side"))}" tabindex="0"><table>'
        f"<caption>{caption}</caption><thead><tr><th scope=col>{escape(t('Fact'))}</th>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _rows(
    facts: tuple[list[Fact], list[Fact]], pair: Proposal, judged: Mapping[str, bool | None], t: Translator
) -> Iterable[str]:
    labels = field_names(t)
    by_field = [{field: [fact for fact in some if fact.field == field] for field in _FIRST} for some in facts]
    for field in _FIRST:
        one, other = (some[field] for some in by_field)
        if not one and not other:
            continue
        kind, word = _compared(field, one, other, t)
        as_field = _JUDGED_AS.get(field, field)
        if one and other and as_field in judged:
            kind, word = _judged(as_field, judged[as_field], kind, word, pair, t)
        cells = "".join(f"<td>{_cell(some, t)}</td>" for some in (one, other))
        yield (
            f'<tr class="{kind}"><th scope="row">{escape(labels[field])}<br><strong>{escape(word)}</strong></th>'
            f"{cells}</tr>"
        )


def _compared(field: str, one: list[Fact], other: list[Fact], t: Translator) -> tuple[str, str]:
    """Return a class and a word for how the two compare."""
    if not one or not other:
        return "only", t("Only A") if one else t("Only B")
    values = [{_key(fact, t) for fact in some} for some in (one, other)]
    if values[0] == values[1]:
        return "same", t("The same")
    if field in _OWN_WORDS and one[0].source != other[0].source:
        return "other", t("Not comparable")
    if values[0] & values[1]:
        return "partly", t("Partly the same")
    return ("other", t("Each names others")) if field in _OF_MANY else ("differs", t("Differs"))


def _judged(field: str, verdict: bool | None, kind: str, word: str, pair: Proposal, t: Translator) -> tuple[str, str]:
    """Return class and word of a field that the score knows: as it was judged, never as the letters look."""
    if field == "point":
        word = distance_words(pair, t)
    elif verdict and kind != "same":
        word = t("The same town") if field == "city" else t("Alike")
    elif verdict is None and field == "city" and pair.same_town is False:
        word = t("Another word, but close by")
    elif verdict is None and field == "website":
        word = t("Websites of groups, no help here")
    elif verdict is False and kind == "same":
        word = t("Differs in what was compared")
    return {True: "same", False: "differs", None: "other"}[verdict], word


def _key(fact: Fact, t: Translator) -> str:
    """Return a value as it is compared: names without case and accents, websites by their host."""
    if fact.field == "website":
        return (urlsplit(fact.value).hostname or fact.value).removeprefix("www.")
    return search_key(value_words(fact, t)) if fact.field in ("name", "name_other", "city") else fact.value


def _cell(facts: list[Fact], t: Translator) -> str:
    if not facts:
        return f"<em>{escape(t('not known'))}</em>"
    values: dict[str, list[Fact]] = {}
    for fact in facts:
        values.setdefault(value_words(fact, t), []).append(fact)
    # values of the same sources stand together, above them
    together: dict[str, list[str]] = {}
    for value, said in values.items():
        count = next((f" ({fact.count:,})" for fact in said if fact.count), "")
        sources = "; ".join(dict.fromkeys(f"{fact.source_title}, {date_words(fact, t)}" for fact in said))
        implied = "" if any(fact.certainty != "implied" for fact in said) else f" ({escape(t('implied'))})"
        together.setdefault(sources, []).append(_linked(value, said[0].field) + count + implied)
    return "<br>".join(f"{'; '.join(some)}<br><small>{escape(sources)}</small>" for sources, some in together.items())


def _linked(value: str, field: str) -> str:
    """Return a value, escaped; a website as a link that opens beside the page."""
    if field == "website" and is_web_address(value):
        return f'<a href="{escape(value)}" target="_blank" rel="noopener noreferrer">{escape(value)}</a>'
    return escape(value)
