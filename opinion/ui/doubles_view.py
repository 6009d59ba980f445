"""The page Doubles: pairs that may be one centre, one at a time, decided by a curator.

A decision is kept at once, for all curators, and waits to be put into the catalogue with others, in one step: building
it takes seconds, and nobody should wait for it after each pair. All after the guard, no callbacks.
"""

from collections.abc import Sequence

import streamlit as st

from opinion.agency import audits
from opinion.agency.accounts import Account
from opinion.agency.stores import shared_store
from opinion.centres.catalogues import Catalogue
from opinion.centres.decisions import Revisions, read_revisions, revisions
from opinion.centres.doubles.judgements import judge
from opinion.centres.doubles.queues import (
    Proposal,
    decide_pair,
    gone_along,
    older_first,
    read_proposals,
    undecided,
)
from opinion.centres.imports.drafts import LIST
from opinion.centres.inputs import Inputs, default_folder, inputs_in, read_about
from opinion.centres.waiting_decisions import (
    WaitingDecision,
    add_waiting,
    decided_about,
    put_in_waiting,
    read_waiting,
    take_back_waiting,
)
from opinion.errors import CatalogueError
from opinion.exchange.correction_wordings import taking_back_label
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain, source_labels
from opinion.ui.centre_conflicts import show_rule
from opinion.ui.choices import told_apart
from opinion.ui.curating import record
from opinion.ui.doubles_history import show_clear_cut, show_decided, show_waiting
from opinion.ui.doubles_table import pair_html, style
from opinion.ui.doubles_words import along_words, centre_words, decision_words, reasons
from opinion.ui.results import fold
from opinion.ui.said import show_said

COUNTRY, SOURCE = "doubles_country", "doubles_source"  # the filters' keys; in the address without "doubles_"
_PAIR = "doubles_pair"  # in the session: the ids of the pair that is shown
_LATER = "doubles_later"  # in the session: pairs that are put off, the last one last
_SAID = "doubles_said"  # in the session: what was just put in
_ALL = "doubles_all"  # in the session: that the filters are to be taken off
_PUT_OFF = "doubles_put_off"  # in the session: that the last thing done was to put a pair off
_ACTIONS = {"merge": "centres_merged", "apart": "centres_kept_apart", "undo": "decision_undone"}


def show_doubles(actor: Account, catalogue: Catalogue, t: Translator) -> None:
    """Show the queue, what waits to be put in, and the history."""
    inputs = inputs_in()
    waiting = read_waiting(default_folder())
    decided = read_revisions(inputs.decisions)
    known = revisions((*decided.history, *(each.decision for each in waiting)))
    with st.spinner(t("Looking for pairs")):  # some seconds, once for each state of the lists
        proposals = read_proposals(inputs)
        queue = undecided(proposals, known)
    along = gone_along(proposals, queue, [each.decision for each in waiting], known)
    if st.session_state.get(_SAID):
        show_said("doubles", st.session_state.pop(_SAID))
    st.html(style())
    asked = _ask_which(actor, catalogue, queue, waiting, along, t)
    if asked:
        _show_pair(actor, catalogue, asked, lists_in(inputs), known, waiting, t)
    else:
        _show_none_left(queue, t)
        _show_last(actor, catalogue, decided, waiting, t)
    show_clear_cut(actor, catalogue, [each for each in asked if each.is_clear], t)
    if waiting:
        label = t.plural("{count} decision waits", "{count} decisions wait", len(waiting))
        fold(label, "doubles_waiting", lambda: show_waiting(actor, catalogue, decided, waiting, t))
    country, register = st.session_state[COUNTRY], st.session_state[SOURCE]
    fold(t("What was decided"), "doubles_history",
         lambda: show_decided(actor, catalogue, decided, waiting, country, register, t))  # fmt: skip
    fold(t("How we choose where sources disagree"), "doubles_rule", lambda: show_rule(t))


def lists_in(inputs: Inputs) -> tuple[str, ...]:
    """Return the sources of the imports, which their ids begin with, the oldest first."""
    return tuple(dict.fromkeys(read_about(folder)["source"]["id"] for folder in inputs.imports))


def _ask_which(
    actor: Account,
    catalogue: Catalogue,
    queue: tuple[Proposal, ...],
    waiting: list[WaitingDecision],
    along: tuple[Proposal, ...],
    t: Translator,
) -> list[Proposal]:
    """Ask for country and source, and offer to put in what waits; return what is asked for, what was put off last.

    Both stand in the address, so that a page can lead here and a reload keeps them. What has no pair left stays chosen.
    ``along``: pairs that went with what waits.
    """
    names = country_names(t.language)
    labels = _register_labels(catalogue, queue)
    for key, known in ((COUNTRY, names), (SOURCE, labels)):
        if key not in st.session_state:
            given = st.query_params.get(key.removeprefix("doubles_"), "")
            st.session_state[key] = given if given in known else ""
        if st.session_state.get(_ALL):
            st.session_state[key] = ""
    st.session_state.pop(_ALL, None)
    country, register = st.session_state[COUNTRY], st.session_state[SOURCE]
    # no numbers in the labels: Streamlit knows a choice by its label, and forgets one whose label has changed
    countries = {each.country_code for each in queue if not register or register in each.registers}
    registers = {each for pair in queue if country in ("", pair.country_code) for each in pair.registers}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        codes = sorted(countries | {country} - {""}, key=lambda code: names.get(code, code))
        country = st.selectbox(
            t("Country"), ["", *codes], key=COUNTRY,
            format_func=lambda code: names.get(code, code) or t("All countries"),
        )  # fmt: skip
        ids = sorted(registers | {register} - {""}, key=labels.__getitem__)
        register = st.selectbox(
            t("Source"), ["", *ids], key=SOURCE, format_func=lambda each: labels.get(each, "") or t("All sources")
        )
        label = t.plural("Put in {count} decision", "Put in {count} decisions", len(waiting))
        is_wanted = st.button(label, key="doubles_put_in", type="primary", icon=":material/publish:",
                              disabled=not waiting)  # fmt: skip
    for key, value in ((COUNTRY, country), (SOURCE, register)):
        name = key.removeprefix("doubles_")
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]
    if is_wanted:
        _put_in(actor, len(along), t)
    found, went = (
        [each for each in some if country in ("", each.country_code) and (not register or register in each.registers)]
        for some in (queue, along)
    )
    said = [t("Pairs to decide here: {count}, the most alike first.", count=f"{len(found):,}")]
    if register and found:
        # the page of imports counts these, and one may stand in several pairs
        own = {id_ for each in found for id_, of in zip(each.listed_ids, each.registers, strict=True) if of == register}
        said.append(
            t.plural("They are about {count} centre of this source.", "They are about {count} centres of this source.",
                     len(own))
        )  # fmt: skip
    if went:
        said.append(along_words(len(went), t))
    said.append(t("Decisions are kept at once, also when you close this page. They count when they are put in."))
    st.caption(" ".join(said))
    place = {pair: number for number, pair in enumerate(st.session_state.setdefault(_LATER, []))}
    return sorted(found, key=lambda each: place.get(each.pair, -1))


def _register_labels(catalogue: Catalogue, queue: tuple[Proposal, ...]) -> dict[str, str]:
    """Return the name of the source behind each beginning of an id; that of a list is the id of its source."""
    known = {id_: source_labels().get(id_, id_) for id_ in catalogue.sources() if id_.startswith(LIST)}
    sources = catalogue.table.column("source")
    for each in queue:
        for register, id_ in zip(each.registers, each.listed_ids, strict=True):
            if register not in known:
                # a double that went into another stands in that one's row
                source = "" if id_ in catalogue.folded else sources[catalogue.row_of(id_)].as_py()
                known |= {register: source_labels().get(source, source)} if source else {}
    registers = (*known, *(part for pair in queue for part in pair.registers))
    return told_apart({each: known.get(each, each) for each in registers}, str)


def _show_none_left(queue: tuple[Proposal, ...], t: Translator) -> None:
    if not queue:
        st.info(t("No pair is left to decide."), icon=":material/check:")
        return
    st.info(t("No pair is left for this country and source."), icon=":material/check:")
    words = t.plural("Show the other pair", "Show the other {count} pairs", len(queue))
    if st.button(words, key="doubles_show_all", icon=":material/filter_alt_off:"):
        st.session_state[_ALL] = True
        st.rerun()


def _show_pair(
    actor: Account,
    catalogue: Catalogue,
    asked: list[Proposal],
    lists: Sequence[str],
    known: Revisions,
    waiting: list[WaitingDecision],
    t: Translator,
) -> None:
    before = st.session_state.get(_PAIR)
    pair = next((each for each in asked if each.pair == before), asked[0])
    # a click is about the pair that was shown: somebody else may have decided it while it was looked at
    is_shown = before in (None, pair.pair)
    st.session_state[_PAIR] = pair.pair
    # as it is decided, and as it is shown: A is always what was there first
    proposed, pair = pair, older_first(pair, lists)
    ids = (pair.kept_id, pair.other_id)
    st.subheader(t("Are these two one centre?"), anchor=False)
    meanwhile = decided_about(before, known) if before and not is_shown else None
    if meanwhile and meanwhile.by != actor.name:
        words = decision_words(catalogue, meanwhile, known, t)
        st.info(t("{who} has decided the pair before meanwhile: {words}.", who=plain(meanwhile.by), words=plain(words)),
                icon=":material/group:")  # fmt: skip
    _show_names(catalogue, pair, t)
    for_one, against = reasons(pair, t)
    lines = [t("Alike: **{score} of 100**.", score=f"{pair.score:.0f}")]
    if for_one:
        lines.append(t("For one centre: {reasons}", reasons=" · ".join(for_one)))
    if against:
        lines.append(t("Against, or not known: {reasons}", reasons=" · ".join(against)))
    st.markdown("  \n".join(lines))
    note = st.text_input(t("Why, if it is not plain"), key=f"doubles_note_{'_'.join(ids)}", max_chars=200)
    answers = (
        (t("One centre: keep A"), ids[0], ":material/merge:", "Alt+1"),
        (t("One centre: keep B"), ids[1], ":material/merge:", "Alt+2"),
        (t("Two centres"), "", ":material/call_split:", "Alt+3"),
    )
    with st.container(horizontal=True):
        for place, (label, keep, icon, keys) in enumerate(answers):
            if st.button(label, key=f"doubles_answer_{place}", icon=icon, shortcut=keys) and is_shown:
                if add_waiting(default_folder(), [decide_pair(proposed, actor.name, keep, note)], actor.name):
                    st.session_state[_PAIR] = None
                _go_on(pair.pair, put_off=False)
        if st.button(t("Later"), key="doubles_later_button", icon=":material/schedule:", shortcut="Alt+4") and is_shown:
            st.session_state[_PAIR] = None
            _go_on(pair.pair, put_off=True)
    _show_last(actor, catalogue, known, waiting, t)
    st.caption(
        t("“Keep A”: name, town and type stay as A has them, and what A lacks comes from B. The facts of both stay, "
          "with sources. Where they disagree, also on website and point, the published rule below decides.")
    )  # fmt: skip
    heads = (centre_words(catalogue, ids[0]), centre_words(catalogue, ids[1]))
    st.html(pair_html(heads, (catalogue.facts(ids[0]), catalogue.facts(ids[1])), pair, judge(pair), t))


def _show_names(catalogue: Catalogue, pair: Proposal, t: Translator) -> None:
    """Show which two are asked about, each with its page; and who was compared, if that one stands under it now."""
    for letter, id_, listed, place in zip(
        "AB", (pair.kept_id, pair.other_id), pair.listed_ids, st.columns(2), strict=True
    ):
        lines = [f"**{letter}** &nbsp; [{plain(centre_words(catalogue, id_))}](</centre?id={id_}>)"]
        if listed != id_:
            name = plain(centre_words(catalogue, listed))
            lines.append(":small[" + t("Compared was its double: {name}", name=name) + "]")
        place.markdown("  \n".join(lines))


def _go_on(pair: frozenset[str], put_off: bool) -> None:
    """Go on to the next pair; one that is ``put_off`` comes last."""
    others = [each for each in st.session_state[_LATER] if each != pair]
    st.session_state[_LATER] = [*others, pair] if put_off else others
    st.session_state[_PUT_OFF] = put_off
    st.rerun()


def _show_last(
    actor: Account, catalogue: Catalogue, known: Revisions, waiting: list[WaitingDecision], t: Translator
) -> None:
    """Show what this curator has just done, with its way back; the line is there before, so that nothing moves."""
    own = [each for each in waiting if each.account == actor.name]
    later = st.session_state[_LATER]
    put_off = bool(later) and st.session_state.get(_PUT_OFF, False)
    words, label = t("Nothing of yours waits to be put in."), t("Take back")
    if put_off:
        words = t("Put off, comes last: {one} | {other}", **_named(catalogue, later[-1]))
    elif own:
        words = t("You decided: {words}", words=decision_words(catalogue, own[-1].decision, known, t))
        label = taking_back_label(own[-1].decision, known.history, t)
        if own[-1].decision.kind == "undo":
            words += ". " + t("It counts when it is put in: then the pair is asked about again.")
    with st.container(horizontal=True, vertical_alignment="center", key="doubles_last"):
        is_wanted = st.button(label, key="doubles_back", icon=":material/undo:", shortcut="Alt+5",
                              disabled=not (put_off or own))  # fmt: skip
        st.markdown(plain(words))
    if not is_wanted:
        return
    if put_off:
        st.session_state[_PAIR] = later.pop()
    else:
        taken = take_back_waiting(default_folder(), actor.name, own[-1].decision.id)
        if taken:
            st.session_state[_PAIR] = frozenset((taken.decision.centre_id, taken.decision.other_id))
    st.session_state[_PUT_OFF] = False
    st.rerun()


def _named(catalogue: Catalogue, pair: frozenset[str]) -> dict[str, str]:
    one, other = sorted(pair)
    return {"one": centre_words(catalogue, one), "other": centre_words(catalogue, other)}


def _put_in(actor: Account, along: int, t: Translator) -> None:
    """Put in what waits. ``along``: how many pairs go with it."""
    try:
        with st.spinner(t("Building the catalogue")):
            done = put_in_waiting(default_folder())
    except CatalogueError as error:
        st.error(t("Nothing was changed: {reason}", reason=plain(str(error))), icon=":material/error:")
        return
    for each in done:
        action, about = _ACTIONS[each.decision.kind], each.decision.centre_id or each.decision.undoes
        audits.record(shared_store(), f"account:{each.account}", action, about)
        if each.account != actor.name:
            record(actor, "decision_put_in", each.decision.id)
    said = [t.plural("{count} decision was put in.", "{count} decisions were put in.", len(done))]
    if along and done:
        said.append(along_words(along, t))
    st.session_state[_SAID] = " ".join(said)
    st.session_state[_PUT_OFF] = False
    st.rerun()
