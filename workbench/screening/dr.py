"""DR screening: gate, exposure, outlines, measurements, findings, into one result.

What cannot be judged is "not assessed, because"; what no evaluation supports is not searched for.
"""

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.context import PatientContext
from workbench.domain.exposure_band import USUAL_LIMITS, ExposureLimits
from workbench.domain.finding import Finding, Gate, Screening
from workbench.domain.image import Image
from workbench.domain.kinds import ExamKind
from workbench.domain.quality_item import QualitySheet
from workbench.domain.received import Received
from workbench.editions import body_parts, finding_terms, operating_points, rule_book
from workbench.rules.dr_findings import judge_chest
from workbench.rules.dr_gate import GateCode, GateFacts, judge_gate
from workbench.screening.dr_content import (
    ModelMissing,
    SmallFilm,
    ThoraxSeen,
    full_size,
    see,
    small_film,
)
from workbench.screening.dr_exposure import BOOK, SCREENER, VERSION, ExposureLook, look_at_exposure
from workbench.screening.dr_measures import Measured, measure, not_measured
from workbench.screening.dr_quality import QualityAsked, judge_quality

GATE_BOOK: Final = "dr-gate-2026.1"
FINDINGS_BOOK: Final = "dr-findings-2026.1"
BOOKS: Final = f"{BOOK}+{GATE_BOOK}+{FINDINGS_BOOK}"
BREAST: Final = "MG"  # modality whose films name no body part


# What is not an upright frontal chest film of its own is not held against the sheet of one.
NO_CHEST_SHEET: Final = frozenset({
    GateCode.NOT_CHEST, GateCode.LATERAL, GateCode.BODY_PART_DISAGREES,
    GateCode.PHOTO_OR_SCREENSHOT,
    GateCode.POLARITY_INVERTED, GateCode.ROTATED_90, GateCode.ROTATED_180, GateCode.ROTATED_270,
})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class FilmScreening:
    """The result, and the outlines it rests on."""

    said: Screening
    small: SmallFilm
    seen: ThoraxSeen | None
    shape: tuple[int, int]

    def masks(self) -> NDArray[np.uint8]:
        """Bits 1 right lung, 2 left lung, 4 heart, 8 right clavicle, 16 left clavicle."""
        if self.seen is None:
            return np.zeros(self.shape, np.uint8)
        return full_size(self.seen.look.masks, self.shape, self.small.step)


def screen_film(
    received: Received,
    context: PatientContext,
    digest: str,
    limits: ExposureLimits = USUAL_LIMITS,
) -> FilmScreening:
    """Screen one decoded film; never raises for what is wrong with the film itself."""
    began = time.perf_counter()
    image = _image(received)
    exposure = look_at_exposure(image, received.header.tags, rule_book(BOOK))
    small = small_film(image)
    missing, seen = False, None
    try:
        seen = None if exposure.blank else see(small, image)
    except ModelMissing:
        missing = True
    facts = _facts(received, context, exposure, small, seen)
    gate = judge_gate(replace(facts, model_missing=missing), rule_book(GATE_BOOK))
    measured, findings = _measured(received, gate, small, seen)
    sheet = _sheet(received, gate, exposure, small, seen, limits)
    said = Screening(
        screener=SCREENER,
        version=VERSION,
        rulebook=BOOKS,
        digest=digest,
        modality=ExamKind.DR.value,
        assessed=gate.accepted,
        reason=scope() if gate.accepted else gate.notes[0],
        gate=Gate(
            accepted=gate.accepted,
            codes=(*gate.codes, *exposure.codes),
            notes=(*gate.notes, *image.notes, *exposure.notes),
        ),
        grade=None if sheet is None or sheet.grade is None else sheet.grade.value,
        quality=exposure.quality,
        measurements=(*measured.numbers, *exposure.measurements),
        findings=findings,
        sheet=sheet,
        elapsed_ms=round((time.perf_counter() - began) * 1000.0, 1),
    )
    return FilmScreening(said, small, seen, (image.values.shape[0], image.values.shape[1]))


def scope() -> str:
    """What was searched for, and that everything else was not."""
    terms, points = finding_terms(), operating_points()
    on = ", ".join(terms[code].en for code, point in points.items() if point.on)
    off = ", ".join(terms[code].en for code, point in points.items() if not point.on)
    return f"searched for: {on}; not supported: {off}; all else was not looked for"


def _image(received: Received) -> Image:
    if received.image is None:
        raise ValueError(f"{received.reader} read no film; ask the screener of its own kind")
    return received.image


def _facts(
    received: Received,
    context: PatientContext,
    exposure: ExposureLook,
    small: SmallFilm,
    seen: ThoraxSeen | None,
) -> GateFacts:
    header, shape = received.header, _image(received).values.shape
    part = header.body_part or (header.modality if header.modality == BREAST else "")
    return GateFacts(
        part=part,
        group=_group(part),
        view=header.view.strip().upper(),
        age_years=context.age_years,
        rows=shape[0],
        columns=shape[1],
        blank=exposure.blank,
        coloured=_coloured(received),
        panel=small.panel,
        letters=small.letters,
        text_by_tag=str(header.tags.get("BurnedInAnnotation", "")).upper() == "YES",
        content=None if seen is None else seen.content,
    )


def _group(part: str) -> str:
    """Group of the part; a text nobody knows is as good as none, a mammogram is no chest."""
    if part == BREAST:
        return "breast"
    return "" if body_parts().code(part) is None else body_parts().group(part)


def _coloured(received: Received) -> float:
    share = received.header.tags.get("ColouredShare")
    if isinstance(share, float):
        return share
    return 1.0 if "colour_picture" in received.flags else 0.0


def _sheet(
    received: Received,
    gate: Gate,
    exposure: ExposureLook,
    small: SmallFilm,
    seen: ThoraxSeen | None,
    limits: ExposureLimits,
) -> QualitySheet | None:
    """The sheet of a chest for what looks like one, a short one for the rest."""
    if exposure.blank or GateCode.TOO_SMALL in gate.codes:
        return None
    is_chest = NO_CHEST_SHEET.isdisjoint(gate.codes)
    steady = is_chest and seen is not None and GateCode.UNSTEADY not in gate.codes
    asked = QualityAsked(
        chest=is_chest,
        masks=seen.look.masks if steady and seen is not None else None,
        step=small.step,
        sides_doubtful=GateCode.MIRRORED in gate.codes,
        limits=limits,
    )
    image = _image(received)
    return judge_quality(image, received.header, small.grey, asked, exposure.measures)


def _measured(
    received: Received, gate: Gate, small: SmallFilm, seen: ThoraxSeen | None
) -> tuple[Measured, tuple[Finding, ...]]:
    if seen is None or not gate.accepted:
        return not_measured(gate.notes[0] if gate.notes else "not looked at"), ()
    book = rule_book(FINDINGS_BOOK)
    mirrored = GateCode.MIRRORED.value in gate.codes
    view = received.header.view.strip().upper()
    measured = measure(small.grey, seen, view, book, mirrored=mirrored)
    return measured, judge_chest(measured.facts, operating_points(), book)
