"""The catalogue as plain columns that any engine can hold, and what the engines count in them as the facets."""

from typing import Any

import numpy as np

from opinion.centres.catalogues import Catalogue, beds_bands_of
from opinion.centres.focuses import FOCUSES


def columns_of(catalogue: Catalogue) -> dict[str, Any]:
    """Return plain columns that any engine can hold: masks, codes, words and the number of the row."""
    table, reached, columns = catalogue.table, np.zeros(catalogue.size, dtype=np.uint64), {}
    for focus in FOCUSES:
        reached = reached | table.column(f"areas_{focus}").to_numpy()
        columns[f"reached_{focus}"] = reached.astype(np.int64)
    equipped = table.column("equipment_stated").to_numpy() | table.column("equipment_implied").to_numpy()
    return {
        **columns,
        "equipped": equipped.astype(np.int64),
        "designated_as": table.column("designated_as").to_numpy().astype(np.int64),
        "sources": _source_masks(catalogue),
        "country": table.column("country_code").combine_chunks().cast("string").to_pandas().to_numpy(dtype=object),
        "teaching": table.column("teaching").fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64),
        "band": beds_bands_of(catalogue.beds).astype(np.int64),
        "newest": catalogue.newest_year.astype(np.int64),
        "search": table.column("search").to_pandas().to_numpy(dtype=object),
        "row": np.arange(catalogue.size),
    }


def source_places(catalogue: Catalogue) -> dict[str, int]:
    """Return the bit of each source in the column ``sources``, by id."""
    return {id_: place for place, id_ in enumerate(catalogue.sources())}


def _source_masks(catalogue: Catalogue) -> Any:
    column, places = catalogue.table.column("sources").combine_chunks(), source_places(catalogue)
    masks = [sum(1 << places[id_] for id_ in together.split(";")) for together in column.dictionary.to_pylist()]
    return np.array(masks, dtype=np.int64)[column.indices.to_numpy()]


def by_facet(named: dict[str, int]) -> dict[str, dict[str, int]]:
    """Return the counts of one row whose columns are named ``facet value``; the column ``count`` is no facet."""
    counts: dict[str, dict[str, int]] = {}
    for name, value in named.items():
        if name != "count":
            facet, _, key = name.partition(" ")
            counts.setdefault(facet, {})[key] = value
    return counts


def filled(pairs: Any, values: Any) -> dict[str, int]:
    """Return the count of each value; 0 for those that no pair names."""
    known = dict(pairs)
    return {value: known.get(value, 0) for value in values}
