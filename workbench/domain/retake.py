"""A film that should be taken again while the patient is still there; the states sit in one table.

Two rules: only the clinic answers a request, by a film or by a reason why there is none; and an
answer is closed by who reads, never by a program.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from workbench.domain.errors import Invalid, MoveRefused


class RetakeState(StrEnum):
    """Where a request to take a film again stands."""

    REQUESTED = "requested"
    SEEN = "seen"
    RETAKEN = "retaken"
    DECLINED = "declined"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class RetakeMove(StrEnum):
    """Steps a request can take."""

    SEE = "see"
    RETAKE = "retake"
    DECLINE = "decline"
    CLOSE = "close"
    WITHDRAW = "withdraw"  # the film will do after all
    ASK_AGAIN = "ask_again"  # a person wants it after all, or the answer was the wrong film


class Refusal(StrEnum):
    """Why a film was not taken again."""

    PATIENT_GONE = "patient_gone"
    PATIENT_UNABLE = "patient_unable"
    PATIENT_REFUSES = "patient_refuses"
    BEST_POSSIBLE = "best_possible"
    DEVICE_FAULT = "device_fault"
    OTHER = "other"


_S, _M = RetakeState, RetakeMove
RETAKE_MOVES: Mapping[tuple[RetakeState, RetakeMove], RetakeState] = MappingProxyType({
    (_S.REQUESTED, _M.SEE): _S.SEEN,
    (_S.REQUESTED, _M.RETAKE): _S.RETAKEN,  # the technician saw it before anybody asked
    (_S.REQUESTED, _M.DECLINE): _S.DECLINED,
    (_S.REQUESTED, _M.WITHDRAW): _S.WITHDRAWN,
    (_S.SEEN, _M.RETAKE): _S.RETAKEN,
    (_S.SEEN, _M.DECLINE): _S.DECLINED,
    (_S.SEEN, _M.WITHDRAW): _S.WITHDRAWN,
    (_S.RETAKEN, _M.CLOSE): _S.CLOSED,
    (_S.RETAKEN, _M.ASK_AGAIN): _S.REQUESTED,
    (_S.DECLINED, _M.CLOSE): _S.CLOSED,
    (_S.DECLINED, _M.ASK_AGAIN): _S.REQUESTED,
    (_S.WITHDRAWN, _M.ASK_AGAIN): _S.REQUESTED,
})  # fmt: skip

OPEN_RETAKES = frozenset({_S.REQUESTED, _S.SEEN})
ANSWERED_RETAKES = frozenset({_S.RETAKEN, _S.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retake:
    """A request to take one film again; `due_at` is the moment by which the clinic should act."""

    id: str
    exam_id: str
    instance_id: str  # the film; there is one request for each at most
    site_code: str
    state: RetakeState
    reasons: tuple[str, ...]  # codes of DICOM CID 7011, the gravest first
    evidence: str
    source: str  # "screening" or "reader"
    asked_by: str
    asked_at: datetime
    due_at: datetime | None = None
    refusal: Refusal | None = None
    answer_id: str | None = None  # the film that was taken instead

    def __post_init__(self) -> None:
        if not self.evidence.strip():
            raise Invalid("evidence", "nothing", "what is wrong with the film")
        if (self.refusal is not None) and (self.answer_id is not None):
            raise Invalid("answer", "a film and a reason why there is none", "one of the two")
        if self.answer_id == self.instance_id:
            raise Invalid("answer", self.instance_id, "another film than the one to be taken again")

    def moved(self, move: RetakeMove) -> "Retake":
        """Return this request one step on, or raise MoveRefused."""
        after = RETAKE_MOVES.get((self.state, move))
        if after is None:
            allowed = [m for s, m in RETAKE_MOVES if s is self.state]
            raise MoveRefused("retake request", self.state, move, allowed)
        return replace(self, state=after)

    def overdue(self, now: datetime) -> bool:
        """Whether the clinic's next step is late."""
        return self.state in OPEN_RETAKES and self.due_at is not None and now > self.due_at
