"""The emergency card: it stands alone, with one sentence, one number and a way back."""

from typing import Any

import streamlit as st

from opinion.guidance.contents import load_guidance
from opinion.texts.countries import country_names
from opinion.ui import state


def is_present() -> bool:
    """Return whether the visitor has ticked a sign of an emergency."""
    return bool(state.answers().get("emergency_signs"))


def number_for(country: str | None) -> dict[str, Any] | None:
    """Return the entry with the emergency number of ``country``; ``None`` if no official source is recorded."""
    numbers = load_guidance().emergencies["number"]
    return next((entry for entry in numbers if country in entry["countries"]), None)


def show_card() -> None:
    """Show the card for the signs that were ticked, and nothing else."""
    t, guidance = state.translator(), load_guidance()
    ticked = state.answers()["emergency_signs"]
    own = [sign["sentence"] for sign in guidance.emergencies["sign"] if sign["id"] in ticked and "sentence" in sign]
    # One sentence: a sign's own, if it is the only one ticked; several signs share the general one.
    sentence = own[0] if own and len(ticked) == 1 else guidance.emergencies["sentence"]
    with st.container(border=True, key="emergency_card"):
        st.title(t(guidance.outcome_texts["emergency"].texts["headline"]), anchor=False)
        st.markdown(f"**{t(sentence)}**")
        show_number()
        st.button(t("I ticked this by mistake"), on_click=state.take_back_signs, key="ticked_by_mistake")


def show_number() -> None:
    """Show the number to call, with a choice of country."""
    t, guidance = state.translator(), load_guidance()
    given = state.answers().get("country")
    country = given if given != "unsure" else None
    names = country_names(t.language)
    chosen = st.session_state.get("emergency_country", country)
    entry = number_for(chosen)
    if entry:
        label = t("Call {number}", number=entry["number"])
        st.link_button(label, f"tel:{entry['number']}", type="primary", icon=":material/call:", width="stretch")
        source = guidance.sources[entry["source"]]
        st.caption(t("Number for {country}. Source: {source}", country=names[chosen], source=source["publisher"]))
    else:
        st.error(t(guidance.emergencies["no_number"]), icon=":material/call:")
    st.selectbox(
        t("Where are you now?"),
        list(names),
        index=list(names).index(country) if country else None,
        format_func=names.__getitem__,
        placeholder=t("Choose a country"),
        key="emergency_country",
    )


def show_signs() -> None:
    """Show the number to call and the signs of an emergency, each with where it was read."""
    t, guidance = state.translator(), load_guidance()
    st.markdown(f"**{t(guidance.emergencies['sentence'])}**")
    show_number()
    labels = guidance.questions["emergency_signs"].labels
    signs = guidance.emergencies["sign"]
    lines = "\n".join(f"- {t(labels[sign['id']])}" for sign in signs)
    st.markdown(f"#### {t('Signs of an emergency')}\n\n{lines}")
    publishers = dict.fromkeys(guidance.sources[sign["source"]]["publisher"] for sign in signs if sign["source"])
    own = [t(labels[sign["id"]]) for sign in signs if not sign["source"]]
    st.caption(
        t("Sources: {publishers}.", publishers="; ".join(publishers))
        + "  \n"
        + t("Ours, not yet reviewed by a clinician: {signs}.", signs="; ".join(own))
    )
