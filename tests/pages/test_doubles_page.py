"""The page Doubles, without a browser: pairs decided by a curator, put in together, and taken back."""

import pytest
from opening import open_page
from test_import_page import check, fill, upload

from opinion.agency import audits
from opinion.agency.stores import shared_store
from opinion.centres import shared
from opinion.centres.decisions import read_revisions
from opinion.centres.doubles.drafts import DraftDoubles
from opinion.centres.doubles.queues import read_proposals
from opinion.centres.filters import parameters
from opinion.centres.inputs import DECISIONS, inputs_in
from opinion.centres.shared import shared_catalogue
from opinion.texts.translations import translator_for
from opinion.ui.doubles_table import pair_html
from opinion.ui.doubles_words import draft_words, meaning_labels, reasons

T = translator_for("en")


@pytest.fixture
def var(tmp_path, monkeypatch, work_as):
    """A folder of packed files of this test's own, and a curator who is signed in."""
    shared_catalogue()  # packs once for all tests what is copied here
    from opinion.centres.inputs import default_folder

    for name in ("centres.parquet", "centres_facts.sqlite"):
        (tmp_path / name).write_bytes((default_folder() / name).read_bytes())
    monkeypatch.setenv("OPINION_VAR", str(tmp_path))
    work_as("curator")
    yield tmp_path
    monkeypatch.undo()
    shared._loaded.cache_clear()
    parameters.cache_clear()


def said(app):
    parts = (app.markdown, app.info, app.error, app.success, app.subheader, app.caption)
    return "\n".join(element.value for part in parts for element in part)


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def history(var):
    return read_revisions([var / DECISIONS] if (var / DECISIONS).exists() else []).history


def shown(app):
    """The ids of the pair that is asked about."""
    return next(each.key for each in app.text_input if each.key.startswith("doubles_note_"))


def test_a_pair_is_shown_with_why_and_both_sides(var):
    app = open_page("doubles")
    assert "Are these two one centre?" in said(app) and "of 100**" in said(app)
    assert not history(var)
    assert app.button(key="doubles_answer_0").label == "One centre: keep A"


def test_decisions_wait_are_put_in_together_and_are_taken_back(var):
    before = shared_catalogue().size
    app = open_page("doubles")
    first = read_proposals(inputs_in())[0]
    pair = shown(app)
    press(app, "doubles_answer_0")
    assert "1 decision waits" in said(app) and shown(app) != pair and not history(var)
    press(app, "doubles_answer_2")
    assert "2 decisions wait" in said(app)
    press(app, "doubles_back")
    assert "1 decision waits" in said(app)
    press(app, "doubles_answer_2")
    press(app, "doubles_put_in")
    merge, apart = history(var)
    assert (merge.kind, {merge.centre_id, merge.other_id}) == ("merge", set(first.pair)) and apart.kind == "apart"
    assert "2 decisions were put in." in said(app) and shared_catalogue().size == before - 1
    acts = [audits.lines_of(shared_store(), each.centre_id)[-1][2] for each in (merge, apart)]
    assert acts == ["centres_merged", "centres_kept_apart"]

    app.session_state["fold_doubles_history"] = True
    app.run()
    press(app, f"doubles_undo_{merge.id}")
    press(app, "doubles_put_in")
    assert history(var)[-1].undoes == merge.id and shared_catalogue().size == before
    assert first.pair in {each.pair for each in read_proposals(inputs_in())}  # to be decided again


def test_either_of_two_can_be_kept_and_a_pair_put_off_comes_last(var):
    app = open_page("doubles")
    pair = shown(app)
    press(app, "doubles_later_button")
    assert shown(app) != pair and "waits" not in said(app)
    first = read_proposals(inputs_in())[1]
    app.text_input(key=shown(app)).set_value("one phone number").run()
    press(app, "doubles_answer_1")
    (waiting,) = app.session_state["doubles_waiting"]
    assert (waiting.centre_id, waiting.other_id, waiting.note) == (first.other_id, first.kept_id, "one phone number")


def test_only_pairs_of_a_country_and_a_source_are_asked(var):
    app = open_page("doubles")
    app.selectbox(key="doubles_country").set_value("CH").run()
    app.selectbox(key="doubles_source").set_value("bag").run()
    pairs = [each for each in read_proposals(inputs_in()) if each.country_code == "CH" and "bag" in each.registers]
    assert pairs and f"Pairs to decide here: {len(pairs)}." in said(app)
    assert pairs[0].kept_id in shown(app)


def test_reasons_say_what_speaks_for_and_against():
    found = {}
    for pair in read_proposals(inputs_in()):
        for_one, against = reasons(pair, T)
        found |= {sentence.split(":")[0]: True for sentence in (*for_one, *against)}
        if pair.told_apart:
            assert any(sentence.startswith("Only one name has") for sentence in against)
        assert any("apart" in sentence or "not known" in sentence for sentence in (*for_one, *against))
    assert {"One website", "One register lists both", "Beds"} <= set(found)


def test_every_meaning_has_words():
    from opinion.centres.doubles.settings import read_settings

    assert set(read_settings().told_apart) <= set(meaning_labels(T))


def test_the_table_says_in_words_what_differs():
    catalogue = shared_catalogue()
    one, other = "bag:AG:000", "bag:AG:001"
    html = pair_html(("A<b>", "B"), (catalogue.facts(one), catalogue.facts(other)), T)
    assert "A&lt;b&gt;" in html and "Differs" in html and "The same" in html
    assert '<tr class="same"><th scope="row">Country<br><strong>The same<' in html
    assert '<tr class="differs"><th scope="row">Name<br><strong>Differs<' in html and "km apart" in html


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_only_curators_decide(work_as, role):
    work_as(role)
    app = open_page("doubles")
    assert "Are these two one centre?" not in said(app) and not app.button


def test_an_import_says_before_what_is_there_already(var):
    text = "id;name;city;country;lat;lon\n1;Kantonsspital Aarau;Aarau;CH;47.3876;8.0580\n2;Invented Two;Graz;AT;;\n"
    app = check(fill(upload("list.csv", text.encode())))
    assert "1 centre of the list looks like one that is there already." in said(app)
    assert "decide on the page “Doubles”" in said(app)


def test_a_list_that_is_there_already_is_named_before_its_next_version_goes_in():
    titles = {"list-old": "Invented list of May", "list-other": "Another"}
    most = draft_words(DraftDoubles(2, 2, 0, {"list-old": 2, "bag": 1}, ()), titles, T)
    assert "Most of them came with the list “Invented list of May”." in most and "Another" not in most
    few = draft_words(DraftDoubles(3, 0, 0, {"list-old": 1, "bag": 2}, ()), titles, T)
    assert "Most of them" not in few and "3 centres of the list look like ones that are there already." in few
