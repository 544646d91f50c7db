"""What stands on a printed ECG beside its paper: plain values, nothing looked up later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.domain.beat import Outdated
from workbench.domain.report_page import PageMark, PagePatient
from workbench.domain.trace import Trace


class MeasuredBy(StrEnum):
    """Whose numbers these are; the three are never mixed."""

    READER = "reader"
    ENGINE = "engine"
    DEVICE = "device"


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgLook:
    """How a tracing is shown: what the person chose on the screen.

    Attributes
    ----------
    layout, order : str
        As in ecg/paper_rows.py.
    speed, gain : float
        mm/s and mm/mV.
    high_pass, low_pass : float
        Edges of the filter in Hz; 0 is none.
    from_s : float
        Where the printed ten seconds begin in the recording.
    rhythm : str
        Lead of the one strip of 3x4+1.
    """

    layout: str = "3x4+1"
    order: str = "standard"
    speed: float = 25.0
    gain: float = 10.0
    high_pass: float = 0.0
    low_pass: float = 0.0
    notch: bool = False
    from_s: float = 0.0
    rhythm: str = "II"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetNumbers:
    """Measurements of one origin, by the names of ecg/beat_marks.py; missing ones are left out."""

    by: MeasuredBy
    values: Mapping[str, float]
    person: str = ""  # the reader who measured, or the name of the engine
    at: datetime | None = None
    outdated: Outdated | None = None  # why some of what was measured is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReading:
    """The signed report's conclusion, as far as there is one."""

    mark: PageMark
    impression: str
    doctor: str
    signed_at: datetime
    addenda: int = 0  # signed since; they stand in the report


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgSheet:
    """One printed ECG.

    Attributes
    ----------
    trace : Trace
        As stored; filters are applied for the print alone.
    messages : tuple of str
        What intake, format gate and screening say against this recording, in the page's language.
    statements : tuple of str
        What the cart stated.
    printed_by : str
        Empty on a sheet that belongs to a report.
    clock_suspect : bool
        The device's clock is known to be off.
    """

    trace: Trace
    look: EcgLook
    examining: str
    reading: str
    patient: PagePatient
    demo: bool = False
    accession: str = ""
    exam_at: datetime | None = None
    received_at: datetime | None = None
    clock_suspect: bool = False
    numbers: tuple[SheetNumbers, ...] = ()
    statements: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    report: SheetReading | None = None
    printed_at: datetime | None = None
    printed_by: str = ""
    time_zone: str = "Asia/Shanghai"
    digest: str = ""  # sha256 of the file the tracing was read from
