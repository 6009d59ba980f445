"""Turns ``data/matching/everyday_words.toml`` into the words that people say for each disease area."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from opinion.errors import ContentError, did_you_mean
from opinion.matching.weights import FOLDER
from opinion.vocabularies import disease_areas


@cache
def everyday_words(folder: Path = FOLDER) -> Mapping[str, str]:
    """Return by disease area the words that people say for it, joined by commas (an English source text).

    Raises ``ContentError`` with file, entry and remedy on the first fault.
    """
    path = folder / "everyday_words.toml"
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError:
        raise ContentError(f"{path} is missing. Restore it: it says which words find a disease area.") from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path} is not valid TOML: {error}. Correct it there.") from None
    known = [area for area in disease_areas() if area != "other"]
    for area, row in content.items():
        if area not in known:
            raise ContentError(f"{path}: {area!r} is not a disease area.{did_you_mean(area, known)}")
        if not isinstance(row, dict) or set(row) != {"text"} or not isinstance(row["text"], str) or not row["text"]:
            raise ContentError(f'{path}, {area}: give {{ text = "word, word" }}.')
    missing = [area for area in known if area not in content]
    if missing:
        raise ContentError(f"{path}: {missing[0]!r} has no words. Add them.")
    return {area: content[area]["text"] for area in known}
