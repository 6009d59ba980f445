"""All of a visitor's session state: its names, and the functions that read and change it.

Answers live here and nowhere else. Nothing derived from them is kept.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from opinion.guidance.answers import Answers
from opinion.guidance.contents import Guidance
from opinion.guidance.decisions import is_asked, known_answers
from opinion.texts.translations import Translator, translator_for

if TYPE_CHECKING:
    from opinion.agency.patients import PatientKey

ANSWERS = "answers"
GROUP = "group"
LANGUAGE = "language"
CENTRE = "centre"
KEPT = "kept_centres"  # ids of the centres that a patient keeps
READY = "ready_to_bring"  # ids of the records that a patient has ticked off
OWN_DAYS = "own_days"  # the days that a patient plans with, by step
OPINIONS = "opinions_given"  # opinions to compare, and what the patient says of their texts
OPINIONS_ROUND = "opinions_round"  # part of the keys of their fields: a browser empties a field only if its key is new
TAKEN_AWAY = "opinions_taken_away"  # the same, after the page was cleared and until something new is written
TRIED = "tried_answers"  # made-up answers of the rule book, apart from the visitor's own
TOWN = "town"  # from which a patient wants distances
COPY_ROUND = "copy_round"
RECEIPT = "receipt"  # reference and code of a request that was just sent, until the patient has written them down
OWN_REQUEST = "own_request"  # reference and code of the request that a patient looks at
ASKED = "ask_draft"  # what a patient is about to send to the agency
PAGE = "page"
ENTERED = "entered"
WIDGET = "answer_"  # every widget that asks a question has a key that starts so


def translator() -> Translator:
    """Return this visitor's translator; ``?lang=`` in the address chooses the language when the session starts."""
    if LANGUAGE not in st.session_state:
        st.session_state[LANGUAGE] = st.query_params.get("lang")
    return translator_for(st.session_state[LANGUAGE])


def answers() -> Answers:
    """Return this visitor's answers by question id; ``"unsure"`` is kept as an answer."""
    found: Answers = st.session_state.setdefault(ANSWERS, {})
    return found


def set_answer(guidance: Guidance, key: str, value: object) -> None:
    """Keep one answer (``None`` takes it back), and drop the answers whose questions are no longer asked."""
    given = answers()
    if value is None:
        given.pop(key, None)
    else:
        given[key] = value
    drop_unasked(guidance, given)


def drop_unasked(guidance: Guidance, given: Answers) -> None:
    """Remove answers to questions that are not on the page, so that nobody is held to an answer they cannot see."""
    for question in guidance.questions.values():
        if question.id in given and is_asked(question, known_answers(given)) is not True:
            del given[question.id]
            forget_widgets(question.id)


def replace_answers(guidance: Guidance, loaded: Mapping[str, Any]) -> None:
    """Put loaded answers in the place of the present ones."""
    forget_widgets()
    st.session_state[COPY_ROUND] = st.session_state.get(COPY_ROUND, 0) + 1  # lets go of the loaded file
    st.session_state.pop("fold_load", None)
    st.session_state[ANSWERS] = dict(loaded)
    drop_unasked(guidance, st.session_state[ANSWERS])


def forget_widgets(question_id: str = "") -> None:
    """Forget what the widgets of one question (or of all) show, so that they show the answers again."""
    for key in list(st.session_state):
        if str(key).startswith(f"{WIDGET}{question_id}"):
            del st.session_state[key]


def holds_something() -> bool:
    """Say whether this visitor has given anything that could be erased: answers, opinions, ticks, days, centres."""
    kept = (ANSWERS, OPINIONS, TAKEN_AWAY, READY, OWN_DAYS, KEPT, RECEIPT, OWN_REQUEST, ASKED)
    return any(st.session_state.get(key) for key in kept)


def erase() -> None:
    """Forget everything about this visitor except the language."""
    language = st.session_state.get(LANGUAGE)
    copy_round = st.session_state.get(COPY_ROUND, 0)
    st.session_state.clear()
    st.session_state[LANGUAGE] = language
    st.session_state[COPY_ROUND] = copy_round + 1  # a new upload field, so that a loaded file is let go


def kept_centres() -> list[str]:
    """Return the ids of the centres that this patient keeps, in the order in which they were kept."""
    return list(st.session_state.get(KEPT, []))


def keep_centre(centre_id: str) -> None:
    """Keep a centre for this visit; one that is kept stays where it is."""
    st.session_state[KEPT] = list(dict.fromkeys([*kept_centres(), centre_id]))


def let_go_of(centre_id: str) -> None:
    """Keep a centre no longer."""
    st.session_state[KEPT] = [id_ for id_ in kept_centres() if id_ != centre_id]


def keep_receipt(key: "PatientKey") -> None:
    """Keep reference and code of a request that was just sent, to show them once."""
    st.session_state[RECEIPT] = key
    st.session_state.pop(ASKED, None)


def own_request() -> "PatientKey | None":
    """Return reference and code of the request that is open, ``None`` if none is."""
    found: PatientKey | None = st.session_state.get(OWN_REQUEST)
    return found


def open_own_request(key: "PatientKey") -> None:
    """Keep reference and code for this visit, and show them no more."""
    st.session_state[OWN_REQUEST] = key
    st.session_state.pop(RECEIPT, None)


def close_own_request() -> None:
    """Let go of reference and code."""
    st.session_state.pop(OWN_REQUEST, None)


def ready_records() -> set[str]:
    """Return the ids of the records that this patient has ticked off."""
    return set(st.session_state.get(READY, ()))


def set_ready(record_id: str, is_ready: bool) -> None:
    """Tick off one record for this visit, or take the tick back."""
    ready = ready_records() - {record_id}
    st.session_state[READY] = ready | {record_id} if is_ready else ready


def own_days() -> dict[str, int]:
    """Return the days that this patient plans with instead of ours, by step of the plan."""
    return dict(st.session_state.get(OWN_DAYS, {}))


def set_own_days(step: str, days: int | None) -> None:
    """Keep the days for one step; ``None`` takes them back."""
    kept = {key: number for key, number in own_days().items() if key != step}
    st.session_state[OWN_DAYS] = kept if days is None else {**kept, step: int(days)}


def opinions() -> list[dict[str, Any]]:
    """Return the opinions that this patient compares, by aspect; at first two that say nothing yet."""
    found: list[dict[str, Any]] = st.session_state.get(OPINIONS, ([{}, {}], {}))[0]
    return [dict(opinion) for opinion in found]


def judged_texts() -> dict[str, str]:
    """Return, by aspect, whether this patient says that the texts of the opinions mean the same."""
    return dict(st.session_state.get(OPINIONS, ([], {}))[1])


def keep_opinions(found: list[dict[str, Any]], judged: Mapping[str, str]) -> None:
    """Keep opinions and judgements for this visit; what was cleared before cannot be brought back any more."""
    st.session_state[OPINIONS] = (found, dict(judged))
    st.session_state.pop(TAKEN_AWAY, None)


def clear_opinions() -> None:
    """Forget all opinions, but so that ``bring_opinions_back`` can undo it."""
    if OPINIONS in st.session_state:
        st.session_state[TAKEN_AWAY] = st.session_state.pop(OPINIONS)
    renew_opinion_fields()


def opinions_round() -> int:
    """Return the number that the keys of the fields for opinions hold."""
    return int(st.session_state.get(OPINIONS_ROUND, 0))


def renew_opinion_fields() -> None:
    """Let the fields for opinions show what is kept now, whatever stood in them."""
    st.session_state[OPINIONS_ROUND] = opinions_round() + 1


def can_bring_opinions_back() -> bool:
    """Return whether opinions were cleared, and nothing was written since."""
    return TAKEN_AWAY in st.session_state


def bring_opinions_back() -> None:
    """Undo ``clear_opinions``."""
    st.session_state[OPINIONS] = st.session_state.pop(TAKEN_AWAY)
    renew_opinion_fields()


def let_go_of_cleared_opinions() -> None:
    """Forget opinions that were cleared, for good."""
    st.session_state.pop(TAKEN_AWAY, None)


def today() -> date:
    """Return the visitor's date; the server's if the browser names no time zone that is known."""
    try:
        return datetime.now(ZoneInfo(st.context.timezone or "UTC")).date()
    except (ZoneInfoNotFoundError, ValueError):
        return date.today()


def take_back_signs() -> None:
    """Untick every sign of an emergency; the question is open again."""
    answers().pop("emergency_signs", None)
    forget_widgets("emergency_signs")


def note_page(path: str) -> None:
    """Remember the page that is shown, and whether it was entered from another one."""
    if st.session_state.get(PAGE) != path:
        st.session_state[ENTERED] = PAGE in st.session_state
        st.session_state[PAGE] = path


def has_just_come() -> bool:
    """Say, once, whether this page was entered from another page in this session."""
    return bool(st.session_state.pop(ENTERED, False))


def go_to(group: str) -> None:
    """Open one group of the questionnaire."""
    st.session_state[GROUP] = group
