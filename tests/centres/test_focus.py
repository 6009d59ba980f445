"""Offering is not specialising."""

import pytest
from invented import TABLES

from opinion.centres.catalogues import Catalogue
from opinion.centres.facets import Filters, select
from opinion.centres.focuses import FOCUSES, SPECIALISED, focus_by_area, read_focus_rules
from opinion.centres.packing import AREA_BITS
from opinion.centres.rowsets import unpack_rows

NCI = "NCI-designated (Comprehensive) Cancer Center, list of July 2021"
RULES = read_focus_rules(TABLES)


def test_no_small_or_psychiatric_hospital_is_called_an_oncology_centre(catalogue: Catalogue):
    seen = 0
    for focus in SPECIALISED:
        rows = unpack_rows(catalogue.areas[focus][AREA_BITS["oncology"]])
        page = catalogue.page(rows, ("facility_type", "designations"))
        for facility_type, designations in page.itertuples(index=False):
            seen += 1
            assert "NCI-designated" in designations or facility_type not in ("cah", "psych", "psychiatric", "acute")
    # NCI list; cancer hospitals by their register alone; Deutsche Krebshilfe; HSE; OECI and others read by hand
    assert seen == 63 + 37 + 26 + 9 + 77


def test_what_gives_chemotherapy_offers_oncology(catalogue: Catalogue):
    offers = unpack_rows(catalogue.areas["service_offered"][AREA_BITS["oncology"]])
    types = catalogue.page(offers, ("facility_type",))["facility_type"]
    assert (types == "cah").sum() > 100
    assert (types == "psych").sum() > 10


def test_a_centre_stands_for_an_area_at_one_focus_only(catalogue: Catalogue):
    for first in FOCUSES:
        for second in FOCUSES:
            if first != second:
                assert not (catalogue.areas[first] & catalogue.areas[second]).any()


def test_ircss_stand_for_no_area_by_themselves(catalogue: Catalogue):
    found = select(catalogue, Filters(countries=("IT",), focus="single_specialty"))
    page = catalogue.page(found.rows, ("designations",))
    titles = page["designations"]
    assert titles.str.contains("IRCCS").any()
    assert not (titles.str.contains("IRCCS") & ~titles.str.contains("ERN ITHACA|OECI|IRCCS for oncology")).any()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([("disease_area", "oncology", "stated", "cms_pos", "POS Chemotherapy")], {"oncology": "service_offered"}),
        ([("disease_area", "oncology", "suggested", "ror", "")], {"oncology": "suggested_by_name"}),
        (
            [
                ("disease_area", "oncology", "suggested", "ror", ""),
                ("designation", NCI, "stated", "nci", "x"),
            ],
            {"oncology": "designated"},
        ),
        ([("designation", "Trauma centre Level IV", "stated", "cms_pos", "x")], {}),
        ([("designation", "SART member", "stated", "cdc_art", "x")], {}),
        ([("disease_area", "psychiatry", "stated", "cms_pos", "CMS hospital type: Psychiatric"),
          ("disease_area", "addiction", "stated", "cms_pos", "POS Alcohol & drug services")],
         {"psychiatry": "single_specialty", "addiction": "service_offered"}),
        ([("equipment", "ct", "stated", "cms_pos", "x")], {}),
    ],
)  # fmt: skip
def test_focus_follows_the_rules(facts, expected):
    assert focus_by_area(RULES, "acute", facts) == expected


def test_two_registers_that_disagree_make_no_specialty():
    fact = [("disease_area", "obstetrics_gynaecology", "stated", "hifld", "HIFLD TYPE WOMEN")]
    assert focus_by_area(RULES, "acute", fact) == {"obstetrics_gynaecology": "service_offered"}
    assert focus_by_area(RULES, "women", fact) == {"obstetrics_gynaecology": "single_specialty"}
