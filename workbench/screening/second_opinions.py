"""Other programs asked about the same ECG. Entry points of group ``workbench.second_opinions``.

They may make a reader look again and never change a number or a statement. They are slow, so
nobody asks them unless told to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np

from workbench.domain.finding import Finding
from workbench.domain.rulebook import RuleBook
from workbench.domain.trace import Trace
from workbench.rules.ecg_opinion import check_fibrillation, check_numbers

GROUP: Final = "workbench.second_opinions"
FIBRILLATION: Final = frozenset({"EC018", "EC019", "EC101", "EC119", "EC206"})
LEADS: Final = ("II", "V5", "I", "V2")  # the first that can be used is shown to a one-lead program


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another program measured: ``pr_ms, qrs_ms, qt_ms``, and its share of fibrillation."""

    numbers: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    fibrillation: float | None = None


class SecondOpinion(Protocol):
    """Another program. `version` and `look` raise ImportError when it is not installed."""

    name: str

    def version(self) -> str:
        """Its version, found without running it."""

    def look(self, trace: Trace, lead: str, beats_s: np.ndarray) -> Opinion:
        """Measure one lead of a recording whose beats are known."""


@dataclass(frozen=True, slots=True)
class OpinionStatus:
    """One installed second opinion, and why it cannot be asked, if so."""

    name: str
    detail: str
    opinion: SecondOpinion | None


def list_second_opinions() -> tuple[OpinionStatus, ...]:
    """All of them by name, the absent ones with their reason."""
    found = []
    for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            opinion: SecondOpinion = entry.load()()
            found.append(OpinionStatus(entry.name, f"{opinion.name} {opinion.version()}", opinion))
        except Exception as error:  # noqa: BLE001  a foreign plug-in may fail in any way
            reason = f"cannot be asked here: {type(error).__name__}: {error}"
            found.append(OpinionStatus(entry.name, reason, None))
    return tuple(found)


def ask(
    trace: Trace,
    seen: tuple[tuple[str, ...], np.ndarray, Mapping[str, float | None]],
    findings: Iterable[Finding],
    book: RuleBook,
    opinions: Iterable[OpinionStatus],
) -> tuple[str, ...]:
    """What to check, by those that can be asked; `seen` is usable leads, beats (s), numbers."""
    leads, beats_s, numbers = seen
    lead = next((name for name in LEADS if name in leads), None)
    ours = bool({f.code for f in findings} & FIBRILLATION)
    said: list[str] = []
    for status in opinions:
        if status.opinion is None or lead is None:
            continue
        try:
            theirs = status.opinion.look(trace, lead, beats_s)
        except Exception as error:  # noqa: BLE001  another program's fault is no reason to stop
            said.append(f"{status.detail} gave no answer ({type(error).__name__})")
            continue
        who = f"{status.detail} in {lead}"
        said += check_numbers(numbers, theirs.numbers, who, book)
        said += check_fibrillation(ours=ours, share=theirs.fibrillation, who=who, book=book)
    return tuple(said)
