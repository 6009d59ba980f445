"""Privacy: what happens to the answers, in plain words."""

import streamlit as st

from opinion.ui import state

t = state.translator()
st.set_page_config(page_title=t("Privacy"), layout="centered", initial_sidebar_state="auto")
st.title(t("Privacy"), anchor=False)
st.markdown(f"#### {t('Your answers')}")
st.markdown(
    "\n".join(
        f"- {line}"
        for line in (
            t("Your answers stay in this server's memory while this page is open. They are in no file and no log."),
            t("They are never in the address of a page, so a link you share tells nobody about you."),
            t("No other visitor can see them. We do not ask for your name."),
            t("When you press “Erase my answers”, they are gone at once."),
            t("When you close or reload the page, you cannot get them back. The server forgets them soon after."),
            t("The same holds for what you tick and write on the other pages for patients."),
            t("A file is made only when you press for it: a copy, a summary, a calendar. Keep it in a safe place."),
        )
    )
)
st.markdown(f"#### {t('If you ask the agency')}")
st.markdown(
    "\n".join(
        f"- {line}"
        for line in (
            t("Only when you send a request is something kept: what you saw before you pressed the button."),
            t("It is locked with a key on the agency's own machine. Only its coordinators can open it."),
            t("You see, take back and erase it on the page “My request”, with your reference and code."),
            t("It is erased by itself: 90 days after your case is closed, and after 365 days at the latest."),
            t("A list of who did what is kept, without your answers and without your name."),
        )
    )
)
st.markdown(f"#### {t('This website')}")
st.markdown(
    "\n".join(
        f"- {line}"
        for line in (
            t("It loads nothing from other websites, and tells no other website that you were here."),
            t("It has no advertising, no visitor statistics and no tracking."),
            t("It sets one technical cookie against misuse of forms. It holds nothing about you."),
            t("People who work here sign in. Their browser keeps one more cookie for that, until it is closed."),
            t("On the pages for agencies, your own browser remembers the centres and views that you keep there."),
        )
    )
)
st.markdown(f"#### {t('What this is')}")
st.markdown(
    t("It is general information about asking for another opinion. It gives no diagnosis and chooses no treatment.")
    + " "
    + t("It makes no claim to be a medical device.")
)
if state.holds_something():
    with st.popover(t("Erase my answers"), icon=":material/delete:"):
        st.markdown(t("All your answers, ticks and texts will be gone. This cannot be undone."))
        st.button(t("Yes, erase everything"), on_click=state.erase, type="primary", key="erase")
