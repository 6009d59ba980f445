"""Turns points in degrees into distances in kilometres, and a point and a distance into the rows within it."""

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0
_KM_PER_DEGREE = EARTH_RADIUS_KM * np.pi / 180


def distance_km(lat: float, lon: float, lats: NDArray[np.float64], lons: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the great-circle distances in km from one point to many, in degrees; NaN where a point is unknown."""
    first, second = np.radians(lat), np.radians(lats)
    half = np.sin((second - first) / 2) ** 2
    half = half + np.cos(first) * np.cos(second) * np.sin(np.radians(lons - lon) / 2) ** 2
    distances: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return distances


def rows_within(
    lat: float, lon: float, km: float, lats: NDArray[np.float64], lons: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Return the numbers of the points at most ``km`` from a point, ascending; an unknown point is never within."""
    # a box leaves few to measure, and costs a fiftieth of measuring
    reach = km / _KM_PER_DEGREE + 1e-6
    candidates = np.flatnonzero(np.abs(lats - lat) <= reach)
    if abs(lat) + reach < 90:  # no pole within reach: the circle has an eastern and a western end
        east = np.degrees(np.arcsin(np.sin(np.radians(reach)) / np.cos(np.radians(lat)))) + 1e-6
        apart = np.abs(lons[candidates] - lon)
        candidates = candidates[(apart <= east) | (apart >= 360 - east)]
    return candidates[distance_km(lat, lon, lats[candidates], lons[candidates]) <= km]
