"""What a patient takes along: a summary, a request packet and their answers, each made when it is asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from opinion.exchange.summaries import WRITE, Document, packet_of, summary_of
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.matching.timelines import plan_timeline
from opinion.texts.translations import Translator
from opinion.ui import results, state
from opinion.ui.browsing_words import plain
from opinion.ui.found_centres import kept_names

if TYPE_CHECKING:
    from opinion.guidance.assessments import Advice


def show_summary() -> None:
    """Show the whole page; without answers the way to the questions."""
    t, given = state.translator(), state.answers()
    st.markdown(t("For you, for the talk with your doctor, and for the second doctor."))
    if not given:
        st.info(t("There are no answers yet. Answer the questions first."), icon=":material/edit_note:")
        if st.button(t("Answer the questions"), type="primary", key="summary_to_questions"):
            state.go_to("emergency")
            st.switch_page("../../pages/self_check.py")
        return
    advice = assess(load_guidance(), given, with_changes=False)
    today, timeline = state.today(), plan_timeline(given, state.own_days())
    summary = summary_of(advice, given, timeline, kept_names(t), state.ready_records(), today, t)
    st.subheader(t("My summary"), anchor=False)
    st.markdown(t("The advice, your answers, the days, your centres and your questions, on two pages at most."))
    with st.container(horizontal=True):
        _show_download(t("Summary as PDF"), _pdf_of(summary), "summary.pdf", "application/pdf", "save_summary", True)
        _show_download(t("Summary as a page to print"), _html_of(summary), "summary.html", "text/html", "save_html")
    results.fold(t("Look at it here"), "summary", lambda: _show_document(summary))
    if advice.recommends:
        _show_packet(advice, t)
    st.subheader(t("My answers"), anchor=False)
    st.markdown(t("Keep them as a file. You can load it here again on another day."))
    answers = results.copy_of(given)
    _show_download(t("Answers as a file"), answers, "my-answers.json", "application/json", "save_answers")
    st.caption(
        t("Each file is made when you press, and goes to you alone. We keep none.")
        + " "
        + t("On a shared computer, delete the files after use.")
    )


def _show_packet(advice: "Advice", t: Translator) -> None:
    packet = packet_of(advice, state.answers(), state.today(), t)
    st.subheader(t("Request packet for the second doctor"), anchor=False)
    st.markdown(
        t("Page 1 has the facts and your questions. Page 2 has the first doctor's plan: hand it over later.")
        + " "
        + t("So the second doctor looks without knowing the first view.")
    )
    _show_download(t("Request packet as PDF"), _pdf_of(packet), "request.pdf", "application/pdf", "save_packet")
    results.fold(t("Look at the packet here"), "packet", lambda: _show_document(packet))


def _show_download(
    label: str, make: Callable[[], bytes | str], name: str, kind: str, key: str, is_main: bool = False
) -> None:
    st.download_button(
        label, make, name, kind, on_click="ignore", icon=":material/download:", key=key,
        type="primary" if is_main else "secondary",
    )  # fmt: skip


def _pdf_of(document: Document) -> Callable[[], bytes]:
    """Return what makes the file. It runs outside the session, so it holds all that it needs."""

    def make() -> bytes:
        from opinion.exchange.printing import pdf_of  # loads a typesetter and fonts, for who asks only

        return pdf_of(document)

    return make


def _html_of(document: Document) -> Callable[[], str]:
    def make() -> str:
        from opinion.exchange.printing import html_of  # the same

        return html_of(document)

    return make


def _show_document(document: Document) -> None:
    lines = [f"#### {plain(document.title)}", plain(document.subtitle)]
    for part in document.parts:
        mark = "\u2610 " if part.is_ticked else ""
        lines.append(f"**{plain(part.title)}**")
        lines.append("\n".join(f"- {mark}{plain(line)}" for line in part.lines if line != WRITE))
    st.markdown("\n\n".join(filter(None, lines)))
