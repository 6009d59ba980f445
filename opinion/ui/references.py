"""Where everything comes from: the guidance, the rules, the sources of facts, the sources of the catalogue."""

from collections.abc import Mapping

import streamlit as st

from opinion.centres.inputs import inputs_in
from opinion.centres.sources import read_sources
from opinion.guidance.contents import load_guidance
from opinion.texts.translations import Translator
from opinion.ui.results import fold


def show_guidance(t: Translator) -> None:
    """Show every statement of the guidance with its id."""
    guidance = load_guidance()
    st.markdown(t("The self-check applies one published piece of guidance, here in our own words."))
    lines = [f"- **{id}** {t(statement['text'])}" for id, statement in guidance.statements.items()]
    st.markdown("\n".join(lines))
    st.caption(t("Where it is silent we chose with care, and say “our own careful choice”."))


def show_rules(t: Translator) -> None:
    """Show how many rules there are, how many a clinician has reviewed, and the way to the rule book."""
    guidance = load_guidance()
    reviewed = sum(rule.clinically_reviewed for rule in guidance.rules.values())
    st.warning(
        t("Reviewed by a clinician so far: {reviewed} of {count} rules.", reviewed=reviewed, count=len(guidance.rules)),
        icon=":material/info:",
    )
    st.markdown(
        t("Each rule stands in the rule book: in words, as written, with what it rests on. You can try them there.")
    )
    if st.button(t("Open the rule book"), icon=":material/rule:", key="to_rule_book"):
        st.switch_page("../../pages/rule_book.py")


def show_sources(t: Translator) -> None:
    """Show the sources of the guidance and of the emergency signs and numbers."""
    st.markdown("\n".join(_source_line(source, t) for source in load_guidance().sources.values()))


def _source_line(source: Mapping[str, str], t: Translator) -> str:
    title = f"[{source['title']}]({source['address']})" if source["address"] else source["title"]
    publisher = source["publisher"] or t("publisher not recorded")
    return f"- {title}. {publisher}; {t('read on {date}', date=source['accessed'])}; {source['licence']}"


def show_catalogue_sources(t: Translator) -> None:
    """Show the sources of the catalogue of centres, shipped or not, each with its licence."""
    lines = []
    for source in read_sources(inputs_in()).values():
        state = t("In the catalogue") if source.ship else t("Left out")
        title = f"[{source.title}]({source.address})" if source.address else source.title
        lines.append(f"- **{title}**, {source.publisher}. {source.licence}. {state}: {source.why}")
    st.markdown("\n".join(lines))


def show_all(t: Translator) -> None:
    """Show the whole page, each part folded."""
    fold(t("The guidance"), "guidance", lambda: show_guidance(t))
    fold(t("The rules"), "rules", lambda: show_rules(t))
    fold(t("Sources of the guidance, signs and numbers"), "sources", lambda: show_sources(t))
    fold(t("Sources of the centres"), "catalogue_sources", lambda: show_catalogue_sources(t))
