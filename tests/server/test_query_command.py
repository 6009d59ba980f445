"""``python -m opinion centres query``: the API's answer from a terminal."""

import csv
import io
import json

import pytest

from opinion.__main__ import main

QUERY = "area=oncology&equipment=proton_therapy&country=US,JP"


def asked(capsys, *arguments: str) -> str:
    assert main(["centres", "query", *arguments]) == 0
    return capsys.readouterr().out


def test_json_is_the_record_of_the_api(capsys, client):
    printed = json.loads(asked(capsys, f"?{QUERY}", "--format", "json", "--limit", "5", "--facets"))
    answer = client.get(f"/api/v1/centres?{QUERY}&page_size=5&facets=1").json()
    del answer["links"]
    assert printed == answer and printed["count"] > 5


def test_csv_is_that_of_the_api(capsys, client):
    printed = list(csv.reader(io.StringIO(asked(capsys, QUERY, "--format", "csv"))))
    answer = client.get(f"/api/v1/centres?{QUERY}&format=csv").content.decode("utf-8-sig")
    assert printed == list(csv.reader(io.StringIO(answer)))


def test_the_table_names_centres_counts_and_sources(capsys, client):
    printed = asked(capsys, QUERY, "--limit", "3", "--facets")
    answer = client.get(f"/api/v1/centres?{QUERY}&page_size=3").json()
    assert all(centre["id"][:24] in printed for centre in answer["centres"])
    assert f"{answer['count']} centres, 3 shown" in printed and answer["note"] in printed
    assert all(source["publisher"] in printed and source["licence"] in printed for source in answer["sources"])
    assert "not known of" in printed and "\ncountry\n" in printed


def test_without_a_query_it_lists_everything(capsys, catalogue):
    assert json.loads(asked(capsys, "--format", "json", "--limit", "1"))["count"] == catalogue.size


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["area=oncologie"], ("area", "oncologie", "'oncology'")),
        (["arae=x&country=ZZZ"], ("arae", "'area'", "country")),
        ([QUERY, "--limit", "0"], ("--limit",)),
        ([QUERY, "--format", "csv", "--facets"], ("--facets", "JSON")),
    ],
)
def test_every_fault_is_said(capsys, arguments, words):
    assert main(["centres", "query", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == "" and all(word in said.err for word in words)
