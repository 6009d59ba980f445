"""Turns the name of a file on the command line into its text."""

import sys
from pathlib import Path

from opinion.errors import AnswersError, Problem


def read_text(name: str) -> str:
    """Return the text of a file, ``-`` for standard input. Raises ``AnswersError`` if it cannot be read as UTF-8."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        message = f"cannot be read: {error.strerror}. Check the name of the file."
    except UnicodeDecodeError:
        message = "is not UTF-8 text. Save it as UTF-8."
    raise AnswersError([Problem(name, "", message)])
