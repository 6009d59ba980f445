"""What a trustworthy decision aid says about itself: purpose, makers, money, dates, sources, and how sure it is."""

from datetime import date

import streamlit as st

from opinion.guidance.contents import load_guidance
from opinion.guidance.editions import count_checks, read_editions
from opinion.guidance.preparations import load_preparation
from opinion.texts.translations import Translator
from opinion.ui import state


def show_about() -> None:
    """Show the whole page in one piece."""
    t = state.translator()
    parts = [
        (t("What it is for"), _purpose(t)),
        (t("What it is not"), _limits(t)),
        (t("Who made it, and who pays"), _makers(t)),
        (t("How sure it is"), _uncertainty(t)),
        (t("Good and bad in equal detail"), _balance(t)),
        (t("Published, changed, checked"), _dates(t)),
    ]
    st.markdown("\n\n".join(f"#### {title}\n\n" + "\n".join(f"- {line}" for line in lines) for title, lines in parts))
    with st.container(horizontal=True):
        for label, page in (
            (t("Rule book"), "rule_book"),
            (t("Sources"), "sources"),
            (t("Privacy"), "privacy"),
        ):
            if st.button(label, key=f"about_to_{page}"):
                st.switch_page(f"../../pages/{page}.py")


def _purpose(t: Translator) -> list[str]:
    return [
        t("It gives general information about asking for another medical opinion: whether, how soon, why and where."),
        t("It is for people who were told of a serious finding or a big treatment. Their families can use it too."),
        t("It helps you to prepare a talk with your doctors. It does not take the place of that talk."),
    ]


def _limits(t: Translator) -> list[str]:
    reviewed = sum(rule.clinically_reviewed for rule in load_guidance().rules.values())
    review = (
        t("Clinicians have reviewed {count} of its rules so far.", count=reviewed)
        if reviewed
        else t("No clinician has reviewed its rules yet.")
    )
    return [
        t("It gives no diagnosis, chooses no treatment, and works out no risk for you."),
        t("It never says how long you can take. Only the doctor who treats you can say that."),
        t("It makes no claim to be a medical device."),
        review,
    ]


def _makers(t: Translator) -> list[str]:
    return [
        t("It was made by the maintainers of this open-source project. Its code is free to use (MIT licence)."),
        t("Funding: none is stated."),
        t("No centre, doctor or agency can pay for a place in a list. The order of each list is in the open code."),
    ]


def _uncertainty(t: Translator) -> list[str]:
    return [
        t("The rules follow one published piece of guidance. Where it is silent we chose with care, and say so."),
        t("An answer that is unknown stays unknown. It never counts as no."),
        t("Studies on second opinions differ widely. Each is shown with its size and its limits."),
        t("What we do not know about a centre is shown as unknown."),
    ]


def _balance(t: Translator) -> list[str]:
    studies = load_preparation().studies.values()
    told = sum(bool(study.harm) for study in studies)
    return [
        t("Most first opinions are confirmed. We say this first, before the cases in which a lot changed."),
        t(
            "Each study is shown with what went worse. For {told} of {count} that is known.",
            told=told,
            count=len(studies),
        ),
        t("A second opinion can cost time and money, and two doctors can leave you more unsure."),
        t("Every rule, right and figure names where it comes from."),
    ]


def _dates(t: Translator) -> list[str]:
    found = count_checks(date.today())
    return [
        *_editions(t),
        t("Content checked: {count} entries, between {first} and {last}.",
          count=found.count, first=found.first, last=found.last),
        t("Update policy: each entry has the day of its last check. After one year it counts as old."),
        t("Old today: {old} of {count}.", old=found.old, count=found.count),
        t("Each change of the guidance is written down in the change log of the project."),
    ]  # fmt: skip


def _editions(t: Translator) -> list[str]:
    editions = read_editions()
    if not editions:
        return [t("The change log is not on this machine, so the day of publication is unknown here.")]
    newest = next((edition for edition in editions if edition.published), None)
    return [
        t("Published: {name}, on {date}.", name=newest.name, date=newest.published)
        if newest
        else t("Published: not as a finished edition yet. What you see is the state of the work.")
    ]
