"""Turns advice into the words that the results page and the terminal show, in the reader's language.

Every function takes the advice or answers and a translator, and returns plain text or small Markdown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opinion.guidance.answers import UNSURE
from opinion.guidance.assessments import Advice, Change
from opinion.guidance.contents import Guidance, Question
from opinion.guidance.decisions import D_RULES, facts_as_read, find_contradictions, is_asked, known_answers
from opinion.texts.countries import country_names, language_names
from opinion.texts.translations import Translator
from opinion.vocabularies import disease_areas, equipment

MAIN_REASONS = 3  # as many as a worried reader takes in at once


@dataclass(frozen=True)
class Headline:
    """The outcome in one sentence, and what to do now. ``so_far``: the advice can still turn urgent."""

    text: str
    now: str
    so_far: bool


def open_questions(guidance: Guidance, answers: Mapping[str, Any]) -> list[Question]:
    """Return the questions with a list of values that are asked and not answered yet, not even with "not sure".

    Day counts, texts and wishes may be left empty for good, and for whom the answers are changes no rule.
    """
    known = known_answers(answers)
    return [
        question
        for question in guidance.questions.values()
        if question.kind in ("one", "area", "many")
        and question.group not in ("doctor", "wishes")
        and question.id != "answering_for"
        and answers.get(question.id) is None
        and is_asked(question, known)
    ]


def is_filling_in(advice: Advice, answers: Mapping[str, Any]) -> bool:
    """Return whether the questionnaire is still being filled in, so that open points are no cause for alarm."""
    return not advice.contradictions and not advice.held and bool(open_questions(advice.guidance, answers))


def still_to_ask(advice: Advice, answers: Mapping[str, Any]) -> tuple[list[Question], list[Question]]:
    """Return the questions whose answers rules D01 and D02 still need: those still open, and those for the doctor.

    A question is for the doctor once the answer was "not sure": to ask it again would lead nowhere.
    """
    needed = _to_be_answered(advice.guidance, [key for id in D_RULES for key in advice.undecided.get(id, ())], answers)
    unsure = [question for question in needed if answers.get(question.id) == UNSURE]
    return [question for question in needed if question not in unsure], unsure


def questions_for_the_doctor(advice: Advice, t: Translator, limit: int = 5) -> list[str]:
    """Return up to ``limit`` questions that would decide the unknown rules, weightiest first, each once."""
    asks = dict.fromkeys(advice.guidance.rules[id].ask for id in advice.undecided if id not in ("E01", "GATE"))
    return [t(ask) for ask in list(asks)[:limit]]


def _to_be_answered(guidance: Guidance, keys: Iterable[str], answers: Mapping[str, Any]) -> list[Question]:
    """Return the questions to answer so that ``keys`` become known.

    A question that waits for another one (which area? which proposal?) is replaced by the one it waits for.
    """
    known = known_answers(answers)
    needed: set[str] = set()
    for key in keys:
        question = guidance.questions[key]
        waits = question.asked_when is not None and is_asked(question, known) is None
        needed |= set(question.asked_when.names) if waits and question.asked_when else {key}
    return [question for question in guidance.questions.values() if question.id in needed]


def headline(advice: Advice, answers: Mapping[str, Any], t: Translator) -> Headline:
    """Return the headline. While rules D01 and D02 are undecided it is only "so far"."""
    # Under do_not_wait the other D rule can change nothing any more: "so far" would only weaken the advice.
    is_settled = advice.outcome in ("emergency", "do_not_wait")
    so_far = not is_settled and any(id in advice.undecided for id in D_RULES)
    if advice.outcome == "clarify_first" and is_filling_in(advice, answers):
        text = t("There is no advice yet. A few answers are still missing.")
        return Headline(text, t("Go on with the questions. To stop, keep a copy of your answers first."), so_far)
    words = advice.guidance.outcome_texts[advice.outcome].texts
    return Headline(t(words["headline"]), t(words["now"]), so_far)


def timing_words(advice: Advice, answers: Mapping[str, Any], t: Translator) -> tuple[str, str]:
    """Return the timing as a few words and a sentence."""
    if advice.outcome == "clarify_first" and is_filling_in(advice, answers) and advice.timing != "today":
        return t("Before you decide"), t(
            "Answer the open questions before you agree to anything or turn anything down."
        )
    words = advice.guidance.timing_texts[advice.timing].texts
    return t(words["headline"]), t(words["text"])


def main_reasons(advice: Advice, limit: int | None = MAIN_REASONS) -> list[str]:
    """Return the ids of the true rules to show as reasons, weightiest first; at most ``limit`` (``None``: all)."""
    if advice.outcome == "do_not_wait":
        found = [id for id in D_RULES if advice.rules[id]]
    else:
        true = [id for id, value in advice.rules.items() if value and id not in ("E01", *D_RULES)]
        found = [id for id in true if not (id == "S02" and "S01" in true)]
        # The gate opens the way for the eleven reasons (G6); without one of them it is no reason by itself.
        if any(id.startswith("R") for id in true):
            found.sort(key=lambda id: id == "GATE")
        else:
            found = [id for id in found if id != "GATE"]
    return found if limit is None else found[:limit]


def citation_words(cites: Iterable[str], t: Translator) -> str:
    """Return the statement ids a text rests on, with ours marked as ours."""
    ids = [id for id in cites if id != "ours"]
    words = [t("guidance {ids}", ids=", ".join(ids))] if ids else []
    if "ours" in cites:
        words.append(t("our own careful choice"))
    return "; ".join(words)


def note_words(advice: Advice, answers: Mapping[str, Any], step: str, t: Translator) -> list[str]:
    """Return the notes that apply to these answers, for a step, ``"card"`` or ``"general"``; else none."""
    if not advice.recommends:
        return []
    facts = {
        **facts_as_read(advice.guidance, known_answers(answers)),
        **advice.rules,
        "outcome": advice.outcome,
        "urgency_known": answers.get("urgent_action_required") not in (None, UNSURE),
    }
    return [
        t(note.texts["text"])
        for note in advice.guidance.notes
        if note.texts["step"] == step and note.when is not None and note.when.value(facts) is True
    ]


def answer_words(question: Question, value: object, t: Translator) -> str:
    """Return one answer as people read it; ``None`` reads "not answered"."""
    if value is None:
        return t("not answered")
    if value == UNSURE:
        return t("Not sure")
    match question.kind:
        case "one":
            return t(question.labels[str(value)])
        case "area":
            return t(disease_areas()[str(value)].label)
        case "country":
            return country_names(t.language)[str(value)]
        case "many":
            items = value if isinstance(value, list) else []
            return "; ".join(t(question.labels[item]) for item in items) or t("None")
        case "wishes":
            return _wish_words(question, value if isinstance(value, dict) else {}, t)
        case "number" if isinstance(value, int) and question.id.startswith("days_"):
            return t.plural("{count} day", "{count} days", value)
        case _:
            return str(value)


def _wish_words(question: Question, wishes: Mapping[str, Any], t: Translator) -> str:
    countries, languages = country_names(t.language), language_names(t.language)
    parts = {
        "countries": lambda value: t("countries: {names}", names=", ".join(countries[code] for code in value)),
        "languages": lambda value: t(
            "languages: {names}", names=", ".join(languages.get(code, code) for code in value)
        ),
        "equipment": lambda value: t(
            "equipment: {names}", names=", ".join(t(equipment()[item].label) for item in value)
        ),
        "accredited": lambda value: t("a named programme") if value else "",
        "abroad": lambda value: t("abroad: {answer}", answer=t(question.labels[value])),
        "remote": lambda value: t("a remote review") if value else "",
        "max_distance_km": lambda value: t("at most {distance} km away", distance=f"{value:g}"),
        "note": lambda value: t("note: {note}", note=value),
    }
    return "; ".join(filter(None, (parts[key](value) for key, value in wishes.items())))


def answers_in_words(guidance: Guidance, answers: Mapping[str, Any], t: Translator) -> list[tuple[str, list[str]]]:
    """Return what was answered: per group its title and one line "question — answer" each."""
    rows: dict[str, list[str]] = {}
    for question in guidance.questions.values():
        if answers.get(question.id) is not None:
            line = f"{t(question.title)} — **{escape(answer_words(question, answers[question.id], t))}**"
            rows.setdefault(question.group, []).append(line)
    return [(group, rows[group]) for group in guidance.groups if group in rows]


def undecided_lines(advice: Advice, answers: Mapping[str, Any], t: Translator) -> list[str]:
    """Return one line for each unknown rule: what we could not check, because of which answers, and what to ask."""
    lines = []
    for id, missing in advice.undecided.items():
        rule = advice.guidance.rules[id]
        titles = " ".join(t(each.title) for each in _to_be_answered(advice.guidance, missing, answers))
        because = (
            t("We could not check this, because the answers do not fit together.")
            if id in advice.held or not titles
            else t("We could not check this, because this is open: {questions}", questions=titles)
        )
        lines.append(f"**{t(rule.title)}.** {because} {t('Question for your doctor:')} {t(rule.ask)}")
    return lines


def why_not_lines(advice: Advice, answers: Mapping[str, Any], t: Translator) -> list[str]:
    """Return one line for each false rule: which answers make it so."""
    lines = []
    for id, keys in advice.why_not.items():
        said = []
        for key in keys:
            question = advice.guidance.questions[key]
            if answers.get(key) is not None:
                said.append(f"{t(question.title)} {answer_words(question, answers[key], t)}")
            else:
                said.append(t("{question} This is not asked in your case.", question=t(question.title)))
        lines.append(f"**{t(advice.guidance.rules[id].title)}**: {escape(' · '.join(dict.fromkeys(said)))}")
    return lines


def change_lines(advice: Advice, answers: Mapping[str, Any], t: Translator) -> list[str]:
    """Return one line for each question and outcome that a single other answer would give."""
    grouped: dict[tuple[str, str], list[Change]] = {}
    for change in advice.would_change:
        grouped.setdefault((change.answer, change.outcome), []).append(change)
    lines = []
    for (key, outcome), changes in grouped.items():
        question = advice.guidance.questions[key]
        values = _changed_values(question, changes, t)
        result = t(advice.guidance.outcome_texts[outcome].texts["headline"])
        lines.append(f"{t(question.title)} **{values}** → {result}")
    return lines


def _changed_values(question: Question, changes: Sequence[Change], t: Translator) -> str:
    if question.kind == "number":
        return t.plural("{count} day", "{count} days", int(changes[0].after))
    if question.kind == "many":
        more = [item for each in changes for item in each.after if item not in (each.before or [])]
        less = [item for each in changes for item in each.before or [] if item not in each.after]
        words = [t("also: {item}", item=t(question.labels[item])) for item in more]
        words += [t("without: {item}", item=t(question.labels[item])) for item in less]
        return "; ".join(words)
    labels = [answer_words(question, each.after, t) for each in changes]
    if question.kind == "area" and len(labels) > 4:
        return t("{first}, or {count} other areas", first=labels[0], count=len(labels) - 1)
    return " / ".join(labels)


def escape(text: str) -> str:
    """Return ``text`` with Markdown's special characters made harmless; people write clinic names and notes."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#$|~:" else char for char in text)


def conflicting_answers(guidance: Guidance, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return each answer that takes part in a contradiction, with the contradiction's id."""
    return {key: id for id, keys in find_contradictions(guidance, answers).items() for key in keys}
