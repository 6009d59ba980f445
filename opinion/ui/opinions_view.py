"""Two or three opinions side by side: where they differ, on what that may rest, and what to ask. It takes no side."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from opinion.exchange import opinion_wordings as words
from opinion.exchange import wordings
from opinion.exchange.preparation_wordings import harm_words
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.guidance.opinions import (
    Aspect,
    Comparison,
    Opinion,
    answers_with_opinions,
    aspects_to_judge,
    compare_opinions,
    load_differences,
)
from opinion.guidance.preparations import load_preparation
from opinion.texts.translations import Translator
from opinion.ui import prepare_view, results, state
from opinion.ui.browsing_words import plain
from opinion.ui.opinions_table import STYLE, table_html

FIRST_ASKED = ("diagnosis", "plan", "details", "aim", "rests_on")  # the others unfold: few fields at once
STUDIES = ("reviews", "cancer_plans_2023", "third_2021")
LONGEST_TEXT = 400


def show_opinions() -> None:
    """Show the whole page; under advice not to wait that advice stands first."""
    if state.has_just_come():
        state.let_go_of_cleared_opinions()
    _show_all(state.translator())


@st.fragment(key="opinions")
def _show_all(t: Translator) -> None:
    opinions, answers = state.opinions(), state.answers()
    # an opinion of which nothing is written yet is none: it would only make everything unknown
    filled = {title: each for title, each in zip(words.opinion_titles(t), opinions, strict=False) if any(each.values())}
    advice = assess(load_guidance(), answers, with_changes=False)
    if advice.outcome == "do_not_wait":
        head = wordings.headline(advice, answers, t)
        st.error(f"**{head.text}** {head.now}", icon=results.ICONS[advice.outcome])
    if not filled:
        _show_empty(t)
    _ask_opinions(opinions, may_add=advice.outcome != "do_not_wait", t=t)
    if len(filled) > 1:
        compared = list(filled.values())
        _ask_judgements(compared, t)
        comparison = compare_opinions(compared, state.judged_texts())
        _show_comparison(filled, comparison, t)
        _show_causes(comparison, t)
        _show_third_opinion(compared, comparison, t)
    elif filled:
        st.info(t("Now write what the other doctor said. Then you see both side by side."), icon=":material/balance:")
    results.fold(t("How often do opinions differ?"), "opinion_studies", lambda: _show_studies(t))
    if filled:
        with st.container(key="answers_at_risk"):  # the key tells page.js to ask before leaving
            st.button(
                t("Clear this page"), icon=":material/delete:", key="clear_opinions", on_click=state.clear_opinions
            )
    st.caption(
        t("What you write stays in this session. It is in no file, no log and no address.")
        + " "
        + t("This is information, not a diagnosis. It does not replace your doctor.")
    )


def _show_empty(t: Translator) -> None:
    """Say what the page is for, and offer to undo when it was cleared just now."""
    if state.can_bring_opinions_back():
        st.info(t("The page is cleared."), icon=":material/delete:")
        st.button(t("Undo"), icon=":material/undo:", key="undo_clear_opinions", on_click=state.bring_opinions_back)
        return
    st.info(
        t("Write what each doctor said. Leave empty what you do not know.")
        + "  \n"
        + t("You see where they agree, where they differ, and on what that may rest.")
        + "  \n"
        + t("You get questions for the doctors. Nothing here says which opinion is right."),
        icon=":material/balance:",
    )


# --------------------------------------------------------------------------------------- asking


def _ask_opinions(opinions: list[dict[str, Any]], may_add: bool, t: Translator) -> None:
    for place, opinion in enumerate(opinions):
        title = words.opinion_titles(t)[place]
        results.fold(title, f"opinion_{place}", partial(_ask_opinion, place, opinion, t), unfolded=place == 0)
    if may_add and len(opinions) < words.MOST_OPINIONS:
        st.button(t("Add a third opinion"), icon=":material/add:", key="add_opinion", on_click=_add_opinion)


def _ask_opinion(place: int, opinion: dict[str, Any], t: Translator) -> None:
    aspects = load_differences().aspects
    for id_ in FIRST_ASKED:
        _ask(place, aspects[id_], opinion.get(id_), t)
    others = [aspect for id_, aspect in aspects.items() if id_ not in FIRST_ASKED]
    has_more = any(opinion.get(aspect.id) for aspect in others)
    if st.toggle(t("More: benefits, harms, cost, time, field"), has_more, key=_key("more", place)):
        for aspect in others:
            _ask(place, aspect, opinion.get(aspect.id), t)
    if place > 1:
        st.button(
            t("Take this opinion away"), icon=":material/remove:", key="drop_opinion", on_click=_drop_opinion,
            args=(place,),
        )  # fmt: skip


def _ask(place: int, aspect: Aspect, value: Any, t: Translator) -> None:  # noqa: ANN401  a text, an id or a list
    key, label, args = _key(aspect.id, place), t(aspect.ask), (place, aspect.id)
    options = list(aspect.labels)

    def label_of(choice: str) -> str:
        return t(aspect.labels[choice])

    match aspect.kind:
        case "text":
            st.text_input(label, value or "", key=key, max_chars=LONGEST_TEXT, on_change=_keep, args=args)
        case "one":
            st.pills(label, options, default=value, format_func=label_of, key=key, on_change=_keep, args=args)
        case _:
            st.pills(
                label, options, selection_mode="multi", default=value, format_func=label_of, key=key,
                on_change=_keep, args=args,
            )  # fmt: skip


def _keep(place: int, aspect_id: str) -> None:
    """Keep one part of an opinion. A judgement of texts ends with the texts that were judged."""
    opinions, judged = state.opinions(), state.judged_texts()
    value = st.session_state[_key(aspect_id, place)]
    opinions[place][aspect_id] = value.strip() if isinstance(value, str) else value
    if judged.pop(aspect_id, None):
        st.session_state[_key("judged", aspect_id)] = None
    state.keep_opinions(opinions, judged)


def _add_opinion() -> None:
    state.keep_opinions([*state.opinions(), {}], state.judged_texts())


def _drop_opinion(place: int) -> None:
    opinions = state.opinions()
    dropped = opinions.pop(place)
    judged = {key: value for key, value in state.judged_texts().items() if not dropped.get(key)}
    state.keep_opinions(opinions, judged)
    state.renew_opinion_fields()


def _key(name: str, part: str | int) -> str:
    return f"opinion_{state.opinions_round()}_{name}_{part}"


def _ask_judgements(opinions: Sequence[Opinion], t: Translator) -> None:
    """Ask whether texts mean the same: only a person can say so."""
    ids = aspects_to_judge(opinions)
    if not ids:
        return
    st.subheader(t("Do these mean the same?"), anchor=False)
    st.caption(t("Words can differ and mean the same. Only you, or a doctor, can say. If in doubt, ask."))
    judged, labels = state.judged_texts(), words.judgement_labels(t)
    for id_ in ids:
        said = " / ".join(f"“{plain(str(opinion[id_]))}”" for opinion in opinions if opinion.get(id_))
        title = t(load_differences().aspects[id_].title)
        st.markdown(f"**{title}:** {said}")
        st.pills(
            t("{aspect}: do they mean the same?", aspect=title), list(labels), default=judged.get(id_),
            format_func=labels.__getitem__, key=_key("judged", id_), label_visibility="collapsed",
            on_change=_keep_judgement, args=(id_,),
        )  # fmt: skip


def _keep_judgement(aspect_id: str) -> None:
    judged = {key: value for key, value in state.judged_texts().items() if key != aspect_id}
    chosen = st.session_state[_key("judged", aspect_id)]
    state.keep_opinions(state.opinions(), judged | ({aspect_id: chosen} if chosen else {}))


# --------------------------------------------------------------------------------------- showing


def _show_comparison(titled: Mapping[str, Opinion], comparison: Comparison, t: Translator) -> None:
    """Show the table of the opinions, given by their titles."""
    st.subheader(t("Side by side"), anchor=False)
    opinions = list(titled.values())
    st.html(STYLE)
    st.html(table_html(list(titled), words.compared_groups(opinions, comparison, t), t))
    unsaid = words.unsaid_titles(opinions, t)
    if unsaid:
        st.caption(t("Nothing is written yet about: {aspects}.", aspects=", ".join(unsaid)))


def _show_causes(comparison: Comparison, t: Translator) -> None:
    """Show on what the difference may rest, with the questions that would settle it."""
    if not comparison.causes:
        text = (
            t("In what you wrote, we see no difference yet. Some of it is not known.")
            if comparison.unknown
            else t("In what you wrote, the opinions do not differ.")
        )
        st.info(text, icon=":material/balance:")
        return
    st.subheader(t("What the difference may rest on"), anchor=False)
    st.markdown(words.cause_words(comparison.causes, t))
    copying = st.popover(t("Copy the questions"), icon=":material/content_copy:", key="copy_asks", on_change="rerun")
    if copying.open:
        copying.code(words.questions_to_copy(comparison.causes, t), language=None, wrap_lines=True)
    if comparison.unsettled:
        listed = "; ".join(t(cause.title) for cause in comparison.unsettled)
        st.caption(t("We cannot tell yet whether it also rests on: {causes}.", causes=listed))
    st.caption(t("No clinician has reviewed these lists yet."))


def _show_third_opinion(opinions: Sequence[Opinion], comparison: Comparison, t: Translator) -> None:
    st.subheader(t("A third opinion?"), anchor=False)
    answers = answers_with_opinions(state.answers(), opinions, comparison)
    advice = assess(load_guidance(), answers, with_changes=False)
    st.markdown("\n\n".join(words.third_opinion_words(advice, answers, len(opinions), t)))
    is_open = len(opinions) < words.MOST_OPINIONS and words.is_seriousness_open(advice)
    if is_open and st.button(t("Answer the questions"), icon=":material/edit_note:", key="opinions_to_questions"):
        state.go_to("findings" if state.answers() else "emergency")
        st.switch_page("../../pages/self_check.py")


def _show_studies(t: Translator) -> None:
    """Show what studies found, with limits and harm; the lead says what is easily forgotten."""
    preparation = load_preparation()
    harm = harm_words(preparation.studies["cancer_plans_2023"], t)
    st.markdown(f"{t('Most first opinions are confirmed.')} {t('In a study of cancer plans:')} {harm}")
    for id_ in STUDIES:
        prepare_view.show_study(preparation.studies[id_], preparation, t)
