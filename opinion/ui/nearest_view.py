"""The part of the Coverage page that says where the nearest centre abroad is."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.coverage import NearestCentre, nearest_for_all
from opinion.exchange.cells import Cell
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui.coverage_choices import Asked, centres_address
from opinion.ui.pictures import Twin, show_twin

MOST_SENTENCES = 5  # countries that are described in words, with links
NEAR_KM = 500.0  # what the finding calls near


def show_nearest(catalogue: Catalogue, asked: Asked, t: Translator) -> None:
    """Show where the nearest centre abroad is for each country asked for that has none."""
    names, far = country_names(t.language), nearest_for_all(catalogue, asked.disease_area, asked.focus)
    codes = [catalogue.countries[place] for place in asked.places(catalogue)]
    found = [far[code] for code in codes if code in far]
    if not found:
        return
    near = sum(one.distance_km <= NEAR_KM for one in found)
    title = t.plural("From {some} of {count} country without one, the nearest abroad is within {km} km",
                     "From {some} of {count} countries without one, the nearest abroad is within {km} km",
                     len(found), some=near, km=f"{NEAR_KM:,.0f}")  # fmt: skip
    st.markdown(f"#### {title}")
    st.caption(words.plain(" ".join((
        t("In a straight line, from the middle of a country's centres that we know (the median of their points)."),
        t("That is right for the country, not for one town of it."),
        t("The nearest that a source states, not the nearest that there is. Countries without a centre of ours are "
          "not here."),
    ))))  # fmt: skip
    if asked.countries and len(found) <= MOST_SENTENCES:
        st.markdown("\n".join(_sentence(one, names, asked, t) for one in found))
    show_twin("nearest_abroad", _nearest_twin(found, names, asked, t), title, t)


def _nearest_twin(found: Sequence[NearestCentre], names: Mapping[str, str], asked: Asked, t: Translator) -> Twin:
    head = (t("Seen from"), t("About km"), t("Nearest centre abroad"), t("Town"), t("Country"), t("Point"),
            t("Its page"), t("All in that country"))  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (names[one.seen_from], about_km(one.distance_km), one.name, one.city or None, names[one.country_code],
         t("its town") if one.approximate else t("its site"), f"/centre?{urlencode({'id': one.centre_id}, safe=':')}",
         centres_address({"area": one.disease_area, "country": one.country_code, **asked.focus_query}))
        for one in found
    ]  # fmt: skip
    return Twin(head, rows, {t("Its page"): t("Open"), t("All in that country"): t("Open")})


def _sentence(one: NearestCentre, names: Mapping[str, str], asked: Asked, t: Translator) -> str:
    own = centres_address({"country": one.seen_from})
    there = centres_address({"area": one.disease_area, "country": one.country_code, **asked.focus_query})
    return "- " + t(
        "From [{home}]({own}): [{centre}]({page}) in {town}, about {km} km away. [All in {abroad}]({there})",
        home=words.plain(names[one.seen_from]), own=own, centre=words.plain(one.name),
        page=f"/centre?{urlencode({'id': one.centre_id}, safe=':')}",
        town=words.plain(", ".join(filter(None, (one.city, names[one.country_code])))),
        km=f"{about_km(one.distance_km):,}", abroad=words.plain(names[one.country_code]), there=there,
    )  # fmt: skip


def about_km(km: float) -> int:
    """Return a distance as it may be said when its start is the middle of a country: to 10 km."""
    return max(round(km / 10) * 10, 10)
