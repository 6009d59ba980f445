"""The page Import: from a list to a checked draft to an import, and the way back. All after the guard, no callbacks."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from opinion.agency.accounts import Account
from opinion.centres.imports import archive
from opinion.centres.imports.drafts import Draft, make_draft
from opinion.centres.imports.problems import ProblemGroup
from opinion.centres.imports.recipes import ACCEPTABLE, Recipe, recipe_faults, save_recipe
from opinion.centres.imports.words import labels_of
from opinion.centres.inputs import default_folder
from opinion.centres.shared import shared_catalogue
from opinion.errors import CatalogueError
from opinion.exchange.import_files import problems_as_csv, waiting_as_csv
from opinion.exchange.import_wordings import problem_words, recipe_fault_words
from opinion.exchange.import_words import import_words
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.import_choices import ACCEPTED, VALUES, HeldFile, ask_file, ask_recipe, let_go

CHECKED = "import_checked"  # in the session: the Checked file
DONE = "import_done"  # in the session: the id of the import just made
AGAIN = "import_again_now"  # in the session: whether the file is to be checked at once
_WORDS_ASKED = 30
_GROUPS_SHOWN = 200


@dataclass(frozen=True)
class Checked:
    """A draft, and the choices that it was made with: with others it has to be made anew."""

    draft: Draft
    file: HeldFile
    recipe: Recipe


def show_import(actor: Account, t: Translator) -> None:
    """Show the steps from a file to an import, and what was imported before."""
    _show_done(t)
    held = ask_file(t)
    if held:
        recipe = ask_recipe(held, t)
        if recipe:
            accepted = (*recipe.accepted, *st.session_state.get(ACCEPTED, ()))
            _show_check(actor, held, replace(recipe, accepted=tuple(dict.fromkeys(accepted))), t)
    _show_imports(t)


def _show_check(actor: Account, held: HeldFile, recipe: Recipe, t: Translator) -> None:
    st.subheader(t("Check and import"), anchor=False)
    faults = recipe_faults(recipe)
    if faults:
        st.info("\n".join(f"- {recipe_fault_words(code, t)}" for code in faults), icon=":material/edit:")
    is_asked = st.button(t("Check the file"), key="import_check", disabled=bool(faults), icon=":material/rule:")
    if (is_asked or st.session_state.pop(AGAIN, False)) and not faults:
        _check(actor, held, recipe, t)
    checked: Checked | None = st.session_state.get(CHECKED)
    if checked is None or checked.file != held or not checked.draft.folder.is_dir():
        return
    if checked.recipe != recipe:
        st.info(t("Something was changed after the check. Check the file again."), icon=":material/refresh:")
        return
    _show_result(checked, t)


def _check(actor: Account, held: HeldFile, recipe: Recipe, t: Translator) -> None:
    """Read the whole file. Whoever leaves the page, or stops it, ends the reading, and nothing is left of it."""
    before: Checked | None = st.session_state.pop(CHECKED, None)
    if before:
        before.draft.drop()
    bar = st.progress(0.0, t("Reading"))

    def show(rows: int, share: float) -> None:
        bar.progress(share, t("{rows} rows read", rows=f"{rows:,}"))

    known = frozenset(shared_catalogue().table.column("centre_id").to_pylist())
    try:
        draft = make_draft(held.path, recipe, import_words(), default_folder(), known, actor.name, held.name, show)
    except CatalogueError as error:
        st.error(t("The file cannot be read so: {reason}", reason=plain(str(error))), icon=":material/error:")
    else:
        st.session_state[CHECKED] = Checked(draft, held, recipe)
    bar.empty()


def _show_result(checked: Checked, t: Translator) -> None:
    draft, counts = checked.draft, checked.draft.counts
    numbers = {name: f"**{counts[name]:,}**" for name in ("rows", "imported", "waiting", "centres", "facts")}
    st.markdown(
        t("Rows: {rows}. Good: {imported}. Waiting: {waiting}. New centres: {centres}. New facts: {facts}.", **numbers)
    )
    passed = []
    if counts["empty"] or counts["above"]:
        passed.append(t("Passed over: empty rows {empty}, rows above the heads {above}.",
                        empty=f"{counts['empty']:,}", above=f"{counts['above']:,}"))  # fmt: skip
    if draft.unused:
        passed.append(t("Columns left out: {columns}.", columns=plain(", ".join(draft.unused))))
    st.caption(" ".join(passed))
    if draft.groups:
        _show_groups(draft, t)
    changed = _ask_words(draft.groups, checked.recipe, t)
    accepted = _ask_accepted(draft.groups, checked.recipe, t)
    if (changed or accepted) and st.button(t("Use this and check again"), key="import_again"):
        for kind, meanings in changed.items():
            st.session_state[VALUES].setdefault(kind, {}).update(meanings)
        st.session_state[ACCEPTED] = (*st.session_state.get(ACCEPTED, ()), *accepted)
        st.session_state[AGAIN] = True
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = t("Import the good rows: {count}", count=f"{counts['imported']:,}")
        if counts["imported"] and st.button(words, key="import_keep", type="primary", icon=":material/publish:"):
            _keep(checked, t)
        if draft.groups:
            st.download_button(t("All problems (CSV)"), lambda: problems_as_csv(draft.folder, t), "problems.csv",
                               "text/csv", on_click="ignore", key="import_problems")  # fmt: skip
        if counts["waiting"]:
            st.download_button(t("Rows that wait (CSV)"), lambda: waiting_as_csv(draft.folder, t), "waiting.csv",
                               "text/csv", on_click="ignore", key="import_waiting")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(t("Keep these choices as a recipe"), checked.recipe.name, key="import_recipe_name")
        if st.button(t("Keep"), key="import_keep_recipe") and name:
            _keep_recipe(checked.recipe, name, t)


def _show_groups(draft: Draft, t: Translator) -> None:
    """Show equal problems as one line each."""
    shown = draft.groups[:_GROUPS_SHOWN]
    words = [problem_words(group.code, group.value, group.detail, t) for group in shown]
    table = {
        t("Rows"): [group.count for group in shown],
        t("What it does"): [t("holds the row back") if group.holds_back else t("only a note") for group in shown],
        t("Column"): [group.column for group in shown],
        t("Value"): [group.value for group in shown],
        t("What is wrong"): [wrong for wrong, _ in words],
        t("What to do"): [remedy for _, remedy in words],
        t("First rows"): [", ".join(map(str, group.rows)) for group in shown],
    }
    st.dataframe(table, hide_index=True, height="content" if len(shown) < 12 else 440,
                 alt=t("Problems, equal ones in one line"))  # fmt: skip
    if len(draft.groups) > len(shown):
        st.caption(t("The first {shown} of {count} kinds. The file holds them all.", shown=str(len(shown)),
                     count=f"{len(draft.groups):,}"))  # fmt: skip


def _ask_words(groups: list[ProblemGroup], recipe: Recipe, t: Translator) -> dict[str, dict[str, str]]:
    """Ask what the words mean that are not known; return what was chosen, by vocabulary."""
    asked = [group for group in groups if group.code in ("word_unknown", "country_unknown")][:_WORDS_ASKED]
    if not asked:
        return {}
    st.markdown(f"**{t('What do these words mean?')}**")
    chosen: dict[str, dict[str, str]] = {}
    parts = st.columns(3)
    countries = country_names(t.language)
    for place, group in enumerate(asked):
        kind = "countries" if group.code == "country_unknown" else recipe.columns.get(group.column, "")
        labels = dict(countries) if kind == "countries" else {id_: t(label) for id_, label in labels_of(kind).items()}
        if kind != "countries":
            labels = {"": t("Left out"), **labels}
        ids = sorted(labels, key=lambda id_, like=group.detail: id_ != like)  # type: ignore[misc]
        id_ = parts[place % 3].selectbox(
            f"{plain(group.value)} ({group.count:,})", ids, None, format_func=labels.__getitem__,
            placeholder=t("Like: {word}", word=labels[group.detail]) if group.detail else t("Not decided"),
            key=f"import_word_{kind}_{group.value}",
        )  # fmt: skip
        if id_ is not None:
            chosen.setdefault(kind, {})[group.value] = id_
    return chosen


def _ask_accepted(groups: list[ProblemGroup], recipe: Recipe, t: Translator) -> list[str]:
    codes = [code for code in ACCEPTABLE if any(group.code == code for group in groups) and code not in recipe.accepted]
    words = {
        "point_at_sea": t("Accept points without land near them: small islands are not on our map"),
        "point_elsewhere": t("Accept points outside of their country"),
        "letters_broken": t("Accept texts whose letters look broken"),
    }
    return [code for code in codes if st.checkbox(words[code], key=f"import_accept_{code}")]


def _keep(checked: Checked, t: Translator) -> None:
    try:
        with st.spinner(t("The catalogue is built with the new centres")):
            kept = archive.keep(checked.draft, default_folder())
    except CatalogueError as error:
        st.error(t("Nothing was imported: {reason}", reason=plain(str(error))), icon=":material/error:")
        return
    st.session_state[DONE] = kept.id
    st.session_state.pop(CHECKED, None)
    let_go()
    st.rerun()


def _keep_recipe(recipe: Recipe, name: str, t: Translator) -> None:
    try:
        save_recipe(default_folder() / "recipes", replace(recipe, name=name.strip()))
    except CatalogueError as error:
        st.error(plain(str(error)), icon=":material/error:")
    else:
        st.success(t("The recipe is kept."), icon=":material/check:")


def _show_done(t: Translator) -> None:
    """Show the import that was just made, with the way back and the rows that wait."""
    done = next(
        (each for each in archive.read_imports(default_folder()) if each.id == st.session_state.get(DONE)), None
    )
    if done is None or done.is_undone:
        return
    counts = done.about["counts"]
    words = t("It is in the catalogue now, for everyone. New centres: {centres}. Rows that wait: {waiting}.",
              centres=f"{counts['centres']:,}", waiting=f"{counts['waiting']:,}")  # fmt: skip
    st.success(words, icon=":material/check:")
    with st.container(horizontal=True):
        if st.button(t("Undo the import"), key="import_undo_now", icon=":material/undo:"):
            _change(lambda: archive.undo(done.id, default_folder()), t)
        if counts["waiting"]:
            st.download_button(t("Rows that wait (CSV)"), lambda: waiting_as_csv(done.folder, t), "waiting.csv",
                               "text/csv", on_click="ignore", key="import_done_waiting")  # fmt: skip


def _show_imports(t: Translator) -> None:
    """Show every import, and take one back or put it in again."""
    found = archive.read_imports(default_folder())
    st.subheader(t("Imports"), anchor=False)
    if not found:
        st.markdown(t("Nothing was imported yet."))
        return
    table = {
        t("Import"): [each.id for each in found],
        t("State"): [t("Undone") if each.is_undone else t("In the catalogue") for each in found],
        t("Centres"): [each.about["counts"]["centres"] for each in found],
        t("Rows that wait"): [each.about["counts"]["waiting"] for each in found],
        t("Title of the list"): [each.about["source"]["title"] for each in found],
        t("File"): [each.about["file"] for each in found],
        t("By"): [each.about["entered_by"] for each in found],
    }
    st.dataframe(table, hide_index=True, height="content" if len(found) < 12 else 440, alt=t("Imports, newest first"))
    named = {each.id: each for each in found}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        id_ = st.selectbox(t("Import"), list(named), key="import_chosen",
                           format_func=lambda id_: f"{id_} · {named[id_].about['source']['title']}")  # fmt: skip
        chosen = named[id_]
        words = t("Put it in again") if chosen.is_undone else t("Undo it")
        if st.button(words, key="import_change", icon=":material/redo:" if chosen.is_undone else ":material/undo:"):
            change = archive.redo if chosen.is_undone else archive.undo
            _change(lambda: change(chosen.id, default_folder()), t)
        if chosen.about["counts"]["waiting"]:
            st.download_button(t("Rows that wait (CSV)"), lambda: waiting_as_csv(chosen.folder, t), "waiting.csv",
                               "text/csv", on_click="ignore", key="import_chosen_waiting")  # fmt: skip


def _change(change: Callable[[], None], t: Translator) -> None:
    try:
        with st.spinner(t("The catalogue is built anew")):
            change()
    except CatalogueError as error:
        st.error(t("Nothing was changed: {reason}", reason=plain(str(error))), icon=":material/error:")
        return
    st.session_state.pop(DONE, None)
    st.rerun()
