"""One critical value on its way to a person and back; the states sit in one table.

Two rules: an algorithm's flag is only DETECTED until a qualified reader confirms it; and nothing
is ACKNOWLEDGED without the receiver's own words (the read-back).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from workbench.domain.errors import MoveRefused


class AlertState(StrEnum):
    """Where a critical value stands."""

    DETECTED = "detected"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"


class AlertMove(StrEnum):
    """Steps a critical value can take."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    NOTIFY = "notify"
    ACKNOWLEDGE = "acknowledge"
    REOPEN = "reopen"  # a later screening, with more facts, grades it higher than was dismissed


_S, _M = AlertState, AlertMove
ALERT_MOVES: Mapping[tuple[AlertState, AlertMove], AlertState] = MappingProxyType({
    (_S.DETECTED, _M.CONFIRM): _S.CONFIRMED,
    (_S.DETECTED, _M.DISMISS): _S.DISMISSED,
    (_S.DISMISSED, _M.CONFIRM): _S.CONFIRMED,  # a reader states it after all: it must be told
    (_S.DISMISSED, _M.REOPEN): _S.DETECTED,
    (_S.CONFIRMED, _M.NOTIFY): _S.NOTIFIED,
    (_S.CONFIRMED, _M.ACKNOWLEDGE): _S.ACKNOWLEDGED,  # the clinic saw it on its page first
    (_S.NOTIFIED, _M.NOTIFY): _S.NOTIFIED,  # a repeat call is allowed, and is logged
    (_S.NOTIFIED, _M.ACKNOWLEDGE): _S.ACKNOWLEDGED,
})  # fmt: skip

UNANSWERED = frozenset({_S.DETECTED})
OPEN_ALERTS = frozenset({_S.DETECTED, _S.CONFIRMED, _S.NOTIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalAlert:
    """A critical value; `due_at` is the moment by which the next step must be done."""

    id: str
    exam_id: str
    site_code: str
    code: str
    state: AlertState
    evidence: str
    source: str  # "screening" or "reader"
    detected_at: datetime
    due_at: datetime | None

    def moved(self, move: AlertMove) -> "CriticalAlert":
        """Return this alert one step on, or raise MoveRefused."""
        after = ALERT_MOVES.get((self.state, move))
        if after is None:
            allowed = [m for s, m in ALERT_MOVES if s is self.state]
            raise MoveRefused("critical alert", self.state, move, allowed)
        return replace(self, state=after)

    def overdue(self, now: datetime) -> bool:
        """Whether the next step is late."""
        return self.state in OPEN_ALERTS and self.due_at is not None and now > self.due_at
