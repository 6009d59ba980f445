"""All inputs in one file: unpacked on another machine they make the same packed files, byte for byte."""

import hashlib
import json
import subprocess
import sys
import zipfile

from import_lists import turkish
from import_steps import draft_of, files
from invented import ROOT

from opinion.centres.bundles import write_bundle
from opinion.centres.curating import apply
from opinion.centres.decisions import Decision, now
from opinion.centres.imports import archive
from opinion.centres.inputs import inputs_in
from opinion.centres.packing import current_stamp


def test_the_same_bytes_are_made_elsewhere_of_tables_imports_and_decisions(tmp_path, var, tables):
    archive.keep(draft_of(turkish(tmp_path), var), var, tables)
    undone = archive.keep(_another(tmp_path, var), var, tables)
    archive.undo(undone.id, var, tables)
    apply(var, [
        Decision("correct", now(), "carla", "bag:AG:000", field="beds", value="77", source="Invented report",
                 address="https://example.org", date="2026"),
        Decision("merge", now(), "carla", "bag:AG:001", "bag:AG:002"),
    ], tables)  # fmt: skip
    inputs = inputs_in(var, tables)
    sizes = write_bundle(tmp_path / "one.zip", inputs)
    write_bundle(tmp_path / "two.zip", inputs)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    there = tmp_path / "another machine"
    with zipfile.ZipFile(tmp_path / "one.zip") as bundle:
        bundle.extractall(there)
    manifest = json.loads((there / "manifest.json").read_text())
    assert set(manifest["sha256"]) == set(sizes) and manifest["stamp"] == current_stamp(inputs)
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256((there / name).read_bytes()).hexdigest() == digest
    assert not [name for name in sizes if undone.id in name], "what was undone is no input"
    command = ["-m", "opinion", "centres", "build", "--tables", str(there / "tables"), "--out", str(there)]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
    assert files(there) == files(var)


def _another(folder, var):
    """A second invented list, which is undone afterwards."""
    path = folder / "another.csv"
    path.write_text("id;name;city;country\nz1;Invented Again;Wien;AT\n", encoding="utf-8")
    return draft_of(path, var)
