"""The questionnaire in the sidebar: one group of questions open at a time; each answer takes effect at once.

An answer that leaves the questions as they are reruns only the progress and the results, which are fragments; one
that brings or takes away a question, or a contradiction, reruns the page.
"""

from collections.abc import Callable
from functools import wraps

import streamlit as st

from opinion.exchange.wordings import conflicting_answers
from opinion.guidance.answers import UNSURE
from opinion.guidance.contents import Guidance, Question, load_guidance
from opinion.guidance.decisions import is_asked, known_answers
from opinion.matching.everyday_words import everyday_words
from opinion.texts.countries import country_names, language_names
from opinion.texts.translations import Translator
from opinion.ui import state
from opinion.vocabularies import disease_areas, equipment

DAYS_IN = {"days": 1, "weeks": 7}


def show_questionnaire() -> None:
    """Show the open group of questions, the progress, and the way to the next group and to the results."""
    guidance, t = load_guidance(), state.translator()
    groups = list(guidance.groups)
    given = state.answers()
    if "emergency_signs" not in given:
        st.session_state[state.GROUP] = "emergency"
    group = st.session_state.setdefault(state.GROUP, "emergency")
    place = groups.index(group)
    _show_progress(place + 1, len(groups))
    st.subheader(t(guidance.groups[group]), anchor=False)
    if group == "emergency":
        _ask_about_signs(guidance.questions["emergency_signs"], t)
        return
    conflicts = conflicting_answers(guidance, given)
    known = known_answers(given)
    for question in guidance.questions.values():
        # An answer is asked for unless its condition is false; while the condition is open, the question waits.
        if question.group == group and is_asked(question, known) is True:
            _ask(guidance, question, t, question.id in conflicts)
    _show_way_on(guidance, groups, place, t)


@st.fragment(key="progress")
def _show_progress(step: int, steps: int) -> None:
    guidance, t, given = load_guidance(), state.translator(), state.answers()
    asked = _asked(guidance)
    answered = sum(id in given for id in asked)
    words = t("{answered} of {asked} answered", answered=answered, asked=len(asked))
    st.progress(answered / max(len(asked), 1), f"{t('Step {step} of {steps}', step=step, steps=steps)} · {words}")


def _asked(guidance: Guidance) -> list[str]:
    known = known_answers(state.answers())
    return [each.id for each in guidance.questions.values() if is_asked(each, known) is True]


def _takes_effect(keep: Callable[..., None]) -> Callable[..., None]:
    """Make a function that keeps an answer rerun no more of the page than the answer touches."""

    def shape() -> tuple[list[str], set[str], bool]:
        guidance, given = load_guidance(), state.answers()
        return _asked(guidance), set(conflicting_answers(guidance, given)), bool(given)

    @wraps(keep)
    def keep_and_rerun(*args: str) -> None:
        before = shape()
        keep(*args)
        if shape() == before:
            st.rerun(["progress", "results"])

    return keep_and_rerun


def _show_way_on(guidance: Guidance, groups: list[str], place: int, t: Translator) -> None:
    if place + 1 < len(groups):
        following = groups[place + 1]
        st.button(
            t("Next: {group}", group=t(guidance.groups[following])),
            on_click=state.go_to, args=(following,), type="primary", width="stretch", key="next_group",
        )  # fmt: skip
    with st.container(horizontal=True):
        if place > 0:
            st.button(t("Back"), on_click=state.go_to, args=(groups[place - 1],), key="previous_group")
        is_last = place + 1 == len(groups)
        st.button(t("Show my results"), key="show_results", type="primary" if is_last else "secondary")


def _ask_about_signs(question: Question, t: Translator) -> None:
    _show_question(question, t)
    st.button(t("None of these is happening now"), on_click=_no_signs, type="primary", width="stretch", key="no_signs")
    for choice in question.choices:
        st.checkbox(t(question.labels[choice]), key=f"{state.WIDGET}emergency_signs_{choice}", on_change=_keep_signs)


def _no_signs() -> None:
    state.set_answer(load_guidance(), "emergency_signs", [])
    state.go_to("findings")


def _keep_signs() -> None:
    question = load_guidance().questions["emergency_signs"]
    ticked = [each for each in question.choices if st.session_state.get(f"{state.WIDGET}emergency_signs_{each}")]
    state.set_answer(load_guidance(), "emergency_signs", ticked or None)


def _ask(guidance: Guidance, question: Question, t: Translator, in_conflict: bool) -> None:
    """Show one question, its reason, and its present answer."""
    if in_conflict:
        st.warning(t("Please check this answer: it does not fit with another."), icon=":material/rule:")
    asker: dict[str, Callable[[Question, Translator], None]] = {
        "one": _ask_one,
        "area": _ask_from_list,
        "country": _ask_from_list,
        "many": _ask_many,
        "number": _ask_days if question.id.startswith("days_") else _ask_number,
        "text": _ask_text,
        "wishes": _ask_wishes,
    }
    if question.kind != "wishes":
        _show_question(question, t)
    asker[question.kind](question, t)


def _show_question(question: Question, t: Translator) -> None:
    """Show the question and, in one line below it, why we ask.

    Widgets carry the bare question as a hidden label: their labels reach screen readers with the Markdown in them.
    """
    st.markdown(f"**{t(question.title)}**  \n:small[{t(question.why)}]")


@_takes_effect
def _keep(question_id: str) -> None:
    """Keep what the widget of a question shows as the answer."""
    value = st.session_state.get(f"{state.WIDGET}{question_id}")
    value = value.strip() or None if isinstance(value, str) else value
    state.set_answer(load_guidance(), question_id, value)


def _ask_one(question: Question, t: Translator) -> None:
    given = state.answers().get(question.id)
    st.pills(
        t(question.title),
        list(question.labels),
        default=given if given in question.labels else None,
        format_func=lambda choice: t(question.labels[choice]),
        key=f"{state.WIDGET}{question.id}",
        label_visibility="collapsed",
        on_change=_keep,
        args=(question.id,),
    )


def _seed(key: str, value: object) -> str:
    """Let the widget with ``key`` show ``value`` when it appears, and return the key.

    A widget given the value as its default could not be emptied again: it would fall back to the default.
    """
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def _ask_from_list(question: Question, t: Translator) -> None:
    if question.kind == "area":
        names = {id: t(area.label) for id, area in disease_areas().items()}
        names |= {
            id: f"{names[id]} · {t(said)}" for id, said in everyday_words().items()
        }  # so that "lung cancer" is found
        placeholder = t("Choose, or write a word")
    else:
        names, placeholder = dict(country_names(t.language)), t("Choose a country")
    given = state.answers().get(question.id)
    st.selectbox(
        t(question.title),
        list(names),
        index=None,
        format_func=lambda id: names[id],
        placeholder=placeholder,
        key=_seed(f"{state.WIDGET}{question.id}", given if given in names else None),
        label_visibility="collapsed",
        on_change=_keep,
        args=(question.id,),
    )


NOTHING = "nothing"  # the option that stands for an empty list
ALONE = (NOTHING, UNSURE)  # options that nothing else can be chosen with


def _ask_many(question: Question, t: Translator) -> None:
    given = state.answers().get(question.id)
    labels = {**question.labels, NOTHING: "Nothing yet"}
    options = [*question.choices, NOTHING, *(choice for choice in question.labels if choice == UNSURE)]
    st.pills(
        t(question.title),
        options,
        selection_mode="multi",
        default=[NOTHING] if given == [] else [UNSURE] if given == UNSURE else given,
        format_func=lambda choice: t("Nothing yet") if choice == NOTHING else t(labels[choice]),
        key=f"{state.WIDGET}{question.id}",
        label_visibility="collapsed",
        on_change=_keep_many,
        args=(question.id,),
    )


@_takes_effect
def _keep_many(question_id: str) -> None:
    """Keep what is chosen; "nothing yet" and "not sure" stand alone, so the newest choice decides."""
    key = f"{state.WIDGET}{question_id}"
    chosen, before = list(st.session_state[key]), state.answers().get(question_id)
    had = [NOTHING] if before == [] else [UNSURE] if before == UNSURE else before or []
    newest = next((choice for choice in chosen if choice not in had), None)
    if newest is not None and len(chosen) > 1:
        chosen = [newest] if newest in ALONE else [choice for choice in chosen if choice not in ALONE]
        st.session_state[key] = chosen
    answer = [] if chosen == [NOTHING] else UNSURE if chosen == [UNSURE] else chosen or None
    state.set_answer(load_guidance(), question_id, answer)


def _ask_number(question: Question, t: Translator) -> None:
    st.number_input(
        t(question.title),
        min_value=question.minimum,
        value=None,
        step=1,
        key=_seed(f"{state.WIDGET}{question.id}", state.answers().get(question.id)),
        label_visibility="collapsed",
        on_change=_keep,
        args=(question.id,),
    )


def _ask_days(question: Question, t: Translator) -> None:
    """Ask for a number of days; who thinks in weeks may give weeks."""
    units = {"days": t("Days"), "weeks": t("Weeks")}
    unit_key = f"{state.WIDGET}{question.id}_unit"
    given = state.answers().get(question.id)
    unit = st.session_state.get(unit_key) or ("weeks" if given and given >= 28 and given % 7 == 0 else "days")
    st.number_input(
        t(question.title),
        min_value=question.minimum,
        value=None,
        step=1,
        key=_seed(f"{state.WIDGET}{question.id}", None if given is None else given // DAYS_IN[unit]),
        label_visibility="collapsed",
        on_change=_keep_days,
        args=(question.id,),
        placeholder=t("Leave empty if not known"),
    )
    st.radio(
        t("Unit for: {question}", question=t(question.title)),
        list(units),
        index=list(units).index(unit),
        format_func=units.__getitem__,
        horizontal=True,
        key=unit_key,
        on_change=_keep_days,
        args=(question.id,),
        label_visibility="collapsed",
    )


@_takes_effect
def _keep_days(question_id: str) -> None:
    number = st.session_state.get(f"{state.WIDGET}{question_id}")
    unit = st.session_state.get(f"{state.WIDGET}{question_id}_unit") or "days"
    state.set_answer(load_guidance(), question_id, None if number is None else int(number) * DAYS_IN[unit])


def _ask_text(question: Question, t: Translator) -> None:
    st.text_input(
        t(question.title),
        value=state.answers().get(question.id, ""),
        key=f"{state.WIDGET}{question.id}",
        label_visibility="collapsed",
        on_change=_keep,
        args=(question.id,),
    )


def _ask_wishes(question: Question, t: Translator) -> None:
    st.caption(t(question.why))
    wishes = state.answers().get("wishes", {})
    countries, languages = country_names(t.language), language_names(t.language)
    equipment_names = {id: t(item.label) for id, item in equipment().items()}

    def key(name: str) -> str:
        return f"{state.WIDGET}wishes_{name}"

    def choose(name: str, label: str, names: dict[str, str]) -> None:
        st.multiselect(
            label,
            list(names),
            default=[item for item in wishes.get(name, []) if item in names],
            format_func=names.__getitem__,
            placeholder=t("Choose"),
            key=key(name),
            on_change=_keep_wish,
            args=(name,),
        )

    abroad = list(question.labels)
    st.pills(
        t("Would you travel abroad?"),
        abroad,
        default=wishes.get("abroad"),
        format_func=lambda choice: t(question.labels[choice]),
        key=key("abroad"),
        on_change=_keep_wish,
        args=("abroad",),
    )
    choose("countries", t("Countries you would like"), dict(countries))
    choose("languages", t("Languages the doctor should speak"), dict(languages))
    choose("equipment", t("Equipment you ask for"), equipment_names)
    st.checkbox(
        t("A centre with a named programme"), wishes.get("accredited", False), key=key("accredited"),
        on_change=_keep_wish, args=("accredited",),
    )  # fmt: skip
    st.checkbox(
        t("A review from a distance"), wishes.get("remote", False), key=key("remote"),
        on_change=_keep_wish, args=("remote",),
    )  # fmt: skip
    distance = wishes.get("max_distance_km")  # a loaded copy may hold a fraction
    st.number_input(
        t("At most how many kilometres away?"), min_value=0, value=None, step=50,
        key=_seed(key("max_distance_km"), None if distance is None else round(distance)),
        on_change=_keep_wish, args=("max_distance_km",),
    )  # fmt: skip
    st.text_area(t("Anything else"), wishes.get("note", ""), key=key("note"), on_change=_keep_wish, args=("note",))


@_takes_effect
def _keep_wish(name: str) -> None:
    value = st.session_state[f"{state.WIDGET}wishes_{name}"]
    value = value.strip() if isinstance(value, str) else value
    wishes = {key: wish for key, wish in state.answers().get("wishes", {}).items() if key != name}
    if value not in (None, "", [], False):
        wishes[name] = value
    state.set_answer(load_guidance(), "wishes", wishes or None)
