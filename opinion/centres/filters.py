"""Turns an address's query into ``Filters`` and back: what somebody asks of the list of centres."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from opinion.centres.focuses import STATED
from opinion.centres.names import fold
from opinion.errors import Problem, did_you_mean
from opinion.vocabularies import country_codes, disease_areas, equipment

QUERY_KEYS = ("area", "areas", "country", "equipment", "having", "focus", "q", "suggested")
_LONGEST_TEXT = 100


@dataclass(frozen=True)
class Filters:
    """What is asked of the list. Nothing asked is everything listed; ids are those of ``opinion.vocabularies``.

    ``areas_match``, ``equipment_match``: ``"any"`` or ``"all"`` of those asked. ``countries`` are alternatives.
    ``focus``: the weakest focus that counts, of ``STATED``; ``""`` takes any. ``suggested``: also take what only a
    name suggests (for areas only while ``focus`` is ``""``). ``text``: every word must stand in a name or the town.
    Order and repetition do not matter: tuples are kept sorted in the order of the vocabularies.
    """

    disease_areas: tuple[str, ...] = ()
    areas_match: str = "any"
    countries: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    equipment_match: str = "any"
    focus: str = ""
    text: str = ""
    suggested: bool = False

    def __post_init__(self) -> None:
        """Put the tuples in order and tidy the text. Raises ``ValueError`` on an id that is not known."""
        for name, known in (
            ("disease_areas", list(disease_areas())),
            ("countries", list(country_codes())),
            ("equipment", list(equipment())),
        ):
            given = set(getattr(self, name))
            if not given <= set(known):
                raise ValueError(f"{name}: {sorted(given - set(known))} are not known")
            object.__setattr__(self, name, tuple(id_ for id_ in known if id_ in given))
        if self.areas_match not in ("any", "all") or self.equipment_match not in ("any", "all"):
            raise ValueError("a match is 'any' or 'all'")
        if self.focus not in ("", *STATED):
            raise ValueError(f"focus: {self.focus!r} is not one of {STATED}")
        object.__setattr__(self, "text", " ".join(self.text.split())[:_LONGEST_TEXT].strip())

    @classmethod
    def from_query(cls, query: Mapping[str, object]) -> "tuple[Filters, list[Problem]]":
        """Return the filters that a query asks for, and a problem for every part that had to be left out.

        ``query`` maps keys of ``QUERY_KEYS`` to a text, or to several. Other keys are none of its business. Never
        raises.
        """
        problems: list[Problem] = []
        areas = [area for area, known in disease_areas().items() if not known.patients_only]
        choose = _chooser(query, problems)
        return cls(
            disease_areas=choose("area", areas, str.lower),
            areas_match=_one(choose("areas", ["any", "all"], str.lower), "any"),
            countries=choose("country", country_codes(), str.upper),
            equipment=choose("equipment", list(equipment()), str.lower),
            equipment_match=_one(choose("having", ["any", "all"], str.lower), "any"),
            focus=_one(choose("focus", STATED, str.lower), ""),
            text=" ".join(_texts(query.get("q"))),
            suggested=_one(choose("suggested", ["0", "1"], str.lower), "0") == "1",
        ), problems

    def to_query(self) -> dict[str, str]:
        """Return the shortest query that ``from_query`` turns into these filters again; ``{}`` for nothing asked."""
        query = {
            "area": ",".join(self.disease_areas),
            "areas": self.areas_match if self.areas_match != "any" else "",
            "country": ",".join(self.countries),
            "equipment": ",".join(self.equipment),
            "having": self.equipment_match if self.equipment_match != "any" else "",
            "focus": self.focus,
            "q": self.text,
            "suggested": "1" if self.suggested else "",
        }
        return {key: value for key, value in query.items() if value}

    def words(self) -> str:
        """Return the text as search compares it: without case and accents."""
        return fold(self.text)


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(part) for part in value] if isinstance(value, (list, tuple)) else [str(value)]


def _one(chosen: tuple[str, ...], otherwise: str) -> str:
    return chosen[0] if chosen else otherwise


def _chooser(
    query: Mapping[str, object], problems: list[Problem]
) -> Callable[[str, Iterable[str], Callable[[str], str]], tuple[str, ...]]:
    def choose(key: str, known: Iterable[str], case: Callable[[str], str]) -> tuple[str, ...]:
        choices = list(known)
        chosen: list[str] = []
        for value in (part.strip() for text in _texts(query.get(key)) for part in text.split(",")):
            if case(value) in choices:
                chosen.append(case(value))
            elif value:
                hint = did_you_mean(case(value), choices)
                problems.append(Problem(key, value[:_LONGEST_TEXT], f"is not known and was left out.{hint}"))
        return tuple(chosen)

    return choose
