"""What was imported before: each with its way back beside it, and who did what."""

from datetime import UTC, datetime

import streamlit as st

from opinion.agency import audits
from opinion.agency.accounts import Account, all_accounts
from opinion.agency.stores import shared_store
from opinion.centres.imports import archive
from opinion.centres.imports.archive import Import
from opinion.centres.inputs import REPLACES, default_folder
from opinion.errors import CatalogueError
from opinion.exchange.import_files import changes_as_csv, waiting_as_csv
from opinion.exchange.wordings import escape
from opinion.texts.dates import date_words
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.curating import record
from opinion.ui.import_work import working
from opinion.ui.results import fold

DONE = "import_done"  # in the session: the id of the import just made
_SHOWN = 5


def show_imports(actor: Account, t: Translator) -> None:
    """Show every import, the newest first; take one back or put it in again."""
    found = archive.read_imports(default_folder())
    st.subheader(t("Imports"), anchor=False)
    if not found:
        st.markdown(t("Nothing was imported yet."))
        return
    for each in found[:_SHOWN]:
        _show_import(each, actor, t)
    if len(found) > _SHOWN:
        older = {each.id: each for each in found[_SHOWN:]}
        id_ = st.selectbox(
            t("Older imports: {count}", count=str(len(older))), list(older), None, key="import_older",
            format_func=lambda id_: _title(older[id_], t), placeholder=t("Choose one"),
        )  # fmt: skip
        if id_ is not None:
            _show_import(older[id_], actor, t)
    fold(t("Who did what"), "import_trail", lambda: _show_trail(found, t))


def day_of(each: Import, t: Translator) -> str:
    """Return the day on which an import was made."""
    return date_words(_made(each).date(), t)


def _made(each: Import) -> datetime:
    """Return when an import was made, in UTC: its id begins with it, unless somebody put the folder there by hand."""
    try:
        return datetime.strptime(each.id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(each.folder.stat().st_mtime, UTC)


def _title(each: Import, t: Translator) -> str:
    return f"{day_of(each, t)} · {each.about['source']['title']} · {each.about['file']}"


def _show_import(each: Import, actor: Account, t: Translator) -> None:
    counts, about = each.about["counts"], each.about
    if each.is_undone:
        state = f":gray-badge[:material/undo: {t('Undone')}]"
    elif each.replaced_by:
        state = f":gray-badge[:material/history: {t('Older: a newer list came in its place')}]"
    else:
        state = f":green-badge[:material/check: {t('In the catalogue')}]"
    made = f"{day_of(each, t)}, {_made(each):%H:%M} UTC"
    if about["entered_by"]:
        made = t("{time}, by {name}", time=made, name=plain(about["entered_by"]))
    numbers = t("Centres: {centres}. Facts: {facts}. Rows that wait: {waiting}.",
                **{name: f"{counts[name]:,}" for name in ("centres", "facts", "waiting")})  # fmt: skip
    with st.container(border=True):
        st.markdown(f"**{plain(about['source']['title'])}** · {plain(about['file'])} {state}")
        st.caption(f"{made}. {numbers}")
        with st.container(horizontal=True):
            if each.replaced_by:
                st.caption(t("To take it back, undo the newer list first."))
            elif each.is_undone:
                if st.button(t("Put it in again"), key=f"import_redo_{each.id}", icon=":material/redo:"):
                    change("redo", each.id, actor, t)
            elif st.button(t("Undo this import"), key=f"import_undo_{each.id}", icon=":material/undo:"):
                change("undo", each.id, actor, t)
            if each.counts and st.button(t("See its centres"), key=f"import_see_{each.id}", icon=":material/list:"):
                st.switch_page("../../pages/centres.py", query_params={"source": about["source"]["id"]})
            if counts["waiting"]:
                offer_waiting(each, t, "import_list")
            if about.get(REPLACES):
                st.download_button(t("What it changed (CSV)"), lambda: changes_as_csv(each.folder, t), "changes.csv",
                                   "text/csv", on_click="ignore", key=f"import_changes_{each.id}")  # fmt: skip


def offer_waiting(each: Import, t: Translator, key: str) -> None:
    """Offer the rows of an import that wait, to be corrected and imported again."""
    st.download_button(t("Rows that wait (CSV)"), lambda: waiting_as_csv(each.folder, t), "waiting.csv", "text/csv",
                       on_click="ignore", key=f"{key}_waiting_{each.id}", icon=":material/download:")  # fmt: skip


def change(kind: str, id_: str, actor: Account, t: Translator) -> None:
    """Take an import back (``undo``) or put it in again (``redo``), note who did it, and show the page anew."""
    step, action = {"undo": (archive.undo, "import_undone"), "redo": (archive.redo, "import_redone")}[kind]
    try:
        with working(kind, id_, t("The catalogue is built anew"), t) as show:
            step(id_, default_folder(), progress=show)
            record(actor, action, id_)
    except CatalogueError as error:
        st.error(t("Nothing was changed: {reason}", reason=plain(str(error))), icon=":material/error:")
        return
    st.session_state.pop(DONE, None)
    st.rerun()


def _show_trail(found: list[Import], t: Translator) -> None:
    """Show what the audit trail says of these imports, the newest first."""
    store = shared_store()
    names = {f"account:{each.name}": each.shown_name for each in all_accounts(store)}
    words = {
        "import_made": t("imported"),
        "import_replaced": t("imported in the place of the older list"),
        "import_undone": t("undid"),
        "import_redone": t("put in again"),
    }

    def who(actor: str) -> str:
        kind, _, name = actor.partition(":")
        return (
            t("{name}, by a command", name=escape(name)) if kind == audits.COMMAND else escape(names.get(actor, name))
        )

    lines = [
        (at, f"{who(actor)}: {words.get(action, action)} "
             f"{plain(each.about['file'])} (`{each.id}`)")
        for each in found
        for at, actor, action in audits.lines_of(store, each.id)
    ]  # fmt: skip
    shown = [
        f"- {date_words(datetime.fromisoformat(at).date(), t)}, {at[11:16]} UTC · {said}"
        for at, said in sorted(lines, reverse=True)
    ]
    st.markdown("\n".join(shown) or t("Nothing is noted about these imports."))
