"""The town from which a visitor wants distances. A coordinator's stands in the address, a patient's in the session."""

import streamlit as st

from opinion.centres.towns import Town, find_town, suggest_towns
from opinion.texts.translations import Translator
from opinion.ui import state
from opinion.ui.browsing_words import plain, town_words
from opinion.ui.choices import told_apart

_LONGEST = 60
_TYPED, _WHICH = "town_typed", "town_which"  # keys of the widgets


def chosen_town(in_address: bool) -> Town | None:
    """Return the town that is asked for; ``None`` if there is none, or if it is not known."""
    return find_town(_written(in_address))


def ask_town(in_address: bool, t: Translator) -> None:
    """Show the field for the town, the choice between towns of one name, and what to do if it is not known."""
    written, town = _written(in_address), chosen_town(in_address)
    st.session_state[_TYPED] = town.name if town else written
    st.text_input(
        t("Distance from a town"), key=_TYPED, on_change=_keep, args=(_TYPED, in_address), max_chars=_LONGEST,
        placeholder=t("Vienna, or Vienna, AT"), width=320,
    )  # fmt: skip
    if written and town is None:
        st.error(t("We know no town “{town}” of 15,000 people or more. Write a larger town near it, or add a country "
                   "code: Paris, FR.", town=plain(written)), icon=":material/wrong_location:")  # fmt: skip
    if town is None:
        return
    towns = {str(one.id): one for one in (town, *suggest_towns(town.name, 6))}
    if len(towns) > 1:
        st.session_state[_WHICH] = str(town.id)
        st.selectbox(
            t("Which town?"), list(towns), key=_WHICH, on_change=_keep, args=(_WHICH, in_address), width=320,
            format_func=told_apart({id_: town_words(each, t) for id_, each in towns.items()}).__getitem__,
        )  # fmt: skip


def _written(in_address: bool) -> str:
    """Return what is asked for: the number of a town, or what somebody wrote."""
    written = st.query_params.get("near", "") if in_address else st.session_state.get(state.TOWN, "")
    return str(written).strip()[:_LONGEST]


def _keep(widget: str, in_address: bool) -> None:
    typed = (st.session_state[widget] or "").strip()
    town = (find_town(typed) or next(iter(suggest_towns(typed, 1)), None)) if typed else None
    asked = str(town.id) if town else typed
    if not in_address:
        st.session_state[state.TOWN] = asked
    elif asked:
        st.query_params["near"] = asked
    else:
        st.query_params.pop("near", None)
