"""Two to four centres side by side. The address holds the whole view: centres, town, whether sources are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.comparisons import FEWEST_COMPARED, MOST_COMPARED, Comparison, compare, ids_in, is_known
from opinion.centres.facets import select
from opinion.centres.filters import Filters
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import workbench
from opinion.ui.choices import told_apart
from opinion.ui.chosen_town import ask_town, chosen_town
from opinion.ui.comparison_table import table_html
from opinion.ui.comparison_words import comparison_as_csv
from opinion.ui.saved_views import link_to

STYLE = Path(__file__).with_name("comparison.css")
_LONGEST_QUERY = 2000
_MOST_FOUND = 6
_CHOSEN, _FIND, _SOURCES = "compare_centres", "compare_find", "compare_sources"  # keys of the widgets


@dataclass(frozen=True)
class Asked:
    """What an address asks for: the centres to compare, and what in it cannot be (unknown ids, those too many)."""

    centre_ids: tuple[str, ...]
    twice: tuple[str, ...]
    unknown: tuple[str, ...]
    too_many: tuple[str, ...]


def read_asked(catalogue: Catalogue) -> Asked:
    """Return what the address asks for."""
    given = ids_in(",".join(st.query_params.get_all("id"))[:_LONGEST_QUERY])
    each = dict.fromkeys(given)
    known = [id_ for id_ in each if is_known(catalogue, id_)]
    return Asked(
        centre_ids=tuple(known[:MOST_COMPARED]),
        twice=tuple(id_ for id_ in each if given.count(id_) > 1),
        unknown=tuple(id_ for id_ in each if id_ not in known),
        too_many=tuple(known[MOST_COMPARED:]),
    )


def show_problems(catalogue: Catalogue, asked: Asked, t: Translator) -> None:
    """Say what of the address cannot be compared, and what to do."""
    names = _names(catalogue, (*asked.centre_ids, *asked.too_many), t)
    if asked.unknown:
        gone = words.plain(", ".join(asked.unknown)[:200])
        st.warning(
            t("These are not in the catalogue. They may have left it, or the link is incomplete: {ids}.", ids=gone),
            icon=":material/search_off:",
        )
    if asked.twice:
        again = words.plain("; ".join(names.get(id_, id_) for id_ in asked.twice)[:200])
        st.info(t("The address names this twice; it stands here once: {names}.", names=again),
                icon=":material/content_copy:")  # fmt: skip
    if asked.too_many:
        left = words.plain("; ".join(names[id_] for id_ in asked.too_many)[:400])
        st.warning(
            t("At most {most} centres stand side by side. Left out: {names}. To see one of them, take another away.",
              most=MOST_COMPARED, names=left), icon=":material/filter_4:",
        )  # fmt: skip


def show_choice(catalogue: Catalogue, asked: Asked, t: Translator) -> None:
    """Show the centres compared, with ways to take one away, or to add one of the shortlist or by its name."""
    chosen = list(asked.centre_ids)
    held = [id_ for id_ in workbench.shortlist() if id_ not in chosen and is_known(catalogue, id_)]
    names = _names(catalogue, (*chosen, *held), t)
    with st.container(key="compare_choice"):
        st.session_state[_CHOSEN] = chosen
        st.multiselect(
            t("Centres compared"), [*chosen, *held], format_func=names.__getitem__, key=_CHOSEN, on_change=_keep_chosen,
            max_selections=MOST_COMPARED, select_all=False, placeholder=t("Choose from your shortlist"),
            help=t("The list also offers the centres of your shortlist. Press × to take one away."),
        )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="bottom"):
            full = len(chosen) >= MOST_COMPARED
            st.text_input(
                t("Add a centre by its name"), key=_FIND, max_chars=100, type="search", disabled=full, width=320,
                placeholder=t("Take one away first") if full else t("Part of a name or town, then Enter"),
            )  # fmt: skip
            ask_town(True, t)
        if not full:
            _show_found(catalogue, chosen, t)


def _show_found(catalogue: Catalogue, chosen: Sequence[str], t: Translator) -> None:
    """Show the centres with the name that is looked for, each with a button to add it."""
    written = st.session_state.get(_FIND, "").strip()
    if not written:
        return
    found = select(catalogue, Filters(text=written))
    ids = [str(catalogue.table.column("centre_id")[row]) for row in found.page(0, _MOST_FOUND + len(chosen)).tolist()]
    new = [id_ for id_ in ids if id_ not in chosen][:_MOST_FOUND]
    if not new:
        st.info(t("No centre is written “{text}”. Try a part of its name, or its town.", text=words.plain(written)),
                icon=":material/search_off:")  # fmt: skip
    elif found.match and found.match.nearly:
        st.caption(t("No centre is written “{text}”. Shown is what is written nearly so.", text=words.plain(written)))
    with st.container(horizontal=True):
        for id_, name in _names(catalogue, new, t, with_country=True).items():
            st.button(words.plain(name), key=f"compare_add_{id_}", icon=":material/add:", on_click=_add, args=(id_,))
    if found.count > len(new) and new:
        st.caption(t.plural("{count} centre is found: write more of the name if yours is not among these.",
                            "{count} centres are found: write more of the name if yours is not among these.",
                            found.count))  # fmt: skip


def show_too_few(asked: Asked, t: Translator) -> None:
    """Say that there is nothing to compare yet, and lead to the centres."""
    said = (
        t("One centre is chosen. Add at least one more above: by its name, or from your shortlist.")
        if asked.centre_ids
        else t("Choose two to {most} centres above: by name, or from your shortlist.", most=MOST_COMPARED)
    )
    st.info(said, icon=":material/compare:")
    st.page_link("../../pages/centres.py", label=t("To the list of centres"), icon=":material/list:")


def show_comparison(catalogue: Catalogue, asked: Asked, t: Translator) -> None:
    """Show the table, and the ways to take it along: paper, file, link, other programs."""
    comparison = compare(catalogue, asked.centre_ids, chosen_town(True))
    st.session_state[_SOURCES] = with_sources = "sources" in st.query_params
    st.toggle(t("Show sources and dates"), key=_SOURCES, on_change=_keep_sources)
    st.html(STYLE)
    link = link_to(st.query_params.to_dict())
    st.html(table_html(catalogue, comparison, link, with_sources, t))
    _show_ways_out(catalogue, comparison, link, t)


def _show_ways_out(catalogue: Catalogue, comparison: Comparison, link: str, t: Translator) -> None:
    asked = {"id": ",".join(comparison.centre_ids), "near": str(comparison.town.id) if comparison.town else ""}
    query = urlencode({key: value for key, value in asked.items() if value}, safe=":,")
    with st.container(key="compare_ways_out"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                "CSV", lambda: comparison_as_csv(catalogue, comparison, t), "comparison.csv", "text/csv",
                on_click="ignore", icon=":material/download:", key="save_comparison",
            )  # fmt: skip
            new = [id_ for id_ in comparison.centre_ids if id_ not in workbench.shortlist()]
            st.button(
                t("Keep these on my shortlist"), key="keep_compared", icon=":material/playlist_add:",
                on_click=workbench.keep_centres, args=(new,), disabled=not new,
            )  # fmt: skip
            # page.js opens the browser's own dialogue
            st.button(t("Print"), key="print_page", icon=":material/print:", help=t("It fits a landscape page."))
        st.markdown(t("The link to this comparison, for a colleague:"))
        st.code(link, language=None, wrap_lines=True)
        st.caption(
            t("For other programs: [JSON]({json}) · [CSV]({csv}) · [how it works]({about})",
              json=f"/api/v1/compare?{query}", csv=f"/api/v1/compare?{query}&format=csv",
              about="/api/v1/openapi.json")
        )  # fmt: skip


def can_compare(asked: Asked) -> bool:
    """Say whether there are enough centres to compare."""
    return len(asked.centre_ids) >= FEWEST_COMPARED


def _names(catalogue: Catalogue, ids: Sequence[str], t: Translator, with_country: bool = False) -> dict[str, str]:
    """Return name and town of each centre; its id too where two would read the same."""
    rows = np.array([catalogue.row_of(id_) for id_ in ids], dtype=np.intp)
    countries = country_names(t.language)
    page = catalogue.page(rows, ("name", "city", "country_code"))
    names = [
        ", ".join(filter(None, (name, town, countries.get(code, code) if with_country else "")))
        for name, town, code in page.itertuples(index=False, name=None)
    ]
    return told_apart(dict(zip(ids, names, strict=True)), str)


def _keep_chosen() -> None:
    _ask_for(st.session_state[_CHOSEN])


def _add(centre_id: str) -> None:
    _ask_for([*st.session_state.get(_CHOSEN, []), centre_id])
    st.session_state[_FIND] = ""


def _ask_for(ids: Sequence[str]) -> None:
    if ids:
        st.query_params["id"] = ",".join(ids)
    else:
        st.query_params.pop("id", None)


def _keep_sources() -> None:
    if st.session_state[_SOURCES]:
        st.query_params["sources"] = "1"
    else:
        st.query_params.pop("sources", None)
