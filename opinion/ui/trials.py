"""Trying the rules: made-up answers, kept apart from the visitor's own, and what each rule makes of them at once."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from opinion.exchange import rule_wordings as words
from opinion.exchange import wordings
from opinion.guidance.contents import Guidance, Question
from opinion.guidance.decisions import Decision, decide_all, is_asked, known_answers
from opinion.texts.translations import Translator
from opinion.ui import state
from opinion.vocabularies import disease_areas

WIDGET = "try_"  # every widget that takes a made-up answer has a key that starts so
NOTHING = "nothing"  # the option that stands for an empty list
FIRST = "S01"


def tried_answers() -> dict[str, Any]:
    """Return the made-up answers of this visit by question id; none of them is ``"unsure"``."""
    found: dict[str, Any] = st.session_state.setdefault(state.TRIED, {})
    return found


@st.fragment(key="trial")
def show_trial(guidance: Guidance, t: Translator, show_steps: Callable[[Guidance, Translator, int], None]) -> None:
    """Show a rule's own questions, and what all rules and the outcome become; ``show_steps`` draws the ladder."""
    st.markdown(
        t("Pick a rule, answer its questions as you like, and see what follows. Your own answers stay as they are.")
    )
    rule_id = st.selectbox(
        t("Rule"), list(guidance.rules), index=list(guidance.rules).index(FIRST), key=f"{WIDGET}rule",
        format_func=lambda id: f"{id} · {t(guidance.rules[id].title)}",
    )  # fmt: skip
    with st.container(horizontal=True):
        if state.answers():
            st.button(t("Start from my answers"), on_click=_start_from, args=(known_answers(state.answers()),),
                      key="try_mine")  # fmt: skip
        if tried_answers():
            st.button(t("Empty all"), on_click=_start_from, args=({},), key="try_nothing")
    given = tried_answers()
    for question in words.questions_of(rule_id, guidance):
        if is_asked(question, given) is False:
            st.caption(t("{question} This is not asked in your case.", question=t(question.title)))
        else:
            _ask(question, t)
    decision = decide_all(guidance, given)
    _show_values(rule_id, guidance, decision, t)
    show_steps(guidance, t, words.reached_row(guidance, decision))
    _show_tried(guidance, t)


def _start_from(answers: dict[str, Any]) -> None:
    st.session_state[state.TRIED] = dict(answers)
    for key in [key for key in st.session_state if str(key).startswith(WIDGET) and key != f"{WIDGET}rule"]:
        del st.session_state[key]


def _ask(question: Question, t: Translator) -> None:
    """Show one question with its made-up answer; left open it is unknown."""
    key, given, title = f"{WIDGET}{question.id}", tried_answers().get(question.id), t(question.title)
    change: dict[str, Any] = {"key": key, "on_change": _keep, "args": (question.id, question.kind)}
    match question.kind:
        case "number":
            if key not in st.session_state:
                st.session_state[key] = given
            st.number_input(title, min_value=question.minimum, step=1, value=None, placeholder=t("unknown"), **change)
        case "area":
            if key not in st.session_state:
                st.session_state[key] = given
            st.selectbox(title, list(disease_areas()), index=None, placeholder=t("unknown"),
                         format_func=lambda id: words.label_of(question, id, t), **change)  # fmt: skip
        case "many":
            options = [NOTHING, *question.choices]
            st.multiselect(
                title, options, default=[NOTHING] if given == [] else given or [], placeholder=t("unknown"),
                format_func=lambda id: t("None") if id == NOTHING else words.label_of(question, id, t), **change,
            )  # fmt: skip
        case _:
            st.pills(title, list(question.choices), default=given,
                     format_func=lambda id: words.label_of(question, id, t), **change)  # fmt: skip


def _keep(question_id: str, kind: str) -> None:
    value, tried = st.session_state[f"{WIDGET}{question_id}"], tried_answers()
    if kind == "many":
        # "none" and anything else exclude each other; without either the answer is unknown
        value = None if not value else [item for item in value if item != NOTHING]
    if value is None:
        tried.pop(question_id, None)
    else:
        tried[question_id] = value


def _show_values(rule_id: str, guidance: Guidance, decision: Decision, t: Translator) -> None:
    by_value: dict[bool | None, list[str]] = {True: [], None: [], False: []}
    for id in decision.values:
        by_value[decision.values[id]].append(id)
    said = words.value_words(decision.values[rule_id], t)
    outcome = guidance.outcome_texts[decision.outcome].texts["headline"]
    timing = guidance.timing_texts[decision.timing].texts["headline"]
    lines = [f"- {words.value_words(value, t)}: {', '.join(ids) or '–'}" for value, ids in by_value.items()]
    holding = [t(guidance.contradictions[id].text) for id in decision.contradictions]
    st.info(
        f"**{t('Rule {rule} is {value}.', rule=rule_id, value=said)}**\n\n"
        f"**{t(outcome)}** {t('How soon:')} {t(timing)}.\n\n" + "\n".join(lines) + "\n\n" + " ".join(holding),
        icon=":material/rule:",
    )


def _show_tried(guidance: Guidance, t: Translator) -> None:
    lines = [
        f"- {t(question.title)} **{wordings.answer_words(question, tried_answers()[question.id], t)}**"
        for question in guidance.questions.values()
        if question.id in tried_answers() and question.kind in ("one", "area", "many", "number")
    ]
    if lines:
        st.markdown(f"{t('All made-up answers:')}\n" + "\n".join(lines))
