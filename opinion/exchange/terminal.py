"""Turns advice into plain text for a terminal: the same words as the results page."""

import textwrap
from collections.abc import Mapping
from typing import Any

from opinion.exchange import wordings
from opinion.guidance.assessments import Advice
from opinion.texts.translations import Translator

WIDTH = 88


def advice_as_text(advice: Advice, answers: Mapping[str, Any], t: Translator) -> str:
    """Return the whole advice as text, lines at most ``WIDTH`` wide, ending with a line end."""
    guidance = advice.guidance
    head = wordings.headline(advice, answers, t)
    lines = [f"{t('So far')}: {head.text}" if head.so_far else head.text, head.now]
    if advice.outcome == "emergency":
        return _wrapped([*lines, t(guidance.emergencies["no_number"]) + "."])
    timing, sentence = wordings.timing_words(advice, answers, t)
    lines += ["", t("How soon: {timing}", timing=timing), sentence]

    def section(title: str, items: list[str]) -> None:
        if items:
            lines.extend(["", title, *(f"- {item}" for item in items)])

    section(
        t("These answers do not fit together"),
        [f"{t(guidance.contradictions[id].text)} {t(guidance.contradictions[id].ask)}" for id in advice.contradictions],
    )
    section(
        t("Why"),
        [
            f"{t(guidance.rules[id].text)} ({wordings.citation_words(guidance.rules[id].cites, t)})"
            for id in wordings.main_reasons(advice, limit=None)
        ],
    )
    section(t("First steps"), [t(guidance.first_steps[id].texts["title"]) for id in advice.first_steps])
    section(t("Good to know"), wordings.note_words(advice, answers, "general", t))
    section(t("Most independent first") if advice.timing != "same_day_in_parallel" else t("Fastest first"),
            [t(guidance.independence[id].texts["text"]) for id in advice.independence])  # fmt: skip
    section(t("What we could not check"), [_plain(line) for line in wordings.undecided_lines(advice, answers, t)])
    section(t("What would change this"), [_plain(line) for line in wordings.change_lines(advice, answers, t)])
    section(t("Why not the others"), [_plain(line) for line in wordings.why_not_lines(advice, answers, t)])
    if advice.third_opinion != "no":
        section(t("Third opinion"), [t(guidance.third_opinions[advice.third_opinion].texts["text"])])
    lines += ["", t("This is information, not a diagnosis. It does not replace your doctor.")]
    return _wrapped(lines)


def _plain(markdown: str) -> str:
    return markdown.replace("**", "").replace("\\", "")


def _wrapped(lines: list[str]) -> str:
    wrapped = (textwrap.fill(line, WIDTH, subsequent_indent="  " if line.startswith("- ") else "") for line in lines)
    return "\n".join(wrapped) + "\n"
