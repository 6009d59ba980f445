"""The recipes that are kept, on the page Import: which imports used them; another name; deleted, and brought back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from opinion.centres.imports import recipes
from opinion.centres.imports.archive import Import
from opinion.centres.imports.recipes import Recipe
from opinion.centres.inputs import default_folder
from opinion.errors import CatalogueError
from opinion.exchange.import_wordings import error_words, field_words
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.import_history import title_of
from opinion.ui.results import fold
from opinion.ui.said import show_said

_SAID = "import_recipe_said"  # in the session: what was just done to a recipe, in words


def recipe_folder() -> Path:
    """Return where recipes are kept."""
    return default_folder() / "recipes"


def show_recipes(imports: list[Import], t: Translator) -> None:
    """Show the recipes, folded, if one was ever kept; ``imports``: all, of which some used them."""
    folder = recipe_folder()
    names, deleted = recipes.recipe_names(folder), recipes.deleted_names(folder)
    if names or deleted:
        fold(t("Recipes"), "import_recipes", lambda: _show_folded(names, deleted, imports, t))


def _show_folded(names: list[str], deleted: list[str], imports: list[Import], t: Translator) -> None:
    said = st.session_state.pop(_SAID, "")
    if said:
        show_said("recipes", said)
    name = st.selectbox(t("A recipe that is kept"), names, None, key="import_recipe_shown", placeholder=t("Choose one"))
    if name is not None:
        _show_recipe(name, imports, t)
    if deleted:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            gone = st.selectbox(t("Deleted, or replaced by a later one"), deleted, None, key="import_recipe_deleted",
                                placeholder=t("Choose one"))  # fmt: skip
            is_asked = st.button(t("Bring it back"), key="import_recipe_restore", icon=":material/undo:")
        if is_asked and gone is not None:
            _do(lambda: recipes.restore_recipe(recipe_folder(), gone),
                t("The recipe “{name}” is there again.", name=plain(gone)), t)  # fmt: skip


def _show_recipe(name: str, imports: list[Import], t: Translator) -> None:
    """Show whose lists a recipe is for, which imports used it, and what can be done with it."""
    folder = recipe_folder()
    try:
        recipe = recipes.read_recipe(folder, name)
    except CatalogueError as error:
        st.error(plain(error_words(error, t)), icon=":material/error:")
        return
    used = [each for each in imports if is_used(recipe, each)]
    columns = [f"{column} → {field_words(field, t)}" for column, field in recipe.columns.items() if field]
    lines = [t("For: {title}, {publisher}.", title=recipe.source.title, publisher=recipe.source.publisher),
             t("Columns: {columns}.", columns=", ".join(columns)),
             *([t("Formerly: {names}.", names=", ".join(recipe.former_names))] if recipe.former_names else ()),
             *(t("Used by: {import_}", import_=title_of(each, t)) for each in used)]  # fmt: skip
    if not used:
        lines.append(t("No import used it yet."))
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        new_name = st.text_input(t("Another name"), key=f"import_recipe_name_{name}", max_chars=60).strip()
        if st.button(t("Rename"), key="import_recipe_rename", icon=":material/edit:") and new_name:
            _do(lambda: recipes.rename_recipe(folder, name, new_name),
                t("The recipe is called “{name}” now.", name=plain(new_name)), t)  # fmt: skip
        if st.button(t("Delete"), key="import_recipe_delete", icon=":material/delete:"):
            _do(lambda: recipes.delete_recipe(folder, name),
                t("The recipe “{name}” is deleted. You can bring it back below.", name=plain(name)), t)  # fmt: skip


def is_used(recipe: Recipe, each: Import) -> bool:
    """Say whether an import used a recipe: under this name or a former one, or the same choices before it was kept."""
    used = each.about.get("recipe", {})
    return used.get("name") in (recipe.name, *recipe.former_names) or _choices(used) == _choices(asdict(recipe))


def _choices(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a recipe says of a list, whenever it is of and in whatever form it comes."""
    said = {name: recipe.get(name) for name in ("columns", "values", "is_pivoted", "country")}
    return said | {"source": {**recipe.get("source", {}), "date": ""}}


def _do(step: Callable[[], None], said: str, t: Translator) -> None:
    try:
        step()
    except CatalogueError as error:
        st.error(plain(error_words(error, t)), icon=":material/error:")
        return
    st.session_state[_SAID] = said
    st.session_state.pop("import_recipe_shown", None)
    st.session_state.pop("import_recipe_deleted", None)
    st.rerun()
