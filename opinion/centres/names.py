"""Turns names as registers state them into names to show, and texts into keys to search and compare by.

Display names are a reading aid: the stated name stays in the tables, and nothing is derived from the display name.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from anyascii import anyascii

# words that stay small inside a name, and abbreviations that stay large
_SMALL_WORDS = """
a al an and at by d da de degli dei del della delle der des di do dos du e ed el en et for für i im in l la las le
les los na of och og on or per sur the to u un und van voor von w y z za zu zum zur
"""
_CAPITAL_WORDS = """
ACIS AHMC AHN AO AOU AP APHM APHP ARH ASL ASST AUSL AZ BHC CAC CAH CAMC CH CHA CHC CHI CHIC CHL CHR CHRU CHS
CHU CLCC CMP CPI CPN CRLCC CRP CSAPA EAD ECU EHPAD EOOD EPSM EPSMD ERN FMC FREMAP GHU HCA HF HIA HM HSHS ICS
IDI IFO IHH INMI INRCA IOV IRCCS IRM KBC LIJ LSU LTACH MAHEC MBAL MSP MUSC NH NHS NY NYU OB OHSU OOD OSF OU
PAM PIH PO PS SA SAS SBAL SBALD SHP SKB SMUR SOS SP SPDC SPZOZ SRL SSM SSR STHS SUNY TMC UAB UC UCI UCLA UCSD
UCSF UF UH UHC UHS UK UMC UNC UNM UPMC US USA USC USL USLD UT UTMB UVA UW UZ VA VCU VU WVU ZOZ
"""
_SMALL = frozenset(_SMALL_WORDS.split())
# in the United States "La", "Los" and "De" belong to names of places
_SMALL_IN_ENGLISH = frozenset(("a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "with"))
_CAPITALS = frozenset(_CAPITAL_WORDS.split())
_WORDS_WITHOUT_VOWELS = frozenset(
    ("CTR", "CTRE", "DR", "DRS", "FT", "HLTH", "MR", "MRS", "MT", "ST", "STE", "SR", "JR", "NTRA", "STS")
)
_ROMAN = re.compile(r"^(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})$")
_PART = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*", re.UNICODE)
_KANA = re.compile(r"[ぁ-ゖ]+|[ァ-ヺー]+")
_SIGNS = re.compile(r"[^0-9A-Za-z ]")
_WORDS = re.compile(r"[^\W_]+", re.UNICODE)
_DIGRAPHS = re.compile(r"([aou])e|(?<=a)a()")
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"})


class _Letters(dict[Any, str]):
    """What ``make`` gives for each letter, worked out when the letter is first met; found by letter or code point."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: int | str) -> str:
        found = self[key] = self._make(chr(key) if isinstance(key, int) else key)
        return found


def _folded(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each)).translate(_PLAIN)


def _romanised(letter: str) -> str:
    return letter if letter < "\u0250" or _is_east_asian(letter) else anyascii(letter)


def _script(letter: str) -> str:
    """Return the first word of a letter's name, which is that of its script; ``""`` for what is no letter."""
    return unicodedata.name(letter, "-").split(" ")[0] if letter.isalpha() else ""


_FOLDED, _ROMANISED, _SCRIPTS = _Letters(_folded), _Letters(_romanised), _Letters(_script)


def fold(text: str) -> str:
    """Return ``text`` without case, accents and repeated spaces: the key that search compares.

    ``"Hôpital  Saint-Łukasz"`` becomes ``"hopital saint-lukasz"``. Scripts without case are kept as they are.
    """
    if text.isascii():  # as most: the same, sooner
        return " ".join(text.lower().split())
    return " ".join(text.translate(_FOLDED).split())


def search_key(text: str) -> str:
    """Return the words of ``text`` as search compares them, with one space between: ``""`` if it has no word.

    As ``fold``, and: "ue" is "u", for who writes Zuerich looks for Zürich (so with ae, oe and aa); Cyrillic, Greek and
    other letters are romanised. Han characters and kana stay: their reading cannot be told from the text. Apostrophes
    go, so that "Queens" finds "Queen's".
    """
    letters = fold(text).replace("'", "")
    if not letters.isascii():
        letters = letters.translate(_ROMANISED)
    return _DIGRAPHS.sub(r"\1", " ".join(_WORDS.findall(letters.lower())))


def shown_names(stated: str, other: str, country_code: str = "") -> tuple[str, str, str]:
    """Return the name to show, the name in the centre's own script and another name; the last two may be empty.

    A name that is not in Latin letters gives way to a Latin one, if there is one, and stays as the local name.
    """
    if other and not is_latin(stated) and is_latin(other):
        return display_name(other, country_code), stated, ""
    return display_name(stated, country_code), "" if is_latin(stated) else stated, display_name(other, country_code)


def name_order(name: str) -> str:
    """Return by what a name is sorted: its letters and digits without case and accents."""
    folded = fold(name)
    if folded.isascii():
        return _SIGNS.sub("", folded).strip()
    return "".join(letter for letter in folded if letter.isalnum() or letter == " ").strip()


def kana_key(text: str) -> str:
    """Return the runs of kana in ``text`` in Latin letters, as search compares them.

    ``"がんセンター"`` is ``"gan senta"``: kana have one reading each, unlike Han characters.
    """
    if text.isascii():
        return ""
    return search_key(" ".join(anyascii(run).replace("-", "") for run in _KANA.findall(text)))


def _is_east_asian(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC"))


def is_latin(text: str) -> bool:
    """Say whether ``text`` is readable in Latin letters: it has some, and none of another script."""
    if text.isascii():
        return any(map(str.isalpha, text))
    kinds = {_SCRIPTS[letter] for letter in text} - {""}
    return kinds == {"LATIN"}


def display_name(stated: str, country_code: str = "") -> str:
    """Return ``stated`` with its spaces tidied and, if it is all capitals, in title case.

    A name that has a lower-case letter, or no Latin one, keeps its case. The country settles which words stay small.
    """
    name = " ".join(stated.split())
    if not name.isupper() or not is_latin(name) or (" " not in name and len(name) <= 5):
        return name
    small = _SMALL_IN_ENGLISH if country_code == "US" else _SMALL
    return _PART.sub(lambda found: _title(found, name, small), name)


def _title(found: re.Match[str], name: str, small: frozenset[str]) -> str:
    word, start = found.group(), found.start()
    before, after = name[start - 1 : start], name[found.end() : found.end() + 1]
    if len(word) == 1 and (after == "." or before == "."):
        return word  # an initial: "I.R.C.C.S."
    if start and after and before not in "([\"'-/" and word.lower() in small:
        return word.lower()
    if word in _CAPITALS or _ROMAN.match(word):
        return word
    if word in _WORDS_WITHOUT_VOWELS:
        return word.capitalize()
    if len(word) <= 4 and not set(fold(word)) & set("aeiouy"):
        return word  # "LLC", "MLK"
    head, *rest = re.split(r"['’]", word)
    mark = word[len(head) : len(head) + 1]
    if rest and head in {"D", "L", "DELL", "ALL", "NELL", "SANT"}:
        lead = head.capitalize() if not start or head == "SANT" else head.lower()
        return lead + mark + mark.join(part.capitalize() for part in rest)
    if rest and head == "O":
        return head + mark + mark.join(part.capitalize() for part in rest)
    title = f"Mc{head[2:].capitalize()}" if head.startswith("MC") and len(head) > 4 else head.capitalize()
    return mark.join([title, *(part.lower() for part in rest)])
