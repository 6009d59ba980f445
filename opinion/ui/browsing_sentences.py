"""Turns a selection of centres into the sentence that says what is asked, and for how many it is not known."""

from collections.abc import Mapping

from opinion.centres.catalogues import UNKNOWN
from opinion.centres.facets import Selection
from opinion.centres.filters import Filters
from opinion.centres.towns import Town
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import (
    area_certainty_labels,
    area_labels,
    asked_labels,
    beds_labels,
    designation_labels,
    either,
    equipment_certainty_labels,
    newest_labels,
    place_labels,
    place_names,
    plain,
    source_labels,
)
from opinion.vocabularies import macro_regions, regions


def describe(selection: Selection, t: Translator) -> str:
    """Return one plain sentence, in Markdown, that says what is selected and for how many it is not known."""
    filters = selection.filters
    count = t.plural("{count} centre", "{count} centres", selection.count)
    parts = [f"**{count if selection.count else t('No centre is known')}**"]
    if filters.countries or filters.regions:
        parts.append(t("in {places}", places=_places(filters.regions, filters.countries, t)))
    if selection.town:
        km = f"{filters.within_km:,}"
        parts.append(t("within {km} km of {town}", km=km, town=plain(selection.town.name)))
    if _is_nothing(filters.equipment, asked_labels(t), filters.equipment_match, filters.equipment_sure):
        parts.append(t("of which no equipment is stated"))
    elif filters.equipment:
        labels = asked_labels(t)
        items = either([plain(labels[item]) for item in filters.equipment], t, filters.equipment_match)
        sure = _how_sure(filters.equipment_sure, Filters().equipment_sure, equipment_certainty_labels(t), t)
        parts.append(t("with {items}", items=items) + sure)
    said = [" ".join(parts), _field(filters, t), *_more(filters, t)]
    if filters.text:
        said.append(t("with “{text}” in name, town or title", text=plain(filters.text)))
    hidden = _hidden(filters, t)
    if hidden:
        said.append(t("leaving out {what}", what=hidden))
    sentence = ", ".join(filter(None, said))
    if filters == Filters(sort=filters.sort):
        sentence += " " + t("in {count} countries", count=sum(map(bool, selection.facets.countries.values())))
    return "; ".join((sentence, *_unknown(selection, t))) + "."


def short_name(filters: Filters, town: Town | None, t: Translator) -> str:
    """Return a name for a view, in plain text: what is asked of equipment, areas and places; ``""`` for nothing."""
    areas, items, names = area_labels(t), asked_labels(t), place_labels(t)
    asked = [items[id_] for id_ in filters.equipment] + [areas[id_] for id_ in filters.disease_areas]
    asked += [names[id_] for id_ in filters.regions + filters.countries] + [filters.text]
    if town:
        asked.append(t("{km} km around {town}", km=f"{filters.within_km:,}", town=town.name))
    asked += [t("not {place}", place=names[id_]) for id_ in filters.hidden_regions + filters.hidden_countries]
    return ", ".join(filter(None, asked))[:80]


def _how_sure(sure: tuple[str, ...], usual: tuple[str, ...], labels: Mapping[str, str], t: Translator) -> str:
    return "" if sure == usual else f" ({either([labels[one] for one in sure], t)})"


def _is_nothing(asked: tuple[str, ...], labels: Mapping[str, str], match: str, sure: tuple[str, ...]) -> bool:
    """Say whether centres are asked for of which nothing of a field is stated: all there is, and all of it unknown."""
    return match == "all" and len(asked) == len(labels) and {"stated", "implied"}.isdisjoint(sure)


def _places(in_regions: tuple[str, ...], codes: tuple[str, ...], t: Translator) -> str:
    names, known = place_names(t), macro_regions() | regions()
    labels = [plain(t(known[id_].label)) for id_ in in_regions] + [plain(names[code]) for code in codes]
    return either(labels, t)


def _field(filters: Filters, t: Translator) -> str:
    """Return the areas asked, with the words that the focus allows."""
    labels = area_labels(t)
    if not filters.focus and _is_nothing(filters.disease_areas, labels, filters.areas_match, filters.areas_sure):
        return t("of which no disease area is stated")
    areas = either([plain(labels[area]) for area in filters.disease_areas], t, filters.areas_match)
    if areas:
        areas += _how_sure(filters.areas_sure, Filters().areas_sure, area_certainty_labels(t), t)
    if filters.focus:
        areas = areas or t("some disease area")
        words = {
            "designated": t("with a named programme for {areas}", areas=areas),
            "single_specialty": t("specialised in {areas}", areas=areas),
            "service_offered": t("offering {areas} or specialised in it", areas=areas),
        }
        return words[filters.focus]
    return t("for {areas}", areas=areas) if areas else ""


def _more(filters: Filters, t: Translator) -> list[str]:
    """Return what is asked of titles, teaching, beds, sources and freshness, in words."""
    said = []
    if filters.designations:
        labels = designation_labels(t)
        titles = either([plain(labels[id_]) for id_ in filters.designations], t, filters.designations_match)
        said.append(t("with the title {titles}", titles=titles))
    if filters.teaching:
        said.append(t("stated to teach"))
    if filters.beds:
        bands = beds_labels(t)
        known = [plain(bands[band]) for band in filters.beds if band != UNKNOWN]
        words = [t("{bands} beds", bands=either(known, t))] if known else []
        said.append(either(words + ([t("beds not known")] if UNKNOWN in filters.beds else []), t))
    if filters.sources:
        titles_of = source_labels()
        names = either([f"“{plain(titles_of[id_])}”" for id_ in filters.sources], t, filters.sources_match)
        said.append(t("listed by {sources}", sources=names))
    if filters.newest:
        labels = newest_labels(t)
        said.append(t("newest fact: {years}", years=either([plain(labels[year]) for year in filters.newest], t)))
    return said


def _hidden(filters: Filters, t: Translator) -> str:
    parts = []
    if filters.hidden_countries or filters.hidden_regions:
        parts.append(_places(filters.hidden_regions, filters.hidden_countries, t))
    titles, sources = designation_labels(t), source_labels()
    parts += [plain(titles[id_]) for id_ in filters.hidden_designations]
    parts += [f"“{plain(sources[id_])}”" for id_ in filters.hidden_sources]
    return either(parts, t, "all")


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
    facets = selection.facets
    for asked, count, words in (
        (selection.town, selection.unknown_place, t("their place is not known")),
        (filters.teaching, selection.unknown_teaching, t("it is not known whether they teach")),
        (filters.beds and UNKNOWN not in filters.beds, facets.beds[UNKNOWN], t("the number of beds is not known")),
        (filters.newest and UNKNOWN not in filters.newest, facets.newest.get(UNKNOWN, 0), t("no fact has a date")),
    ):
        if asked and count:
            said.append(f"{more(count)} {words}")
    return said


def nearly_words(selection: Selection, t: Translator) -> str:
    """Return, in Markdown, what is shown in place of words that are written nowhere; ``""`` if they are."""
    match = selection.match
    if match is None or not match.nearly or not selection.count:
        return ""
    meant = sorted({word for found in match.spellings.values() for word in found})[:8]
    words = t("No centre is written “{text}”. Shown is what is written nearly so.", text=plain(selection.filters.text))
    return words + (" " + t("Found: {words}.", words=plain(", ".join(meant))) if meant else "")
