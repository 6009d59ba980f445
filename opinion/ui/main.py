"""The script that Streamlit runs: page settings, navigation, then the page itself."""

from pathlib import Path

import streamlit as st

from opinion.ui import emergency, state

ICON = str(Path(__file__).resolve().parent.parent / "server" / "icon.svg")
PAGES = Path(__file__).resolve().parent.parent.parent / "pages"
t = state.translator()

self_check = st.Page(
    PAGES / "self_check.py", title=t("Self-check"), icon=":material/fact_check:", default=True,
    help=t("Answer questions and read whether, and how soon, to seek a second opinion."),
)  # fmt: skip
centres = st.Page(
    PAGES / "centres.py", title=t("Centres"), icon=":material/local_hospital:", url_path="centres",
    help=t("Find hospitals by disease, country and equipment."),
)  # fmt: skip
centre = st.Page(
    PAGES / "centre.py", title=t("One centre"), url_path="centre", visibility="hidden",
)  # fmt: skip
in_an_emergency = st.Page(
    PAGES / "in_an_emergency.py", title=t("In an emergency"), icon=":material/emergency:", url_path="in-an-emergency",
    help=t("Signs of an emergency, and the number to call."),
)  # fmt: skip
sources = st.Page(
    PAGES / "sources.py", title=t("Sources"), icon=":material/menu_book:", url_path="sources",
    help=t("The guidance, the rules, and where every fact comes from."),
)  # fmt: skip
privacy = st.Page(
    PAGES / "privacy.py", title=t("Privacy"), icon=":material/lock:", url_path="privacy",
    help=t("What happens to your answers."),
)  # fmt: skip

# With no icon of our own the browser is sent to another host for the page's Material icon.
st.set_page_config(page_title=t("Second Opinion"), page_icon=ICON)
alone = emergency.is_present()
page = st.navigation(
    [self_check, centres, centre, sources, privacy, in_an_emergency], position="hidden" if alone else "top"
)
if alone and page is not in_an_emergency:
    emergency.show_card()
else:
    page.run()
    if page is not in_an_emergency:
        st.page_link(in_an_emergency, label=t("In an emergency"), icon=":material/emergency:")
