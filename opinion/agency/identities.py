"""Turns what an identity provider says of somebody (OIDC claims) into their account.

The provider says only who they are. What they may do stands in our own table and is looked up each time. The claims
that a browser keeps are of the moment of signing in, so they count for ``sign_ins.LONGEST`` only.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from opinion.agency.accounts import Account, find_account
from opinion.agency.sign_ins import LONGEST
from opinion.storage.stores import Store


def account_of_claims(store: Store, claims: Mapping[str, Any], now: datetime | None = None) -> Account | None:
    """Return the active account whose name is the verified e-mail address in ``claims``; ``None`` if there is none.

    ``claims``: of the ID token, with ``email``, ``email_verified`` and ``iat`` (seconds since 1970).
    """
    email, issued = claims.get("email"), claims.get("iat")
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        return None
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return None
    age = (now or datetime.now(UTC)).timestamp() - issued
    if not -60 <= age <= LONGEST.total_seconds():  # clocks may differ by a minute
        return None
    account = find_account(store, email)
    return account if account is not None and account.is_active else None
