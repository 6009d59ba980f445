"""Where to go: the centres that fit the patient's answers, each with why, what is not known and what speaks against.

From the session's answers only. A centre opens by ``st.switch_page`` with its id in the session: nothing about a
patient ever stands in an address.
"""

from itertools import groupby
from typing import TYPE_CHECKING

import streamlit as st

from opinion.guidance.answers import Answers
from opinion.texts.translations import Translator
from opinion.ui import state
from opinion.ui.found_centres import can_match, find_centres, is_asking_first
from opinion.ui.results import fold

if TYPE_CHECKING:
    from opinion.matching.explanations import Match
    from opinion.matching.rankings import Ranking

AT_FIRST = 5
SHOWN = "where_shown"  # in the session: how many centres are shown


def show_where(given: Answers, t: Translator) -> None:
    """Show the page, or which answer is still needed for it; and the centres that are kept."""
    if not can_match(given, t):
        show_kept(t)
        return
    shown = int(st.session_state.get(SHOWN, AT_FIRST))
    found = find_centres(given, shown, t)
    # Imported here because it brings pandas, which a page without answers does not need.
    from opinion.exchange import match_wordings as words  # see above

    if found.withheld:
        st.warning(words.withheld_words(found, t), icon=":material/alarm:")
        _show_way_back(t)
        return
    covered = words.coverage_words(found, t)
    if covered:
        st.info(" ".join(covered), icon=":material/info:")
    show_kept(t)
    names_first = is_asking_first(found)
    if names_first:
        _show_to_ask(found, True, t)
        if found.centres and _title(found.centres[0], t) == t("They specialise in it"):
            st.markdown(t("In our sources the nearest places that specialise in it are in other countries."))
    if words.is_far(found):
        st.info(words.far_words(found, t), icon=":material/info:")
    for title, matches in groupby(found.centres, lambda match: _title(match, t)):
        st.subheader(title, anchor=False)
        for match in matches:
            show_match(match, t)
    if found.count > len(found.centres) and st.button(t("Show 5 more"), key="where_more"):
        st.session_state[SHOWN] = shown + AT_FIRST
        st.rerun()
    lines = words.empty_words(found, t)
    if lines:
        st.markdown("\n".join([lines[0], *(f"- {line}" for line in lines[1:])]))
    if not names_first:
        _show_to_ask(found, not found.centres, t)
    st.caption("  \n".join(words.note_words(found, t)))
    show_order(t)
    _show_way_back(t)


def _title(match: "Match", t: Translator) -> str:
    if match.near_match:
        return t("Known for a related kind of disease only")
    if match.focus in ("designated", "single_specialty"):
        return t("They specialise in it")
    return t("They offer it, among other things")


def show_match(match: "Match", t: Translator) -> None:
    """Show one centre: three reasons for it, what is not known, what speaks against; keep it or see it."""
    from opinion.exchange.match_wordings import against_words, place_words, reason_words, unknown_words  # brings pandas

    lines = [f":material/check: {_plain(words)}" for words in reason_words(match, t)]
    lines += [f":material/remove: {_plain(words)}" for words in against_words(match, t)]
    if match.unknown:
        unknown = ", ".join(unknown_words(match, t))
        lines.append(f":material/question_mark: {_plain(t('Not known: {points}', points=unknown))}")
    with st.container(border=True):
        st.markdown(f"**{_plain(match.name)}**  \n{_plain(place_words(match, t))}\n\n" + "  \n".join(lines))
        with st.container(horizontal=True):
            _show_keep(match.centre_id, t)
            _show_see(match.centre_id, "see", t)


def _show_keep(centre_id: str, t: Translator) -> None:
    if centre_id in state.kept_centres():
        st.button(t("Let it go"), key=f"where_drop_{centre_id}", icon=":material/bookmark_remove:",
                  on_click=state.let_go_of, args=(centre_id,))  # fmt: skip
    else:
        st.button(t("Keep this centre"), key=f"where_keep_{centre_id}", icon=":material/bookmark_add:",
                  on_click=state.keep_centre, args=(centre_id,))  # fmt: skip


def _show_see(centre_id: str, key: str, t: Translator) -> None:
    if st.button(t("See this centre"), key=f"where_{key}_{centre_id}", type="tertiary"):
        st.session_state[state.CENTRE] = centre_id
        st.switch_page("../../pages/centre.py")


def show_kept(t: Translator) -> None:
    """Show the centres that the patient keeps, and side by side if there are two or more. Nothing of it is a link."""
    kept = state.kept_centres()
    if not kept:
        return
    from opinion.centres.comparisons import MOST_COMPARED  # brings pandas
    from opinion.ui.catalogue import shared_catalogue  # the same

    table = shared_catalogue().table
    with st.container(border=True):
        st.markdown(f"**{t('Centres you keep')}**")
        for id_ in kept:
            row = shared_catalogue().row_of(id_)
            with st.container(horizontal=True, vertical_alignment="center"):
                words = ", ".join(filter(None, (str(table.column("name")[row]), str(table.column("city")[row]))))
                st.markdown(_plain(words), width="stretch")
                _show_see(id_, "see_kept", t)
                st.button(
                    t("Let it go"), key=f"let_go_of_{id_}", type="tertiary", on_click=state.let_go_of, args=(id_,)
                )
        if len(kept) > 1:
            fold(t("Side by side"), "side_by_side", lambda: _show_side_by_side(kept[:MOST_COMPARED], t))
        if st.button(t("Ask the agency about them"), key="where_ask", icon=":material/send:"):
            st.switch_page("../../pages/ask_agency.py")
        st.caption(t("We keep them only until you close this page. Write down the names that you want to have later."))


def _show_side_by_side(kept: list[str], t: Translator) -> None:
    from opinion.centres.comparisons import compare  # brings pandas
    from opinion.ui.catalogue import shared_catalogue  # the same
    from opinion.ui.comparison_words import centre_names, worded  # the same

    compared = compare(shared_catalogue(), kept)
    heads = centre_names(shared_catalogue(), compared)
    lines = [worded_line for kind in ("differs", "partly") for worded_line in worded(compared, kind, t)]
    rows = [[line.label, *line.cells] for line in lines]
    table = [[t("Fact"), *heads], ["---"] * (len(heads) + 1), *rows]
    st.markdown("\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in table))


def _cell(text: str) -> str:
    return text if text == "---" else _plain(text.replace("|", "/").replace("\n", " "))


def _show_to_ask(found: "Ranking", unfolded: bool, t: Translator) -> None:
    if not found.to_ask:
        return
    from opinion.exchange.match_wordings import place_words, questions_to_ask, reason_words  # brings pandas

    def show() -> None:
        st.markdown(
            t.plural("{count} centre may fit.", "{count} centres may fit.", found.to_ask_count)
            + " "
            + t("What you wish for is not known of them. Copy the question and ask. Here are the first.")
        )
        for match in found.to_ask[:AT_FIRST]:
            with st.container(border=True):
                known = "".join(f"  \n:material/check: {_plain(words)}" for words in reason_words(match, t, 1))
                st.markdown(f"**{_plain(match.name)}**  \n{_plain(place_words(match, t))}{known}")
                st.code("\n".join(questions_to_ask(match, t)), language=None, wrap_lines=True)
                with st.container(horizontal=True):
                    _show_keep(match.centre_id, t)
                    _show_see(match.centre_id, "see_asked", t)

    fold(t("Ask them first"), "ask_them_first", show, unfolded)


def show_order(t: Translator) -> None:
    """Show, folded, how the order is made, from the rules that the ranking runs on; and that nobody pays for it."""
    from opinion.exchange.match_rule_wordings import part_lines, review_words, travel_line  # with the ranking

    def show() -> None:
        head = t("Who specialises in your disease always comes before who only offers it. Then these points count:")
        st.markdown("\n\n".join([head, "\n".join(part_lines(t)), travel_line(t), review_words(t)]))

    st.caption(t("No centre pays to be listed. No centre can pay to stand higher."))
    fold(t("How this order is made"), "order", show)


def _show_way_back(t: Translator) -> None:
    if st.button(t("Back to your result"), key="where_back", icon=":material/arrow_back:"):
        st.switch_page("../../pages/self_check.py")


def _plain(text: str) -> str:
    from opinion.ui.browsing_words import plain  # brings pandas

    return plain(text)
