"""The results of the self-check: what always stands open, and what unfolds."""

import json
from collections.abc import Callable
from typing import Literal

import streamlit as st

from opinion.errors import AnswersError
from opinion.exchange import wordings
from opinion.guidance.answers import Answers, parse_answers, read_answers
from opinion.guidance.assessments import Advice, assess
from opinion.guidance.contents import load_guidance
from opinion.guidance.decisions import known_answers
from opinion.texts.translations import Translator
from opinion.ui import found_centres, state

# Urgency shows in the words, the icon and the frame; never in the colour alone.
ICONS = {
    "do_not_wait": ":material/alarm:",
    "clarify_first": ":material/contact_support:",
    "strongly_recommended": ":material/priority_high:",
    "recommended": ":material/recommend:",
    "worth_considering": ":material/lightbulb:",
    "not_needed": ":material/check_circle:",
}


@st.fragment(key="results")
def show_results() -> None:
    """Show the advice for the visitor's answers."""
    guidance, t, given = load_guidance(), state.translator(), state.answers()
    advice = assess(guidance, given, with_changes=False)
    _show_outcome(advice, given, t)
    _show_contradictions(advice, t)
    _show_reasons(advice, given, t)
    if advice.recommends:
        others = list(advice.first_steps[1:])
        label = t("The next steps, and who is most independent")
        fold(label, "next_steps", lambda: _show_next_steps(advice, others, given, t))
        _show_ways_on(t)
        fold(t("Centres that could see you"), "centres", lambda: found_centres.show_first(given, t))
    differ = given.get("opinions_conflict") == "yes" and advice.outcome != "do_not_wait"
    if differ and st.button(t("When opinions differ"), icon=":material/balance:", key="opinions_differ"):
        st.switch_page("../../pages/opinions.py")
    _show_folded(advice, given, t)
    show_keeping(t)
    st.caption(
        t("Your answers stay in this session. If you close or reload this page, they are gone.")
        + "  \n"
        + t("This is information, not a diagnosis. It does not replace your doctor.")
        + " "
        + t("Do not stop or delay a treatment because of this page.")
    )


def _show_ways_on(t: Translator) -> None:
    """Show the pages that help with the next step; by buttons, since a link would start a new session."""
    ways = {
        "plan": (t("Is there time?"), ":material/event:"),
        "prepare": (t("What to bring, say and ask"), ":material/checklist:"),
        "summary": (t("Take it along"), ":material/print:"),
        "ask_agency": (t("Ask the agency"), ":material/send:"),
    }
    for page, (label, icon) in ways.items():
        if st.button(label, icon=icon, key=page, width="stretch"):
            st.switch_page(f"../../pages/{page}.py")


def _show_outcome(advice: Advice, given: Answers, t: Translator) -> None:
    head = wordings.headline(advice, given, t)
    timing, sentence = wordings.timing_words(advice, given, t)
    filling_in = advice.outcome == "clarify_first" and wordings.is_filling_in(advice, given)
    icon = ":material/edit_note:" if filling_in else ICONS[advice.outcome]
    box = st.error if advice.outcome == "do_not_wait" else st.info
    lines = [f"### {head.text}", head.now, f"**{t('How soon:')} {timing}.** {sentence}"]
    lines += wordings.note_words(advice, given, "card", t)
    open_, for_doctor = wordings.still_to_ask(advice, given) if head.so_far else ([], [])
    if head.so_far:
        lines[0] = f"### {t('So far:')} {head.text}"
    if open_:
        lines.append(f"**{t('Still to be answered:')}** " + " · ".join(t(question.short) for question in open_))
    if for_doctor:
        lines.append(f"**{t('To ask your doctor:')}** " + " · ".join(t(question.short) for question in for_doctor))
    if advice.outcome == "clarify_first" and not filling_in and not advice.contradictions:
        asks = "\n".join(f"- {ask}" for ask in wordings.questions_for_the_doctor(advice, t))
        lines.append(f"**{t('Take these questions to your doctor:')}**\n\n{asks}")
    box("\n\n".join(lines), icon=icon)
    if open_:
        group = open_[0].group
        label = t("Answer now: {group}", group=t(advice.guidance.groups[group]))
        button_to(group, label, "now", primary=True)


def _show_contradictions(advice: Advice, t: Translator) -> None:
    for id, keys in advice.contradictions.items():
        contradiction = advice.guidance.contradictions[id]
        st.warning(
            f"**{t('These answers do not fit together.')}** {t(contradiction.text)}\n\n"
            f"{t(contradiction.ask)} {t(contradiction.meanwhile)}",
            icon=":material/rule:",
        )
        groups = dict.fromkeys(advice.guidance.questions[key].group for key in keys)
        with st.container(horizontal=True):
            for group in groups:
                button_to(group, t("Change: {group}", group=t(advice.guidance.groups[group])), id)


def button_to(group: str, label: str, key: str, primary: bool = False) -> None:
    """Show a button that opens a group of questions; ``key`` tells buttons to the same group apart."""
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if st.button(label, type=kind, key=f"open_questions_{key}_{group}"):
        state.go_to(group)
        st.rerun()  # the questions stand outside the results, which are a fragment


def _show_reasons(advice: Advice, given: Answers, t: Translator) -> None:
    """Show the main reasons and the first step, in one piece."""
    ids = wordings.main_reasons(advice)
    parts = []
    if ids:
        lines = "\n".join(f"- {t(advice.guidance.rules[id].text)}" for id in ids)
        parts += [f"#### {t('Why')}", lines]
    if advice.first_steps:
        first = advice.first_steps[0]
        texts = advice.guidance.first_steps[first].texts
        notes = wordings.note_words(advice, given, first, t)
        parts += [f"#### {t('First step')}", f"**{t(texts['title'])}.** {t(texts['text'])} {' '.join(notes)}"]
        if advice.centre_type:
            centre = t(advice.guidance.centre_types[advice.centre_type].texts["text"])
            parts.append(t("For you that would be {centre}.", centre=centre))
        parts += wordings.note_words(advice, given, "general", t)
    if parts:
        st.markdown("\n\n".join(parts))


def _show_next_steps(advice: Advice, steps: list[str], given: Answers, t: Translator) -> None:
    entries = [advice.guidance.first_steps[id] for id in steps]
    lines = [
        f"1. **{t(each.texts['title'])}.** {t(each.texts['text'])} ({wordings.citation_words(each.cites, t)})"
        for each in entries
    ]
    order = t("Fastest first:") if advice.timing == "same_day_in_parallel" else t("Most independent first:")
    stays_home = given.get("wishes", {}).get("abroad") == "no"
    ladder = [
        f"1. {t(advice.guidance.independence[id].texts['text'])}"
        for id in advice.independence
        if not (stays_home and id == "other_country")
    ]
    st.markdown("\n".join(lines) + f"\n\n**{order}**\n\n" + "\n".join(ladder))


def fold(label: str, key: str, show: Callable[[], object], unfolded: bool = False) -> None:
    """Show a folded part; its content is made only when it is unfolded. ``unfolded``: it stands open at first."""
    part = st.expander(label, expanded=unfolded, key=f"fold_{key}", on_change="rerun")
    if part.open:
        with part:
            show()


def _show_folded(advice: Advice, given: Answers, t: Translator) -> None:
    """Show the folded parts; the lines of each are made only when it is unfolded."""
    guidance = advice.guidance

    def part(label: str, key: str, lines: Callable[[], list[str]], empty: str = "") -> None:
        fold(label, key, lambda: st.markdown("\n".join(f"- {line}" for line in lines()) or empty))

    def reasons() -> list[str]:
        rules = [guidance.rules[id] for id in wordings.main_reasons(advice, limit=None)]
        cites = wordings.citation_words
        outcome, timing = guidance.outcome_texts[advice.outcome], guidance.timing_texts[advice.timing]
        lines = [f"{t(rule.text)} {t(rule.note)} ({rule.id}: {cites(rule.cites, t)})" for rule in rules]
        lines.append(f"{t(outcome.texts['headline'])} ({cites(outcome.cites, t)})")
        lines.append(f"{t(timing.texts['headline'])} ({cites(timing.cites, t)})")
        return lines

    part(t("All reasons and their sources"), "reasons", reasons)
    if advice.undecided:
        label = t("What we could not check, and what to ask your doctor")
        part(label, "undecided", lambda: wordings.undecided_lines(advice, given, t))
    part(
        t("What would change this"),
        "changes",
        lambda: wordings.change_lines(assess(guidance, given), given, t),
        t("No single other answer would change this."),
    )
    part(
        t("Why not the others"),
        "why_not",
        lambda: wordings.why_not_lines(advice, given, t),
        t("Nothing is ruled out yet."),
    )
    if advice.recommends and advice.third_opinion != "no":
        entry = guidance.third_opinions[advice.third_opinion]
        words = f"{t(entry.texts['text'])} ({wordings.citation_words(entry.cites, t)})"
        fold(t("Third opinion"), "third", lambda: st.markdown(words))
    fold(t("Your answers"), "answers", lambda: _show_answers(given, t))


def _show_answers(given: Answers, t: Translator) -> None:
    guidance = load_guidance()
    for group, lines in wordings.answers_in_words(guidance, given, t):
        st.markdown(f"**{t(guidance.groups[group])}**\n" + "\n".join(f"- {line}" for line in lines))
        button_to(group, t("Change: {group}", group=t(guidance.groups[group])), "change")


def show_keeping(t: Translator) -> None:
    """Show how to keep, load and erase the answers."""
    with st.container(horizontal=True, key="answers_at_risk"):  # the key tells page.js to ask before leaving
        st.download_button(
            t("Keep a copy of my answers"),
            data=copy_of(state.answers()),
            file_name="my-answers.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/download:",
            key="keep_copy",
        )
        erasing = st.popover(t("Erase my answers"), icon=":material/delete:", key="fold_erase", on_change="rerun")
        if erasing.open:
            with erasing:
                st.markdown(t("All your answers, ticks and texts will be gone. This cannot be undone."))
                if st.button(t("Yes, erase everything"), type="primary", key="erase"):
                    state.erase()
                    st.toast(t("Everything is erased."), icon=":material/delete:")
                    st.rerun()
    fold(t("Load a copy"), "load", lambda: show_loading(t))


def copy_of(given: Answers) -> Callable[[], str]:
    """Return what makes the file of ``given`` when it is asked for, so that no file lies ready on the server.

    It runs outside the session, so it holds the answers itself.
    """
    return lambda: json.dumps(known_answers(given), ensure_ascii=False, indent=2) + "\n"


def show_loading(t: Translator) -> None:
    """Show the field that loads a kept copy, and what is wrong with it if it cannot be used."""
    guidance, round_ = load_guidance(), st.session_state.get(state.COPY_ROUND, 0)
    file = st.file_uploader(t("A file that you kept here before"), type="json", key=f"copy_{round_}",
                            max_upload_size=1)  # fmt: skip
    if state.answers():
        st.caption(t("It takes the place of the answers you have given now."))
    if file is None:
        return
    try:
        loaded = read_answers(parse_answers(file.getvalue().decode("utf-8-sig")), guidance)
    except UnicodeDecodeError:
        st.error(t("This file is not text. Choose the file that you kept here before."), icon=":material/error:")
    except AnswersError as error:
        if not any(problem.key for problem in error.problems):
            hint = t("This is not a file that you kept here. Choose the file my-answers.json.")
            st.error(hint, icon=":material/error:")
            return
        st.error(
            t("This copy cannot be used. Nothing has been changed.")
            + "\n\n"
            + "\n".join(f"- {problem}" for problem in error.problems),
            icon=":material/error:",
        )
    else:
        if st.button(t("Use this copy"), type="primary", key="use_copy"):
            state.replace_answers(guidance, loaded)
            st.toast(t("Your copy is loaded."), icon=":material/check:")
            state.go_to("findings")
            st.rerun()
