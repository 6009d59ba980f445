"""What is installed: every line pinned, everything that it needs there and fitting, and under a licence that we accept.

Nothing is asked of the network; known faults of libraries are for who updates the pins to look up.
"""

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements.txt", "requirements-dev.txt")
ACCEPTED = {
    "0bsd", "3-clause bsd license", "apache license 2.0", "apache software license", "apache-2.0", "bsd license",
    "bsd-2-clause", "bsd-3-clause", "cc0-1.0", "isc license (iscl)", "mit", "mit license", "mit-0", "mit-cmu",
    "mozilla public license 2.0 (mpl 2.0)", "mpl-2.0", "psf-2.0", "python software foundation license", "zlib",
}  # fmt: skip
BY_NAME = {
    "psycopg": "lgpl-3.0-only",  # used as a library, unchanged
    "psycopg-binary": "lgpl-3.0-only",
    "axe-playwright-python": "",  # states none in its metadata; the file in it is the MIT licence. For tests only
}


def requirements(name: str) -> list[tuple[str, Requirement]]:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text("utf-8").splitlines()]
    return [(line, Requirement(line)) for line in lines if line and not line.startswith("-r ")]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, metadata.Distribution]:
    """Return everything that the requirements need, by name, after checking that it is there and fits."""
    found: dict[str, metadata.Distribution] = {}
    done, wanted = set(), [(each, file) for file in FILES for _, each in requirements(file)]
    while wanted:
        asked, by = wanted.pop()
        key = (plain(asked.name), tuple(sorted(asked.extras)))
        if asked.marker and not asked.marker.evaluate({"extra": ""}):
            continue
        there = found.setdefault(key[0], metadata.distribution(asked.name))
        assert asked.specifier.contains(there.version, prereleases=True), f"{by}: {asked}, but {there.version} is there"
        if key in done:
            continue
        done.add(key)
        for line in there.requires or []:
            needed = Requirement(line)
            if needed.marker and any(needed.marker.evaluate({"extra": extra}) for extra in ("", *asked.extras)):
                needed.marker = None
            wanted.append((needed, asked.name))
    return found


def licences_of(there: metadata.Distribution) -> set[str]:
    """Return what the metadata says: the expression, else the classifiers, else the first line of the text."""
    stated = there.metadata.get("License-Expression")
    if stated:
        return {part.strip(" ()").lower() for part in re.split(r"\b(?:AND|OR)\b", stated)}
    classifiers = [each for each in there.metadata.get_all("Classifier") or [] if each.startswith("License :: ")]
    named = {each.split(" :: ")[-1].lower() for each in classifiers} - {"osi approved"}
    return named or {(there.metadata.get("License") or "").split("\n")[0].strip().lower()}


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_pinned(name):
    assert [line for line, each in requirements(name) if not re.fullmatch(r"==[\w.]+", str(each.specifier))] == []


def test_every_line_says_why_and_under_which_licence():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()[1:]
    assert [line for line in lines if not re.search(r"# .+\(.+\)$", line)] == []


def test_everything_needed_is_there_and_fits():
    assert len(installed()) > 60


def test_every_licence_is_accepted():
    faults = {}
    for name, there in installed().items():
        stated = licences_of(there)
        if not stated <= ({BY_NAME[name]} if name in BY_NAME else ACCEPTED):
            faults[name] = stated
    assert faults == {}


def test_the_check_can_fail(monkeypatch):
    monkeypatch.setattr("test_dependencies.requirements", lambda name: [("", Requirement("pytest==0.1"))], raising=True)
    with pytest.raises(AssertionError, match="is there"):
        installed()
    assert not licences_of(metadata.distribution("psycopg")) <= ACCEPTED
