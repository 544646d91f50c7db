"""Which sheets of A4 a print needs: the paper of the screen, cut where a page ends."""

from dataclasses import replace
from math import ceil, floor

from workbench.ecg.paper import (
    FOOTER,
    PAGE_SECONDS,
    RIGHT,
    ROWS,
    TOP,
    Cell,
    Scale,
    Sheet,
    lay_out,
)
from workbench.ecg.paper_rows import Wish, rows_of

PAGE_WIDTH, PAGE_HEIGHT = 297.0, 210.0  # A4, landscape
ROOM = 150.0  # of the height, for the paper between the lines above and below it
WIDEST = 250.0  # of signal on one page: 10 s at 25 mm/s, 5 s at 50 mm/s
LEAST_ROW = 10.0
MOST_ROWS = 12  # one more, and a tall pulse would not fit above the first
ABOVE_PULSE = 2.0


def pages_of(wish: Wish, scale: Scale) -> tuple[Sheet, ...]:
    """Lay a sheet out on as many landscape A4 pages as it needs, at its true size.

    At 50 mm/s ten seconds are two pages of five seconds; more than 12 rows are spread over pages.
    Unlike on the screen rows do not grow with the gain: simultaneous leads stay on one page.

    Parameters
    ----------
    wish : Wish
        Layout, order, leads and start; its heights are set here.
    scale : Scale
        Speed and gain.

    Returns
    -------
    tuple of Sheet
        First by time, then by rows; places in mm of each page's own sheet.

    Raises
    ------
    Invalid
        If layout or order is unknown.
    """
    rows = len(rows_of(wish))
    parts = max(1, ceil(rows / MOST_ROWS))
    per_page = ceil(rows / parts)
    whole = lay_out(replace(wish, row_mm=_row_mm(wish.layout, per_page)), scale)
    seconds = WIDEST / scale.speed
    steps = max(1, ceil(PAGE_SECONDS / seconds))
    parted = (
        _part(whole, scale, (part * per_page, per_page), (step * seconds, seconds))
        for step in range(steps)
        for part in range(parts)
    )
    return tuple(sheet for sheet in parted if sheet.cells)  # a short recording may end before


def _row_mm(layout: str, rows: int) -> float:
    each = (ROOM - TOP - FOOTER) / rows
    room = floor(each) if each < 20 else floor(each / 5) * 5
    return float(min(max(room, LEAST_ROW), ROWS[layout][1]))


def _part(whole: Sheet, scale: Scale, rows: tuple[int, int], time: tuple[float, float]) -> Sheet:
    first, count = rows
    # whole squares, so that the lines of the grid keep their places under the baselines
    up = floor(first * whole.row_height / 5) * 5 - _for_pulse(whole, scale)
    across = time[0] * scale.speed
    cells = tuple(
        cut
        for cell in whole.cells
        if first <= cell.row < first + count
        for cut in _cut(cell, scale, across, whole.left + time[1] * scale.speed)
    )
    shown = [replace(c, row=c.row - first, baseline=c.baseline - up) for c in cells]
    baselines = {c.baseline for c in shown}
    lowest = max(baselines, default=0.0) + whole.row_height / 2
    return replace(
        whole,
        width=whole.left + min(time[1], PAGE_SECONDS) * scale.speed + RIGHT,
        height=ceil((lowest + FOOTER) / 5) * 5,
        cells=tuple(shown),
        pulses=tuple((x, y - up) for x, y in whole.pulses if y - up in baselines)
        or ((whole.pulses[0][0], min(baselines, default=0.0)),),
        begin=min((c.begin for c in shown), default=whole.begin),
        end=max((c.end for c in shown), default=whole.end),
    )


def _for_pulse(whole: Sheet, scale: Scale) -> int:
    """How far the rows move down so that the pulse of the first one stands whole on the paper."""
    room = whole.pulses[0][1] - scale.gain - ABOVE_PULSE
    return 0 if room >= 0 else ceil(-room / 5) * 5


def _cut(cell: Cell, scale: Scale, across: float, right: float) -> list[Cell]:
    """The piece of a cell on a page that begins `across` mm after the sheet's first sample."""
    x0, x1 = cell.x0 - across, cell.x1 - across
    left = right - WIDEST
    if x0 >= right or (x1 <= left and x0 < left):
        return []
    begin = cell.begin + max(0.0, left - x0) / scale.speed
    end = cell.end - max(0.0, x1 - right) / scale.speed
    return [replace(cell, x0=max(x0, left), x1=min(max(x1, left), right), begin=begin, end=end)]
