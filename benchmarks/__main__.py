"""Measures everything that has a goal, side by side in one run, and writes ``docs/benchmarks.md``.

``python -m benchmarks`` takes about twenty-five minutes on two cores. A name (``facets``, ``pages``, …) measures that
part only, and writes its section anew; every section says when it was measured. ``quick`` measures shorter and only
prints.
"""

import platform
import subprocess
import sys
from datetime import date

from benchmarks import documents, facets, first_load, guidance, matching, memory, pages
from benchmarks.servers import ROOT

PARTS = {
    "pages": pages,
    "first_load": first_load,
    "guidance": guidance,
    "documents": documents,
    "facets": facets,
    "matching": matching,
    "memory": memory,
}
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


def sections_of(document: str) -> dict[str, str]:
    """Return the sections of a document as written here, by title."""
    parts = document.split("\n## ")[1:]
    return {part.split("\n", 1)[0]: part.split("\n", 1)[1].strip() for part in parts}


def main() -> int:
    """Measure, print, and write the document unless asked to be quick; 1 if a goal is missed."""
    quick = "quick" in sys.argv[1:]
    named = set(sys.argv[1:]) - {"quick"}
    unknown = named - set(PARTS)
    if unknown:
        raise SystemExit(f"no part {sorted(unknown)}; there are {sorted(PARTS)}")
    written = sections_of(TARGET.read_text("utf-8")) if TARGET.exists() else {}
    found, missed = {}, []
    for name, part in PARTS.items():
        if not named or name in named:
            title, body, goals = part.measure(quick)
            found[title] = f"{machine()}\n{body.strip()}"
            missed += goals
    sections = found if quick else {**written, **found} if named else found
    text = HEAD + "".join(f"\n## {title}\n\n{body}\n" for title, body in sections.items())
    print(text)
    if not quick:
        TARGET.write_text(text, "utf-8")
    print("\n".join(f"MISSED: {goal}" for goal in missed) or "every goal is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
