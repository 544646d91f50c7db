"""A steel ruler and steel balls on plastic: the plainest truth about millimetres."""

import numpy as np

from workbench.phantoms.part_film import PartFilm, develop, marked
from workbench.phantoms.part_sheet import STEEL, WATER, Body, Sheet

SIZE_MM = (190.0, 170.0)
ZERO, TICK = (35.0, 50.0), 10.0  # first tick in mm from the upper left corner; one each centimetre
TICKS = 13
BALL = 4.0  # radius
BALLS = {"a": (35.0, 145.0), "b": (135.0, 145.0), "c": (35.0, 85.0)}


def make_ruler(sheet: Sheet, generator: np.random.Generator) -> PartFilm:
    """Draw the ruler and three balls.

    Parameters
    ----------
    sheet : Sheet
        At least `SIZE_MM` wide and high.
    generator : numpy.random.Generator
        Source of the grain.

    Returns
    -------
    PartFilm
        Lengths ``ruler`` (120 mm between two ticks), ``level`` (100 mm between balls side by
        side), ``upright`` (60 mm) and ``slanting``; angle ``corner`` (90 degrees).
    """
    body = Body(sheet)
    body.block((95.0, 85.0), (170.0, 150.0), 40.0, WATER)
    end = ZERO[0] + TICK * (TICKS - 1)
    body.block(((ZERO[0] + end) / 2, ZERO[1] - 7), (TICK * TICKS + 6, 26.0), 0.6, STEEL)
    for n in range(TICKS):
        x, long = ZERO[0] + n * TICK, 11.0 if n % 5 == 0 else 7.0
        body.block((x, ZERO[1] + 6 - long / 2), (0.7, long), 0.6, -STEEL)
    for x, y in BALLS.values():
        body.ellipsoid((x, y), (BALL, BALL), 2 * BALL, STEEL)
    for n in range(5):  # a wedge in steps, so that there are greys to see
        body.block((160.0, 90.0 + 13 * n), (22.0, 13.0), 14.0 * (n + 1), WATER * 2)
    marked(body, "R", (85.0, 100.0))
    a, b, c = (BALLS[name] for name in "abc")
    ends = {
        "rulera": ZERO, "rulerb": (end, ZERO[1]), "levela": a, "levelb": b, "uprighta": a,
        "uprightb": c, "slantinga": b, "slantingb": c, "cornera": b, "cornerb": a, "cornerc": c,
    }  # fmt: skip
    return PartFilm(
        pixels=develop(body, generator),
        sheet=sheet,
        points={name: sheet.pixel(point) for name, point in ends.items()},
        lengths_mm={
            "ruler": TICK * (TICKS - 1), "level": 100.0, "upright": 60.0,
            "slanting": float(np.hypot(100.0, 60.0)),
        },
        angles_deg={"corner": 90.0},
    )  # fmt: skip
