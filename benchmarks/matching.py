"""The ranking of centres for a case, against the faceted query and against the same rule row by row in pandas."""

from dataclasses import replace
from functools import partial

from benchmarks.facets import best_ms
from benchmarks.goals import Goals
from benchmarks.grown import grown
from benchmarks.questions import ASKED, ours
from benchmarks.row_by_row import CASE, frame_of, order_rows
from opinion.centres.catalogues import Catalogue, load_catalogue
from opinion.matching.rankings import rank

SAMPLE, LARGEST = 10_000, 1_000_000
MOST_QUERIES = 20
FASTER_THAN_ROWS = 20


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and missed goals."""
    goals = Goals()
    rows_ms = _row_by_row(grown(SAMPLE))
    real = load_catalogue()
    goals.add(f"{real.size:,} centres: **ranking**, 25 shown", f"{best_ms(partial(rank, real, CASE), 5):.2f} ms")
    largest = grown(LARGEST)
    repeats = 5 if quick else 15
    query = best_ms(lambda: ours(largest, ASKED), repeats)
    ranking = best_ms(partial(rank, largest, CASE), repeats)
    at = f"{LARGEST:,} centres"
    goals.add(f"{at}: the faceted query", f"{query:.2f} ms", 1.0)
    goals.add(f"{at}: **ranking**, 25 shown", f"{ranking:.2f} ms", ranking / query, MOST_QUERIES)
    abroad = best_ms(partial(rank, largest, replace(CASE, abroad="if_needed")), repeats)
    what = f"{at}: **ranking**, with those abroad within reach"
    goals.add(what, f"{abroad:.2f} ms", abroad / query, MOST_QUERIES)
    scaled = rows_ms * LARGEST / SAMPLE
    goals.add_faster(f"{at}: the rule row by row in pandas", f"{scaled:,.0f} ms", scaled / ranking, FASTER_THAN_ROWS)
    found = rank(largest, CASE)
    note = (
        f"\n\nThe case: heart disease, Boston, a CT scanner and 50 beds are musts, not abroad; {found.count:,} centres "
        f"meet them and {found.to_ask_count:,} may. Row by row was measured on {SAMPLE:,} rows and scaled up; there "
        "both give the same order before any time counts."
    )
    return "Ranking centres for a case", goals.table() + note, goals.missed


def _row_by_row(catalogue: Catalogue) -> float:
    """Return the time of the row-wise rule in ms, after its answer is known to be ours."""
    frame = frame_of(catalogue)
    listed, may = order_rows(frame)
    found = rank(catalogue, CASE, limit=None)
    if [int(match.centre_id.split(":")[1]) for match in found.centres] != listed or found.to_ask_count != may:
        raise AssertionError("The rule row by row gives another answer. Nothing is timed.")
    return best_ms(partial(order_rows, frame), 1)
