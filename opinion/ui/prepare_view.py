"""What to bring, say and ask: lists that fit the visitor's answers, and work without any."""

from collections.abc import Iterable
from itertools import groupby

import streamlit as st

from opinion.exchange import preparation_wordings as words
from opinion.exchange import wordings
from opinion.guidance.assessments import Advice, assess
from opinion.guidance.preparations import (
    ASKERS,
    Entitlement,
    Item,
    Preparation,
    Record,
    Study,
    facts_for_preparation,
    is_named_in,
    load_preparation,
    sort_by_fit,
)
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import results, state

TODAY = ("time", "diagnosis")  # topics for the call of somebody who must not wait
QUESTIONS_FIRST = 5  # open questions of the advice: as many as one talk with a doctor holds


def show_preparation() -> None:
    """Show the whole page; under advice not to wait only the questions for today's call."""
    t, preparation, given = state.translator(), load_preparation(), state.answers()
    advice = assess(preparation.guidance, given, with_changes=False) if given else None
    do_not_wait = advice is not None and advice.outcome == "do_not_wait"
    _show_advice(advice, t)
    parts = [
        (t("What to bring"), "bring", lambda: show_records(preparation, t)),
        (t("What to say"), "say", lambda: show_sayings(preparation, t)),
        (t("What to ask"), "ask", lambda: show_asks(preparation, advice, t)),
        (t("The blind second look: facts first, plan later"), "look", lambda: show_look(preparation, t)),
        (t("Your rights, by country"), "rights", lambda: show_entitlements(preparation, t)),
        (t("What studies found, good and bad"), "studies", lambda: show_studies(preparation, t)),
    ]
    if do_not_wait:
        parts = [part for part in parts if part[1] == "ask"]
    for place, (label, key, show) in enumerate(parts):
        results.fold(label, f"prepare_{key}", show, unfolded=place == 0)
    reviewed = sum(item.reviewed for item in (*preparation.records.values(), *preparation.studies.values()))
    st.caption(
        (t("No clinician has reviewed these lists yet.") + " " if not reviewed else "")
        + t("This is information, not a diagnosis. It does not replace your doctor.")
    )


def _show_advice(advice: Advice | None, t: Translator) -> None:
    """Show what the lists rest on: the visitor's advice, or that there are no answers yet."""
    if advice is None:
        st.info(t("These are the general lists. With your answers they fit you better."), icon=":material/edit_note:")
        _show_way_to_questions(t("Answer the questions"), "emergency", t)
        return
    given = state.answers()
    head = wordings.headline(advice, given, t)
    timing, sentence = wordings.timing_words(advice, given, t)
    box = st.error if advice.outcome == "do_not_wait" else st.info
    box(
        f"**{head.text}** {head.now if advice.outcome == 'do_not_wait' else ''}\n\n"
        f"**{t('How soon:')} {timing}.** {sentence}",
        icon=results.ICONS.get(advice.outcome, ":material/info:"),
    )


def _show_way_to_questions(label: str, group: str, t: Translator) -> None:
    if st.button(label, key=f"prepare_to_{group}", icon=":material/edit_note:"):
        state.go_to(group)
        st.switch_page("../../pages/self_check.py")


def _introduce_unknown(title: str, items: Iterable[Item], preparation: Preparation, t: Translator) -> None:
    """Show what stands above entries that may fit: ``title``, and the questions whose answers would tell."""
    st.markdown(f"**{title}**")
    facts = facts_for_preparation(preparation.guidance, state.answers())
    missing = words.missing_questions(preparation.guidance, items, facts, t)
    if missing:
        st.caption(f"{t('These answers would tell:')} {' '.join(missing)}")


# --------------------------------------------------------------------------------------- bring


@st.fragment(key="records")
def show_records(preparation: Preparation, t: Translator) -> None:
    """Show the list to tick off; the ticks stay in the session."""
    facts = facts_for_preparation(preparation.guidance, state.answers())
    fit = sort_by_fit(preparation.records.values(), facts)
    ready = state.ready_records()
    shown = {record.id for record in (*fit.fitting, *fit.unknown)}
    count = len({*(record.id for record in fit.fitting), *(ready & shown)})
    done = len(ready & shown)
    st.progress(done / count, t("{done} of {count} ready", done=done, count=count))
    st.markdown(t("Ask for the files, not only for the reports. Collecting them often takes longest, so begin early."))
    for record in fit.fitting:
        _show_record(record, record.id in ready, t)
    if fit.unknown:
        _introduce_unknown(t("Perhaps also"), fit.unknown, preparation, t)
        for record in fit.unknown:
            _show_record(record, record.id in ready, t)
    st.caption(_sources_of([*fit.fitting, *fit.unknown], preparation, t))


def _show_record(record: Record, is_ready: bool, t: Translator) -> None:
    with st.container(gap=None, key=f"record_{record.id}"):
        st.checkbox(
            t(record.title), is_ready, key=f"ready_{record.id}", on_change=_keep_ready, args=(record.id,)
        )  # fmt: skip
        st.caption(f"{t(record.why)} {t('From: {who}.', who=t(record.who))}")


def _keep_ready(id: str) -> None:
    state.set_ready(id, st.session_state[f"ready_{id}"])


def _sources_of(items: list[Record], preparation: Preparation, t: Translator) -> str:
    ids = dict.fromkeys(source for item in items for source in item.sources)
    checked = max(item.checked for item in items)
    sources = words.source_words(preparation.guidance, ids, t)
    return f"{t('Sources: {publishers}.', publishers=sources)} {t('Checked on {date}.', date=checked)}"


# --------------------------------------------------------------------------------------- say and ask


def show_sayings(preparation: Preparation, t: Translator) -> None:
    """Show polite sentences to copy, in the words of whoever asks."""
    st.markdown(t("Many people fear to offend their doctor. These words may help. Change them as you like."))
    labels = preparation.guidance.questions["answering_for"].labels
    given = facts_for_preparation(preparation.guidance, state.answers()).get("answering_for")
    asker = st.segmented_control(
        t(preparation.guidance.questions["answering_for"].title), ASKERS, default=given or ASKERS[0], required=True,
        format_func=lambda choice: t(labels[choice]), key="prepare_asker",
    )  # fmt: skip
    if asker == "relative":
        st.caption(t("Change “my mother” if it is for somebody else."))
    for saying in preparation.sayings.values():
        st.markdown(f"**{t(saying.title)}**")
        st.code(t(saying.wordings[asker]), language=None, wrap_lines=True)
    ids = dict.fromkeys(source for saying in preparation.sayings.values() for source in saying.sources)
    st.caption(t("Our own words. Sources: {sources}.", sources=words.source_words(preparation.guidance, ids, t)))


def show_asks(preparation: Preparation, advice: Advice | None, t: Translator) -> None:
    """Show the questions to ask: first those that the advice leaves open, then by topic."""
    do_not_wait = advice is not None and advice.outcome == "do_not_wait"
    # what is still open cannot change the advice not to wait: the talk is about the treatment then
    open_ = wordings.questions_for_the_doctor(advice, t, QUESTIONS_FIRST) if advice and not do_not_wait else []
    fit = sort_by_fit(preparation.asks.values(), facts_for_preparation(preparation.guidance, state.answers()))
    topics = list(TODAY if do_not_wait else preparation.topics)
    groups = [(t("First: what your advice leaves open"), open_)] if open_ else []
    # the order of topics stays; within a topic, questions made for these answers come first
    fitting = sorted((ask for ask in fit.fitting if ask.topic in topics), key=lambda ask: topics.index(ask.topic))
    for topic, asks in groupby(fitting, lambda ask: ask.topic):
        groups.append((t(preparation.topics[topic]), [t(ask.ask) for ask in asks if t(ask.ask) not in open_]))
    st.markdown("\n\n".join(f"**{title}**\n" + "\n".join(f"- {ask}" for ask in asks) for title, asks in groups))
    copying = st.popover(t("Copy them all"), icon=":material/content_copy:", key="prepare_copy", on_change="rerun")
    if copying.open:
        listed = "\n\n".join(title + "\n" + "\n".join(f"- {ask}" for ask in asks) for title, asks in groups)
        copying.code(listed, language=None, wrap_lines=True)


# --------------------------------------------------------------------------------------- the blind second look


def show_look(preparation: Preparation, t: Translator) -> None:
    """Show how to let a second doctor judge before they know the first one's plan, why, and where that ends."""
    steps = [f"1. **{t(look.title)}.** {t(look.text)}" for look in preparation.looks.values()]
    limits = [f"- {t(limit.text)}" for limit in preparation.look_limits.values()]
    st.markdown(
        t("A doctor who already knows the first plan may lean towards it. So show the facts first, the plan later.")
        + "\n\n" + "\n".join(steps) + f"\n\n**{t('Where this ends')}**\n" + "\n".join(limits)
    )  # fmt: skip
    for study in preparation.studies.values():
        if study.part == "look":
            show_study(study, preparation, t)


# --------------------------------------------------------------------------------------- rights and studies


def show_entitlements(preparation: Preparation, t: Translator) -> None:
    """Show the rights that we know of in the visitor's country and that fit the answers."""
    facts = facts_for_preparation(preparation.guidance, state.answers())
    country, names = facts.get("country"), country_names(t.language)
    entitlements = preparation.entitlements.values()
    if country is None:
        # Networks that span many countries are no reason to name each of them here.
        known = dict.fromkeys(each.countries[0] for each in entitlements if len(each.countries) == 1)
        listed = ", ".join(names[code] for code in known)
        st.markdown(t("Tell us the country, and we show its rules. We know rules for: {countries}.", countries=listed))
        _show_way_to_questions(t("Choose the country"), "findings", t)
        return
    fit = sort_by_fit([each for each in entitlements if country in each.countries], facts)
    if not fit.fitting and not fit.unknown:
        st.markdown(
            t("We know of no right or duty for {country} that fits your answers.", country=names[country])
            + " "
            + t("That does not mean that there is none: ask your insurer.")
        )
        return
    for entitlement in fit.fitting:
        _show_entitlement(entitlement, facts.get("disease_area"), preparation, t)
    if fit.unknown:
        _introduce_unknown(t("Perhaps for you"), fit.unknown, preparation, t)
        for entitlement in fit.unknown:
            _show_entitlement(entitlement, facts.get("disease_area"), preparation, t)
    st.markdown(t("Rules change. Ask your insurer what counts today."))


def _show_entitlement(entitlement: Entitlement, area: str | None, preparation: Preparation, t: Translator) -> None:
    lines = [f"**{t(entitlement.title)}**", t(entitlement.text)]
    if entitlement.operations:
        mine = [each for each in entitlement.operations if is_named_in(each, area)]
        rest = [each for each in entitlement.operations if each not in mine]
        titled = [(t("In your part of medicine:"), mine), (t("The others on the list:") if mine else "", rest)]
        for title, operations in titled:
            if operations:
                listed = "\n".join(
                    f"- {t(each.title)}" + (f" ({t('since {date}', date=each.since)})" if each.since else "")
                    for each in operations
                )
                lines.append(f"{title}\n{listed}" if title else listed)
    if entitlement.note:
        lines.append(t(entitlement.note))
    if entitlement.find:
        lines.append(
            f"{t('Find a doctor or read on:')} [{entitlement.find.removeprefix('https://')}]({entitlement.find})"
        )
    sources = words.source_words(preparation.guidance, entitlement.sources, t)
    lines.append(f":small[{t('As read on {date}.', date=entitlement.read)} {sources}]")
    with st.container(border=True):
        st.markdown("\n\n".join(lines))


def show_studies(preparation: Preparation, t: Translator) -> None:
    """Show what studies found, those that fit the answers first; each with its limits and its harm."""
    facts = facts_for_preparation(preparation.guidance, state.answers())
    fit = sort_by_fit([study for study in preparation.studies.values() if not study.part], facts)
    st.markdown(
        t("Most first opinions are confirmed.")
        + " "
        + t("Figures tell about many people, not about you. Figures of firms that sell second opinions are left out.")
    )
    for study in fit.fitting:
        show_study(study, preparation, t)
    others = [*fit.unknown, *fit.others]
    if others and st.toggle(t("Show studies about other diseases and cases"), key="prepare_other_studies"):
        for study in others:
            show_study(study, preparation, t)


def show_study(study: Study, preparation: Preparation, t: Translator) -> None:
    """Show one study: who was studied, what was found, harm, limits and source."""
    findings = "\n".join(f"- {words.finding_words(finding, study, t)}" for finding in study.findings)
    sources = words.source_words(preparation.guidance, study.sources, t)
    with st.container(border=True):
        st.markdown(
            f"**{t(study.title)}** ({study.year})\n\n"
            f"{t('Who was studied:')} {words.size_words(study, t)}\n\n{findings}\n\n"
            f"**{t('Harm:')}** {words.harm_words(study, t)}\n\n"
            f"**{t('Limits:')}** {t(study.limits)}\n\n"
            f":small[{sources}. {t('Checked on {date}.', date=study.checked)}]"
        )
