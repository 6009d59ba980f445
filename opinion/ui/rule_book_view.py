"""The rule book: everything the engine runs on, drawn from the same data, and tried live.

Each part is made when it is unfolded. A search shows what it finds instead of the parts.
"""

from collections.abc import Callable
from html import escape
from pathlib import Path

import streamlit as st

from opinion.exchange import rule_wordings as words
from opinion.exchange import wordings
from opinion.guidance import checks
from opinion.guidance.contents import Guidance, Question, Rule, load_guidance
from opinion.texts.translations import Translator
from opinion.ui import references, state, trials
from opinion.ui.results import fold

STYLE = Path(__file__).with_name("rule_book.css")


def show_rule_book() -> None:
    """Show the whole page."""
    guidance, t = load_guidance(), state.translator()
    reviewed = sum(rule.clinically_reviewed for rule in guidance.rules.values())
    st.warning(
        t("Reviewed by a clinician so far: {reviewed} of {count} rules.", reviewed=reviewed, count=len(guidance.rules)),
        icon=":material/info:",
    )
    written = st.text_input(
        t("Search the rule book"), key="rule_book_search", type="search", max_chars=60,
        placeholder=t("A word, or the name of a rule such as R05"),
    )  # fmt: skip
    if written.strip():
        _show_found(guidance, written.strip().casefold(), t)
        return
    parts: list[tuple[str, str, Callable[[], object]]] = [
        (t("How an outcome follows"), "ladder", lambda: show_ladder(guidance, t)),
        (t("Try it"), "try", lambda: trials.show_trial(guidance, t, show_steps)),
        (t("The rules"), "rules", lambda: _show(_rule_lines(guidance, t))),
        (t("The questions"), "questions", lambda: _show(_question_lines(guidance, t))),
        (t("Answers that do not fit together"), "contradictions", lambda: _show(_contradiction_lines(guidance, t))),
        (t("How soon: the first that holds"), "timing", lambda: _show(_timing_lines(guidance, t))),
        (t("The statements of the guidance"), "statements", lambda: references.show_guidance(t)),
        (t("How centres are put in order"), "ranking", lambda: _show_ranking(t)),
        (t("People as test cases"), "cases", lambda: _show_cases(guidance, t)),
        (t("What always holds, and how often it was checked"), "laws", lambda: _show_laws(t)),
        (t("Sources"), "sources", lambda: references.show_sources(t)),
    ]
    for label, key, show in parts:
        fold(label, f"book_{key}", show, unfolded=key == "ladder")


def _show(lines: list[str]) -> None:
    st.markdown("\n\n".join(lines))


def _show_ranking(t: Translator) -> None:
    # Imported here because it brings the ranking, which the rest of the page does not need.
    from opinion.exchange.match_rule_wordings import ranking_lines  # see above

    st.markdown("\n".join(line if line.startswith("-") else f"{line}  " for line in ranking_lines(t)))


def _show_found(guidance: Guidance, written: str, t: Translator) -> None:
    cases = checks.load_cases(guidance) or ()
    lines = [
        *_rule_lines(guidance, t),
        *_question_lines(guidance, t),
        *_contradiction_lines(guidance, t),
        *(f"**{id}** {t(statement['text'])}" for id, statement in guidance.statements.items()),
        *(_case_line(case, guidance, t) for case in cases),
    ]
    found = [line for line in lines if written in line.casefold()]
    st.markdown(t.plural("**{count} entry found**", "**{count} entries found**", len(found)))
    _show(found)


# --------------------------------------------------------------------------------------- outcomes


def show_ladder(guidance: Guidance, t: Translator) -> None:
    """Show the outcomes in their order, and that reasons are never counted."""
    st.markdown(t("The first step that holds gives the outcome. One reason is enough, and reasons are never counted."))
    show_steps(guidance, t)


def show_steps(guidance: Guidance, t: Translator, reached: int | None = None) -> None:
    """Show the ladder of outcomes; the step at the place ``reached`` is marked, in words too."""
    steps = []
    for place, row in enumerate(guidance.outcomes):
        # a condition of outcomes has one line: rules and facts joined by "or"
        condition = words.condition_lines(row.when.text, guidance, t)[0].removeprefix("- ")
        cites = _cites(guidance.outcome_texts[row.code].cites, t)
        current = f"<em>{escape(t('This step holds.'))}</em> " if place == reached else ""
        steps.append(
            f'<li data-else="{escape(t("else"))}"{" aria-current=step" if place == reached else ""}>'
            f"<span>{current}{escape(t('If {condition}', condition=condition))}</span>"
            f"<span><strong>{escape(t(guidance.outcome_texts[row.code].texts['headline']))}</strong>"
            f"<small>{escape(row.code)} · {escape(cites)}</small></span></li>"
        )
    st.html(STYLE)
    st.html(f'<ol class="ladder">{"".join(steps)}</ol>')


def _cites(cites: tuple[str, ...], t: Translator) -> str:
    return wordings.citation_words(cites, t)


# --------------------------------------------------------------------------------------- rules and questions


def _rule_lines(guidance: Guidance, t: Translator) -> list[str]:
    return [_rule_text(rule, guidance, t) for rule in guidance.rules.values()]


def _rule_text(rule: Rule, guidance: Guidance, t: Translator) -> str:
    checked = t("Checked on {date}.", date=rule.checked)
    review = t("reviewed by a clinician") if rule.clinically_reviewed else t("no clinician has reviewed it")
    return "\n".join(
        [
            f"**{rule.id} · {t(rule.title)}**  ",
            f"{t(rule.text)} {t(rule.note)}\n",
            f"{t('True when:')}\n",
            *words.condition_lines(rule.when.text, guidance, t),
            f"\n{t('As written:')} `{rule.when.text}`\n",
            f"{t('If unknown, ask:')} {t(rule.ask)}  ",
            f":small[{t('Rests on:')} {_cites(rule.cites, t)} · {checked} · {review}]",
        ]
    )


def _question_lines(guidance: Guidance, t: Translator) -> list[str]:
    return [_question_text(question, guidance, t) for question in guidance.questions.values()]


def _question_text(question: Question, guidance: Guidance, t: Translator) -> str:
    used = words.users_of(question.id, guidance, t)
    lines = [f"**{t(question.title)}** `{question.id}`  ", f"{words.kind_words(question, t)}  "]
    if question.asked_when is not None:
        lines += [f"{t('Asked when:')}\n", *words.condition_lines(question.asked_when.text, guidance, t), ""]
    users = t("Read by: {users}", users=", ".join(used)) if used else t("Read by no rule.")
    return "\n".join([*lines, f":small[{users} · {t('Checked on {date}.', date=question.checked)}]"])


def _contradiction_lines(guidance: Guidance, t: Translator) -> list[str]:
    return [
        "\n".join(
            [
                f"**{t(each.text)}** `{each.id}`\n",
                *words.condition_lines(each.when.text, guidance, t),
                f"\n{t('We ask:')} {t(each.ask)} {t(each.meanwhile)}",
            ]
        )
        for each in guidance.contradictions.values()
    ]


def _timing_lines(guidance: Guidance, t: Translator) -> list[str]:
    lines = []
    for place, row in enumerate(guidance.timings, start=1):
        entry = guidance.timing_texts[row.code]
        condition = "\n".join(words.condition_lines(row.when.text, guidance, t))
        lines.append(f"**{place}. {t(entry.texts['headline'])}** ({_cites(entry.cites, t)})\n\n{condition}")
    return lines


# --------------------------------------------------------------------------------------- checks


def _show_cases(guidance: Guidance, t: Translator) -> None:
    cases = checks.load_cases(guidance)
    if cases is None:
        st.markdown(t("The test cases are not on this machine. They stand in the folder tests/cases of the project."))
        return
    held = sum(checks.holds(case, guidance) for case in cases)
    st.markdown(
        t("Each person here was run through the rules just now. As expected: {held} of {count}.",
          held=held, count=len(cases))
    )  # fmt: skip
    st.markdown("\n".join(f"- {_case_line(case, guidance, t)}" for case in cases))


def _case_line(case: checks.Case, guidance: Guidance, t: Translator) -> str:
    # cases are the testers' own sentences, in English: they are shown as they stand, not as texts of ours
    headline, timing = guidance.outcome_texts[case.outcome], guidance.timing_texts[case.timing]
    verdict = "" if checks.holds(case, guidance) else f" **{t('The rules say something else now.')}**"
    return f"{case.name}. → {t(headline.texts['headline'])} {t('How soon:')} {t(timing.texts['headline'])}.{verdict}"


def _show_laws(t: Translator) -> None:
    counts = checks.load_law_counts()
    if counts is None:
        st.markdown(t("The figures are not on this machine. The tests in the folder tests/laws make them."))
    lines = []
    for law in checks.load_laws():
        count = checks.count_of(law, counts or {})
        times = t.plural("checked {count} time", "checked {count} times", count) if count else t("checked, not counted")
        lines.append(f"- {t(law.text)} **{times}**" if counts is not None else f"- {t(law.text)}")
    st.markdown("\n".join(lines))
    if counts is not None:
        st.caption(
            t("The tests count for themselves. They fail if a law is broken, or if a figure here is not theirs.")
        )
