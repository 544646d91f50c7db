"""How a film was exposed: index and deviation of the header, clipping and spread of its values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workbench.domain.errors import WorkbenchError
from workbench.domain.finding import Finding, Gate, Measurement, Screening
from workbench.domain.image import Image
from workbench.domain.kinds import ExamKind
from workbench.domain.rulebook import RuleBook
from workbench.editions import rule_book
from workbench.radiograph.exposure import ExposureMeasures, deviation_index, measure_exposure
from workbench.rules.dr_exposure import (
    contradicts,
    is_blank,
    is_notable,
    judge_clipping,
    judge_deviation,
)

SCREENER: Final = "dr"
VERSION: Final = "2.0.0"
BOOK: Final = "dr-2026.1"


@dataclass(frozen=True, slots=True)
class ExposureLook:
    """What the exposure of one film gave; `blank` says that there is nothing to look at."""

    blank: bool
    measures: ExposureMeasures
    measurements: tuple[Measurement, ...]
    quality: tuple[Finding, ...]
    codes: tuple[str, ...]
    notes: tuple[str, ...]


def look_at_exposure(image: Image, tags: Mapping[str, object], book: RuleBook) -> ExposureLook:
    """Measure a decoded film, and judge its index; clipping is judged where there is a picture."""
    measured = measure_exposure(
        image.values,
        bits=image.bits,
        invert=image.invert,
        padding=image.padding,
        shutter=image.shutter,
    )
    index, quality, codes, notes = _deviation(tags, book)
    blank = is_blank(measured, book)
    clipping = None if blank else judge_clipping(measured, book)
    return ExposureLook(
        blank=blank,
        measures=measured,
        measurements=(*index, *_shares(measured)),
        quality=(*quality, *([clipping] if clipping else [])),
        codes=tuple(codes),
        notes=tuple(notes),
    )


def refuse_film(error: WorkbenchError, digest: str, book: RuleBook | None = None) -> Screening:
    """What is said of a film that could not be decoded; the exam stays and sorts up."""
    said = str(error)
    return Screening(
        screener=SCREENER,
        version=VERSION,
        rulebook=(book or rule_book(BOOK)).name,
        digest=digest,
        modality=ExamKind.DR.value,
        assessed=False,
        reason=said,
        gate=Gate(
            accepted=False,
            codes=("truncated" if said.startswith("truncated") else "not_decoded",),
            notes=(said,),
        ),
    )


def _deviation(
    tags: Mapping[str, object], book: RuleBook
) -> tuple[list[Measurement], list[Finding], list[str], list[str]]:
    index, target, written = (
        _number(tags, key) for key in ("ExposureIndex", "TargetExposureIndex", "DeviationIndex")
    )
    found = [
        _stated("exposure_index", index),
        _stated("target_exposure_index", target),
        _stated("deviation_index_written", written),
    ]
    computed = None
    if index is not None and target is not None and index > 0 and target > 0:
        computed = deviation_index(index, target)
        found.append(Measurement("deviation_index", computed, "1", "10 log10(EI/EIT)"))
    elif written is not None:
        found.append(Measurement("deviation_index", written, "1", "header"))
    else:
        reason = "exposure index or target is not given"
        found.append(Measurement("deviation_index", None, "1", "10 log10(EI/EIT)", reason=reason))
    codes: list[str] = []
    notes: list[str] = []
    if computed is not None and written is not None and contradicts(written, computed, book):
        codes.append("di_contradicts")
        notes.append(
            f"the header writes deviation index {written:+.1f}, but {index:g} against target "
            f"{target:g} is {computed:+.1f}; the recomputed value is used"
        )
    used = written if computed is None else computed
    if used is None:
        return found, [], ["no_exposure_index"], notes
    finding = judge_deviation(used, book)
    if finding is None and is_notable(used, book):
        notes.append(f"deviation index {used:+.1f}: off the target, within the review limit")
    return found, [finding] if finding else [], codes, notes


def _shares(measured: ExposureMeasures) -> tuple[Measurement, ...]:
    return (
        Measurement("fully_white", round(measured.white, 4), "1", "share", "middle of the field"),
        Measurement("fully_black", round(measured.black, 4), "1", "share", "middle of the field"),
        Measurement("spread", round(measured.spread, 4), "1", "1st to 99th percentile / depth"),
    )


def _stated(name: str, value: float | None) -> Measurement:
    reason = "" if value is not None else "not given in the file"
    return Measurement(name, value, "1", "header", reason=reason)


def _number(tags: Mapping[str, object], key: str) -> float | None:
    value = tags.get(key)
    return float(value) if isinstance(value, int | float) else None
