"""Timing events: the only source of times."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What happened; `released` ends every turnaround."""

    ORDERED = "ordered"
    EXAM_START = "exam_start"
    EXAM_END = "exam_end"
    SENT = "sent"
    RECEIVED = "received"
    SCREENED = "screened"
    ASSIGNED = "assigned"
    FIRST_OPEN = "first_open"
    DRAFT_SAVED = "draft_saved"
    PRELIMINARY = "preliminary"
    SIGNED = "signed"
    COUNTERSIGNED = "countersigned"
    RELEASED = "released"
    DELIVERED = "delivered"
    SEEN_BY_SENDER = "seen_by_sender"
    ALERT_DETECTED = "alert_detected"
    ALERT_CONFIRMED = "alert_confirmed"
    ALERT_DISMISSED = "alert_dismissed"
    ALERT_NOTIFIED = "alert_notified"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_REOPENED = "alert_reopened"
    AMENDED = "amended"
    RECHECKED = "rechecked"  # an image after the release was looked at: the report stands
    RETRACTED = "retracted"
    RETAKE_ASKED = "retake_asked"
    RETAKE_ANSWERED = "retake_answered"


class Clock(StrEnum):
    """Whose clock gave the time."""

    DEVICE = "device"
    SERVER = "server"


# RECEIVED and EXAM_END come once for every image: the exam ends with its last.
ONCE = frozenset({
    EventKind.FIRST_OPEN, EventKind.EXAM_START, EventKind.SEEN_BY_SENDER, EventKind.DRAFT_SAVED,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One stamp."""

    exam_id: str
    kind: EventKind
    at: datetime
    actor: str
    site_code: str
    clock: Clock = Clock.SERVER
