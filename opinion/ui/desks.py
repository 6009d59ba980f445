"""What every part of a request's page works with: the request, who works on it, and how a thing is done or refused."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from opinion.agency.accounts import Account, all_accounts
from opinion.agency.requests import ENDED, Request
from opinion.agency.stores import shared_store
from opinion.errors import ChangedMeanwhileError, RefusedError
from opinion.texts.translations import Translator
from opinion.ui import state
from opinion.ui.choices import told_apart

SEEN = "request_seen"  # in the session: the version that was shown last, by reference


class Desk:
    """What a coordinator works on: the request as it is now, the version that they saw, and how things are done."""

    def __init__(self, request: Request, actor: Account, t: Translator) -> None:
        self.request, self.actor, self.t = request, actor, t
        self.store, self.today = shared_store(), state.today()
        self.seen = int(st.session_state.get(SEEN, {}).get(request.reference, request.version))

    @property
    def is_open(self) -> bool:
        """Whether the request has not ended."""
        return self.request.status not in ENDED

    def do(self, act: Callable[[], Any], done: str) -> None:
        """Do something and show the page anew; or say why it was not done."""
        try:
            act()
        except (RefusedError, ChangedMeanwhileError) as error:
            st.error(refusal_words(error, self.t), icon=":material/error:")
            return
        st.session_state.setdefault(SEEN, {}).pop(self.request.reference, None)
        st.toast(done, icon=":material/check:")
        st.rerun()


def coordinator_names() -> dict[str, str]:
    """Return the shown name of each account that may take requests, by its id; two of one name with the account's."""
    able = [each for each in all_accounts(shared_store()) if each.may("coordinator")]
    return told_apart({each.id: each.shown_name for each in able}, {each.id: each.name for each in able}.__getitem__)


def refusal_words(error: RefusedError | ChangedMeanwhileError, t: Translator) -> str:
    """Return why something was not done, in the coordinator's language."""
    if isinstance(error, ChangedMeanwhileError):
        return t("Somebody else has changed this meanwhile. What you see now is the new state. Repeat if still needed.")
    words = {
        "unknown_request": t("There is no such request. It may have been erased."),
        "withdrawn": t("The patient has taken consent back. Nobody can open this request any more."),
        "do_not_wait": t("This case is an alarm: nobody should wait here. It can only be closed or declined."),
        "unknown_owner": t("This account cannot take requests. Choose a coordinator."),
        "no_consent_for_centres": t("The patient has not agreed that centres are asked. Ask them in a message first."),
        "ended": t("This request has ended. Open it again first."),
        "empty": t("There is nothing yet. Write or choose something first."),
        "too_long": t("The text is too long. Please make it shorter."),
        "too_large": t("The file is too large. It may have 10 MB."),
        "too_many": t("This case has 50 files. Erase one first."),
        "unknown_type": t("This type of file is not taken. Choose a PDF, PNG, JPEG or DICOM file."),
        "bad_price": t("The price is no price. Give a number."),
    }
    return words.get(error.reason, str(error))
