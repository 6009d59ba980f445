"""Turns the text of a cell into a value: a number, degrees, yes or no, words of a list, a date, an address of the web.

Each function raises ``CellError`` with the code of what is wrong; words for it are in
``opinion.exchange.import_wordings``. A cell that says nothing never gets here (``words.is_unknown``).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from opinion.centres.imports.words import answers, key_of


class CellError(Exception):
    """A cell cannot be used. ``code``: why; ``detail``: what may be meant, or what is known about it, or empty."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


MOST_BEDS = 10_000
"""More beds than any one hospital has: the largest in our sources states 2,753, the largest known about 10,000."""

_MARKS = str.maketrans(
    {"−": "-", "’": "'", "`": "'", "´": "'", "′": "'", "″": '"', "º": "°", "٫": ".", "٬": ","}
    | dict.fromkeys("\u00a0\u202f\u2009", " ")
)
_WIDE = re.compile("[\uff01-\uff5e]")
_WHOLE = re.compile(r"\+?(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ ']\d{3})+)(?:[.,]0{1,2})?")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_UNIT = re.compile(r"(?<=\d)\s*[^\W\d_]+\.?$")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d*)?")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_SEXAGESIMAL = re.compile(r"(\d{1,3})\s*°\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*')?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|''))?")
_COUNTED = re.compile(
    r"(?P<word>.+?)\s*(?:[(\[]\s*[x×]?\s*(?P<in>\d{1,3})\s*[x×]?\s*[)\]]|[:=]\s*(?P<after>\d{1,3})|[x×]\s*(?P<times>\d{1,3}))"
)
_COUNT_FIRST = re.compile(r"(?P<count>\d{1,3})\s*[x×*]\s*(?P<word>\D.*)")
_SEPARATORS = ("\n", ";", "|", ",", "/")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]\d{2}:.*)?")
_DOTTED = re.compile(r"(?:(\d{1,2})\.)?(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTH = re.compile(r"(\d{1,2})/(\d{4})")
_USUAL_ADDRESS = re.compile(
    r"https?://(?!www\.[\w-]+(?:/|$))[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.[A-Za-z]{2,}(?:/[!-~]*)?"
)
_MARK_IN_WORD = re.compile(r"[^\W\d_]\?+[^\W\d_]")
_CONTROL = re.compile(r"[\x80-\x9f]")
_FIRST_YEAR = 1900  # of a date that a source may have
_LEAST_DIGITS = 5  # of a number such as 4.8208E+01: with fewer the place is off by a kilometre and more


def _plain(text: str) -> str:
    """Return ``text`` with digits, signs and spaces as ASCII has them."""
    if text.isascii():  # as nearly always
        return text.replace("`", "'").strip()
    marked = _WIDE.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), text.translate(_MARKS)).strip()
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in marked)


def read_whole(text: str) -> int:
    """Return the whole number that a cell says: ``"1.234"``, ``"1,234"``, ``"1 234"``, ``"1'234"`` are all 1234.

    A word after it, as in ``"200 beds"``, is passed over; ``"about 200"`` and ``"200-250"`` are no number. Raises
    ``CellError`` ``not_whole``, also for ``"1.234,5"``.
    """
    plain = _UNIT.sub(lambda unit: "" if unit[0].strip(" .").isalpha() else unit[0], _plain(text))
    if _SCIENTIFIC.fullmatch(plain):
        raise CellError("scientific")
    found = _WHOLE.fullmatch(plain)
    if found:
        return int(re.sub(r"\D", "", found[1]))
    if _INDIAN.fullmatch(plain):
        return int(plain.replace(",", ""))
    raise CellError("not_whole")


def read_beds(text: str) -> int:
    """Return a number of beds, 0 included. Raises ``CellError`` if it is none, or more than any hospital has."""
    try:
        beds = read_whole(text)
    except CellError as error:
        if _plain(text).startswith("-") and error.code == "not_whole":
            raise CellError("beds_impossible", str(MOST_BEDS)) from None
        raise
    if beds > MOST_BEDS:
        raise CellError("beds_impossible", str(MOST_BEDS))
    return beds


def read_degrees(text: str) -> float:
    """Return degrees from ``48.2082``, ``48,2082``, ``48° 12' 29" N`` or ``16.37 W``; south and west are negative.

    Raises ``CellError`` ``not_degrees``, or ``scientific`` for a number such as ``4.8E+01`` of which digits are lost.
    """
    plain, sign = _plain(text), 1
    if _NUMBER.fullmatch(plain):  # as nearly always
        return float(plain.replace(",", "."))
    side = plain[-1:].upper() or " "
    if side in "NSEW" and len(plain) > 1:
        plain, sign = plain[:-1].strip(), -1 if side in "SW" else 1
    elif plain[:1].upper() in tuple("NSEW"):
        plain, sign = plain[1:].strip(), -1 if plain[0].upper() in "SW" else 1
    if _SCIENTIFIC.fullmatch(plain):
        digits = re.sub(r"\D", "", re.split("[eE]", plain)[0]).lstrip("0")
        if len(digits) < _LEAST_DIGITS:
            raise CellError("scientific")
        return sign * float(plain.replace(",", "."))
    plain = plain.removesuffix("°").strip()
    if _NUMBER.fullmatch(plain):
        return sign * float(plain.replace(",", "."))
    found = _SEXAGESIMAL.fullmatch(plain)
    if not found:
        raise CellError("not_degrees")
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    if minutes >= 60 or seconds >= 60:
        raise CellError("not_degrees")
    return sign * (degrees + minutes / 60 + seconds / 3600)


def split_point(text: str) -> tuple[str, str]:
    """Return the two numbers of a cell such as ``"48.2, 16.4"`` or ``"48,2; 16,4"``. Raises ``CellError``."""
    plain = _plain(text).strip("()[] ")
    for separator in (";", "|", ", ", ",", " "):
        parts = [part.strip() for part in plain.split(separator) if part.strip()]
        if len(parts) == 2:
            return parts[0], parts[1]
    raise CellError("not_degrees")


@dataclass(frozen=True)
class Presence:
    """Whether somebody says that something is there, and how many. ``count``: ``None`` if no number is said."""

    is_there: bool
    count: int | None = None


def read_presence(text: str) -> Presence | None:
    """Return what ``"yes"``, ``"ja (2)"``, ``"3"``, ``"0"`` or ``"✓"`` says; ``None`` if it says nothing.

    A bare ``1`` is a yes without a number: columns of 0 and 1 use it so. Raises ``CellError`` ``not_yes_or_no``.
    """
    plain = _plain(text)
    meaning = answers().get(key_of(plain))
    if meaning == "unknown" or not plain:
        return None
    if meaning:
        return Presence(meaning == "yes")
    if plain.isdecimal() and len(plain) <= 3:
        return Presence(True, int(plain)) if int(plain) > 1 else Presence(bool(int(plain)))
    word, count = split_count(plain)
    if count is not None and answers().get(key_of(word)) in ("yes", "no"):
        says_yes = answers()[key_of(word)] == "yes"
        if says_yes == (count > 0):
            return Presence(says_yes, count or None)
    raise CellError("not_yes_or_no")


@lru_cache(20_000)  # lists say the same words again and again
def split_count(text: str) -> tuple[str, int | None]:
    """Return a word and the number said with it, as in ``MRI (2)``, ``MRI: 2``, ``2 x MRI``; ``None`` without one."""
    first = _COUNT_FIRST.fullmatch(text)
    if first:
        return first["word"].strip(), int(first["count"])
    found = _COUNTED.fullmatch(text)
    if not found:
        return text, None
    return found["word"].strip(), int(found["in"] or found["after"] or found["times"])


def split_list(text: str, is_known: Callable[[str], bool]) -> list[tuple[str, int | None]]:
    """Return the words of a cell with the number said with each.

    Cut at line ends, ``;``, ``|``, ``,`` and ``/``, but not inside of a known word: ``"PET/CT"`` is one machine.
    """
    bare = text.strip()
    return list(dict.fromkeys(_split(bare, is_known, _SEPARATORS))) if bare else []


def _split(text: str, is_known: Callable[[str], bool], separators: tuple[str, ...]) -> list[tuple[str, int | None]]:
    if is_known(text):
        return [(text, None)]
    word, count = split_count(text)
    if is_known(word):
        return [(word, count)]
    for place, separator in enumerate(separators, start=1):
        if separator in text:
            parts = [part.strip() for part in text.split(separator)]
            return [found for part in parts if part for found in _split(part, is_known, separators[place:])]
    return [(word, count)]


def read_date(text: str, today: date) -> str:
    """Return a day, a month or a year as ISO 8601. Raises ``CellError``: no date, of two readings, or after today.

    Of two readings of which one is after today, the other is still for a person to confirm.
    """
    plain = _plain(text)
    found = _ISO.fullmatch(plain)
    slashed = _SLASHED.fullmatch(plain)
    if found:
        year, month, day = found.groups()
    elif dotted := _DOTTED.fullmatch(plain):
        day, month, year = dotted.groups()
    elif slashed:
        day, month, year = slashed.groups()
        if 1 <= int(day) <= 12 and 1 <= int(month) <= 12 and int(day) != int(month) and int(year) >= _FIRST_YEAR:
            readings = (date(int(year), int(month), int(day)), date(int(year), int(day), int(month)))
            possible = [each.isoformat() for each in readings if each <= today]
            if not possible:
                raise CellError("date_in_future", today.isoformat())
            raise CellError("date_unclear", ", ".join(possible))
        if int(month) > 12:
            day, month = month, day
    elif of_month := _MONTH.fullmatch(plain):
        (month, year), day = of_month.groups(), None
    else:
        raise CellError("not_a_date")
    try:
        first_day = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise CellError("not_a_date") from None
    if first_day > today:
        raise CellError("date_in_future", today.isoformat())
    if first_day.year < _FIRST_YEAR:
        raise CellError("not_a_date")
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def read_website(text: str) -> str:
    """Return an address of the web; one without a scheme gets ``https://``. Raises ``CellError`` ``not_a_website``."""
    address = text.strip()
    if "://" not in address:
        address = f"https://{address}"
    if _USUAL_ADDRESS.fullmatch(address):  # as nearly always: sooner than by its parts
        return address
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise CellError("not_a_website") from None
    is_host = re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.(?:[^\W\d_]{2,}|xn--[\w-]+)", host.removeprefix("www."))
    if parts.scheme not in ("http", "https") or not is_host or "@" in parts.netloc or not address.isprintable():
        raise CellError("not_a_website")
    if " " in address:
        raise CellError("not_a_website")
    return address


def broken_letters(text: str) -> str:
    """Return how ``text`` shows that it was read in a wrong encoding; empty if it does not.

    ``�`` for letters that the encoding does not have, the letters as they may be meant, or ``?`` inside of a word.
    """
    if text.isascii():
        return "?" if "?" in text and _MARK_IN_WORD.search(text) else ""
    if "\ufffd" in text or _CONTROL.search(text):
        return "\ufffd"
    for encoding in ("cp1252", "latin-1", "cp1254"):
        try:
            mended = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if mended != text:
            return mended
    return "?" if _MARK_IN_WORD.search(text) else ""
