"""Turns the codes of an import's problems, fields and recipes into words: what is wrong, and what to do about it."""

from opinion.centres.imports.problems import ProblemGroup
from opinion.centres.imports.words import VOCABULARIES, labels_of
from opinion.errors import CatalogueError, ListError
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator

_Words = tuple[str, str]
_OF_ANOTHER_ROW = frozenset(("id_twice", "same_centre", "differs", "another_row_waits"))  # each row has its own


def problem_words(code: str, value: str, detail: str, t: Translator) -> _Words:
    """Return what is wrong and what to do, each in a sentence. ``value`` and ``detail`` are those of the problem."""
    found = _of_values(detail, t) | _of_places(detail, t) | _of_rows(value, detail, t) | _notes(detail, t)
    return found[code]


def group_words(group: ProblemGroup, t: Translator) -> _Words:
    """Return what is wrong with all rows of a group, and what to do, each in a sentence."""
    is_one = group.count == 1 or group.code not in _OF_ANOTHER_ROW
    return problem_words(group.code, group.value, group.detail if is_one else "", t)


def _of_values(detail: str, t: Translator) -> dict[str, _Words]:
    write = t("Write one number, such as 1234, or leave the cell empty.")
    meant = t("It may mean: {word}.", word=detail) + " " if detail else ""
    choose = t("Say what it means, or leave it out.")
    days = t("Write one of: {dates}.", dates=detail)
    if "," not in detail:
        days = t("Only {date} is not in the future. Write it so, if it is the right day.", date=detail)
    letters = {
        "\ufffd": t("Some letters do not exist in the encoding."),
        "?": t("A question mark stands inside of a word: letters were lost before."),
    }.get(detail, t("Letters were read in a wrong encoding. It may be: {text}.", text=detail))
    return {
        "not_whole": (t("This is not a whole number."), write),
        "beds_impossible": (t("No hospital has so many beds, or fewer than none."), write),
        "not_yes_or_no": (t("This is neither yes nor no nor a number."), t("Write yes, no or a number.")),
        "word_unknown": (t("This word is not known."), meant + choose),
        "count_of_what": (t("This number does not belong to one machine."), t("Keep one machine in the row.")),
        "counts_differ": (t("The row says two numbers for one machine."), t("Keep one of them.")),
        "not_a_website": (t("This is no address of a website."), t("Write it as https://www.example.org.")),
        "not_a_date": (t("This is not a date."), t("Write it as 2026-04-30, 2026-04 or 2026.")),
        "date_unclear": (t("This date can be read in two ways."), days),
        "date_in_future": (t("This date is in the future."), t("Write the day on which the source said it.")),
        "date_empty": (t("The row has no date of its own."), t("Fill it in, or give a date for the whole list.")),
        "address_empty": (t("The row does not say where it comes from."),
                          t("Fill it in, or give an address for the whole list.")),
        "letters_broken": (letters, t("Choose another encoding, correct the text, or accept it.")),
    }  # fmt: skip


def _of_places(detail: str, t: Translator) -> dict[str, _Words]:
    country = country_names(t.language).get(detail, detail)
    accept = t("Correct point or country. If both are right, accept such points.")
    name = t("It may mean: {word}.", word=country) + " " if detail else ""
    return {
        "country_unknown": (t("This country is not known."),
                            name + t("Say which country it is, or write its code, such as DE.")),
        "country_empty": (t("The row has no country."), t("Fill it in, or give a country for the whole list.")),
        "not_degrees": (t("This is no coordinate."), t("Write degrees with a decimal point, such as 48.2082.")),
        "scientific": (t("A spreadsheet has shortened this number, and digits are lost."),
                       t("Take the number from the original file.")),
        "half_a_point": (t("Only one of the two coordinates is there."), t("Fill in both, or none.")),
        "not_a_point": (t("This point is not on the globe."), t("Latitude goes to 90, longitude to 180.")),
        "point_zero": (t("The point 0, 0 is in the sea: it stands for not known."), t("Leave both cells empty.")),
        "point_swapped": (t("Latitude and longitude are swapped: the other way it is in {country}.", country=country),
                          t("Swap the two in the file of waiting rows, or swap the columns above.")),
        "point_at_sea": (t("No land is near this point."), accept),
        "point_elsewhere": (t("This point is not in {country}.", country=country), accept),
    }  # fmt: skip


def _of_rows(value: str, detail: str, t: Translator) -> dict[str, _Words]:
    twice = t("Keep one, or put the rows of one centre together.")
    no_centre = t("Leave it waiting. If it is a centre, say more about it, or accept such rows.")
    return {
        "name_empty": (t("The centre has no name."), t("Fill it in.")),
        "name_long": (t("The name is longer than 300 letters."), t("Is another row inside of it? Cut it.")),
        "id_unusable": (t("The id has a comma, a line end or more than 100 letters."), t("Give another id.")),
        "id_twice": (t("The id stands in row {row} too.", row=detail) if detail else
                     t("The id stands in another row too."), twice),
        "same_centre": (t("Name and place stand in row {row} too.", row=detail) if detail else
                        t("Name and place stand in another row too."), twice),
        "id_in_catalogue": (t("The centre is in the catalogue already, from an import of this source."),
                            t("Import the whole newer list in the place of the older one, or leave the row out.")),
        "differs": (t("It says something else than row {row}: {fields}.", row=detail, fields=value) if detail else
                    t("It says something else than another row of the centre."),
                    t("Make the rows of one centre agree.")),
        "another_row_waits": (t("Row {row} of the same centre waits.", row=detail) if detail else
                              t("Another row of the same centre waits."), t("Correct that row.")),
        "cells_missing": (t("The row has fewer cells than there are heads."),
                          t("Is it cut in two? Join it, or fill in the separators.")),
        "cells_too_many": (t("The row has more cells than there are heads."),
                           t("Put a text with a separator in it into quotation marks.")),
        "quote_open": (t("A cell holds several lines: a quotation mark may not be closed."), t("Close it.")),
        "not_json": (t("The line is no JSON object."), t("Correct it.")),
        "row_of_one_text": (t("This row holds one text only. It may be a heading or a note."), no_centre),
        "row_of_sum": (t("This row seems to be a sum of others."), no_centre),
    }  # fmt: skip


def _notes(detail: str, t: Translator) -> dict[str, _Words]:
    nothing = t("Nothing to do.")
    machine = t(labels_of("equipment")[detail]) if detail in labels_of("equipment") else detail
    accepted = {
        "point_at_sea": t("No land is near this point. It was accepted."),
        "point_elsewhere": t("The point is not in the country. It was accepted."),
        "letters_broken": t("The letters look broken. They were accepted."),
        "row_of_one_text": t("The row holds one text only. It was accepted as a centre."),
        "row_of_sum": t("The row seems to be a sum. It was accepted as a centre."),
    }.get(detail, "")
    return {
        "beds_zero": (t("0 beds is taken as not known."), nothing),
        "says_no": (t("The list says no. The catalogue keeps only what is there."), nothing),
        "size_passed_over": (t("It is read as {machine}. Field strength or slices are passed over.", machine=machine),
                             nothing),
        "word_left_out": (t("This word is left out, as the recipe says."), nothing),
        "accepted": (accepted, nothing),
    }  # fmt: skip


def fate_words(t: Translator) -> dict[str, str]:
    """Return what became of a row, in words, by the code of ``imports.fates``."""
    return {
        "new": t("a new centre"),
        "again": t("a centre of the older list"),
        "adds": t("added to that centre"),
        "waits": t("waits for a correction"),
        "empty": t("passed over: an empty row"),
        "above": t("passed over: above the heads"),
        "heads": t("the heads of the columns"),
    }


def field_words(field: str, t: Translator) -> str:
    """Return what a column may be, in words; for ``""`` that it is left out."""
    kind, _, item = field.partition(":")
    if kind in VOCABULARIES and item:
        return t("Yes or no: {item}", item=t(labels_of(kind)[item]))
    return {
        "": t("Left out"),
        "id": t("Id in the list"),
        "name": t("Name"),
        "name_other": t("Other name"),
        "city": t("City"),
        "region": t("Region"),
        "country": t("Country"),
        "lat": t("Latitude"),
        "lon": t("Longitude"),
        "point": t("Latitude and longitude in one cell"),
        "website": t("Website"),
        "beds": t("Beds"),
        "disease_areas": t("Disease areas"),
        "equipment": t("Equipment"),
        "designations": t("Titles"),
        "teaching": t("Teaching hospital: yes or no"),
        "count": t("Number of machines"),
        "address": t("Address of the row's source"),
        "date": t("Date of the row's source"),
    }[field]


_COLUMN_OF = {
    "country_code": "country", "disease_area": "disease_areas", "designation": "designations", "teaching": "teaching",
}  # fmt: skip


def changed_field_words(field: str, t: Translator) -> str:
    """Return the name of what a newer list says otherwise about a centre."""
    return t("Point") if field == "point" else field_words(_COLUMN_OF.get(field, field), t)


def stated_words(field: str, value: str, t: Translator) -> str:
    """Return a value as a newer list states it, such as ``MRI ×2``; an empty one is not stated."""
    if field == "country_code":
        return country_names(t.language).get(value, value)
    if field == "teaching":
        return t("yes") if value else ""
    if field == "point":
        return ", ".join(value.split(",")[:2])
    bare, sign, count = value.rpartition(" ×") if " ×" in value else (value, "", "")
    labels = labels_of(_COLUMN_OF.get(field, field)) if field in ("disease_area", "equipment") else {}
    return (t(labels[bare]) if bare in labels else bare) + sign + count


def error_words(error: CatalogueError, t: Translator, file: str = "") -> str:
    """Return what keeps a list from being read or imported; what is not the list's fault is said as it is.

    ``file``: what the person calls the file, ``""`` for the name that it has.
    """
    if isinstance(error, ListError):
        return t(error.text, **(error.parts | ({"file": file} if file and "file" in error.parts else {})))
    return t("This is not the list's fault. Tell who runs this site: {reason}", reason=str(error))


def recipe_fault_words(code: str, t: Translator) -> str:
    """Return what a recipe still needs, in a sentence."""
    return {
        "no_name_column": t("Choose the column with the name."),
        "no_country_column": t("Choose the column with the country, or give one country for the whole list."),
        "column_twice": t("Two columns are the same thing. Leave one of them out."),
        "half_a_point": t("Choose both coordinates, or none."),
        "count_of_what": t("A number of machines needs one column with the machine."),
        "pivot_by_what": t("To put rows together, choose the column with the id, or those with name and city."),
        "no_source": t("Say who made the list: title, publisher, address and licence."),
        "address_not_web": t(
            "The address begins with https:// or http://. If there is none, give that of who made it."
        ),
        "no_date": t("Give the date of the list, or choose a column with dates."),
    }[code]
