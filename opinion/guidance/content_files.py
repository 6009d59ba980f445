"""Reads the TOML files of a folder such as ``data/guidance``; every fault is named with file, entry and remedy."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from opinion.errors import ContentError, did_you_mean
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


def need_known(id_: str, known: Sequence[str], word: str, where: str) -> None:
    """Raise ``ContentError`` unless ``id_`` is one of ``known``; ``word`` says what those are, ``where`` the entry."""
    if id_ not in known:
        raise ContentError(f"{where}: '{id_}' is no {word}.{did_you_mean(id_, list(known))}")


def need_date(text: str, key: str, where: str) -> None:
    """Raise ``ContentError`` unless ``text`` is an ISO date; ``key`` is its key in the entry ``where``."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ContentError(f"{where}: {key} '{text}' is no date. Write it as 2026-11-22.") from None
