"""From the points of a mark to its numbers; plain Python, so that a page's kernel can do it.

The viewer does the same sums while a mark is drawn (frontend/film/measures.mjs); both are held
against tests/golden/film_measures.json. What is stored is always what this module says.
A pixel is as wide and as high as the film says, also when the two differ. Where nobody says what a
pixel is in millimetres, lengths are in pixels; angles and ratios use its shape alone.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from workbench.domain.mark import Calibration, Mark, MarkValue, Point, Tool

Vector = tuple[float, float]


def measured(tool: Tool, points: Sequence[Point], calibration: Calibration) -> list[MarkValue]:
    """Give every number of a mark.

    Parameters
    ----------
    tool : Tool
        What was drawn.
    points : sequence of (float, float)
        Column and row in pixels of the stored film, in the order `Tool` says.
    calibration : Calibration
        Size of a pixel (mm) and what it means.

    Returns
    -------
    list of MarkValue
        In the order they are shown; a value is None where the points give none.
    """
    return _MEASURES[tool](points, calibration)


def placed(marks: Sequence[Mark], calibration: Calibration) -> tuple[Mark, ...]:
    """Give marks the film's calibration and the numbers that follow from it.

    Parameters
    ----------
    marks : sequence of Mark
        With their points; whatever numbers they carry are dropped.
    calibration : Calibration
        Of the stored film.

    Returns
    -------
    tuple of Mark
        In the same order.
    """
    return tuple(
        Mark(
            uid=m.uid, tool=m.tool, points=m.points, text=m.text, calibration=calibration,
            values=tuple(measured(m.tool, m.points, calibration)),
        )
        for m in marks
    )  # fmt: skip


def box(points: Sequence[Point]) -> tuple[float, float, float, float]:
    """Give the edges of the upright rectangle around points.

    Parameters
    ----------
    points : sequence of (float, float)
        Column and row.

    Returns
    -------
    tuple of float
        Lowest and highest column, lowest and highest row.
    """
    columns, rows = [p[0] for p in points], [p[1] for p in points]
    return min(columns), max(columns), min(rows), max(rows)


def _vector(a: Point, b: Point, size: Vector) -> Vector:
    return (b[0] - a[0]) * size[0], (b[1] - a[1]) * size[1]


def _between(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _lengths(calibration: Calibration) -> Vector:
    """Width and height of a pixel in the unit of lengths."""
    column, row = calibration.column_mm, calibration.row_mm
    if calibration.unit == "px" or column is None or row is None:
        return 1.0, 1.0
    return column, row


def _shape(calibration: Calibration) -> Vector:
    """Width and height of a pixel up to a factor: spacing of unknown meaning still has a shape."""
    if calibration.column_mm is None or calibration.row_mm is None:
        return 1.0, 1.0
    return calibration.column_mm, calibration.row_mm


def _length(calibration: Calibration, a: Point, b: Point) -> float:
    return math.hypot(*_vector(a, b, _lengths(calibration)))


def _cross(u: Vector, v: Vector) -> float:
    return u[0] * v[1] - u[1] * v[0]


def _dot(u: Vector, v: Vector) -> float:
    return u[0] * v[0] + u[1] * v[1]


def _angle(u: Vector, v: Vector) -> float | None:
    """0 to 180 degrees; None when one has no length."""
    if not math.hypot(*u) or not math.hypot(*v):
        return None
    return math.degrees(math.atan2(abs(_cross(u, v)), _dot(u, v)))


def _of_length(points: Sequence[Point], by: Calibration) -> list[MarkValue]:
    return [MarkValue("length", _length(by, *points), by.unit)]


def _of_angle(points: Sequence[Point], by: Calibration) -> list[MarkValue]:
    end, vertex, other = points
    size = _shape(by)
    return [
        MarkValue("angle", _angle(_vector(vertex, end, size), _vector(vertex, other, size)), "deg")
    ]


def _of_cobb(points: Sequence[Point], by: Calibration) -> list[MarkValue]:
    """Both endplates are taken towards the same side of the line that joins their middles.

    So neither the order of the ends nor a turn of the film matters, and a curve above 90 degrees is
    not read as its supplement. Without such a side the smaller angle is given.
    """
    a, b, c, d = points
    size = _shape(by)
    axis = _vector(_between(a, b), _between(c, d), size)
    first, second = _vector(a, b, size), _vector(c, d, size)
    found = _angle(first, second)
    if found is None:
        return [MarkValue("angle", None, "deg")]
    sides = _cross(axis, first) * _cross(axis, second)
    if sides < 0 or (sides == 0 and found > 90):
        found = 180.0 - found
    return [MarkValue("angle", found, "deg")]


def _of_bidirectional(points: Sequence[Point], by: Calibration) -> list[MarkValue]:
    short, long = sorted((_length(by, *points[:2]), _length(by, *points[2:])))
    return [MarkValue("long", long, by.unit), MarkValue("short", short, by.unit)]


def _of_rectangle(points: Sequence[Point], by: Calibration) -> list[MarkValue]:
    width, height = _sides(points, by)
    return [
        MarkValue("area", width * height, by.area_unit),
        MarkValue("width", width, by.unit),
        MarkValue("height", height, by.unit),
    ]


def _of_ellipse(points: Sequence[Point], by: Calibration) -> list[MarkValue]:
    short, long = sorted(_sides(points, by))
    return [
        MarkValue("area", math.pi / 4 * long * short, by.area_unit),
        MarkValue("long", long, by.unit),
        MarkValue("short", short, by.unit),
    ]


def _sides(points: Sequence[Point], by: Calibration) -> Vector:
    left, right, top, bottom = box(points)
    x, y = _lengths(by)
    return (right - left) * x, (bottom - top) * y


def _of_arrow(_points: Sequence[Point], _by: Calibration) -> list[MarkValue]:
    return []


def _of_ctr(points: Sequence[Point], by: Calibration) -> list[MarkValue]:
    """The heart's width is taken along the line across the thorax, also when drawn askew."""
    a, b, c, d = points
    heart, thorax = _vector(a, b, _shape(by)), _vector(c, d, _shape(by))
    wide = math.hypot(*thorax)
    ratio = abs(_dot(heart, thorax)) / wide / wide if wide else None
    found = [MarkValue("ratio", ratio, "1")]
    if by.unit == "px" and _shape(by)[0] != _shape(by)[1]:
        return found  # on oblong pixels of unknown size no width is a number of pixels
    chest = _length(by, c, d)
    width = None if ratio is None else ratio * chest
    return [*found, MarkValue("heart", width, by.unit), MarkValue("thorax", chest, by.unit)]


def _of_limb(points: Sequence[Point], by: Calibration) -> list[MarkValue]:
    """The whole is the straight line between the ends; the angle is 180 when they lie in line."""
    hip, knee, ankle = points
    size = _shape(by)
    return [
        MarkValue("whole", _length(by, hip, ankle), by.unit),
        MarkValue("upper", _length(by, hip, knee), by.unit),
        MarkValue("lower", _length(by, knee, ankle), by.unit),
        MarkValue("angle", _angle(_vector(knee, hip, size), _vector(knee, ankle, size)), "deg"),
    ]


_MEASURES: Final[Mapping[Tool, Callable[[Sequence[Point], Calibration], list[MarkValue]]]] = (
    MappingProxyType({
        Tool.LENGTH: _of_length, Tool.ANGLE: _of_angle, Tool.COBB: _of_cobb,
        Tool.BIDIRECTIONAL: _of_bidirectional, Tool.RECTANGLE: _of_rectangle,
        Tool.ELLIPSE: _of_ellipse, Tool.ARROW: _of_arrow, Tool.CTR: _of_ctr, Tool.LIMB: _of_limb,
    })
)  # fmt: skip
