"""The one catalogue that all sessions share, with each other and with the API of the server."""

from opinion.centres.shared import shared_catalogue
from opinion.errors import CatalogueError

__all__ = ["centre_titles", "shared_catalogue"]


def centre_titles(ids: list[str]) -> dict[str, str]:
    """Return "name, town" of each centre by id; ids that have left the catalogue are left out."""
    catalogue, found = shared_catalogue(), {}
    for id_ in ids:
        try:
            row = catalogue.row_of(id_)
        except CatalogueError:
            continue
        name, town = (catalogue.table.column(column)[row].as_py() for column in ("name", "city"))
        found[id_] = ", ".join(filter(None, (name, town)))
    return found
