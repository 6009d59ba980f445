"""Measures everything that has a goal, side by side in one run, and writes ``docs/benchmarks.md``.

``python -m benchmarks`` takes about fifteen minutes on two cores. ``python -m benchmarks quick`` measures shorter and
prints instead of writing; a name (``facets``, ``pages``, …) measures that part only, and prints too.
"""

import platform
import subprocess
import sys
from datetime import date

from benchmarks import facets, first_load, guidance, memory, pages
from benchmarks.servers import ROOT

PARTS = (pages, first_load, guidance, facets, memory)
TARGET = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make benchmarks`; never edited by hand. Ratios hold from machine to machine, times do not. The trivial page
is a title, a slider and a line of text, on the same settings, in the same run, in turns. "p50" and "p95" are the
latencies below which 50 and 95 of 100 reruns lie, from the request sent to the run finished.

"""


def machine() -> str:
    """Describe the machine and the versions, without its name."""
    cores = subprocess.run(["nproc"], capture_output=True, text=True).stdout.strip() or "?"
    with open("/proc/cpuinfo") as info:  # noqa: PTH123 - not a path of ours
        models = {line.split(":", 1)[1].strip() for line in info if line.startswith("model name")}
    import streamlit  # only to name its version

    return (
        f"Measured on {date.today().isoformat()}: {cores} cores ({', '.join(sorted(models))}), "
        f"Python {platform.python_version()}, Streamlit {streamlit.__version__}, {platform.system()}.\n"
    )


def main() -> int:
    """Measure, print, and write the document unless asked to be quick; 1 if a goal is missed."""
    quick = "quick" in sys.argv[1:]
    named = set(sys.argv[1:]) - {"quick"}
    parts = [part for part in PARTS if not named or part.__name__.rsplit(".", 1)[1] in named]
    sections = [part.measure(quick) for part in parts]
    text = HEAD + machine() + "".join(f"\n## {title}\n\n{body}\n" for title, body, _ in sections)
    print(text)
    if not quick and not named:
        TARGET.write_text(text, "utf-8")
    missed = [goal for _, _, goals in sections for goal in goals]
    print("\n".join(f"MISSED: {goal}" for goal in missed) or "every goal is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
