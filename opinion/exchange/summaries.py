"""Turns answers, advice, plan and kept centres into what a patient takes along: a summary, and a request packet.

The summary is for the patient. The packet is for a second doctor who does not know them: facts on one page, the first
doctor's proposal on another, to be opened later; it names no person, clinic or town.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from opinion.exchange import timeline_wordings, wordings
from opinion.guidance.assessments import Advice
from opinion.guidance.preparations import facts_for_preparation, load_preparation, sort_by_fit
from opinion.matching.timelines import Timeline
from opinion.texts.dates import date_words, day_words
from opinion.texts.translations import Translator

MOST_REASONS, MOST_CENTRES, MOST_QUESTIONS, MOST_LETTERS = 5, 5, 6, 300
"""So much fits on two pages: lines of each part, and letters of a line."""

IDENTIFYING = ("answering_for", "country", "doctor_level", "doctor_clinic", "doctor_city", "doctor_country", "wishes")
"""Answers that a packet leaves out: they tell who or where the patient is, or what the first doctor is."""

OF_THE_PLAN = (
    "proposed", "test_expensive", "test_side_effects", "treatment_risky", "treatment_expensive",
    "conservative_or_invasive", "opinions_so_far", "opinions_conflict",
)  # fmt: skip
"""Answers that tell what was proposed so far: they stand on the packet's second page."""

NOT_FOR_DOCTORS = (
    "options_differ_in_cost", "doubts", "lost_confidence", "insurer_requires", "second_opinion_access",
    "days_to_second_opinion",
)  # fmt: skip
"""Answers that could sway a second doctor, or that are no business of theirs: a packet leaves them out."""

TELL_THE_PLAN = ("letter_with_plan",)
"""Records in which the first doctor's plan stands: who looks blindly gets them later."""

NOT_SENT = ("own_questions", "travel_advice", "travel_insurance", "record_from_abroad")
"""Things to bring or to do that a packet does not carry."""

WRITE = ""
"""A line that is left empty, to be written on by hand."""


@dataclass(frozen=True)
class Part:
    """A title and lines of plain text, ``WRITE`` among them. ``is_ticked``: each line has a box to tick.

    ``starts_page``: it stands on a new page.
    """

    title: str
    lines: tuple[str, ...]
    is_ticked: bool = False
    starts_page: bool = False


@dataclass(frozen=True)
class Document:
    """A document to print: ``language`` and ``direction`` of its texts, title, a line under it, parts, closing line."""

    language: str
    direction: str
    title: str
    subtitle: str
    parts: tuple[Part, ...]
    closing: str


def summary_of(
    advice: Advice,
    answers: Mapping[str, Any],
    timeline: Timeline,
    centres: Sequence[str],
    ready: set[str],
    today: date,
    t: Translator,
) -> Document:
    """Return the summary. ``centres``: names of those kept, in order; ``ready``: ids of the records that are there."""
    guidance = advice.guidance
    head = wordings.headline(advice, answers, t)
    timing, sentence = wordings.timing_words(advice, answers, t)
    reasons = [t(guidance.rules[id_].text) for id_ in wordings.main_reasons(advice, MOST_REASONS)]
    parts = [
        Part(t("The advice"), (f"{t('So far:') + ' ' if head.so_far else ''}{head.text}", head.now,
                               f"{t('How soon:')} {timing}. {sentence}")),
        Part(t("Why"), tuple(reasons)),
    ]  # fmt: skip
    if advice.recommends:
        parts += [
            Part(t("Days"), tuple(_day_lines(timeline, today, t))),
            Part(t("Centres you keep"), tuple(_cut(list(centres), MOST_CENTRES, t))),
            Part(t("What to bring"), tuple(_record_lines(answers, ready, t)), is_ticked=True),
            Part(t("Ready already"), tuple(_ready_lines(ready, t))),
        ]
    parts += [
        Part(t("What to ask"), tuple(_questions(advice, answers, t))),
        Part(t("Your answers"), tuple(_answer_lines(advice, answers, t, ()))),
    ]
    closing = (
        t("This is information, not a diagnosis. It does not replace your doctor.")
        + " "
        + t("Do not stop or delay a treatment because of this page.")
    )
    made = t("Made on {date} from your own answers.", date=date_words(today, t))
    return _document(t("Second opinion: my summary"), made, parts, closing, t)


def packet_of(advice: Advice, answers: Mapping[str, Any], today: date, t: Translator) -> Document:
    """Return the request packet: facts and questions first, the proposal on a page of its own."""
    left_out = (*IDENTIFYING, *NOT_FOR_DOCTORS)
    facts = _answer_lines(advice, answers, t, (*left_out, *OF_THE_PLAN))
    plan = [line for line in _answer_lines(advice, answers, t, left_out) if line not in facts]
    asks = load_preparation().asks
    parts = [
        Part(
            t("For the second doctor: how to read this"),
            (
                t("Please read this page first, and the records. Say what you would do."),
                t("Then open the next page. It says what the first doctor proposes."),
            ),
        ),
        Part(t("What the patient says"), tuple(facts)),
        Part(t("Age, other illnesses, allergies, medicines"), (WRITE,) * 4),
        Part(t("What we ask you"), tuple(t(ask.ask) for ask in list(asks.values())[:MOST_QUESTIONS])),
        Part(
            t("Records that come with this"),
            tuple(_record_lines(answers, (*TELL_THE_PLAN, *NOT_SENT), t)),
            is_ticked=True,
        ),
        Part(t("What the first doctor proposes"), tuple(plan), starts_page=True),
        Part(t("The plan in the first doctor's words"), (WRITE,) * 8, starts_page=not plan),
        Part(
            t("Records that tell the plan: send them with this page"),
            tuple(t(load_preparation().records[id_].title) for id_ in TELL_THE_PLAN),
            is_ticked=True,
        ),
        Part(t("What is different from your own view, and why"), (WRITE,) * 8),
    ]
    closing = t("No name, clinic or town stands here. Add only what the second doctor needs.")
    made = t("Made on {date}.", date=date_words(today, t))
    return _document(t("Request for a second opinion"), made, parts, closing, t)


def _document(title: str, subtitle: str, parts: Sequence[Part], closing: str, t: Translator) -> Document:
    return Document(t.language, t.direction, title, subtitle, tuple(part for part in parts if part.lines), closing)


def _answer_lines(advice: Advice, answers: Mapping[str, Any], t: Translator, without: Sequence[str]) -> list[str]:
    """Return one line for each answer that is given and not left out, "not sure" among them."""
    return [
        _short(f"{t(question.title)} {wordings.answer_words(question, answers[question.id], t)}")
        for question in advice.guidance.questions.values()
        if answers.get(question.id) is not None and question.id not in (*without, "emergency_signs")
    ]


def _day_lines(timeline: Timeline, today: date, t: Translator) -> list[str]:
    verdict, done = timeline_wordings.verdict_of(timeline, t), timeline_wordings.done_titles(timeline, t)
    lines = [f"{verdict.text} {verdict.now}"]
    lines += [
        f"{timeline_wordings.reached_words(step, today, t)}: {done[step.id]}" for step in timeline.steps if step.longest
    ]
    if timeline.last is not None:
        day = date.fromordinal(today.toordinal() + timeline.last)
        lines.append(f"{day_words(day, t)}: {t('the last date that your doctor named')}")
    return lines


def _record_lines(answers: Mapping[str, Any], without: Collection[str], t: Translator) -> list[str]:
    """Return the records that fit the answers, but for those with the ids ``without``."""
    preparation = load_preparation()
    fit = sort_by_fit(preparation.records.values(), facts_for_preparation(preparation.guidance, dict(answers)))
    return [_short(t(record.title)) for record in fit.fitting if record.id not in without]


def _ready_lines(ready: set[str], t: Translator) -> list[str]:
    return [_short(t(record.title)) for record in load_preparation().records.values() if record.id in ready]


def _questions(advice: Advice, answers: Mapping[str, Any], t: Translator) -> list[str]:
    """Return the open questions of the advice, then those that everybody may ask."""
    own = wordings.questions_for_the_doctor(advice, t)
    everybody = [t(ask.ask) for ask in load_preparation().asks.values()]
    return list(dict.fromkeys([*own, *everybody]))[:MOST_QUESTIONS]


def _cut(lines: list[str], most: int, t: Translator) -> list[str]:
    lines = [_short(line) for line in lines]
    more = len(lines) - most
    return lines if more <= 0 else [*lines[:most], t.plural("and {count} more", "and {count} more", more)]


def _short(line: str) -> str:
    line = " ".join(line.replace("\\", "").split())
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1].rstrip() + "…"
