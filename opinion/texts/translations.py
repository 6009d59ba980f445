"""Turns English source texts into the reader's language, from ``data/locale/<language>/messages.po``.

There is no module-wide current language: each run asks for its own ``Translator`` and hands it on, so that two
readers never see each other's language. A fuzzy translation is never shown; its English source is.

Two pseudo-locales test the layout. ``en-XA`` is accented and 40 % longer; ``ar-XB`` runs from right to left.
They are offered only when the environment variable ``OPINION_PSEUDO_LOCALES`` is set.
"""

import os
from dataclasses import dataclass, field
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from opinion.vocabularies import DATA

SOURCE_LANGUAGE = "en"
PSEUDO_LOCALES = ("en-XA", "ar-XB")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_ACCENTS = str.maketrans("aceinosuyACEINOSUY", "áçéíñóšúýÁÇÉÍÑÓŠÚÝ")


@dataclass(frozen=True)
class Translator:
    """Translates into one language: call it with an English source text and the values of its placeholders."""

    language: str = SOURCE_LANGUAGE
    catalog: NullTranslations = field(default_factory=NullTranslations, repr=False)

    @property
    def direction(self) -> str:
        """``"rtl"`` for languages that run from right to left, else ``"ltr"``."""
        return direction_of(self.language)

    def __call__(self, message: str, /, **values: object) -> str:
        """Return ``message`` in this language with ``{placeholders}`` filled; English if it has no translation."""
        return self._filled(self.catalog.gettext(message), values) if message else ""

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """Return the form of the text that fits ``count``, which also fills ``{count}``."""
        return self._filled(self.catalog.ngettext(one, many, count), {"count": f"{count:,}", **values})

    def _filled(self, text: str, values: dict[str, object]) -> str:
        if self.language in PSEUDO_LOCALES:
            text = _pseudo(text, self.language)
        return text.format(**values) if values else text


def direction_of(language: str) -> str:
    """Return ``"rtl"`` or ``"ltr"`` for a language code such as ``de`` or ``ar-XB``."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def offered_languages() -> tuple[str, ...]:
    """Return the languages a reader may choose: English, those with a catalogue, pseudo-locales when testing."""
    found = sorted(path.parent.name for path in (DATA / "locale").glob("*/messages.po"))
    pseudo = PSEUDO_LOCALES if os.environ.get("OPINION_PSEUDO_LOCALES") else ()
    return (SOURCE_LANGUAGE, *found, *pseudo)


@cache
def translator_for(language: str | None) -> Translator:
    """Return the translator for ``language``; English for ``None`` and for languages that are not offered."""
    if language is None or language not in offered_languages():
        return Translator()
    path = DATA / "locale" / language / "messages.po"
    return Translator(language, _read_catalog(path) if path.exists() else NullTranslations())


def _read_catalog(path: Path) -> NullTranslations:
    from babel.messages.mofile import write_mo  # slow to import, and not needed for English
    from babel.messages.pofile import read_po  # the same

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file), use_fuzzy=False)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _pseudo(text: str, language: str) -> str:
    """Return ``text`` changed for layout tests, with its ``{placeholders}`` and links left alone."""
    if language == "ar-XB":
        return "\n".join(f"\u202b{line}\u202c" if line.strip() else line for line in text.split("\n"))
    parts, depth = [], 0
    for char in text:
        depth += char in "{(["
        parts.append(char if depth else char.translate(_ACCENTS))
        depth -= char in "})]"
    return "".join(parts) + " " + "~" * max(2, len(text) * 2 // 5) if text.strip() else text
