"""Signed marks as the elements of a drawing over a picture of their film, ready for SVG.

Units are columns of the stored film both ways, from its upper left corner: a film of oblong
pixels is drawn in its true shape.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot, sqrt
from typing import Any, Final

from workbench.domain.mark import Mark, Point, Tool
from workbench.formats.mark_shapes import shapes
from workbench.formats.mark_words import beside, in_a_line

HALF: Final = 0.5  # our (0, 0) is the middle of the first pixel
ARROW: Final = 0.025  # of the width of the film: the two strokes of an arrow's head
DIAGONAL: Final = sqrt(0.5)
LETTER: Final = 0.036  # of the width: height of the words while nothing is enlarged
WIDE: Final = 0x2E80  # from here on letters are as wide as they are high
NARROW: Final = 0.6  # width of the others, at most about that


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One mark: its lines as SVG takes them, and its words with the place they stand at."""

    number: int
    lines: tuple[str, ...]  # of polylines: "x,y x,y"
    ellipses: tuple[tuple[float, float, float, float], ...]  # centre and radii
    at: Point
    end: bool  # whether the words end at `at` instead of beginning there
    words: tuple[str, ...]
    listed: str  # the same in a list, with the name of the tool


def shape_of(meta: Mapping[str, Any]) -> tuple[float, float]:
    """Width and height of a film as it is drawn."""
    return float(meta["columns"]), meta["rows"] * height_of_pixel(meta)


def height_of_pixel(meta: Mapping[str, Any]) -> float:
    """Rows may lie farther apart than columns, whatever their millimetres mean."""
    row, column = meta["spacing"]["row_mm"], meta["spacing"]["column_mm"]
    return float(row / column) if row and column else 1.0


def drawn(
    marks: Sequence[Mark], meta: Mapping[str, Any], translate: Callable[[str], str]
) -> tuple[Drawn, ...]:
    """The marks of one film; `meta` is that of its full copy."""
    width, tall = float(meta["columns"]), height_of_pixel(meta)

    return tuple(
        _drawn(number, _placed(mark, tall), width, translate)
        for number, mark in enumerate(marks, start=1)
    )


def _placed(mark: Mark, tall: float) -> Mark:
    """The mark in units of the drawing."""
    return replace(mark, points=tuple((x + HALF, (y + HALF) * tall) for x, y in mark.points))


def _drawn(number: int, mark: Mark, width: float, translate: Callable[[str], str]) -> Drawn:
    lines, ellipses = [], []
    for kind, path in shapes(mark):
        if kind == "ELLIPSE":
            ellipses.append(_around(path))
        else:
            lines.append(_path(path))
    if mark.tool is Tool.ARROW:
        lines += [_path(stroke) for stroke in _head(mark.points, width * ARROW)]
    words = tuple(beside(mark, translate))
    at, end = _place(mark.points, [f"{number} {line}" for line in words] or [str(number)], width)
    return Drawn(
        number=number, lines=tuple(lines), ellipses=tuple(ellipses), at=at, end=end, words=words,
        listed=in_a_line(mark, translate),
    )  # fmt: skip


def _place(points: Sequence[Point], words: Sequence[str], width: float) -> tuple[Point, bool]:
    """Where words begin, or end: right of the mark, left of it, or under it, never cut off."""
    letter = width * LETTER
    long = max(sum(1.0 if ord(c) >= WIDE else NARROW for c in line) for line in words) * letter
    left, right = (pick(points, key=lambda p: p[0]) for pick in (min, max))
    gap = letter / 2
    if right[0] + gap + long <= width:
        return (right[0] + gap, right[1]), False
    if left[0] - gap - long >= 0:
        return (left[0] - gap, left[1]), True
    return (max(0.0, width - long), max(y for _, y in points) + 1.5 * letter), False


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _around(ends: Sequence[Point]) -> tuple[float, float, float, float]:
    columns, rows = zip(*ends, strict=True)
    x, y = (min(columns) + max(columns)) / 2, (min(rows) + max(rows)) / 2
    return x, y, (max(columns) - min(columns)) / 2, (max(rows) - min(rows)) / 2


def _head(points: Sequence[Point], size: float) -> list[tuple[Point, Point]]:
    """Two strokes from the tip, half a right angle off the shaft; none of an arrow without one."""
    (tip_x, tip_y), (tail_x, tail_y) = points
    long = hypot(tail_x - tip_x, tail_y - tip_y)
    if not long:
        return []
    x, y = (tail_x - tip_x) / long * size, (tail_y - tip_y) / long * size
    turned = ((x - y, x + y), (x + y, y - x))
    return [((tip_x, tip_y), (tip_x + a * DIAGONAL, tip_y + b * DIAGONAL)) for a, b in turned]
