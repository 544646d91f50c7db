"""What a signed mark says in words: its numbers, and what a millimetre of them is.

The viewer says the same beside a mark while it is drawn (`frontend/film/wording.mjs`).
"""

from collections.abc import Callable, Mapping, Sequence

from workbench.domain.mark import Calibration, Mark, MarkValue, Tool
from workbench.language import label

Translate = Callable[[str], str]
Values = Mapping[str, MarkValue]
CORRECTED = "differs from the detector: corrected"  # as the reader of the file notes it
SMALL_AREA = 10.0  # of its unit: below, two decimals tell more than none


def scale(unit: str, calibration: Calibration, _: Translate) -> str:
    """What the length of a mark is counted in, short enough to stand beside every one."""
    if unit == "px":
        return "px"
    if unit == "mm-detector":
        return _("mm (detector plane)")
    if calibration.factor:
        return _("mm (divided by {factor})").format(factor=f"{calibration.factor:g}")
    if calibration.note == CORRECTED:
        return _("mm (corrected spacing)")
    return _("mm (calibrated)")


def calibration_words(calibration: Calibration, _: Translate) -> str:
    """How the numbers of a film are calibrated, in one sentence."""
    if calibration.unit == "px":
        said = calibration.note == "no word on calibration"
        return _(calibration.note) if said else _("no spacing given: lengths in px")
    unit = scale(calibration.unit, calibration, _)
    if calibration.unit == "mm-detector":
        return unit
    why = (
        _("magnification {factor}").format(factor=f"{calibration.factor:g}")
        if calibration.factor
        else _(calibration.note)
    )
    return _(": ").join(part for part in (unit, why) if part)


def beside(mark: Mark, _: Translate) -> list[str]:
    """The lines that stand beside a mark; none where its points give no number."""
    values = {v.name: v for v in mark.values if v.value is not None}
    said = _SAID.get(mark.tool)
    lines = said(values, mark.calibration, _) if said else []
    return [mark.text, *lines] if mark.text else lines


def in_a_line(mark: Mark, _: Translate) -> str:
    """A mark in a list: what was drawn, and its numbers."""
    tool, said = label(mark.tool, _), _("; ").join(beside(mark, _))
    if not said or said.startswith(tool.split()[0]):
        return said or tool
    return f"{tool}{_(': ')}{said}"


def _number(value: MarkValue) -> str:
    return f"{value.value:.1f}"


def _length(values: Values, calibration: Calibration, _: Translate) -> list[str]:
    one = values.get("length")
    return [f"{_number(one)} {scale(one.unit, calibration, _)}"] if one else []


def _angle(values: Values, calibration: Calibration, _: Translate) -> list[str]:
    del calibration, _
    one = values.get("angle")
    return [f"{_number(one)}°"] if one else []


def _cobb(values: Values, calibration: Calibration, _: Translate) -> list[str]:
    return [f"Cobb {line}" for line in _angle(values, calibration, _)]


def _two(values: Values, calibration: Calibration, _: Translate) -> list[str]:
    long, short = values.get("long"), values.get("short")
    if long is None or short is None:
        return []
    return [f"{_number(long)} × {_number(short)} {scale(long.unit, calibration, _)}"]


def _area(values: Values, calibration: Calibration, _: Translate) -> list[str]:
    one = values.get("area")
    if one is None or one.value is None:
        return []
    unit = scale(one.unit.removesuffix("2"), calibration, _)
    squared = f"{unit[:2]}²{unit[2:]}"  # both units begin with the two letters that are squared
    decimals = 2 if one.value < SMALL_AREA else 0
    return [f"{one.value:.{decimals}f} {squared}"]


def _chest(values: Values, calibration: Calibration, _: Translate) -> list[str]:
    ratio, heart, thorax = (values.get(name) for name in ("ratio", "heart", "thorax"))
    if ratio is None or ratio.value is None:
        return []
    lines = [f"{_('Heart to thorax')} {ratio.value:.2f}"]
    if heart is not None and thorax is not None:
        unit = scale(heart.unit, calibration, _)
        lines.append(f"{_number(heart)} / {_number(thorax)} {unit}")
    return lines


def _limb(values: Values, calibration: Calibration, _: Translate) -> list[str]:
    whole, parts = values.get("whole"), [values.get(name) for name in ("upper", "lower")]
    if whole is None:
        return []
    lines = [f"{_('Leg')} {_number(whole)} {scale(whole.unit, calibration, _)}"]
    if all(parts):
        upper, lower = (_number(part) for part in parts if part is not None)
        lines.append(f"{_('Femur')} {upper} · {_('Tibia')} {lower}")
    angle: Sequence[str] = _angle(values, calibration, _)
    return [*lines, *(f"{_('Hip-knee-ankle')} {one}" for one in angle)]


_SAID: Mapping[Tool, Callable[[Values, Calibration, Translate], list[str]]] = {
    Tool.LENGTH: _length,
    Tool.ANGLE: _angle,
    Tool.COBB: _cobb,
    Tool.BIDIRECTIONAL: _two,
    Tool.RECTANGLE: _area,
    Tool.ELLIPSE: _area,
    Tool.CTR: _chest,
    Tool.LIMB: _limb,
}
