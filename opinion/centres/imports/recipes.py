"""Turns the choices of a person about a list into a named recipe, kept in ``var/recipes`` for next month's file."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from opinion.centres.imports.layouts import Layout
from opinion.centres.imports.words import VOCABULARIES, labels_of
from opinion.centres.tables import write_whole
from opinion.errors import ListError
from opinion.vocabularies import country_codes

FIELDS = (
    "id", "name", "name_other", "city", "region", "country", "lat", "lon", "point", "website", "beds", "disease_areas",
    "equipment", "designations", "teaching", "count", "address", "date",
)  # fmt: skip
"""What a column may be. ``point``: both coordinates in one cell; ``count``: how many of the one machine of the row;
``address`` and ``date``: of the row's source. A column of yes and no about one thing is ``equipment:mri``."""

SEVERAL = frozenset(VOCABULARIES)
"""Fields that several columns may be."""

ACCEPTABLE = ("point_at_sea", "point_elsewhere", "letters_broken", "row_of_one_text", "row_of_sum")
"""Problems that may be none: small islands, clinics abroad, a question mark in a name, a centre of which only the name
is known or is a word for a sum."""

_FEW_ROWS, _SHARE_OF_CENTRES = 4, 0.75  # in fewer rows, or with fewer centres that return, nothing is proposed
_DELETED = ".deleted"
_NAME = re.compile(r"[\w][\w .-]{0,59}")


@dataclass(frozen=True)
class ListSource:
    """Who made the list: the source of every fact of an import. ``date``: ISO 8601, of rows without their own."""

    title: str
    publisher: str
    address: str
    licence: str
    date: str = ""


@dataclass(frozen=True)
class Recipe:
    """How a list becomes centres.

    ``columns``: field by name of a column; ``""`` leaves it out. ``values``: for each vocabulary and ``countries``,
    id by word; ``""`` leaves the word out. ``is_pivoted``: one row is one machine, and rows of one centre are put
    together. ``country``: the code for rows without a country, ``""`` if there is none. ``accepted``: the codes of
    ``ACCEPTABLE`` problems that let a row in all the same. ``former_names``: names that it had before; imports tell by
    name which recipe they used.
    """

    name: str
    layout: Layout
    columns: Mapping[str, str]
    source: ListSource
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_pivoted: bool = False
    country: str = ""
    accepted: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()

    def columns_of(self, wanted: str) -> list[str]:
        """Return the columns that are a field, in the order of the file."""
        return [column for column, each in self.columns.items() if each == wanted]


def is_field(name: str) -> bool:
    """Say whether a column may be this field."""
    kind, _, item = name.partition(":")
    return name in FIELDS or (kind in VOCABULARIES and item in labels_of(kind))


def looks_pivoted(columns: Sequence[str], fields: Mapping[str, str], rows: Sequence[Sequence[str]]) -> bool:
    """Say whether one row seems to be one machine: one column of equipment, and centres in several of the first rows.

    ``fields``: what each of ``columns`` is. A proposal, for a person to decide.
    """
    names = ("id",) if "id" in fields.values() else ("name", "city")
    if list(fields.values()).count("equipment") != 1 or not set(names) <= set(fields.values()) or len(rows) < _FEW_ROWS:
        return False
    telling = [place for place, column in enumerate(columns) if fields.get(column) in names]
    centres = {tuple(row[place].strip() for place in telling if place < len(row)) for row in rows}
    return len(centres) <= len(rows) * _SHARE_OF_CENTRES


def recipe_faults(recipe: Recipe) -> list[str]:
    """Return what keeps a recipe from being used, as codes: the person has to decide more."""
    found = []
    used = [each for each in recipe.columns.values() if each]
    if "name" not in used:
        found.append("no_name_column")
    if "country" not in used and not recipe.country:
        found.append("no_country_column")
    if any(used.count(each) > 1 for each in used if each not in SEVERAL):
        found.append("column_twice")
    if ("lat" in used) != ("lon" in used):
        found.append("half_a_point")
    if "count" in used and used.count("equipment") != 1:
        found.append("count_of_what")
    if recipe.is_pivoted and "id" not in used and "city" not in used:
        found.append("pivot_by_what")
    source = recipe.source
    if not all((source.title, source.publisher, source.licence)) or not (source.address or "address" in used):
        found.append("no_source")
    elif source.address and not source.address.startswith(("https://", "http://")):
        found.append("address_not_web")  # it becomes a link beside each fact
    if not source.date and "date" not in used:
        found.append("no_date")
    return found


def save_recipe(folder: Path, recipe: Recipe) -> Path:
    """Keep a recipe under its name in ``folder``, in the place of an older one, which can be brought back.

    Return its file. Raises ``ListError`` if the name is none that a file may have.
    """
    path = _file(folder, recipe.name)
    # next month's list has another day; it is asked for each time
    kept = asdict(replace(recipe, source=replace(recipe.source, date=""), layout=replace(recipe.layout, waited_in="")))
    content = (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode()
    if path.is_file() and path.read_bytes() != content:
        path.replace(_aside(path))
    write_whole(path, content)
    return path


def rename_recipe(folder: Path, name: str, new_name: str) -> None:
    """Give a recipe another name. Raises ``ListError`` if that name is taken or none, or there is no such recipe."""
    recipe, target = read_recipe(folder, name), _file(folder, new_name)
    if target.exists():
        raise ListError("There is a recipe “{name}” already. Choose another name.", name=new_name)
    formerly = dict.fromkeys((*recipe.former_names, name))
    save_recipe(folder, replace(recipe, name=new_name, former_names=tuple(formerly)))
    _file(folder, name).unlink()


def delete_recipe(folder: Path, name: str) -> None:
    """Take a recipe away; it can be brought back. Raises ``ListError`` if there is none of that name."""
    read_recipe(folder, name)
    _file(folder, name).replace(_aside(_file(folder, name)))


def restore_recipe(folder: Path, name: str) -> None:
    """Bring a recipe back that was deleted or replaced; the one that has its name now goes aside.

    Raises ``ListError`` if there is none.
    """
    path, kept = _file(folder, name), folder / "swapped"
    if not _aside(path).is_file():
        raise ListError("There is no deleted recipe “{name}”. Look at the list again.", name=name)
    if path.is_file():
        path.replace(kept)
    _aside(path).replace(path)
    if kept.is_file():
        kept.replace(_aside(path))


def deleted_names(folder: Path) -> list[str]:
    """Return the names of the recipes that were deleted or replaced, sorted."""
    return sorted(path.name.removesuffix(f".json{_DELETED}") for path in folder.glob(f"*.json{_DELETED}"))


def _aside(path: Path) -> Path:
    return path.with_name(path.name + _DELETED)


def read_recipe(folder: Path, name: str) -> Recipe:
    """Return the recipe of that name. Raises ``CatalogueError`` if there is none, or a person broke it by hand."""
    path = _file(folder, name)
    try:
        return recipe_of(json.loads(path.read_text("utf-8")))
    except OSError:
        known = ", ".join(recipe_names(folder)) or "–"
        raise ListError("There is no recipe “{name}”. There are: {known}.", name=name, known=known) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ListError("The recipe “{name}” is damaged. Make it anew, or correct {path}.", name=name,
                        path=str(path)) from error  # fmt: skip


def recipe_of(given: Mapping[str, Any]) -> Recipe:
    """Return the recipe that JSON describes. Raises ``ValueError``, ``TypeError`` or ``KeyError`` if it is none."""
    unknown = set(given) - {each.name for each in fields(Recipe)}
    if unknown:
        raise ValueError(f"{min(unknown)!r} is unknown")
    parts = {"layout": Layout(**given["layout"]), "source": ListSource(**given["source"])}
    lists = {name: tuple(given.get(name, ())) for name in ("accepted", "former_names")}
    recipe = Recipe(**{**given, **parts, **lists})
    wrong = [each for each in recipe.columns.values() if each and not is_field(each)]
    wrong += [f"{kind}: {id_}" for kind, words in recipe.values.items() for id_ in words.values()
              if id_ and id_ not in labels_of(kind)]  # fmt: skip
    wrong += [code for code in recipe.accepted if code not in ACCEPTABLE]
    wrong += [recipe.country] if recipe.country and recipe.country not in country_codes() else []
    if wrong:
        raise ValueError(f"{wrong[0]!r} is unknown")
    return recipe


def recipe_names(folder: Path) -> list[str]:
    """Return the names of the recipes that are kept, sorted."""
    return sorted(path.stem for path in folder.glob("*.json"))


def _file(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ListError("“{name}” is no name for a recipe. Use up to 60 letters, digits, spaces and - _ .", name=name)
    return folder / f"{name}.json"
