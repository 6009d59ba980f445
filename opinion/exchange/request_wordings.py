"""Turns a request into words: what a patient is about to send, its status, and all that is kept of it as a document.

It takes plain objects, as ``agency`` gives them: nothing here knows of a database.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from opinion.exchange import wordings
from opinion.exchange.summaries import Document, Part
from opinion.guidance.contents import load_guidance
from opinion.texts.dates import date_words
from opinion.texts.translations import Translator


def status_words(status: str, t: Translator) -> str:
    """Return the status of a request as coordinators and patients read it."""
    return {
        "new": t("New"),
        "clarifying": t("Open questions"),
        "matching": t("Looking for centres"),
        "sent_to_centres": t("Centres are asked"),
        "opinion_received": t("Opinion received"),
        "closed": t("Closed"),
        "declined": t("Declined"),
        "withdrawn": t("Consent taken back"),
    }[status]


def status_sentence(status: str, t: Translator) -> str:
    """Return what a status means for the patient, in a sentence."""
    return {
        "new": t("Your request has arrived. Nobody has started on it yet."),
        "clarifying": t("The agency has questions. Look at the messages below."),
        "matching": t("The agency looks for centres that fit."),
        "sent_to_centres": t("The agency has asked centres, and waits for their replies."),
        "opinion_received": t("The second opinion is there. The agency tells you more in the messages."),
        "closed": t("The case is closed."),
        "declined": t("The agency does not take this case. Look at the messages for the reason."),
        "withdrawn": t("You have taken your yes back. Nobody at the agency can open your request any more."),
    }[status]


def answer_lines(answers: Mapping[str, Any], t: Translator) -> list[str]:
    """Return one line of plain text for each answer."""
    return [
        f"{t(question.title)} {wordings.answer_words(question, answers[question.id], t)}"
        for question in load_guidance().questions.values()
        if answers.get(question.id) is not None
    ]


def advice_lines(advice: Mapping[str, Any], edition: str, t: Translator) -> list[str]:
    """Return advice (the object of GUIDANCE §5) as lines of plain text: outcome, timing, reasons, and its edition."""
    if not advice:
        return []
    guidance = load_guidance()
    # rules and outcomes of an older edition may be gone: their ids are all that can be said then
    outcome, timing = guidance.outcome_texts.get(advice["outcome"]), guidance.timing_texts.get(advice["timing"])
    lines = [t(outcome.texts["headline"]) if outcome else advice["outcome"]]
    lines.append(f"{t('How soon:')} {t(timing.texts['headline']) if timing else advice['timing']}")
    lines += [t(guidance.rules[id_].text) if id_ in guidance.rules else id_ for id_ in advice["reasons"]]
    return [*lines, t("Guidance: {edition}", edition=edition)] if edition else lines


def content_parts(content: Mapping[str, Any], t: Translator) -> list[Part]:
    """Return what a request holds as titled parts of plain text, without those that are empty."""
    last = content.get("last_date")
    parts = [
        Part(t("Answers"), tuple(answer_lines(content.get("answers") or {}, t))),
        Part(t("Advice"), tuple(advice_lines(content.get("advice") or {}, content.get("edition", ""), t))),
        Part(t("The doctor's last date"), (date_words(date.fromisoformat(last), t),) if last else ()),
        Part(t("Centres that the patient keeps"), tuple(each["name"] for each in content.get("centres") or ())),
        Part(t("Name"), tuple(filter(None, [content.get("name")]))),
        Part(t("How to reach the patient"), tuple(filter(None, [content.get("reach")]))),
        Part(t("Message"), tuple((content.get("message") or "").splitlines())),
    ]
    return [part for part in parts if part.lines]


def everything_document(kept: Mapping[str, Any], today: date, t: Translator) -> Document:
    """Return all that is kept about a request (``patients.everything_of``) as a document to print."""
    parts = [
        Part(t("Request"), (
            f"{t('Reference:')} {kept['reference']}",
            f"{t('Status:')} {status_words(kept['status'], t)}",
            f"{t('Sent:')} {kept['sent']}",
            f"{t('Erased by:')} {kept['erased_on']}",
        )),
        *content_parts(kept["content"], t),
    ]  # fmt: skip
    titles = {
        "consents": t("Consent"),
        "entries": t("Messages and notes"),
        "enquiries": t("Questions to centres"),
        "offers": t("Offers"),
        "files": t("Files"),
        "changes": t("History"),
    }
    parts += [
        Part(title, tuple(_row_words(row) for row in kept[name])) for name, title in titles.items() if kept.get(name)
    ]
    return Document(
        t.language, t.direction, t("All that the agency keeps about my request"),
        t("Made on {date}.", date=date_words(today, t)), tuple(parts),
        t("The same is in the file request.json, for other programs."),
    )  # fmt: skip


def _row_words(row: Mapping[str, Any]) -> str:
    return " · ".join(
        f"{name}: {_value_words(value)}" for name, value in row.items() if value not in (None, "", [], {})
    )


def _value_words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value_words(each)}" for name, each in value.items() if each not in (None, ""))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_value_words, value))
    return str(value)
