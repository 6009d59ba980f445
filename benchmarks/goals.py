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

    def add_faster(self, what: str, measured: str, times: float, goal: float | None = None) -> None:
        """Add a row of something that ours is to be ``times`` faster than, at least ``goal`` times."""
        met = "" if goal is None else "met" if times >= goal else "**missed**"
        wanted = "" if goal is None else f"≥ {goal:g} ×"
        self.rows.append(f"| {what} | {measured} | {times:.1f} × | {wanted} | {met} |")
        if met == "**missed**":
            self.missed.append(f"{what}: {times:.1f} ×, goal {wanted}")

    def add_at_most(self, what: str, measured: float, most: float, unit: str) -> None:
        """Add a row of a quantity with a limit."""
        met = "met" if measured <= most else "**missed**"
        self.rows.append(f"| {what} | {measured:.0f} {unit} | | ≤ {most:g} | {met} |")
        if met == "**missed**":
            self.missed.append(f"{what}: {measured:.0f} {unit}, goal ≤ {most:g}")

    def table(self) -> str:
        """Return the table."""
        return "\n".join(["| what | measured | ratio | goal | |", "|---|---|---|---|---|", *self.rows])
