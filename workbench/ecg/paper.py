"""Geometry of ECG paper in millimetres; the twin of frontend/ecg/paper.mjs, without a drawing."""

from dataclasses import dataclass
from math import ceil, floor

from workbench.ecg.paper_rows import Wish, rows_of, strips_of

PAGE_SECONDS = 10.0  # one sheet of paper, as carts print it
TOP = 10.0
FOOTER = 10.0
RIGHT = 5.0
PULSE_SECONDS = 0.2
PULSE_X = 2.5
INVERTED = "aVR"  # in Cabrera's order aVR stands as −aVR, at +30°
MINUS = "\u2212"
SPEEDS = (25.0, 50.0)
GAINS = (5.0, 10.0, 20.0)
# Row heights (mm) at 10 mm/mV: least that keeps leads apart, most before paper is wasted.
ROWS = {"3x4+1": (25, 50), "3x4+3": (15, 35), "6x2": (15, 35), "12x1": (10, 20)}


@dataclass(frozen=True, slots=True)
class Scale:
    """Paper speed in mm/s and gain in mm/mV."""

    speed: float = 25.0
    gain: float = 10.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One lead over one stretch of time.

    Attributes
    ----------
    lead : str
        Its name in the recording.
    inverted : bool
        Drawn upside down and named with a minus sign.
    index : int
        Row in the recording; -1 when it does not hold the lead.
    x0, x1, baseline : float
        Place on the sheet (mm from its upper left corner).
    begin, end : float
        Stretch of the recording (s).
    rhythm : bool
        A strip over the whole sheet below the twelve.
    """

    lead: str
    inverted: bool
    index: int
    row: int
    column: int
    x0: float
    x1: float
    baseline: float
    begin: float
    end: float
    rhythm: bool

    @property
    def name(self) -> str:
        """As it is printed."""
        return MINUS + self.lead if self.inverted else self.lead


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of paper; lengths in mm, times in seconds of the recording."""

    width: float
    height: float
    left: float
    top: float
    row_height: float
    cells: tuple[Cell, ...]
    pulses: tuple[tuple[float, float], ...]
    begin: float
    end: float
    missing: tuple[str, ...]


def sheets_of(seconds: float) -> int:
    """Count the sheets a recording needs; under 50 ms at the end is a rounding error of a header.

    Parameters
    ----------
    seconds : float
        Length of the recording (s).

    Returns
    -------
    int
        At least 1.
    """
    return max(1, ceil((seconds - 0.05) / PAGE_SECONDS))


def left_margin(speed: float) -> float:
    """Measure from the paper's edge to the first sample: room for the pulse, on the 5 mm grid.

    Parameters
    ----------
    speed : float
        Paper speed (mm/s).

    Returns
    -------
    float
        In mm.
    """
    return 5.0 + ceil(PULSE_SECONDS * speed / 5.0) * 5.0


def sheet_width(speed: float) -> float:
    """Width of a sheet of ten seconds.

    Parameters
    ----------
    speed : float
        Paper speed (mm/s).

    Returns
    -------
    float
        In mm.
    """
    return left_margin(speed) + PAGE_SECONDS * speed + RIGHT


def lay_out(wish: Wish, scale: Scale) -> Sheet:
    """Lay one sheet out.

    Parameters
    ----------
    wish : Wish
        Layout, order, leads and time.
    scale : Scale
        Speed and gain.

    Returns
    -------
    Sheet
        Every lead of the layout has its cells, also those that were not recorded.

    Raises
    ------
    Invalid
        If layout or order is unknown.
    """
    rows = rows_of(wish)
    row_height = wish.row_mm or _row_height(wish, scale, len(rows))
    lines = 5.0 if row_height % 5 == 0 else 1.0
    left = left_margin(scale.speed)
    end = min(wish.start + PAGE_SECONDS, wish.seconds)
    strips = len(rows) - len(strips_of(wish))
    cells: list[Cell] = []
    pulses: list[tuple[float, float]] = []
    for row, names in enumerate(rows):
        baseline = TOP + floor(row_height * (row + 0.5) / lines + 0.5) * lines
        if row == 0 or row_height >= scale.gain + 4:  # pulses of close rows would touch
            pulses.append((PULSE_X, baseline))
        span = PAGE_SECONDS / len(names)
        for column, lead in enumerate(names):
            if lead is None:
                continue
            begin = wish.start + column * span
            until = max(begin, min(begin + span, end))
            x0 = left + column * span * scale.speed
            cells.append(
                Cell(
                    lead=lead,
                    inverted=wish.order == "cabrera" and lead == INVERTED and row < strips,
                    index=wish.leads.index(lead) if lead in wish.leads else -1,
                    row=row,
                    column=column,
                    x0=x0,
                    x1=x0 + (until - begin) * scale.speed,
                    baseline=baseline,
                    begin=begin,
                    end=until,
                    rhythm=row >= strips,
                )
            )
    needed = TOP + FOOTER + ceil(row_height * len(rows) / 5) * 5
    return Sheet(
        width=sheet_width(scale.speed),
        height=max(needed, floor(wish.height_mm / 5) * 5),
        left=left,
        top=TOP,
        row_height=row_height,
        cells=tuple(cells),
        pulses=tuple(pulses),
        begin=wish.start,
        end=end,
        missing=tuple(cell.lead for cell in cells if cell.index < 0),
    )


def pulse_outline(x: float, y: float, scale: Scale) -> tuple[tuple[float, float], ...]:
    """Corners of the calibration pulse: 1 mV for 0.2 s, with its feet.

    Parameters
    ----------
    x, y : float
        Where its left foot begins (mm).
    scale : Scale
        Speed and gain.

    Returns
    -------
    tuple of (float, float)
        In mm.
    """
    width, up = PULSE_SECONDS * scale.speed, y - scale.gain
    return (
        (x, y),
        (x + 1, y),
        (x + 1, up),
        (x + 1 + width, up),
        (x + 1 + width, y),
        (x + 2 + width, y),
    )


def to_paper(cell: Cell, seconds: float, millivolts: float, scale: Scale) -> tuple[float, float]:
    """Find where a sample lies on the sheet.

    Parameters
    ----------
    cell : Cell
        The lead's place.
    seconds : float
        Time in the recording (s).
    millivolts : float
        As recorded, also for an inverted lead (mV).
    scale : Scale
        Speed and gain.

    Returns
    -------
    tuple of float
        x and y in mm; y grows downwards, so what is upright has a smaller y.
    """
    up = -millivolts if cell.inverted else millivolts
    return cell.x0 + (seconds - cell.begin) * scale.speed, cell.baseline - up * scale.gain


def read_caliper(
    scale: Scale, a: tuple[float, float], b: tuple[float, float]
) -> tuple[float, float | None, float]:
    """Read a caliper stretched between two points of the paper.

    Parameters
    ----------
    scale : Scale
        Speed and gain.
    a, b : tuple of float
        Where the drag began and ended (mm).

    Returns
    -------
    ms : float
        Time between them.
    per_min : float or None
        Rate of that interval; None for no width.
    mv : float
        Height of b over a, as drawn.
    """
    ms = abs(b[0] - a[0]) / scale.speed * 1000
    return ms, (60000 / ms if ms > 0 else None), (a[1] - b[1]) / scale.gain


def _row_height(wish: Wish, scale: Scale, rows: int) -> float:
    least, most = (mm * max(1.0, scale.gain / 10) for mm in ROWS[wish.layout])
    each = (wish.height_mm - TOP - FOOTER) / rows
    room = floor(each) if each < 20 else floor(each / 5) * 5  # whole 5 mm squares where room is
    return min(max(float(room), least), most)
