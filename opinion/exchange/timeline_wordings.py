"""Turns a timeline into words: days with their dates, what fits, what to do, and the entries of a calendar file."""

from dataclasses import dataclass
from datetime import date, timedelta

from opinion.exchange.calendars import Entry
from opinion.matching.timelines import Step, Timeline
from opinion.texts.dates import day_words
from opinion.texts.translations import Translator


@dataclass(frozen=True)
class Verdict:
    """Whether the opinion can be there in time, in one sentence, and what to do about it."""

    text: str
    now: str


def step_titles(timeline: Timeline, t: Translator) -> dict[str, str]:
    """Return the name of each step, by its id."""
    whole = t("Records, translation and review")
    return {
        "records": t("Records"),
        "translation": t("Translation"),
        "review": whole if timeline.whole else t("Review"),
        "travel": t("Travel"),
    }


def done_titles(timeline: Timeline, t: Translator) -> dict[str, str]:
    """Return what is reached when each step is done, by its id."""
    return {
        "records": t("Your records are complete"),
        "translation": t("They are translated"),
        "review": t("The review is done"),
        "travel": t("You are there"),
    }


def verdict_of(timeline: Timeline, t: Translator) -> Verdict:
    """Return what the timeline means. It never says that waiting is safe."""
    if timeline.fit == "no_date":
        return Verdict(
            t("We cannot say yet: the last date is missing."),
            t("Ask your doctor: “By which day must I decide, and why then?”"),
        )
    if timeline.fit == "feasible":
        return Verdict(
            t("By these figures the opinion is there before your doctor's date."),
            t("Start today: most clocks start only when the records are complete."),
        )
    if timeline.fit == "tight":
        return Verdict(
            t("It is tight. Only the quickest way is in time."),
            t("Ask for a review from a distance first. Phone today, and name your date. The date stays."),
        )
    return Verdict(
        t("By these figures the opinion comes too late."),
        t("Ask today for a quicker review from a distance. Ask your doctor whether the date can move. "
          "If nobody can answer before the date, keep the date."),
    )  # fmt: skip


def span_words(shortest: int, longest: int, t: Translator) -> str:
    """Return a number of days, or from how many to how many."""
    if shortest == longest:
        return t.plural("{count} day", "{count} days", longest)
    return t("{shortest} to {longest} days", shortest=shortest, longest=longest)


def reached_words(step: Step, today: date, t: Translator) -> str:
    """Return when a step is done, as dates: one day, or the first and the last that it may be."""
    first, last = day_words(today + timedelta(step.earliest), t), day_words(today + timedelta(step.latest), t)
    return first if first == last else t("{first} to {last}", first=first, last=last)


def calendar_entries(timeline: Timeline, today: date, t: Translator) -> list[Entry]:
    """Return the entries of a calendar file, in order. No disease, doctor or clinic is named."""
    steps = {step.id: step for step in timeline.steps if step.latest > 0}
    entries = [Entry(today, t("Ask for my records"), t("Ask for the files, not only for the reports."))]
    if "records" in steps and steps["records"].basis != "none":
        entries.append(
            Entry(
                today + timedelta(steps["records"].latest),
                t("Are my records complete?"),
                t("If not: phone, and ask what is missing."),
            )
        )
    entries.append(
        Entry(
            today + timedelta(timeline.latest),
            t("The second opinion should be here"),
            t("If not: phone, and ask for the day."),
        )
    )
    if timeline.last is not None:
        text = t("The last date that the doctor named. Decide with the doctor by now.")
        entries.append(Entry(today + timedelta(timeline.last), t("Last date for my decision"), text))
    return sorted(entries, key=lambda entry: entry.day)
