"""Turns one row of a list into what it says about a centre, or into what is wrong with it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from opinion.centres.imports import values
from opinion.centres.imports.machines import find_sized, with_decimal_points
from opinion.centres.imports.places import point_fault
from opinion.centres.imports.problems import Problem
from opinion.centres.imports.recipes import Recipe
from opinion.centres.imports.remarks import remark_code
from opinion.centres.imports.rows import Row
from opinion.centres.imports.values import CellError
from opinion.centres.imports.words import VOCABULARIES, Words, is_unknown, key_of
from opinion.vocabularies import designations

_FACT_OF = {"disease_areas": "disease_area", "equipment": "equipment", "designations": "designation"}
_LONGEST = 300  # letters of a name: more is two rows in one, or a text
_REMEMBERED = 20_000
_PLACED = ("name", "city", "region")


@dataclass(frozen=True)
class Fact:
    """What a row states: ``field`` and ``value`` as in ``facts.csv``; ``code``: the list's own wording.

    ``is_sized``: whether the wording names the strength or the slices of a machine, so that another one is another.
    """

    field: str
    value: str
    count: int | None = None
    code: str = ""
    is_sized: bool = False


@dataclass
class Record:
    """What one row says. ``key``: by what rows of one centre are known; ``cells``: columns of ``centres.csv``."""

    row: int
    key: str
    cells: dict[str, str]
    facts: list[Fact]
    address: str
    date: str
    problems: list[Problem] = field(default_factory=list)


class _Said(NamedTuple):
    """What one word of a list says: a fact, or the code of a problem or note, with the id that is or may be meant."""

    word: str
    fact: Fact | None
    problem: str = ""
    proposal: str = ""


class RecordReader:
    """Reads rows as a recipe says. ``today``: dates after it are in the future. ``used_fields``: what columns give."""

    def __init__(self, recipe: Recipe, columns: Sequence[str], words: Words, today: date) -> None:
        self.recipe, self.words, self.today = recipe, words, today
        used = {each: place for place, each in enumerate(columns) if recipe.columns.get(each)}
        self._column = {recipe.columns[each]: each for each in used}
        self._place = {recipe.columns[each]: place for each, place in used.items()}
        self._several = [(each, place, recipe.columns[each].partition(":")) for each, place in used.items()
                         if recipe.columns[each].partition(":")[0] in VOCABULARIES]  # fmt: skip
        self._used = list(used.items())
        self.used_fields = frozenset(self._place)
        self._own = {
            kind: {key_of(word): id_ for word, id_ in chosen.items()} for kind, chosen in recipe.values.items()
        }
        # lists say the same again and again
        self._said: Callable[[str, str], list[_Said]] = lru_cache(_REMEMBERED)(self._said_anew)
        self._meaning: Callable[[str, str], str | None] = lru_cache(_REMEMBERED)(self._meaning_anew)
        self._broken: Callable[[str], str] = lru_cache(_REMEMBERED)(values.broken_letters)
        self._value = {id_: title.value for id_, title in designations().items()}

    def read(self, row: Row) -> Record:
        """Return what the row says, with every problem of it; one that holds back means that the rest is not sure."""
        record = Record(row.number, "", {}, [], "", "")
        for code in row.faults:
            self._say(record, code, "", " | ".join(cell for cell in row.cells if cell)[:200])
        if self._is_remark(record, row):
            return record
        self._letters(record, row)
        self._identity(record, row)
        self._place_of(record, row)
        self._numbers(record, row)
        for column, place, (kind, _, item) in self._several:
            text = row.cells[place].strip()
            if not is_unknown(text):
                facts = self._presence(record, column, kind, item, text) if item else self._list(
                    record, column, kind, text)  # fmt: skip
                record.facts += facts
        self._count(record, row)
        return record

    def _is_remark(self, record: Record, row: Row) -> bool:
        """Say whether the row seems to be no centre: then that is all that is said of it."""
        name = self._text(row, "name")
        code = remark_code(row.cells, name, self._text(row, "city"), self.words)
        if not code:
            return False
        said = list(filter(None, row.cells))
        self._say(record, code, "", " | ".join(dict.fromkeys(said) if code == "row_of_one_text" else said)[:200])
        record.key, record.cells = self.key(row), {"name": name}
        return code not in self.recipe.accepted

    def key(self, row: Row) -> str:
        """Return by what rows of one centre are known: the id, or else name, city, region and country."""
        given = self._text(row, "id")
        if given:
            return given
        country = self._text(row, "country")
        code = self._meaning("countries", country) if country else self.recipe.country
        return self._made_key([self._text(row, name) for name in _PLACED], code)

    def _made_key(self, placed: Sequence[str], code: str | None) -> str:
        return "\x1f".join(map(key_of, placed)) + f"\x1f{code}"

    def _text(self, row: Row, name: str) -> str:
        """Return the cell of a field without needless spaces; ``""`` if it says nothing."""
        place = self._place.get(name)
        if place is None or not row.cells[place]:
            return ""
        text = " ".join(row.cells[place].split())
        return "" if is_unknown(text) else text

    def _say(self, record: Record, code: str, column: str, value: str = "", detail: str = "") -> None:
        if code in self.recipe.accepted:
            code, detail = "accepted", code
        record.problems.append(Problem(record.row, column, code, value, detail))

    def _try(self, record: Record, name: str, text: str, read: Callable[[str], object]) -> object:
        try:
            return read(text)
        except CellError as error:
            self._say(record, error.code, self._column[name], text, error.detail)
            return None

    def _letters(self, record: Record, row: Row) -> None:
        for column, place in self._used:
            text = row.cells[place]
            if text.isascii() and "?" not in text:
                continue  # as nearly always
            broken = self._broken(text)
            if broken and "://" not in text:  # the question mark of an address is none of these
                self._say(record, "letters_broken", column, text, broken)

    def _identity(self, record: Record, row: Row) -> None:
        cells = {name: self._text(row, name) for name in ("name", "name_other", "city", "region")}
        if not any(letter.isalpha() for letter in cells["name"]):
            self._say(record, "name_empty", self._column["name"], cells["name"])
        elif len(cells["name"]) > _LONGEST:
            self._say(record, "name_long", self._column["name"], cells["name"][:_LONGEST])
        country = self._text(row, "country")
        code = self._meaning("countries", country) if country else self.recipe.country
        if not code:
            detail = self.words.propose("countries", country) if country else ""
            self._say(record, "country_unknown" if country else "country_empty", self._column.get("country", ""),
                      country, detail)  # fmt: skip
        website = self._text(row, "website")
        if website:
            cells["website"] = str(self._try(record, "website", website, values.read_website) or "")
        given = self._text(row, "id")
        record.cells = {**cells, "country_code": code or ""}
        record.key = given or self._made_key([cells[name] for name in _PLACED], code)
        if given and ("," in given or len(given) > 100 or not given.isprintable()):
            self._say(record, "id_unusable", self._column["id"], given)
        record.address = self._text(row, "address") or self.recipe.source.address
        if not record.address:
            self._say(record, "address_empty", self._column.get("address", ""))
        day = self._text(row, "date")
        record.date = self.recipe.source.date
        if day:
            record.date = str(self._try(record, "date", day, lambda text: values.read_date(text, self.today)) or "")
        elif not record.date:
            self._say(record, "date_empty", self._column.get("date", ""))

    def _place_of(self, record: Record, row: Row) -> None:
        lat, lon = self._text(row, "lat"), self._text(row, "lon")
        at, both = "lat", self._text(row, "point")
        if both and not lat and not lon:
            at = "point"
            parts = self._try(record, "point", both, values.split_point)
            lat, lon = parts if isinstance(parts, tuple) else ("", "")
        if bool(lat) != bool(lon):
            self._say(record, "half_a_point", self._column["lon" if lat else "lat"])
            return
        if not lat:
            return
        north = self._try(record, at, lat, values.read_degrees)
        east = self._try(record, "lon" if at == "lat" else at, lon, values.read_degrees)
        if not isinstance(north, float) or not isinstance(east, float):
            return
        fault = point_fault(north, east, record.cells["country_code"])
        if fault:
            self._say(record, fault, self._column[at], f"{lat}; {lon}", record.cells["country_code"])
        record.cells |= {"lat": f"{north:.6f}".rstrip("0").rstrip("."), "lon": f"{east:.6f}".rstrip("0").rstrip(".")}

    def _numbers(self, record: Record, row: Row) -> None:
        text = self._text(row, "beds")
        beds = self._try(record, "beds", text, values.read_beds) if text else None
        if beds == 0:
            self._say(record, "beds_zero", self._column["beds"], text)
        elif beds is not None:
            record.facts.append(Fact("beds", str(beds)))
        text = self._text(row, "teaching")
        said = self._try(record, "teaching", text, values.read_presence) if text else None
        if isinstance(said, values.Presence):
            if said.is_there:
                record.facts.append(Fact("teaching", "yes"))
            else:
                self._say(record, "says_no", self._column["teaching"], text)

    def _presence(self, record: Record, column: str, kind: str, item: str, text: str) -> Iterator[Fact]:
        try:
            said = values.read_presence(text)
        except CellError as error:
            self._say(record, error.code, column, text)
            return
        if said is not None and said.is_there:
            yield self._fact(kind, item, said.count, "" if text.isdecimal() else f"{column}: {text}"[:200])
        elif said is not None:
            self._say(record, "says_no", column, text)

    def _list(self, record: Record, column: str, kind: str, text: str) -> Iterator[Fact]:
        for each in self._said(kind, text):
            if each.fact:
                yield each.fact
            if each.problem:
                self._say(record, each.problem, column, each.word, each.proposal)

    def _count(self, record: Record, row: Row) -> None:
        """Take in the number of machines that stands in a column of its own, of the one machine of the row."""
        text = self._text(row, "count")
        count = self._try(record, "count", text, values.read_whole) if text else None
        if not isinstance(count, int):
            return
        if any(each.code in ("word_unknown", "word_left_out") for each in record.problems):
            return  # the number belongs to that word
        machines = [fact for fact in record.facts if fact.field == "equipment"]
        if len(machines) != 1 or count > 999:
            self._say(record, "count_of_what", self._column["count"], text)
        elif count == 0:
            record.facts.remove(machines[0])
            self._say(record, "says_no", self._column["count"], text)
        else:
            place = record.facts.index(machines[0])
            record.facts[place] = Fact("equipment", machines[0].value, count, machines[0].code)

    def _fact(self, kind: str, id_: str, count: int | None, code: str, is_sized: bool = False) -> Fact:
        return Fact(
            _FACT_OF[kind], self._value[id_] if kind == "designations" else id_, count if kind == "equipment" else None,
            code, is_sized,
        )  # fmt: skip

    def _meaning_anew(self, kind: str, word: str) -> str | None:
        """Return the id of a word, ``""`` if it is not known, ``None`` if the recipe leaves it out."""
        found = self._whole_meaning(kind, word)
        if found == "" and kind == "equipment":
            return find_sized(word, lambda bare: self._whole_meaning(kind, bare))
        return found

    def _whole_meaning(self, kind: str, word: str) -> str | None:
        """Return what a word means as it stands."""
        chosen = self._own.get(kind, {}).get(key_of(word))
        return self.words.find(kind, word) if chosen is None else chosen or None

    def _said_anew(self, kind: str, text: str) -> list[_Said]:
        """Return what each word of a list says; without those that say that nothing is known."""
        found = []
        if kind == "equipment":
            text = with_decimal_points(text)
        for word, count in values.split_list(text, lambda word: self._meaning(kind, word) != ""):
            id_ = self._meaning(kind, word)
            if id_ and self._whole_meaning(kind, word) == "":
                found.append(_Said(word, self._fact(kind, id_, count, word, True), "size_passed_over", id_))
            elif id_:
                found.append(_Said(word, self._fact(kind, id_, count, word)))
            elif id_ is None:
                found.append(_Said(word, None, "word_left_out"))
            elif not is_unknown(word):
                found.append(_Said(word, None, "word_unknown", self.words.propose(kind, word)))
        return found
