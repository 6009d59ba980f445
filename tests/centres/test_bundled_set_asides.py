"""What is set aside for every installation: it is found, counts no more, stays in the history, and says why."""

from opinion.centres.catalogues import Catalogue
from opinion.centres.decisions import read_revisions
from opinion.centres.inputs import Inputs


def test_each_bundled_set_aside_finds_its_fact_and_says_why(catalogue: Catalogue):
    decided = [each for each in read_revisions(Inputs().decisions).standing if each.kind == "set_aside"]
    assert decided
    for each in decided:
        said = [
            fact
            for fact in catalogue.facts(each.centre_id, with_past=True)
            if (fact.field, fact.value) == (each.field, each.value)
        ]
        assert [fact.standing for fact in said] == ["set_aside"], each
        assert len(each.note.split()) > 5


def test_no_centre_shows_the_website_of_the_hospital_beside_it(catalogue: Catalogue):
    for centre_id in ("cms:500044", "cms:123300", "cms:500005"):
        row = catalogue.row_of(centre_id)
        assert not str(catalogue.table.column("website")[row])
