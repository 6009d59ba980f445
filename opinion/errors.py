"""The exceptions of the package: each says where, what is wrong and what to do.

OpinionError
├── ContentError      a file under data/ is wrong (file, entry, what, remedy)
├── AnswersError      somebody's answers are wrong: all problems at once
├── CatalogueError    the catalogue cannot be built, found or read
│   └── ListError     a list cannot be read or imported: its text is translated, for who gave the list
├── StorageError      the database or its keys cannot be used
├── ChangedMeanwhileError   somebody else has changed a row since it was read
└── RefusedError      the agency does not do what was asked: it says why, and what to do instead
"""

from dataclasses import dataclass
from difflib import get_close_matches


class OpinionError(Exception):
    """Base of every error that this package raises on purpose."""


class ContentError(OpinionError):
    """A file under ``data/`` is wrong. The message names file, entry, fault and remedy."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a set of answers.

    ``key`` is the answer's key (``"wishes.abroad"`` inside wishes, ``""`` for the whole), ``value`` what was
    given (its JSON text, ``""`` if there is none), ``message`` what is wrong and what to do.
    """

    key: str
    value: str
    message: str

    def __str__(self) -> str:
        """Give the one line that a person reads."""
        where = f"{self.key}: " if self.key else ""
        value = f"{self.value} " if self.value else ""
        return f"{where}{value}{self.message}"


class AnswersError(OpinionError):
    """Somebody's answers cannot be used. ``problems`` holds every fault found, in the order of the input."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class CatalogueError(OpinionError):
    """The catalogue of centres cannot be built, found or read. The message says what to do."""


class ListError(CatalogueError):
    """A list cannot be read, imported or taken back. ``text`` says where, what and what to do, for a curator.

    ``text`` is literal, so that it is found for translation; what stands in braces in it is in ``parts``.
    """

    def __init__(self, text: str, **parts: str) -> None:
        super().__init__(text.format(**parts))
        self.text, self.parts = text, parts


class StorageError(OpinionError):
    """The database, or a key of its sealed columns, cannot be used. The message says what to do."""


class ChangedMeanwhileError(OpinionError):
    """Somebody else has changed a row since it was read; nothing was written."""


class RefusedError(OpinionError):
    """What was asked of the agency is not done.

    ``reason`` is an id, by which a page finds its own words; the message says why, and what to do instead.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def did_you_mean(word: str, known: list[str]) -> str:
    """Return `` Did you mean 'x'?`` for the nearest of ``known`` to ``word``, or an empty string."""
    close = get_close_matches(word, known, n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
