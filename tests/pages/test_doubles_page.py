"""The page Doubles, without a browser: pairs decided by a curator, put in together, and taken back."""

import re
from collections import Counter

import pytest
from opening import open_app, open_page
from test_import_page import check, fill, upload

from opinion.agency import audits
from opinion.agency.stores import shared_store
from opinion.centres.decisions import read_revisions, revisions
from opinion.centres.doubles.drafts import DraftDoubles
from opinion.centres.doubles.judgements import judge
from opinion.centres.doubles.queues import decide_pair, gone_along, read_proposals, undecided
from opinion.centres.fact_database import Fact
from opinion.centres.inputs import DECISIONS, inputs_in
from opinion.centres.shared import shared_catalogue
from opinion.centres.waiting_decisions import add_waiting, read_waiting
from opinion.texts.translations import translator_for
from opinion.ui import doubles_view, sign_in
from opinion.ui.doubles_table import pair_html
from opinion.ui.doubles_words import country_of, draft_words, meaning_labels, reasons

T = translator_for("en")


@pytest.fixture
def var(var, work_as):
    """A folder of packed files of this test's own, and a curator who is signed in."""
    work_as("curator")
    return var


def said(app):
    parts = (app.markdown, app.info, app.error, app.success, app.subheader, app.caption)
    return "\n".join(element.value for part in parts for element in part).replace("\\", "")  # as it is read


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


def waiting(var):
    return [each.decision for each in read_waiting(var)]


def test_decisions_wait_are_put_in_together_and_are_taken_back(var):
    before = shared_catalogue().size
    app = open_page("doubles")
    first = read_proposals(inputs_in())[0]
    pair = shown(app)
    assert app.button(key="doubles_put_in").disabled and app.button(key="doubles_back").disabled
    press(app, "doubles_answer_0")
    assert app.button(key="doubles_put_in").label == "Put in 1 decision" and shown(app) != pair and not history(var)
    assert "You decided: one centre: " in said(app) and first.other_id in said(app)
    press(app, "doubles_answer_2")
    assert app.button(key="doubles_put_in").label == "Put in 2 decisions"
    after = shown(app)
    press(app, "doubles_back")
    assert app.button(key="doubles_put_in").label == "Put in 1 decision" and shown(app) != after
    press(app, "doubles_answer_2")
    press(app, "doubles_put_in")
    merge, apart = history(var)
    assert (merge.kind, {merge.centre_id, merge.other_id}) == ("merge", set(first.pair)) and apart.kind == "apart"
    assert "2 decisions were put in." in said(app) and shared_catalogue().size == before - 1 and not waiting(var)
    acts = [audits.lines_of(shared_store(), each.centre_id)[-1][1:] for each in (merge, apart)]
    assert acts == [(f"account:{merge.by}", "centres_merged"), (f"account:{merge.by}", "centres_kept_apart")]

    app.session_state["fold_doubles_history"] = True
    app.run()
    press(app, f"doubles_undo_{merge.id}")
    assert "Is taken back when it is put in: one centre" in said(app)
    assert "It counts when it is put in: then the pair is asked about again." in said(app)
    assert app.button(key="doubles_back").label == "Bring it back"
    app.session_state["fold_doubles_waiting"] = True
    app.run()
    assert not app.exception and "taken back: one centre" in said(app)  # it stands in both lists
    press(app, "doubles_put_in")
    assert history(var)[-1].undoes == merge.id and shared_catalogue().size == before
    assert first.pair in {each.pair for each in read_proposals(inputs_in())}  # to be decided again


def test_a_reload_loses_nothing(var):
    app = open_page("doubles")
    pair = shown(app)
    press(app, "doubles_answer_2")
    again = open_page("doubles")
    assert again.button(key="doubles_put_in").label == "Put in 1 decision" and shown(again) != pair
    assert "You decided: two centres: " in said(again)
    press(again, "doubles_back")
    assert shown(again) == pair and not waiting(var)


def test_two_curators_do_not_decide_one_pair_twice(var, work_as, monkeypatch):
    first = work_as("curator")
    carla = open_page("doubles")
    second = work_as("curator").account.name
    dora = open_page("doubles")
    pair = shown(dora)
    assert shown(carla) == pair
    press(dora, "doubles_answer_2")
    (apart,) = waiting(var)
    monkeypatch.setattr(sign_in, "visitors_token", lambda: first.token)
    press(carla, "doubles_answer_0")  # a click on the pair that dora has decided meanwhile
    assert waiting(var) == [apart] and shown(carla) != pair
    assert f"{second} has decided the pair before meanwhile: two centres" in said(carla)
    assert carla.button(key="doubles_back").disabled  # another one's is not hers to take back
    carla.session_state["fold_doubles_waiting"] = True
    carla.run()
    assert not [each.key for each in carla.button if each.key.startswith("doubles_wait_")]
    press(carla, "doubles_put_in")
    assert history(var) == (apart,) and apart.by == second
    assert audits.lines_of(shared_store(), apart.centre_id)[-1][1:] == (f"account:{second}", "centres_kept_apart")
    assert audits.lines_of(shared_store(), apart.id)[-1][2] == "decision_put_in"


def test_either_of_two_can_be_kept_and_a_pair_put_off_comes_last(var):
    app = open_page("doubles")
    pair = shown(app)
    press(app, "doubles_later_button")
    assert shown(app) != pair and "Put off, comes last: " in said(app) and not waiting(var)
    press(app, "doubles_back")
    assert shown(app) == pair
    press(app, "doubles_later_button")
    first = read_proposals(inputs_in())[1]
    app.text_input(key=shown(app)).set_value("one phone number").run()
    press(app, "doubles_answer_1")
    (merge,) = waiting(var)
    assert (merge.centre_id, merge.other_id, merge.note) == (first.other_id, first.kept_id, "one phone number")


def test_what_ships_is_always_a_and_an_import_b(var, monkeypatch):
    pair = read_proposals(inputs_in())[0]
    app = open_page("doubles")
    assert shown(app) == f"doubles_note_{pair.kept_id}_{pair.other_id}"
    one = pair.kept_id.partition(":")[0]
    monkeypatch.setattr(doubles_view, "lists_in", lambda inputs: (one,))
    app = open_page("doubles")
    assert shown(app) == f"doubles_note_{pair.other_id}_{pair.kept_id}"
    press(app, "doubles_answer_0")
    (merge,) = waiting(var)
    assert (merge.centre_id, merge.other_id) == (pair.other_id, pair.kept_id), "A is kept, as the button says"


def test_pairs_that_went_with_a_merge_are_counted(var):
    proposals = read_proposals(inputs_in())
    often = Counter(id_ for each in proposals for id_ in each.pair)
    known = read_revisions(inputs_in().decisions)
    for each in proposals:  # two that share a third
        made = [decide_pair(each, "carla", each.kept_id)]
        if often[each.other_id] < 2 or often[each.kept_id] < 2:
            continue
        after = revisions((*known.history, *made))
        if gone := gone_along(proposals, undecided(proposals, after), made, after):
            break
    register = gone[0].registers[0]
    add_waiting(var, made, "carla")
    app = open_page("doubles")
    app.selectbox(key="doubles_source").set_value(register).run()
    went = sum(register in other.registers for other in gone)
    assert f"{went} more pair" in said(app) and "went with these decisions" in said(app)
    here = [other for other in undecided(proposals, after) if register in other.registers]
    own = {id_ for other in here for id_ in other.listed_ids if id_.startswith(f"{register}:")}
    assert f"Pairs to decide here: {len(here):,}," in said(app)
    assert f"They are about {len(own):,} centres of this source." in said(app)
    press(app, "doubles_put_in")
    assert f"1 decision was put in. {len(gone)} more pair" in app.success[0].value


def test_only_pairs_of_a_country_and_a_source_are_asked(var):
    app = open_page("doubles")
    app.selectbox(key="doubles_country").set_value("CH").run()
    app.selectbox(key="doubles_source").set_value("bag").run()
    pairs = [each for each in read_proposals(inputs_in()) if each.country_code == "CH" and "bag" in each.registers]
    assert pairs and f"Pairs to decide here: {len(pairs)}," in said(app)
    assert pairs[0].kept_id in shown(app)
    assert app.query_params == {"country": "CH", "source": "bag"}  # a reload keeps them


def test_what_was_decided_is_that_of_the_country_and_source_above(var):
    standing = [each for each in read_revisions(inputs_in().decisions).standing if each.kind in ("merge", "apart")]
    app = open_page("doubles")
    app.session_state["fold_doubles_history"] = True
    app.run()
    assert f"20 of {len(standing):,}" in said(app)
    app.selectbox(key="doubles_source").set_value("es").run()
    of_source = [each for each in standing if f"{each.centre_id} {each.other_id}".count("es:")]
    assert 0 < len(of_source) < len(standing) and f" of {len(of_source):,}" in said(app)
    assert "Only of the country and source that are chosen above." in said(app)
    app.selectbox(key="doubles_source").set_value("").run()
    app.selectbox(key="doubles_country").set_value("US").run()
    catalogue = shared_catalogue()
    there = [each for each in standing if country_of(catalogue, each.centre_id) == "US"]
    assert 0 < len(there) < len(standing) and f" of {len(there):,}" in said(app)


def test_an_address_leads_to_the_pairs_of_a_source(var):
    app = open_app()
    app.query_params["source"] = "es"
    app.switch_page("../../pages/doubles.py").run()
    assert app.selectbox(key="doubles_source").value == "es" and "es:" in shown(app)
    app = open_app()
    app.query_params["source"] = "no such"
    app.switch_page("../../pages/doubles.py").run()
    assert app.selectbox(key="doubles_source").value == "" and shown(app)


def test_filters_stay_when_their_last_pair_is_decided(var):
    left = Counter((each.country_code, each.registers) for each in read_proposals(inputs_in()))
    (country, registers), _ = next(item for item in left.items() if item[1] == 1 and item[0][0] != "US")
    app = open_page("doubles")
    app.selectbox(key="doubles_country").set_value(country).run()
    app.selectbox(key="doubles_source").set_value(registers[0]).run()
    for _ in range(60):
        if not app.text_input or not any(each.key.startswith("doubles_note_") for each in app.text_input):
            break
        press(app, "doubles_answer_2")
    assert app.selectbox(key="doubles_country").value == country
    assert "No pair is left for this country and source." in said(app) and "You decided: " in said(app)
    press(app, "doubles_show_all")
    assert app.selectbox(key="doubles_country").value == "" and shown(app)


def test_what_is_clear_cut_can_be_merged_at_once_and_taken_back(var):
    clear = [each for each in read_proposals(inputs_in()) if each.is_clear]
    app = open_page("doubles")
    app.session_state["fold_doubles_clear"] = True
    app.run()
    press(app, "doubles_clear_all")
    assert len(waiting(var)) == len(clear) > 0 and all(each.by.startswith("rule:") for each in waiting(var))
    press(app, "doubles_back")
    assert len(waiting(var)) == len(clear) - 1


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


def table_of(pair):
    """Class and word of each row of a pair's table, by the name of the field."""
    catalogue = shared_catalogue()
    facts = (catalogue.facts(pair.kept_id), catalogue.facts(pair.other_id))
    html = pair_html(("A<b>", "B"), facts, pair, judge(pair), T)
    assert "A&lt;b&gt;" in html
    rows = re.findall(r'<tr class="(\w+)"><th scope="row">([^<]+)<br><strong>([^<]+)<', html)
    return {field: (kind, word) for kind, field, word in rows}


def test_the_table_says_what_the_reasons_say():
    seen = Counter()
    words = {"Beds": "Beds:", "Website": "website", "Place on the map": "apart", "Name": "Names "}
    for pair in read_proposals(inputs_in())[:400]:
        for_one, against = reasons(pair, T)
        for field, (kind, _) in table_of(pair).items():
            if field not in words or kind not in ("same", "differs"):
                continue
            if any(words[field] in each for each in for_one):
                assert kind == "same", (pair, field)
                seen[field, "for"] += 1
            if any(words[field] in each for each in against):
                assert kind == "differs", (pair, field)
                seen[field, "against"] += 1
    assert len(seen) >= 7 and seen["Beds", "for"] and seen["Beds", "against"], seen


def test_a_town_in_two_languages_is_one():
    pairs = {each.pair: each for each in read_proposals(inputs_in())}
    catalogue = shared_catalogue()
    towns = catalogue.table.column("city").to_pylist()
    found = [
        each for each in pairs.values()
        if {towns[catalogue.row_of(id_)] for id_ in each.pair} in ({"Milano", "Milan"}, {"Roma", "Rome"})
    ]  # fmt: skip
    assert found and {table_of(each)["Town"] for each in found} == {("same", "The same town")}


def test_what_is_not_known_is_no_difference_and_what_is_implied_is_marked():
    pair = read_proposals(inputs_in())[0]

    def machine(item, sure):
        return Fact("equipment", item, None, sure, "x", "X", "", "", "", "2026", "", "")

    one, other = [machine("pet_ct", "stated"), machine("pet", "implied")], [machine("mri", "stated")]
    html = pair_html(("A", "B"), (one, other), pair, {}, T)
    assert '<tr class="other"><th scope="row">Equipment<br><strong>Each names others<' in html
    assert html.count("(implied)") == 1 and "Differs" not in html


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
    most = draft_words(DraftDoubles(2, 2, 0, 0, {"list-old": 2, "bag": 1}, ()), titles, T)
    assert "Most of them came with the list “Invented list of May”." in most and "Another" not in most
    few = draft_words(DraftDoubles(3, 0, 0, 12, {"list-old": 1, "bag": 2}, ()), titles, T)
    assert "Most of them" not in few and "3 centres of the list look like ones that are there already." in few
    assert "12 centres have names and places that very many others have, and were not compared." in few
