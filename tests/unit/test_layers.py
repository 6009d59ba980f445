"""Imports point downwards only, never in a circle, and stand at the top unless a comment says why not."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASE = {"errors", "vocabularies"}
# Which parts of the package each part may import, besides itself.
ALLOWED = {
    "errors": set(),
    "vocabularies": set(),
    "guidance": BASE,
    "centres": BASE,
    "matching": BASE | {"guidance", "centres"},
    "storage": BASE,
    "agency": BASE | {"storage", "guidance", "centres", "matching"},
    "texts": BASE,
    "charts": set(),
    "exchange": BASE | {"guidance", "centres", "matching", "texts"},
    "ui": BASE | {"agency", "exchange", "charts", "matching", "guidance", "centres", "texts"},
    "server": BASE | {"agency", "ui", "texts", "exchange", "matching", "guidance", "centres"},
    "__main__": BASE | {"agency", "guidance", "centres", "charts", "exchange", "texts"},
    "pages": BASE | {"ui", "exchange", "matching", "guidance", "centres", "texts"},
    "app": {"server"},
    "__init__": set(),
}
# Outside libraries that only some parts may use.
ONLY_IN = {
    "streamlit": {"ui", "server", "pages", "app"},
    "starlette": {"server"},
    "plotly": {"charts"},
    "babel": {"texts"},
    "xlsxwriter": {"exchange"},
    "sqlite3": {"centres"},
    "sqlalchemy": {"storage", "agency"},
    "alembic": {"storage", "agency"},
    "cryptography": {"storage"},
    "argon2": {"agency"},
}
STANDARD_LIBRARY_ONLY = {"guidance", "errors", "vocabularies"}


def source_files() -> list[Path]:
    return sorted([*(ROOT / "opinion").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])


def part_of(path: Path) -> str:
    relative = path.relative_to(ROOT)
    if relative.parts[0] == "opinion":
        return Path(relative.parts[1]).stem
    return Path(relative.parts[0]).stem


def imports_of(tree: ast.AST) -> list[tuple[str, ast.stmt]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are absolute"
            found.append((node.module, node))
            found += [(f"{node.module}.{alias.name}", node) for alias in node.names]
    return found


def faults(path: Path, source: str) -> list[str]:
    """Return what is wrong with the imports of one file."""
    tree, part, found = ast.parse(source), part_of(path), []
    for name, node in imports_of(tree):
        top, *rest = name.split(".")
        if top == "opinion" and rest and rest[0] != part and rest[0] in ALLOWED and rest[0] not in ALLOWED[part]:
            found.append(f"{path.name}:{node.lineno}: {part} may not import {name}")
        if top in ONLY_IN and part not in ONLY_IN[top]:
            found.append(f"{path.name}:{node.lineno}: {part} may not import {name}")
        if part == "pages" and top == "pages":
            found.append(f"{path.name}:{node.lineno}: pages never import each other")
        if part in STANDARD_LIBRARY_ONLY and top not in {"opinion", *__import__("sys").stdlib_module_names}:
            found.append(f"{path.name}:{node.lineno}: {part} needs nothing but the standard library, not {name}")
    lines = source.splitlines()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom) and "#" not in lines[node.end_lineno - 1]:
                    found.append(f"{path.name}:{node.lineno}: an import inside a function says why in a comment")
    return found


@pytest.mark.parametrize("path", source_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_downwards(path):
    assert faults(path, path.read_text("utf-8")) == []


def test_the_check_can_fail():
    guidance = ROOT / "opinion/guidance/rules.py"
    assert faults(guidance, "import streamlit")
    assert faults(guidance, "from opinion.centres.facets import Filters")
    assert faults(guidance, "import numpy")
    assert faults(guidance, "def f():\n    import json")
    assert not faults(guidance, "def f():\n    import json  # slow")
    assert faults(ROOT / "pages/a.py", "from pages.b import c")
    assert faults(ROOT / "pages/a.py", "import plotly")


def test_no_module_imports_itself_in_a_circle():
    graph = {}
    for path in source_files():
        if part_of(path) in ("pages", "app"):
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        graph[name] = {
            target for target, _ in imports_of(ast.parse(path.read_text("utf-8"))) if target.startswith("opinion")
        }
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way, name))
        if name in graph and name not in done:
            for target in graph[name]:
                visit(target, (*way, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_app_is_a_short_launcher():
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) < 20


def test_pages_ask_and_show_only():
    for path in (ROOT / "pages").glob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 80, f"{path.name} does more than ask and show"
