"""Turns a document into a file to print: PDF (tagged, PDF/UA-1, made by typst) or a page of HTML.

Nothing is written to disk. Fonts come from ``data/fonts`` alone, so that every machine makes the same pages; a sign
that none of them has is shown as an empty box, since PDF/UA refuses text that cannot be read.
"""

import json
from dataclasses import asdict
from functools import cache
from html import escape
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from opinion.exchange.summaries import WRITE, Document, Part
from opinion.vocabularies import DATA

FONTS = DATA / "fonts"
TEMPLATE = Path(__file__).parent / "document.typ"
PDF, HTML = "application/pdf", "text/html"
UNKNOWN_SIGN = "\u25a1"
_CJK = ("Droid Sans Fallback", "NanumSquare")
_FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Thai", "Noto Sans Devanagari",
             "Noto Sans Armenian", "Noto Sans Georgian", *_CJK)  # fmt: skip


def pdf_of(document: Document) -> bytes:
    """Return the document as a tagged PDF (PDF/UA-1)."""
    made = _compile(document, "pdf", pdf_standards=["ua-1"])
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def images_of(document: Document, dots_per_inch: float = 72.0) -> list[bytes]:
    """Return each page as a PNG picture, as the PDF shows it."""
    made = _compile(document, "png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made]


def html_of(document: Document) -> str:
    """Return the document as one page of HTML that needs nothing else, with a style for printing."""
    parts = "\n".join(map(_html_part, document.parts))
    return (
        f'<!doctype html>\n<html lang="{escape(document.language)}" dir="{document.direction}">\n<head>\n'
        f'<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(document.title)}</h1>\n<p>{escape(document.subtitle)}</p>\n{parts}\n"
        f"<p><small>{escape(document.closing)}</small></p>\n</main>\n</body>\n</html>\n"
    )


_STYLE = (
    "body{font:16px/1.45 system-ui,sans-serif;color:#16282b;background:#fff;margin:0}"
    "main{max-width:44rem;margin:0 auto;padding:1.5rem}h1{font-size:1.6rem;margin:0}"
    "h2{font-size:1.1rem;margin:1.1rem 0 .3rem}ul{margin:0;padding-inline-start:1.3rem}"
    "hr{border:0;border-bottom:1px solid #888;margin:1.6rem 0 0}"
    ".ticks{list-style:none;padding:0}.ticks li::before{content:'\\2610\\00a0'}"
    "@page{size:A4;margin:15mm}@media print{main{padding:0}body{font-size:10pt}.page{break-before:page}"
    "h2{break-after:avoid}li{break-inside:avoid}}"
)


def _html_part(part: Part) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in part.lines if line != WRITE)
    page, ticks = ' class="page"' if part.starts_page else "", ' class="ticks"' if part.is_ticked else ""
    said = f"<ul{ticks}>{lines}</ul>" if lines else ""
    return f"<section{page}><h2>{escape(part.title)}</h2>{said}{'<hr>' * part.lines.count(WRITE)}</section>"


def _compile(document: Document, kind: str, **options: object) -> bytes | list[bytes]:
    content = json.dumps(asdict(document) | {"families": _FAMILIES}, ensure_ascii=False)
    shown = "".join(sign if sign.isascii() or ord(sign) in _covered() else UNKNOWN_SIGN for sign in content)
    made: bytes | list[bytes] = typst.compile(  # type: ignore[call-overload]
        TEMPLATE.read_bytes(), format=kind, sys_inputs={"document": shown}, font_paths=[str(FONTS)],
        ignore_system_fonts=True, **options,
    )  # fmt: skip
    return made


@cache
def _covered() -> frozenset[int]:
    """Return the code points that some font has a sign for."""
    found: set[int] = set()
    for path in FONTS.glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)
