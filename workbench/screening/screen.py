"""Which screener looks at what arrived."""

from workbench.domain.context import PatientContext
from workbench.domain.finding import Gate, Screening
from workbench.domain.received import Received
from workbench.screening import dr_exposure, ecg_rate


def screen(received: Received, context: PatientContext, digest: str) -> Screening:
    """What the screener for this kind of exam says; "unknown" material is not assessed."""
    if received.trace is not None:
        return ecg_rate.screen_trace(received.trace, context, digest)
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
