"""The page Doubles: pairs that may be one centre, one at a time, decided by a curator; and what was decided.

Decisions wait in the session until they are put into the catalogue together, in one step: building it takes seconds,
and nobody should wait for it after each pair. All after the guard, no callbacks.
"""

from collections import Counter

import streamlit as st

from opinion.agency.accounts import Account
from opinion.centres.catalogues import Catalogue
from opinion.centres.curating import apply
from opinion.centres.decisions import Decision, Revisions, now, read_revisions, revisions
from opinion.centres.doubles.queues import Proposal, decide_pair, merge_by_rule, read_proposals, undecided
from opinion.centres.doubles.settings import read_settings
from opinion.centres.inputs import default_folder, inputs_in
from opinion.errors import CatalogueError
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain, source_labels
from opinion.ui.curating import record
from opinion.ui.doubles_table import pair_html, style
from opinion.ui.doubles_words import by_words, reasons
from opinion.ui.results import fold

_WAITING = "doubles_waiting"  # in the session: decisions that are not in the catalogue yet
_LATER = "doubles_later"  # in the session: pairs that are put off
_SAID = "doubles_said"  # in the session: what was just put in
_ACTIONS = {"merge": "centres_merged", "apart": "centres_kept_apart", "undo": "decision_undone"}
_SHOWN = 20


def show_doubles(actor: Account, catalogue: Catalogue, t: Translator) -> None:
    """Show the queue, what waits to be put in, and the history."""
    inputs = inputs_in()
    waiting: list[Decision] = st.session_state.setdefault(_WAITING, [])
    decided = read_revisions(inputs.decisions)
    queue = undecided(read_proposals(inputs), revisions((*decided.history, *waiting)))
    if st.session_state.get(_SAID):
        st.success(st.session_state.pop(_SAID), icon=":material/check:")
    _show_waiting(actor, catalogue, waiting, t)
    asked = _ask_which(catalogue, queue, t)
    if not asked:
        st.info(t("No pair is left to decide here."), icon=":material/check:")
    else:
        _show_pair(actor, catalogue, asked, waiting, t)
    _offer_rule(catalogue, queue, waiting, t)
    fold(t("What was decided"), "doubles_history", lambda: _show_history(actor, catalogue, decided, waiting, t))


def _ask_which(catalogue: Catalogue, queue: tuple[Proposal, ...], t: Translator) -> list[Proposal]:
    """Ask for country and source; return what is asked for, pairs that were put off last."""
    names = country_names(t.language)
    countries = Counter(each.country_code for each in queue)
    registers = Counter(register for each in queue for register in set(each.registers))
    labels = _register_labels(catalogue, queue)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        country = st.selectbox(
            t("Country"), ["", *sorted(countries, key=lambda code: names.get(code, code))], key="doubles_country",
            format_func=lambda code: f"{names.get(code, code)} ({countries[code]:,})" if code
            else t("All countries ({count})", count=f"{len(queue):,}"),
        )  # fmt: skip
        register = st.selectbox(
            t("Source"), ["", *sorted(registers, key=lambda each: labels[each])], key="doubles_source",
            format_func=lambda each: f"{labels[each]} ({registers[each]:,})" if each else t("All sources"),
        )  # fmt: skip
    later: list[frozenset[str]] = st.session_state.setdefault(_LATER, [])
    found = [
        each for each in queue if country in ("", each.country_code) and (not register or register in each.registers)
    ]
    st.caption(
        t("Pairs to decide here: {count}. The most alike come first, of these the ones of which most is stated.",
          count=f"{len(found):,}")
    )  # fmt: skip
    place = {pair: number for number, pair in enumerate(later)}
    return sorted(found, key=lambda each: place.get(each.pair, -1))


def _register_labels(catalogue: Catalogue, queue: tuple[Proposal, ...]) -> dict[str, str]:
    """Return the name of the source behind each beginning of an id."""
    known = {}
    for each in queue:
        for register, id_ in zip(each.registers, (each.kept_id, each.other_id), strict=True):
            if register not in known:
                row = catalogue.row_of(id_)
                source = catalogue.table.column("source")[row].as_py()
                known[register] = source_labels().get(source, source)
    return known


def _show_pair(
    actor: Account, catalogue: Catalogue, asked: list[Proposal], waiting: list[Decision], t: Translator
) -> None:
    pair = asked[0]
    ids = (pair.kept_id, pair.other_id)
    names = (_name(catalogue, ids[0]), _name(catalogue, ids[1]))
    st.subheader(t("Are these two one centre?"), anchor=False)
    for_one, against = reasons(pair, t)
    lines = [t("Alike: **{score} of 100**.", score=f"{pair.score:.0f}")]
    if for_one:
        lines.append(t("For one centre: {reasons}.", reasons="; ".join(for_one)))
    if against:
        lines.append(t("Against, or not known: {reasons}.", reasons="; ".join(against)))
    st.markdown("  \n".join(lines))
    note = st.text_input(t("Why, if it is not plain"), key=f"doubles_note_{'_'.join(ids)}", max_chars=200)
    answers = (
        (t("One centre: keep A"), ids[0], ":material/merge:", "Alt+1"),
        (t("One centre: keep B"), ids[1], ":material/merge:", "Alt+2"),
        (t("Two centres"), "", ":material/call_split:", "Alt+3"),
    )
    with st.container(horizontal=True):
        for place, (label, keep, icon, keys) in enumerate(answers):
            if st.button(label, key=f"doubles_answer_{place}", icon=icon, shortcut=keys):
                waiting.append(decide_pair(pair, actor.name, keep, note))
                st.rerun()
        if st.button(t("Later"), key="doubles_later_button", icon=":material/schedule:", shortcut="Alt+4"):
            st.session_state[_LATER] = [*(each for each in st.session_state[_LATER] if each != pair.pair), pair.pair]
            st.rerun()
    st.caption(
        t("A is the one of which more is stated. Whichever you keep, the facts of both stay, with their sources.")
    )
    st.html(style())
    st.html(pair_html(names, (catalogue.facts(ids[0]), catalogue.facts(ids[1])), t))


def _show_waiting(actor: Account, catalogue: Catalogue, waiting: list[Decision], t: Translator) -> None:
    """Show the decisions that are not in the catalogue yet, with the way back of the last one."""
    if not waiting:
        return
    with st.container(border=True, key="doubles_waiting_box"):
        count = t.plural(
            "{count} decision waits to be put in. It is lost if this page is closed or loaded anew.",
            "{count} decisions wait to be put in. They are lost if this page is closed or loaded anew.", len(waiting),
        )  # fmt: skip
        st.markdown(f"{count}  \n{t('The last one')}: {plain(_decision_words(catalogue, waiting[-1], t))}")
        with st.container(horizontal=True):
            if st.button(t("Put them in"), key="doubles_put_in", type="primary", icon=":material/publish:"):
                _put_in(actor, waiting, t)
            if st.button(t("Take the last one back"), key="doubles_back", icon=":material/undo:", shortcut="Alt+5"):
                waiting.pop()
                st.rerun()


def _put_in(actor: Account, waiting: list[Decision], t: Translator) -> None:
    try:
        with st.spinner(t("Building the catalogue")):
            apply(default_folder(), waiting)
    except CatalogueError as error:
        st.error(t("Nothing was changed: {reason}", reason=plain(str(error))), icon=":material/error:")
        return
    for each in waiting:
        record(actor, _ACTIONS[each.kind], each.centre_id or each.undoes)
    st.session_state[_SAID] = t.plural("{count} decision was put in.", "{count} decisions were put in.", len(waiting))
    waiting.clear()
    st.rerun()


def _offer_rule(catalogue: Catalogue, queue: tuple[Proposal, ...], waiting: list[Decision], t: Translator) -> None:
    clear = [each for each in queue if each.is_clear]
    if not clear:
        return

    def show() -> None:
        st.markdown(t("One name with a word of its own, one place, and nothing against it. Look at the list first."))
        st.dataframe(
            {
                "A": [_name(catalogue, each.kept_id) for each in clear],
                "B": [_name(catalogue, each.other_id) for each in clear],
                t("Alike"): [round(each.score) for each in clear],
            },
            hide_index=True, alt=t("Pairs that the rule merges"),
        )  # fmt: skip
        if st.button(t("Merge all of these"), key="doubles_rule", icon=":material/merge:"):
            waiting.extend(merge_by_rule(clear, read_settings()))
            st.rerun()

    fold(t.plural("{count} pair is clear-cut", "{count} pairs are clear-cut", len(clear)), "doubles_clear", show)


def _show_history(
    actor: Account, catalogue: Catalogue, decided: Revisions, waiting: list[Decision], t: Translator
) -> None:
    """Show merges and pairs kept apart that stand, the newest first, each with its way back."""
    leaving = {each.undoes for each in waiting}
    standing = [each for each in reversed(decided.standing) if each.kind in ("merge", "apart")]
    by = {"": t("Everybody's"), **{each.by: by_words(each.by, t) for each in standing}}
    who = st.selectbox(t("Decided"), list(by), format_func=by.__getitem__, key="doubles_by")
    word = st.text_input(t("Words of the names"), key="doubles_words").casefold()
    worded = [(each, _decision_words(catalogue, each, t)) for each in standing if who in ("", each.by)]
    found = [(each, words) for each, words in worded if word in words.casefold() and each.id not in leaving]
    st.caption(t("{shown} of {count}", shown=str(min(_SHOWN, len(found))), count=f"{len(found):,}"))
    for each, words in found[:_SHOWN]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{plain(words)}  \n{each.at[:10]}, {plain(by_words(each.by, t))}{plain(_why(each))}")
            if st.button(t("Take back"), key=f"doubles_undo_{each.id}", icon=":material/undo:"):
                waiting.append(Decision("undo", now(), actor.name, undoes=each.id))
                st.rerun()


def _why(decision: Decision) -> str:
    return f". {decision.note}" if decision.note else ""


def _decision_words(catalogue: Catalogue, decision: Decision, t: Translator) -> str:
    if decision.kind == "undo":
        return t("taken back")
    one, other = _name(catalogue, decision.centre_id), _name(catalogue, decision.other_id)
    if decision.kind == "apart":
        return t("two centres: {one} | {other}", one=one, other=other)
    return t("one centre: {kept}, with {other}", kept=one, other=other)


def _name(catalogue: Catalogue, centre_id: str) -> str:
    """Return a centre's name, town and id; of a double that went into another, its own name."""
    try:
        row = catalogue.row_of(centre_id)
    except CatalogueError:  # its list was taken back
        return centre_id
    name, town = (catalogue.table.column(column)[row].as_py() for column in ("name", "city"))
    if centre_id in catalogue.folded:
        past = catalogue.facts(centre_id, with_past=True)
        name = next((fact.value for fact in past if fact.field == "name" and fact.about_id == centre_id), name)
    return f"{', '.join(filter(None, (name, town)))} ({centre_id})"
