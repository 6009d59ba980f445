"""A table row with a goal, and what is said when the goal is missed."""

from dataclasses import dataclass, field


@dataclass
class Goals:
    """Collects rows of a Markdown table: what, measured, goal; ``missed`` names the goals that are not met."""

    rows: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, what: str, measured: str, ratio: float | None = None, goal: float | None = None) -> None:
        """Add a row; with ``ratio`` and ``goal`` the ratio may not be above the goal."""
        met = "" if goal is None or ratio is None else "met" if ratio <= goal else "**missed**"
        shown = "" if ratio is None else f"{ratio:.2f} ×"
        wanted = "" if goal is None else f"≤ {goal:g} ×"
        self.rows.append(f"| {what} | {measured} | {shown} | {wanted} | {met} |")
        if met == "**missed**":
            self.missed.append(f"{what}: {shown}, goal {wanted}")

    def table(self) -> str:
        """Return the table."""
        return "\n".join(["| what | measured | ratio | goal | |", "|---|---|---|---|---|", *self.rows])
