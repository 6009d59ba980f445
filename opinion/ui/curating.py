"""Puts what curators decide on the pages into the catalogue, notes it in the audit trail, and reads that back."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from opinion.agency import audits
from opinion.agency.accounts import Account
from opinion.agency.stores import shared_store
from opinion.centres.curating import apply
from opinion.centres.decisions import Decision
from opinion.errors import CatalogueError
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain

_ACTIONS = {
    "correct": "fact_corrected", "set_aside": "fact_set_aside", "accept": "conflict_accepted",
    "undo": "decision_undone",
}  # fmt: skip


def record(account: Account, action: str, about: str) -> None:
    """Add a line to the audit trail, after the change: who, such as ``sign_in.require("curator")`` gives, did what.

    ``action``: a short code such as ``import_made``, ``centres_merged``, ``fact_corrected``, ``decision_undone``.
    ``about``: the id of an import, a centre or a decision, never a value that a person typed.
    """
    audits.record(shared_store(), account.actor, action, about)


def decide(actor: Account, decisions: Sequence[Decision], folder: Path, t: Translator) -> bool:
    """Put decisions about facts into the catalogue of ``folder``, in one step, and say whether that was done.

    If it cannot be done, it is said why, and nothing has changed.
    """
    try:
        with st.spinner(t("The catalogue is built anew")):
            apply(folder, decisions)
    except CatalogueError as error:
        st.error(t("Nothing was changed: {reason}", reason=plain(str(error))), icon=":material/error:")
        return False
    for each in decisions:
        record(actor, _ACTIONS[each.kind], each.centre_id or each.undoes)
    return True
