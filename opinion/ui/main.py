"""The script that Streamlit runs: page settings, navigation, then the page itself."""

from pathlib import Path

import streamlit as st

from opinion.exchange.wordings import escape
from opinion.ui import emergency, sign_in, state

ICON = str(Path(__file__).parent.parent / "server" / "icon.svg")
PAGES = "../../pages"
t = state.translator()
account = sign_in.signed_in()
is_coordinator = account is not None and account.may("coordinator")


def page_of(name: str, title: str, icon: str, words: str, is_start: bool = False, is_listed: bool = True) -> st.Page:
    """Describe a page of ``pages/``: its title and help in the visitor's language, its icon, its address."""
    return st.Page(
        f"{PAGES}/{name}.py",
        title=title,
        icon=icon,
        help=words,
        url_path=name.replace("_", "-"),
        default=is_start,
        visibility="visible" if is_listed else "hidden",
    )


self_check = page_of(
    "self_check", t("Self-check"), ":material/fact_check:",
    t("Answer questions and read whether, and how soon, to seek a second opinion."), is_start=True,
)  # fmt: skip
prepare = page_of(
    "prepare", t("Prepare"), ":material/checklist:", t("What to bring to a second opinion, what to say and to ask.")
)
opinions = page_of(
    "opinions", t("When opinions differ"), ":material/balance:", t("Opinions side by side, and what to ask.")
)
plan = page_of(
    "plan", t("Time"), ":material/event:", t("Whether a second opinion can be there before your doctor's date.")
)
summary = page_of(
    "summary", t("Take along"), ":material/print:", t("A summary, a request packet and your answers, as files.")
)
ask_agency = page_of(
    "ask_agency", t("Ask the agency"), ":material/send:", t("Send a request, with your consent, and see what is sent.")
)
my_request = page_of(
    "my_request", t("My request"), ":material/key:", t("Status and messages of a request that you sent.")
)
where = page_of("where", t("Where to go"), ":material/near_me:", t("Centres that fit your answers, and why."))
requests = page_of(
    "requests", t("Requests"), ":material/inbox:", t("What patients have sent, the most urgent first."),
    is_listed=is_coordinator,
)  # fmt: skip
request = page_of("request", t("Request"), ":material/clinical_notes:", t("One request."), is_listed=False)
match = page_of(
    "match", t("Match a case"), ":material/join_inner:", t("Centres for one case, with the reason for each."),
    is_listed=is_coordinator,
)  # fmt: skip
import_centres = page_of(
    "import_centres", t("Import a list"), ":material/upload_file:", t("A hospital list into the catalogue."),
    is_listed=account is not None and account.may("curator"),
)  # fmt: skip
fact_queue = page_of(
    "fact_queue", t("Facts to check"), ":material/checklist_rtl:", t("Where sources disagree, or are overdue."),
    is_listed=account is not None and account.may("curator"),
)  # fmt: skip
doubles = page_of(
    "doubles", t("Doubles"), ":material/join_left:", t("Centres that may stand in the catalogue twice."),
    is_listed=account is not None and account.may("curator"),
)  # fmt: skip
accounts = page_of(
    "accounts", t("Accounts"), ":material/manage_accounts:", t("Who may sign in, with which roles."),
    is_listed=account is not None and account.may("administrator"),
)  # fmt: skip
own_account = page_of(
    "sign_in", escape(account.shown_name) if account else t("Sign in"), ":material/account_circle:",
    t("Your account, and the way out.") if account else t("For people who work here. Patients need no account."),
)  # fmt: skip
centres = page_of(
    "centres", t("Browse centres"), ":material/local_hospital:", t("Find hospitals by disease, country and equipment.")
)
centre = page_of(
    "centre", t("One centre"), ":material/apartment:", t("What is known about one centre."), is_listed=False
)
coverage = page_of(
    "coverage", t("Coverage"), ":material/grid_on:", t("Where we know of nobody, and what we do not know.")
)
data_quality = page_of(
    "data_quality", t("Data quality"), ":material/rule_settings:", t("How complete, right and new our data are.")
)
shortlist = page_of(
    "shortlist", t("Shortlist"), ":material/playlist_add_check:", t("The centres and views that you keep.")
)
compare = page_of(
    "compare", t("Compare centres"), ":material/compare:", t("Two to four centres side by side."), is_listed=False
)
in_an_emergency = page_of(
    "in_an_emergency", t("In an emergency"), ":material/emergency:", t("Signs of an emergency, and the number to call.")
)
sources = page_of(
    "sources", t("Sources"), ":material/menu_book:", t("The guidance, the rules, and where every fact comes from.")
)
rule_book = page_of(
    "rule_book", t("Rule book"), ":material/rule:", t("Every rule that the advice is made of, and a place to try them.")
)
about = page_of(
    "about", t("About this site"), ":material/info:", t("What this is for, who made it, and how sure it is.")
)
privacy = page_of("privacy", t("Privacy"), ":material/lock:", t("What happens to your answers."))

# With no icon of our own the browser is sent to another host for the page's Material icon.
st.set_page_config(page_title=t("Second Opinion"), page_icon=ICON)
alone = emergency.is_present()
listed = {
    "": [self_check],
    t("Next steps"): [where, plan, prepare, opinions, summary, ask_agency, my_request],
    t("Centres"): [centres, centre, shortlist, compare, coverage, data_quality],
    t("Agency"): [requests, request, match, import_centres, fact_queue, doubles, accounts, own_account],
    t("About"): [rule_book, sources, about, privacy, in_an_emergency],
}
page = st.navigation(listed, position="hidden" if alone else "top")
state.note_page(page.url_path)
if alone and page is not in_an_emergency:
    emergency.show_card()
else:
    page.run()
    if page is not in_an_emergency:
        st.page_link(in_an_emergency, label=t("In an emergency"), icon=":material/emergency:")
