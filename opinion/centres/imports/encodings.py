"""Turns the first bytes of a file into encodings that it may be in, the likeliest first: a proposal, never a decision.

No library decides here: the one that was tried reads Turkish and KOI8-R as something else. Each encoding is tried, and
the letters that come out are looked at: do they belong to its languages, do capitals stand where capitals stand?
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

_WESTERN = "äöüßÄÖÜéèêëàâáãåæçñóòôõøíìîïúùûœÅØÆÉÀÁÈÊÇÑÓÔÍÚÎ–’‘“”…€°ºª·«»§"
_ICELANDIC = "ðþýÐÞÝ"  # also what Turkish letters look like when they are read as Western ones
_TURKISH = "çğıöşüâîûÇĞİÖŞÜ–’‘“”…°"
_CENTRAL = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽąćęłńśźżĄĆĘŁŃŚŹŻőűŐŰäöüßÄÖÜăâîşţĂÂÎŞŢđĐ–’‘“”„…°"
_CYRILLIC = "оеаинтсрвл"  # six letters of ten in Russian text
_GREEK = "αοιετσνηυρπκμλςάέήίόύώΑΟΙΕΤΣΝΗΥΡΠΚΜΛδΔωΩγΓθΘφΦχΧβΒξΞζΖψΨ"
_AFTER_LETTERS = "’–…°ºª·»"
_TELLING_BYTES = 60_000  # of lines with such letters
_CERTAIN, _ALMOST = 1.0, 0.99


@dataclass(frozen=True)
class Guess:
    """An encoding by the name that Python has for it, and how well it fits: from 0, cannot be, to 1, is certain."""

    encoding: str
    confidence: float


def _share(letters: str, expected: str) -> float:
    return sum(letter in expected for letter in letters) / len(letters)


def _of_western(letters: str) -> float:
    return _share(letters, _WESTERN) + _share(letters, _ICELANDIC) / 2


def _of_cyrillic(letters: str) -> float:
    cyrillic = [letter for letter in letters if "а" <= letter.lower() <= "я" or letter in "ёЁ"]
    if not cyrillic:
        return 0.0
    common = sum(letter.lower() in _CYRILLIC for letter in cyrillic) / len(cyrillic)
    return len(cyrillic) / len(letters) * min(1.0, common / 0.55)


def _of_east_asia(first: str, last: str, usual: float) -> Callable[[str], float]:
    """Return how well letters fit a language in which a ``usual`` share is written from ``first`` to ``last``."""

    def score(letters: str) -> float:
        east = sum("\u3000" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7a3" for letter in letters)
        own = sum(first <= letter <= last for letter in letters)
        return east / len(letters) * (0.7 + 0.25 * min(1.0, own / len(letters) / usual))

    return score


_SCORES: dict[str, Callable[[str], float]] = {
    "cp1252": _of_western,
    "cp1254": lambda letters: _share(letters, _TURKISH),
    "cp1250": lambda letters: _share(letters, _CENTRAL),
    "cp1251": _of_cyrillic,
    "koi8-r": _of_cyrillic,
    "cp866": _of_cyrillic,
    "cp1253": lambda letters: _share(letters, _GREEK),
    "cp850": lambda letters: _share(letters, _WESTERN) - 0.05,
    "mac_roman": lambda letters: _share(letters, _WESTERN) - 0.05,
    "cp932": _of_east_asia("\u3040", "\u30ff", 0.15),
    "euc_jp": _of_east_asia("\u3040", "\u30ff", 0.15),
    "cp949": _of_east_asia("\uac00", "\ud7a3", 0.9),
    "gb18030": _of_east_asia("\u4e00", "\u9fff", 1.0),
    "big5": _of_east_asia("\u4e00", "\u9fff", 1.0),
}
_MULTIBYTE = frozenset(("cp932", "euc_jp", "cp949", "gb18030", "big5"))
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *_SCORES)
"""Every encoding that may be chosen."""


def guess_encodings(head: bytes) -> list[Guess]:
    """Return every encoding of ``ENCODINGS`` with how well it fits the first bytes of a file, the best first."""
    found = dict.fromkeys(ENCODINGS, 0.0)
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")
    if marked:
        found[marked] = _CERTAIN
    elif head.isascii() and b"\0" not in head:
        found["utf-8"] = _CERTAIN if head else 0.0  # every other one of the list reads it alike
    else:
        found |= _wide(head) or _narrow(head)
    order = {encoding: place for place, encoding in enumerate(ENCODINGS)}
    ranked = sorted(found.items(), key=lambda item: (-item[1], order[item[0]]))
    return [Guess(encoding, round(confidence, 2)) for encoding, confidence in ranked]


def _wide(head: bytes) -> dict[str, float]:
    """Return UTF-16 without a mark, known by its zero bytes, or nothing."""
    zeros = {"utf-16-be": head[0::2].count(0), "utf-16-le": head[1::2].count(0)}
    encoding = max(zeros, key=lambda name: zeros[name])
    return {encoding: 0.95} if zeros[encoding] > len(head) / 8 else {}


def _narrow(head: bytes) -> dict[str, float]:
    if _decoded(head, "utf-8") is not None:
        return {"utf-8": _ALMOST}  # text in another encoding hardly ever happens to be UTF-8
    telling = b"\n".join(line for line in head.splitlines() if not line.isascii())[:_TELLING_BYTES]
    found = {}
    for encoding, score in _SCORES.items():
        text = _decoded(telling, encoding)
        if text is None or _decoded(head, encoding) is None:
            continue
        letters = "".join(letter for letter in text if not letter.isascii())
        if letters:
            fit = score(letters) - _oddities(text, encoding in _MULTIBYTE) / len(letters)
            found[encoding] = max(0.0, min(0.95, fit))
    return found


def _decoded(head: bytes, encoding: str) -> str | None:
    """Return the text; ``None`` if the bytes cannot be it. A letter cut off at the very end does not count."""
    for cut in range(4):
        try:
            return head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError as error:
            if error.end < len(head) - cut - 3:
                return None
    return None


def _oddities(text: str, is_multibyte: bool) -> int:
    """Return how many letters stand where none of their kind does: a capital after a small one, Han between Latin."""
    odd = 0
    for before, letter in pairwise(text):
        if before.isascii() and letter.isascii():
            continue
        if is_multibyte:
            odd += (before.isascii() and before.isalpha()) or (letter.isascii() and letter.isalpha())
        else:
            is_sign = (
                before.isalpha() and not letter.isalpha() and not letter.isascii() and letter not in _AFTER_LETTERS
            )
            is_mixed = before.isalpha() and letter.isalpha() and (before < "\u0250") != (letter < "\u0250")
            odd += is_sign or is_mixed or (before.islower() and letter.isupper())
    return odd
