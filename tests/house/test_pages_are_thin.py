"""A kernel is one open page: it loads no heavy library, whichever way it is imported."""

import json
import subprocess
import sys

import pytest

from tests.house.sources import PACKAGE, ROOT, dotted
from workbench.panels.opening import PAGES

HEAVY = (
    "scipy", "skimage", "wfdb", "pydicom", "neurokit2", "matplotlib", "pandas", "sklearn",
    "highdicom", "imagecodecs", "pynetdicom", "typst", "lxml", "PIL", "fontTools", "procrastinate",
    "voila", "jupyter_server", "alembic", "watchdog", "torch", "numpy", "pydantic", "ipyvuetify",
    "onnxruntime",
)  # fmt: skip
PROBE = r"""
import importlib, json, sys, traceback

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in heavy and name not in seen:
            files = [f.filename for f in traceback.extract_stack()]
            own = [f for f in files if f.startswith(package)]
            seen[name] = own[-1] if own else files[-1]
        return None

package, heavy, names = json.loads(sys.stdin.read())
seen = {}
sys.meta_path.insert(0, Watch())
for name in names:
    importlib.import_module(name)
loaded = {n: f for n, f in seen.items() if n in sys.modules}
sys.stdout.write(json.dumps(loaded))
"""


def heavy_in(names: list[str]) -> dict[str, str]:
    """Heavy libraries that are loaded with these modules, each with the file that asked first."""
    run = subprocess.run(
        [sys.executable, "-c", PROBE],
        input=json.dumps([str(PACKAGE), list(HEAVY), names]),
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_no_heavy_library(name: str):
    assert heavy_in([PAGES[name]]) == {}


def test_no_module_of_the_pages_or_widgets_loads_a_heavy_library():
    files = [*(PACKAGE / "panels").glob("*.py"), *(PACKAGE / "widgets").glob("*.py")]
    assert heavy_in(sorted(map(dotted, files))) == {}


def test_a_heavy_library_is_seen():
    found = heavy_in(["workbench.ecg.filters"])
    assert {"scipy", "numpy"} <= set(found)
    assert found["scipy"].endswith("filters.py")
