"""The page Facts to check: what a curator could look at, in five lists; each line opens its centre."""

from collections import Counter
from collections.abc import Callable, Sequence

import streamlit as st

from opinion.agency.accounts import Account
from opinion.centres import queues
from opinion.centres.catalogues import Catalogue
from opinion.centres.corrections import accepted
from opinion.centres.quality.checks import facts_at_fault
from opinion.centres.quality.measures import Quality
from opinion.centres.quality.shared import shared_quality
from opinion.centres.rowsets import unpack_rows
from opinion.exchange.correction_wordings import gap_words, step_words
from opinion.exchange.quality_wordings import check_labels
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.centre_conflicts import conflict_name, show_rule
from opinion.ui.curating import decide
from opinion.ui.fact_queue_decisions import decisions_made, show_decisions
from opinion.ui.fact_queue_sources import show_overdue
from opinion.ui.fact_queue_tables import (
    ask_lines,
    centre_columns,
    choose,
    countries_of,
    country_of,
    forget,
    from_address,
    page_of,
    show_table,
)
from opinion.ui.fact_queue_words import cell_words, conflict_lines
from opinion.ui.fact_words import date_words, field_names, value_words
from opinion.ui.results import fold
from opinion.ui.said import show_said

_SAID = "queue_said"  # in the session: what was just done
_TURN = "queue_turn"  # in the session: part of the keys of tables, so that no line is ticked after a change
_MOST_SHOWN = 5  # conflicts that are ticked and said in words below
_NARROWED_BY = {
    "conflicts": ("fact", "country"), "overdue": ("source",), "wrong": ("check",), "notes": ("check",), "decided": (),
}  # fmt: skip


def show_queue(actor: Account, catalogue: Catalogue, t: Translator) -> None:
    """Show the choice of a list with how long each is, and the one that is chosen."""
    found = shared_quality(catalogue)
    st.session_state.setdefault(_TURN, 0)
    lists: dict[str, tuple[str, int, Callable[[], None]]] = {
        "conflicts": (t("Sources disagree"), len(queues.conflicts_of(catalogue)),
                      lambda: _show_conflicts(actor, catalogue, t)),
        "overdue": (t("Overdue sources"), len(found.renewals),
                    lambda: show_overdue(actor, catalogue, found.renewals, t)),
        "wrong": (t("Values that look wrong"), _count(found.quality, "valid"),
                  lambda: _show_checks(catalogue, found.quality, "valid", t)),
        "notes": (t("Worth a note"), _count(found.quality, "noted"),
                  lambda: _show_checks(catalogue, found.quality, "noted", t)),
        "decided": (t("Decided"), len(decisions_made(catalogue)),
                    lambda: _show_decided(actor, catalogue, t)),
    }  # fmt: skip
    chosen = st.segmented_control(
        t("List"), list(lists), required=True, format_func=lambda id_: f"{lists[id_][0]} ({lists[id_][1]:,})",
        **from_address("list", list(lists), "conflicts"),
    ) or "conflicts"  # fmt: skip
    forget(*({*sum(_NARROWED_BY.values(), ())} - {*_NARROWED_BY[chosen]}))
    if st.session_state.get(_SAID):
        show_said("facts", st.session_state.pop(_SAID))
    if chosen in ("conflicts", "wrong", "notes"):
        st.caption(t("Counted are facts, not centres: one centre may have several."))
    lists[chosen][2]()


def _say(words: str) -> None:
    """Have the page say what was done, when it is shown anew, with no line ticked."""
    st.session_state[_SAID] = words
    st.session_state[_TURN] += 1


def _count(quality: Quality, dimension: str) -> int:
    return sum(measure.of - measure.good for measure in quality.of(dimension))


def _show_conflicts(actor: Account, catalogue: Catalogue, t: Translator) -> None:
    st.markdown(
        t("Sources state different values. One counts, by the published rule; all stay on the centre's page. "
          "The widest gap comes first; 100 is the most. For numbers it is percent of the larger one. For places, "
          "100 stands for 100 km or more. For words, it counts how unlike their letters are.")
    )  # fmt: skip
    fold(t("How we choose where sources disagree"), "conflict_rule", lambda: show_rule(t))
    found = queues.conflicts_of(catalogue)
    fields = Counter(each.conflict.field for each in found)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        field = choose(t("Fact"), fields, field_names(t), "fact", t)
        countries = Counter(country_of(catalogue, each.row) for each in found if field in ("", each.conflict.field))
        country = choose(t("Country"), countries, country_names(t.language), "country", t)
    shown = [
        each for each in found
        if field in ("", each.conflict.field) and country in ("", country_of(catalogue, each.row))
    ]  # fmt: skip
    if not shown:
        st.info(t("Nothing is in this list."), icon=":material/check:")
        return
    page = page_of(shown, "conflicts")
    doing = st.container()  # above the table, which may be long
    rows = [each.row for each in page]
    columns = centre_columns(catalogue, rows, t, [each.conflict.field for each in page])
    # what is needed to judge comes first: a screen ends soon
    columns[t("Gap")] = [round(100 * each.gap.share) for each in page]
    columns[t("Fact")] = [conflict_name(each.conflict, t) for each in page]
    columns[t("Counts")] = [cell_words(each, 0, t) for each in page]
    columns[t("Does not count")] = [
        "; ".join(cell_words(each, place, t) for place in range(1, len(each.conflict.facts))) for each in page
    ]
    columns[t("Why")] = [step_words(each.conflict.step, t) for each in page]
    columns[t("How far apart")] = [gap_words(each.gap, t) for each in page]
    columns[t("Country")] = countries_of(catalogue, rows, t)
    columns[t("Sources")] = ["; ".join(fact.source_title for fact in each.conflict.facts) for each in page]
    alt = t("Where sources disagree, the widest gap first")
    key = f"queue_conflicts_{st.session_state[_TURN]}_{field}_{country}_{rows[0]}"
    ticked = [page[place] for place in ask_lines(columns, alt, key, t, is_low=True)]
    for each in ticked[:_MOST_SHOWN] or page[:1]:
        with st.container(border=True):
            st.markdown(conflict_lines(catalogue, each, t))
    if len(ticked) > _MOST_SHOWN:
        st.caption(t("{shown} of {count}", shown=str(_MOST_SHOWN), count=str(len(ticked))))
    with doing:
        _accept(actor, catalogue, ticked, f"{key}_note", t)


def _accept(actor: Account, catalogue: Catalogue, ticked: Sequence[queues.InConflict], key: str, t: Translator) -> None:
    """Offer to note that the conflicts that are ticked were looked at, and do so."""
    st.caption(t("Tick lines to read them in full below the table. If they may stay as they are, press the button. "
                 "They leave this list until a source states another value."))  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = t("Looked at, fine: {count}", count=str(len(ticked)))
        is_wanted = st.button(words, key="queue_accept", icon=":material/done_all:", disabled=not ticked)
        why = st.text_input(t("Why, if it is not plain"), key=key, max_chars=200, width=420) if ticked else ""
    made = [accepted(each.centre_id, each.conflict, actor.name, why) for each in ticked]
    if is_wanted and decide(actor, made, catalogue.folder, t):
        _say(
            t.plural("{count} conflict was looked at. You can take that back in the list “Decided”.",
                     "{count} conflicts were looked at. You can take that back in the list “Decided”.", len(made))
        )  # fmt: skip
        st.rerun()


def _show_decided(actor: Account, catalogue: Catalogue, t: Translator) -> None:
    taken_back = show_decisions(actor, catalogue, st.session_state[_TURN], t)
    if taken_back:
        _say(t.plural("{count} decision was taken back.", "{count} decisions were taken back.", taken_back))
        st.rerun()


def _show_checks(catalogue: Catalogue, quality: Quality, dimension: str, t: Translator) -> None:
    """Show the centres that break a check, with the value and who states it; the page Data quality counts the same."""
    if dimension == "valid":
        st.markdown(t("These can hardly be right, but may be: small islands are not on our map. "
                      "Open the centre, look the value up, and correct it or leave it."))  # fmt: skip
    else:
        st.markdown(t("These may well be right: houses of one campus share a point. Nothing has to be corrected."))
    counts = Counter({measure.id: measure.of - measure.good for measure in quality.of(dimension)})
    check = choose(t("What is found"), +counts, check_labels(t), "check", t)
    found = [
        (measure.id, int(row))
        for measure in quality.of(dimension) if check in ("", measure.id)
        for row in unpack_rows(measure.faulty)
    ]  # fmt: skip
    if not found:
        st.info(t("Nothing is in this list."), icon=":material/check:")
        return
    page, names, labels = page_of(found, dimension), field_names(t), check_labels(t)
    facts = [next(iter(facts_at_fault(catalogue, check, row, quality.day)), None) for check, row in page]
    rows = [row for _, row in page]
    columns = centre_columns(catalogue, rows, t, ["" if fact is None else fact.field for fact in facts])
    columns[t("What is found")] = [labels[check] for check, _ in page]
    columns[t("Fact")] = [None if fact is None else names.get(fact.field, fact.field) for fact in facts]
    columns[t("Value")] = [None if fact is None else value_words(fact, t) for fact in facts]
    columns[t("Country")] = countries_of(catalogue, rows, t)
    columns[t("Source")] = [None if fact is None else f"{fact.source_title}, {date_words(fact, t)}" for fact in facts]
    alt = t("Values that look wrong, by what is found") if dimension == "valid" else t("Worth a note, by what is found")
    show_table(columns, alt, f"queue_{dimension}", t)
