"""One page of ECG paper as SVG with exact millimetres; words on it are set by the typesetter."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import Trace
from workbench.ecg.paper import Cell, Scale, Sheet, pulse_outline

UNITS = 100  # per mm: one unit is 1 µV at 10 mm/mV and 0.4 ms at 25 mm/s
PAPER, THIN, THICK, INK, GAP = "#fff7f4", "#f6cfc7", "#e39a90", "#000", "#8c5050"
THIN_MM, THICK_MM, TRACE_MM = 0.1, 0.22, 0.25
GAP_SECONDS = 0.04  # a shorter one shows as a break in the line
HATCH_MM = 1.5


def draw(
    sheet: Sheet, trace: Trace, shown: Sequence[NDArray[np.floating]], scale: Scale, start: float
) -> str:
    """Grid, traces, gaps, pulses and limits between leads.

    `shown` are the leads after the chosen filter, beginning at `start` seconds of the recording;
    gaps are those of the recording itself. Without calibration there is no pulse.
    """
    width, height = _units(sheet.width), _units(sheet.height)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet.width}mm" '
            f'height="{sheet.height}mm" viewBox="0 0 {width} {height}">'
            f'<clipPath id="paper"><rect width="{width}" height="{height}"/></clipPath>'
            f'<rect width="{width}" height="{height}" fill="{PAPER}"/>'
        ),
        _grid(sheet, 1, THIN, THIN_MM),
        _grid(sheet, 5, THICK, THICK_MM),
        (
            f'<g clip-path="url(#paper)" fill="none" stroke="{INK}" stroke-linejoin="round" '
            f'stroke-linecap="round" stroke-width="{TRACE_MM * UNITS:g}">'
        ),
    ]
    if trace.calibrated:
        parts += [_line(pulse_outline(x, y, scale)) for x, y in sheet.pulses]
    for cell in sheet.cells:
        if cell.x0 > sheet.left:  # a limit between two leads
            parts += [_line([(cell.x0, cell.baseline + a), (cell.x0, cell.baseline + b)])
                      for a, b in ((-3, -1), (1, 3))]  # fmt: skip
        if cell.index >= 0 and cell.end > cell.begin:
            parts.append(_trace(cell, shown[cell.index], trace.rate, scale, start))
    parts.append("</g>")
    parts.append(f'<g fill="none" stroke="{GAP}" stroke-width="{0.15 * UNITS:g}">')
    for cell in sheet.cells:
        if cell.index >= 0:
            parts += _gaps(cell, trace.millivolts[cell.index], trace.rate, scale)
    parts.append("</g></svg>")
    return "".join(parts)


def _units(mm: float) -> int:
    return round(mm * UNITS)


def _grid(sheet: Sheet, step: int, colour: str, width_mm: float) -> str:
    right, low = _units(sheet.width), _units(sheet.height)
    down = "".join(f"M{_units(x)} 0v{low}" for x in range(0, int(sheet.width) + 1, step))
    across = "".join(f"M0 {_units(y)}h{right}" for y in range(0, int(sheet.height) + 1, step))
    return (
        f'<path fill="none" stroke="{colour}" stroke-width="{width_mm * UNITS:g}" '
        f'd="{down}{across}"/>'
    )


def _line(points: Iterable[tuple[float, float]]) -> str:
    words = " ".join(f"{_units(x)} {_units(y)}" for x, y in points)
    return f'<path d="M{words}"/>'


def _trace(cell: Cell, lead: NDArray[np.floating], rate: float, scale: Scale, start: float) -> str:
    """The samples of a cell as one path, interrupted where nothing was recorded."""
    first = max(0, int(np.ceil((cell.begin - start) * rate - 1e-6)))
    last = min(len(lead) - 1, int(np.floor((cell.end - start) * rate - 1e-6)))
    if last < first:
        return ""
    values = np.asarray(lead[first : last + 1], dtype=np.float64)
    seconds = start + np.arange(first, last + 1) / rate
    sign = -1.0 if cell.inverted else 1.0
    x = np.rint((cell.x0 + (seconds - cell.begin) * scale.speed) * UNITS)
    y = (cell.baseline - sign * values * scale.gain) * UNITS
    recorded = np.isfinite(y)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], recorded, [False])).astype(np.int8)))
    path = []
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        places = np.stack((x[a:b], np.rint(y[a:b])), axis=1).astype(np.int64)
        path.append("M" + " ".join(map(str, places.ravel().tolist())))
        if b - a == 1:
            path.append("h1")  # a sample alone between gaps is a dot
    return f'<path d="{"".join(path)}"/>' if path else ""


def _gaps(cell: Cell, lead: NDArray[np.floating], rate: float, scale: Scale) -> list[str]:
    """A hatched band says that nothing was recorded; a flat line would say something else."""
    first = max(0, int(cell.begin * rate))
    last = min(len(lead), int(np.ceil(cell.end * rate)))
    missing = np.isnan(lead[first:last])
    edges = np.flatnonzero(np.diff(np.concatenate(([False], missing, [False])).astype(np.int8)))
    found = []
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        if (b - a) / rate < GAP_SECONDS:
            continue
        left, right = (
            min(max(cell.x0 + ((first + at) / rate - cell.begin) * scale.speed, cell.x0), cell.x1)
            for at in (a, b)
        )
        found += _hatch(left, right, cell.baseline)
    return found


def _hatch(left: float, right: float, middle: float) -> list[str]:
    low = middle + HATCH_MM
    steps = np.arange(left - 2 * HATCH_MM, right, HATCH_MM)
    return [
        _line([(x0, low - (x0 - x)), (x1, low - (x1 - x))])
        for x in steps.tolist()
        if (x0 := max(x, left)) < (x1 := min(x + 2 * HATCH_MM, right))
    ]
