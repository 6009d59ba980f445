"""Long work on the page Import: a bar that says how far it is, a button that stops it, and what became of it.

Any click ends the script at its next word to the browser or to the session, and the page runs anew. The work is undone
by what does it (nothing is left of a draft, the catalogue is as it was). The page only has to say so, and to say the
truth: a click may also come just after the work was done. So what is going on is noted in the session before.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from opinion.centres.imports import archive
from opinion.centres.inputs import Progress
from opinion.texts.translations import Translator

_GOING_ON = "import_going_on"  # in the session: what is being done (check, keep, undo, redo), and to which import
_IS_SO: dict[str, Callable[[archive.Import], bool]] = {
    "keep": lambda each: each.counts,
    "undo": lambda each: each.is_undone,
    "redo": lambda each: not each.is_undone,
}


@contextmanager
def working(kind: str, id_: str, words: str, t: Translator) -> Iterator[Progress]:
    """Show a bar with ``words`` and a button to stop; give the function that moves the bar.

    ``kind``: ``check``, ``keep``, ``undo`` or ``redo``; ``id_``: of the import, ``""`` while a file is checked. What
    must not be missed when somebody stops it at its very end stands in the ``with``, and does without the session.
    """
    st.session_state[_GOING_ON] = (kind, id_)
    place = st.empty()
    with place.container(border=True):
        bar = st.progress(0.0, words)
        st.button(t("Stop"), key="import_stop", icon=":material/cancel:")  # a click ends this run: see above

    def show(rows: int, share: float) -> None:
        bar.progress(min(share, 1.0), t("{work}: {rows} rows", work=words, rows=f"{rows:,}"))

    try:
        yield show
    except Exception:  # a fault of the file or the catalogue; what ends the script is none, and passes
        place.empty()
        st.session_state.pop(_GOING_ON, None)
        raise
    place.empty()
    st.session_state.pop(_GOING_ON, None)


def show_stopped(folder: Path, where: str, kept: Callable[[str], object], t: Translator) -> None:
    """Say, once, what became of work that somebody stopped; nothing if nothing was.

    ``where``: words that say where the imports stand; ``kept`` is called with the id of an import that was made all the
    same.
    """
    found: tuple[str, str] | None = st.session_state.pop(_GOING_ON, None)
    if found is None:
        return
    kind, id_ = found
    was_done = any(each.id == id_ and _IS_SO[kind](each) for each in archive.read_imports(folder)) if id_ else False
    if kind == "keep" and was_done:
        kept(id_)
    elif was_done:
        st.info(f"{t('It was done before it could be stopped.')} {where}", icon=":material/info:")
    else:
        st.info(t("It was stopped. Nothing was changed."), icon=":material/cancel:")
