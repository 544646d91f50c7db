"""Which screener looks at what arrived."""

import re

from workbench import editions
from workbench.domain.context import PatientContext
from workbench.domain.finding import Gate, Screening
from workbench.domain.received import Received
from workbench.rules.ecg_book import EcgBooks
from workbench.screening import dr_exposure, ecg_rate
from workbench.screening.ecg_beat import BeatLook

ADULT = "ecg-adult-2026.1"
PROFILE = re.compile(r"ecg-profile-(?P<name>.+)-2026\.1")


def ecg_books() -> EcgBooks:
    """The adult edition in force and every profile of that edition."""
    found = {
        m["name"]: name for name in editions.rule_book_names() if (m := PROFILE.fullmatch(name))
    }
    profiles = {key: editions.rule_book(name) for key, name in found.items()}
    return EcgBooks(adult=editions.rule_book(ADULT), profiles=profiles)


def screen(received: Received, context: PatientContext, digest: str) -> Screening:
    """What the screener for this kind of exam says; "unknown" material is not assessed."""
    return screen_and_average(received, context, digest)[0]


def screen_and_average(
    received: Received, context: PatientContext, digest: str
) -> tuple[Screening, BeatLook | None]:
    """The same, with the averaged beat of an ECG that the page shows beside it."""
    if received.trace is not None:
        return ecg_rate.screen_and_average(received.trace, context, ecg_books(), digest)
    return _other(received, context, digest), None


def _other(received: Received, context: PatientContext, digest: str) -> Screening:
    if received.image is not None:
        return dr_exposure.screen_film(received.image, received.header.tags, context, digest)
    reason = received.reason or "neither a film nor a trace"
    return Screening(
        screener="workbench",
        version="",
        rulebook="",
        digest=digest,
        modality="unknown",
        assessed=False,
        reason=reason,
        gate=Gate(accepted=False, notes=(reason,)),
    )
