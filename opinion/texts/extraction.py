"""Turns the source texts in Python and TOML files into ``data/locale/messages.pot`` for translators."""

import argparse
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from opinion.vocabularies import DATA

TEMPLATE = DATA / "locale" / "messages.pot"
ROOT = DATA.parent
KEYWORDS: dict[str, tuple[int, ...] | None] = {"t": None, "plural": (1, 2), "ListError": (1,)}
# Keys of content files whose texts people read.
TEXT_KEYS = frozenset(
    {"title", "why", "text", "ask", "error", "note", "headline", "now", "sentence", "no_number", "label", "short"}
    | {"who", "size", "limits", "harm"}
)
# Tables whose values are all texts.
TEXT_TABLES = ("labels", "wordings")


def extract_messages() -> Catalog:
    """Return every source text with the files in which it stands."""
    catalog = Catalog(project="second-opinion", creation_date=datetime(2026, 1, 1, tzinfo=UTC), fuzzy=False)
    for path in sorted([*(ROOT / "opinion").rglob("*.py"), *(ROOT / "pages").glob("*.py")]):
        for _, message, _, _ in extract_from_file("python", path, KEYWORDS):
            catalog.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    folders = ("guidance", "vocabularies", "matching", "agency")
    of_centres = [DATA / "centres" / name for name in ("conflicts.toml", "refresh.toml")]
    for path in sorted([*(path for folder in folders for path in (DATA / folder).glob("*.toml")), *of_centres]):
        if path.name != "sources.toml":
            for text in _texts(tomllib.loads(path.read_text("utf-8"))):
                catalog.add(text, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    return catalog


def _texts(node: object, key: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _texts(value, "label" if key in TEXT_TABLES else name)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value, key)
    elif isinstance(node, str) and key in TEXT_KEYS and node:
        yield node


def template_bytes() -> bytes:
    """Return the whole template; the same texts give the same bytes."""
    written = BytesIO()
    write_po(written, extract_messages(), sort_output=True, include_lineno=False, omit_header=True)
    return b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n' + written.getvalue()


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``texts extract`` to the command line."""
    parser = commands.add_parser("texts", help="texts for translators")
    extract = parser.add_subparsers(required=True, metavar="ACTION").add_parser(
        "extract", help="write data/locale/messages.pot"
    )
    extract.add_argument("--check", action="store_true", help="only say whether the file is current")
    extract.set_defaults(run=run_extract)


def run_extract(options: argparse.Namespace) -> int:
    """Write the template, or with ``--check`` return 1 if it is not current."""
    text = template_bytes()
    if not options.check:
        TEMPLATE.write_bytes(text)
        print(f"{TEMPLATE.relative_to(ROOT)}: {len(extract_messages())} texts")
        return 0
    if TEMPLATE.exists() and TEMPLATE.read_bytes() == text:
        return 0
    print("data/locale/messages.pot is not current. Run: python -m opinion texts extract", file=sys.stderr)
    return 1
