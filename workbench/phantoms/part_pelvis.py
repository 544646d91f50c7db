"""A pelvis from the front, with round heads of the thigh bones at a known distance."""

import numpy as np

from workbench.phantoms.part_curves import curved
from workbench.phantoms.part_film import PartFilm, develop, grained, marked
from workbench.phantoms.part_sheet import BONE, WATER, Body, Point, Sheet

SIZE_MM = (400.0, 330.0)
MIDDLE = 200.0
HEADS: tuple[Point, Point] = ((112.0, 190.0), (288.0, 190.0))
RADIUS = 24.0
SPONGY = BONE * 0.75


def make_pelvis(sheet: Sheet, generator: np.random.Generator) -> PartFilm:
    """Draw pelvis, hips and the last vertebrae.

    Parameters
    ----------
    sheet : Sheet
        At least `SIZE_MM` wide and high.
    generator : numpy.random.Generator
        Source of flesh and grain.

    Returns
    -------
    PartFilm
        Lengths ``heads`` (176 mm between the middles of the heads) and ``head`` (48 mm across the
        one at the left of the film).
    """
    body = Body(sheet)
    body.ellipsoid((MIDDLE, 120.0), (205.0, 260.0), 185.0, WATER)
    for side in (-1, 1):
        body.rod(
            ((MIDDLE + side * 98, 250.0), (MIDDLE + side * 88, 460.0)), (84.0, 70.0), WATER * 0.4
        )
    for x, y, wide, high in ((150, 60, 20, 13), (250, 40, 24, 15), (205, 118, 16, 12)):
        body.ellipsoid((x, y), (wide, high), 24.0, -WATER)  # gas of the gut
    grained(body, 0.03, 14.0, generator)
    bones = Body(sheet)
    for n in range(3):
        _vertebra(bones, (MIDDLE, -2.0 + 31 * n))
    _sacrum(bones)
    for side in (-1, 1):
        _half(bones, side)
    grained(bones, 0.06, 1.7, generator)
    body.depth += bones.depth
    marked(body, "R", (14.0, 40.0))
    (ax, ay), (bx, by) = HEADS
    ends = {
        "headsa": (ax, ay), "headsb": (bx, by),
        "heada": (ax - RADIUS, ay), "headb": (ax + RADIUS, ay),
    }  # fmt: skip
    return PartFilm(
        pixels=develop(body, generator),
        sheet=sheet,
        points={name: sheet.pixel(point) for name, point in ends.items()},
        lengths_mm={"heads": bx - ax, "head": 2 * RADIUS},
        angles_deg={},
    )


def _vertebra(bones: Body, centre: Point) -> None:
    x, y = centre
    bones.block(centre, (48.0, 24.0), 30.0, BONE * 0.22)
    for down in (-11.2, 11.2):
        bones.block((x, y + down), (48.0, 1.6), 22.0, BONE * 0.4)
    for side in (-1, 1):
        bones.shell((x + side * 15.0, y - 2), (4.0, 6.0), 12.0, 1.3)
        bones.rod(((x + side * 24, y), (x + side * 42, y - 2)), (4.0, 2.5), BONE * 0.4)
    bones.ellipsoid((x, y + 9), (3.2, 9.0), 14.0, BONE * 0.45)


def _sacrum(bones: Body) -> None:
    rows = 12
    plate = Body(bones.sheet, joined=True)
    for n in range(rows):
        part = n / (rows - 1)
        half = 44.0 * (1 - part) ** 0.8 + 7.0
        y = 92.0 + 70.0 * part
        plate.rod(((MIDDLE - half, y), (MIDDLE + half, y)), (7.0, 7.0), BONE * 0.5)
    bones.depth += plate.depth
    for n in range(3):
        for side in (-1, 1):
            bones.ellipsoid(
                (MIDDLE + side * (19 - 3 * n), 104.0 + 17 * n), (4.5, 3.2), 9.0, -BONE * 0.4
            )


def _half(bones: Body, side: int) -> None:
    """Ilium, pubis, ischium, hip joint and the upper part of the thigh bone of one side."""

    def at(x: float, y: float) -> Point:
        return MIDDLE + side * x, y

    wing = Body(bones.sheet, joined=True)
    rim = [
        at(46, 86),
        at(70, 52),
        at(104, 40),
        at(132, 56),
        at(138, 86),
        at(126, 128),
        at(112, 158),
    ]
    wing.chain(*curved(rim, (5.0, 5.5, 6.0, 6.0, 5.5, 5.0, 8.0)), BONE * 0.7)
    wing.ellipsoid(at(92, 102), (50.0, 58.0), 9.0, BONE * 0.8, side * -18.0)
    brim = [at(50, 96), at(62, 138), at(70, 162), at(52, 196), at(8, 224)]
    wing.chain(*curved(brim, (7, 6, 9, 7, 8)), BONE * 0.6)
    ring = [
        at(60, 196),
        at(24, 214),
        at(9, 228),
        at(20, 262),
        at(48, 276),
        at(66, 250),
        at(72, 206),
    ]
    wing.chain(*curved([*ring, ring[0]], (8, 7, 8, 6.5, 8, 8, 9, 8)), BONE * 0.55)
    bones.depth += wing.depth
    head = HEADS[0] if side < 0 else HEADS[1]
    bones.shell(head, (RADIUS + 5.5, RADIUS + 5.5), 40.0, 2.0)
    bones.bones((
        (head, RADIUS, head, RADIUS, 1.4),
        (head, 16.0, at(124, 226), 18.0, 2.0),
        (at(140, 208), 9.0, at(136, 236), 15.0, 1.5),
        (at(128, 226), 18.0, at(126, 280), 15.0, 3.5),
        (at(112, 256), 8.0, at(118, 264), 8.0, 1.5),
        (at(126, 280), 15.0, at(120, 400), 14.0, 5.5),
    ), SPONGY)  # fmt: skip
