"""The quality sheet of one film: measure what the sheet asks for, and let the rules give points."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.exposure_band import USUAL_LIMITS, ExposureBand, ExposureLimits
from workbench.domain.image import Image, Spacing
from workbench.domain.quality_item import QualitySheet
from workbench.domain.received import ArrivalHeader
from workbench.domain.rulebook import RuleBook
from workbench.editions import body_parts, rule_book
from workbench.radiograph import film_box
from workbench.radiograph.chest_posture import look_at_clavicles, lung_height_ratio
from workbench.radiograph.collimation import OpenField, air_share, open_field
from workbench.radiograph.cut_off import lung_gaps
from workbench.radiograph.dense_objects import dense_objects
from workbench.radiograph.exposure import ExposureMeasures, deviation_index, measure_exposure
from workbench.radiograph.film_facts import ChestFacts, Deviation, FilmFacts
from workbench.radiograph.sharpness import dome_spread, heart_spread, thinning
from workbench.radiograph.thorax import (
    HEART,
    LEFT_CLAVICLE,
    LEFT_LUNG,
    RIGHT_CLAVICLE,
    RIGHT_LUNG,
)
from workbench.rules.dr_quality import judge_chest, judge_other

BOOK: Final = "dr-quality-2026.1"
EXPOSURE_BOOK: Final = "dr-2026.1"
NOT_OUTLINED: Final = "lungs and heart were not outlined"
ONE_LUNG: Final = "a lung is missing in the outline, or lies outside the field"

Grey = NDArray[np.float32]
Masks = NDArray[np.uint8]


@cache  # shipped data does not change while a process runs
def quality_book() -> RuleBook:
    """The sheet's limits together with those of exposure, under the sheet's name."""
    sheet, exposure = rule_book(BOOK), rule_book(EXPOSURE_BOOK)
    return RuleBook(name=sheet.name, thresholds={**exposure.thresholds, **sheet.thresholds})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QualityAsked:
    """What is known of a film before its quality is judged.

    `chest`: the gate took it for an upright frontal chest film; any other film gets the short
    sheet. `masks`: the bits of `ThoraxLook.masks`, of the shape of the greys; None where the gate
    refused them, and `why_no_masks` then says so on the sheet. `step`: pixels of the stored film
    for one of `masks` and of the greys. `sides_doubtful`: left and right look exchanged. `limits`:
    of the exposure, by institution and part.
    """

    chest: bool
    masks: Masks | None = None
    why_no_masks: str = NOT_OUTLINED
    step: int = 1
    sides_doubtful: bool = False
    limits: ExposureLimits = USUAL_LIMITS


def judge_quality(
    image: Image,
    header: ArrivalHeader,
    grey: Grey,
    asked: QualityAsked,
    measured: ExposureMeasures | None = None,
) -> QualitySheet:
    """Fill the quality sheet of a film; pure, reads nothing but shipped limits.

    `grey` is the whole film as it is shown (float32, 0 to 1, dense parts bright), or a small copy
    of it, 0.5 mm a pixel or finer. `measured` saves measuring the exposure twice. The result is
    for `Screening.sheet`, its `grade` for `Screening.grade`.
    """
    book = quality_book()
    measured = measured or measure_exposure(
        image.values, bits=image.bits, invert=image.invert, padding=image.padding,
        shutter=image.shutter,
    )  # fmt: skip
    step = film_box.step_of(grey.shape)
    coarse = np.ascontiguousarray(grey[::step, ::step])
    field = open_field(coarse, image.shutter, step * asked.step)
    rows, columns = field.slices
    seen = (rows.stop - rows.start) * (columns.stop - columns.start)
    facts, reason = None, asked.why_no_masks
    if asked.chest and asked.masks is not None:
        facts = _chest(image.spacing, grey, asked, field, book)
        reason = "" if facts else ONE_LUNG
    film = FilmFacts(
        missing=_missing(header),
        deviation=deviation_of(header, asked.limits, book),
        exposure=measured,
        field=field,
        field_share=seen / coarse.size,
        air_share=air_share(coarse, field),
        chest=facts,
        chest_reason=reason,
        sides_doubtful=asked.sides_doubtful,
    )
    return judge_chest(film, book) if asked.chest else judge_other(film, book)


def deviation_of(header: ArrivalHeader, limits: ExposureLimits, book: RuleBook) -> Deviation:
    """Deviation index of a film by the target in force: the site's own before the device's."""
    usual = ExposureBand(note=book["di.note"].value, review=book["di.review"].value)
    band = limits.bands.of(limits.site, body_parts().code(header.body_part) or "", usual)
    index, stated, written = (
        _number(header.tags, key)
        for key in ("ExposureIndex", "TargetExposureIndex", "DeviationIndex")
    )
    target = stated if band.target is None else band.target
    computed = None
    if index is not None and target is not None and index > 0 and target > 0:
        computed = deviation_index(index, target)
    value = written if computed is None else computed
    return Deviation(
        value=value,
        computed=computed,
        written=written if band.target is None else None,  # the device's own is by another target
        band=band,
    )


def _chest(
    spacing: Spacing, grey: Grey, asked: QualityAsked, field: OpenField, book: RuleBook
) -> ChestFacts | None:
    """Everything that rests on outlines; None where a lung is missing."""
    masks, step = asked.masks, film_box.step_of(grey.shape)
    if masks is None or masks.shape != grey.shape:
        raise ValueError(
            f"greys {grey.shape}, masks {None if masks is None else masks.shape}: "
            "both must be of one shape"
        )
    thin = masks[::step, ::step]
    lungs = (thin & RIGHT_LUNG) > 0, (thin & LEFT_LUNG) > 0
    if not all(lung[field.slices].any() for lung in lungs):
        return None
    scaled = spacing.row_mm is not None and spacing.column_mm is not None
    if spacing.row_mm is not None and spacing.column_mm is not None:
        row, column = spacing.row_mm * asked.step, spacing.column_mm * asked.step
    else:
        across = np.flatnonzero((lungs[0] | lungs[1]).any(axis=0))
        row = column = book["scale.lung_width"].value / float((across[-1] - across[0] + 1) * step)
    mm = row * step, column * step
    width = thin.shape[1]
    pixel = mm if scaled else (1.0 / width, 1.0 / width)
    clavicles = (thin & RIGHT_CLAVICLE) > 0, (thin & LEFT_CLAVICLE) > 0
    fine = thinning(column)
    sharp, own = grey[::fine, ::fine], masks[::fine, ::fine]
    right, left = (own & RIGHT_LUNG) > 0, (own & LEFT_LUNG) > 0
    edges = (
        dome_spread("the right dome", sharp, right, row * fine),
        dome_spread("the left dome", sharp, left, row * fine),
        heart_spread(sharp, (own & HEART) > 0, left, column * fine),
    )
    return ChestFacts(
        gaps=lung_gaps(*lungs, field, pixel),
        unit="mm" if scaled else "width",
        clavicles=look_at_clavicles(lungs, clavicles, mm),
        height_ratio=lung_height_ratio(lungs, mm),
        spreads=tuple(edge for edge in edges if edge is not None),
        objects=dense_objects(grey[::step, ::step], lungs[0] | lungs[1], mm[1]),
        scaled=scaled,
    )


def _missing(header: ArrivalHeader) -> tuple[str, ...]:
    """Facts the file does not give, by the words of the sheet."""
    known = {
        "patient number": bool(header.patient_id.strip()),
        "patient name": bool(header.name.strip()),
        "sex": bool(header.sex.strip()),
        "age": header.birth_date is not None or header.age_years is not None,
        "exam time": bool(header.device_clock or header.exam_start or header.exam_end),
        "body part": bool(header.body_part.strip()),
        "view": bool(header.view.strip()),
    }
    return tuple(name for name, there in known.items() if not there)


def _number(tags: Mapping[str, object], key: str) -> float | None:
    value = tags.get(key)
    return float(value) if isinstance(value, int | float) else None
