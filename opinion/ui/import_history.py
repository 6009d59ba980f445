"""What was imported before: each with its way back beside it, and who did what."""

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from opinion.agency import audits
from opinion.agency.accounts import Account, all_accounts
from opinion.agency.stores import shared_store
from opinion.centres.imports import archive
from opinion.centres.imports.archive import Import
from opinion.centres.imports.waiting_rows import Waiting, came_in_later, list_of, waiting_of
from opinion.centres.inputs import REPLACES, default_folder
from opinion.errors import CatalogueError
from opinion.exchange.import_files import changes_as_csv, has_fates
from opinion.exchange.import_wordings import error_words
from opinion.exchange.wordings import escape
from opinion.texts.dates import date_words
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.choices import told_apart
from opinion.ui.curating import record
from opinion.ui.import_rows import offer_fates, offer_waiting, show_fates
from opinion.ui.import_work import working
from opinion.ui.results import fold
from opinion.ui.said import show_said

_NEWEST = "import_newest"  # in the session: the id of the import just made, which stands on top
_SAID = "import_said"  # in the session: what was just done (keep, undo, redo), and to which import
_LOOK_ALIKE = "import_look_alike"  # in the session: how many centres of the newest look like others
_SHOWN = 5


def say_on_card(id_: str, done: str, look_alike: int = 0) -> None:
    """Have an import say what was just done to it: ``keep``, ``undo`` or ``redo``.

    One that was just made comes on top of the page; ``look_alike``: how many of its centres look like others.
    """
    st.session_state[_SAID] = (done, id_)
    if done == "keep":
        st.session_state[_NEWEST] = id_
        st.session_state[_LOOK_ALIKE] = look_alike


def show_newest(actor: Account, t: Translator) -> None:
    """Show the import that was just made on this page, if there is one, with all that can be done with it."""
    found = archive.read_imports(default_folder())
    newest = next((each for each in found if each.id == st.session_state.get(_NEWEST)), None)
    if newest is not None:
        _show_import(newest, found, actor, t)


def show_imports(actor: Account, t: Translator) -> None:
    """Show every other import, the newest first; take one back or put it in again."""
    found = archive.read_imports(default_folder())
    listed = [each for each in found if each.id != st.session_state.get(_NEWEST)]
    st.subheader(t("Imports"), anchor=False)
    if not found:
        st.markdown(t("Nothing was imported yet."))
        return
    for each in listed[:_SHOWN]:
        _show_import(each, found, actor, t)
    if len(listed) > _SHOWN:
        older = {each.id: each for each in listed[_SHOWN:]}
        titles = {id_: title_of(each, t) for id_, each in older.items()}
        titles = told_apart(titles, lambda id_: f"{_made(older[id_]):%H:%M} UTC")
        id_ = st.selectbox(
            t("Older imports: {count}", count=str(len(older))), list(older), None, key="import_older",
            format_func=titles.__getitem__, placeholder=t("Choose one"),
        )  # fmt: skip
        if id_ is not None:
            _show_import(older[id_], found, actor, t)
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


def title_of(each: Import, t: Translator) -> str:
    """Return the day, the list and the file of an import, by which a person knows it."""
    return f"{day_of(each, t)} · {each.about['source']['title']} · {each.about['file']}"


def _show_import(each: Import, imports: list[Import], actor: Account, t: Translator) -> None:
    counts, about = each.about["counts"], each.about
    waiting, later = waiting_of(each, imports), partial(came_in_later, each, imports)
    left = waiting.left if each.counts else 0  # of one that counts no more, nobody has to correct any
    is_newest = each.id == st.session_state.get(_NEWEST)
    if each.is_undone:
        state = f":gray-badge[:material/undo: {t('Undone')}]"
    elif each.replaced_by:
        state = f":gray-badge[:material/history: {t('Older: a newer list came in its place')}]"
    else:
        state = f":green-badge[:material/check: {t('In the catalogue')}]"
    made = f"{day_of(each, t)}, {_made(each):%H:%M} UTC"
    if about["entered_by"]:
        made = t("{time}, by {name}", time=made, name=plain(about["entered_by"]))
    numbers = t("Centres: {centres}. Facts: {facts}. Rows that wait: {waiting}.", centres=f"{counts['centres']:,}",
                facts=f"{counts['facts']:,}", waiting=f"{left:,}")  # fmt: skip
    used = about.get("recipe", {}).get("name")
    recipe = [t("Recipe: {name}.", name=plain(used))] if used else []
    with st.container(border=True):
        if st.session_state.get(_SAID, ("", ""))[1] == each.id:
            _say(each, imports, t)
        st.markdown(f"**{plain(about['source']['title'])}** · {plain(about['file'])} {state}")
        st.caption("  \n".join([" ".join([f"{made}. {numbers}", *recipe]), *_waited_lines(each, waiting, t)]))
        if each.replaced_by:
            st.caption(t("To put it in again, undo the newer list first.") if each.is_undone
                       else t("To take it back, undo the newer list first."))  # fmt: skip
        with st.container(horizontal=True):
            if each.is_undone:  # in the place of a newer list it would not count
                if not each.replaced_by and st.button(
                    t("Put it in again"), key=f"import_redo_{each.id}", icon=":material/redo:"
                ):
                    change("redo", each.id, actor, t)
            elif each.counts and st.button(t("Undo this import"), key=f"import_undo_{each.id}", icon=":material/undo:"):
                change("undo", each.id, actor, t)
            if each.counts:
                _offer_ways(each, is_newest, t)
            if left:
                offer_waiting(each.folder, t, f"import_waiting_{each.id}", waiting.numbers)
            if not is_newest:
                offer_fates(each.folder, t, f"import_rows_{each.id}", each.counts, later)
            if about.get(REPLACES):
                st.download_button(t("What it changed (CSV)"), lambda: changes_as_csv(each.folder, t), "changes.csv",
                                   "text/csv", on_click="ignore", key=f"import_changes_{each.id}")  # fmt: skip
        if is_newest and has_fates(each.folder):
            fold(t("What became of each row"), f"import_fates_{each.id}",
                 lambda: show_fates(each.folder, t, f"import_rows_{each.id}", each.counts, later))  # fmt: skip


def _offer_ways(each: Import, is_newest: bool, t: Translator) -> None:
    """Offer the ways to the centres of an import, and to those that look like others, if the newest one has any."""
    source = {"source": each.about["source"]["id"]}
    if st.button(t("See its centres"), key=f"import_see_{each.id}", icon=":material/list:"):
        st.switch_page("../../pages/centres.py", query_params=source)
    words = t("Look at the pairs that look alike")
    if is_newest:
        count = st.session_state.get(_LOOK_ALIKE, 0)
        words = t("Look at the pairs that look alike: {count}", count=f"{count:,}") if count else ""
    if words and st.button(words, key=f"import_pairs_{each.id}", icon=":material/join_left:"):
        st.switch_page("../../pages/doubles.py", query_params=source)


def _waited_lines(each: Import, waiting: Waiting, t: Translator) -> list[str]:
    """Return what became of the rows that waited and were corrected."""
    return [
        t("Of {waited} rows that waited, with the import of {day}, {time} UTC: came in {came}, wait there {again}.",
          waited=f"{each.about['counts']['waiting']:,}", day=day_of(other, t), time=f"{_made(other):%H:%M}",
          came=f"{came:,}", again=f"{again:,}")
        for other, came, again in waiting.came_in
    ]  # fmt: skip


def _say(each: Import, imports: list[Import], t: Translator) -> None:
    """Say what was just done to an import."""
    done = st.session_state[_SAID][0]
    numbers = {name: f"{each.about['counts'][name]:,}" for name in ("centres", "facts")}
    older = [other for other in imports if other.id in each.about.get(REPLACES, ())]
    if done == "undo" and each.is_undone:
        lines = [t("It is undone. No longer counted: centres {centres}, facts {facts}.", **numbers)]
        lines += [
            t("Counts again: {file} of {day}, with centres {centres}, facts {facts}.", file=plain(other.about["file"]),
              day=day_of(other, t), centres=f"{other.about['counts']['centres']:,}",
              facts=f"{other.about['counts']['facts']:,}")
            for other in older if other.counts
        ]  # fmt: skip
        if any(list_of(other) == each.id and other.counts for other in imports if other.id != each.id):
            lines.append(t("Its rows that were corrected later are an import of their own, and still there."))
        lines.append(t("Nothing of it is lost: you can put it in again."))
        show_said("import", " ".join(lines), undone=True)
    elif done != "undo" and each.counts:
        words = t("It is in the catalogue now, for everyone. Centres: {centres}. Facts: {facts}.", **numbers)
        if older:
            words = t("It is in the catalogue now, for everyone, in the place of the older list. Centres: {centres}. "
                      "Facts: {facts}.", **numbers)  # fmt: skip
        show_said("import", words)


def change(kind: str, id_: str, actor: Account, t: Translator) -> None:
    """Take an import back (``undo``) or put it in again (``redo``), note who did it, and show the page anew."""
    step, action = {"undo": (archive.undo, "import_undone"), "redo": (archive.redo, "import_redone")}[kind]
    try:
        with working(kind, id_, t("The catalogue is built anew"), t) as show:
            step(id_, default_folder(), progress=show)
            record(actor, action, id_)
    except CatalogueError as error:
        st.error(t("Nothing was changed: {reason}", reason=plain(error_words(error, t))), icon=":material/error:")
        return
    say_on_card(id_, kind)
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
