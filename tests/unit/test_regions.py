"""Regions of the world: every country stands in one, every region in one large region."""

from collections import Counter

from opinion.texts.extraction import extract_messages
from opinion.vocabularies import country_codes, macro_regions, regions


def test_every_country_stands_in_one_region():
    counted = Counter(code for region in regions().values() for code in region.countries)
    assert set(counted) == set(country_codes())
    assert [code for code, times in counted.items() if times > 1] == []


def test_every_region_belongs_to_one_large_region():
    assert {region.macro for region in regions().values()} == set(macro_regions())
    assert sorted(id_ for macro in macro_regions().values() for id_ in macro.regions) == sorted(regions())


def test_large_regions_have_the_countries_of_their_parts():
    counted = Counter(code for macro in macro_regions().values() for code in macro.countries)
    assert counted == Counter(country_codes())
    assert {"AT", "RU", "GB", "XK"} <= set(macro_regions()["europe"].countries)
    assert {"TR", "CY", "GE", "TW"} <= set(macro_regions()["asia"].countries)
    assert macro_regions()["europe"].regions == (
        "northern_europe",
        "western_europe",
        "eastern_europe",
        "southern_europe",
    )


def test_ids_say_what_the_labels_say():
    assert not set(regions()) & set(macro_regions()), "an id names one or the other in an address"
    for region in (*regions().values(), *macro_regions().values()):
        words = region.label.lower().replace("-", " ").replace(" and ", " ")
        assert region.id == words.replace(" ", "_")


def test_translators_get_the_labels():
    texts = {message.id for message in extract_messages()}
    assert {region.label for region in (*regions().values(), *macro_regions().values())} <= texts
