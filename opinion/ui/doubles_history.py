"""What stands below the pair on the page Doubles: what the rule would merge, what waits, and what was decided."""

import streamlit as st

from opinion.agency.accounts import Account
from opinion.centres.catalogues import Catalogue
from opinion.centres.corrections import taken_back
from opinion.centres.decisions import Decision, Revisions
from opinion.centres.doubles.queues import Proposal, merge_by_rule
from opinion.centres.doubles.settings import read_settings
from opinion.centres.inputs import default_folder
from opinion.centres.waiting_decisions import WaitingDecision, add_waiting, take_back_waiting
from opinion.exchange.correction_wordings import doer_words, taking_back_label
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.choices import told_apart
from opinion.ui.doubles_words import centre_words, country_of, decision_words
from opinion.ui.results import fold

_SHOWN = 20


def show_clear_cut(actor: Account, catalogue: Catalogue, clear: list[Proposal], t: Translator) -> None:
    """Offer to merge the pairs that the rule calls ``clear``, folded; nothing if there are none."""
    if not clear:
        return

    def show() -> None:
        st.markdown(t("One name with a word of its own, one place, and nothing against it. Look at the list first."))
        st.dataframe(
            {
                t("Kept"): [centre_words(catalogue, each.kept_id) for each in clear],
                t("Goes into it"): [centre_words(catalogue, each.other_id) for each in clear],
                t("Alike"): [round(each.score) for each in clear],
            },
            hide_index=True, alt=t("Pairs that the rule merges"),
        )  # fmt: skip
        if st.button(t("Merge all of these"), key="doubles_clear_all", icon=":material/merge:"):
            add_waiting(default_folder(), merge_by_rule(clear, read_settings()), actor.name)
            st.rerun()

    fold(t.plural("{count} pair is clear-cut", "{count} pairs are clear-cut", len(clear)), "doubles_clear", show)


def show_waiting(
    actor: Account, catalogue: Catalogue, decided: Revisions, waiting: list[WaitingDecision], t: Translator
) -> None:
    """Show the decisions that wait, the newest first, each with who took it; one's own with the way back."""
    st.caption(t("They go in together, whoever puts them in. Each of you can take back your own."))
    for each in reversed(waiting[-_SHOWN:]):
        words = decision_words(catalogue, each.decision, decided, t)
        _show_line(actor, each, words, decided, "waiting", t)
    if len(waiting) > _SHOWN:
        st.caption(t("{shown} of {count}", shown=str(_SHOWN), count=f"{len(waiting):,}"))


def _show_line(actor: Account, each: WaitingDecision, words: str, known: Revisions, place: str, t: Translator) -> None:
    """Show a decision that waits; ``place``: the list that it stands in, for one may stand in both."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"doubles_line_{place}_{each.decision.id}"):
        st.markdown(f"{plain(words)}  \n{each.decision.at[:10]}, {plain(each.account)}{_why(each.decision)}")
        if each.account == actor.name and st.button(
            taking_back_label(each.decision, known.history, t),
            key=f"doubles_wait_{place}_{each.decision.id}",
            icon=":material/undo:",
        ):
            take_back_waiting(default_folder(), actor.name, each.decision.id)
            st.rerun()


def show_decided(
    actor: Account,
    catalogue: Catalogue,
    decided: Revisions,
    waiting: list[WaitingDecision],
    country: str,
    register: str,
    t: Translator,
) -> None:
    """Show merges and pairs kept apart that stand, the newest first, each with its way back.

    ``country``, ``register``: only those about a centre of these, ``""`` for all. One that is being taken back stays
    in its place, and says so.
    """
    leaving = {each.decision.undoes: each for each in waiting}
    standing = [each for each in reversed(decided.standing) if each.kind in ("merge", "apart")]
    if country or register:
        st.caption(t("Only of the country and source that are chosen above."))
    by = told_apart({"": t("Everybody's"), **{each.by: doer_words(each.by, True, t) for each in standing}})
    who = st.selectbox(t("Decided"), list(by), format_func=by.__getitem__, key="doubles_by")
    word = st.text_input(t("Words of the names"), key="doubles_words").casefold()
    found = [
        each for each in standing if who in ("", each.by) and _is_asked(catalogue, each, country, register)
    ]  # fmt: skip
    if word:
        found = [each for each in found if word in decision_words(catalogue, each, decided, t).casefold()]
    st.caption(t("{shown} of {count}", shown=str(min(_SHOWN, len(found))), count=f"{len(found):,}"))
    for each in found[:_SHOWN]:
        words = decision_words(catalogue, each, decided, t)
        if each.id in leaving:
            words = t("Is taken back when it is put in: {words}", words=words)
            _show_line(actor, leaving[each.id], words, decided, "decided", t)
            continue
        with st.container(horizontal=True, vertical_alignment="center", key=f"doubles_line_{each.id}"):
            st.markdown(f"{plain(words)}  \n{each.at[:10]}, {plain(doer_words(each.by, True, t))}{_why(each)}")
            if st.button(t("Take back"), key=f"doubles_undo_{each.id}", icon=":material/undo:"):
                add_waiting(default_folder(), [taken_back(each.id, actor.name)], actor.name)
                st.rerun()


def _is_asked(catalogue: Catalogue, decision: Decision, country: str, register: str) -> bool:
    """Say whether a decision is about a centre of a country and a register; what is not there is of no country."""
    ids = (decision.centre_id, decision.other_id)
    if register and not any(id_.startswith(f"{register}:") for id_ in ids):
        return False
    return not country or any(country == country_of(catalogue, id_) for id_ in ids)


def _why(decision: Decision) -> str:
    return f". {plain(decision.note)}" if decision.note else ""
