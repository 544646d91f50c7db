"""What stands on a printed report: plain values, ready to be set, nothing looked up later."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.domain.kinds import ExamKind
from workbench.domain.report import Certainty, Side


class PageMark(StrEnum):
    """What a printed page is; everything but FINAL is written across every sheet."""

    DRAFT = "draft"  # not signed: a preview for its author
    PRELIMINARY = "preliminary"  # one signature of two
    FINAL = "final"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePatient:
    """The patient as the examining institution knows them; None and "" mean not given."""

    name: str
    local_id: str
    sex: str | None = None  # "M", "F", "O" or not known
    age_years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCode:
    """A coded finding with its words in the language of the page."""

    code: str
    text: str
    side: Side = Side.NONE
    certainty: Certainty = Certainty.DEFINITE


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAlert:
    """A critical value and what is recorded about telling it; a missing step stays visible."""

    finding: str
    notified_at: datetime | None = None
    notifier: str = ""
    receiver: str = ""
    method: str = ""
    read_back: str = ""
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSignature:
    """Who signed, under which licence, when."""

    name: str
    licence_number: str
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAddendum:
    """A later signed version: the first text above it stays as it was."""

    version: int
    text: str
    signature: PageSignature
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLater:
    """A version released after the one on this paper: whoever holds this must know of it."""

    version: int
    addendum: bool
    released_at: datetime
    address: str = ""  # where it can be fetched; "" when nobody reads this by the network


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTimes:
    """Stamps of the exam; `exam_start` and `exam_end` come from the device's clock."""

    exam_start: datetime | None = None
    exam_end: datetime | None = None
    received: datetime | None = None
    released: datetime | None = None
    clock_suspect: bool = False  # the device clock is known to be off

    @property
    def whole_minutes(self) -> float | None:
        """Minutes from exam end to release; None when a stamp is missing or the clocks disagree."""
        if self.clock_suspect:
            return None
        if (
            self.exam_end is not None
            and self.received is not None
            and self.exam_end > self.received
        ):
            return None  # it cannot arrive before it ended: the device clock is off
        return _minutes(self.exam_end, self.released)

    @property
    def reading_minutes(self) -> float | None:
        """Minutes from arrival to release, both by the server's clock."""
        return _minutes(self.received, self.released)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """One report as it is printed.

    Attributes
    ----------
    title : str
        Second line of the heading; "" means the usual one for the kind of exam.
    picture : bytes or None
        JPEG or PNG of the key image or of an ECG strip.
    digest : str
        sha256 of the content that was signed.
    time_zone : str
        IANA name; every printed time is in it.
    """

    kind: ExamKind
    mark: PageMark
    examining: str
    reading: str
    patient: PagePatient
    findings: str
    impression: str
    title: str = ""
    demo: bool = False
    accession: str = ""
    body_part: str = ""
    reason: str = ""
    comparison: str = ""
    coded: tuple[PageCode, ...] = ()
    alerts: tuple[PageAlert, ...] = ()
    signature: PageSignature | None = None
    countersignature: PageSignature | None = None
    version: int = 1
    addenda: tuple[PageAddendum, ...] = ()
    later: tuple[PageLater, ...] = ()
    times: PageTimes = PageTimes()
    retracted_at: datetime | None = None
    retraction_reason: str = ""
    digest: str = ""
    picture: bytes | None = None
    picture_caption: str = ""
    time_zone: str = "Asia/Shanghai"


def _minutes(start: datetime | None, end: datetime | None) -> float | None:
    if start is None or end is None or end < start:
        return None
    return (end - start).total_seconds() / 60
