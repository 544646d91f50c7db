"""Which sheets of A4 a print needs: the paper of the screen, cut where a page ends."""

from dataclasses import replace
from math import ceil, floor

from workbench.domain.trace import LEADS
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
from workbench.ecg.paper_rows import COLUMNS, Wish, rows_of, strips_of

PAGE_WIDTH, PAGE_HEIGHT = 297.0, 210.0  # A4, landscape
ROOM = 150.0  # of the height, for the paper between the lines above and below it
WIDEST = 250.0  # of signal on one page: 10 s at 25 mm/s, 5 s at 50 mm/s
LEAST_ROW = 10.0
MOST_ROWS = 12  # one more, and a tall pulse would not fit above the first
ABOVE_PULSE = 2.0


def pages_of(wish: Wish, scale: Scale) -> tuple[Sheet, ...]:
    """Lay a sheet out on as many landscape A4 pages as it needs, at its true size.

    At 50 mm/s ten seconds are two pages of five seconds. Leads beside the twelve stand under them
    as on the screen while the rows keep the least height of the layout; else the twelve keep their
    page, and the others follow on the next one above the same strips. More rows of 12x1 than a
    page holds are spread evenly. Unlike on the screen rows do not grow with the gain: simultaneous
    leads stay on one page.

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
    parts = _parts(wish)
    most = max(len(rows) for rows in parts)
    whole = lay_out(replace(wish, row_mm=_row_mm(wish.layout, most, scale.gain)), scale)
    seconds = WIDEST / scale.speed
    steps = max(1, ceil(PAGE_SECONDS / seconds))
    parted = (
        _part(whole, scale, rows, (step * seconds, seconds))
        for step in range(steps)
        for rows in parts
    )
    return tuple(sheet for sheet in parted if sheet.cells)  # a short recording may end before


def _parts(wish: Wish) -> list[list[int]]:
    """Which rows of the whole sheet stand on which page, from its top down."""
    rows = list(range(len(rows_of(wish))))
    if wish.layout == "12x1":
        return _spread(rows, MOST_ROWS)
    most = floor((ROOM - TOP - FOOTER) / ROWS[wish.layout][0])
    if len(rows) <= most:
        return [rows]
    strips = rows[len(rows) - len(strips_of(wish)) :]
    twelve = rows[: len(LEADS) // COLUMNS[wish.layout]]
    extra = rows[len(twelve) : len(rows) - len(strips)]
    pages = _spread(extra, most - len(strips))
    return [[*twelve, *strips], *([*page, *strips] for page in pages)]


def _spread(rows: list[int], most: int) -> list[list[int]]:
    each = ceil(len(rows) / max(1, ceil(len(rows) / most)))
    return [rows[first : first + each] for first in range(0, len(rows), each)]


def _row_mm(layout: str, rows: int, gain: float) -> float:
    each = (ROOM - TOP - FOOTER) / rows
    low = gain + ABOVE_PULSE - TOP - each / 2  # a tall pulse pushes all rows down, whole squares
    if low > 0:
        each = (ROOM - TOP - FOOTER - ceil(low / 5) * 5) / rows
    room = floor(each) if each < 20 else floor(each / 5) * 5
    return float(min(max(room, LEAST_ROW), ROWS[layout][1]))


def _part(whole: Sheet, scale: Scale, rows: list[int], time: tuple[float, float]) -> Sheet:
    """One page: its rows lie where the first rows of the whole sheet do."""
    lines = {cell.row: cell.baseline for cell in whole.cells}
    down = _for_pulse(whole, scale)
    across = time[0] * scale.speed
    shown = tuple(
        replace(cut, row=place, baseline=lines[place] + down)
        for place, row in enumerate(rows)
        for cell in whole.cells
        if cell.row == row
        for cut in _cut(cell, scale, across, whole.left + time[1] * scale.speed)
    )
    baselines = {c.baseline for c in shown}
    lowest = max(baselines, default=0.0) + whole.row_height / 2
    return replace(
        whole,
        width=whole.left + min(time[1], PAGE_SECONDS) * scale.speed + RIGHT,
        height=ceil((lowest + FOOTER) / 5) * 5,
        cells=shown,
        pulses=tuple((x, y + down) for x, y in whole.pulses if y + down in baselines)
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
