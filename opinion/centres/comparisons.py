"""Turns the ids of a few centres into a comparison: line by line what is known of each, how surely, and who says so.

Returns ids and numbers, never sentences. What no source states is unknown, never "no": where one centre is known to
have something and another is not, that is a line of its own kind (``partly``).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from opinion.centres.catalogues import CERTAINTIES, Catalogue
from opinion.centres.conflicts import Claim, best_first, read_conflict_rules
from opinion.centres.distances import distance_km
from opinion.centres.fact_database import Fact
from opinion.centres.focuses import FocusRules, read_focus_rules
from opinion.centres.inputs import TABLES
from opinion.centres.packing import ABOUT, AREA_BITS, DESIGNATION_BITS, EQUIPMENT_BITS
from opinion.centres.rowsets import is_in
from opinion.centres.towns import Town
from opinion.errors import CatalogueError
from opinion.vocabularies import broader_equipment, designations

FEWEST_COMPARED, MOST_COMPARED = 2, 4

KINDS = ("differs", "partly", "same", "unknown")
"""What a line says of the centres: they differ, it is known of some only, it is the same for all, known of none."""

Known = str | int | float | bool | None


@dataclass(frozen=True)
class Cell:
    """What is known of one centre in one line.

    ``known``: the value; the focus of a disease area; how surely there is some equipment; ``stated`` for a title;
    ``None`` if not known. ``certainty``: ``stated``, ``implied``, ``suggested`` or ``derived``; ``""`` if not known.
    ``count``: how many machines, ``None`` unknown. ``also``: what other sources, or older ones, state instead.
    ``facts``: what it rests on, newest first.
    """

    known: Known = None
    certainty: str = ""
    count: int | None = None
    also: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of a comparison: a cell for each centre.

    ``field`` is a field of a centre; ``item`` the disease area, equipment or title, ``""`` for other fields, and for
    these three if none is known of any centre.
    """

    field: str
    item: str
    cells: tuple[Cell, ...]

    @property
    def kind(self) -> str:
        """One of ``KINDS``. They differ if two known values do, or two known numbers of machines."""
        known = {cell.known for cell in self.cells}
        counts = {cell.count for cell in self.cells}
        if len(known - {None}) > 1 or len(counts - {None}) > 1:
            return "differs"
        if len(known) > 1 or len(counts) > 1:
            return "partly"
        return "unknown" if known == {None} else "same"

    @property
    def differs(self) -> bool:
        """Whether the cells are not all alike: they differ, or it is known of some only."""
        return self.kind in ("differs", "partly")


@dataclass(frozen=True)
class Comparison:
    """A few centres side by side.

    ``rows`` are theirs in the catalogue; ``lines`` are in the order of their fields; ``town`` is where distances are
    measured from, ``None`` without one.
    """

    centre_ids: tuple[str, ...]
    rows: tuple[int, ...]
    lines: tuple[Line, ...]
    town: Town | None = None

    def of_kind(self, kind: str) -> tuple[Line, ...]:
        """Return the lines of one of ``KINDS``, in order."""
        return tuple(line for line in self.lines if line.kind == kind)


def ids_in(text: str) -> list[str]:
    """Return the ids in a text that are joined by commas, as often as they stand there, unknown ones too.

    No id has a comma in it: the tables of the catalogue are held to that.
    """
    return [part.strip() for part in text.split(",") if part.strip()]


def is_known(catalogue: Catalogue, centre_id: str) -> bool:
    """Say whether there is a centre with this id."""
    try:
        catalogue.row_of(centre_id)
    except CatalogueError:
        return False
    return True


def compare(catalogue: Catalogue, centre_ids: Sequence[str], town: Town | None = None) -> Comparison:
    """Return centres side by side, in the order of their ids; with a ``town`` also how far each is from it.

    Raises ``CatalogueError`` if there is no such centre.
    """
    centres = [_Centre.of(catalogue, centre_id) for centre_id in centre_ids]
    lines: list[Line] = []

    def add(field: str, item: str, cells: Iterable[Cell]) -> None:
        lines.append(Line(field, item, tuple(cells)))

    # what a centre does comes first, where it is and who registers it last
    lines += _by_item("disease_areas", AREA_BITS, centres, _Centre.area)
    lines += _by_item("equipment", EQUIPMENT_BITS, centres, _Centre.item)
    lines += _by_item("designations", DESIGNATION_BITS, centres, _Centre.title)
    add("beds", "", (centre.beds() for centre in centres))
    add("teaching", "", (centre.teaching() for centre in centres))
    add("newest_year", "", (centre.newest_year() for centre in centres))
    for field in ("country_code", "region", "city"):
        add(field, "", (centre.stated(field) for centre in centres))
    if any(centre.named("nearest_city") for centre in centres):  # only where no source names the town
        add("nearest_city", "", (centre.stated("nearest_city") for centre in centres))
    if town is not None:
        add("distance_km", "", (centre.distance(town) for centre in centres))
    add("facility_type", "", (centre.stated("facility_type") for centre in centres))
    for field in ("website", "point"):
        add(field, "", (centre.stated(field) for centre in centres))
    return Comparison(tuple(centre_ids), tuple(centre.row for centre in centres), tuple(lines), town)


def _by_item(
    field: str, items: Iterable[str], centres: Sequence["_Centre"], cell_of: "Callable[[_Centre, str], Cell]"
) -> Iterator[Line]:
    """Yield a line for each item that is known of some centre; one without an item if none is."""
    found = False
    for item in items:
        cells = tuple(cell_of(centre, item) for centre in centres)
        if any(cell.known for cell in cells):
            found = True
            yield Line(field, item, cells)
    if not found:
        yield Line(field, "", tuple(Cell() for _ in centres))


@dataclass(frozen=True)
class _Centre:
    """One centre and its facts; each method gives the cell of a line."""

    catalogue: Catalogue
    row: int
    facts: list[Fact]
    focus: dict[str, str]

    @classmethod
    def of(cls, catalogue: Catalogue, centre_id: str) -> "_Centre":
        row = catalogue.row_of(centre_id)
        # the newest first, as far as texts of dates go: a release has no date, and says less than a year
        facts = sorted(catalogue.facts(centre_id), key=lambda fact: fact.source_date, reverse=True)
        facts.sort(key=lambda fact: not fact.source_date[:1].isdigit())
        return cls(catalogue, row, facts, catalogue.focus_of(row))

    def named(self, field: str, value: str = "") -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.field == field and (not value or fact.value == value))

    def stated(self, field: str) -> Cell:
        """Return the text that stands in the catalogue (a town as it is shown), or the fact's own."""
        facts = self.named(field)
        if not facts:
            return Cell()
        names = self.catalogue.table.column_names
        shown = str(self.catalogue.table.column(field)[self.row]) if field in names else ""
        return Cell(shown or facts[0].value, facts[0].certainty, facts=facts)

    def beds(self) -> Cell:
        beds, facts = int(self.catalogue.beds[self.row]), self.named("beds")
        others = dict.fromkeys(fact.value for fact in facts if fact.value != str(beds))
        return Cell(beds, "stated", also=tuple(others), facts=facts) if beds else Cell()

    def teaching(self) -> Cell:
        facts = self.named("teaching")
        return Cell(True, "stated", facts=facts) if facts else Cell()

    def title(self, id_: str) -> Cell:
        facts = self.named("designation", designations()[id_].value)
        return Cell("stated", "stated", facts=facts) if facts else Cell()

    def area(self, area: str) -> Cell:
        focus = self.focus.get(area)
        if focus is None:
            return Cell()
        certainty = "suggested" if focus == "suggested_by_name" else "stated"
        facts = tuple(fact for fact in self.named("disease_area", area) if fact.certainty == certainty)
        if focus == "designated":  # it is the programme that says so
            rules = _focus_rules().designations
            facts = tuple(fact for fact in self.named("designation") if area in rules.get(fact.value, ())) + facts
        return Cell(focus, certainty, facts=facts)

    def item(self, item: str) -> Cell:
        """Return how surely there is some equipment: the surest certainty, and the facts of that certainty."""
        row = np.array([self.row])
        for certainty in CERTAINTIES:
            if is_in(self.catalogue.equipped[certainty][EQUIPMENT_BITS[item]], row)[0]:
                break
        else:
            return Cell()
        facts = tuple(fact for fact in self.named("equipment", item) if fact.certainty == certainty)
        if certainty == "suggested":  # by the name of something narrower too
            narrower = (fact for fact in self.named("equipment") if item in broader_equipment(fact.value))
            facts += tuple(fact for fact in narrower if fact.certainty == certainty)
        stated = (Claim(str(fact.count), fact.source, fact.source_date) for fact in facts if fact.count is not None)
        in_order = best_first(read_conflict_rules(TABLES), "equipment", stated)
        counts = list(dict.fromkeys(int(claim.value) for claim in in_order))
        return Cell(certainty, certainty, counts[0] if counts else None, tuple(map(str, counts[1:])), facts)

    def newest_year(self) -> Cell:
        year = int(self.catalogue.newest_year[self.row])
        if not year:
            return Cell()
        about = (fact for fact in self.facts if fact.field in ABOUT and fact.certainty == "stated")
        facts = tuple(fact for fact in about if str(year) in fact.source_date)
        return Cell(year, "stated", facts=facts or self.named("name"))

    def distance(self, town: Town) -> Cell:
        (km,) = distance_km(town.lat, town.lon, self.catalogue.lat[[self.row]], self.catalogue.lon[[self.row]]).tolist()
        # measured by us, whatever the point is
        return Cell() if np.isnan(km) else Cell(round(km, 1), "derived", facts=self.named("point"))


@cache
def _focus_rules() -> FocusRules:
    return read_focus_rules(TABLES)
