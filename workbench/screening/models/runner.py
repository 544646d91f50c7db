"""Programs that run a net of a model package. Entry points of group ``workbench.screeners``.

A runner turns bytes into something that answers; what the answers mean stands in the package's
card and is judged elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import WorkbenchError
from workbench.domain.model_card import ModelCard

GROUP: Final = "workbench.screeners"
Batch = NDArray[np.float32]


class NoRunner(WorkbenchError):
    """A package asks for a program that is not here."""

    template = "No program {runner} is here to run this model; installed: {names}."

    def __init__(self, runner: str, names: str) -> None:
        super().__init__(runner=runner, names=names)


class Net(Protocol):
    """A net that is loaded."""

    def scores(self, batch: Batch) -> Batch:
        """Shape (n, channels, rows, columns) to (n, outputs); the same batch gives the same."""


class Runner(Protocol):
    """A program that loads nets. `load` refuses in words what it does not trust."""

    name: str

    def version(self) -> str:
        """Of the program; raises when it is not installed."""

    def load(self, data: bytes, card: ModelCard) -> Net:
        """Check the bytes and load them."""


@dataclass(frozen=True, slots=True)
class RunnerStatus:
    """One installed runner, and why it cannot be used, if so."""

    name: str
    detail: str
    runner: Runner | None


def list_runners() -> tuple[RunnerStatus, ...]:
    """All of them by name, the unusable ones with their reason."""
    found = []
    for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            runner: Runner = entry.load()()
            found.append(RunnerStatus(entry.name, f"{runner.name} {runner.version()}", runner))
        except Exception as error:  # noqa: BLE001  a foreign plug-in may fail in any way
            reason = f"cannot be used here: {type(error).__name__}: {error}"
            found.append(RunnerStatus(entry.name, reason, None))
    return tuple(found)


def runner_of(card: ModelCard) -> Runner:
    """The program a card asks for; raises NoRunner with those that are here."""
    runners: Mapping[str, RunnerStatus] = {one.name: one for one in list_runners()}
    status = runners.get(card.runner)
    if status is None or status.runner is None:
        names = ", ".join(r.name for r in runners.values() if r.runner) or "none"
        raise NoRunner(card.runner, names)
    return status.runner
