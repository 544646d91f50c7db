"""An exam and its reading states: one table decides every step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from workbench.domain.errors import MoveRefused
from workbench.domain.finding import Severity
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Urgency


class ExamState(StrEnum):
    """Where an exam stands."""

    RECEIVED = "received"  # arrived, not yet screened
    WAITING = "waiting"  # screened, or the screening failed: on the list
    SIGNED = "signed"  # one signature of two
    RELEASED = "released"
    RETRACTED = "retracted"


class ExamMove(StrEnum):
    """Steps an exam can take."""

    SCREEN = "screen"
    SIGN = "sign"
    RELEASE = "release"
    AMEND = "amend"
    RETRACT = "retract"
    RETURN = "return"  # the second signature sends it back


_S, _M = ExamState, ExamMove
EXAM_MOVES: Mapping[tuple[ExamState, ExamMove], ExamState] = MappingProxyType({
    (_S.RECEIVED, _M.SCREEN): _S.WAITING,
    (_S.WAITING, _M.SCREEN): _S.WAITING,  # a further image, or a new screener
    (_S.SIGNED, _M.SCREEN): _S.SIGNED,
    (_S.RELEASED, _M.SCREEN): _S.RELEASED,
    (_S.RETRACTED, _M.SCREEN): _S.RETRACTED,
    (_S.RECEIVED, _M.SIGN): _S.SIGNED,  # a doctor need not wait for the screening
    (_S.WAITING, _M.SIGN): _S.SIGNED,
    (_S.RETRACTED, _M.SIGN): _S.SIGNED,
    (_S.SIGNED, _M.RETURN): _S.WAITING,
    (_S.SIGNED, _M.RELEASE): _S.RELEASED,
    (_S.RELEASED, _M.AMEND): _S.RELEASED,
    (_S.RELEASED, _M.RETRACT): _S.RETRACTED,
})  # fmt: skip

OPEN_STATES = frozenset({_S.RECEIVED, _S.WAITING, _S.SIGNED, _S.RETRACTED})


class ScreeningStatus(StrEnum):
    """Whether the automatic look has happened."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """Keyed by institution, study UID (or digest of a file that has none) and kind."""

    id: str
    site_code: str
    kind: ExamKind
    key: str  # study UID or file digest
    patient_id: str
    state: ExamState
    received_at: datetime
    accession: str = ""
    order_id: str | None = None
    urgency: Urgency = Urgency.ROUTINE
    severity: Severity | None = None  # worst unanswered flag
    screening: ScreeningStatus = ScreeningStatus.PENDING
    body_part: str = ""
    exam_start: datetime | None = None
    exam_end: datetime | None = None
    released_at: datetime | None = None
    lease_by: str | None = None
    lease_until: datetime | None = None
    images: int = 0
    flags: tuple[str, ...] = ()
    recheck_since: datetime | None = None  # an image came after the release; nobody judged it yet

    @property
    def taken_at(self) -> datetime:
        """The end by the device's clock, else its start; the arrival only when it tells neither."""
        return self.exam_end or self.exam_start or self.received_at

    def holder(self, now: datetime) -> str | None:
        """Who is reading it now; an expired lease is nobody's."""
        expired = self.lease_until is not None and self.lease_until <= now
        return None if expired else self.lease_by

    def moved(self, move: ExamMove) -> "Exam":
        """Return this exam one step on, or raise MoveRefused."""
        after = EXAM_MOVES.get((self.state, move))
        if after is None:
            allowed = [m for s, m in EXAM_MOVES if s is self.state]
            raise MoveRefused("exam", self.state, move, allowed)
        return replace(self, state=after)


def priority(urgency: Urgency, severity: Severity | None, screening: ScreeningStatus) -> int:
    """Rank on the worklist, lowest first: critical, then urgency, a failed screening sorted up."""
    if severity is Severity.CRITICAL:
        return 0
    if urgency is Urgency.EMERGENCY:
        return 1
    if urgency is Urgency.URGENT or severity is Severity.URGENT:
        return 2
    if screening is ScreeningStatus.FAILED:
        return 2  # nobody has looked: it may not wait behind what a machine called ordinary
    return 3
