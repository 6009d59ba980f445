"""A coordinator's shortlist and saved views: in the session, and in their own browser so that they survive a reload.

Nothing of it reaches the server's disk. A patient's centres are not kept here: they stay in the session.
"""

import json
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

SHORTLIST = "shortlist"  # in the session: ids of centres, in the order in which they were kept
SAVED = "saved_views"  # in the session: name -> query of the Centres page
_AGREED = "workbench_agreed"  # in the session: what the browser kept when the two last agreed
_SENT = "workbench_sent"  # what was given to the browser since
_HEARD = "workbench_heard"  # when the browser last told something
_UNDO = "workbench_undo"
MOST_CENTRES, MOST_VIEWS, LONGEST_NAME = 100, 50, 80
_STORE = "opinion.browser_store"
_HERE = Path(__file__).parent


def shortlist() -> list[str]:
    """Return the ids of the centres kept, in the order in which they were kept."""
    return list(st.session_state.get(SHORTLIST, []))


def keep_centres(ids: list[str]) -> None:
    """Add centres to the shortlist; those that it holds stay where they are, and ``MOST_CENTRES`` is the most."""
    _set(SHORTLIST, list(dict.fromkeys([*shortlist(), *ids]))[:MOST_CENTRES])


def drop_centres(ids: list[str]) -> None:
    """Take centres off the shortlist; ``undo`` brings them back."""
    _set(SHORTLIST, [id_ for id_ in shortlist() if id_ not in ids])


def saved_views() -> dict[str, str]:
    """Return the query of each saved view by its name, in the order in which they were saved."""
    return dict(st.session_state.get(SAVED, {}))


def save_view(name: str, query: str) -> None:
    """Save a view under a name; one of the same name gives way. An empty name is not saved."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if name:
        views = saved_views()
        views.pop(name, None)
        _set(SAVED, dict(list({**views, name: query}.items())[-MOST_VIEWS:]))


def drop_view(name: str) -> None:
    """Forget a saved view; ``undo`` brings it back."""
    _set(SAVED, {kept: query for kept, query in saved_views().items() if kept != name})


def can_undo() -> bool:
    """Say whether the last change can be taken back."""
    return _UNDO in st.session_state


def undo() -> None:
    """Take the last change back."""
    if can_undo():
        key, before = st.session_state.pop(_UNDO)
        st.session_state[key] = before


def _set(key: str, value: Any) -> None:  # noqa: ANN401 (a list of ids, or views by name)
    st.session_state[_UNDO] = (key, st.session_state.get(key, type(value)()))
    st.session_state[key] = value


def show_store() -> None:
    """Keep in this browser what the session holds, and take over what other tabs have changed. Shows nothing.

    Call it at the end of each of the agency's pages.
    """
    held = _held() if _AGREED in st.session_state else None
    result = _store()(key="workbench_store", data={"kept": held}, default={"found": None}, on_found_change=lambda: None)
    found = result.get("found")
    if found is not None and found["at"] != st.session_state.get(_HEARD):
        st.session_state[_HEARD] = found["at"]
        _join(found["text"])
        st.rerun()
    if held is not None:
        # what was sent in the run before has been written by now, or another tab's change would have been told
        st.session_state[_AGREED] = st.session_state.get(_SENT, st.session_state[_AGREED])
        st.session_state[_SENT] = held


def _held() -> str:
    return json.dumps({"shortlist": shortlist(), "views": saved_views()})


def _join(found: str) -> None:
    """Join what the browser keeps with what this session has added and taken off since they last agreed."""
    ids, views = _parts_of(found)
    old_ids, old_views = _parts_of(st.session_state.get(_AGREED, ""))
    mine, own_views = shortlist(), saved_views()
    left = [id_ for id_ in ids if id_ in mine or id_ not in old_ids]
    added = [id_ for id_ in mine if id_ not in old_ids]
    st.session_state[SHORTLIST] = list(dict.fromkeys([*left, *added]))[:MOST_CENTRES]
    kept = {name: query for name, query in views.items() if name in own_views or name not in old_views}
    changed = {name: query for name, query in own_views.items() if old_views.get(name) != query}
    st.session_state[SAVED] = dict(list({**kept, **changed}.items())[-MOST_VIEWS:])
    st.session_state[_AGREED] = found
    st.session_state.pop(_SENT, None)


def _parts_of(text: str) -> tuple[list[str], dict[str, str]]:
    """Return shortlist and views of what a browser kept; what cannot be read is nothing kept."""
    try:
        kept = json.loads(text) if text else {}
        ids = [id_ for id_ in kept.get("shortlist", []) if isinstance(id_, str) and len(id_) <= 100]
        return ids, {name: query for name, query in kept.get("views", {}).items() if isinstance(query, str)}
    except (ValueError, AttributeError, TypeError):
        return [], {}


def _store() -> Any:  # noqa: ANN401 (Streamlit names no type for it)
    """Return the component that reaches the browser's storage.

    It is registered as if it were installed: then its script is served from this host, as our policy asks. A script
    given as text would be run from a ``blob:`` address.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(_STORE) is None:
        part = ComponentConfig(name="browser_store", asset_dir="browser_store")
        manager.register_from_manifest(ComponentManifest("opinion", "1", [part]), _HERE)
    return st.components.v2.component(_STORE, js="store.js")
