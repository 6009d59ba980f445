"""What the lists beside the rules share: entries with the day of their last check, and the files they are read from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opinion.guidance.content_files import ContentFiles, need_date, need_known
from opinion.guidance.contents import FOLDER, load_guidance


@dataclass(frozen=True, kw_only=True)
class CheckedEntry:
    """An entry with the day of its last check (``checked``, an ISO date); ``reviewed``: whether by a clinician."""

    id: str
    checked: str
    reviewed: bool


@dataclass(frozen=True, kw_only=True)
class SourcedEntry(CheckedEntry):
    """An entry that rests on ``sources``: ids of ``sources.toml``."""

    sources: tuple[str, ...]


class EntryFiles(ContentFiles):
    """The files of ``folder`` (``None``: the bundled ``data/guidance``), with the ``guidance`` that entries speak of.

    Raises:
        ContentError: the guidance of the folder is at fault.

    """

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder or FOLDER)
        self.guidance = load_guidance(folder)

    def sourced(self, row: dict[str, Any], where: str) -> dict[str, Any]:
        """Return ``row`` as a ``SourcedEntry`` takes it, its sources and date checked; ``where`` is file and entry.

        Raises:
            ContentError: a source is not known, or the day of the check is no date.

        """
        for source in row["sources"]:
            need_known(source, list(self.guidance.sources), "source", where)
        need_date(row["checked"], "checked", where)
        return {**row, "sources": tuple(row["sources"])}
