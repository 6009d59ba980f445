"""The page Import: from a list to a checked draft to an import, and the way back. All after the guard, no callbacks."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import islice

import streamlit as st

from opinion.agency.accounts import Account
from opinion.centres.doubles.drafts import DraftDoubles, doubles_of
from opinion.centres.imports import archive
from opinion.centres.imports.archive import Import
from opinion.centres.imports.drafts import LIST, Draft, make_draft, source_of
from opinion.centres.imports.problems import ProblemGroup
from opinion.centres.imports.recipes import ACCEPTABLE, Recipe, recipe_faults, save_recipe
from opinion.centres.imports.replacing import Changes, take_place
from opinion.centres.imports.words import labels_of
from opinion.centres.inputs import REPLACES, default_folder, inputs_in, without_imports
from opinion.centres.shared import shared_catalogue
from opinion.errors import CatalogueError
from opinion.exchange.import_files import (
    change_head,
    change_rows,
    changes_as_csv,
    problems_as_csv,
    waiting_as_csv,
)
from opinion.exchange.import_wordings import problem_words, recipe_fault_words
from opinion.exchange.import_words import import_words
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.curating import record
from opinion.ui.doubles_words import draft_words
from opinion.ui.import_choices import ACCEPTED, VALUES, HeldFile, ask_file, ask_recipe, let_go
from opinion.ui.import_history import DONE, change, day_of, offer_waiting, show_imports
from opinion.ui.import_work import stopped_work, working

CHECKED = "import_checked"  # in the session: the Checked file
AGAIN = "import_again_now"  # in the session: whether the file is to be checked at once
_WORDS_ASKED = 30
_GROUPS_SHOWN = 200
_CHANGES_SHOWN = 200


@dataclass(frozen=True)
class Checked:
    """A draft, and the choices that it was made with: with others it has to be made anew.

    ``replaced``: the imports in whose place it is to come; ``changes``: what that changes, ``None`` if there is none.
    ``doubles``: which centres look like ones that are there.
    """

    draft: Draft
    file: HeldFile
    recipe: Recipe
    replaced: tuple[str, ...] = ()
    changes: Changes | None = None
    doubles: DraftDoubles | None = None


def show_import(actor: Account, t: Translator) -> None:
    """Show the steps from a file to an import, and what was imported before."""
    st.caption(t("Nothing in the catalogue changes before you import the rows, and every import can be undone."))
    _show_stopped(t)
    _show_done(actor, t)
    held = ask_file(t)
    if held:
        recipe = ask_recipe(held, t)
        if recipe:
            accepted = (*recipe.accepted, *st.session_state.get(ACCEPTED, ()))
            _show_check(actor, held, replace(recipe, accepted=tuple(dict.fromkeys(accepted))), t)
    show_imports(actor, t)


def _show_check(actor: Account, held: HeldFile, recipe: Recipe, t: Translator) -> None:
    st.subheader(t("Check and import"), anchor=False)
    faults = recipe_faults(recipe)
    if faults:
        st.info("\n".join(f"- {recipe_fault_words(code, t)}" for code in faults), icon=":material/edit:")
    old = [] if faults else _ask_replaced(recipe, t)
    is_asked = st.button(t("Check the file"), key="import_check", disabled=bool(faults), icon=":material/rule:")
    if (is_asked or st.session_state.pop(AGAIN, False)) and not faults:
        _check(actor, held, recipe, old, t)
    checked: Checked | None = st.session_state.get(CHECKED)
    if checked is None or checked.file != held or not checked.draft.folder.is_dir():
        return
    if checked.recipe != recipe or checked.replaced != tuple(each.id for each in old):
        st.info(t("Something was changed after the check. Check the file again."), icon=":material/refresh:")
        return
    _show_result(checked, actor, t)


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
        t("What is this file?"), list(words), 1 if t("Why it waits") in recipe.columns else 0,
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
    known, draft = archive.taken_ids(shared_catalogue(), old), None
    try:
        with working("check", "", t("The file is read"), t) as show:
            draft = make_draft(held.path, recipe, import_words(), default_folder(), known, actor.name, held.name, show)
            changes = take_place(draft, old) if old else None
            doubles = doubles_of(draft.folder, without_imports(inputs_in(), [each.id for each in old]))
        st.session_state[CHECKED] = Checked(draft, held, recipe, tuple(each.id for each in old), changes, doubles)
    except CatalogueError as error:
        st.error(t("The file cannot be read so: {reason}", reason=plain(str(error))), icon=":material/error:")
    except BaseException:  # somebody stopped it when the draft was made
        if draft:
            draft.drop()
        raise


def _show_result(checked: Checked, actor: Account, t: Translator) -> None:
    draft, counts = checked.draft, checked.draft.counts
    numbers = {name: f"**{counts[name]:,}**" for name in ("rows", "imported", "waiting", "centres", "facts")}
    words = t(
        "Rows: {rows}. Good: {imported}. Waiting: {waiting}. New centres: {centres}. New facts: {facts}.", **numbers
    )
    if checked.changes:  # what of it is new stands below
        words = t("Rows: {rows}. Good: {imported}. Waiting: {waiting}. Centres: {centres}. Facts: {facts}.", **numbers)
    st.markdown(words)
    passed = []
    if counts["empty"] or counts["above"]:
        passed.append(t("Passed over: empty rows {empty}, rows above the heads {above}.",
                        empty=f"{counts['empty']:,}", above=f"{counts['above']:,}"))  # fmt: skip
    if draft.unused:
        passed.append(t("Columns left out: {columns}.", columns=plain(", ".join(draft.unused))))
    st.caption(" ".join(passed))
    if checked.changes:
        _show_changes(checked.changes, draft, t)
    if checked.doubles and checked.doubles.centres:
        own = source_of(checked.recipe, datetime.now(UTC).date()).id
        there = shared_catalogue().sources().values()
        titles = {each.id: plain(each.title) for each in there if each.id.startswith(LIST) and each.id != own}
        st.info(draft_words(checked.doubles, titles, t), icon=":material/join_left:")
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
        count = f"{counts['imported']:,}"
        words = t("Import the good rows: {count}", count=count)
        if checked.changes:
            words = t("Replace the older list, with the good rows: {count}", count=count)
        is_wanted = bool(counts["imported"]) and st.button(
            words, key="import_keep", type="primary", icon=":material/publish:"
        )
        if draft.groups:
            st.download_button(t("All problems (CSV)"), lambda: problems_as_csv(draft.folder, t), "problems.csv",
                               "text/csv", on_click="ignore", key="import_problems")  # fmt: skip
        if counts["waiting"]:
            st.download_button(t("Rows that wait (CSV)"), lambda: waiting_as_csv(draft.folder, t), "waiting.csv",
                               "text/csv", on_click="ignore", key="import_waiting")  # fmt: skip
    if is_wanted:
        _keep(checked, actor, t)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(t("Keep these choices as a recipe"), checked.recipe.name, key="import_recipe_name")
        if st.button(t("Keep"), key="import_keep_recipe") and name:
            _keep_recipe(checked.recipe, name, t)


def _show_changes(changes: Changes, draft: Draft, t: Translator) -> None:
    """Show what the newer list changes, before anything is changed."""
    st.markdown(f"**{t('What the newer list changes')}**")
    numbers = {name: f"**{count:,}**" for name, count in asdict(changes).items()}
    st.markdown(
        t("Centres: {added} new, {changed} changed, {gone} no more there, {same} as before. "
          "Facts: {facts_added} new, {facts_gone} no more there. Older facts stay in the history.", **numbers)
    )  # fmt: skip
    if changes.gone and draft.counts["waiting"]:
        st.caption(t("Rows that wait count as no more there, until they are corrected and imported."))
    if changes.gone > changes.changed + changes.same:
        st.warning(t("Most centres of the older list are not in this one. Is it the whole list?"),
                   icon=":material/warning:")  # fmt: skip
    rows = list(islice(change_rows(draft.folder, t), _CHANGES_SHOWN))
    if not rows:
        return
    table = {head: [row[place] for row in rows] for place, head in enumerate(change_head(t))}
    st.dataframe(table, hide_index=True, height="content" if len(rows) < 12 else 320,
                 alt=t("What the newer list changes"))  # fmt: skip
    st.download_button(t("All changes (CSV)"), lambda: changes_as_csv(draft.folder, t), "changes.csv", "text/csv",
                       on_click="ignore", key="import_changes", icon=":material/download:")  # fmt: skip


def _show_groups(draft: Draft, t: Translator) -> None:
    """Show equal problems as one line each."""
    shown = draft.groups[:_GROUPS_SHOWN]
    words = [problem_words(group.code, group.value, group.detail, t) for group in shown]
    table = {
        t("Rows"): [group.count for group in shown],
        t("What is wrong"): [wrong for wrong, _ in words],  # so early that a phone shows it
        t("What to do"): [remedy for _, remedy in words],
        t("Column"): [group.column for group in shown],
        t("Value"): [group.value for group in shown],
        t("First rows"): [", ".join(map(str, group.rows)) for group in shown],
        t("What it does"): [t("holds the row back") if group.holds_back else t("only a note") for group in shown],
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


def _keep(checked: Checked, actor: Account, t: Translator) -> None:
    id_ = checked.draft.folder.name
    try:
        with working("keep", id_, t("The catalogue is built with the new centres"), t) as show:
            archive.keep(checked.draft, default_folder(), progress=show)
            record(actor, "import_replaced" if checked.changes else "import_made", id_)
    except CatalogueError as error:
        st.error(t("Nothing was imported: {reason}", reason=plain(str(error))), icon=":material/error:")
        return
    _forget(id_)
    st.rerun()


def _forget(id_: str) -> None:
    """Forget the file of an import that was made, to begin anew below the words that it was."""
    st.session_state[DONE] = id_
    st.session_state.pop(CHECKED, None)
    let_go()


def _keep_recipe(recipe: Recipe, name: str, t: Translator) -> None:
    try:
        save_recipe(default_folder() / "recipes", replace(recipe, name=name.strip()))
    except CatalogueError as error:
        st.error(plain(str(error)), icon=":material/error:")
    else:
        st.success(t("The recipe is kept."), icon=":material/check:")


def _show_done(actor: Account, t: Translator) -> None:
    """Show the import that was just made, with the way back and the rows that wait."""
    done = next(
        (each for each in archive.read_imports(default_folder()) if each.id == st.session_state.get(DONE)), None
    )
    if done is None or not done.counts:
        return
    counts = done.about["counts"]
    words = t("It is in the catalogue now, for everyone. New centres: {centres}. Rows that wait: {waiting}.",
              centres=f"{counts['centres']:,}", waiting=f"{counts['waiting']:,}")  # fmt: skip
    if done.about.get(REPLACES):
        words = t("It is in the catalogue now, for everyone, in the place of the older list. Centres: {centres}. "
                  "Rows that wait: {waiting}.",
                  centres=f"{counts['centres']:,}", waiting=f"{counts['waiting']:,}")  # fmt: skip
    st.success(words, icon=":material/check:")
    with st.container(horizontal=True):
        if st.button(t("Undo the import"), key="import_undo_now", icon=":material/undo:"):
            change("undo", done.id, actor, t)
        if counts["waiting"]:
            offer_waiting(done, t, "import_done")


def _show_stopped(t: Translator) -> None:
    """Say what became of work that somebody stopped."""
    stopped = stopped_work(default_folder())
    if stopped is None:
        return
    kind, id_, was_done = stopped
    if kind == "keep" and was_done:
        _forget(id_)
    elif was_done:
        st.info(t("It was done before it could be stopped: see the imports below."), icon=":material/info:")
    else:
        st.info(t("It was stopped. Nothing was changed."), icon=":material/cancel:")
