"""Where sources disagree about a centre: the value that counts, why, and the others; and the rule as published."""

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.conflicts import Conflict, find_conflicts, read_conflict_rules
from opinion.centres.fact_database import Fact
from opinion.centres.inputs import TABLES
from opinion.centres.queues import accepted_in
from opinion.centres.shared import shared_catalogue
from opinion.exchange.correction_wordings import step_words
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import equipment_labels, plain
from opinion.ui.fact_words import cited, field_names, value_words
from opinion.ui.results import fold


def show_conflicts(catalogue: Catalogue, centre_id: str, facts: list[Fact], t: Translator) -> None:
    """Show each conflict, if there is any, and on asking the rule. ``facts``: those that do not count among them."""
    found = find_conflicts(read_conflict_rules(TABLES), facts)
    if not found:
        return
    accepted = accepted_in(catalogue)
    lines = [f"#### {t('Where sources disagree')}"]
    for conflict in found:
        others = "; ".join(
            f"{plain(conflict_value(conflict, fact, t))} — {cited([fact], t)}" for fact in conflict.facts[1:]
        )
        lines.append(
            f"- **{plain(conflict_name(conflict, t))}:** "
            + t("{value} counts, because {why}.", value=f"**{plain(conflict_value(conflict, conflict.chosen, t))}**",
                why=step_words(conflict.step, t))
            + f" {cited([conflict.chosen], t)}  \n  " + t("Not: {others}", others=others)
        )  # fmt: skip
        if (centre_id, conflict.field, conflict.values) in accepted:
            lines[-1] += f"  \n  :small[{t('A curator of this site has looked at this, and left it so.')}]"
    st.markdown("\n".join(lines))
    fold(t("How we choose where sources disagree"), "conflict_rule", lambda: show_rule(t))


def show_rule(t: Translator) -> None:
    """Show the rule, step by step, and how close each source is to what it states."""
    rules = read_conflict_rules(TABLES)
    titles = {source.id: source.title for source in shared_catalogue().known_sources.values()}
    parts = ["\n".join(f"1. {t(text)} :small[{t(rules.reasons[step])}]" for step, text in rules.texts.items())]
    parts.append(t("How close sources are to what they state, the closest first:"))
    lines = []
    for rank in sorted({*rules.ranks.values()}):
        named = [plain(titles[id_]) for id_, own in rules.ranks.items() if own == rank and id_ in titles]
        lines.append(f"1. {t(rules.rank_reasons[rank])} :small[{'; '.join(named)}]")
    parts.append("\n".join(lines))
    parts.append(f":small[{t('The values that do not count stay on the page of the centre, each with its source.')}]")
    st.markdown("\n\n".join(parts))


def conflict_name(conflict: Conflict, t: Translator) -> str:
    """Return what a conflict is about: a field, or the number of a kind of machine."""
    if conflict.item:
        return t("Number of machines: {item}", item=equipment_labels(t).get(conflict.item, conflict.item))
    return field_names(t)[conflict.field]


def conflict_value(conflict: Conflict, fact: Fact, t: Translator) -> str:
    """Return what one side of a conflict states, in words."""
    return f"{fact.count:,}" if conflict.item and fact.count is not None else value_words(fact, t)
