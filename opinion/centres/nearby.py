"""Turns a centre into the centres near it. Which centres suit a patient is the business of ``opinion.matching``."""

from dataclasses import dataclass

import numpy as np

from opinion.centres.catalogues import Catalogue
from opinion.centres.distances import distance_km


@dataclass(frozen=True)
class Neighbour:
    """A centre near another. ``approximate``: at least one of the two points is a town's or a ZIP area's."""

    centre_id: str
    name: str
    city: str
    country_code: str
    distance_km: float
    approximate: bool


def near(catalogue: Catalogue, centre_id: str, limit: int = 10, within_km: float = 100.0) -> list[Neighbour]:
    """Return up to ``limit`` centres within ``within_km`` of a centre, nearest first; ``[]`` if its point is unknown.

    Raises ``CatalogueError`` if there is no such centre.
    """
    own = catalogue.row_of(centre_id)
    distances = distance_km(catalogue.lat[own], catalogue.lon[own], catalogue.lat, catalogue.lon)
    candidates = np.flatnonzero(distances <= within_km)
    candidates = candidates[candidates != own]
    ordered = candidates[np.argsort(distances[candidates], kind="stable")][:limit]
    columns = ("centre_id", "name", "city", "country_code", "coord_precision")
    rough = catalogue.page(np.array([own]), ("coord_precision",)).iloc[0, 0] != "site"
    return [
        Neighbour(id_, name, city, country, round(float(distances[row]), 1), bool(rough or precision != "site"))
        for row, id_, name, city, country, precision in catalogue.page(ordered, columns).itertuples(name=None)
    ]
