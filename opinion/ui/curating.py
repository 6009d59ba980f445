"""Notes in the audit trail what curators do to the catalogue on the pages, and reads it back."""

from opinion.agency import audits
from opinion.agency.accounts import Account
from opinion.agency.stores import shared_store


def record(account: Account, action: str, about: str) -> None:
    """Add a line to the audit trail, after the change: who, such as ``sign_in.require("curator")`` gives, did what.

    ``action``: a short code such as ``import_made``, ``centres_merged``, ``fact_corrected``, ``decision_undone``.
    ``about``: the id of an import, a centre or a decision, never a value that a person typed.
    """
    audits.record(shared_store(), account.actor, action, about)
