"""The history of a centre's facts: what each source stated and when, the newest first, with what it was before."""

import streamlit as st

from opinion.centres.fact_database import Fact
from opinion.centres.histories import Moment, Statement, history
from opinion.exchange.correction_wordings import standing_words
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.fact_words import cited_page, date_words, entered_words, field_names, value_words
from opinion.ui.results import fold


def show_history(facts: list[Fact], t: Translator) -> None:
    """Show the history, folded; its title says how many values differ from what was stated before."""
    moments = history(facts)
    if not moments:
        return
    changes = sum(said.other is not None for moment in moments for said in moment.statements)
    title = t("What was stated, and when")
    if changes:
        title += " — " + t.plural("{count} value differs", "{count} values differ", changes)
    fold(title, "history", lambda: _show_moments(moments, t))


def _show_moments(moments: list[Moment], t: Translator) -> None:
    parts = []
    for moment in moments:
        first = moment.statements[0].fact
        date = date_words(first, t)
        head = date if moment.is_dated else t("Without a date: {release}", release=date)
        title, address = cited_page(first)
        source = f"[{plain(title)}](<{address}>)" if address else plain(title)
        if first.entered_by:
            source += f" ({entered_words(first, t)})"
        lines = "\n".join(f"- {line}" for line in _lines(moment, t))
        parts.append(f"**{plain(head)}** — {source}\n\n{lines}")
    st.markdown("\n\n".join(parts))
    st.caption(t("The date is that of the source. A newer source may still repeat what was true earlier."))


def _lines(moment: Moment, t: Translator) -> list[str]:
    """Return a line for each field that a source states at a date; values of one field stand together."""
    names = field_names(t)
    values: dict[str, list[str]] = {}
    for statement in moment.statements:
        values.setdefault(statement.fact.field, []).append(_value(statement, t))
    order = list(names)
    return [
        f"{plain(names.get(field, field))}: {', '.join(dict.fromkeys(values[field]))}"
        for field in sorted(values, key=lambda field: order.index(field) if field in order else len(order))
    ]


def _value(statement: Statement, t: Translator) -> str:
    fact, other = statement.fact, statement.other
    words = plain(value_words(fact, t))
    if fact.count is not None:
        words += f" ({fact.count:,})"
    if fact.standing:
        words += f" ({standing_words(fact.standing, t)})"
    elif fact.about_id:
        words += " " + t("(said of {id}, now part of this entry)", id=plain(fact.about_id))
    if other is None:
        return words
    before = f"{other.count:,}" if other.count is not None else value_words(other, t)
    # of one date, neither is the earlier
    if other.source_date == fact.source_date:
        return t("**{value}** (another source of that date: {other})", value=words, other=plain(before))
    return t(
        "**{value}** (before: {other}, {date})", value=words, other=plain(before), date=plain(date_words(other, t))
    )
