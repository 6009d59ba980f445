"""The history of a centre's facts: what each source stated and when, the newest first, with what it was before."""

from collections.abc import Mapping, Sequence

import streamlit as st

from opinion.centres.decisions import CORRECTIONS
from opinion.centres.fact_database import Fact
from opinion.centres.histories import Moment, Statement, history
from opinion.exchange.correction_wordings import standing_words
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.fact_words import cited_page, date_words, field_names, value_words
from opinion.ui.results import fold


def show_history(facts: list[Fact], t: Translator) -> None:
    """Show the history, folded; its title says how many values differ from what was stated before."""
    moments = history(facts)
    if not moments:
        return
    changes = sum(said.other is not None for moment in moments for said in moment.statements)
    names = {fact.about_id: fact.value for fact in facts if fact.field == "name" and fact.about_id}
    title = t("What was stated, and when")
    if changes:
        title += " — " + t.plural("{count} value differs", "{count} values differ", changes)
    fold(title, "history", lambda: _show_moments(moments, names, t))


def _show_moments(moments: list[Moment], names: Mapping[str, str], t: Translator) -> None:
    """Show what was stated, the newest first. ``names``: of the entries that are part of this one now, by id."""
    parts = []
    for moment in moments:
        first = moment.statements[0].fact
        date = date_words(first, t)
        head = date if moment.is_dated else t("Without a date: {release}", release=date)
        parts.append(f"**{plain(head)}** — {_source(first, t)}")
        for about_id in dict.fromkeys(("", *(said.fact.about_id for said in moment.statements))):
            some = [said for said in moment.statements if said.fact.about_id == about_id]
            if about_id:
                parts.append(t("Said of {name}, now part of this entry:", name=f"{plain(names.get(about_id, ''))}"
                               f" :small[{plain(about_id)}]".strip()))  # fmt: skip
            parts.append("\n".join(f"- {line}" for line in _lines(some, t)))
    st.markdown("\n\n".join(parts))
    st.caption(t("The date is that of the source. A newer source may still repeat what was true earlier."))


def _source(fact: Fact, t: Translator) -> str:
    """Return who states a fact, in Markdown; of a correction the page that was read, of a list who publishes it."""
    title, address = cited_page(fact)
    # a list's own address may be no address of the web: then it is no link
    source = f"[{plain(title)}](<{address}>)" if address.startswith(("http://", "https://")) else plain(title)
    if fact.source == CORRECTIONS:
        return f"{source} ({t('corrected by a curator')})"
    if not fact.entered_by:
        return source
    publisher = f", {plain(fact.publisher)}" if fact.publisher and fact.publisher != title else ""
    return f"{source}{publisher} ({t('imported by a curator')})"


def _lines(statements: Sequence[Statement], t: Translator) -> list[str]:
    """Return a line for each field that a source states at a date; values of one field stand together."""
    names = field_names(t)
    values: dict[str, list[str]] = {}
    for statement in statements:
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
    if other is None:
        return words
    before = f"{other.count:,}" if other.count is not None else value_words(other, t)
    # of one date, neither is the earlier
    if other.source_date == fact.source_date:
        if other.source == fact.source:
            return t("**{value}** (this source also states: {other})", value=words, other=plain(before))
        return t("**{value}** (another source of that date: {other})", value=words, other=plain(before))
    return t(
        "**{value}** (before: {other}, {date})", value=words, other=plain(before), date=plain(date_words(other, t))
    )
