"""The points within a distance: the box that saves measuring never leaves one out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from opinion.centres.distances import distance_km, rows_within

RANDOM = np.random.default_rng(27)
LATS = np.concatenate([RANDOM.uniform(-90, 90, 4000), [90, -90, 0, 0, np.nan]])
LONS = np.concatenate([RANDOM.uniform(-180, 180, 4000), [0, 0, 180, -180, 10]])


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180), km=st.floats(0, 20_100))
def test_the_circle_is_that_of_measuring_every_point(lat, lon, km):
    measured = np.flatnonzero(distance_km(lat, lon, LATS, LONS) <= km)
    assert np.array_equal(rows_within(lat, lon, km, LATS, LONS), measured)


def test_a_circle_may_reach_over_the_date_line_and_the_pole():
    lats, lons = np.array([0.0, 0.0, 89.0]), np.array([179.5, -179.5, 180.0])
    assert rows_within(0, 179.9, 100, lats, lons).tolist() == [0, 1]
    assert rows_within(89.5, 0, 200, lats, lons).tolist() == [2]
