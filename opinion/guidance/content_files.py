"""Reads the TOML files of a folder such as ``data/guidance``; every fault is named with file, entry and remedy."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from opinion.errors import ContentError
from opinion.guidance.conditions import Condition, Name, compile_condition


class ContentFiles:
    """The TOML files of one ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> dict[str, Any]:
        """Return the content of the file ``name``.

        Raises:
            ContentError: the file is missing or not valid TOML.

        """
        try:
            return tomllib.loads((self.folder / name).read_text("utf-8"))
        except FileNotFoundError:
            raise ContentError(f"data/guidance/{name}: the file is missing. Restore it.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ContentError(f"data/guidance/{name}: not valid TOML: {error}") from None

    def unique(
        self, file: str, word: str, rows: list[dict[str, Any]], build: Callable[[dict[str, Any]], Any]
    ) -> Mapping[str, Any]:
        """Return what ``build`` makes of each row, by the row's id, in the order of the file.

        Raises:
            ContentError: an id or a needed key is missing, or an id is used twice.

        """
        found: dict[str, Any] = {}
        for row in rows:
            if "id" not in row:
                raise ContentError(f"data/guidance/{file}: a {word} has no id. Give it one.")
            if row["id"] in found:
                raise ContentError(f"data/guidance/{file}, {word} {row['id']}: the id is used twice. Rename one.")
            try:
                found[row["id"]] = build(row)
            except (KeyError, TypeError) as error:
                raise ContentError(
                    f"data/guidance/{file}, {word} {row['id']}: {error} is missing or misspelt. See its neighbours."
                ) from None
        return MappingProxyType(found)

    def condition(self, text: str, names: Mapping[str, Name], where: str) -> Condition:
        """Compile a condition over ``names``; ``where`` is its file and entry.

        Raises:
            ContentError: see ``compile_condition``.

        """
        return compile_condition(text, names, f"data/guidance/{where}")
