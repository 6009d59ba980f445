"""Adapters of public registers: what they read from recorded samples is what the catalogue has from the same rows."""

import json
import shutil
from collections import Counter

import pytest
from register_steps import SAMPLES, catalogue_tables, read_sample, said, sample

from opinion.centres.inputs import TABLES, Inputs, read_about
from opinion.centres.registers.adapters import ADAPTERS, read_raw
from opinion.centres.registers.raw_files import read_meanings
from opinion.centres.registers.releases import Listing, Release, Statement, find_homes, settle, write_release
from opinion.centres.sources import read_sources
from opinion.centres.tables import CENTRES, fact_fault, read_tables
from opinion.errors import CatalogueError

# What an adapter reads from a sample and the catalogue has not, or the other way round, and why.
MORE_THAN_THE_CATALOGUE = {
    # the catalogue was compiled with the beds of CovidCareMap alone for hospitals that CMS lists too
    "hifld": {("cms:453316", "beds", "72", "", "BEDS"), ("cms:504004", "beds", "195", "", "BEDS")},
}
LESS_THAN_THE_CATALOGUE: dict[str, set[tuple[str, ...]]] = {}

TRIED = [each for each in ADAPTERS if (SAMPLES / each).is_dir()]


@pytest.fixture(scope="module")
def before():
    return catalogue_tables()


@pytest.mark.parametrize("register", TRIED)
def test_a_recorded_sample_says_what_the_catalogue_has(register, before):
    release = read_sample(register)
    tables, _ = settle(release, before)
    homes = find_homes(release, before)
    spoken_of = {homes.get(each.centre_id, each.centre_id) for each in (*release.centres, *release.facts)}
    new, old = said(tables, register, spoken_of), said(before, register, spoken_of)
    assert new, "nothing was read"
    assert set((new - old).elements()) == MORE_THAN_THE_CATALOGUE.get(register, set())
    assert set((old - new).elements()) == LESS_THAN_THE_CATALOGUE.get(register, set())
