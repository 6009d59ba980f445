"""Turns measures of the catalogue, and what to do next about it, into words: for the page, the command and files."""

from collections.abc import Mapping

from opinion.centres.quality.checks import NOTES
from opinion.centres.quality.fixes import Fix
from opinion.centres.quality.upkeep import Upkeep
from opinion.texts.translations import Translator
from opinion.vocabularies import disease_areas


def dimension_labels(t: Translator) -> dict[str, str]:
    """Return the names of what is measured, by id."""
    return {
        "complete": t("Completeness"),
        "valid": t("Values that look wrong"),
        "noted": t("Worth a note"),
        "unique": t("Doubles"),
        "fresh": t("Freshness"),
        "agreeing": t("Sources disagree"),
    }


def dimension_words(dimension: str, year: int, t: Translator) -> str:
    """Return what is counted under a dimension, and what is not."""
    return {
        "complete": t("The share of centres, in percent, of which a source states something. A blank cell: none. "
                      "Teaching and titles are left out: sources only ever say yes."),
        "valid": t("How many centres have a value that can hardly be right. A blank cell: there was nothing to "
                   "check. A value that is not known is never wrong."),
        "noted": t("How many centres have something that may well be right, and that one should know. "
                   "A blank cell: there was nothing to check."),
        "unique": t("How many centres may stand twice: nobody has decided yet."),
        "fresh": t("The share of centres, in percent. Recent: of {year} or later. Overdue: a newer release of the "
                   "source should be out. A blank cell: nobody can say when it is due.", year=year),
        "agreeing": t("How many centres have sources that disagree, of those with two sources for a value. What a "
                      "curator has looked at is left out. A blank cell: no centre has two."),
    }[dimension]  # fmt: skip


def measure_labels(t: Translator) -> dict[tuple[str, str], str]:
    """Return the name of each measure, by dimension and id, as it stands above a column."""
    fields = {
        "disease_area": t("Disease areas"),
        "equipment": t("Equipment"),
        "machines": t("Numbers of machines"),
        "beds": t("Beds"),
        "city": t("Town"),
        "point": t("Its own place on the map"),
        "website": t("Website"),
    }
    return {
        **{("complete", id_): label for id_, label in fields.items()},
        **{("noted" if id_ in NOTES else "valid", id_): label for id_, label in check_labels(t).items()},
        ("unique", "centre"): t("May stand twice"),
        ("fresh", "dated"): t("Has a date"),
        ("fresh", "recent"): t("Recent"),
        ("fresh", "not_overdue"): t("Nothing overdue"),
        ("fresh", "not_long_overdue"): t("Nothing overdue for over a year"),
        **{("agreeing", id_): label for id_, label in fields.items()},
        ("agreeing", "name"): t("Name"),
        ("agreeing", "country_code"): t("Country"),
        ("agreeing", "facility_type"): t("Type, in the register's words"),
        ("agreeing", "point"): t("Place on the map"),
    }


def check_labels(t: Translator) -> dict[str, str]:
    """Return what each check finds, by id."""
    return {
        "outside_country": t("Point in another country"),
        "at_sea": t("Point far from land"),
        "one_point_for_many": t("One point for three or more"),
        "beds_zero": t("No beds at all"),
        "beds_too_many": t("Over 5,000 beds"),
        "website_no_host": t("Website without a host"),
        "name_too_short": t("Name of one letter"),
        "name_broken": t("Broken letters"),
        "not_one_centre": t("Maybe not one centre"),
        "future_date": t("Date in the future"),
    }


def task_words(task: Fix | Upkeep, places: Mapping[str, str], sources: Mapping[str, str], t: Translator) -> str:
    """Return what to do. ``places``: names of countries as they stand after "in"; ``sources``: titles by id."""
    count = task.centres
    if isinstance(task, Fix):
        where = places.get(task.country_code, task.country_code)
        if task.kind == "beds":
            beds = {"from_1000": t("1,000 and more"), "500_999": t("500 to 999")}[task.about]
            return t.plural("State the equipment of {count} centre in {country} with {beds} beds.",
                            "State the equipment of {count} centres in {country} with {beds} beds.",
                            count, country=where, beds=beds)  # fmt: skip
        area = t(disease_areas()[task.about].label)
        if task.kind == "by_name":
            return t.plural("State the equipment of {count} centre in {country} that stands for {area} by name only.",
                            "State the equipment of {count} centres in {country} that stand for {area} by name only.",
                            count, country=where, area=area)  # fmt: skip
        return t.plural("State the equipment of {count} centre in {country} that offers {area}.",
                        "State the equipment of {count} centres in {country} that offer {area}.",
                        count, country=where, area=area)  # fmt: skip
    if task.kind == "renew":
        source = sources.get(task.about, task.about)
        return t.plural(
            "Renew “{source}”: facts about {count} centre are overdue.",
            "Renew “{source}”: facts about {count} centres are overdue.",
            count,
            source=source,
        )
    if task.kind == "doubles":
        return t.plural("Decide about {count} centre that may stand twice.",
                        "Decide about {count} centres that may stand twice.", count)  # fmt: skip
    if task.kind == "conflicts":
        return t.plural("Look at {count} centre where sources disagree.",
                        "Look at {count} centres where sources disagree.", count)  # fmt: skip
    return t.plural("Look at what seems wrong at {count} centre: {check}.",
                    "Look at what seems wrong at {count} centres: {check}.",
                    count, check=check_labels(t)[task.about])  # fmt: skip


def worth_words(task: Fix | Upkeep, t: Translator) -> str:
    """Return what a task answers: how many questions, each a disease area, equipment or both in a country."""
    if task.points < 1:
        return t("Changes less than one answer.")
    if isinstance(task, Fix):
        return t.plural(
            "May answer {count} question that finds no centre now.",
            "May answer {count} questions that find no centre now.",
            max(round(task.filters), 1),
        )
    return t.plural("About {count} answer rests on it.", "About {count} answers rest on it.", round(task.points))


def ranking_words(t: Translator) -> list[str]:
    """Return how the order of tasks is made, in sentences."""
    return [
        t("A question is: who stands for this disease area, has this equipment, or both, in this country? "
          "Which ones people ask is not recorded, so all count alike."),
        t("A question without an answer counts 1, if looking up the centres could answer it. For one centre that is "
          "half a chance, for nine it is nine tenths."),
        t("Only equipment that goes with the area counts. That list is our own choice."),
        t("A question with an answer counts by the share of its centres that are to be mended."),
        t("Countries weigh by the centres we list: a third for each ten times as many, all from 1,000 on."),
        t("Lists of more than 50 centres are left out. What one task may fill, the next one counts no more."),
        t("Doubles, conflicts and the weightiest check always stand here, while there are any."),
    ]  # fmt: skip
