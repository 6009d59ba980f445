"""What the Centres page says when nothing matches: why, and each single change that would give centres."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.coverage import cover_field
from opinion.centres.facets import select
from opinion.centres.filters import Filters
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui.browsing import clear_filters
from opinion.ui.browsing_address import read_address, write_address
from opinion.vocabularies import macro_regions, regions

_Way = tuple[str, Filters]
_HIDDEN = ("hidden_countries", "hidden_regions", "hidden_designations", "hidden_sources")
_FARTHER_KM = (200, 500, 1000, 2000, 5000)
_MOST_WAYS = 6


def show_nothing_found(catalogue: Catalogue, filters: Filters, t: Translator) -> None:
    """Say why nothing is found, and offer each change that would give centres, the one closest to the request first.

    If no single change would, pairs of filters to leave out are offered.
    """
    lines = _why_empty(catalogue, filters, t)
    lines.append(t("That does not mean that there is none: what no source states is not known."))
    st.info(" ".join(lines), icon=":material/search_off:")
    without = [(label, change) for label, change in _without(filters, t) if label]
    ways = _that_give(catalogue, _wider(filters, t) + [_leave_out(filters, [one], t) for one in without])
    if not ways:
        st.markdown(t("No single filter is to blame: leave out more than one."))
        ways = _that_give(catalogue, [_leave_out(filters, pair, t) for pair in combinations(without, 2)])
    for place, (count, label, less) in enumerate(ways[:_MOST_WAYS]):
        centres = t.plural("{count} centre", "{count} centres", count)
        st.button(f"{words.plain(label)}: {centres}", on_click=write_address, args=(less, read_address()[1]),
                  key=f"leave_out_{place}", type="primary" if place == 0 else "secondary")  # fmt: skip
    st.button(
        t("Clear all filters"), on_click=clear_filters, key="clear_filters_here", icon=":material/filter_alt_off:"
    )


def _that_give(catalogue: Catalogue, ways: list[_Way]) -> list[tuple[int, str, Filters]]:
    """Return the ways that give any centre, with how many."""
    counted = [(select(catalogue, less).count, label, less) for label, less in ways]
    return [way for way in counted if way[0]]


def _leave_out(filters: Filters, without: Iterable[tuple[str, dict[str, Any]]], t: Translator) -> _Way:
    labels, changes = [], {}
    for label, change in without:
        labels.append(label)
        changes.update(change)
    return t("Drop the filter “{filter}”", filter=words.either(labels, t, "all")), replace(filters, **changes)


def _why_empty(catalogue: Catalogue, filters: Filters, t: Translator) -> list[str]:
    """Return sentences, in Markdown, on what our sources do not say; ``[]`` if coverage does not explain it."""
    names, known, said = words.place_names(t), macro_regions() | regions(), []
    asked = [("equipment", item, label) for item, label in words.asked_labels(t).items() if item in filters.equipment]
    asked += [
        ("disease_area", id_, label) for id_, label in words.area_labels(t).items() if id_ in filters.disease_areas
    ]
    for field, value, label in asked:
        covered = cover_field(catalogue, field, value).countries
        if not covered:
            said.append(t("No source of ours states {what} for any centre.", what=f"**{words.plain(label)}**"))
            continue
        missing = [words.plain(names[code]) for code in filters.countries if code not in covered]
        regional = [known[id_] for id_ in filters.regions]
        missing += [words.plain(t(one.label)) for one in regional if not covered.keys() & set(one.countries)]
        if missing:
            places = words.either(missing, t)
            said.append(
                t("For {places}, no source of ours states {what}.", places=places, what=f"**{words.plain(label)}**")
                + " "
                + t("It is stated for: {countries}.", countries=words.plain(words.country_list(covered, t)))
            )
    return said


def _wider(filters: Filters, t: Translator) -> list[_Way]:
    """Return each change that asks less strictly for the same."""
    ways: list[_Way] = []
    if filters.disease_areas and "suggested" not in filters.areas_sure:
        ways.append((t("Also what the name suggests"), replace(filters, areas_sure=(*filters.areas_sure, "suggested"))))
    if filters.equipment and "suggested" not in filters.equipment_sure:
        sure = (*filters.equipment_sure, "suggested")
        ways.append((t("Also equipment that the name suggests"), replace(filters, equipment_sure=sure)))
    if filters.near:
        farther = [km for km in _FARTHER_KM if km > filters.within_km][:2]
        ways += [(t("Within {km} km", km=f"{km:,}"), replace(filters, within_km=km)) for km in farther]
    return ways


def _without(filters: Filters, t: Translator) -> list[tuple[str, dict[str, Any]]]:
    """Return for each filter the words for what it asks (``""`` if nothing), and what changes without it."""
    areas, items, names = words.area_labels(t), words.asked_labels(t), words.place_labels(t)
    places, titles = filters.regions + filters.countries, words.designation_labels(t)
    return [
        (words.either([areas[id_] for id_ in filters.disease_areas], t, filters.areas_match),
         {"disease_areas": (), "areas_match": "any", "areas_sure": ()}),
        (words.either([items[id_] for id_ in filters.equipment], t, filters.equipment_match),
         {"equipment": (), "equipment_match": "any", "equipment_sure": ()}),
        (t("the focus") if filters.focus else "", {"focus": ""}),
        (words.either([titles[id_] for id_ in filters.designations], t, filters.designations_match),
         {"designations": (), "designations_match": "any"}),
        (t("“stated to teach”") if filters.teaching else "", {"teaching": ()}),
        (t("the beds") if filters.beds else "", {"beds": ()}),
        (t("the source") if filters.sources else "", {"sources": (), "sources_match": "any"}),
        (t("the year of the newest fact") if filters.newest else "", {"newest": ()}),
        (f"“{filters.text}”" if filters.text else "", {"text": ""}),
        (t("the distance") if filters.near else "", {"near": 0}),
        (t("what is left out") if any(getattr(filters, name) for name in _HIDDEN) else "", dict.fromkeys(_HIDDEN, ())),
        (words.either([names[id_] for id_ in places], t), {"countries": (), "regions": ()}),
    ]  # fmt: skip
