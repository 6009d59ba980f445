"""Turns a word of somebody's list into what it means: a country, a disease area, a machine, a title, yes or no.

A word means something only as a whole. What is merely like a known word is proposed to a person, never taken:
Niger is not Nigeria.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from opinion.centres.names import search_key
from opinion.errors import CatalogueError
from opinion.vocabularies import DATA, country_codes, designations, disease_areas, equipment

WORDS = DATA / "centres" / "import_words.toml"
COLUMNS = DATA / "centres" / "import_columns.toml"

VOCABULARIES = ("disease_areas", "equipment", "designations")
"""The vocabularies whose words stand in cells, or as heads over a column of yes and no."""

_ALIKE = 80.0  # percent of letters, as rapidfuzz counts them: what is like a word is only proposed
_CODE = 3  # letters of the longest code of a country
_SIGNS = 10  # spaces and signs around a word, as in "( n/a )"
_SHORTEST = 4  # letters of a word for which another is proposed


@lru_cache(100_000)  # lists say the same words again and again
def key_of(word: str) -> str:
    """Return ``word`` as words are compared: as search does; a short one or one of signs, as ``AE`` or ``✓``, as it is.

    Search takes "ae" for "a", which would make one code of two.
    """
    bare = "".join(word.split()).casefold()
    return bare if len(bare) <= _CODE and bare.isascii() else search_key(word) or bare


@dataclass(frozen=True)
class Words:
    """What words mean, by their key.

    For each vocabulary and ``countries`` the id, for ``heads`` the field, for ``totals`` that it is a sum.
    """

    meanings: Mapping[str, Mapping[str, str]]

    def find(self, kind: str, word: str) -> str:
        """Return the id that ``word`` means, ``""`` if none is known."""
        return self.meanings[kind].get(key_of(word), "")

    def propose(self, kind: str, word: str) -> str:
        """Return the id of the known word that ``word`` is most like, ``""`` if it is like none."""
        key, known = key_of(word), self.meanings[kind]
        if len(key) < _SHORTEST:
            return ""
        found = process.extractOne(key, known.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return known[found[0]] if found else ""


def read_words(
    country_names: Iterable[Mapping[str, str]] = (), everyday_words: Mapping[str, str] | None = None
) -> Words:
    """Return the words of our tables and of the vocabularies.

    ``country_names``: for each language, names by code. ``everyday_words``: by disease area what people say for it,
    joined by commas. Raises ``CatalogueError`` if a table names an id that there is not.
    """
    content, columns = _content(WORDS), _content(COLUMNS)
    found: dict[str, dict[str, str]] = {
        "heads": _by_key(COLUMNS, columns["heads"]),
        "totals": _by_key(COLUMNS, columns["totals"]),
        "countries": _countries(content["countries"], country_names),
    }
    for kind in VOCABULARIES:
        meanings = _by_key(WORDS, content[kind], set(labels_of(kind)))
        for id_, label in labels_of(kind).items():
            meanings |= {key_of(id_.replace("_", " ")): id_, key_of(id_): id_, key_of(label): id_}
        found[kind] = meanings
    known = found["disease_areas"]
    found["disease_areas"] = _everyday(everyday_words or {}) | known
    return Words(found)


def _everyday(words: Mapping[str, str]) -> dict[str, str]:
    """Return areas by what people say; what they say for two areas, or for one no centre has, means none."""
    areas: dict[str, set[str]] = {}
    for area, said in words.items():
        for word in said.split(","):
            areas.setdefault(key_of(word), set()).add(area)
    return {key: min(each) for key, each in areas.items() if len(each) == 1 and each <= set(labels_of("disease_areas"))}


def labels_of(kind: str) -> dict[str, str]:
    """Return the ids of a vocabulary, or of ``countries``, that a centre may have, with their labels in English."""
    if kind == "equipment":
        return {id_: item.label for id_, item in equipment().items()}
    if kind == "designations":
        return {id_: item.label for id_, item in designations().items()}
    if kind == "disease_areas":
        return {id_: area.label for id_, area in disease_areas().items() if not area.patients_only}
    return {code: code for code in country_codes()}


@cache
def answers() -> Mapping[str, str]:
    """Return what the words for ``yes``, ``no`` and ``unknown`` mean, by their key."""
    return _by_key(WORDS, _content(WORDS)["answers"])


@cache
def _unknown_words() -> tuple[frozenset[str], int]:
    """Return the keys of words such as ``n/a``, and with how many letters and signs one may be written at most."""
    found = frozenset(key for key, meaning in answers().items() if meaning == "unknown")
    return found, max(map(len, found)) + _SIGNS


def is_unknown(text: str) -> bool:
    """Say whether a cell says nothing: it is empty, or a word such as ``n/a``, of which none has a digit."""
    if not text:
        return True
    if text[0].isdecimal() or text[-1].isdecimal():  # as many cells: sooner than by the key
        return False
    words, longest = _unknown_words()
    return len(text) <= longest and key_of(text) in words


def _content(path: Path) -> dict[str, dict[str, list[str]]]:
    try:
        found: dict[str, dict[str, list[str]]] = tomllib.loads(path.read_text("utf-8"))
    except OSError:
        raise CatalogueError(f"{path} is missing. Restore it: it says what the words of lists mean.") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path} is not valid TOML: {error}. Correct it there.") from None
    return found


def _by_key(path: Path, words: Mapping[str, Iterable[str]], known: set[str] | None = None) -> dict[str, str]:
    found: dict[str, str] = {}
    for id_, each in words.items():
        if known is not None and id_ not in known:
            raise CatalogueError(f"{path}: {id_!r} is not in the vocabulary. Correct it there.")
        for word in each:
            if found.setdefault(key_of(word), id_) != id_:
                raise CatalogueError(f"{path}: {word!r} stands under {found[key_of(word)]!r} and {id_!r}. Keep one.")
    return found


def _countries(aliases: Mapping[str, Iterable[str]], names: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return codes by name. A name that is one country's in one language and another's in the next names none."""
    found: dict[str, str] = {}
    unclear: set[str] = set()
    for each in names:
        for code, name in each.items():
            if found.setdefault(key_of(name), code) != code:
                unclear.add(key_of(name))
    for key in unclear:
        del found[key]
    for line in (DATA / "geo" / "iso3.txt").read_text("utf-8").splitlines():
        code, long = line.split()
        found[key_of(long)] = code
    found |= {key_of(code): code for code in country_codes()}
    return found | _by_key(WORDS, aliases, set(country_codes()))
