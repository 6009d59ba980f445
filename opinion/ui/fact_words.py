"""Turns facts about a centre into words: fields, values, dates, distances, and who says so."""

from collections.abc import Iterable

from opinion.centres.fact_database import Fact
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import area_labels, equipment_labels, plain


def field_names(t: Translator) -> dict[str, str]:
    """Return the names of the fields of a fact, by id."""
    return {
        "beds": t("Beds"),
        "teaching": t("Teaching hospital"),
        "designation": t("Title or programme"),
        "facility_type": t("Type, in the register's words"),
        "name": t("Name"),
        "name_other": t("Other name"),
        "city": t("Town"),
        "city_local": t("Town, local spelling"),
        "nearest_city": t("Nearest town"),
        "region": t("Region"),
        "country_code": t("Country"),
        "point": t("Place on the map"),
        "website": t("Website"),
        "disease_area": t("Disease area"),
        "equipment": t("Equipment"),
    }


def value_words(fact: Fact, t: Translator) -> str:
    """Return a fact's value in plain words."""
    if fact.field == "country_code":
        return country_names(t.language).get(fact.value, fact.value)
    if fact.field == "teaching":
        return t("yes")
    if fact.field == "beds":
        return f"{int(fact.value):,}"
    if fact.field == "point":
        return point_words(fact.value, t)
    labels = {"disease_area": area_labels(t), "equipment": equipment_labels(t)}.get(fact.field, {})
    return labels.get(fact.value, fact.value)


def point_words(point: str, t: Translator) -> str:
    """Return a point, ``"lat,lon,precision"``, with what it stands for."""
    lat, lon, precision = point.split(",")
    words = {
        "site": t("the centre itself"),
        "city": t("its town, roughly"),
        "city_geonames": t("the middle of its town"),
        "zip_centroid": t("the middle of its postal area"),
        "stated": t("as the list gives it"),
    }
    return f"{float(lat):.3f}, {float(lon):.3f} ({words.get(precision, precision)})"


def distance_words(km: float, precision: str, t: Translator) -> str:
    """Return a distance with what the centre's point stands for."""
    if precision == "site":
        return t("{km} km", km=f"{km:,.0f}")
    points = {"zip_centroid": t("postal area, not site"), "stated": t("as the list gives it")}
    return t("about {km} km", km=f"{km:,.0f}") + f" ({points.get(precision, t('town, not site'))})"


def cited(facts: Iterable[Fact], t: Translator) -> str:
    """Return sources with links and dates, in Markdown."""
    return "; ".join(
        f":small[[{plain(fact.source_title)}](<{fact.publisher_url}>), {plain(date_words(fact, t))}]" for fact in facts
    )


def date_words(fact: Fact, t: Translator) -> str:
    """Return the date of a fact as its source gives it: a date, a period or a release."""
    first, _, last = fact.source_date.partition("/")
    return t("{first} to {last}", first=first, last=last) if last else first or t("no date")
