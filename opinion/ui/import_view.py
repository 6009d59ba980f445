"""The page Import: from a list to a checked draft to an import, and the way back. All after the guard, no callbacks."""

from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from opinion.agency.accounts import Account
from opinion.centres.doubles.drafts import doubles_of
from opinion.centres.imports import archive
from opinion.centres.imports.archive import Import
from opinion.centres.imports.drafts import make_draft, source_of
from opinion.centres.imports.recipes import Recipe, recipe_faults, recipe_names, save_recipe
from opinion.centres.imports.replacing import take_place
from opinion.centres.inputs import default_folder, inputs_in, without_imports
from opinion.centres.shared import shared_catalogue
from opinion.errors import CatalogueError
from opinion.exchange.import_wordings import error_words, recipe_fault_words
from opinion.exchange.import_words import import_words
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.curating import record
from opinion.ui.import_choices import ACCEPTED, HeldFile, ask_file, ask_recipe, let_go
from opinion.ui.import_history import day_of, say_on_card, show_imports, show_newest
from opinion.ui.import_recipes import recipe_folder, show_recipes
from opinion.ui.import_result import AGAIN, Checked, show_result, take_answers
from opinion.ui.import_work import show_stopped, working
from opinion.ui.said import said, show_said

CHECKED = "import_checked"  # in the session: the Checked file


def show_import(actor: Account, t: Translator) -> None:
    """Show the steps from a file to an import, and what was imported before."""
    st.caption(t("Nothing in the catalogue changes before you import the rows, and every import can be undone."))
    show_stopped(default_folder(), t("The imports stand below."), _forget, t)
    show_newest(actor, t)
    held = ask_file(t)
    if held:
        recipe = ask_recipe(held, t)
        if recipe:
            accepted = (*recipe.accepted, *st.session_state.get(ACCEPTED, ()))
            _show_check(actor, held, replace(recipe, accepted=tuple(dict.fromkeys(accepted))), t)
    show_imports(actor, t)
    show_recipes(archive.read_imports(default_folder()), t)


def _show_check(actor: Account, held: HeldFile, recipe: Recipe, t: Translator) -> None:
    st.subheader(t("Check and import"), anchor=False)
    faults = recipe_faults(recipe)
    if faults:
        st.info("\n".join(f"- {recipe_fault_words(code, t)}" for code in faults), icon=":material/edit:")
    old = [] if faults else _ask_replaced(recipe, t)
    is_asked = st.button(t("Check the file"), key="import_check", disabled=bool(faults), icon=":material/rule:")
    checked: Checked | None = st.session_state.get(CHECKED)
    if is_asked and checked and checked.file == held and take_answers(checked):
        st.session_state[AGAIN] = True
        st.rerun()  # with what was said of words and rows below
    if (is_asked or st.session_state.pop(AGAIN, False)) and not faults:
        _check(actor, held, recipe, old, t)
    checked = st.session_state.get(CHECKED)
    if checked is None or checked.file != held or not checked.draft.folder.is_dir():
        return
    if checked.recipe != recipe or checked.replaced != tuple(each.id for each in old):
        st.info(t("Something was changed after the check. Check the file again."), icon=":material/refresh:")
        return
    if show_result(checked, t):
        _keep(checked, actor, t)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(t("Keep these choices as a recipe"), checked.recipe.name, key="import_recipe_name")
        if st.button(t("Keep"), key="import_keep_recipe") and name:
            _keep_recipe(checked.recipe, name, t)


def _ask_replaced(recipe: Recipe, t: Translator) -> list[Import]:
    """Ask whether the list takes the place of those of its source; return these, or none."""
    old = archive.lists_of(source_of(recipe, datetime.now(UTC).date()).id, default_folder())
    if not old:
        return []
    st.markdown(t("From this source there is in the catalogue: {imports}.", imports=", ".join(
        f"{plain(each.about['file'])} ({day_of(each, t)})" for each in old)))  # fmt: skip
    words = {
        True: t("This is a newer list: it takes the place of what is there"),
        False: t("These are more rows for it, such as rows that waited and are corrected now"),
    }
    is_newer = st.radio(
        t("What is this file?"), list(words), 1 if recipe.layout.waited_in else 0,
        format_func=words.__getitem__, key=f"import_newer_{'_'.join(each.id for each in old)}",
    )  # fmt: skip
    latest = max(each.about["source"]["published"] for each in old)
    if is_newer and recipe.source.date and recipe.source.date < latest:
        st.warning(t("This list is of {day}, and the one that is there is of {latest}. Is this the newer one?",
                     day=recipe.source.date, latest=latest), icon=":material/warning:")  # fmt: skip
    return old if is_newer else []


def _check(actor: Account, held: HeldFile, recipe: Recipe, old: list[Import], t: Translator) -> None:
    """Read the whole file. Whoever leaves the page, or stops it, ends the reading, and nothing is left of it."""
    before: Checked | None = st.session_state.pop(CHECKED, None)
    if before:
        before.draft.drop()
    id_ = before.draft.folder.name if before and before.file == held else ""
    known, draft = archive.taken_ids(shared_catalogue(), old), None
    try:
        with working("check", "", t("The file is read"), t) as show:
            draft = make_draft(held.path, recipe, import_words(), default_folder(), known, actor.name, held.name, show,
                               id_)  # fmt: skip
            changes = take_place(draft, old) if old else None
            doubles = doubles_of(draft.folder, without_imports(inputs_in(), [each.id for each in old]))
        st.session_state[CHECKED] = Checked(draft, held, recipe, tuple(each.id for each in old), changes, doubles)
    except CatalogueError as error:
        words = t("The file cannot be read so: {reason}", reason=plain(error_words(error, t, held.name)))
        with said("refused"):
            st.error(words, icon=":material/error:")
    except BaseException:  # somebody stopped it when the draft was made
        if draft:
            draft.drop()
        raise


def _keep(checked: Checked, actor: Account, t: Translator) -> None:
    id_ = checked.draft.folder.name
    try:
        with working("keep", id_, t("The catalogue is built with the new centres"), t) as show:
            archive.keep(checked.draft, default_folder(), progress=show)
            record(actor, "import_replaced" if checked.changes else "import_made", id_)
    except CatalogueError as error:
        with said("refused"):
            st.error(t("Nothing was imported: {reason}", reason=plain(error_words(error, t))), icon=":material/error:")
        return
    _forget(id_, checked.doubles.centres if checked.doubles else 0)
    st.rerun()


def _forget(id_: str, look_alike: int = 0) -> None:
    """Forget the file of an import that was made, to begin anew below the words that it was.

    ``look_alike``: how many of its centres look like others.
    """
    say_on_card(id_, "keep", look_alike)
    st.session_state.pop(CHECKED, None)
    let_go()


def _keep_recipe(recipe: Recipe, name: str, t: Translator) -> None:
    name = name.strip()
    is_there = name in recipe_names(recipe_folder())
    formerly = recipe.former_names if name == recipe.name else ()
    try:
        save_recipe(recipe_folder(), replace(recipe, name=name, former_names=formerly))
    except CatalogueError as error:
        st.error(plain(error_words(error, t)), icon=":material/error:")
        return
    words = t("The recipe is kept.")
    if is_there:
        words = t("The recipe is kept, in the place of the older one. You can bring that one back below.")
    show_said("recipe", words)
