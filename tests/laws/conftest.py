"""Counts what the laws were checked on, prints it, and compares it with ``counts.json``, which the rule book shows.

After a change of the laws or of the guidance write that file anew, on the whole folder:
``python -m pytest tests/laws --write-law-counts``
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from opinion.guidance.contents import load_guidance

COUNTED = "counted by the laws: "
COUNTS = Path(__file__).with_name("counts.json")
WRITE = "--write-law-counts"


def pytest_addoption(parser):
    """Add the option that stores the counts."""
    parser.addoption(WRITE, action="store_true", help="store what the laws were checked on, for the rule book")


@pytest.fixture(scope="session")
def guidance():
    """The guidance as shipped."""
    return load_guidance()


@pytest.fixture(scope="session")
def stored_counts():
    """What each test counted when the file was written; nothing while it is being written."""
    return json.loads(COUNTS.read_text("utf-8")) if COUNTS.exists() else {}


@pytest.fixture
def counted(request, record_property, stored_counts):
    """Adds to a total that is printed after the run; the test fails if the stored counts are not what it counted."""
    counter = Counter()
    yield counter
    for what, number in counter.items():
        record_property(COUNTED + what, number)
    if not request.config.getoption(WRITE, False):
        stored = stored_counts.get(request.node.nodeid, {})
        assert dict(counter) == stored, f"counts.json is not current. Run: python -m pytest tests/laws {WRITE}"


def counts_by_test(terminalreporter):
    """Return what each test counted in this run, also when several processes shared the work."""
    counts = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, number in getattr(report, "user_properties", ()):
                if getattr(report, "when", "") == "teardown" and name.startswith(COUNTED):
                    counts.setdefault(report.nodeid, {})[name.removeprefix(COUNTED)] = number
    return counts


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Print the totals, one line each, and store the counts if that was asked and every law held."""
    counts = counts_by_test(terminalreporter)
    totals = sum(map(Counter, counts.values()), Counter())
    if totals:
        terminalreporter.section("laws")
        for what, number in sorted(totals.items()):
            terminalreporter.write_line(f"{number:>9,}  {what}")
    if config.getoption(WRITE, False) and exitstatus == pytest.ExitCode.OK:
        COUNTS.write_text(json.dumps(counts, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
        terminalreporter.write_line(f"{COUNTS.name}: {len(counts)} tests")
