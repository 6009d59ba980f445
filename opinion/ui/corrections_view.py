"""Correcting a centre: a curator states what a source does not say, sets a fact aside, or takes a decision back.

All of it after the page's guard, none in callbacks. Nothing typed is lost when something is wrong with it.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

import streamlit as st

from opinion.agency.accounts import Account
from opinion.centres import staleness
from opinion.centres.catalogues import Catalogue
from opinion.centres.conflicts import find_conflicts, read_conflict_rules
from opinion.centres.corrections import (
    CORRECTABLE,
    KEPT_FIELDS,
    Correction,
    accepted,
    corrected,
    correction_faults,
    set_aside,
    setting_aside_faults,
    taken_back,
    tidied,
)
from opinion.centres.decisions import Decision, Step, history_of, read_revisions
from opinion.centres.fact_database import Fact
from opinion.centres.inputs import TABLES, inputs_in
from opinion.centres.queues import accepted_in, is_open
from opinion.exchange.correction_wordings import correction_fault_words, decision_words, doer_words, taking_back_label
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import area_labels, equipment_labels, plain
from opinion.ui.centre_conflicts import conflict_name, conflict_value
from opinion.ui.choices import told_apart
from opinion.ui.curating import decide
from opinion.ui.doubles_words import centre_words
from opinion.ui.fact_words import date_words, field_names, overdue_words, point_words, schedule_of_sources, value_words
from opinion.ui.results import fold
from opinion.ui.said import show_said
from opinion.vocabularies import designations

ROUND = "correction_round"  # in the session: part of the keys of the fields, so that they are empty after a change
DRAFT = "correction_draft"  # in the session: the decision that was looked at, and is not made yet
DONE = "correction_done"  # in the session: the kind of decision that was just made


def show_corrections(actor: Account, catalogue: Catalogue, row: int, facts: list[Fact], t: Translator) -> None:
    """Show the way to a correction, and what curators decided about this centre. ``facts``: past ones among them.

    It is folded, unless the address asks for it: ``correct`` there is the field to be corrected.
    """
    centre_id = str(catalogue.table.column("centre_id")[row])
    st.session_state.setdefault(ROUND, 0)
    _show_done(t)

    def show() -> None:
        st.caption(
            t("You are signed in as {name}. Only curators see this. What the source says stays, with its date; "
              "a correction comes before it.", name=plain(actor.shown_name))
        )  # fmt: skip
        _show_conflicts(actor, centre_id, catalogue, facts, t)
        _show_overdue(facts, t)
        _show_correcting(actor, centre_id, catalogue, row, facts, t)
        _show_steps(actor, centre_id, catalogue, t)

    fold(t("Correct this entry"), f"correct_{centre_id}", show, unfolded="correct" in st.query_params)


def _show_conflicts(actor: Account, centre_id: str, catalogue: Catalogue, facts: list[Fact], t: Translator) -> None:
    """Show each conflict that nobody has decided, with what can be done about it beside it."""
    accepted_here = accepted_in(catalogue)
    for conflict in find_conflicts(read_conflict_rules(TABLES), facts):
        if not is_open(centre_id, conflict, accepted_here):
            continue
        key = f"{centre_id}_{conflict.field}_{conflict.item}"
        said = " / ".join(conflict_value(conflict, fact, t) for fact in conflict.facts)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                t("Sources disagree: **{field}**, {values}", field=plain(conflict_name(conflict, t)),
                  values=plain(said)), width="content",
            )  # fmt: skip
            if conflict.field in CORRECTABLE and st.button(t("Correct this"), key=f"correct_conflict_{key}"):
                st.session_state[_field_key(centre_id)] = conflict.field
            if st.button(t("Looked at, fine"), key=f"accept_{key}", icon=":material/done_all:"):
                _decide(actor, accepted(centre_id, conflict, actor.name), catalogue, t)


def _show_overdue(facts: list[Fact], t: Translator) -> None:
    """Show which sources of the centre are overdue, each with the way to where its next release is put in."""
    schedule = schedule_of_sources()
    late = {fact.source: fact.source_title for fact in facts if not fact.about_id and overdue_words(fact, schedule, t)}
    links = [f"[{plain(title)}](</fact-queue?list=overdue&source={quote(id_)}>)" for id_, title in late.items()]
    if links:
        st.markdown(t("Overdue here, to be renewed: {sources}", sources="; ".join(links)))


def _field_key(centre_id: str) -> str:
    return f"correction_field_{centre_id}_{st.session_state[ROUND]}"


def _show_correcting(
    actor: Account, centre_id: str, catalogue: Catalogue, row: int, facts: list[Fact], t: Translator
) -> None:
    counting = [fact for fact in facts if not fact.standing and not fact.about_id]
    names = {field: name for field, name in field_names(t).items() if field in CORRECTABLE}
    key, asked = _field_key(centre_id), st.query_params.get("correct", "")
    if key not in st.session_state and asked in names and not st.session_state[ROUND]:
        st.session_state[key] = asked
    field = st.selectbox(
        t("What is to be corrected?"), list(names), index=None, format_func=names.__getitem__,
        placeholder=t("Choose"), key=key,
    )  # fmt: skip
    if field:
        country = str(catalogue.table.column("country_code")[row])
        _ask(actor, centre_id, field, country, counting, t)
    _show_draft(actor, centre_id, catalogue, counting, t)


def _show_done(t: Translator) -> None:
    done = st.session_state.pop(DONE, "")
    words = {
        "correct": t("Corrected. It counts now, for everyone. You can take it back below."),
        "set_aside": t("Set aside. It counts no more, for anyone. You can take it back below."),
        "accept": t("Looked at. It leaves the list until a source states another value. You can take it back below."),
        "undo": t("Taken back. That can be taken back too."),
    }
    if done:
        show_said("correction", words[done])


def _ask(actor: Account, centre_id: str, field: str, country: str, facts: list[Fact], t: Translator) -> None:
    """Ask for a better value, or which fact is to be set aside, and keep it as a draft if nothing is wrong with it."""
    own = [fact for fact in facts if fact.field == field and fact.certainty != "implied"]
    lines = [f"- {plain(_worded(fact, t))} — {plain(fact.source_title)}, {plain(date_words(fact, t))}" for fact in own]
    st.markdown(t("Now:") + "\n\n" + ("\n".join(lines) or f"- {t('not known')}"))
    key = f"correction_{centre_id}_{st.session_state[ROUND]}_{field}"
    ways = {"correct": t("A better value is known"), "set_aside": t("It is wrong, and no better value is known")}
    can_be_aside = bool(own) and field not in KEPT_FIELDS
    way = "correct"
    if can_be_aside:
        way = st.radio(t("What do you know?"), list(ways), format_func=ways.__getitem__, key=f"{key}_way") or way
    with st.form(f"{key}_{way}", border=True):
        if way == "correct":
            said = _ask_correction(field, key, t)
        else:
            labels = told_apart({fact.value: _worded(fact, t) for fact in own}, str)
            value = st.selectbox(t("Set aside"), list(labels), format_func=labels.__getitem__, key=f"{key}_aside")
            note = st.text_area(t("Why?"), key=f"{key}_why", max_chars=500)
            said = Correction(field, value or "", note=note)
        if not st.form_submit_button(t("Look at it first"), icon=":material/preview:"):
            return
    said = tidied(said) if way == "correct" else said
    if way == "correct":
        faults = correction_faults(said, facts, country, staleness.today())
        decision = corrected(centre_id, said, actor.name)
    else:
        faults = setting_aside_faults(field, said.value, said.note.strip(), facts)
        decision = set_aside(centre_id, field, said.value, said.note.strip(), actor.name)
    st.session_state.pop(DRAFT, None)
    if faults:
        st.error("\n".join(f"- {correction_fault_words(code, t)}" for code in faults), icon=":material/error:")
    else:
        st.session_state[DRAFT] = decision


def _ask_correction(field: str, key: str, t: Translator) -> Correction:
    """Ask for the new value, in the way of its field, and for where it was read."""
    count = ""
    label = t("New value")
    choices = _choices(field, t)
    if choices:
        value = st.selectbox(label, list(choices), index=None, format_func=choices.__getitem__,
                             placeholder=t("Choose"), key=f"{key}_value") or ""  # fmt: skip
    else:
        hints = {
            "point": t("Latitude, then longitude, in degrees: 48.2082, 16.3738"),
            "beds": t("A whole number"),
            "website": "https://",
        }
        value = st.text_input(label, key=f"{key}_value", help=hints.get(field), placeholder=hints.get(field, ""))
    if field == "equipment":
        count = st.text_input(t("Number of machines, if it is known"), key=f"{key}_count")
    source = st.text_input(t("Where did you read it? Title of the page or document"), key=f"{key}_source",
                           max_chars=200)  # fmt: skip
    address = st.text_input(t("Address of that page"), key=f"{key}_address", placeholder="https://", max_chars=500)
    date = st.text_input(t("Date of that page: 2026, 2026-10 or 31.10.2026"), key=f"{key}_date", max_chars=20)
    note = st.text_area(t("Note, if something is to be explained"), key=f"{key}_note", max_chars=500)
    return Correction(field, value, count, source, address, date, note)


def _choices(field: str, t: Translator) -> dict[str, str]:
    """Return the values of a field with a vocabulary, in words; nothing for one that is typed."""
    match field:
        case "equipment":
            found = equipment_labels(t)
        case "disease_area":
            found = area_labels(t)
        case "designation":
            found = {title.value: t(title.label) for title in designations().values()}
        case "country_code":
            found = dict(country_names(t.language))
        case "teaching":
            found = {"yes": t("yes")}
        case _:
            return {}
    return dict(sorted(found.items(), key=lambda pair: pair[1].casefold()))


def _show_draft(actor: Account, centre_id: str, catalogue: Catalogue, facts: list[Fact], t: Translator) -> None:
    """Show what would be changed, and change it when that is asked for."""
    draft: Decision | None = st.session_state.get(DRAFT)
    if draft is None or draft.centre_id != centre_id:
        return
    with st.container(border=True, key="correction_preview"):
        st.caption(t("Nothing is changed yet. This would be done:"))
        st.markdown(f"**{plain(decision_line(catalogue, draft, t))}**")
        same = [fact for fact in facts if fact.field == draft.field and fact.certainty == "stated"]
        before = [_worded(fact, t) for fact in same if draft.kind == "correct" or fact.value == draft.value]
        st.markdown(t("Now: {values}", values=plain("; ".join(before) or t("not known"))))
        st.markdown("  \n".join(plain(line) for line in reasons(draft)))
        with st.container(horizontal=True):
            words = t("Correct it") if draft.kind == "correct" else t("Set it aside")
            is_wanted = st.button(words, type="primary", icon=":material/check:", key="correction_apply")
            if st.button(t("Not yet"), key="correction_drop"):
                st.session_state.pop(DRAFT)
                st.rerun()
    if is_wanted:
        _decide(actor, draft, catalogue, t)


def _decide(actor: Account, decision: Decision, catalogue: Catalogue, t: Translator) -> None:
    if not decide(actor, [decision], catalogue.folder, t):
        return
    st.session_state.pop(DRAFT, None)
    st.session_state[ROUND] += 1
    st.session_state[DONE] = decision.kind
    st.rerun()


def _show_steps(actor: Account, centre_id: str, catalogue: Catalogue, t: Translator) -> None:
    """Show what was decided about the centre, the newest first, each with the way back."""
    steps = history_of(read_revisions(inputs_in(catalogue.folder).decisions), catalogue.ids_of(centre_id))
    if not steps:
        return
    known = [step.decision for step in steps]
    st.markdown(f"##### {t('What was decided about this entry')}")
    for step in steps:
        with st.container(border=True, key=f"decision_{step.decision.id}"):
            st.markdown("  \n".join(plain(line) for line in decision_lines(catalogue, step, steps, t)))
            if step.undone_by is None and st.button(
                taking_back_label(step.decision, known, t), key=f"take_back_{step.decision.id}", icon=":material/undo:"
            ):
                _decide(actor, taken_back(step.decision.id, actor.name), catalogue, t)


def decision_lines(catalogue: Catalogue, step: Step, steps: Sequence[Step], t: Translator) -> list[str]:
    """Return a decision in words: when, who and what, why, and what became of it."""
    said = step.decision
    what = decision_line(catalogue, said, t)
    if said.kind == "undo":
        undone = next((each.decision for each in steps if each.decision.id == said.undoes), None)
        what = t("Taken back: {what}", what=decision_line(catalogue, undone, t) if undone else said.undoes)
    lines = [f"{said.at[:16].replace('T', ', ')} UTC · {doer_words(said.by, True, t)}", what, *reasons(said)]
    if step.undone_by:
        by = doer_words(step.undone_by.by, True, t)
        lines.append(t("Taken back on {day} by {who}.", day=step.undone_by.at[:10], who=by))
    return lines


def decision_line(catalogue: Catalogue, decision: Decision, t: Translator) -> str:
    """Return what a decision did, in one line; the two of a pair by name, as on the page Doubles."""
    value = decision.value
    if decision.other_id:
        one, other = (centre_words(catalogue, id_) for id_ in (decision.centre_id, decision.other_id))
        decision = replace(decision, centre_id=one, other_id=other)
    if decision.kind == "accept":
        item, _, values = value.rpartition(": ") if decision.field == "equipment" else ("", "", value)
        value = " / ".join(filter(None, (equipment_labels(t).get(item, item), *values.split(" | "))))
    elif value:
        fact = Fact(decision.field, value, int(decision.count) if decision.count else None, "stated", *[""] * 8)
        value = _worded(fact, t)
    return decision_words(decision, value, field_names(t).get(decision.field, decision.field), t)


def reasons(decision: Decision) -> list[str]:
    """Return where it was read, and the note; nothing if neither was given."""
    read = ", ".join(filter(None, (decision.source, decision.date, decision.address)))
    return list(filter(None, (read, decision.note)))


def _worded(fact: Fact, t: Translator) -> str:
    words = point_words(fact.value, t) if fact.field == "point" else value_words(fact, t)
    return words + (f" ({fact.count:,})" if fact.count is not None else "")
