"""Turns two centres into one HTML table: each field of both with its sources, and in words what differs."""

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from opinion.centres.distances import distance_km
from opinion.centres.fact_database import Fact
from opinion.centres.names import search_key
from opinion.texts.translations import Translator
from opinion.ui.fact_words import date_words, field_names, value_words

_FIRST = (
    "name", "name_other", "city", "city_local", "region", "country_code", "point", "website", "facility_type", "beds",
    "teaching", "designation", "disease_area", "equipment",
)  # fmt: skip


@cache
def style() -> str:
    """Return the style of the table, as HTML."""
    return f"<style>{Path(__file__).with_name('doubles.css').read_text('utf-8')}</style>"


def pair_html(names: tuple[str, str], facts: tuple[list[Fact], list[Fact]], t: Translator) -> str:
    """Return the table; every text in it is escaped. ``names``: of the two, as heads."""
    heads = "".join(
        f'<th scope="col">{escape(letter)}<br><span>{escape(name)}</span></th>'
        for letter, name in zip("AB", names, strict=True)
    )
    rows = "".join(_rows(facts, t))
    caption = escape(t("What sources state about each. What is not known is not a difference."))
    return (
        f'<div class="doubles" role="region" aria-label="{escape(t("The two side by side"))}" tabindex="0"><table>'
        f"<caption>{caption}</caption><thead><tr><th scope=col>{escape(t('Fact'))}</th>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _rows(facts: tuple[list[Fact], list[Fact]], t: Translator) -> Iterable[str]:
    labels = field_names(t)
    by_field = [{field: [fact for fact in some if fact.field == field] for field in _FIRST} for some in facts]
    for field in _FIRST:
        one, other = (some[field] for some in by_field)
        if not one and not other:
            continue
        kind, word = _compared(field, one, other, t)
        cells = "".join(f"<td>{_cell(some, t)}</td>" for some in (one, other))
        yield (
            f'<tr class="{kind}"><th scope="row">{escape(labels[field])}<br><strong>{escape(word)}</strong></th>'
            f"{cells}</tr>"
        )


def _compared(field: str, one: list[Fact], other: list[Fact], t: Translator) -> tuple[str, str]:
    """Return a class and a word for how the two compare."""
    if not one or not other:
        return "only", t("Only A") if one else t("Only B")
    if field == "facility_type" and one[0].source != other[0].source:
        return "other", t("Not comparable")  # each register has words of its own
    if field == "point":
        far = _apart_km(one[0].value, other[0].value)
        return ("same", t("Less than 1 km apart")) if far < 1 else ("differs", t("{km} km apart", km=f"{far:.0f}"))
    values = [{_key(fact, t) for fact in some} for some in (one, other)]
    if values[0] == values[1]:
        return "same", t("The same")
    return ("partly", t("Partly the same")) if values[0] & values[1] else ("differs", t("Differs"))


def _key(fact: Fact, t: Translator) -> str:
    """Return a value as it is compared: names without case and accents, websites by their host."""
    if fact.field == "website":
        return (urlsplit(fact.value).hostname or fact.value).removeprefix("www.")
    return search_key(value_words(fact, t)) if fact.field in ("name", "name_other", "city") else fact.value


def _apart_km(one: str, other: str) -> float:
    (lat, lon), (there, far) = ((float(part) for part in point.split(",")[:2]) for point in (one, other))
    return float(distance_km(lat, lon, np.array([there]), np.array([far]))[0])


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
        together.setdefault(sources, []).append(value + count)
    return "<br>".join(
        f"{escape('; '.join(some))}<br><small>{escape(sources)}</small>" for sources, some in together.items()
    )
