"""Which leads stand in which row of ECG paper: layouts, Cabrera's order, rhythm strips."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.errors import Invalid
from workbench.domain.trace import LEADS

CABRERA = ("aVL", "I", "aVR", "II", "aVF", "III", *LEADS[6:])
COLUMNS = {"3x4+1": 4, "3x4+3": 4, "6x2": 2, "12x1": 1}
STRIPS = {"3x4+1": ("II",), "3x4+3": ("II", "V1", "V5"), "6x2": (), "12x1": ()}
LAYOUTS = tuple(STRIPS)
ORDERS = ("standard", "cabrera")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be laid out.

    Attributes
    ----------
    layout, order : str
        Of `LAYOUTS` and `ORDERS`.
    leads : sequence of str
        Names in the order of the recording.
    seconds : float
        Length of the recording (s).
    start : float
        Where the sheet begins in the recording (s).
    height_mm : float
        Room for the sheet; rows grow into it within the limits of the layout.
    row_mm : float
        Row height, when it is given from outside; 0 means what fits.
    rhythm : str
        Lead of the one strip of 3x4+1.
    """

    layout: str
    leads: Sequence[str]
    seconds: float
    order: str = "standard"
    start: float = 0.0
    height_mm: float = 0.0
    row_mm: float = 0.0
    rhythm: str = "II"


def strips_of(wish: Wish) -> list[str]:
    """Choose the rhythm strips: in place of a missing one the first other lead of the recording.

    Parameters
    ----------
    wish : Wish
        Layout, leads, and the strip that is wished.

    Returns
    -------
    list of str
        Names of the recording, from the upper strip to the lowest; fewer when it holds fewer.
    """
    wanted = list(STRIPS[wish.layout])
    if wish.layout == "3x4+1" and wish.rhythm in wish.leads:
        wanted = [wish.rhythm]
    others = [lead for lead in wish.leads if lead not in wanted]
    found = []
    for lead in wanted:
        if lead in wish.leads:
            found.append(lead)
        elif others:
            found.append(others.pop(0))
    return found


def rows_of(wish: Wish) -> list[list[str | None]]:
    """Name the leads of each row, column after column.

    The twelve come first, then leads beside them (V3R, V7, ...) in the order of the recording, in
    rows of their own with as many columns, then the strips.

    Parameters
    ----------
    wish : Wish
        Layout, order and leads.

    Returns
    -------
    list of list of (str or None)
        Also leads of the twelve that the recording does not hold, except in 12x1; None is a
        column left empty.

    Raises
    ------
    Invalid
        If layout or order is unknown.
    """
    if wish.layout not in STRIPS:
        raise Invalid("layout", wish.layout, ", ".join(LAYOUTS))
    if wish.order not in ORDERS:
        raise Invalid("order", wish.order, ", ".join(ORDERS))
    names = CABRERA if wish.order == "cabrera" else LEADS
    extra = extra_of(wish.leads)
    columns = COLUMNS[wish.layout]
    if columns == 1:
        return [[lead] for lead in (*(x for x in names if x in wish.leads), *extra)]
    deep = len(names) // columns
    rows: list[list[str | None]] = [list(names[row::deep]) for row in range(deep)]
    for first in range(0, len(extra), columns):
        some = extra[first : first + columns]
        rows.append([*some, *[None] * (columns - len(some))])
    rows += [[lead] for lead in strips_of(wish)]
    return rows


def extra_of(leads: Sequence[str]) -> list[str]:
    """Name the leads beside the twelve, in the order of the recording.

    Parameters
    ----------
    leads : sequence of str
        Names in the order of the recording.

    Returns
    -------
    list of str
        Such as V3R or V7; empty for a usual recording.
    """
    return [lead for lead in leads if lead not in LEADS]
