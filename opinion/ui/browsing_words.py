"""The words of the Centres pages: labels of what can be asked, places, focus and certainty."""

import re
from collections.abc import Iterable, Mapping

from opinion.centres.catalogues import UNKNOWN
from opinion.centres.filters import AREA_CERTAINTIES, YEARS
from opinion.centres.focuses import SPECIALISED
from opinion.centres.shared import shared_catalogue
from opinion.centres.towns import Town
from opinion.texts.countries import country_names
from opinion.texts.translations import SOURCE_LANGUAGE, Translator
from opinion.ui.choices import told_apart
from opinion.vocabularies import designations, disease_areas, equipment, macro_regions, regions

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-!|<>~:$&^=.])")


def plain(text: str) -> str:
    """Return ``text`` so that Markdown shows it letter by letter: names and searches are not ours."""
    return _MARKDOWN.sub(r"\\\1", text)


def area_labels(t: Translator) -> dict[str, str]:
    """Return the labels of the disease areas that centres carry, by id."""
    return {id_: t(area.label) for id_, area in disease_areas().items() if not area.patients_only}


def equipment_labels(t: Translator) -> dict[str, str]:
    """Return the labels of all equipment, by id."""
    return {id_: t(item.label) for id_, item in equipment().items()}


def asked_labels(t: Translator) -> dict[str, str]:
    """Return the labels of equipment as it is asked for: who asks for PET gets PET-CT too, so "PET" says it all."""
    broad = {
        "pet": t("PET"),
        "nuclear_medicine": t("Nuclear medicine"),
        "radiotherapy": t("Radiotherapy"),
        "particle_therapy": t("Particle therapy"),
    }
    return {**equipment_labels(t), **broad}


def designation_labels(t: Translator) -> dict[str, str]:
    """Return the labels of titles and programmes, by id."""
    return {id_: t(title.label) for id_, title in designations().items()}


def source_labels() -> Mapping[str, str]:
    """Return the titles of the sources that ship, by id, in the sources' own words."""
    shipped = [source for source in shared_catalogue().known_sources.values() if source.ship]
    publishers = {each.id: each.publisher for each in shipped}
    return told_apart({each.id: each.title for each in shipped}, publishers.__getitem__)


def beds_labels(t: Translator) -> dict[str, str]:
    """Return the words for the bands of beds, by id."""
    return {
        "under_50": t("under 50"),
        "50_199": t("50 to 199"),
        "200_499": t("200 to 499"),
        "500_999": t("500 to 999"),
        "from_1000": t("1,000 and more"),
        "unknown": t("not known"),
    }


def newest_labels(t: Translator) -> dict[str, str]:
    """Return the words for the year of the newest fact, by id."""
    return {year: t("no date") if year == UNKNOWN else year for year in YEARS}


def area_certainty_labels(t: Translator) -> dict[str, str]:
    """Return the words for how surely a disease area is known, by id."""
    names = equipment_certainty_labels(t)
    return {id_: names[id_] for id_ in AREA_CERTAINTIES}


def equipment_certainty_labels(t: Translator) -> dict[str, str]:
    """Return the words for how surely equipment is known, by id."""
    return {
        "stated": t("stated"),
        "implied": t("implied"),
        "suggested": t("suggested by the name"),
        "unknown": t("not known"),
    }


def sort_labels(t: Translator) -> dict[str, str]:
    """Return the words for the orders of the list, by id."""
    return {
        "match": t("Best match first"),
        "name": t("By name"),
        "distance": t("Nearest first"),
        "beds": t("Most beds first"),
        "newest": t("Newest facts first"),
    }


def focus_labels(t: Translator) -> dict[str, str]:
    """Return the labels of the focuses that can be asked for, weakest first; ``""`` takes any."""
    return {
        "": t("Any"),
        "service_offered": t("At least offers it"),
        "single_specialty": t("Specialises in it"),
        "designated": t("Has a named programme"),
    }


def place_labels(t: Translator) -> dict[str, str]:
    """Return parts of the world, their regions and the countries of each, in that order, by id or code."""
    names, labels = country_names(t.language), {}
    for macro in macro_regions().values():
        labels[macro.id] = t(macro.label)
        for id_ in macro.regions:
            region = regions()[id_]
            labels[id_] = t("{region} (region)", region=t(region.label))
            labels.update(sorted(((code, names[code]) for code in region.countries), key=lambda pair: pair[1]))
    return labels


def split_places(ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the country codes and the regions among ids of ``place_labels``."""
    given = tuple(ids)
    in_world = macro_regions().keys() | regions().keys()
    return tuple(id_ for id_ in given if id_ not in in_world), tuple(id_ for id_ in given if id_ in in_world)


def town_words(town: Town, t: Translator) -> str:
    """Return a town with its country and its size, to tell it from others of its name."""
    country = country_names(t.language).get(town.country_code, town.country_code)
    return t("{town}, {country} ({people} people)", town=town.name, country=country, people=f"{town.population:,}")


# English puts an article before these names; other languages say it in their translation of the sentence, or not
_WITH_ARTICLE = frozenset("AE BS CD CF CG DO FK GB GM KM KY MH MV NL PH SB TC US VG VI".split())  # noqa: SIM905


def place_names(t: Translator) -> Mapping[str, str]:
    """Return the names of countries as they stand after "in"."""
    names = country_names(t.language)
    if t.language != SOURCE_LANGUAGE:
        return names
    return {code: f"the {name}" if code in _WITH_ARTICLE else name for code, name in names.items()}


def either(words: list[str], t: Translator, match: str = "any") -> str:
    """Return ``a, b or c``; with ``and`` if all must match."""
    if len(words) < 2:
        return "".join(words)
    joined = t("{first} and {last}") if match == "all" else t("{first} or {last}")
    return joined.format(first=", ".join(words[:-1]), last=words[-1])


def focus_words(focus: dict[str, str], asked: tuple[str, ...], t: Translator) -> str:
    """Return what a centre's focus says of the areas ``asked``; of all areas if none is asked.

    Without areas asked, specialties are named and offers are counted. Unknown is said to be unknown.
    """
    labels = area_labels(t)
    known = {area: how for area, how in focus.items() if not asked or area in asked}
    special = [labels[area] for area, how in known.items() if how in SPECIALISED]
    offered = [labels[area] for area, how in known.items() if how == "service_offered"]
    suggested = [labels[area] for area, how in known.items() if how == "suggested_by_name"]
    said = []
    if special:
        said.append(t("specialises in: {areas}", areas=", ".join(special)))
    if offered:
        # a general hospital offers twenty areas: they stand on its own page
        many = t.plural("{count} area", "{count} areas", len(offered))
        said.append(t("offers: {areas}", areas=", ".join(offered) if asked or len(offered) <= 2 else many))
    if suggested:
        said.append(t("name suggests: {areas}", areas=", ".join(suggested)))
    return "; ".join(said) or t("not known")


def focus_word(focus: str, t: Translator) -> str:
    """Return what one focus says of the area above a column; ``""`` is unknown."""
    words = {
        "designated": t("specialises in it (named programme)"),
        "single_specialty": t("specialises in it"),
        "service_offered": t("offers it"),
        "suggested_by_name": t("name suggests it"),
    }
    return words.get(focus) or t("not known")


def certainty_words(certainty: str, t: Translator) -> str:
    """Return the word for a certainty; ``""`` is unknown."""
    words = {
        "stated": t("stated"),
        "implied": t("implied"),
        "suggested": t("name suggests it"),
        "derived": t("worked out"),
    }
    return words.get(certainty) or t("not known")


def country_list(countries: dict[str, int], t: Translator, most: int = 8) -> str:
    """Return the countries with most centres first, each with its number of centres; the rest as a number."""
    names = place_names(t)
    ordered = sorted(countries, key=lambda code: -countries[code])
    shown = ", ".join(f"{names[code]} ({countries[code]:,})" for code in ordered[:most])
    rest = len(ordered) - most
    return shown + (" " + t.plural("and {count} more", "and {count} more", rest) if rest > 0 else "")
