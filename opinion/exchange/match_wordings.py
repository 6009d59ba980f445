"""Turns a ranking of centres into words: reasons, what is not known, what speaks against, what to ask, what to relax.

The same words stand on the pages and in the terminal. Every function returns plain text.
"""

import textwrap
from collections.abc import Callable, Sequence

from opinion.exchange.terminal import WIDTH
from opinion.matching.cases import Case
from opinion.matching.explanations import MOST_REASONS, Match, MustState, Point, Reason
from opinion.matching.musts import Relaxation
from opinion.matching.rankings import Ranking
from opinion.matching.weights import load_rules
from opinion.texts.countries import country_names, language_names
from opinion.texts.translations import Translator
from opinion.vocabularies import designations, disease_areas, equipment

MOST_NAMED = 3
"""As many of the own clinic's namesakes are named."""


def place_words(match: Match, t: Translator) -> str:
    """Return town and country, and how far that is from the doctor's city if both are known."""
    place = ", ".join(filter(None, (match.city, country_names(t.language)[match.country_code])))
    if match.km_from_city is None:
        return place
    return t("{place} · about {distance} km away", place=place, distance=f"{match.km_from_city:,.0f}")


def reason_words(match: Match, t: Translator, most: int = MOST_REASONS) -> list[str]:
    """Return the strongest reasons for a centre; "specialises" only where a register or a programme says so."""
    return [_reason(reason, t) for reason in match.reasons[:most]]


def score_words(match: Match, t: Translator) -> str:
    """Return the points of a centre, and the most that this case could give."""
    return t("{points} of {most} points", points=f"{match.score:.0f}", most=f"{match.highest:.0f}")


def part_words(match: Match, t: Translator) -> list[str]:
    """Return each part of the score that counts for this case: its points, the most it could give, and why."""
    lines = []
    for part in load_rules().parts.values():
        if not match.most[part.id]:
            continue
        points, most = f"{match.points[part.id]:.0f}", f"{match.most[part.id]:.0f}"
        line = t("{part}: {points} of {most}", part=t(part.label), points=points, most=most)
        why = [_reason(reason, t) for reason in match.reasons if reason.part == part.id]
        if part.id == "distance" and match.km_from_city is not None:
            why = [t("About {distance} km away", distance=f"{match.km_from_city:,.0f}")]
        lines.append(f"{line} · {'; '.join(why)}" if why else line)
    return lines


def must_words(match: Match, t: Translator) -> list[str]:
    """Return each wish that is met of those that must be: stated by a source, or implied by which other equipment."""
    within_reach = ("abroad", ("if_needed",))  # nobody asked for that
    met = [must for must in match.musts if must.code != "unknown" and (must.field, must.values) != within_reach]
    return [_must(must, t) for must in met]


def _must(must: MustState, t: Translator) -> str:
    wish = wish_words(must.field, must.values, t)
    if must.code == "implied":
        return t("{wish}: implied by {items}", wish=wish, items=_named("equipment", must.by, t))
    if must.field in ("countries", "abroad", "max_distance_km"):
        return t("{wish}: met", wish=wish)
    return t("{wish}: stated", wish=wish)


def _reason(reason: Reason, t: Translator) -> str:
    values = _named(reason.field, reason.values, t)
    texts: dict[str, Callable[[], str]] = {
        "designated": lambda: t("Specialises in: {area} (named programme)", area=values),
        "single_specialty": lambda: t("Specialises in: {area}", area=values),
        "service_offered": lambda: t("Offers: {area}", area=values),
        "suggested_by_name": lambda: t("The name suggests: {area}", area=values),
        "equipment_stated": lambda: t("Has: {items}", items=values),
        "equipment_implied": lambda: t("Has, as other equipment shows: {items}", items=values),
        "other_country": lambda: t("In another country, so most independent"),
        "other_city": lambda: t("In another city, so more independent"),
        "same_country": lambda: t("In the same country"),
        "other_clinic": lambda: t("In your doctor's city: another clinic"),
        "related_areas": lambda: t("In the same house: {areas}", areas=values),
        "teaching": lambda: t("It teaches"),
        "designation": lambda: t("Title: {titles}", titles=values),
        "distance": lambda: t("About {distance} km away", distance=f"{float(reason.values[0]):,.0f}"),
        "own_country": lambda: t("In your own country"),
        "wish_met": lambda: t("Meets your wish: {wish}", wish=wish_words(reason.field, reason.values, t)),
    }
    return texts[reason.code]()


def against_words(match: Match, t: Translator) -> list[str]:
    """Return what speaks against a centre, none if nothing known does."""
    return [_against(point, t) for point in match.against]


def _against(point: Point, t: Translator) -> str:
    values = _named(point.field, point.values, t)
    texts: dict[str, Callable[[], str]] = {
        "for_children": lambda: t("A house for children, by its register or its name"),
        "near_area": lambda: t("Known for a related kind of disease only: {area}", area=values),
        "further_area": lambda: t("Known for this only: {area}", area=values),
        "not_specialised": lambda: t("Not known to specialise in it"),
        "same_city": lambda: t("In your doctor's city, so less independent"),
        "abroad": lambda: t("Abroad: travel, language and cost"),
        "far": lambda: t("A long way"),
        "late": lambda: t("May take longer than there is time: ask how soon they can answer"),
    }
    return texts[point.code]()


def unknown_words(match: Match, t: Translator) -> list[str]:
    """Return what is not known of a centre and was asked or counts."""
    return [_unknown(point, t) for point in match.unknown]


def _unknown(point: Point, t: Translator) -> str:
    if point.field == "distance_km":
        return t("how far away it is")
    if point.field == "city":
        return t("in which city it is")
    return wish_words(point.field, point.values, t)


def questions_to_ask(match: Match, t: Translator) -> list[str]:
    """Return the questions to put to a centre of which it is not known whether it meets a wish."""
    return [_question(point, t) for point in match.ask]


def _question(point: Point, t: Translator) -> str:
    values = _named(point.field, point.values, t)
    texts: dict[str, Callable[[], str]] = {
        "disease_area": lambda: t("Do you have specialists for this: {area}?", area=values),
        "grown_ups": lambda: t("Do you treat grown-ups too?"),
        "equipment": lambda: t("Do you have this: {item}?", item=values),
        "max_distance_km": lambda: t("What is your exact address?"),
        "designations": lambda: t("Do you have one of these titles: {titles}?", titles=values),
        "accredited": lambda: t("Are you accredited for this disease, and by whom?"),
        "min_beds": lambda: t("How many beds do you have?"),
        "teaching": lambda: t("Do you train doctors?"),
    }
    return texts[point.field]()


def wish_words(wish: str, values: Sequence[str], t: Translator) -> str:
    """Return the name of a wish with its value."""
    named = _named(wish, values, t)
    texts: dict[str, Callable[[], str]] = {
        "disease_area": lambda: t("whether it treats this: {area}", area=named),
        "grown_ups": lambda: t("whether it treats grown-ups"),
        "equipment": lambda: named,
        "countries": lambda: t("only in {countries}", countries=named),
        "abroad": lambda: t("not abroad"),
        "max_distance_km": lambda: t("at most {distance} km away", distance=named),
        "designations": lambda: named,
        "accredited": lambda: t("accredited"),
        "min_beds": lambda: t("at least {count} beds", count=named),
        "teaching": lambda: t("it teaches"),
        "languages": lambda: t("languages"),
        "remote": lambda: t("a review from afar"),
    }
    return texts[wish]()


def _named(field: str, values: Sequence[str], t: Translator) -> str:
    names: dict[str, Callable[[str], str]] = {
        "disease_area": lambda id_: t(disease_areas()[id_].label),
        "equipment": lambda id_: t(equipment()[id_].label),
        "designation": lambda id_: t(designations()[id_].label),
        "designations": lambda id_: t(designations()[id_].label),
        "countries": lambda code: country_names(t.language)[code],
        "country_code": lambda code: country_names(t.language)[code],
        "languages": lambda code: language_names(t.language).get(code, code),
    }
    return ", ".join(names.get(field, str)(value) for value in values)


def relaxation_words(relaxation: Relaxation, t: Translator) -> str:
    """Return which wish could be left out, and how many centres would then be listed."""
    if relaxation.wish == "abroad":
        farther = relaxation.values != ("no",)
        one = t("If you would go farther abroad") if farther else t("If you would go abroad")
    else:
        one = t("Without the wish “{wish}”", wish=wish_words(relaxation.wish, relaxation.values, t))
    return f"{one}: " + t.plural("{count} centre", "{count} centres", relaxation.count)


def coverage_words(ranking: Ranking, t: Translator) -> list[str]:
    """Return what has to be said first: how little is known of the patient's own country."""
    if not ranking.coverage:
        return [t("We do not know your country, so we cannot say how much we know about it.")]
    first, country = ranking.coverage[0], country_names(t.language)[ranking.case.country]
    area = t(disease_areas()[first.disease_area].label)
    if all(one.nothing_stated for one in ranking.coverage):
        return [
            t("For {country}, our sources do not say which centres treat this: {area}.", country=country, area=area),
            t("That does not mean there are none. Ask your doctor or your health plan for the national register."),
        ]
    if first.nothing_stated:
        return [
            t(
                "Our sources name no centre for this kind of disease in {country}. Some treat a related one.",
                country=country,
            )
        ]
    if not first.specialised:
        return [
            t("In {country}, our sources name nobody who specialises in this: {area}.", country=country, area=area),
            t.plural("{count} centre there offers it.", "{count} centres there offer it.", first.stated),
        ]
    return []


def conflict_words(case: Case, t: Translator) -> str:
    """Return what the wishes for places say against each other, and which of them counts; ``""`` if nothing."""
    home, wished = case.country, set(case.countries)
    if not home or not wished:
        return ""
    country = country_names(t.language)[home]
    if wished == {home} and case.abroad == "yes":
        return t("You ask for abroad, and for {country} only. Only {country} counts.", country=country)
    if home not in wished and case.abroad == "no":
        return t("You ask for other countries, and not for abroad. Nobody can meet both: take one back.")
    return ""


def is_far(ranking: Ranking) -> bool:
    """Say whether all the centres listed first are abroad and out of reach, by the distances that are known."""
    reach = load_rules().shares["distance"]["reach_km"]
    known = [match.distance_km for match in ranking.centres if match.distance_km is not None]
    at_home = any(match.country_code == ranking.case.country for match in ranking.centres)
    return bool(known) and min(known) > reach and not at_home


def far_words(ranking: Ranking, t: Translator) -> str:
    """Return that whoever is listed first is very far, and how many nearer ones may fit; ``""`` if somebody is near."""
    if not is_far(ranking):
        return ""
    reach = load_rules().shares["distance"]["reach_km"]
    said = t("The first ones are more than {distance} km away, because no nearer one is known to fit as well.",
             distance=f"{reach:,.0f}")  # fmt: skip
    nearer = [match for match in ranking.to_ask if match.distance_km is not None and match.distance_km <= reach]
    return f"{said} {t('Nearer ones may fit: ask them first.')}" if nearer else said


def distance_words(ranking: Ranking, t: Translator) -> str:
    """Return how the wish for a distance was kept, ``""`` without one."""
    farthest = ranking.case.max_distance_km
    if farthest is None:
        return ""
    if "max_distance_km" in ranking.not_used:
        return t("We do not know where your doctor's city is, so we cannot keep to your distance.")
    return t("Only centres at most {distance} km from your doctor's city.", distance=f"{farthest:g}")


def note_words(ranking: Ranking, t: Translator) -> list[str]:
    """Return what holds for the whole list: where distances start, the own clinic, what nobody states."""
    notes = []
    if ranking.origin.kind == "city":
        notes.append(t("Distances are from {city}.", city=ranking.origin.name))
    elif ranking.origin.kind == "country":
        notes.append(
            t("We do not know your doctor's city, so we say no distances. Name it, and the nearer centres come first.")
        )
    notes += filter(None, [distance_words(ranking, t)])
    if ranking.own_clinic:
        names = ", ".join(one.name for one in ranking.own_clinic[:MOST_NAMED])
        notes.append(t("Left out, because it is or may be your doctor's own clinic: {names}.", names=names))
        if len(ranking.own_clinic) > MOST_NAMED:
            more = len(ranking.own_clinic) - MOST_NAMED
            notes.append(t.plural("And {count} more with such a name.", "And {count} more with such a name.", more))
    if not ranking.case.doctor_clinic:
        notes.append(t("You did not name your doctor's clinic. Check that none of these is it."))
    for wish in ranking.unknown_for_all:
        notes.append(t("No source says this of any centre: {wish}. Ask each one.", wish=wish_words(wish, (), t)))
    if "time" in ranking.not_used:
        notes.append(t("You gave no date for the decision, so time does not count here."))
    return notes


def withheld_words(ranking: Ranking, t: Translator) -> str:
    """Return why no centres are shown, ``""`` if they are."""
    if ranking.withheld == "emergency":
        return t("These are signs of an emergency. Get help now. Do not look for centres.")
    if ranking.withheld == "do_not_wait":
        return t("Do not wait for a second opinion. So we list no centres.")
    return ""


def empty_words(ranking: Ranking, t: Translator, with_wishes: bool = True) -> list[str]:
    """Return what an empty or short list means, and which single wish to relax; ``[]`` if it is long enough."""
    lines = [] if ranking.count else [t("No centre is known to meet all that you ask for. That is not a no.")]
    if with_wishes:
        lines += [relaxation_words(one, t) for one in ranking.relaxations]
    if not ranking.count and not ranking.relaxations:
        lines.append(t("Leaving out one wish alone does not help."))
    return lines


def ranking_as_text(ranking: Ranking, t: Translator) -> str:
    """Return the whole ranking as text for a terminal, lines at most ``WIDTH`` wide, ending with a line end."""
    if ranking.withheld:
        return textwrap.fill(withheld_words(ranking, t), WIDTH) + "\n"
    area = _named("disease_area", (ranking.case.disease_area, *ranking.case.also), t)
    lines = [t("Centres for a second opinion: {area}", area=area), *coverage_words(ranking, t), ""]
    lines.append(t.plural("{count} centre is known to fit.", "{count} centres are known to fit.", ranking.count))
    lines += [*filter(None, (conflict_words(ranking.case, t), far_words(ranking, t))), *empty_words(ranking, t)]
    for number, match in enumerate(ranking.centres, 1):
        lines += ["", f"{number}. {match.name}", *_indented(match, t)]
    if ranking.to_ask:
        lines += ["", t.plural("{count} more may fit. Ask them first:", "{count} more may fit. Ask them first:",
                               ranking.to_ask_count)]  # fmt: skip
        for match in ranking.to_ask:
            lines += ["", f"- {match.name}", f"  {place_words(match, t)}"]
            lines += [f"  ? {question}" for question in questions_to_ask(match, t)]
    lines += ["", *note_words(ranking, t), t("No centre pays to be listed. We chose how the order is made.")]
    return "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="    ") if line else "" for line in lines) + "\n"


def _indented(match: Match, t: Translator) -> list[str]:
    lines = [place_words(match, t), *(f"+ {words}" for words in reason_words(match, t))]
    lines += [f"- {words}" for words in against_words(match, t)]
    if match.unknown:
        lines.append(t("Not known: {points}", points=", ".join(unknown_words(match, t))))
    lines += [f"= {words}" for words in (score_words(match, t), *must_words(match, t))]
    return [f"   {line}" for line in lines]
