"""Commands as a person types them: the installed program, a home of its own, another folder."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import processes
from workbench.settings import Settings
from workbench.store import embedded


@dataclass
class Done:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """One JSON object per line of output."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has nothing to do with the project."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="session")
def typed(elsewhere: Path) -> Callable[..., Done]:
    """Run `workbench …` and wait for its end."""

    def typed(*arguments: object, home: Path | None = None, text: str = "", **env: str) -> Done:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("WORKBENCH_")}
        clean |= {"WORKBENCH_FREE_FLOOR_MB": "1", "COLUMNS": "200", **env}
        if home is not None:
            clean["WORKBENCH_HOME"] = str(home)
        done = subprocess.run(
            [processes.WORKBENCH, *map(str, arguments)], input=text.encode(), env=clean,
            cwd=elsewhere, capture_output=True, timeout=240, check=False,
        )  # fmt: skip
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return typed


@pytest.fixture(scope="module")
def home(grounds: Callable[[], Path]) -> Iterator[Path]:
    """A folder for a home; nothing is in it, not even itself."""
    where = grounds() / "home"
    yield where
    embedded.stop(Settings(home=where, database_url=""))
