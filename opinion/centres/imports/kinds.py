"""Turns the first bytes of a file into what it is, where its name says something else."""

from pathlib import Path

from opinion.errors import CatalogueError

_HEAD_BYTES = 4096
_PAGES = (b"<!doctype html", b"<html", b"<table", b"<?xml")

_ANOTHER = "Ask for the list as a spreadsheet or CSV."
# The bytes with which a file begins, what it is then, the endings of names that it may have, and what to do.
_SIGNS = (
    (b"%PDF", "a PDF", (), _ANOTHER),
    (b"PK\x03\x04", "a spreadsheet or a packed folder", (".xlsx", ".xlsm", ".ods"),
     "Give it a name that ends in .xlsx or .ods, or unpack it."),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet of an old kind, or is protected by a password", (".xls",),
     "Save it as XLSX without a password, or as CSV."),
    (b"PAR1", "a Parquet file", (".parquet",), "Give it a name that ends in .parquet."),
    (b"\x1f\x8b", "packed", (), "Unpack it first."),
    (b"\x89PNG", "a picture", (), _ANOTHER),
    (b"\xff\xd8\xff", "a picture", (), _ANOTHER),
)  # fmt: skip


def check_kind(path: Path) -> None:
    """Raise ``CatalogueError``, with what to do, if a file is plainly something else than its name says."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    ending = path.suffix.lower()
    for sign, what, endings, remedy in _SIGNS:
        if head.startswith(sign) and ending not in endings:
            raise CatalogueError(f"{path.name} is {what}, not what its name says. {remedy}")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES):
        raise CatalogueError(
            f"{path.name} is a web page. Open it with a spreadsheet program, and save it as XLSX or CSV."
        )
    if ending in (".jsonl", ".ndjson") and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        raise CatalogueError(
            f"{path.name} is one JSON array. Write each object into a line of its own, without commas."
        )
    zeros = head.count(0)  # text in UTF-16 has one in each letter of most languages, and a mark or much of it
    if ending in (".csv", ".tsv", ".txt", ".jsonl", ".ndjson") and zeros and not _may_be_wide(head):
        raise CatalogueError(f"{path.name} is no text: it holds bytes that no list has. Give the list itself.")


def _may_be_wide(head: bytes) -> bool:
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or max(head[0::2].count(0), head[1::2].count(0)) > len(head) / 8
