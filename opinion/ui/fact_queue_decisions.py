"""The list of Facts to check of what curators decided about facts: what a source has overtaken, and the way back."""

import streamlit as st

from opinion.agency.accounts import Account
from opinion.centres import queues
from opinion.centres.catalogues import Catalogue
from opinion.centres.corrections import taken_back
from opinion.centres.decisions import Step, history_of, read_revisions
from opinion.centres.inputs import inputs_in
from opinion.exchange.correction_wordings import doer_words
from opinion.texts.translations import Translator
from opinion.ui.corrections_view import decision_line, reasons
from opinion.ui.curating import decide
from opinion.ui.fact_queue_tables import ask_lines, centre_columns, page_of, show_table
from opinion.ui.fact_words import date_words, field_names, value_words


def decisions_made(catalogue: Catalogue) -> list[Step]:
    """Return what curators decided about facts, the newest first; doubles are on a page of their own."""
    steps = history_of(read_revisions(inputs_in(catalogue.folder).decisions))
    return [step for step in steps if step.decision.kind in ("correct", "set_aside", "accept")]


def show_decisions(actor: Account, catalogue: Catalogue, turn: int, t: Translator) -> int:
    """Show the decisions; return how many were taken back. ``turn``: part of the key of the table."""
    _show_overtaken(catalogue, t)
    found = decisions_made(catalogue)
    if not found:
        st.info(t("Nothing was decided about a fact yet. That is done on the page of a centre, or in these lists."),
                icon=":material/edit:")  # fmt: skip
        return 0
    page = page_of(found, "decided")
    doing = st.container()  # above the table, which may be long
    rows = [queues.row_or_none(catalogue, step.decision.centre_id) for step in page]
    columns = centre_columns(catalogue, rows, t)
    columns[t("What was decided")] = [decision_line(catalogue, step.decision, t) for step in page]
    columns[t("State")] = [
        t("taken back on {day} by {who}", day=step.undone_by.at[:10], who=doer_words(step.undone_by.by, True, t))
        if step.undone_by
        else t("counts")
        for step in page
    ]
    columns[t("When")] = [step.decision.at[:10] for step in page]
    columns[t("By")] = [doer_words(step.decision.by, True, t) for step in page]
    columns[t("Where it was read, and why")] = ["; ".join(reasons(step.decision)) for step in page]
    places = ask_lines(columns, t("What was decided, newest first"), f"queue_decided_{turn}_{len(found)}", t)
    ticked = [page[place].decision.id for place in places if page[place].undone_by is None]
    with doing:
        st.caption(t("Tick what is to be taken back. What a source states was never changed, and counts again then."))
        words = t("Take back: {count}", count=str(len(ticked)))
        if not st.button(words, key="queue_take_back", icon=":material/undo:", disabled=not ticked):
            return 0
        is_done = decide(actor, [taken_back(id_, actor.name) for id_ in ticked], catalogue.folder, t)
        return len(ticked) if is_done else 0


def _show_overtaken(catalogue: Catalogue, t: Translator) -> None:
    newer = queues.superseded_corrections(catalogue)
    if not newer:
        return
    st.warning(
        t.plural("{count} correction is older than what a source states now. Look at it again.",
                 "{count} corrections are older than what a source states now. Look at them again.", len(newer)),
        icon=":material/update:",
    )  # fmt: skip
    names = field_names(t)
    columns = centre_columns(catalogue, [each.row for each in newer], t, [each.correction.field for each in newer])
    columns[t("Fact")] = [names[each.correction.field] for each in newer]
    columns[t("Corrected to")] = [
        f"{value_words(each.correction, t)} ({date_words(each.correction, t)})" for each in newer
    ]
    columns[t("A source states now")] = [
        f"{value_words(each.newer, t)} ({each.newer.source_title}, {date_words(each.newer, t)})" for each in newer
    ]
    show_table(columns, t("Corrections older than what a source states now"), "queue_newer", t)
