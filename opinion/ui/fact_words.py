"""Turns facts about a centre into words: fields, values, dates, distances, and who says so."""

from collections.abc import Iterable

from opinion.centres import staleness
from opinion.centres.decisions import CORRECTIONS
from opinion.centres.fact_database import Fact
from opinion.centres.inputs import TABLES
from opinion.centres.shared import shared_catalogue
from opinion.exchange.overdue_wordings import overdue_time_words
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
    """Return sources with links and dates, in Markdown; what is overdue is said to be, ``overdue_reasons`` say why."""
    schedule, lines = schedule_of_sources(), []
    for fact in facts:
        title, address = cited_page(fact)
        # a list's own address may be no address of the web: then it is no link
        linked = f"[{plain(title)}](<{address}>)" if address.startswith(("http://", "https://")) else plain(title)
        overdue = overdue_words(fact, schedule, t)
        late = f" :material/history: {overdue}" if overdue else ""
        by = f" ({t('corrected by a curator')})" if fact.source == CORRECTIONS else ""
        lines.append(f":small[{linked}, {plain(date_words(fact, t))}{by}{late}]")
    return "; ".join(lines)


def cited_page(fact: Fact) -> tuple[str, str]:
    """Return title and address of who says so; of a correction those of the page on which a curator read it.

    A source without an address of its own is many single pages: then the address is that of the page.
    """
    title = fact.code if fact.source == CORRECTIONS and fact.code else fact.source_title
    return title, fact.publisher_url or fact.source_url


def entered_words(fact: Fact, t: Translator) -> str:
    """Return who entered a fact: a curator, whose account is nobody's business here, or nobody but the source."""
    return t("a curator of this site") if fact.entered_by else t("taken over from the source")


def schedule_of_sources() -> staleness.Schedule:
    """Return when the sources of the catalogue are renewed."""
    return staleness.schedule_of(shared_catalogue().known_sources, TABLES)


def overdue_words(fact: Fact, schedule: staleness.Schedule, t: Translator) -> str:
    """Return that a newer release of a fact's source should be out, and for how long; ``""`` if that is not known."""
    if fact.certainty not in ("stated", "implied") or fact.standing:
        return ""
    due, day = schedule.due(fact.source, fact.source_date), staleness.today()
    return overdue_time_words(due, day, t) if due is not None and due < day else ""


def overdue_reasons(facts: Iterable[Fact], t: Translator) -> str:
    """Return what "overdue" means for each source of some facts, in Markdown; ``""`` if nothing is overdue."""
    schedule = schedule_of_sources()
    late = {fact.source: fact for fact in facts if overdue_words(fact, schedule, t)}
    lines = [
        f"{plain(fact.source_title)}: {plain(refresh_words(schedule.refreshes[source], t))}"
        for source, fact in late.items()
    ]
    if not lines:
        return ""
    why = t("Overdue: a newer release should be out, so this may have changed.")
    return f":small[:material/history: {why} {'; '.join(lines)}.]"


def refresh_words(refresh: staleness.Refresh, t: Translator) -> str:
    """Return how often a source is updated, or that there is a newer one."""
    if refresh.months is None:
        return t("there is a newer one, of {date}", date=refresh.newer) if refresh.newer else t("not known")
    if refresh.months == 12:
        return t("the source is updated each year")
    if refresh.months == 1:
        return t("the source is updated each month")
    return t("the source is updated every {months} months", months=refresh.months)


def date_words(fact: Fact, t: Translator) -> str:
    """Return the date of a fact as its source gives it: a date, a period or a release."""
    first, _, last = fact.source_date.partition("/")
    return t("{first} to {last}", first=first, last=last) if last else first or t("no date")
