"""Runs a teaching notebook from top to bottom once; tests then ask in the living kernel."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from tests.house.sources import ROOT

NOTEBOOKS = ROOT / "notebooks"
SAMPLES = ROOT / "data_samples"
RATE_AND_RHYTHM = NOTEBOOKS / "e2_rate_and_rhythm.ipynb"
CELL_TIMEOUT_S = 120

# Runs before the first cell: a notebook reaches this machine only, like every test.
STAY_HOME = """
import sys
def _stay_home(event, args):
    far = event in {"socket.connect", "socket.sendto"} and isinstance(args[1], tuple)
    host = str(args[1][0]) if far else str(args[0]) if event == "socket.getaddrinfo" else ""
    if host and host not in {"localhost", "127.0.0.1", "::1"}:
        raise AssertionError(f"{event} to {host}: the notebook left this machine")
sys.addaudithook(_stay_home)
"""


class Ran:
    """A notebook that was run, and the kernel it left behind."""

    def __init__(self, notebook: NotebookNode, client: NotebookClient) -> None:
        self.notebook, self.client = notebook, client

    def ask(self, source: str) -> Any:
        """Run lines in the kernel; the last must be an expression, its value comes back."""
        *lines, last = source.strip().splitlines()
        code = "\n".join([*lines, f"import json as _json; print(_json.dumps({last}))"])
        cell = nbformat.v4.new_code_cell(code)
        self.notebook.cells.append(cell)
        self.client.execute_cell(cell, len(self.notebook.cells) - 1)
        printed = "".join(o.text for o in cell.outputs if o.get("name") == "stdout")
        return json.loads(printed.splitlines()[-1])


@pytest.fixture(scope="session")
def ran() -> Iterator[Ran]:
    """The notebook on rate and rhythm after Run All."""
    if not (SAMPLES / "ecg-normal.json").is_file():
        pytest.skip("data_samples/ is empty; `make samples` fills it")
    notebook = nbformat.read(RATE_AND_RHYTHM, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STAY_HOME))
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT_S,
        kernel_name="python3",
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    with client.setup_kernel():
        for number, cell in enumerate(list(notebook.cells)):
            client.execute_cell(cell, number)
        yield Ran(notebook, client)


@pytest.fixture
def ask(ran: Ran) -> Callable[[str], Any]:
    """Ask the kernel of the notebook; each test begins with a fresh practice."""
    ran.ask("practice = Practice(cases); film_practice = FilmPractice(film.image, film_truth)\n0")
    return ran.ask
