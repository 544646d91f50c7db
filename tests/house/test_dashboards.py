"""A dashboard only opens a panel; every page has one, every one has a page."""

import ast
import json
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from workbench.panels.opening import PAGES
from workbench.server.rooms import ROOMS

FOLDER = ROOT / "dashboards"
DASHBOARDS = sorted(FOLDER.glob("*.ipynb"))
ALLOWED = "workbench.panels"
LOGIC = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try,
    ast.With, ast.Lambda, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
)  # fmt: skip


def faults_in(notebook: dict) -> list[str]:
    """What a notebook holds that belongs into a panel."""
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    node = ast.parse("\n".join("".join(c["source"]) for c in cells))
    found = []
    if not 1 <= len(cells) <= 3:
        found.append(f"{len(cells)} code cells; one to three are expected")
    if any(c.get("outputs") for c in cells):
        found.append("outputs; clear them before committing")
    for one in ast.walk(node):
        if isinstance(one, ast.Import) or (
            isinstance(one, ast.ImportFrom) and one.module != ALLOWED
        ):
            found.append(f"imports something else: {ast.unparse(one)}")
        if isinstance(one, LOGIC):
            found.append(f"logic: {ast.unparse(one)[:60]}")
    calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
    opened = [c for c in calls if getattr(c.func, "id", "") == "open_panel"]
    if len(opened) != 1:
        found.append("open_panel is called once")
    return found


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda p: p.stem)
def test_a_dashboard_only_opens_a_panel(path: Path):
    assert faults_in(json.loads(path.read_text("utf-8"))) == []


def test_every_page_has_its_dashboard():
    assert {p.stem for p in DASHBOARDS} == set(PAGES) == set(ROOMS)


def test_every_page_exists_as_a_module():
    missing = [m for m in PAGES.values() if not (ROOT / f"{m.replace('.', '/')}.py").is_file()]
    assert not missing


@pytest.mark.parametrize(
    "source",
    [
        "from workbench.store import exams\nopen_panel('x')",
        "import os\nopen_panel('x')",
        "for name in names:\n    open_panel(name)",
        "def f():\n    open_panel('x')",
        "print(1)",
    ],
)
def test_a_thick_dashboard_is_seen(source: str):
    cell = {"cell_type": "code", "source": [source], "outputs": []}
    assert faults_in({"cells": [cell]})
    thin = "from workbench.panels import open_panel\nopen_panel('reading')"
    assert not faults_in({"cells": [{**cell, "source": [thin]}]})
    assert faults_in({"cells": [{**cell, "source": [thin], "outputs": [{"text": "patient"}]}]})
