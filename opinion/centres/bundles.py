"""Turns all that a catalogue is made of into one ZIP file, from which another machine makes the same packed bytes.

Unpacked, ``tables`` stands for ``data/centres``, and the rest for the folder of the packed files: ``centres build
--tables FOLDER/tables --out FOLDER``. The vocabularies are part of the program; they go along to be compared.
"""

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from opinion.centres.inputs import DECISIONS, IMPORTS, RELEASES, Inputs
from opinion.centres.packing import current_stamp
from opinion.vocabularies import DATA

MANIFEST = "manifest.json"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # no clock gets into the bytes


def write_bundle(path: Path, inputs: Inputs) -> dict[str, int]:
    """Write the inputs to the ZIP file ``path``; return the bytes of each file in it.

    The same inputs give the same file. With them goes a manifest: the stamp of the packed files, the versions that
    they depend on, a SHA-256 of every file. Imports that were undone, or replaced by newer lists, are no inputs. Raises
    ``CatalogueError`` if one is missing.
    """
    stamp = current_stamp(inputs)
    digests: dict[str, str] = {}
    sizes: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted(_files(inputs)):
            content = file.read_bytes()
            digests[name], sizes[name] = hashlib.sha256(content).hexdigest(), len(content)
            archive.writestr(_entry(name), content)
        about = {"stamp": stamp, "pyarrow": pa.__version__, "sqlite": sqlite3.sqlite_version, "sha256": digests}
        archive.writestr(_entry(MANIFEST), json.dumps(about, indent=1, sort_keys=True) + "\n")
    return sizes


def _files(inputs: Inputs) -> Iterator[tuple[str, Path]]:
    """Yield what belongs to the inputs, with its path in the bundle."""
    for file in inputs.tables.iterdir():
        if file.suffix in (".csv", ".toml", ".jsonl"):
            yield f"tables/{file.name}", file
    for folder in inputs.parts:
        place = IMPORTS if folder in inputs.imports else f"tables/{RELEASES}"
        for file in folder.iterdir():
            if file.is_file():
                yield f"{place}/{folder.name}/{file.name}", file
    if inputs.decided_in is not None and (inputs.decided_in / DECISIONS).is_file():
        yield DECISIONS, inputs.decided_in / DECISIONS
    for file in (DATA / "vocabularies").glob("*.toml"):
        yield f"vocabularies/{file.name}", file


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # or the kind of computer would get into the bytes
    entry.external_attr = 0o644 << 16
    return entry
