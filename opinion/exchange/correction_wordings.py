"""Turns codes about corrections and histories into words: what is wrong with one, what was decided, what stands."""

from collections.abc import Iterable

from opinion.centres.corrections import MOST_BEDS, MOST_MACHINES
from opinion.centres.decisions import BY_RULE, Decision
from opinion.centres.gaps import Gap
from opinion.texts.translations import Translator


def correction_fault_words(code: str, t: Translator) -> str:
    """Return what is wrong with a correction, and what to do."""
    words = {
        "no_such_field": t("This field cannot be corrected here. Choose one of the list."),
        "no_value": t("The new value is missing."),
        "not_beds": t("Beds: write a whole number from 1 to {most}.", most=f"{MOST_BEDS:,}"),
        "not_in_vocabulary": t("The value is not in our list. Choose one of the list."),
        "not_a_count": t("Number of machines: write a whole number from 1 to {most}, or nothing.",
                         most=str(MOST_MACHINES)),
        "not_a_website": t("Write the website as www.example.org or https://www.example.org/en."),
        "not_a_country": t("The country is not a code of 2 letters that we know."),
        "not_a_point": t("The point must be two numbers in degrees, such as 48.2082, 16.3738."),
        "point_zero": t("The point 0, 0 is in the sea. Look it up again."),
        "point_swapped": t("The two numbers of the point seem swapped. The latitude comes first."),
        "point_at_sea": t("The point is in the sea. Look it up again."),
        "point_elsewhere": t("The point is not in the country of this centre. Look it up again."),
        "too_long": t("The new value is too long, or has letters that cannot be shown."),
        "as_it_is": t("This is what the catalogue says already. Nothing is to be corrected."),
        "no_source": t("Name the page or document in which you read it."),
        "no_address": t("Give the address of that page, such as www.example.org/report."),
        "no_date": t("Give the date of that page: a year, a month or a day, such as 2026-10."),
        "not_a_date": t("Write the date as 2026, 2026-10, 2026-10-31 or 31.10.2026."),
        "date_in_future": t("The date is in the future. Give the date of the page."),
        "field_needed": t("A centre needs a name and a country. Correct it, rather than set it aside."),
        "no_such_fact": t("No such fact counts here now. Choose one of the list."),
        "no_note": t("Say why, in a few words."),
    }  # fmt: skip
    return words[code]


def standing_words(standing: str, t: Translator) -> str:
    """Return why a fact does not count any more; ``""`` for one that counts."""
    words = {
        "": "",
        "older": t("older: a newer list of this source took its place"),
        "corrected": t("does not count any more: a curator corrected it"),
        "set_aside": t("does not count any more: a curator set it aside"),
        "outweighed": t("another source's value counts"),
    }
    return words.get(standing, standing)


def step_words(step: str, t: Translator) -> str:
    """Return why one value comes before another, by the step of the rule that decided."""
    words = {
        "correction": t("a curator corrected it"),
        "kept": t("it stands in the entry that was kept"),
        "precision": t("its point is more exact"),
        "date": t("it is newer"),
        "rank": t("its source is closer to the centre"),
        "order": t("of equal rank and date, the first in order"),
    }
    return words[step]


def gap_words(gap: Gap, t: Translator) -> str:
    """Return how far apart the sides of a conflict are."""
    match gap.unit:
        case "count":
            return t("{count} apart", count=f"{gap.amount:,.0f}")
        case "km":
            return t("{km} km", km=f"{gap.amount:,.0f}")
        case "alike":
            return t("{score} of 100 alike", score=f"{gap.amount:.0f}")
        case _:
            return t("another word")


def doer_words(by: str, shows_names: bool, t: Translator) -> str:
    """Return who decided: a rule, or an account. Who is not signed in as a curator is shown no account."""
    if by.startswith(BY_RULE):
        rule = by.removeprefix(BY_RULE)
        words = {
            "same_name_same_place": t("by rule: one name, one place"),
            "labelled_sample": t("read with the sample"),
            "website_of_another_hospital": t("by rule: website of another hospital"),
        }
        return words.get(rule, rule)
    return by if shows_names else t("a curator of this site")


def taking_back_label(decision: Decision, known: Iterable[Decision], t: Translator) -> str:
    """Return what to press to take a decision back: one that took another back brings that one back.

    ``known``: the decisions among which the other one is.
    """
    undone = next((each for each in known if decision.kind == "undo" and each.id == decision.undoes), None)
    return t("Bring it back") if undone and undone.kind != "undo" else t("Take back")


def decision_words(decision: Decision, value: str, field: str, t: Translator) -> str:
    """Return what a decision did, in one line. ``value``, ``field``: in words."""
    if decision.kind == "correct":
        return t("{field} corrected to {value}", field=field, value=value)
    if decision.kind == "set_aside":
        return t("{field} set aside: {value}", field=field, value=value)
    if decision.kind == "accept":
        return t("{field} looked at, fine: {value}", field=field, value=value)
    if decision.kind == "merge":
        return t("{other} merged into {kept}", other=decision.other_id, kept=decision.centre_id)
    if decision.kind == "apart":
        return t("{one} and {other} kept apart", one=decision.centre_id, other=decision.other_id)
    return t("Taken back: {id}", id=decision.undoes)
