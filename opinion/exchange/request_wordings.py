"""Turns a request into words: what a patient is about to send, its status, and all that is kept of it as a document.

It takes plain objects, as ``agency`` gives them: nothing here knows of a database.
"""

from collections.abc import Callable, Mapping, Sequence
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


def status_sentence(status: str, is_taken: bool, t: Translator) -> str:
    """Return what a status means for the patient, in a sentence. ``is_taken``: a coordinator looks after it."""
    return {
        "new": t("Your request has arrived. A coordinator looks after it.")
        if is_taken
        else t("Your request has arrived. Nobody has started on it yet."),
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
    """Return advice (outcome, timing, reasons) as lines of plain text, and the edition of the guidance, if known."""
    if not advice:
        return []
    guidance = load_guidance()
    # rules and outcomes of an older edition may be gone: their ids are all that can be said then
    outcome, timing = guidance.outcome_texts.get(advice["outcome"]), guidance.timing_texts.get(advice["timing"])
    lines = [t(outcome.texts["headline"]) if outcome else advice["outcome"]]
    lines.append(f"{t('How soon:')} {t(timing.texts['headline']) if timing else advice['timing']}")
    lines += [t(guidance.rules[id_].text) if id_ in guidance.rules else id_ for id_ in advice["reasons"]]
    return [*lines, t("Version of the rules: {edition}", edition=edition)] if edition else lines


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
    titles: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
        "consents": (t("Consent"), lambda row: _consent_words(row, t)),
        "entries": (t("Messages and notes"), lambda row: _entry_words(row, t)),
        "enquiries": (t("Questions to centres"), lambda row: f"{row['changed_on']}: {row['centre']['name']}"),
        "offers": (t("Offers"), lambda row: _row_words(row["content"])),
        "files": (t("Files"), lambda row: f"{row['at'][:10]}: {row['name']}, {row['size']} bytes"),
        "changes": (t("History"), lambda row: _change_words(row, t)),
    }
    parts += [
        Part(title, tuple(words(row) for row in kept[name]))
        for name, (title, words) in titles.items()
        if kept.get(name)
    ]
    return Document(
        t.language, t.direction, t("All that the agency keeps about my request"),
        t("Made on {date}.", date=date_words(today, t)), tuple(parts),
        t("The same is in the file request.json, for other programs."),
    )  # fmt: skip


def _consent_words(row: Mapping[str, Any], t: Translator) -> str:
    purposes = {"request": t("read and keep the request"), "centres": t("show the facts to centres")}
    agreed = ", ".join(purposes.get(id_, id_) for id_ in row["parts"]["purposes"])
    taken_back = f" {t('Taken back on {date}.', date=row['withdrawn_at'][:10])}" if row["withdrawn_at"] else ""
    words = t("Given on {date}, text of {version}: {what}.", date=row["given_at"][:10], version=row["text_version"],
              what=agreed)  # fmt: skip
    return words + taken_back


def _entry_words(row: Mapping[str, Any], t: Translator) -> str:
    author = t("You") if row["by_patient"] else t("The agency")
    kind = f" ({t('note')})" if row["kind"] == "note" else ""
    return f"{row['at'][:10]}, {author}{kind}: {row['text']}"


def _change_words(row: Mapping[str, Any], t: Translator) -> str:
    fields = {"status": t("status"), "owner": t("owner"), "next_step": t("next step"), "answers": t("answers changed")}
    if row["field"] == "status":
        return f"{row['at'][:10]}: {status_words(row['before'], t)} → {status_words(row['after'], t)}"
    return f"{row['at'][:10]}: {fields.get(row['field'], row['field'])}"


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
