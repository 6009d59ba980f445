"""Files of a case, such as letters and pictures: type and size are checked, name and content are sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from opinion.agency import audits
from opinion.agency.accounts import Account
from opinion.agency.casework import current_request
from opinion.agency.requests import ENDED, Request, now, shown_names
from opinion.agency.tables import files
from opinion.errors import RefusedError
from opinion.storage.stores import Store

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of one file."""

MOST = 50
"""Files of one request."""

LONGEST_NAME = 120
_STARTS: Final = (
    (b"%PDF-", 0, "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png", "png"),
    (b"\xff\xd8\xff", 0, "image/jpeg", "jpg"),
    (b"DICM", 128, "application/dicom", "dcm"),
)
ENDINGS = tuple(ending for *_, ending in _STARTS)
"""Endings of the types that are taken; the content decides, not the name."""


@dataclass(frozen=True)
class CaseFile:
    """A file without its content. ``size`` in bytes; ``author``: a shown name."""

    id: str
    name: str
    media_type: str
    size: int
    author: str
    at: datetime


def add_file(store: Store, actor: Account, reference: str, name: str, content: bytes) -> None:
    """Keep a file of a case.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn``, ``ended``, ``empty``, ``too_large``,
            ``too_many`` or ``unknown_type``.

    """
    request = current_request(store, actor, reference)
    if request.status in ENDED:
        raise RefusedError("ended", "This request has ended. Open it again first.")
    if not content:
        raise RefusedError("empty", "The file is empty. Choose another one.")
    if len(content) > LARGEST:
        raise RefusedError("too_large", f"The file is too large. It may have {LARGEST // 1024 // 1024} MB.")
    media_type = _media_type(content)
    with store.writing() as connection:
        held = connection.execute(select(func.count()).where(files.c.request_id == request.id)).scalar() or 0
        if held >= MOST:
            raise RefusedError("too_many", f"A case holds {MOST} files at most. Erase one first.")
        store.insert(connection, files, request_id=request.id, name=_safe_name(name), media_type=media_type,
                     size=len(content), content=content, author_id=actor.id, at=now())  # fmt: skip
        audits.note(connection, actor.actor, "file_added", reference)


def files_of(store: Store, actor: Account, request: Request) -> list[CaseFile]:
    """Return the files of a request, oldest first."""
    if not actor.may("coordinator"):
        raise RefusedError("not_allowed", "Only coordinators may see requests.")
    with store.reading() as connection:
        rows = store.find(connection, files, files.c.request_id == request.id, order=[files.c.at, files.c.id],
                          only=("name", "media_type", "size", "author_id", "at"))  # fmt: skip
        names = shown_names(connection)
    return [
        CaseFile(row["id"], row["name"], row["media_type"], row["size"], names.get(row["author_id"], ""), row["at"])
        for row in rows
    ]


def content_of(store: Store, actor: Account, reference: str, file_id: str) -> tuple[str, str, bytes]:
    """Return name, media type and content of a file; that it was opened is noted in the audit trail.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request``, ``withdrawn`` or ``unknown_file``.

    """
    request = current_request(store, actor, reference)
    with store.writing() as connection:
        row = store.find_one(connection, files, files.c.id == file_id, files.c.request_id == request.id)
        if row is None:
            raise RefusedError("unknown_file", "There is no such file. It may have been erased.")
        audits.note(connection, actor.actor, "file_opened", reference)
    return row["name"], row["media_type"], row["content"]


def drop_file(store: Store, actor: Account, reference: str, file_id: str) -> None:
    """Erase a file.

    Raises:
        RefusedError: ``not_allowed``, ``unknown_request`` or ``withdrawn``.

    """
    request = current_request(store, actor, reference)
    with store.writing() as connection:
        store.erase(connection, files, files.c.id == file_id, files.c.request_id == request.id)
        audits.note(connection, actor.actor, "file_erased", reference)
    store.shred()


def _media_type(content: bytes) -> str:
    for start, offset, media_type, _ in _STARTS:
        if content[offset : offset + len(start)] == start:
            return media_type
    raise RefusedError("unknown_type", "This type of file is not taken. Choose a PDF, PNG, JPEG or DICOM file.")


def _safe_name(name: str) -> str:
    """Return the name without folders and without signs that a browser or a system could take for orders."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign if sign.isalnum() or sign in " ._-()" else "_" for sign in last).strip(" .")
    return kept[-LONGEST_NAME:] or "file"
