"""Numbers of one chest film from its outlines, each with its place, or why there is none."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.finding import Measurement
from workbench.domain.rulebook import RuleBook
from workbench.radiograph.hemithorax import Sides, compare_sides, mediastinal_shift
from workbench.radiograph.outline import outline, written
from workbench.radiograph.ratio_error import standard_error, sunken_heart
from workbench.radiograph.thorax import (
    HEART,
    LEFT_LUNG,
    RIGHT_LUNG,
    Field,
    Masks,
    Ratio,
    Span,
    asymmetry,
    dome_difference,
    extent,
    organ,
)
from workbench.rules.dr_findings import AP, PA, SIDES_DOUBTFUL, ChestFacts, ratio_fault
from workbench.screening.dr_content import ThoraxSeen

NAMES: Final = (
    "ctr", "ctr_se", "lung_area_right", "lung_area_left", "lung_asymmetry", "dome_difference",
    "lung_extent", "mediastinal_shift", "side_density",
)  # fmt: skip
ENLARGED_BY_AP: Final = "approximate: an AP film enlarges the heart; not compared with 0.50"
VIEW_UNKNOWN: Final = "approximate: the view is not given; not compared with 0.50"
NO_OUTLINE: Final = "lungs and heart were not outlined"
NO_CLAVICLES: Final = "the clavicles were not outlined"
NO_DOME: Final = "a dome was not seen"
NO_CONTRAST: Final = "lung and dense parts do not differ"
DIGITS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Numbers for people, and the same for the rules."""

    numbers: tuple[Measurement, ...]
    facts: ChestFacts


def not_measured(reason: str) -> Measured:
    """Every number, missing for one reason."""
    numbers = tuple(Measurement(name, None, "1", reason=reason) for name in NAMES)
    nothing = ChestFacts(
        view="", ratio=None, ratio_error=0.0, sides=None, places=MappingProxyType({})
    )
    return Measured(numbers, nothing)


def measure(
    grey: NDArray[np.float32], seen: ThoraxSeen, view: str, book: RuleBook, *, mirrored: bool
) -> Measured:
    """Measure a film that passed the gate; the nets outline no heart whose sides are exchanged."""
    masks = seen.look.masks
    method = f"{seen.look.model} {seen.look.sha256[:12]}"
    sides = compare_sides(grey, masks)
    sunken = sunken_heart(masks)
    fault = ratio_fault(seen.ratio, (seen.right, seen.left), sides, sunken, book)
    if mirrored:
        fault = SIDES_DOUBTFUL
    ratio = None if fault else seen.ratio
    error = 0.0
    if ratio is not None:
        spread = seen.look.ctr_spread or 0.0
        error = standard_error(spread, book["ctr.error"].value, ratio.thorax)
    places = _places(masks, ratio, sides)
    shift = None if ratio is None else mediastinal_shift(masks, ratio.thorax)
    numbers = (
        *_ratio(ratio, error, fault, view, method, places),
        *_fields(seen.right, seen.left, None if ratio is None else ratio.thorax, fault),
        _number("mediastinal_shift", shift, NO_CLAVICLES if ratio is not None else fault),
        _number("side_density", None if sides is None else sides.opacity, NO_CONTRAST),
    )
    facts = ChestFacts(view=view, ratio=ratio, ratio_error=error, sides=sides, places=places)
    return Measured(numbers, facts)


def _ratio(
    ratio: Ratio | None, error: float, fault: str, view: str, method: str, places: dict[str, str]
) -> tuple[Measurement, Measurement]:
    if ratio is None:
        return (
            Measurement("ctr", None, "1", method, reason=fault),
            Measurement("ctr_se", None, "1", method, reason=fault),
        )
    remark = "" if view == PA else ENLARGED_BY_AP if view == AP else VIEW_UNKNOWN
    place = "; ".join(f"{k} {places[k]}" for k in ("heart_line", "thorax_line", "heart"))
    two = round(ratio.value, 2)  # a pixel of the outline is worth 0.01: a third digit says nothing
    return (
        Measurement("ctr", two, "1", method, place, remark, round(error, DIGITS)),
        Measurement("ctr_se", round(error, DIGITS), "1", method),
    )


def _fields(
    right: Field | None, left: Field | None, thorax: Span | None, fault: str
) -> tuple[Measurement, ...]:
    areas = [0.0 if side is None else side.area for side in (right, left)]
    both = right is not None and left is not None and thorax is not None
    uneven = asymmetry(*areas) if sum(areas) > 0 else None
    domes = dome_difference(right, left, thorax) if both and right and left and thorax else None
    reach = extent(right, left, thorax) if both and right and left and thorax else None
    return (
        _number("lung_area_right", areas[0] or None, NO_OUTLINE),
        _number("lung_area_left", areas[1] or None, NO_OUTLINE),
        _number("lung_asymmetry", uneven, NO_OUTLINE),
        _number("dome_difference", domes, NO_DOME if both else fault),
        _number("lung_extent", reach, fault),
    )


def _number(name: str, value: float | None, reason: str) -> Measurement:
    if value is None:
        return Measurement(name, None, "1", reason=reason or NO_OUTLINE)
    return Measurement(name, round(value, DIGITS), "1")


def _places(masks: Masks, ratio: Ratio | None, sides: Sides | None) -> dict[str, str]:
    """Lines and outlines as shares of the film, for the page that draws them."""
    rows, columns = masks.shape
    found = {
        name: written(outline(organ(masks, bit)))
        for name, bit in (("right_lung", RIGHT_LUNG), ("left_lung", LEFT_LUNG), ("heart", HEART))
    }
    if ratio is not None:
        for name, width in (("heart_line", ratio.heart), ("thorax_line", ratio.thorax)):
            y = (width.first_row + width.last_row + 1.0) / 2.0 / rows
            found[name] = written(((width.first / columns, y), (width.last / columns, y)))
    if sides is not None:
        left, upper, right, lower = sides.place
        box = ((left, upper), (right, upper), (right, lower), (left, lower))
        found["opaque"] = written(tuple((x / columns, y / rows) for x, y in box))
    return found
