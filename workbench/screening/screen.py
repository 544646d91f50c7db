"""Which screener looks at what arrived."""

import re
from functools import cache

from workbench import editions
from workbench.domain.context import PatientContext
from workbench.domain.exposure_band import USUAL_LIMITS, ExposureLimits
from workbench.domain.finding import Gate, Screening
from workbench.domain.received import Received
from workbench.rules.ecg_book import EcgBooks, joined
from workbench.screening import ecg
from workbench.screening.dr import screen_film
from workbench.screening.ecg_beat import BeatLook
from workbench.screening.second_opinions import list_second_opinions

ADULT = "ecg-adult-2026.1"
TOPIC = re.compile(r"ecg-adult(-[a-z]+)*-2026\.1")  # the book above and its topic books
PROFILE = re.compile(r"ecg-profile-(?P<name>.+)-2026\.1")


@cache  # shipped data does not change while a process runs
def ecg_books() -> EcgBooks:
    """The adult edition in force, all its topics in one book, and every profile of that edition."""
    names = editions.rule_book_names()
    topics = (editions.rule_book(name) for name in names if TOPIC.fullmatch(name))
    profiles = {
        m["name"]: editions.rule_book(name) for name in names if (m := PROFILE.fullmatch(name))
    }
    return EcgBooks(adult=joined(ADULT, topics), profiles=profiles)


def screen(
    received: Received, context: PatientContext, digest: str, *, opinions: bool = False
) -> Screening:
    """What the screener for this kind of exam says; "unknown" material is not assessed."""
    return screen_and_average(received, context, digest, opinions=opinions)[0]


def screen_and_average(
    received: Received,
    context: PatientContext,
    digest: str,
    *,
    opinions: bool = False,
    limits: ExposureLimits = USUAL_LIMITS,
) -> tuple[Screening, BeatLook | None]:
    """The same, with the averaged beat of an ECG; other programs are asked only when told to.

    `limits`: what the institution accepts of the exposure of a film.
    """
    if received.trace is not None:
        asked = list_second_opinions() if opinions else ()
        return ecg.screen_and_average(received.trace, context, ecg_books(), digest, asked)
    return _other(received, context, digest, limits), None


def _other(
    received: Received, context: PatientContext, digest: str, limits: ExposureLimits
) -> Screening:
    if received.image is not None:
        return screen_film(received, context, digest, limits).said
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
