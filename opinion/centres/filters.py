"""Turns an address's query into ``Filters`` and back: what somebody asks of the list of centres."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from opinion.centres.catalogues import BEDS_BANDS, UNKNOWN
from opinion.centres.focuses import STATED
from opinion.centres.inputs import inputs_in
from opinion.centres.sources import read_sources
from opinion.centres.towns import find_town
from opinion.errors import Problem, did_you_mean
from opinion.vocabularies import country_codes, designations, disease_areas, equipment, macro_regions, regions

_LONGEST_TEXT = 100
_FEW = 12  # choices that a remedy can name
DEFAULT_KM = 100
FARTHEST_KM = 20_000
MATCHES = ("any", "all")
AREA_CERTAINTIES = ("stated", "suggested", UNKNOWN)
EQUIPMENT_CERTAINTIES = ("stated", "implied", "suggested", UNKNOWN)
SORTS = ("match", "name", "distance", "beds", "newest")
YEARS = (*(str(year) for year in range(2040, 1999, -1)), UNKNOWN)


@dataclass(frozen=True)
class Parameter:
    """One key of the address. ``name``: the attribute of ``Filters``; ``about``: what it asks, in one sentence.

    ``kind``: ``many`` ids joined by commas, ``one`` id, ``text``, ``town`` or ``km``. ``choices`` are the ids;
    empty for texts, towns and numbers. ``default`` is what a missing key means.
    """

    key: str
    name: str
    kind: str
    about: str
    choices: tuple[str, ...] = ()
    default: object = ()


@cache
def parameters() -> dict[str, Parameter]:
    """Return every key that an address may have, in the order in which they are written.

    Remembered until ``shared_catalogue`` takes over a catalogue with other sources.
    """
    areas = tuple(area for area, known in disease_areas().items() if not known.patients_only)
    places = (*macro_regions(), *regions())
    countries, titles = country_codes(), tuple(designations())
    sources = tuple(source.id for source in read_sources(inputs_in()).values() if source.ship)
    rows = (
        Parameter("area", "disease_areas", "many", "Disease areas.", areas),
        Parameter("areas", "areas_match", "one", "Whether any or all of the disease areas must match.", MATCHES, "any"),
        Parameter("area_sure", "areas_sure", "many",
                  "How surely the areas are known: a source states them, only the name suggests them, not known.",
                  AREA_CERTAINTIES, ("stated",)),
        Parameter("focus", "focus", "one", "The weakest focus on a stated area that counts.", STATED, ""),
        Parameter("country", "countries", "many", "Countries, as ISO 3166-1 alpha-2 codes.", countries),
        Parameter("region", "regions", "many", "World regions; they add to the countries.", places),
        Parameter("equipment", "equipment", "many", "Equipment; a narrower item counts for the broader.",
                  tuple(equipment())),
        Parameter("having", "equipment_match", "one", "Whether any or all of the equipment must be there.",
                  MATCHES, "any"),
        Parameter("equipment_sure", "equipment_sure", "many",
                  "How surely the equipment is known: a source states it, implies it, only the name suggests it, "
                  "not known.", EQUIPMENT_CERTAINTIES, ("stated", "implied")),
        Parameter("designation", "designations", "many", "Titles and programmes that a source gives a centre.", titles),
        Parameter("designations", "designations_match", "one", "Whether any or all of the designations must match.",
                  MATCHES, "any"),
        Parameter("teaching", "teaching", "many", "Only centres that a source states to teach.", ("stated",)),
        Parameter("beds", "beds", "many", "Bands of beds.", tuple(BEDS_BANDS)),
        Parameter("source", "sources", "many", "Sources that state anything about the centre.", sources),
        Parameter("sources", "sources_match", "one", "Whether any or all of the sources must state something.",
                  MATCHES, "any"),
        Parameter("newest", "newest", "many", "The year of the newest fact about what a centre does.", YEARS),
        Parameter("hide_country", "hidden_countries", "many", "Countries to leave out.", countries),
        Parameter("hide_region", "hidden_regions", "many", "World regions to leave out.", places),
        Parameter("hide_designation", "hidden_designations", "many", "Leave out who is stated to have these.", titles),
        Parameter("hide_source", "hidden_sources", "many", "Leave out what these sources state anything about.",
                  sources),
        Parameter("near", "near", "town", "A town: its GeoNames number, or its name, with a comma and a country "
                  "code if the name alone is not enough.", (), 0),
        Parameter("km", "within_km", "km", f"The largest distance from that town in km, 1 to {FARTHEST_KM}.",
                  (), DEFAULT_KM),
        Parameter("q", "text", "text", f"Words in the name, the town or a title, at most {_LONGEST_TEXT} characters.",
                  (), ""),
        Parameter("sort", "sort", "one", "The order: best match, name, distance, most beds, newest facts.",
                  SORTS, "match"),
    )  # fmt: skip
    return {row.key: row for row in rows}


@dataclass(frozen=True)
class Filters:
    """What is asked of the list. Nothing asked is everything listed; ``parameters`` says what each one asks.

    Ids are those of ``opinion.vocabularies`` and ``sources.toml``. Order and repetition do not matter: tuples are kept
    sorted in the order of the vocabularies. ``near`` is a GeoNames number, 0 for no town; ``within_km`` counts only
    with it.
    """

    disease_areas: tuple[str, ...] = ()
    areas_match: str = "any"
    areas_sure: tuple[str, ...] = ("stated",)
    focus: str = ""
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    equipment_match: str = "any"
    equipment_sure: tuple[str, ...] = ("stated", "implied")
    designations: tuple[str, ...] = ()
    designations_match: str = "any"
    teaching: tuple[str, ...] = ()
    beds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sources_match: str = "any"
    newest: tuple[str, ...] = ()
    hidden_countries: tuple[str, ...] = ()
    hidden_regions: tuple[str, ...] = ()
    hidden_designations: tuple[str, ...] = ()
    hidden_sources: tuple[str, ...] = ()
    near: int = 0
    within_km: int = DEFAULT_KM
    text: str = ""
    sort: str = "match"

    def __post_init__(self) -> None:
        """Put the tuples in order and tidy the text. Raises ``ValueError`` on a value that is not known."""
        for one in parameters().values():
            value = getattr(self, one.name)
            if one.kind == "many":
                if not set(value) <= set(one.choices):
                    raise ValueError(f"{one.name}: {sorted(set(value) - set(one.choices))} are not known")
                ordered = tuple(id_ for id_ in one.choices if id_ in value) if value else ()
                object.__setattr__(self, one.name, ordered or one.default)
            elif one.kind == "one" and value not in (one.default, *one.choices):
                raise ValueError(f"{one.name}: {value!r} is not one of {one.choices}")
        if not 1 <= self.within_km <= FARTHEST_KM or self.near < 0:
            raise ValueError(f"within_km: {self.within_km} is not from 1 to {FARTHEST_KM}")
        object.__setattr__(self, "text", " ".join(self.text.split())[:_LONGEST_TEXT].strip())
        if not self.near:
            object.__setattr__(self, "within_km", DEFAULT_KM)

    @classmethod
    def from_query(cls, query: Mapping[str, object]) -> "tuple[Filters, list[Problem]]":
        """Return the filters that a query asks for, and a problem for every part that had to be left out.

        ``query`` maps keys of ``parameters`` to a text, or to several. Other keys are none of its business. Never
        raises.
        """
        problems: list[Problem] = []
        asked: dict[str, object] = {}
        for one in parameters().values():
            texts = _texts(query.get(one.key))
            if any(text.strip() for text in texts):
                value = _READERS[one.kind](one, texts, problems)
                asked[one.name] = one.default if value is None else value
        return cls(**asked), problems  # type: ignore[arg-type]  # the readers give each its type

    def to_query(self) -> dict[str, str]:
        """Return the shortest query that ``from_query`` turns into these filters again; ``{}`` for nothing asked."""
        query = {}
        for one in parameters().values():
            value = getattr(self, one.name)
            if value != one.default:
                query[one.key] = ",".join(value) if isinstance(value, tuple) else str(value)
        return query


_Reader = Callable[[Parameter, list[str], list[Problem]], object]


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(part) for part in value] if isinstance(value, (list, tuple)) else [str(value)]


def _many(one: Parameter, texts: list[str], problems: list[Problem]) -> tuple[str, ...]:
    """Return the ids that are known; case does not matter."""
    by_case = {choice.casefold(): choice for choice in one.choices}
    chosen: list[str] = []
    for value in _parts(texts):
        known = by_case.get(value.casefold())
        if known is None:
            problems.append(_unknown(one, value))
        else:
            chosen.append(known)
    return tuple(chosen)


def _parts(texts: Iterable[str]) -> list[str]:
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def _one(one: Parameter, texts: list[str], problems: list[Problem]) -> str | None:
    chosen = _many(one, texts, problems)
    for value in chosen[1:]:
        problems.append(Problem(one.key, value, "comes second. Give one value."))
    return chosen[0] if chosen else None


def _text(one: Parameter, texts: list[str], problems: list[Problem]) -> str:
    text = " ".join(" ".join(texts).split())
    if len(text) > _LONGEST_TEXT:
        remedy = f"is too long. Give at most {_LONGEST_TEXT} characters."
        problems.append(Problem(one.key, text[:_LONGEST_TEXT], remedy))
    return text


def _town(one: Parameter, texts: list[str], problems: list[Problem]) -> int | None:
    """Return the GeoNames number of a town."""
    asked = " ".join(texts).strip()
    town = find_town(asked)
    if town is None:
        remedy = "is not a town of 15,000 people or more that we know. Give a larger town near it, or its country code."
        problems.append(Problem(one.key, asked[:_LONGEST_TEXT], remedy))
    return town.id if town else None


def _km(one: Parameter, texts: list[str], problems: list[Problem]) -> int | None:
    asked = texts[-1].strip()
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= FARTHEST_KM:
        return int(asked)
    problems.append(Problem(one.key, asked[:_LONGEST_TEXT], f"is not a whole number from 1 to {FARTHEST_KM}."))
    return None


def _unknown(one: Parameter, value: str) -> Problem:
    choices = list(one.choices)
    # people write countries in capitals and ids in small letters
    hint = did_you_mean(value.lower(), choices) or did_you_mean(value.upper(), choices)
    if not hint and len(choices) <= _FEW:
        hint = f" Use one of: {', '.join(choices)}."
    return Problem(one.key, value[:_LONGEST_TEXT], f"is not known.{hint}")


_READERS: dict[str, _Reader] = {"many": _many, "one": _one, "text": _text, "town": _town, "km": _km}
