"""Has one process at a time, or one thread of it, change what stands in a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock on ``file``, an empty file made for it; wait for who holds it. A killed process holds nobody up."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as held:
        if os.name == "posix":
            import fcntl  # not on Windows, where one process at a time changes the catalogue

            fcntl.flock(held, fcntl.LOCK_EX)
        yield
