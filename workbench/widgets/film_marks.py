"""What a browser says is drawn on a film: shape and size are checked before anyone reads it."""

from collections.abc import Mapping

from traitlets import TraitError

from workbench.widgets.incoming import number, number_or_none, one_of, record, text

MOST_MARKS = 200
MOST_POINTS = 10
MOST_VALUES = 10
TOOLS = (
    "Length", "Angle", "Cobb", "Bidirectional", "RectangleROI", "EllipticalROI", "ArrowAnnotate",
    "CTR", "LimbLength",
)  # fmt: skip
NOTHING = ("ArrowAnnotate",)  # tools that only point
UNITS = ("mm", "mm-detector", "px", "mm2", "mm-detector2", "px2", "deg", "1", "value")
KINDS = ("calibrated", "detector", "unknown")


def marks(value: object) -> list[dict[str, object]]:
    """Return the marks drawn on a film."""
    if not isinstance(value, list | tuple) or len(value) > MOST_MARKS:
        raise TraitError(f"annotations must be a list of at most {MOST_MARKS}, got {value!r:.80}")
    return [_mark(record(each, "annotation")) for each in value]


def marked(value: object) -> dict[str, object]:
    """Return which film the reader has changed, and what is on it now."""
    raw = record(value, "marked")
    if not raw:
        return {}
    return {"id": text(raw.get("id"), "marked id"), "marks": marks(raw.get("marks"))}


def _mark(raw: Mapping[str, object]) -> dict[str, object]:
    points = raw.get("points")
    if not isinstance(points, list | tuple) or not 0 < len(points) <= MOST_POINTS:
        raise TraitError(f"annotation points must be a short list, got {points!r:.80}")
    values = raw.get("values", [])
    if not isinstance(values, list | tuple) or len(values) > MOST_VALUES:
        raise TraitError(f"annotation values must be a short list, got {values!r:.80}")
    tool = one_of(raw.get("tool"), TOOLS, "annotation tool")
    kept: dict[str, object] = {
        "uid": text(raw.get("uid"), "annotation uid"),
        "tool": tool,
        "points": [_point(each) for each in points],
        "text": text(raw.get("text", ""), "annotation text"),
        "values": [_value(record(each, "annotation value")) for each in values],
        "calibration": _calibration(record(raw.get("calibration", {}), "annotation calibration")),
    }
    if tool in NOTHING:
        return {**kept, "value": None, "unit": ""}
    unit = one_of(raw.get("unit"), UNITS, "annotation unit")
    return {**kept, "value": number(raw.get("value"), "annotation value"), "unit": unit}


def _value(raw: Mapping[str, object]) -> dict[str, object]:
    return {
        "name": text(raw.get("name"), "value name"),
        "value": number(raw.get("value"), "value"),
        "unit": one_of(raw.get("unit"), UNITS, "value unit"),
    }


def _calibration(raw: Mapping[str, object]) -> dict[str, object]:
    if not raw:
        return {}
    return {
        "kind": one_of(raw.get("kind"), KINDS, "calibration kind"),
        "row_mm": number_or_none(raw.get("row_mm"), "calibration row_mm"),
        "column_mm": number_or_none(raw.get("column_mm"), "calibration column_mm"),
        "note": text(raw.get("note", ""), "calibration note"),
        "factor": number_or_none(raw.get("factor"), "calibration factor"),
    }


def _point(value: object) -> list[float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise TraitError(f"a point is column and row, got {value!r:.80}")
    return [number(each, "point") for each in value]
