"""The page Facts to check: what a curator could look at, in four lists; each line opens its centre."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import streamlit as st

from opinion.centres import queues, staleness
from opinion.centres.catalogues import Catalogue
from opinion.centres.decisions import history_of, read_revisions
from opinion.centres.inputs import inputs_in
from opinion.centres.registers.adapters import ADAPTERS
from opinion.exchange.correction_wordings import doer_words, step_words
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.centre_conflicts import conflict_name, conflict_value, show_rule
from opinion.ui.corrections_view import decision_line, reasons
from opinion.ui.fact_words import date_words, field_names, refresh_words, value_words
from opinion.ui.results import fold

PAGE_ROWS = 50
_Columns = dict[str, list[Any]]


def show_queue(catalogue: Catalogue, t: Translator) -> None:
    """Show the choice of a list with how long each is, and the one that is chosen."""
    day = staleness.today()
    lists: dict[str, tuple[str, int, Callable[[], None]]] = {
        "conflicts": (t("Sources disagree"), len(queues.conflicts_of(catalogue)), lambda: _conflicts(catalogue, t)),
        "overdue": (t("Overdue sources"), len(queues.overdue_of(catalogue, day)), lambda: _overdue(catalogue, t)),
        "odd": (t("Values that look wrong"), len(queues.odd_values(catalogue, day)), lambda: _odd(catalogue, t)),
        "made": (t("Corrections made"), len(_corrections(catalogue)), lambda: _made(catalogue, t)),
    }
    chosen = st.segmented_control(
        t("List"), list(lists), default="conflicts", key="queue_list", required=True,
        format_func=lambda id_: f"{lists[id_][0]} ({lists[id_][1]:,})",
    )  # fmt: skip
    lists[chosen or "conflicts"][2]()


def _conflicts(catalogue: Catalogue, t: Translator) -> None:
    st.markdown(t("Sources state different values. One counts, by the published rule; all stay on the centre's page."))
    fold(t("How we choose where sources disagree"), "conflict_rule", lambda: show_rule(t))
    found = queues.conflicts_of(catalogue)
    fields = Counter(each.conflict.field for each in found)
    names = field_names(t)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        field = _choose(t("Fact"), fields, names, "queue_field", t)
        countries = Counter(_country(catalogue, each.row) for each in found if field in ("", each.conflict.field))
        country = _choose(t("Country"), countries, country_names(t.language), "queue_country", t)
    shown = [
        each
        for each in found
        if field in ("", each.conflict.field) and country in ("", _country(catalogue, each.row))
    ]  # fmt: skip
    if not shown:
        st.info(t("Nothing is in this list."), icon=":material/check:")
        return
    page = _page(shown, "conflicts")
    columns = _centre_columns(catalogue, [each.row for each in page], t)
    columns[t("Fact")] = [conflict_name(each.conflict, t) for each in page]
    columns[t("Counts")] = [_said(each, 0, t) for each in page]
    columns[t("Does not count")] = [
        "; ".join(_said(each, place, t) for place in range(1, len(each.conflict.facts))) for each in page
    ]
    columns[t("Why")] = [step_words(each.conflict.step, t) for each in page]
    columns[t("Country")] = _countries(catalogue, [each.row for each in page], t)
    columns[t("Sources")] = ["; ".join(fact.source_title for fact in each.conflict.facts) for each in page]
    _show(columns, t("Where sources disagree, by name of the centre"), "queue_conflicts", t)


def _said(each: queues.InConflict, place: int, t: Translator) -> str:
    fact = each.conflict.facts[place]
    return f"{conflict_value(each.conflict, fact, t)} ({date_words(fact, t)})"


def _overdue(catalogue: Catalogue, t: Translator) -> None:
    st.markdown(
        t("A newer release of these sources should be out, by their publishers' own word. Most used come first.")
    )
    found = queues.overdue_of(catalogue, staleness.today())
    if not found:
        st.info(t("Nothing is in this list."), icon=":material/check:")
        return
    _show(
        {
            t("Source"): [each.source.title for each in found],
            t("Overdue since"): [each.since.isoformat() for each in found],
            t("Centres"): [each.centres for each in found],
            t("Facts"): [each.facts for each in found],
            t("How often it is updated"): [refresh_words(each.refresh, t) for each in found],
            t("Where to get it"): [each.source.address for each in found],
            t("Centres of it"): [f"/centres?source={quote(each.source.id)}" for each in found],
        },
        t("Overdue sources, those on which most centres hang first"), "queue_overdue", t,
    )  # fmt: skip
    titles = {each.source.id: each.source.title for each in found}
    chosen = st.selectbox(t("What to do about"), list(titles), format_func=titles.__getitem__, key="queue_source")
    each = next(each for each in found if each.source.id == chosen)
    lines = [f"{plain(t(each.refresh.text))} [{t('Read there')}](<{each.refresh.address}>)"]
    adapter = ADAPTERS.get(chosen)
    if adapter:
        lines.append(
            t(
                "Get the newest file from [{publisher}](<{address}>): {files}.",
                publisher=plain(each.source.publisher),
                address=adapter.where,
                files=plain(adapter.files),
            )
        )
        lines.append(t("Then, on the server:") + f" `python -m opinion centres register {adapter.id} FILE`")
    else:
        lines.append(
            t(
                "No reader is built for this source yet. [{publisher}](<{address}>) has the newest state.",
                publisher=plain(each.source.publisher),
                address=each.source.address,
            )
        )
        lines.append(t("A list in a common form can be imported on the page Import a list."))
    st.markdown("\n".join(f"1. {line}" for line in lines))
    st.caption(t("The centres with most overdue facts of this source:"))
    most = queues.most_overdue(catalogue, chosen, staleness.today())
    page = _page(most, "overdue")
    columns = _centre_columns(catalogue, [row for row, _ in page], t)
    columns[t("Overdue facts")] = [count for _, count in page]
    columns[t("Country")] = _countries(catalogue, [row for row, _ in page], t)
    _show(columns, t("Centres with overdue facts of this source"), "queue_overdue_centres", t)


def _odd(catalogue: Catalogue, t: Translator) -> None:
    st.markdown(t("These may be right. Open the centre, look the value up, and correct it or leave it."))
    found = queues.odd_values(catalogue, staleness.today())
    if not found:
        st.info(t("Nothing is in this list."), icon=":material/check:")
        return
    words = {
        "many_beds": t("more than {most} beds", most=f"{queues.LIKELY_BEDS:,}"),
        "date_in_future": t("the date is in the future"),
        "point_zero": t("the point is 0, 0"),
        "point_swapped": t("the two numbers of the point seem swapped"),
        "point_at_sea": t("the point is in the sea, or on a small island"),
        "point_elsewhere": t("the point is in another country, or on a small island"),
        "not_a_point": t("not a point on the globe"),
    }
    names, page = field_names(t), _page(found, "odd")
    columns = _centre_columns(catalogue, [each.row for each in page], t)
    columns[t("Fact")] = [names.get(each.fact.field, each.fact.field) for each in page]
    columns[t("Value")] = [value_words(each.fact, t) for each in page]
    columns[t("What looks wrong")] = [words[each.fault] for each in page]
    columns[t("Country")] = _countries(catalogue, [each.row for each in page], t)
    columns[t("Source")] = [f"{each.fact.source_title}, {date_words(each.fact, t)}" for each in page]
    _show(columns, t("Values that look wrong, by name of the centre"), "queue_odd", t)


def _made(catalogue: Catalogue, t: Translator) -> None:
    newer = queues.superseded_corrections(catalogue)
    if newer:
        st.warning(
            t.plural("{count} correction is older than what a source states now. Look at it again.",
                     "{count} corrections are older than what a source states now. Look at them again.", len(newer)),
            icon=":material/update:",
        )  # fmt: skip
        names = field_names(t)
        columns = _centre_columns(catalogue, [each.row for each in newer], t)
        columns[t("Fact")] = [names[each.correction.field] for each in newer]
        columns[t("Corrected to")] = [
            f"{value_words(each.correction, t)} ({date_words(each.correction, t)})" for each in newer
        ]
        columns[t("A source states now")] = [
            f"{value_words(each.newer, t)} ({each.newer.source_title}, {date_words(each.newer, t)})" for each in newer
        ]
        _show(columns, t("Corrections older than what a source states now"), "queue_newer", t)
    found = _corrections(catalogue)
    if not found:
        st.info(t("No fact was corrected or set aside yet. That is done on the page of a centre."),
                icon=":material/edit:")  # fmt: skip
        return
    page = _page(found, "made")
    rows = [queues.row_or_none(catalogue, step.decision.centre_id) for step in page]
    columns = _centre_columns(catalogue, rows, t)
    columns[t("What was decided")] = [decision_line(step.decision, t) for step in page]
    columns[t("When")] = [step.decision.at[:10] for step in page]
    columns[t("By")] = [doer_words(step.decision.by, True, t) for step in page]
    columns[t("Where it was read, and why")] = ["; ".join(reasons(step.decision)) for step in page]
    columns[t("State")] = [
        t("taken back on {day} by {who}", day=step.undone_by.at[:10], who=doer_words(step.undone_by.by, True, t))
        if step.undone_by
        else t("counts")
        for step in page
    ]
    _show(columns, t("Corrections, newest first"), "queue_made", t)


def _corrections(catalogue: Catalogue) -> list[Any]:
    steps = history_of(read_revisions(inputs_in(catalogue.folder).decisions))
    return [step for step in steps if step.decision.kind in ("correct", "set_aside")]


def _choose(label: str, counts: Counter[str], names: Mapping[str, str], key: str, t: Translator) -> str:
    """Ask for one of the values counted, with how often each is there; ``""`` for any."""
    words = {id_: f"{names.get(id_, id_)} ({count:,})" for id_, count in counts.most_common()}
    chosen = st.selectbox(label, ["", *words], format_func=lambda id_: words.get(id_, t("Any")), key=key, width=260)
    return chosen if chosen in words else ""


def _page(found: Sequence[Any], name: str) -> Sequence[Any]:
    """Return one page of a list, with the way through the pages if there are several."""
    pages = -(-len(found) // PAGE_ROWS)
    number = 1
    if pages > 1:
        number = min(st.pagination(pages, key=f"queue_page_{name}"), pages)
    return found[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]


def _country(catalogue: Catalogue, row: int) -> str:
    return catalogue.countries[int(catalogue.country_of[row])]


def _centre_columns(catalogue: Catalogue, rows: Sequence[int | None], t: Translator) -> _Columns:
    """Return the columns that say of which centre each line is, and open it; empty where it is not there any more."""
    ids, titles = (catalogue.table.column(name) for name in ("centre_id", "name"))
    return {
        t("Page"): [None if row is None else f"/centre?id={quote(ids[row].as_py(), safe=':')}" for row in rows],
        t("Centre"): [None if row is None else titles[row].as_py() for row in rows],
    }


def _countries(catalogue: Catalogue, rows: Sequence[int | None], t: Translator) -> list[str | None]:
    """Return the names of countries; they come late in a table, for on a phone little more than its start is seen."""
    names = country_names(t.language)
    codes = [None if row is None else _country(catalogue, row) for row in rows]
    return [None if code is None else names.get(code, code) for code in codes]


def _show(columns: _Columns, alt: str, key: str, t: Translator) -> None:
    shape = st.column_config
    links = {
        t("Page"): shape.LinkColumn(display_text=t("Open"), width=60),
        t("Centres of it"): shape.LinkColumn(display_text=t("Show them"), width=100),
        t("Where to get it"): shape.LinkColumn(display_text=r"^https?://(?:www\.)?([^/]+)", width=180),
        t("Centre"): shape.TextColumn(width=260),
        t("Source"): shape.TextColumn(width=260),
    }
    st.dataframe(
        columns, hide_index=True, alt=alt, key=key, placeholder="",
        height="content" if len(next(iter(columns.values()))) <= PAGE_ROWS else 600,
        column_config={title: link for title, link in links.items() if title in columns},
    )  # fmt: skip
