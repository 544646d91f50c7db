"""What arrived: the header every exam is filed by, and the film or trace it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeAlias

from workbench.domain.image import Image
from workbench.domain.kinds import ExamKind
from workbench.domain.picture import Picture
from workbench.domain.trace import Trace

Parts: TypeAlias = Mapping[str, bytes]
"""One recording as it came: file name -> bytes. A WFDB record has two parts, most others one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalHeader:
    """What a file says about patient, exam and machine. Empty text or None: the file does not say.

    Attributes
    ----------
    name, name_raw, name_repaired
        Decoded name, the bytes it came from, and whether the declared character set was wrong.
    exam_start, exam_end : aware datetime or None
        None when the file gives no time, or gives one without a zone and no site zone was known.
    device_clock : str
        The machine's own wall-clock time in ISO form without a zone, kept whatever became of it.
    clock_source : str
        "file" (offset in the file), "site" (zone of the sending site), or "" (no zone known).
    tags : mapping
        Decoded header values by DICOM keyword (or the reader's own names): floats and text.
    """

    patient_id: str = ""
    name: str = ""
    name_raw: bytes = b""
    name_repaired: bool = False
    sex: str = ""  # M, F, O or "": as DICOM
    birth_date: date | None = None
    age_years: float | None = None
    study_uid: str = ""
    series_uid: str = ""
    sop_uid: str = ""
    sop_class: str = ""
    transfer_syntax: str = ""
    accession: str = ""
    modality: str = ""  # as the file says: CR, DX, ECG ...
    body_part: str = ""
    laterality: str = ""
    view: str = ""
    exam_start: datetime | None = None
    exam_end: datetime | None = None
    device_clock: str = ""
    clock_source: str = ""
    institution: str = ""
    station: str = ""
    manufacturer: str = ""
    model: str = ""
    referring: str = ""  # who or why asked, as one text
    tags: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Received:
    """One arrival after reading; image, trace and picture are None when only the header was read.

    Attributes
    ----------
    reason : str
        Why the exam is kept without being a film or trace.
    flags : tuple of str
        Codes of what speaks for a look by a person: illegal_uid, charset_repaired, ...
    notes : tuple of str
        The same in plain words, with the values seen.
    """

    kind: ExamKind
    header: ArrivalHeader
    reader: str
    image: Image | None = None
    trace: Trace | None = None
    picture: Picture | None = None
    reason: str = ""
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
