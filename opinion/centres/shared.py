"""Holds the one catalogue of a process: pages, the API and every thread share it, so that it is in memory once."""

import threading
from functools import cache

from opinion.centres.catalogues import Catalogue, load_catalogue

_loading = threading.Lock()


def shared_catalogue() -> Catalogue:
    """Return the catalogue, loaded when it is first asked for; it never changes and holds nothing about visitors.

    Raises ``CatalogueError`` as ``load_catalogue`` does; the next call then tries again.
    """
    with _loading:  # or two first requests would both load it
        return _loaded()


@cache
def _loaded() -> Catalogue:
    return load_catalogue()
