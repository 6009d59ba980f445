"""Measures everything that has a goal, side by side in one run, and writes ``docs/benchmarks.md``.

``python -m benchmarks`` takes about twenty-five minutes on two cores. A name (``facets``, ``pages``, …) measures that
part only, and writes its section anew; every section says when it was measured. ``crashes``, ``load`` and ``imports``
are measured only when they are named. ``quick`` measures shorter and only prints.
"""

import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

from benchmarks import crashes, documents, facets, first_load, guidance, imports, load, matching, memory, pages
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
ON_REQUEST = {"crashes": crashes, "load": load, "imports": imports}
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
    """Return the sections of a document by title."""
    parts = document.split("\n## ")[1:]
    return {part.split("\n", 1)[0]: part.split("\n", 1)[1].strip() for part in parts}


def write_sections(document: Path, head: str, sections: dict[str, str]) -> None:
    """Write a document: what stands before the first section, and the sections."""
    document.write_text(head + "".join(f"\n## {title}\n\n{body}\n" for title, body in sections.items()), "utf-8")


def main() -> int:
    """Measure, print, and write the documents unless asked to be quick; 1 if a goal is missed."""
    quick = "quick" in sys.argv[1:]
    named = set(sys.argv[1:]) - {"quick"}
    known = PARTS | ON_REQUEST
    if named - set(known):
        raise SystemExit(f"no part {sorted(named - set(known))}; there are {sorted(known)}")
    missed = []
    for name in [name for name in known if name in (named or PARTS)]:
        title, body, goals = known[name].measure(quick)
        body = f"{machine()}\n{body.strip()}"
        print(f"\n## {title}\n\n{body}\n", flush=True)
        missed += goals
        if not quick:
            document = crashes.DOCUMENT if name == "crashes" else TARGET
            text = document.read_text("utf-8") if document.exists() else ""
            head = HEAD if document == TARGET else text.split("\n## ")[0]
            write_sections(document, head, {**sections_of(text), title: body})
    print("\n".join(f"MISSED: {goal}" for goal in missed) or "every goal is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
