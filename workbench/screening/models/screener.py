"""What a model package says of one film: scores, and prompts where a threshold holds here.

Never a measurement of ours: a Screening of its own, named after the model, with the place, the
operating point and what stands behind it. Scores without an operating point, or with thresholds
nobody has confirmed on cases of this house, flag nothing.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.finding import Finding, FindingTerm, Gate, Measurement, Screening
from workbench.domain.kinds import ExamKind
from workbench.domain.model_card import (
    MODEL_PREFIX,
    ModelCard,
    ModelClass,
    ModelInput,
    ModelPoint,
)
from workbench.radiograph.net_frame import covered, framed
from workbench.radiograph.outline import written
from workbench.screening.models.heat import heat_map, hottest
from workbench.screening.models.runner import Batch, Net

SCORE: Final = "model score"
UNCONFIRMED: Final = "thresholds not confirmed on local cases: scores only, nothing is flagged"
NO_POINT: Final = "no operating point is given for this institution"
GATED: Final = "the film did not pass the input gate; no model was asked"

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model to be asked; `confirmed`: findings whose threshold was tried on cases of the site."""

    card: ModelCard
    net: Net
    confirmed: frozenset[str]  # finding codes


def batch_of(grey: Grey, given: ModelInput) -> Batch:
    """One film as the net wants it: shape (1, channels, rows, columns)."""
    small = framed(grey, (given.rows, given.columns), given.fit.value)
    values = small * np.float32(given.high - given.low) + np.float32(given.low)
    return np.ascontiguousarray(np.repeat(values[None, None], given.channels, axis=1))


def screen_with(
    model: LoadedModel,
    film: tuple[Grey, str, Gate],
    site: str,
    terms: Mapping[str, FindingTerm],
) -> Screening:
    """Ask one model about a film (grey 0 to 1 as shown, digest, gate) of an institution."""
    began = time.perf_counter()
    grey, digest, gate = film
    card = model.card
    findings: list[Finding] = []
    measurements: tuple[Measurement, ...] = ()
    open_ones = [c.name for c in card.known if c.point(site) and c.finding not in model.confirmed]
    notes = (UNCONFIRMED,) if open_ones else ()
    if gate.accepted:
        batch = batch_of(grey, card.given)
        scores = model.net.scores(batch)[0]
        measurements = tuple(_score(one, float(scores[one.index]), site) for one in card.classes)
        for one in card.known:
            point, score = one.point(site), float(scores[one.index])
            if point is None or one.finding not in model.confirmed or score < point.threshold:
                continue
            falls = heat_map(model.net, batch, one.index)
            place = _on_film(hottest(falls), grey.shape, card.given)
            evidence = evidence_of(one, score, point)
            severity = terms[one.finding].severity
            rule = f"{card.name} {card.version} {one.name}"
            findings.append(Finding(one.finding, severity, evidence, rule, place))
    return Screening(
        screener=f"{MODEL_PREFIX}{card.name}",
        version=card.version,
        rulebook=f"sha256 {card.sha256[:12]}",
        digest=digest,
        modality=ExamKind.DR.value,
        assessed=gate.accepted,
        reason="" if gate.accepted else GATED,
        gate=Gate(accepted=gate.accepted, codes=gate.codes, notes=notes),
        measurements=measurements,
        findings=tuple(findings),
        elapsed_ms=(time.perf_counter() - began) * 1000.0,
    )


def silent(card: ModelCard, digest: str, reason: str) -> Screening:
    """A model that could not answer, and why."""
    return Screening(
        screener=f"{MODEL_PREFIX}{card.name}",
        version=card.version,
        rulebook=f"sha256 {card.sha256[:12]}",
        digest=digest,
        modality=ExamKind.DR.value,
        assessed=False,
        reason=reason,
        gate=Gate(accepted=True),
    )


def evidence_of(one: ModelClass, score: float, point: ModelPoint) -> str:
    """Score beside its threshold, and what was measured there, on whom and on how many."""

    def share(value: float | None) -> str:
        return "not given" if value is None else f"{value:.0%}"

    return (
        f"{one.name}: score {score:.2f}, threshold {point.threshold:g}, "
        f"sensitivity {share(point.sensitivity)}, specificity {share(point.specificity)} on "
        f"{point.positives} with and {point.negatives} without ({point.data_set}, {point.on})"
    )


def _score(one: ModelClass, score: float, site: str) -> Measurement:
    reason = "" if one.point(site) else NO_POINT
    return Measurement(f"{SCORE}.{one.name}", round(score, 4), "1", "score of a model", "", reason)


def _on_film(
    box: tuple[float, float, float, float] | None, shape: tuple[int, int], given: ModelInput
) -> Mapping[str, float | str]:
    """The box as shares of the film, never beyond its edges."""
    if box is None:
        return {}
    left, upper, right, lower = covered(shape, (given.rows, given.columns), given.fit.value)
    across, down = right - left, lower - upper
    edges = (
        left + box[0] * across, upper + box[1] * down,
        left + box[2] * across, upper + box[3] * down,
    )  # fmt: skip
    x0, y0, x1, y1 = (min(1.0, max(0.0, edge)) for edge in edges)
    return {"model": written(((x0, y0), (x1, y0), (x1, y1), (x0, y1)))}
