"""Addresses of the API, and centres whose ids hold what an address has to escape."""

from urllib.parse import quote

LIST, FACET_LIST, COMPARE = "/api/v1/centres", "/api/v1/facets", "/api/v1/compare"
ODD_IDS = ("es:280029", "eu:AT_K389+", "eu:FI_40307~2")
IN_QUERY = tuple(quote(id_, safe=",:") for id_ in ODD_IDS)  # a bare + is a space there
