"""The ranked centres of a coordinator's case: a table with points, why and why not, weights, shortlist, files."""

from typing import Any

import pyarrow as pa
import streamlit as st

from opinion.centres.focuses import SPECIALISED
from opinion.exchange.match_wordings import (
    against_words,
    conflict_words,
    coverage_words,
    empty_words,
    far_words,
    is_far,
    must_words,
    note_words,
    part_words,
    place_words,
    questions_to_ask,
    reason_words,
    relaxation_words,
    score_words,
    unknown_words,
    withheld_words,
)
from opinion.exchange.tables import csv_of
from opinion.matching.cases import Case
from opinion.matching.explanations import Match
from opinion.matching.places import town_of
from opinion.matching.rankings import SHORT, Ranking, rank
from opinion.matching.weights import LARGEST_FACTOR, load_rules
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import case_match, workbench
from opinion.ui.browsing import say_equipment_coverage
from opinion.ui.browsing_address import centre_addresses
from opinion.ui.browsing_words import focus_word, plain
from opinion.ui.catalogue import shared_catalogue
from opinion.ui.match_case import ROUND, WEIGHTS, relax
from opinion.ui.results import fold
from opinion.ui.saved_views import link_to
from opinion.ui.where_view import show_order

ROWS = 25
LOOKED_BACK = 200  # places under our own weights that a change of place is told for
MOST_IN_FILE = 500  # centres of each list
SHOWN = "match_rows"  # in the session: how many rows are shown
MOST_SHOWN = 5  # ticked rows that are explained


def show_case_missing(problems: list[str], t: Translator) -> None:
    """Say what the case still needs, or what is wrong with it."""
    if problems:
        st.error("\n".join(f"- {plain(problem)}" for problem in problems), icon=":material/error:")
    else:
        st.info(t("Choose a disease area in the sidebar. Then centres are listed here."), icon=":material/info:")


def show_ranking(case: Case, t: Translator) -> None:
    """Show the centres for a case with all that belongs to them."""
    show_weights(t)
    weights = dict(st.session_state.get(WEIGHTS, {}))
    rows = int(st.session_state.get(SHOWN, ROWS))
    found = rank(shared_catalogue(), case, weights, limit=rows)
    if found.withheld:
        st.warning(withheld_words(found, t), icon=":material/alarm:")
        return
    covered = coverage_words(found, t)
    if covered:
        st.info(" ".join(covered), icon=":material/info:")
    for warning in filter(None, (conflict_words(case, t), far_words(found, t))):
        st.warning(plain(warning), icon=":material/info:")
    before = _places(case) if weights else {}
    st.markdown(t.plural("**{count} centre** is known to fit.", "**{count} centres** are known to fit.", found.count))
    _show_relaxing(found, t)
    if case.equipment or case.equipment_nice:
        say_equipment_coverage(shared_catalogue(), t)
    # whoever is near may still be asked before somebody goes to the other end of the world
    if is_far(found):
        _show_to_ask(found, case, t)
    if found.centres:
        st.caption(_order_words(found, t))
        _show_table(found.centres, "match_list", before, case, t)
        if found.count > len(found.centres) and st.button(t("Show 25 more"), key="match_more"):
            st.session_state[SHOWN] = rows + ROWS
            st.rerun()
    if not is_far(found):
        _show_to_ask(found, case, t)
    _show_file(case, weights, t)
    st.caption("  \n".join(note_words(found, t)))
    st.caption(t("The points are ours. No clinician has reviewed them."))
    show_order(t)
    st.page_link("../../pages/sources.py", label=t("Where the facts come from"), icon=":material/menu_book:")


def _order_words(found: Ranking, t: Translator) -> str:
    first = t("Who specialises in the disease comes first, then who offers it.")
    if found.home_first:
        return f"{first} {t('Among them, centres at home come first. Then the points count.')}"
    return f"{first} {t('Among them, the points count.')}"


def _show_to_ask(found: Ranking, case: Case, t: Translator) -> None:
    """Show the centres to be asked, folded unless few are known to fit, or nobody near."""
    if found.to_ask:
        label = t.plural("Ask them first: {count} centre", "Ask them first: {count} centres", found.to_ask_count)
        unfolded = found.count < SHORT or is_far(found)
        fold(label, "match_to_ask", lambda: _show_table(found.to_ask, "match_ask_list", {}, case, t), unfolded)


def _show_relaxing(found: Ranking, t: Translator) -> None:
    """Show for a short list what it means, and a button for each single wish without which it would be longer."""
    lines = empty_words(found, t, with_wishes=False)
    if lines:
        st.markdown("  \n".join(lines))
    if not found.relaxations:
        return
    with st.container(horizontal=True):
        for place, one in enumerate(found.relaxations):
            st.button(
                plain(relaxation_words(one, t)), key=f"match_relax_{place}", icon=":material/remove_circle:",
                on_click=relax, args=(one.wish, one.values), help=t("Take this wish back."),
            )  # fmt: skip


def _places(case: Case) -> dict[str, int]:
    """Return the place of each of the first centres under our own weights."""
    found = rank(shared_catalogue(), case, limit=LOOKED_BACK)
    return {match.centre_id: place for place, match in enumerate(found.centres, 1)}


def show_weights(t: Translator) -> None:
    """Show a slider for the points of each part; the list follows at once."""

    def show() -> None:
        chosen, round_ = {}, st.session_state.get(ROUND, 0)
        held = st.session_state.get(WEIGHTS, {})
        columns = st.columns(2)
        for place, part in enumerate(load_rules().parts.values()):
            with columns[place % 2]:
                points = st.slider(
                    t(part.label), 0.0, part.points * LARGEST_FACTOR, float(held.get(part.id, part.points)),
                    step=part.points / 4, format="%.4g", help=t(part.text), key=f"match_weight_{part.id}_{round_}",
                )  # fmt: skip
            if points != part.points:
                chosen[part.id] = points
        st.button(t("Back to our weights"), key="match_reset", disabled=not chosen, on_click=_reset)
        if chosen != held:
            st.session_state[WEIGHTS] = chosen
            st.rerun()

    # one label always: with another the part would be a new one, and shut
    fold(t("Weights"), "match_weights", show)
    if st.session_state.get(WEIGHTS):
        st.caption(t("The weights are changed. “Moved” says how many places a centre went up or down."))


def _reset() -> None:
    st.session_state[WEIGHTS] = {}
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _show_table(matches: tuple[Match, ...], key: str, before: dict[str, int], case: Case, t: Translator) -> None:
    columns, shapes = _columns(matches, before, t)
    event: Any = st.dataframe(
        pa.table(columns), hide_index=True, height="content", key=key, on_select="rerun", selection_mode="multi-row",
        column_config=shapes, placeholder=t("not known"),
        alt=t("Centres in order, with their points. An empty cell means: not known."),
    )  # fmt: skip
    ticked = [matches[row] for row in event.selection.rows if row < len(matches)]
    ids = [match.centre_id for match in ticked]
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            t("Keep on the shortlist"), key=f"{key}_keep", disabled=not ids, icon=":material/playlist_add:"
        ):  # fmt: skip
            workbench.keep_centres(ids)
            st.toast(t("Kept on the shortlist."), icon=":material/check:")
        case_match.show_attaching(ids, key, t)
        if st.button(
            t("Compare"), key=f"{key}_compare", disabled=not 2 <= len(ids) <= 4, icon=":material/compare:"
        ):  # fmt: skip
            town = town_of(case)  # a town and centres name no patient
            near = {"near": str(town.id)} if town else {}
            st.switch_page("../../pages/compare.py", query_params={"id": ",".join(ids)} | near)
        if not ids:
            st.caption(t("Tick rows to see why, to keep or to compare (2 to 4). By keyboard: Shift and Space."))
    for match in ticked[:MOST_SHOWN] or matches[:1]:
        _show_why(match, t)


def _columns(
    matches: tuple[Match, ...], before: dict[str, int], t: Translator
) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Return the cells and the shapes of the columns, by title."""
    countries, most = country_names(t.language), matches[0].highest
    shape, score = st.column_config, t("Score of {most}", most=f"{most:.0f}")
    columns: dict[str, list[Any]] = {
        t("Page"): centre_addresses([match.centre_id for match in matches]),
        t("Place"): list(range(1, len(matches) + 1)),
    }
    if before:
        moved = [
            before[match.centre_id] - place if match.centre_id in before else None
            for place, match in enumerate(matches, 1)
        ]
        columns[t("Moved")] = [None if places is None else f"{places:+d}" if places else "=" for places in moved]
    columns[t("Name")] = [match.name for match in matches]
    columns[t("Town")] = [match.city or None for match in matches]
    columns[t("Country")] = [countries[match.country_code] for match in matches]
    columns[t("The disease")] = [_stands_for(match, t) for match in matches]
    far = [None if match.km_from_city is None else round(match.km_from_city) for match in matches]
    if any(km is not None for km in far):  # without the doctor's city there are none
        columns[t("km")] = far
    columns[score] = [round(match.score, 1) for match in matches]
    # narrow enough for a screen of 1,280 points beside the sidebar
    shapes = {
        t("Page"): shape.LinkColumn(display_text=t("Open"), width=55),
        t("Place"): shape.NumberColumn(width=50),
        t("Moved"): shape.TextColumn(width=60),
        t("Name"): shape.TextColumn(width=230),
        t("Town"): shape.TextColumn(width=100),
        t("Country"): shape.TextColumn(width=100),
        t("The disease"): shape.TextColumn(width=130),
        t("km"): shape.NumberColumn(width=60),
        score: shape.ProgressColumn(format="%.1f", min_value=0.0, max_value=most or 1.0, width=110),
    }
    return columns, shapes


def _stands_for(match: Match, t: Translator) -> str:
    """Return what a centre does about the disease: by that its place comes before its points."""
    if match.near_match:
        return t("specialises in a related one") if match.focus in SPECIALISED else t("a related one")
    return t("specialises in it") if match.focus in SPECIALISED else focus_word(match.focus, t)


def _show_why(match: Match, t: Translator) -> None:
    lines = [f":material/check: {plain(words)}" for words in must_words(match, t)]
    lines += [f":material/add: {plain(words)}" for words in part_words(match, t)]
    lines += [f":material/remove: {plain(words)}" for words in against_words(match, t)]
    if match.ask:
        lines += [f":material/question_mark: {plain(words)}" for words in questions_to_ask(match, t)]
    elif match.unknown:
        unknown = ", ".join(unknown_words(match, t))
        lines.append(f":material/question_mark: {plain(t('Not known: {points}', points=unknown))}")
    with st.container(border=True):
        link = f"[{plain(match.name)}]({centre_addresses([match.centre_id])[0]})"
        head = f"**{link}** · {score_words(match, t)}  \n{plain(place_words(match, t))}"
        st.markdown(f"{head}\n\n" + "  \n".join(lines))


def _show_file(case: Case, weights: dict[str, float], t: Translator) -> None:
    page = link_to({}, "/centre")

    def file() -> bytes:
        # it runs outside the session, so it holds the case and the weights
        found: Ranking = rank(shared_catalogue(), case, weights, limit=MOST_IN_FILE)
        parts = list(load_rules().parts.values())
        head = [t("List"), t("Place"), "id", t("Name"), t("Town"), t("Country"), t("Distance in km"), t("Score"),
                *(t(part.label) for part in parts), t("For"), t("Musts"), t("Against"), t("Not known"), t("To ask"),
                t("Page")]  # fmt: skip
        lists = ((t("known to fit"), found.centres), (t("ask first"), found.to_ask))
        rows = [
            [name, place, match.centre_id, match.name, match.city, match.country_code, match.km_from_city,
             round(match.score, 2), *(round(match.points[part.id], 2) for part in parts),
             "; ".join(reason_words(match, t)), "; ".join(must_words(match, t)),
             "; ".join(against_words(match, t)),
             "; ".join(unknown_words(match, t)), " ".join(questions_to_ask(match, t)),
             f"{page}?id={match.centre_id}"]
            for name, matches in lists for place, match in enumerate(matches, 1)
        ]  # fmt: skip
        return csv_of(head, rows)

    st.download_button(
        t("Both lists as CSV, up to {count} centres each", count=MOST_IN_FILE), data=file,
        file_name="centres-for-a-case.csv", mime="text/csv", on_click="ignore", icon=":material/download:",
        key="match_csv",
    )  # fmt: skip
