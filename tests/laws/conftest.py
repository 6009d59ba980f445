"""Counts what the laws were checked on and prints it at the end."""

from collections import Counter

import pytest

from opinion.guidance.contents import load_guidance

COUNTED = "counted by the laws: "


@pytest.fixture(scope="session")
def guidance():
    """The guidance as shipped."""
    return load_guidance()


@pytest.fixture
def counted(record_property):
    """Adds to a total that is printed after the run, also when several processes share the work."""
    counter = Counter()
    yield counter
    for what, number in counter.items():
        record_property(COUNTED + what, number)


def pytest_terminal_summary(terminalreporter):
    """Print the totals, one line each."""
    totals = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, number in getattr(report, "user_properties", ()):
                if getattr(report, "when", "") == "teardown" and name.startswith(COUNTED):
                    totals[name.removeprefix(COUNTED)] += number
    if totals:
        terminalreporter.section("laws")
        for what, number in sorted(totals.items()):
            terminalreporter.write_line(f"{number:>9,}  {what}")
