"""Turns rows into columns of Arrow, which wait on the disk: a million rows would fill the memory."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Self

import pyarrow as pa
import pyarrow.ipc

_CHUNK_ROWS = 10_000


class ColumnFiles:
    """Columns of the ``types`` in files of ``folder`` without a name, which go away in the end, or with the process.

    To be used in a ``with``. First all rows are added, then columns are read.
    """

    def __init__(self, folder: Path, types: Mapping[str, pa.DataType]) -> None:
        self._folder, self._opened = folder, ExitStack()
        self._schemas = {name: pa.schema([(name, kind)]) for name, kind in types.items()}
        self._rows: list[Sequence[Any]] = []

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._files = {name: opened.enter_context(TemporaryFile(dir=self._folder)) for name in self._schemas}
            self._chunks = {name: pa.ipc.new_stream(self._files[name], self._schemas[name]) for name in self._files}
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def add(self, row: Sequence[Any]) -> None:
        """Add a row: a value for each column, in the order of the types."""
        self._rows.append(row)
        if len(self._rows) == _CHUNK_ROWS:
            self._write()

    def close(self) -> None:
        """Write the last rows."""
        self._write()
        for chunks in self._chunks.values():
            chunks.close()

    def _write(self) -> None:
        columns = list(zip(*self._rows, strict=True)) or [()] * len(self._schemas)
        for (name, schema), column in zip(self._schemas.items(), columns, strict=True):
            self._chunks[name].write(pa.record_batch([pa.array(column, schema.field(0).type)], schema=schema))
        self._rows.clear()

    def read(self, name: str) -> pa.Array:
        """Return the values of a column, in the order of the rows."""
        self._files[name].seek(0)
        return pa.ipc.open_stream(self._files[name]).read_all().column(name).combine_chunks()
