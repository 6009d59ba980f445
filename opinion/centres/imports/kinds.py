"""Turns the first bytes of a file into what it is, where its name says something else."""

from pathlib import Path

from opinion.errors import ListError

_HEAD_BYTES = 4096
_PAGES = (b"<!doctype html", b"<html", b"<table", b"<?xml")

_PICTURE = ListError("{file} is a picture, not what its name says. Ask for the list as a spreadsheet or CSV.", file="")
# The bytes with which a file begins, the endings of names that it may have, and what is said of others.
_SIGNS = (
    (b"%PDF", (),
     ListError("{file} is a PDF, not what its name says. Ask for the list as a spreadsheet or CSV.", file="")),
    (b"PK\x03\x04", (".xlsx", ".xlsm", ".ods"),
     ListError("{file} is a spreadsheet or a packed folder, not what its name says. "
               "Give it a name that ends in .xlsx or .ods, or unpack it.", file="")),
    (b"\xd0\xcf\x11\xe0", (".xls",),
     ListError("{file} is a spreadsheet of an old kind, or is protected by a password. "
               "Save it as XLSX without a password, or as CSV.", file="")),
    (b"PAR1", (".parquet",),
     ListError("{file} is a Parquet file, not what its name says. Give it a name that ends in .parquet.", file="")),
    (b"\x1f\x8b", (), ListError("{file} is packed, not what its name says. Unpack it first.", file="")),
    (b"\x89PNG", (), _PICTURE),
    (b"\xff\xd8\xff", (), _PICTURE),
)  # fmt: skip


def check_kind(path: Path) -> None:
    """Raise ``ListError``, with what to do, if a file is plainly something else than its name says."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    ending = path.suffix.lower()
    for sign, endings, said in _SIGNS:
        if head.startswith(sign) and ending not in endings:
            raise ListError(said.text, file=path.name)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES):
        raise ListError(
            "{file} is a web page. Open it with a spreadsheet program, and save it as XLSX or CSV.", file=path.name
        )
    if ending in (".jsonl", ".ndjson") and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        raise ListError(
            "{file} is one JSON array. Write each object into a line of its own, without commas.", file=path.name
        )
    zeros = head.count(0)  # text in UTF-16 has one in each letter of most languages, and a mark or much of it
    if ending in (".csv", ".tsv", ".txt", ".jsonl", ".ndjson") and zeros and not _may_be_wide(head):
        raise ListError("{file} is no text: it holds bytes that no list has. Give the list itself.", file=path.name)


def _may_be_wide(head: bytes) -> bool:
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or max(head[0::2].count(0), head[1::2].count(0)) > len(head) / 8
