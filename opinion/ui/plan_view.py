"""The time planner: when a second opinion can be there, against the last date that the doctor named."""

from datetime import date, timedelta

import streamlit as st

from opinion.exchange import timeline_wordings as words
from opinion.exchange import wordings
from opinion.exchange.preparation_wordings import source_words
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.guidance.turnarounds import load_turnarounds
from opinion.matching.timelines import STEPS, Timeline, plan_timeline
from opinion.texts.dates import day_words
from opinion.texts.translations import Translator
from opinion.ui import results, state

BOXES = {"feasible": st.info, "tight": st.warning, "too_late": st.error, "no_date": st.info}
ICONS = {
    "feasible": ":material/event_available:",
    "tight": ":material/hourglass_top:",
    "too_late": ":material/event_busy:",
    "no_date": ":material/help:",
}
MOST_DAYS = 365


def show_plan() -> None:
    """Show the whole page; under advice not to wait only that advice."""
    t, given = state.translator(), state.answers()
    advice = assess(load_guidance(), given, with_changes=False)
    if advice.outcome == "do_not_wait":
        head = wordings.headline(advice, given, t)
        st.error(f"### {head.text}\n\n{head.now}", icon=results.ICONS[advice.outcome])
        return
    _show_planner(t)


@st.fragment(key="planner")
def _show_planner(t: Translator) -> None:
    today = state.today()
    timeline = plan_timeline(state.answers(), state.own_days())
    verdict = words.verdict_of(timeline, t)
    BOXES[timeline.fit](f"### {verdict.text}\n\n{verdict.now}", icon=ICONS[timeline.fit])
    if timeline.fit == "no_date" and st.button(t("Enter the date"), key="plan_to_time", icon=":material/edit_note:"):
        state.go_to("time")
        st.switch_page("../../pages/self_check.py")
    _show_line(timeline, today, t)
    st.markdown("\n".join(_day_lines(timeline, today, t)))
    if timeline.remote_first and timeline.remote_fit != timeline.fit:
        st.markdown(t("Without the journey it is quicker: a review from a distance needs only your files."))
    for caution in timeline.cautions:
        st.warning(f"{t(caution.text)}\n\n:small[{t(caution.limits)}]", icon=":material/info:")
    results.fold(t("Change the days"), "plan_days", lambda: _ask_days(timeline, t))
    results.fold(t("Where these days come from"), "plan_sources", lambda: _show_sources(timeline, t))
    _show_calendar(timeline, today, t)
    st.caption(
        t("This is a plan from usual days. It fits the opinion into the time that you have; it adds no time.")
        + " "
        + t("Only your doctor can say how long you have.")
    )


def _show_line(timeline: Timeline, today: date, t: Translator) -> None:
    from opinion.charts.figures import CHART_CONFIG  # plotly: not before somebody plans
    from opinion.charts.timelines import Span, draw_timeline  # the same
    from opinion.ui.pictures import is_narrow  # brings Arrow

    titles, spans, start = words.step_titles(timeline, t), [], 0
    for step in timeline.steps:
        if step.longest:
            label = f"{titles[step.id]}: {words.span_words(step.shortest, step.longest, t)}"
            spans.append(Span(label, start, step.shortest, step.longest))
            start = step.latest
    end = max(timeline.latest, timeline.last or 0)
    most = 2 if is_narrow() else 4  # so many dates stand side by side below the line
    weeks = range(7, end + 1, 7 * max(-(-end // (7 * most)), 1))
    ticks = {0: t("today"), **{day: day_words(today + timedelta(day), t) for day in weeks}}
    figure = draw_timeline(spans, ticks, timeline.last, t("your doctor's date"))
    days = words.span_words(timeline.earliest, timeline.latest, t)
    alt = t("One line of days from today. The opinion can be there in {days}.", days=days)
    st.plotly_chart(figure, key="plan_line", config=CHART_CONFIG, alt=alt)


def _day_lines(timeline: Timeline, today: date, t: Translator) -> list[str]:
    done = words.done_titles(timeline, t)
    lines = [f"- **{day_words(today, t)}**: {t('today: ask for your records, and ask who can review them')}"]
    lines += [
        f"- **{words.reached_words(step, today, t)}**: {done[step.id]}"
        for step in timeline.steps
        if step.longest or step.basis == "own"
    ]
    if timeline.last is not None:
        day = day_words(today + timedelta(timeline.last), t)
        lines.append(f"- **{day}**: {t('the last date that your doctor named')}")
    return lines


def _ask_days(timeline: Timeline, t: Translator) -> None:
    st.markdown(t("Do you know a number better? Write it here. Leave the others empty."))
    planned, titles = load_turnarounds().steps, words.step_titles(timeline, t)
    own = state.own_days()
    for step in STEPS:
        figure = planned.get(step)
        hint = words.span_words(figure.shortest, figure.longest, t) if figure else t("we have no figure: ask")
        # not by `value`: a field that starts with a number could not be emptied
        st.session_state[f"own_days_{step}"] = own.get(step)
        st.number_input(
            t("{step} (days)", step=titles[step] if step != "review" else t("Review")), 0, MOST_DAYS, None,
            key=f"own_days_{step}", placeholder=hint, on_change=_keep_days, args=(step,),
        )  # fmt: skip


def _keep_days(step: str) -> None:
    state.set_own_days(step, st.session_state[f"own_days_{step}"])


def _show_sources(timeline: Timeline, t: Translator) -> None:
    found, guidance = load_turnarounds(), load_guidance()
    lines = []
    for figure in found.figures.values():
        links = source_words(guidance, figure.sources, t)
        lines.append(f"- {t(figure.text)} :small[{links}; {t('checked on {date}', date=figure.checked)}]")
    st.markdown("\n".join(lines))
    titles = {"records": t("Records"), "review": t("Review")}
    st.markdown("\n".join(
        f"- **{titles[step.id]}**, {words.span_words(step.shortest, step.longest, t)}: {t(step.why)}"
        for step in found.steps.values()
    ))  # fmt: skip
    for caution in timeline.cautions:
        links = source_words(guidance, caution.sources, t)
        st.caption(t("About time and cancer: {links}", links=links))
    st.caption(t("No clinician has reviewed these figures yet."))


def _show_calendar(timeline: Timeline, today: date, t: Translator) -> None:
    from opinion.exchange.calendars import FILE_NAME, ICS, calendar_of  # loads a library; not before somebody plans

    entries = words.calendar_entries(timeline, today, t)
    st.download_button(
        t("Put these days into my calendar"), lambda: calendar_of(entries), FILE_NAME, ICS,
        on_click="ignore", icon=":material/calendar_add_on:", key="save_calendar",
        help=t("The entries name no illness, no doctor and no clinic."),
    )  # fmt: skip
