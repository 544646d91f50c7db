"""A bent spine from the front, of known Cobb angle."""

import numpy as np

from workbench.phantoms.part_curves import curved
from workbench.phantoms.part_film import PartFilm, develop, grained, marked
from workbench.phantoms.part_sheet import BONE, WATER, Body, Point, Sheet

SIZE_MM = (240.0, 440.0)
BODIES, UPPER, LOWER = 16, 3, 11  # vertebrae drawn, and the two ends of the curve
STEP, HEIGHT = 26.0, 20.5  # from one vertebra to the next; height of the body
TOP = (118.0, 20.0)


def tilts_of(cobb_deg: float) -> tuple[float, ...]:
    """Tilt of the plates of every vertebra.

    Parameters
    ----------
    cobb_deg : float
        Angle between the upper plate of the upper end vertebra and the lower plate of the lower.

    Returns
    -------
    tuple of float
        Degrees from x towards y; most tilted are the end vertebrae.
    """
    half = cobb_deg / 2
    tilts = []
    for n in range(BODIES):
        along = (n - UPPER) / (LOWER - UPPER)
        if 0 <= along <= 1:
            tilts.append(half * float(np.cos(np.pi * along)))
        else:
            beyond = -along if along < 0 else along - 1
            tilts.append(np.sign(0.5 - along) * half * float(np.exp(-((beyond * 2.2) ** 2))))
    return tuple(float(t) for t in tilts)


def make_spine(cobb_deg: float, sheet: Sheet, generator: np.random.Generator) -> PartFilm:
    """Draw the spine in its trunk.

    Parameters
    ----------
    cobb_deg : float
        0 to 60.
    sheet : Sheet
        At least `SIZE_MM` wide and high.
    generator : numpy.random.Generator
        Source of flesh and grain.

    Returns
    -------
    PartFilm
        Angle ``cobb`` with two points on the upper plate of the upper end vertebra and two on the
        lower plate of the lower one; length ``apex``: width of the vertebra between them.
    """
    body = Body(sheet)
    body.ellipsoid((120.0, 240.0), (128.0, 330.0), 190.0, WATER)
    for side, x in ((-1, 62.0), (1, 178.0)):  # lungs above, gas of the gut below
        body.ellipsoid((x + 4 * side, 120.0), (46.0, 150.0), 120.0, -WATER * 0.72)
        body.ellipsoid((x + 14 * side, 330.0), (26.0, 40.0), 32.0, -WATER)
    body.ellipsoid((120.0, 470.0), (120.0, 70.0), 50.0, WATER)
    grained(body, 0.03, 12.0, generator)
    bones, tilts = Body(sheet), tilts_of(cobb_deg)
    centre: Point = TOP
    plates: dict[str, Point] = {}
    apex = (0.0, 0.0, 0.0)
    for n, tilt in enumerate(tilts):
        wide = 27.0 + 1.1 * n
        _vertebra(bones, centre, wide, tilt)
        if n < 10:
            _ribs(bones, centre, tilt, n)
        if n == UPPER:
            plates |= _plate("cobb", "ab", centre, wide, tilt, -HEIGHT / 2)
        if n == LOWER:
            plates |= _plate("cobb", "cd", centre, wide, tilt, HEIGHT / 2)
        if n == (UPPER + LOWER) // 2:
            apex = (*centre, wide)
        turn = np.radians((tilt + tilts[min(n + 1, BODIES - 1)]) / 2)
        centre = (
            centre[0] - STEP * float(np.sin(turn)), centre[1] + STEP * float(np.cos(turn))
        )  # fmt: skip
    grained(bones, 0.07, 1.5, generator)
    body.depth += bones.depth
    marked(body, "R", (14.0, 60.0))
    x, y, wide = apex
    ends = {**plates, "apexa": (x - wide / 2, y), "apexb": (x + wide / 2, y)}
    return PartFilm(
        pixels=develop(body, generator),
        sheet=sheet,
        points={name: sheet.pixel(point) for name, point in ends.items()},
        lengths_mm={"apex": wide},
        angles_deg={"cobb": cobb_deg},
    )


def _vertebra(bones: Body, centre: Point, wide: float, tilt: float) -> None:
    """A body with its plates and rim, two pedicles and a spinous process."""
    bones.block(centre, (wide, HEIGHT), 26.0, BONE * 0.30, tilt)
    for place in (-HEIGHT / 2 + 0.8, HEIGHT / 2 - 0.8):
        x, y = _moved(centre, tilt, 0, place)
        bones.block((x, y), (wide, 1.6), 15.0, BONE * 0.45, tilt)
    for side in (-1, 1):
        bones.block(_moved(centre, tilt, side * (wide / 2 - 0.7), 0), (1.4, HEIGHT), 12.0,
                    BONE * 0.4, tilt)  # fmt: skip
        pedicle = _moved(centre, tilt, side * wide * 0.32, -2.5)
        bones.shell(pedicle, (3.4, 5.0), 11.0, 1.2, tilt)
        near, far = (_moved(centre, tilt, side * wide * part, -2) for part in (0.4, 0.85))
        bones.rod((near, far), (3.4, 2.4), BONE * 0.5)
    bones.ellipsoid(_moved(centre, tilt, 0, 8.0), (3.0, 7.5), 12.0, BONE * 0.5, tilt)


def _ribs(bones: Body, centre: Point, tilt: float, n: int) -> None:
    for side in (-1, 1):
        reach = 58.0 + 4.5 * min(n, 6)
        start = _moved(centre, tilt, side * 15.0, -8.0)
        beyond = [
            (start[0] + side * reach * part, start[1] - 6.0 + 34.0 * part**2)
            for part in (0.35, 0.7, 1.0)
        ]
        way = [start, *beyond]
        bones.chain(*curved(way, (3.6,) * len(way)), BONE * 0.42)


def _moved(centre: Point, tilt: float, across: float, down: float) -> Point:
    c, s = float(np.cos(np.radians(tilt))), float(np.sin(np.radians(tilt)))
    return centre[0] + across * c - down * s, centre[1] + across * s + down * c


def _plate(
    name: str, letters: str, centre: Point, wide: float, tilt: float, down: float
) -> dict[str, Point]:
    left, right = (_moved(centre, tilt, side * wide / 2, down) for side in (-1, 1))
    return {name + letters[0]: left, name + letters[1]: right}
