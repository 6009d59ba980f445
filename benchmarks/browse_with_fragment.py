"""The Centres page with the trivial page's content below it, in a fragment: served by ``benchmarks.pages`` only."""

import runpy

from benchmarks.servers import ROOT
from benchmarks.trivial_fragment import trivial

runpy.run_path(str(ROOT / "pages" / "centres.py"))
trivial()
