"""The same question in pandas, written in two ways, and in polars. Every answer must be equal."""

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.columns import by_facet, columns_of, filled
from benchmarks.questions import BANDS, REACHED, STATED_REACHED, TOP, Answer, bits_of
from opinion.centres.catalogues import Catalogue
from opinion.centres.filters import Filters
from opinion.centres.focuses import FOCUSES


def _focus_rank(columns: Any, areas: int) -> Any:
    """Return 0 for the best focus on any of the areas, up to 4 for none."""
    return sum(((columns[name] & areas) == 0).astype(np.int8) for name in REACHED)


class Lists:
    """pandas as people first write it: lists in cells, ``apply`` and ``explode``."""

    name = "pandas, lists and explode"

    def __init__(self, catalogue: Catalogue) -> None:
        columns = columns_of(catalogue)
        self.of = bits_of(catalogue, Filters()).of
        self.countries, self.years = catalogue.countries, catalogue.facets["newest"].values
        frame = pd.DataFrame({name: columns[name] for name in ("country", "teaching", "band", "newest", "search")})
        for name in REACHED:
            frame[name] = _lists(columns[name], self.of["area"])
        for name, facet in (("equipped", "equipment"), ("designated_as", "designation"), ("sources", "source")):
            frame[name] = _lists(columns[name], self.of[facet])
        self.frame = frame

    def __call__(self, asked: Filters) -> Answer:
        """Answer the question."""
        frame, wanted, items = self.frame, set(asked.disease_areas), set(asked.equipment)
        area = frame[STATED_REACHED].apply(lambda held: not wanted.isdisjoint(held))
        item = frame["equipped"].apply(lambda held: items <= set(held))
        place = frame["country"].isin(asked.countries)
        text = frame["search"].str.contains(asked.text, regex=False) if asked.text else pd.Series(True, frame.index)
        found = frame[area & item & place & text]
        rank = pd.DataFrame({"level": _levels(found["search"], asked.text), "focus": len(REACHED)}, index=found.index)
        for place_, name in reversed(list(enumerate(REACHED))):
            rank.loc[found[name].apply(lambda held: not wanted.isdisjoint(held)), "focus"] = place_
        rows = rank.sort_values(["level", "focus"], kind="stable").index[:TOP]
        but_area = frame[item & place & text]
        counts = {
            "area": _exploded(but_area[STATED_REACHED], self.of["area"]),
            "focus": {focus: int(but_area[f"reached_{focus}"].apply(lambda held: not wanted.isdisjoint(held)).sum())
                      for focus in FOCUSES},
            "country": _exploded(frame.loc[area & item & text, "country"], self.countries),
            "equipment": _exploded(frame.loc[area & place & text, "equipped"], self.of["equipment"]),
            "designation": _exploded(found["designated_as"], self.of["designation"]),
            "teaching": {"stated": int(found["teaching"].sum())},
            "beds": _exploded(found["band"].map(dict(enumerate(BANDS))), BANDS),
            "source": _exploded(found["sources"], self.of["source"]),
            "newest": _exploded(found["newest"].map(_year), self.years),
        }  # fmt: skip
        return Answer(tuple(rows.tolist()), len(found), counts)


def _year(year: int) -> str:
    return str(year) if year else "unknown"


def _lists(mask: Any, bits: dict[str, int]) -> list[list[str]]:
    return [[value for value, bit in bits.items() if one >> bit & 1] for one in mask.tolist()]


def _exploded(column: Any, values: Any) -> dict[str, int]:
    counts = column.explode().value_counts()
    return {value: int(counts.get(value, 0)) for value in values}


def _levels(keys: Any, term: str) -> Any:
    """Return 0 where the term is a word, 1 where it starts one, 2 where it stands inside one."""
    if not term:
        return pd.Series(0, index=keys.index)
    padded = " " + keys + " "
    whole = padded.str.contains(f" {term} ", regex=False)
    starts = padded.str.contains(f" {term}", regex=False)
    return 2 - whole.astype(int) - (starts | whole).astype(int)


class Flags:
    """pandas with a column of booleans for each value."""

    name = "pandas, a flag for each value"

    def __init__(self, catalogue: Catalogue) -> None:
        columns = columns_of(catalogue)
        self.of = bits_of(catalogue, Filters()).of
        self.countries, self.years = catalogue.countries, catalogue.facets["newest"].values
        of, reached = self.of, columns[STATED_REACHED]
        self.area = pd.DataFrame({area: reached >> bit & 1 == 1 for area, bit in of["area"].items()})
        self.item = pd.DataFrame({item: columns["equipped"] >> bit & 1 == 1 for item, bit in of["equipment"].items()})
        self.title = pd.DataFrame(
            {title: columns["designated_as"] >> bit & 1 == 1 for title, bit in of["designation"].items()}
        )
        self.source = pd.DataFrame({one: columns["sources"] >> bit & 1 == 1 for one, bit in of["source"].items()})
        self.frame = pd.DataFrame(
            {
                "country": pd.Categorical(columns["country"], categories=self.countries),
                "teaching": columns["teaching"] == 1,
                "band": pd.Categorical.from_codes(columns["band"], BANDS),
                "newest": pd.Categorical([_year(year) for year in columns["newest"].tolist()], categories=self.years),
                "search": pd.Series(columns["search"], dtype="str"),
                **{name: columns[name] for name in REACHED},
            }
        )

    def __call__(self, asked: Filters) -> Answer:
        """Answer the question."""
        frame = self.frame
        area = self.area[list(asked.disease_areas)].any(axis=1)
        item = self.item[list(asked.equipment)].all(axis=1)
        place = frame["country"].isin(asked.countries)
        if asked.text:
            text = frame["search"].str.contains(asked.text, regex=False)
            area_text, place_text = area & text, place & text
        else:
            area_text, place_text = area, place
        chosen = area_text & item & place
        found = frame[chosen]
        areas = sum(1 << self.of["area"][one] for one in asked.disease_areas)
        rank = _levels(found["search"], asked.text) * 10 + _focus_rank(found, areas)
        rows = rank.sort_values(kind="stable").index[:TOP]
        but_area = item & place_text
        counts = {
            "area": _sums(self.area[but_area]),
            "focus": {focus: int((frame.loc[but_area, f"reached_{focus}"] & areas != 0).sum()) for focus in FOCUSES},
            "country": _sums_of(frame.loc[area_text & item, "country"]),
            "equipment": _sums(self.item[area_text & place]),
            "designation": _sums(self.title[chosen]),
            "teaching": {"stated": int(found["teaching"].sum())},
            "beds": _sums_of(found["band"]),
            "source": _sums(self.source[chosen]),
            "newest": _sums_of(found["newest"]),
        }
        return Answer(tuple(rows.tolist()), len(found), counts)


def _sums(flags: Any) -> dict[str, int]:
    return {str(name): int(count) for name, count in flags.sum().items()}


def _sums_of(column: Any) -> dict[str, int]:
    return {str(name): int(count) for name, count in column.value_counts(sort=False).items()}


class Polars:
    """polars on the same masks, every count in one pass."""

    name = "polars on masks"

    def __init__(self, catalogue: Catalogue) -> None:
        import polars as pl  # only this engine needs it

        self.pl, self.catalogue = pl, catalogue
        columns = columns_of(catalogue)
        columns["country"] = pl.Series(columns["country"].tolist()).cast(pl.Categorical)
        columns["search"] = pl.Series(columns["search"].tolist())
        self.frame = pl.DataFrame(columns)

    def __call__(self, asked: Filters) -> Answer:
        """Answer the question."""
        pl, bits = self.pl, bits_of(self.catalogue, asked)
        held = {
            "area": pl.col(STATED_REACHED) & bits.areas != 0,
            "item": pl.col("equipped") & bits.items == bits.items,
            "place": pl.col("country").is_in(list(bits.countries)),
            "text": pl.col("search").str.contains(bits.term, literal=True) if bits.term else pl.lit(True),
        }
        flags = self.frame.with_columns(**{f"in_{name}": condition for name, condition in held.items()})
        here = {name: pl.col(f"in_{name}") for name in held}
        all_ = here["area"] & here["item"] & here["place"] & here["text"]
        but_area = here["item"] & here["place"] & here["text"]
        but_item = here["area"] & here["place"] & here["text"]

        def shared(column: str, facet: str, base: Any) -> list[Any]:
            return [
                (((pl.col(column) & (1 << bit)) != 0) & base).sum().alias(f"{facet} {value}")
                for value, bit in bits.of[facet].items()
            ]

        row = flags.select(
            all_.sum().alias("count"),
            *shared(STATED_REACHED, "area", but_area),
            *(((pl.col(f"reached_{focus}") & bits.areas != 0) & but_area).sum().alias(f"focus {focus}")
              for focus in FOCUSES),
            *shared("equipped", "equipment", but_item),
            *shared("designated_as", "designation", all_),
            *shared("sources", "source", all_),
            (all_ & (pl.col("teaching") == 1)).sum().alias("teaching stated"),
        ).row(0, named=True)  # fmt: skip
        found = flags.filter(all_)
        counts = by_facet(row)
        by_country = flags.filter(here["area"] & here["item"] & here["text"]).group_by("country").len()
        counts["country"] = filled(by_country.rows(), self.catalogue.countries)
        counts["beds"] = filled([(BANDS[band], n) for band, n in found.group_by("band").len().rows()], BANDS)
        years = [(_year(year), n) for year, n in found.group_by("newest").len().rows()]
        counts["newest"] = filled(years, self.catalogue.facets["newest"].values)
        rank: Any = pl.sum_horizontal(*((pl.col(name) & bits.areas == 0).cast(pl.Int32) for name in REACHED))
        if bits.term:
            padded = pl.concat_str(pl.lit(" "), pl.col("search"), pl.lit(" "))
            whole = padded.str.contains(f" {bits.term} ", literal=True).cast(pl.Int32)
            starts = padded.str.contains(f" {bits.term}", literal=True).cast(pl.Int32)
            rank = rank + 10 * (2 - whole - starts)
        rows = found.select("row", rank=rank).sort("rank", "row").head(TOP)["row"].to_list()
        return Answer(tuple(rows), row["count"], counts)
