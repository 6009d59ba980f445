"""Turns the rules of ``data/matching`` into words: how the order of centres is made, number by number.

The ranking runs on the same numbers. Every function returns lines of Markdown.
"""

from opinion.matching.weights import LARGEST_FACTOR, RankingRules, load_rules
from opinion.texts.translations import Translator
from opinion.vocabularies import designations, disease_areas, equipment


def part_lines(t: Translator) -> list[str]:
    """Return each part of the score with its points and what it rewards."""
    return [
        f"- **{t(part.label)}** ({t('up to {points} points', points=f'{part.points:g}')}): {t(part.text)}"
        for part in load_rules().parts.values()
    ]


def travel_line(t: Translator) -> str:
    """Return how many points are left for the way at each distance."""
    rules = load_rules()
    most, way = rules.parts["distance"].points, rules.travel
    steps = [
        t("{distance} km: {points}", distance=f"{km:,.0f}", points=f"{most * share:.0f}")
        for km, share in zip(way.km, way.share, strict=True)
    ]
    home = t("In the patient's own country never less than {points}.", points=f"{most * way.own_country:.0f}")
    return t("Points for the way: {steps}.", steps=" · ".join(steps)) + " " + home


def ranking_lines(t: Translator) -> list[str]:
    """Return the whole rule: which centres stand before which, the points, and who is asked or left out."""
    rules = load_rules()
    return [
        t("1. First come centres that specialise in one area of the case, and are known for all the others."),
        t("2. Then who specialises in the disease. Then who offers it, first those that specialise in a related one."),
        t("3. Then who is known for a related kind of disease only. No points lift a centre over one of these steps."),
        t("4. Within a step home comes first if it is urgent, or if somebody specialised is there and abroad no wish."),
        t("5. Then the points count. With equal points the nearest comes first."),
        "",
        *part_lines(t),
        "",
        travel_line(t),
        "",
        *_share_lines(rules, t),
        "",
        t("Unknown is never no. If a wish that must be met is not known of a centre, it is listed to be asked."),
        t(
            "Asked first of all: who is known to have a rare machine that you ask for. These are: {items}.",
            items=", ".join(t(equipment()[item].label) for item in rules.rare),
        ),
        t("The doctor's own clinic is left out. So are entries that may not be one single centre."),
        "",
        *(f"- {t('Asked first, even if it offers it:')} {t(one.why)}" for one in rules.ask_first),
        *(f"- {t('Not asked, if nothing but its name speaks for it:')} {t(one.why)}" for one in rules.not_asked),
        "",
        t("Coordinators can change the points of each part, up to {times} times ours.", times=f"{LARGEST_FACTOR:g}"),
        t("No centre pays to be listed. No centre can pay to stand higher."),
        review_words(t),
    ]


def review_words(t: Translator) -> str:
    """Return who decided the rule, and whether a clinician has reviewed it."""
    if load_rules().clinically_reviewed:
        return t("We chose these points. A clinician has reviewed them.")
    return t("We chose these points. No doctor has reviewed them yet.")


def _share_lines(rules: RankingRules, t: Translator) -> list[str]:
    focus, specialty = rules.shares["focus"], rules.parts["focus"].points
    named = {
        "designated": t("named programme"),
        "single_specialty": t("the register's own type"),
        "service_offered": t("offers it"),
        "suggested_by_name": t("only its name says so"),
    }
    kinds = " · ".join(f"{words} {specialty * focus[kind]:.0f}" for kind, words in named.items())
    titles = " · ".join(
        f"{t(designations()[id_].label)} {rules.parts['designation'].points * one.share:.0f}"
        for id_, one in rules.recognitions.items()
    )
    near = t(
        "A related kind of disease gives {percent} in 100 of these points.", percent=f"{100 * focus['near_area']:.0f}"
    )
    children = t("Under {age} years, “{area}” is among the areas of the case.",
                 age=f"{rules.child.under_years:g}", area=t(disease_areas()["paediatrics"].label))  # fmt: skip
    houses = t("For anybody else, houses for children come last among those to ask: they may treat grown-ups too.")
    return [
        f"- {t('Points for the specialty: {kinds}.', kinds=kinds)} {near}",
        f"- {t('Points for a title, where it counts for the disease: {titles}.', titles=titles)}",
        f"- {children} {houses}",
    ]
