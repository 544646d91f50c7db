"""Coded statements, measurements and what a screener said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from workbench.domain.quality_item import QualitySheet


class Severity(StrEnum):
    """How grave a statement is; `technical` is about the film or tracing, never the patient."""

    CRITICAL = "critical"
    URGENT = "urgent"
    ABNORMAL = "abnormal"
    NORMAL = "normal"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number with unit, method and place; value None: not measurable, and `reason` says why."""

    name: str
    value: float | None
    unit: str
    method: str = ""
    place: str = ""
    reason: str = ""
    error: float | None = None  # one standard error, same unit


@dataclass(frozen=True, slots=True)
class Finding:
    """A coded statement with the numbers that fired it."""

    code: str
    severity: Severity
    evidence: str
    rule: str = ""  # id of the threshold in its rule book
    place: Mapping[str, float | str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the material may be judged at all, and the codes of what speaks against it."""

    accepted: bool
    codes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screening:
    """What one screener said about one exam; never a report and never shown as one."""

    screener: str
    version: str
    rulebook: str
    digest: str  # sha256 of the bytes that were judged
    modality: str  # "DR", "ECG" or "unknown"
    assessed: bool
    reason: str  # why not, when not assessed
    gate: Gate
    grade: str | None = None
    quality: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    beats_s: tuple[float, ...] = ()
    findings: tuple[Finding, ...] = ()
    elapsed_ms: float = 0.0
    sheet: QualitySheet | None = None  # of a film whose quality was looked at

    @property
    def worst(self) -> Severity | None:
        """The most severe finding, or None."""
        order = list(Severity)
        return min((f.severity for f in self.findings), key=order.index, default=None)


@dataclass(frozen=True, slots=True)
class FindingTerm:
    """One row of the vocabulary: a code and what it says in two languages."""

    code: str
    modality: str
    zh: str
    en: str
    severity: Severity
    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def needs_side(self) -> bool:
        """Whether the statement is meaningless without left or right."""
        return self.notes.get("side") == "required"
