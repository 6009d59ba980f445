"""Turns ``python -m opinion centres export OUT`` into a file: the whole catalogue, or all that it is made of."""

from pathlib import Path
from typing import TYPE_CHECKING

from opinion.errors import CatalogueError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction


def add_command(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add ``export`` to the commands of ``centres``."""
    export = commands.add_parser("export", help="every fact with its source -> a file; or all inputs -> a ZIP file")
    export.add_argument("out", type=Path, help="csv and parquet: a .zip with four tables; xlsx: one workbook")
    export.add_argument("--format", choices=("csv", "xlsx", "parquet"), default="csv", help="default csv")
    export.add_argument(
        "--inputs", action="store_true", help="what the catalogue is made of, to build the same bytes elsewhere"
    )
    export.set_defaults(run=run_export)


def run_export(options: "Namespace") -> int:
    """Write the file and say what is in it. Raises ``CatalogueError`` if its name has another ending, or no folder."""
    from opinion.centres.bundles import write_bundle  # loads pyarrow
    from opinion.centres.inputs import inputs_in  # only when asked for, as all below
    from opinion.centres.shared import shared_catalogue  # loads pandas
    from opinion.centres.tables import write_whole  # the same
    from opinion.exchange.provenance_tables import FORMATS, catalogue_file  # the same

    ending = "zip" if options.inputs else FORMATS[options.format]
    if options.out.suffix != f".{ending}" or not options.out.resolve().parent.is_dir():
        raise CatalogueError(f"{options.out}: name a file that ends in .{ending}, in a folder that is there.")
    if options.inputs:
        sizes = write_bundle(options.out, inputs_in())
        print(f"{len(sizes)} files, {sum(sizes.values()):,} bytes before packing")
        print("elsewhere: unpack it, then python -m opinion centres build --tables FOLDER/tables --out FOLDER")
    else:
        content = catalogue_file(shared_catalogue(), options.format)
        write_whole(options.out, content)
        print(f"{len(content):,} bytes")
    print(f"written to {options.out}")
    return 0
