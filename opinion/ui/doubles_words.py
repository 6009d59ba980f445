"""Turns a pair that may be one centre into words: how alike the two are in what, and what tells them apart."""

from collections.abc import Mapping

from opinion.centres.catalogues import Catalogue
from opinion.centres.decisions import Decision, Revisions
from opinion.centres.doubles.drafts import DraftDoubles
from opinion.centres.doubles.judgements import judge
from opinion.centres.doubles.queues import Proposal
from opinion.errors import CatalogueError
from opinion.texts.translations import Translator


def reasons(pair: Proposal, t: Translator) -> tuple[list[str], list[str]]:
    """Return what speaks for one centre, and what speaks against it or is not known, each in a short sentence."""
    for_one: list[str] = []
    against: list[str] = []
    sides, judged = {True: for_one, False: against}, judge(pair)
    sides[judged["name"] is True].append(t("Names {score} of 100 alike", score=f"{pair.names:.0f}"))
    sides[judged["point"] is True].append(distance_words(pair, t))
    if judged["city"]:
        for_one.append(t("The same town"))
    elif judged["city"] is False:
        against.append(t("The towns have other names"))
    elif pair.same_town is False:
        for_one.append(t("The town is another word, but close by"))
    if pair.same_id:
        for_one.append(t("A register says that they are one"))
    if judged["website"] is not None:
        sides[judged["website"]].append(
            t("One website") if judged["website"] else t("Two websites; registers often name that of a group")
        )
    if judged["beds"] is not None:
        words = t("Beds: {one} and {other}", one=f"{pair.beds[0]:,}", other=f"{pair.beds[1]:,}")
        sides[judged["beds"]].append(words)
    if pair.told_apart:
        labels = meaning_labels(t)
        said = ", ".join(labels.get(each.partition(" ")[0], each) for each in pair.told_apart)
        against.append(t("Only one name has: {meanings}", meanings=said))
    if pair.same_register:
        against.append(t("One register lists both"))
    return for_one, against


def distance_words(pair: Proposal, t: Translator) -> str:
    """Return how far the two are apart, and whether that is said of the houses."""
    if pair.km is None:
        return t("Where one of them is, is not known")
    far = t("{metres} m apart", metres=f"{round(pair.km * 1000, -1):.0f}") if pair.km < 1 else ""
    far = far or t("{km} km apart", km=f"{pair.km:.1f}")
    return far if pair.both_exact else t("{far}, but not both points are those of the house", far=far)


def meaning_labels(t: Translator) -> dict[str, str]:
    """Return what a word in a name can mean that tells two centres apart, by the lists of ``doubles.toml``."""
    return {
        "children": t("children"), "women": t("women"), "cancer": t("cancer"), "heart": t("heart"),
        "mind": t("mental health"), "addiction": t("addiction"), "rehabilitation": t("rehabilitation"),
        "eye": t("eyes"), "bones": t("bones and joints"), "surgery": t("surgery"), "fertility": t("fertility"),
        "lungs": t("lungs"), "infections": t("infections"), "brain": t("brain and nerves"), "kidney": t("kidneys"),
        "skin": t("skin"),
        "ears": t("ear, nose and throat"), "teeth": t("teeth"),
        "diabetes": t("diabetes"), "old_age": t("old age, long stay"),
        "university": t("university"), "research": t("research"), "department": t("a department"),
        "organisation": t("an organisation"), "group_name": t("a group's name"), "military": t("military or prison"),
        "emergency": t("emergencies"), "long_stay": t("long stay"), "animals": t("animals"),
        "past": t("old or new"), "north": t("north"), "south": t("south"), "east": t("east"), "west": t("west"),
        "middle": t("centre of town"), "part_of_town": t("a site"), "number": t("a number"),
    }  # fmt: skip


def decision_words(catalogue: Catalogue, decision: Decision, known: Revisions, t: Translator) -> str:
    """Return what was decided about which two; of one that takes another back, which of those ``known``."""
    if decision.kind == "undo":
        undone = next((each for each in known.history if each.id == decision.undoes), None)
        words = decision_words(catalogue, undone, known, t) if undone else decision.undoes
        return t("taken back: {words}", words=words)
    one, other = centre_words(catalogue, decision.centre_id), centre_words(catalogue, decision.other_id)
    if decision.kind == "apart":
        return t("two centres: {one} | {other}", one=one, other=other)
    return t("one centre: {kept}, with {other}", kept=one, other=other)


def along_words(count: int, t: Translator) -> str:
    """Return that so many pairs need no decision of their own any more."""
    return t.plural(
        "{count} more pair went with these decisions: it was about the same centres.",
        "{count} more pairs went with these decisions: they were about the same centres.",
        count,
    )


def centre_words(catalogue: Catalogue, centre_id: str) -> str:
    """Return a centre's name, town and id; of a double that went into another, its own name."""
    try:
        row = catalogue.row_of(centre_id)
    except CatalogueError:  # its list was taken back
        return centre_id
    name, town = (catalogue.table.column(column)[row].as_py() for column in ("name", "city"))
    if centre_id in catalogue.folded:
        past = catalogue.facts(centre_id, with_past=True)
        name = next((fact.value for fact in past if fact.field == "name" and fact.about_id == centre_id), name)
    return f"{', '.join(filter(None, (name, town)))} ({centre_id})"


def country_of(catalogue: Catalogue, centre_id: str) -> str:
    """Return the code of a centre's country, also by the id of a double; ``""`` of one that is not there any more."""
    try:
        row = catalogue.row_of(centre_id)
    except CatalogueError:  # its list was taken back
        return ""
    return catalogue.countries[int(catalogue.country_of[row])]


def draft_words(found: DraftDoubles, titles: Mapping[str, str], t: Translator) -> str:
    """Return how many centres of a draft look like ones that are there, and what becomes of them.

    ``titles``: the lists that are in the catalogue, by the id of their source: most doubles may be of one of these.
    """
    said = [
        t.plural(
            "{count} centre of the list looks like one that is there already.",
            "{count} centres of the list look like ones that are there already.", found.centres,
        )
    ]  # fmt: skip
    if found.clear:
        said.append(t("Clear-cut: {count}.", count=f"{found.clear:,}"))
    if found.within:
        said.append(t("Of them, {count} look like another centre of this list.", count=f"{found.within:,}"))
    if found.passed_over:
        said.append(
            t.plural(
                "{count} centre has names and places that very many others have, and was not compared.",
                "{count} centres have names and places that very many others have, and were not compared.",
                found.passed_over,
            )
        )
    of_list = {list_: count for list_, count in found.registers.items() if list_ in titles}
    most = max(of_list, key=of_list.__getitem__, default="")
    if most and 2 * of_list[most] > found.centres:
        said.append(t("Most of them came with the list “{title}”.", title=titles[most]))
        said.append(t("Is this its next version? Then choose the recipe of that list above, and it takes its place."))
    said.append(t("They go in as centres of their own. After the import, decide on the page “Doubles”."))
    return " ".join(said)
