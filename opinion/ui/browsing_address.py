"""The address of the Centres page: the only place where its view is kept.

Each run reads it, and sets the widgets to it; a changed widget writes it. So a view is a link, and the counts in the
options' labels may change under a choice.
"""

from collections.abc import Iterable
from urllib.parse import quote, urlencode

import streamlit as st

from opinion.centres.filters import Filters, parameters
from opinion.errors import Problem, did_you_mean
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state

OTHER_KEYS = ("view", "map", "page", "lang", "id", "back", "embed", "embed_options")
"""The keys of the address that are no filter; the last two are Streamlit's own."""

VIEWS = ("list", "map", "charts")
LAST_QUERY = "centres_query"
"""In the session: the query of the list as it was last seen, for the way back from a centre."""


def read_address() -> tuple[Filters, str, int, list[Problem]]:
    """Return what the address asks for: filters, view and page; and what in it is not known and left out."""
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    filters, problems = Filters.from_query(query)
    known = [*parameters(), *OTHER_KEYS]
    problems += [Problem(key[:100], "", did_you_mean(key, known)) for key in query if key not in known]
    view, page = st.query_params.get("view", VIEWS[0]), st.query_params.get("page", "1")
    if view not in VIEWS:
        problems.append(Problem("view", view[:100], ""))
        view = VIEWS[0]
    if not (page.isascii() and page.isdigit() and int(page[:9]) > 0):
        problems.append(Problem("page", page[:100], ""))
        page = "1"
    return filters, view, int(page[:9]), problems


def write_address(filters: Filters, view: str = VIEWS[0], page: int = 1) -> None:
    """Put a view into the address, in the shortest form; the language and the kind of map stay."""
    kept = {key: st.query_params[key] for key in ("lang", "map") if key in st.query_params}
    more = {"view": view if view != VIEWS[0] else "", "page": str(page) if page > 1 else ""}
    st.query_params.from_dict({**kept, **filters.to_query(), **{key: value for key, value in more.items() if value}})


def centre_addresses(centre_ids: Iterable[str]) -> list[str]:
    """Return the address of each centre's page, with the way back to this list in it: it opens in a new tab."""
    query = urlencode(st.query_params.to_dict())
    back = f"&back={quote(query, safe='')}" if query else ""
    return [f"/centre?id={quote(id_, safe=':')}{back}" for id_ in centre_ids]


def restore() -> None:
    """Put the last list of this session back into the address, if nothing else is asked.

    So the menu leads back to it. Opening a centre leaves its id in the browser's history, to which Back may come.
    """
    came = state.has_just_come()
    if "id" in st.query_params or (came and not st.query_params.to_dict()):
        st.query_params.from_dict(st.session_state.get(LAST_QUERY, {}))


def remember() -> None:
    """Keep the query of this list in the session, for the way back from a centre."""
    st.session_state[LAST_QUERY] = st.query_params.to_dict()


def show_problems(problems: list[Problem], t: Translator) -> None:
    """Say in one line what in the address is not known."""
    if problems:
        parts = "; ".join(_problem_words(problem) for problem in problems)
        st.warning(t("This address asks for something that is not known. It was left out: {parts}.", parts=parts),
                   icon=":material/link_off:")  # fmt: skip


def _problem_words(problem: Problem) -> str:
    value = f" “{words.plain(problem.value)}”" if problem.value else ""
    return words.plain(problem.key) + value
