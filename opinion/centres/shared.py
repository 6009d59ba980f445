"""Holds the one catalogue of a process: pages, the API and every thread share it, so that it is in memory once."""

import threading
from functools import cache
from pathlib import Path

from opinion.centres.catalogues import Catalogue, load_catalogue
from opinion.centres.fact_database import FACTS_DATABASE
from opinion.centres.filters import parameters
from opinion.centres.inputs import default_folder
from opinion.centres.packing import PACKED

_loading = threading.Lock()
_Mark = tuple[tuple[int, int], ...]
_marks: list[_Mark] = []  # of the packed files that were loaded


def shared_catalogue() -> Catalogue:
    """Return the catalogue, loaded when it is first asked for; it never changes and holds nothing about visitors.

    When an import, or one taken back, has put other packed files in the place of those that were loaded, the next
    call loads these, in every process; who holds the old catalogue goes on with it. Raises ``CatalogueError`` as
    ``load_catalogue`` does; the next call then tries again.
    """
    with _loading:  # or two first requests would both load it
        if _marks and _marks[0] != _mark():
            _loaded.cache_clear()
            parameters.cache_clear()  # they name the sources
        found = _loaded()
        _marks[:] = [_mark()]
        return found


def loaded_catalogue() -> Catalogue | None:
    """Return the catalogue that this process has in use; ``None`` if nobody has asked for it yet. Loads nothing."""
    with _loading:
        return _loaded() if _loaded.cache_info().currsize else None


@cache
def _loaded() -> Catalogue:
    return load_catalogue()


def _mark() -> _Mark:
    """Return what tells the packed files from others that are put in their place."""
    return tuple(_mark_of(default_folder() / name) for name in (PACKED, FACTS_DATABASE))


def _mark_of(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_ino, status.st_mtime_ns)
