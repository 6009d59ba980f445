"""The self-check before the first answer: what it is, how long it takes, what happens to the answers."""

import streamlit as st

from opinion.exchange import wordings
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.ui import results, state

# A made-up case, shown as an example: a planned knee operation with a gentler choice.
EXAMPLE = {
    "emergency_signs": [],
    "disease_area": "orthopaedics",
    "serious_disease": "no",
    "life_threatening": "no",
    "proposed": ["surgery"],
    "conservative_or_invasive": "yes",
    "urgent_action_required": "no",
    "days_until_decision": 70,
    "second_opinion_access": "in_person",
    "days_to_second_opinion": 12,
}


def show_welcome() -> None:
    """Show the page that stands before the first answer."""
    guidance, t = load_guidance(), state.translator()
    st.title(t("Do you need a second medical opinion?"), anchor=False)
    st.markdown(
        t("A doctor has found something serious, or proposes a big treatment. Should you ask another one, and when?")
        + "\n\n"
        + t("Answer a few questions. You get clear advice, with the reason for each part. It takes about 3 minutes.")
    )
    st.button(
        t("Answer the questions"), on_click=state.go_to, args=("emergency",), type="primary",
        icon=":material/edit_note:", key="open_questions_begin", width="stretch",
    )  # fmt: skip
    st.markdown(
        f":material/lock: {t('Your answers stay in this session. We do not store them and send them to nobody.')}  \n"
        f":material/balance: {t('The advice follows published rules. No centre pays to be named.')}"
    )
    advice = assess(guidance, EXAMPLE)
    head = wordings.headline(advice, EXAMPLE, t)
    timing, sentence = wordings.timing_words(advice, EXAMPLE, t)
    with st.container(border=True):
        st.markdown(
            f"**{t('An example')}** · {t('A knee operation is planned in ten weeks. There is a gentler choice.')}\n\n"
            f"##### {results.ICONS[advice.outcome]} {head.text}\n\n**{t('How soon:')} {timing}.** {sentence}\n\n"
            + "\n".join(f"- {t(guidance.rules[id].text)}" for id in wordings.main_reasons(advice))
        )
    st.caption(t("This is information, not a diagnosis. It does not replace your doctor."))
    results.fold(t("Load a copy"), "load", lambda: results.show_loading(t))
