"""Turns ``data/centres/sources.toml`` into sources: who published what, where, when, under which licence."""

import tomllib
from dataclasses import dataclass

from opinion.centres.decisions import CORRECTIONS, read_revisions
from opinion.centres.inputs import Inputs, read_about
from opinion.errors import CatalogueError


@dataclass(frozen=True)
class Source:
    """One source. ``ship``: its facts may leave with the repository; ``why`` says why, or why not.

    ``address`` is the publisher's, ``read_from`` the copy that was read. ``published`` is a date, a month, a year
    or a period as ``from/to``. ``record`` is the address of one record with ``{id}`` in it, or empty.
    """

    id: str
    title: str
    publisher: str
    address: str
    read_from: str
    published: str
    accessed: str
    licence: str
    ship: bool
    why: str
    attribution: str
    record: str = ""


_CORRECTIONS = Source(
    id=CORRECTIONS,
    title="Corrections",
    publisher="The curators of this site",
    address="",
    read_from="",
    published="",
    accessed="",
    licence="single facts, each with the page on which a curator read it",
    ship=True,
    why="A curator read what a source does not say, or says wrongly.",
    attribution="Corrections by the curators of this site.",
)


def read_sources(inputs: Inputs | None = None) -> dict[str, Source]:
    """Return the sources of ``inputs`` (default: of this repository) by id.

    First those of ``sources.toml``, then of releases and imports, last the curators, if they corrected something.
    Releases and imports of one source follow each other: what the last one says of it holds. Raises
    ``CatalogueError`` if the file is missing, a block lacks a key, or a shipped source has no licence, address, date or
    attribution.
    """
    inputs = inputs or Inputs()
    path = inputs.tables / "sources.toml"
    if not path.is_file():
        raise CatalogueError(f"{path} is missing. Restore it: it says where every fact comes from.")
    sources: dict[str, Source] = {}
    for block in tomllib.loads(path.read_text("utf-8"))["source"]:
        try:
            source = Source(**block)
        except TypeError as error:
            raise CatalogueError(f"{path}, source {block.get('id')!r}: {error}. Complete the block.") from None
        needed = (source.title, source.publisher, source.address, source.published, source.licence, source.why)
        if not all(needed) or (source.ship and not source.attribution):
            raise CatalogueError(f"{path}, source {source.id!r}: a value is empty. Fill it in.")
        if source.id in sources:
            raise CatalogueError(f"{path}: source {source.id!r} stands there twice. Keep one.")
        sources[source.id] = source
    for folder in inputs.parts:
        described = Source(**read_about(folder)["source"])
        sources[described.id] = described
    if any(each.kind == "correct" for each in read_revisions(inputs.decisions).standing):
        sources[CORRECTIONS] = _CORRECTIONS
    return sources
