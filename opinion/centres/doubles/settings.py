"""Turns ``data/centres/doubles.toml`` into words, weights and thresholds."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from opinion.centres.inputs import TABLES
from opinion.centres.names import search_key
from opinion.errors import CatalogueError

SETTINGS = "doubles.toml"


@dataclass(frozen=True, eq=False)
class Settings:
    """What doubles are looked for with; each table and what it means stands in ``doubles.toml``."""

    reach: Mapping[str, float]
    parts: Mapping[str, float]
    place: Mapping[str, float]
    site: tuple[float, float]
    town: tuple[float, float]
    town_names: Mapping[str, float]
    beds: Mapping[str, float]
    other_website: float
    takes: Mapping[str, float]
    candidates: Mapping[str, float]
    rule_name: str
    rule: Mapping[str, float]
    told_apart: Mapping[str, tuple[str, ...]]
    generic: frozenset[str]
    forms: tuple[str, ...]
    hosts: frozenset[str]

    @cached_property
    def _meanings(self) -> list[tuple[str, re.Pattern[str]]]:
        return [(meaning, _pattern(words)) for meaning, words in self.told_apart.items()]

    @cached_property
    def meanings_of(self) -> Callable[[str], tuple[str, ...]]:
        """What a word (of a search key) tells apart: the names of lists, or the word itself for a number."""

        def find(word: str) -> tuple[str, ...]:
            found = [meaning for meaning, pattern in self._meanings if pattern.search(word)]
            if _NUMBER.fullmatch(word):
                found.append(f"number {word}")
            return tuple(found)

        return lru_cache(maxsize=20_000)(find)


_NUMBER = re.compile(r"\d{1,4}|i{2,3}|iv|v|vi{1,3}|ix")


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    ways = []
    for word in words:
        key = search_key(word.strip("*"))
        # of scripts without spaces a word may stand anywhere
        begin = "" if word.startswith("*") or not key.isascii() else "^"
        end = "" if word.endswith("*") or not key.isascii() else "$"
        ways.append(f"{begin}{re.escape(key)}{end}")
    return re.compile("|".join(ways))


@cache
def read_settings(tables: Path = TABLES) -> Settings:
    """Return the settings in ``tables``. Raises ``CatalogueError`` with the file and the remedy."""
    path = tables / SETTINGS
    try:
        read = tomllib.loads(path.read_text("utf-8"))
        ((rule_name, rule),) = read["rule"].items()
        place = dict(read["place"])
        site, town = place.pop("site"), place.pop("town")
        return Settings(
            read["reach"], read["parts"], place, (site["near"], site["far"]), (town["near"], town["far"]),
            read["town_names"], read["beds"], read["website"]["other"], read["takes"], read["candidates"],
            rule_name, rule,
            {meaning: tuple(words) for meaning, words in read["told_apart"].items()},
            frozenset(search_key(read["generic"]["words"]).split()),
            tuple(read["generic"]["forms"]), frozenset(read["generic"]["hosts"]),
        )  # fmt: skip
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}). Restore it from git.") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"{path}: {error!r} is missing or wrong. Compare it with git.") from None
