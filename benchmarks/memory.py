"""Memory of the server: at the start, with fifty visitors, and over many reruns, which must stay flat."""

from benchmarks.goals import Goals
from benchmarks.pages import ANSWER, FILTERED, HALF
from benchmarks.servers import app
from benchmarks.visitors import Journey, visit


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and missed goals."""
    goals, half = Goals(), Journey("/", ANSWER, HALF)
    per_round = 300 if quick else 2_500
    with app() as server:
        goals.add("at the start", f"{server.memory_mb():.0f} MiB")
        visit(server.address, half, visitors=1, reruns=3)
        goals.add("after one self-check", f"{server.memory_mb():.0f} MiB")
        visit(server.address, FILTERED, visitors=1, reruns=3)
        goals.add("after one visit to the centres (catalogue loaded)", f"{server.memory_mb():.0f} MiB")
        visit(server.address, half, visitors=50, reruns=2, think=0.5)
        goals.add("after 50 visitors at once", f"{server.memory_mb():.0f} MiB")
        sizes = []
        for _ in range(4):  # 10 visitors at once, half of them among the centres
            for journey in (half, FILTERED):
                visit(server.address, journey, visitors=10, reruns=per_round // 20, think=0.001)
            sizes.append(server.memory_mb())
        reruns = 4 * per_round
        words = " → ".join(f"{size:.0f}" for size in sizes)
        goals.add(f"over {reruns:,} reruns, at each quarter", f"{words} MiB")
        # Flat: the second half of the reruns adds next to nothing to what the first half left.
        goals.add("growth from half-way to the end", f"{sizes[3] - sizes[1]:+.0f} MiB", sizes[3] / sizes[1], 1.05)
    return "Memory", goals.table(), goals.missed
