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
    # latitude alone leaves few to measure, and costs a fiftieth of measuring
    candidates = np.flatnonzero(np.abs(lats - lat) <= km / _KM_PER_DEGREE + 1e-6)
    return candidates[distance_km(lat, lon, lats[candidates], lons[candidates]) <= km]
