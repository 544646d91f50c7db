"""The lines of a mark, for whoever draws it: as DICOM graphics or over a picture."""

from collections.abc import Sequence

from workbench.domain.mark import Mark, Point, Tool


def shapes(mark: Mark) -> list[tuple[str, Sequence[Point]]]:
    """The lines of a mark by graphic type, their points in the order of the mark's own."""
    points = mark.points
    if mark.tool in (Tool.COBB, Tool.BIDIRECTIONAL, Tool.CTR):
        return [("POLYLINE", points[:2]), ("POLYLINE", points[2:])]
    if mark.tool is Tool.ELLIPSE:
        long, short = sorted((points[:2], points[2:]), key=_reach, reverse=True)
        return [("ELLIPSE", (*long, *short))]
    if mark.tool is Tool.RECTANGLE:
        a, b, c, d = _around(points)
        return [("POLYLINE", (a, b, c, d, a))]
    return [("POLYLINE", points)]


def _reach(pair: Sequence[Point]) -> float:
    return abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1])


def _around(points: Sequence[Point]) -> Sequence[Point]:
    """The corners of an upright rectangle one after the other."""
    columns, rows = zip(*points, strict=True)
    left, right, top, bottom = min(columns), max(columns), min(rows), max(rows)
    return (left, top), (right, top), (right, bottom), (left, bottom)
