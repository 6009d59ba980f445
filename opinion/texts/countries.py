"""Turns country and language codes into names in the reader's language, from Babel's CLDR data."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from babel import Locale

from opinion.vocabularies import country_codes

# Languages a patient may wish to speak with a doctor: those with about ten million speakers or more, and EU languages.
SPOKEN = tuple(
    "ar bg bn cs da de el en es et fa fi fr ga he hi hr hu hy id it ja ka kk ko lt lv ms mt nl no pl pt ro ru sk sl "  # noqa: SIM905
    "sq sr sv sw ta th tr uk ur vi zh".split()
)


def _locale(language: str) -> Locale:
    return Locale.parse(language.split("-")[0])


@cache
def country_names(language: str) -> Mapping[str, str]:
    """Return every country code with its name in ``language``, sorted by name."""
    names = _locale(language).territories
    pairs = ((code, str(names.get(code, code))) for code in country_codes())
    return MappingProxyType(dict(sorted(pairs, key=lambda pair: pair[1].casefold())))


@cache
def language_names(language: str) -> Mapping[str, str]:
    """Return the codes of ``SPOKEN`` with their names in ``language``, sorted by name."""
    names = _locale(language).languages
    return MappingProxyType(
        dict(sorted(((code, str(names[code])) for code in SPOKEN), key=lambda pair: pair[1].casefold()))
    )
