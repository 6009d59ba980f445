"""Turns a selection of centres into words: the sentence that describes it, focus, certainty, and why it is empty."""

import re
from collections.abc import Mapping

from opinion.centres.catalogues import Catalogue
from opinion.centres.coverage import cover_field
from opinion.centres.facets import Selection
from opinion.centres.filters import Filters
from opinion.centres.focuses import SPECIALISED
from opinion.texts.countries import country_names
from opinion.texts.translations import SOURCE_LANGUAGE, Translator
from opinion.vocabularies import disease_areas, equipment

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


def describe(selection: Selection, t: Translator) -> str:
    """Return one plain sentence, in Markdown, that says what is selected and for how many it is not known."""
    filters = selection.filters
    count = t.plural("{count} centre", "{count} centres", selection.count)
    parts = [f"**{count if selection.count else t('No centre is known')}**"]
    if filters.countries:
        names = place_names(t)
        parts.append(t("in {places}", places=either([plain(names[code]) for code in filters.countries], t)))
    if filters.equipment:
        labels = asked_labels(t)
        items = either([plain(labels[item]) for item in filters.equipment], t, filters.equipment_match)
        parts.append(t("with {items}", items=items))
    sentence = ", ".join(filter(None, (" ".join(parts), _field(filters, t))))
    if filters.text:
        sentence += ", " + t("with “{text}” in name or town", text=plain(filters.text))
    if filters == Filters():
        sentence += " " + t("in {count} countries", count=sum(map(bool, selection.facets.countries.values())))
    if "suggested" in filters.areas_sure:
        sentence += ", " + t("counting what names suggest")
    return "; ".join((sentence, *_unknown(selection, t))) + "."


def _unknown(selection: Selection, t: Translator) -> list[str]:
    """Return for how many centres, that fit otherwise, it is not known whether they have what is asked."""
    filters = selection.filters
    said: list[str] = []

    def more(count: int) -> str:
        words = t("for {count} more") if selection.count or said else t("for {count} that fit otherwise")
        return words.format(count=f"**{count:,}**")

    if filters.equipment and selection.unknown_equipment:
        labels = asked_labels(t)
        items = either([plain(labels[item]) for item in filters.equipment], t, filters.equipment_match)
        words = t("it is not known whether they have {items}", items=items)
        said.append(f"{more(selection.unknown_equipment)} {words}")
    if filters.disease_areas and selection.unknown_areas:
        areas = area_labels(t)
        names = either([plain(areas[area]) for area in filters.disease_areas], t, filters.areas_match)
        words = t("it is not known whether they treat this: {areas}", areas=names)
        said.append(f"{more(selection.unknown_areas)} {words}")
    if selection.unknown_both:
        said.append(f"{more(selection.unknown_both)} {t('neither is known')}")
    return said


def _field(filters: Filters, t: Translator) -> str:
    """Return the areas asked, with the words that the focus allows."""
    labels = area_labels(t)
    areas = either([plain(labels[area]) for area in filters.disease_areas], t, filters.areas_match)
    if filters.focus:
        areas = areas or t("some disease area")
        words = {
            "designated": t("with a named programme for {areas}", areas=areas),
            "single_specialty": t("specialised in {areas}", areas=areas),
            "service_offered": t("offering {areas} or specialised in it", areas=areas),
        }
        return words[filters.focus]
    return t("for {areas}", areas=areas) if areas else ""


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


def why_empty(catalogue: Catalogue, filters: Filters, t: Translator) -> list[str]:
    """Return sentences, in Markdown, on what our sources do not say; ``[]`` if coverage does not explain it."""
    names, said = place_names(t), []
    asked = [("equipment", item, label) for item, label in asked_labels(t).items() if item in filters.equipment]
    asked += [("disease_area", id_, label) for id_, label in area_labels(t).items() if id_ in filters.disease_areas]
    for field, value, label in asked:
        covered = cover_field(catalogue, field, value).countries
        if not covered:
            said.append(t("No source of ours states {what} for any centre.", what=f"**{plain(label)}**"))
            continue
        missing = [code for code in filters.countries if code not in covered]
        if missing:
            places = either([plain(names[code]) for code in missing], t)
            said.append(
                t("For {places}, no source of ours states {what}.", places=places, what=f"**{plain(label)}**")
                + " "
                + t("It is stated for: {countries}.", countries=plain(country_list(covered, t)))
            )
    return said


def country_list(countries: dict[str, int], t: Translator, most: int = 8) -> str:
    """Return the countries with most centres first, each with its number of centres; the rest as a number."""
    names = place_names(t)
    ordered = sorted(countries, key=lambda code: -countries[code])
    shown = ", ".join(f"{names[code]} ({countries[code]:,})" for code in ordered[:most])
    rest = len(ordered) - most
    return shown + (" " + t.plural("and {count} more", "and {count} more", rest) if rest > 0 else "")
