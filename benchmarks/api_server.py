"""Serves our API over a packed table of any size: ``python -m benchmarks.api_server catalogue.parquet PORT``."""

import sys
from pathlib import Path

import pyarrow.parquet as pq
import uvicorn
from starlette.applications import Starlette

from opinion.centres import shared
from opinion.centres.catalogues import catalogue_of
from opinion.centres.inputs import TABLES
from opinion.server.routes import ROUTES


def main() -> None:
    """Serve until stopped."""
    path, port = Path(sys.argv[1]), int(sys.argv[2])
    catalogue = catalogue_of(pq.read_table(path).combine_chunks(), path.parent, TABLES)
    shared._loaded = lambda: catalogue
    uvicorn.run(Starlette(routes=list(ROUTES)), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
