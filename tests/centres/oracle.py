"""The slow, obvious answer to what the engine does with packed bits. Knows nothing of it."""

from math import asin, cos, inf, isnan, radians, sin, sqrt

from opinion.centres.filters import Filters
from opinion.centres.focuses import FOCUSES, STATED
from opinion.centres.names import search_key
from opinion.centres.towns import town_of
from opinion.vocabularies import macro_regions, regions

EVERY = {"any": any, "all": all}


def fits(row: dict, asked: Filters, without: str = "") -> bool:
    """Whether a row of ``plain_rows`` matches everything asked but the facet ``without``."""
    return all(test(row, asked) for name, test in TESTS.items() if name != without)


def area_counts(row: dict, area: str, asked: Filters) -> bool:
    focus = row["focus"].get(area)
    enough = focus in (STATED[: STATED.index(asked.focus) + 1] if asked.focus else STATED)
    how = {"stated": enough, "suggested": focus == FOCUSES[-1], "unknown": focus is None}
    return any(how[sure] for sure in asked.areas_sure)


def item_counts(row: dict, item: str, asked: Filters) -> bool:
    held = [sure for sure in ("stated", "implied", "suggested") if item in row["items"][sure]]
    return (held or ["unknown"])[0] in asked.equipment_sure


def of_areas(row: dict, asked: Filters) -> bool:
    if not asked.disease_areas:
        best = STATED[: STATED.index(asked.focus) + 1] if asked.focus else ()
        return not asked.focus or any(focus in best for focus in row["focus"].values())
    return EVERY[asked.areas_match](area_counts(row, area, asked) for area in asked.disease_areas)


def with_items(row: dict, asked: Filters) -> bool:
    found = EVERY[asked.equipment_match](item_counts(row, item, asked) for item in asked.equipment)
    return found or not asked.equipment


def in_places(row: dict, asked: Filters) -> bool:
    def among(codes, places):
        return row["country"] in codes or any(row["country"] in ALL_REGIONS[place].countries for place in places)

    wanted = among(asked.countries, asked.regions) or not (asked.countries or asked.regions)
    return wanted and not among(asked.hidden_countries, asked.hidden_regions)


def having(name: str, values: str, match: str = "", hidden: str = ""):
    def test(row: dict, asked: Filters) -> bool:
        chosen, how = getattr(asked, values), getattr(asked, match) if match else "any"
        found = not chosen or EVERY[how](value in row[name] for value in chosen)
        return found and not (hidden and row[name] & set(getattr(asked, hidden)))

    return test


def km_between(first: tuple[float, float], second: tuple[float | None, float | None]) -> float:
    if None in second or any(map(isnan, second)):
        return inf
    (a, b), (c, d) = (tuple(map(radians, point)) for point in (first, second))
    return 12742.0 * asin(sqrt(min(1, sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2)))


def within(row: dict, asked: Filters) -> bool:
    if not asked.near:
        return True
    town = town_of(asked.near)
    return km_between((town.lat, town.lon), row["point"]) <= asked.within_km


def holds_text(row: dict, asked: Filters) -> bool:
    return all(any(word in each for each in row["search"].split()) for word in search_key(asked.text).split())


ALL_REGIONS = macro_regions() | regions()
TESTS = {
    "areas": of_areas,
    "equipment": with_items,
    "place": in_places,
    "text": holds_text,
    "within": within,
    "designation": having("designations", "designations", "designations_match", "hidden_designations"),
    "teaching": having("teaching", "teaching"),
    "beds": having("beds", "beds"),
    "source": having("sources", "sources", "sources_match", "hidden_sources"),
    "newest": having("newest", "newest"),
}


def in_order(rows: list[dict], asked: Filters) -> list[int]:
    """The numbers of rows that fit, in the order asked; rows come in the order of names."""
    found = [row for row in rows if fits(row, asked)]
    words = search_key(asked.text).split()

    def level(word: str, key: str) -> int:
        every = key.split()
        return 0 if word in every else 1 if any(each.startswith(word) for each in every) else 2

    def focus_rank(row: dict) -> int:
        ranks = [FOCUSES.index(row["focus"].get(area, "")) if row["focus"].get(area) else len(FOCUSES)
                 for area in asked.disease_areas]  # fmt: skip
        return {"any": min, "all": max}[asked.areas_match](ranks, default=0)

    def rank(row: dict) -> tuple:
        if asked.sort == "distance" and asked.near:
            town = town_of(asked.near)
            return (km_between((town.lat, town.lon), row["point"]),)
        return {
            "name": (0,),
            "beds": (-(row["bed_count"] or 0),),
            "newest": (-int(min(row["newest"]).replace("unknown", "0")),),
        }.get(asked.sort, (max((level(word, row["search"]) for word in words), default=0), focus_rank(row)))

    return [row["row"] for row in sorted(found, key=rank)]
