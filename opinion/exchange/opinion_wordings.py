"""Turns compared opinions into words: the lines of a table, what the difference rests on, and a third opinion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opinion.exchange import wordings
from opinion.guidance.assessments import Advice
from opinion.guidance.decisions import D_RULES
from opinion.guidance.opinions import Aspect, Cause, Comparison, Opinion, load_differences
from opinion.texts.translations import Translator

MOST_OPINIONS = 3  # the guidance speaks of a second and a third


@dataclass(frozen=True)
class Line:
    """One aspect of the opinions: its title and what each says of it (``None``: not known). Plain text."""

    title: str
    cells: tuple[str | None, ...]


@dataclass(frozen=True)
class Group:
    """The lines of one standing: ``id`` is differ, unknown or agree."""

    id: str
    title: str
    lines: tuple[Line, ...]


def opinion_titles(t: Translator) -> tuple[str, ...]:
    """Return what the opinions are called, in order; no doctor is named."""
    return t("First opinion"), t("Second opinion"), t("Third opinion")


def judgement_labels(t: Translator) -> dict[str, str]:
    """Return the answers to whether two texts mean the same, by id."""
    return {"same": t("The same"), "different": t("Different"), "unsure": t("Not sure")}


def compared_groups(opinions: Sequence[Opinion], comparison: Comparison, t: Translator) -> list[Group]:
    """Return the aspects of which something is said, those that differ first; empty groups are left out.

    Aspects of which no opinion says anything stand in ``unsaid_titles``.
    """
    aspects = load_differences().aspects
    titled = [
        ("differ", t("Where they differ"), comparison.differ),
        ("unknown", t("What is not known yet"), comparison.unknown),
        ("agree", t("Where they agree"), comparison.agree),
    ]
    groups = []
    for id_, title, ids in titled:
        lines = [
            Line(t(aspects[each].title), tuple(value_words(aspects[each], given.get(each), t) for given in opinions))
            for each in ids
        ]
        said = tuple(line for line in lines if any(line.cells))
        groups += [Group(id_, title, said)] if said else []
    return groups


def unsaid_titles(opinions: Sequence[Opinion], t: Translator) -> list[str]:
    """Return the titles of the aspects of which no opinion says anything."""
    aspects = load_differences().aspects
    return [t(aspect.title) for id_, aspect in aspects.items() if not any(given.get(id_) for given in opinions)]


def value_words(aspect: Aspect, value: str | list[str] | None, t: Translator) -> str | None:
    """Return what an opinion says of an aspect, ``None`` if nothing."""
    if not value:
        return None
    if aspect.kind == "text":
        return str(value)
    return "; ".join(t(aspect.labels[each]) for each in ([value] if isinstance(value, str) else value))


def cause_words(causes: Iterable[Cause], t: Translator) -> str:
    """Return the causes with their questions and what they rest on, as Markdown."""
    parts = []
    for cause in causes:
        asks = "\n".join(f"- {t(ask)}" for ask in cause.ask)
        cited = f":small[({wordings.citation_words(cause.cites, t)})]"
        parts.append(f"**{t(cause.title)}.** {t(cause.text)} {cited}\n{asks}")
    return "\n\n".join(parts)


def questions_to_copy(causes: Iterable[Cause], t: Translator) -> str:
    """Return all questions as plain text, under the titles of their causes."""
    return "\n\n".join("\n".join([t(cause.title), *(f"- {t(ask)}" for ask in cause.ask)]) for cause in causes)


def third_opinion_words(advice: Advice, answers: Mapping[str, Any], count: int, t: Translator) -> list[str]:
    """Return what the guidance says of a third opinion when ``count`` opinions are there; the date always stays."""
    texts = advice.guidance.third_opinions
    if advice.outcome == "do_not_wait":
        return [t("Do not spend time on a third opinion now. Your doctor's date stays.")]
    if advice.held:
        head = wordings.headline(advice, answers, t)
        return [f"**{head.text}** {head.now}"]
    cited = wordings.citation_words
    if count >= MOST_OPINIONS:
        words = t("You have three opinions. Ask the doctors to talk with each other, and to tell you why they differ.")
    elif is_seriousness_open(advice):
        words = t("We cannot say yet. We do not know whether the disease is serious.")
    else:
        entry = texts[advice.third_opinion]
        words = f"{t(entry.texts['text'])} ({cited(entry.cites, t)})"
        if advice.third_opinion == "no":
            words += " " + t("You may still ask for one.")
    timing, sentence = wordings.timing_words(advice, answers, t)
    urgent = [f"**{t('How soon:')} {timing}.** {sentence}"] if advice.timing == "same_day_in_parallel" else []
    open_ = any(id_ in advice.undecided for id_ in D_RULES)
    first = [t("First ask your doctor how much time there is.")] if open_ else []
    return [words, *urgent, *first, t("A further opinion must fit in before your doctor's date. The date stays.")]


def is_seriousness_open(advice: Advice) -> bool:
    """Return whether it is unknown if the disease is serious, so that nothing can be said of a third opinion."""
    return advice.rules["S02"] is None and advice.outcome != "do_not_wait" and not advice.held
