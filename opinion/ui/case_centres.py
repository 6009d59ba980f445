"""The parts of a request's page about centres: enquiries, and offers side by side with the proposal made of them."""

import os
from dataclasses import asdict
from datetime import date

import pyarrow as pa
import streamlit as st

from opinion.agency import enquiries
from opinion.agency.conversations import add_entry
from opinion.agency.enquiries import CURRENCIES, ENQUIRY_STATUSES, MOST_PRICE, Enquiry, Offer, Terms
from opinion.agency.requests import LONGEST_LINE, LONGEST_TEXT
from opinion.exchange.proposals import mandatory_lines, offer_lines, price_words, proposal_of
from opinion.exchange.wordings import escape
from opinion.texts.dates import date_words, day_words
from opinion.ui import workbench
from opinion.ui.ask_view import AGENCY_NAME
from opinion.ui.catalogue import centre_titles
from opinion.ui.choices import told_apart
from opinion.ui.desks import Desk
from opinion.ui.results import fold


def show_centres(desk: Desk) -> None:
    """Show the centres attached to a request with their enquiries, and the ways to attach more."""
    t = desk.t
    found = enquiries.enquiries_of(desk.store, desk.actor, desk.request)
    if not found:
        st.info(t("No centre is attached yet."), icon=":material/local_hospital:")
    for enquiry in found:
        _show_enquiry(desk, enquiry)
    if not desk.is_open:
        return
    attached = {enquiry.centre_id for enquiry in found}
    with st.container(horizontal=True):
        _show_attaching(desk, workbench.shortlist(), attached, "shortlist")
        wanted = [centre["id"] for centre in desk.request.content.centres]
        _show_attaching(desk, wanted, attached, "wanted")
    st.caption(t("The shortlist is yours, in this browser. Fill it on Match a case or on Browse centres."))


def _show_attaching(desk: Desk, ids: list[str], attached: set[str], key: str) -> None:
    t, new = desk.t, [id_ for id_ in ids if id_ not in attached]
    labels = {
        "shortlist": t("Attach the shortlist ({count})", count=len(new)),
        "wanted": t("Attach the patient's centres ({count})", count=len(new)),
    }
    if st.button(labels[key], key=f"attach_{key}", disabled=not new, icon=":material/add_link:"):
        names = centre_titles(new)

        def attach() -> None:
            for id_, name in names.items():
                enquiries.plan_enquiry(
                    desk.store, desk.actor, desk.request.reference, {"id": id_, "name": name}, desk.today
                )

        desk.do(attach, t.plural("{count} centre is attached.", "{count} centres are attached.", len(names)))


def status_words_of(desk: Desk) -> dict[str, str]:
    """Return the status of an enquiry in words, by id."""
    t = desk.t
    return {"planned": t("Not asked yet"), "sent": t("Asked"), "answered": t("Has answered"), "declined": t("Declined")}


def _show_enquiry(desk: Desk, enquiry: Enquiry) -> None:
    t, words, key = desk.t, status_words_of(desk), f"{enquiry.id}_{enquiry.version}"
    with st.container(border=True):
        when = day_words(enquiry.changed_on, t)
        st.markdown(
            f"**[{escape(enquiry.centre_name)}](/centre?id={enquiry.centre_id})** · {words[enquiry.status]} ({when})"
        )
        if enquiry.due and enquiry.status == "sent" and enquiry.due < desk.today:
            st.warning(t("The reply is late: it was due on {date}.", date=date_words(enquiry.due, t)))
        with st.form(f"enquiry_{key}", border=False):
            one, two, three, four = st.columns([3, 3, 6, 2], vertical_alignment="bottom")
            status = one.selectbox(t("Status"), ENQUIRY_STATUSES, ENQUIRY_STATUSES.index(enquiry.status),
                                   format_func=words.__getitem__, key=f"enquiry_status_{key}")  # fmt: skip
            due = two.date_input(t("Reply due"), enquiry.due, key=f"enquiry_due_{key}")
            note = three.text_input(t("Note"), enquiry.note, max_chars=LONGEST_LINE, key=f"enquiry_note_{key}")
            saved = four.form_submit_button(t("Save"), width="stretch")
            dropped = enquiry.status == "planned" and st.form_submit_button(t("Take off"), icon=":material/link_off:")
        args = (desk.store, desk.actor, desk.request.reference, enquiry)
        if saved:
            day = due if isinstance(due, date) else None
            desk.do(lambda: enquiries.change_enquiry(*args, status, day, note, desk.today), t("Saved."))
        if dropped:
            desk.do(lambda: enquiries.drop_enquiry(*args), t("Taken off."))


def show_offers(desk: Desk) -> None:
    """Show the offers side by side, the way to add and to change one, and the proposal to the patient."""
    t = desk.t
    found = enquiries.offers_of(desk.store, desk.actor, desk.request)
    if found:
        _show_table(desk, found)
    else:
        st.info(t("No centre has made an offer yet."), icon=":material/request_quote:")
    if desk.is_open:
        _show_form(desk, found)
    if found:
        _show_proposal(desk, found)


def _show_table(desk: Desk, found: list[Offer]) -> None:
    """Show one column for each offer; what differs can be read across."""
    t = desk.t
    modes = {"remote": t("from a distance"), "in_person": t("in person")}
    lines = {
        t("Price"): [price_words(asdict(offer.terms), t) for offer in found],
        t("Day"): [date_words(date.fromisoformat(each.terms.day), t) if each.terms.day else "" for each in found],
        t("In time"): [_in_time(desk, offer) for offer in found],
        t("How"): [modes[offer.terms.mode] for offer in found],
        t("What is included"): [offer.terms.included for offer in found],
        t("What is not included"): [offer.terms.not_included for offer in found],
    }
    # cells and titles are read as Markdown, and what centres write is not ours
    columns: dict[str, list[str]] = {t("Fact"): list(lines)}
    titles = _titles(found)
    for place, offer in enumerate(found):
        title = escape(titles[offer.id])
        columns[title] = [escape(cells[place]) or t("not said yet") for cells in lines.values()]
    st.table(pa.table(columns).to_pandas().set_index(t("Fact")), border="horizontal")


def _in_time(desk: Desk, offer: Offer) -> str:
    """Return whether an offer's day is before the doctor's last date; ``""`` if one of the two is not known."""
    t, last = desk.t, desk.request.last_date
    if last is None or not offer.terms.day:
        return t("not known")
    return t("yes") if date.fromisoformat(offer.terms.day) <= last else t("no: after the doctor's last date")


def _titles(found: list[Offer]) -> dict[str, str]:
    """Return the name of each offer, by its id: that of its centre, and a number, as a centre may make several."""
    return {offer.id: f"{offer.terms.centre_name} ({number})" for number, offer in enumerate(found, 1)}


def _show_form(desk: Desk, found: list[Offer]) -> None:
    t = desk.t
    asked = enquiries.enquiries_of(desk.store, desk.actor, desk.request)
    centres = {each.centre_id: each.centre_name for each in asked}
    st.subheader(t("Add or change an offer"), anchor=False)
    if not centres:
        st.markdown(t("Attach a centre first, under Centres."))
        return
    held, titles = {offer.id: offer for offer in found}, _titles(found)
    chosen = st.selectbox(t("Which offer"), [None, *held], key="offer_chosen",
                          format_func=lambda id_: titles[id_] if id_ else t("A new one"))  # fmt: skip
    old = held.get(chosen or "")
    terms = old.terms if old else Terms(next(iter(centres)), "", None, CURRENCIES[0], "", "remote", "")
    modes = {"remote": t("from a distance"), "in_person": t("in person")}
    key = f"{chosen}_{old.version if old else len(found)}"
    with st.form(f"offer_{key}"):
        ids = list(dict.fromkeys([*centres, terms.centre_id]))
        names = told_apart({id_: centres.get(id_, terms.centre_name) for id_ in ids}, str)
        centre = st.selectbox(t("Centre"), ids, ids.index(terms.centre_id), key=f"offer_centre_{key}",
                              format_func=names.__getitem__)  # fmt: skip
        one, two, three, four = st.columns(4)
        price = one.number_input(t("Price"), 0.0, float(MOST_PRICE), terms.price, step=50.0, key=f"offer_price_{key}")
        currency = two.selectbox(t("Currency"), CURRENCIES, CURRENCIES.index(terms.currency), key=f"offer_cur_{key}")
        day = three.date_input(t("Day"), date.fromisoformat(terms.day) if terms.day else None, key=f"offer_day_{key}")
        mode = four.selectbox(t("How"), list(modes), list(modes).index(terms.mode), format_func=modes.__getitem__,
                              key=f"offer_mode_{key}")  # fmt: skip
        included = st.text_area(t("What is included"), terms.included, max_chars=LONGEST_TEXT, key=f"offer_in_{key}")
        left_out = st.text_area(t("What is not included"), terms.not_included, max_chars=LONGEST_TEXT,
                                key=f"offer_out_{key}")  # fmt: skip
        with st.container(horizontal=True):
            saved = st.form_submit_button(t("Save the offer"), type="primary", icon=":material/save:")
            dropped = old is not None and st.form_submit_button(t("Erase the offer"), icon=":material/delete:")
    new = Terms(centre, centres.get(centre, terms.centre_name), price, currency,
                day.isoformat() if isinstance(day, date) else "", mode, included.strip(), left_out.strip())  # fmt: skip
    reference = desk.request.reference
    if saved and old:
        desk.do(lambda: enquiries.change_offer(desk.store, desk.actor, reference, old, new), t("Saved."))
    elif saved:
        desk.do(lambda: enquiries.add_offer(desk.store, desk.actor, reference, new), t("Saved."))
    if dropped and old:
        desk.do(lambda: enquiries.drop_offer(desk.store, desk.actor, reference, old), t("Erased."))


def _show_proposal(desk: Desk, found: list[Offer]) -> None:
    t = desk.t
    st.subheader(t("Proposal to the patient"), anchor=False)
    names = _titles(found)
    chosen = st.multiselect(t("Offers in it"), list(names), list(names), format_func=names.__getitem__,
                            key="proposal_offers")  # fmt: skip
    word = st.text_area(t("In your own words, in short"), max_chars=LONGEST_TEXT, key="proposal_word")
    offers = [asdict(offer.terms) for offer in found if offer.id in chosen]
    reference, today, agency = desk.request.reference, desk.today, os.environ.get(AGENCY_NAME, "").strip()

    def make() -> bytes:
        from opinion.exchange.printing import pdf_of  # loads a typesetter and fonts, for who asks only

        return pdf_of(proposal_of(reference, offers, word, agency, today, t))

    st.caption(t("Risks and aftercare stand in every proposal, with their sources. They cannot be left out."))
    st.download_button(
        t("Proposal as PDF"), make, "proposal.pdf", "application/pdf", on_click="ignore", disabled=not offers,
        icon=":material/download:", key="proposal_pdf",
    )  # fmt: skip
    _show_sending(desk, offers)


def _show_sending(desk: Desk, offers: list[dict[str, object]]) -> None:
    """Offer to write the chosen offers to the patient: the words can be changed, risks and aftercare go with them."""
    t = desk.t
    lines: list[str] = []
    for offer in offers:
        lines += [str(offer["centre_name"]), *(f"- {line}" for line in offer_lines(offer, t)), ""]
    always = "\n".join(mandatory_lines(t))

    def show() -> None:
        text = st.text_area(
            t("Message to the patient"), "\n".join(lines).strip(), height=220,
            max_chars=LONGEST_TEXT - len(always) - 2, key=f"proposal_text_{len(offers)}_{len(lines)}",
        )  # fmt: skip
        st.markdown(f"{t('This goes with it:')}\n\n{escape(always)}")
        if st.button(t("Send this message"), key="proposal_send", type="primary", icon=":material/send:",
                     disabled=not offers):  # fmt: skip
            words = f"{text.strip()}\n\n{always}"
            reference = desk.request.reference
            desk.do(lambda: add_entry(desk.store, desk.actor, reference, "message", words), t("The message is sent."))

    if desk.is_open:
        fold(t("Write these offers to the patient"), "proposal_message", show)
