"""An erect abdomen with gas, levels of fluid and a stone of known length."""

import numpy as np

from workbench.phantoms.part_curves import curved
from workbench.phantoms.part_film import PartFilm, develop, grained, marked
from workbench.phantoms.part_sheet import BONE, STONE, WATER, Body, Point, Sheet

SIZE_MM = (340.0, 400.0)
MIDDLE = 170.0
STONE_AT, STONE_HALF, STONE_TILT = (104.0, 206.0), (9.0, 5.0), 30.0
LEVELS: tuple[tuple[float, float, float], ...] = (
    (128.0, 252.0, 26.0), (214.0, 236.0, 30.0), (176.0, 292.0, 24.0),
)  # fmt: skip


def make_abdomen(sheet: Sheet, generator: np.random.Generator) -> PartFilm:
    """Draw the abdomen.

    Parameters
    ----------
    sheet : Sheet
        At least `SIZE_MM` wide and high.
    generator : numpy.random.Generator
        Source of flesh and grain.

    Returns
    -------
    PartFilm
        Lengths ``stone`` (18 mm along its long axis) and ``level`` (width of the second level).
    """
    body = Body(sheet)
    body.ellipsoid((MIDDLE, 210.0), (168.0, 330.0), 190.0, WATER)
    for side, top in ((-1, 10.0), (1, 26.0)):  # lungs over the domes
        body.ellipsoid((MIDDLE + side * 74, top - 62), (62.0, 130.0), 130.0, -WATER * 0.75)
    body.ellipsoid((MIDDLE - 62, 108.0), (84.0, 60.0), 26.0, WATER)  # liver
    for side in (-1, 1):
        body.ellipsoid((MIDDLE + side * 62, 182.0), (24.0, 52.0), 20.0, WATER, side * -14.0)
        body.chain(
            ((MIDDLE + side * 22, 150.0), (MIDDLE + side * 46, 260.0), (MIDDLE + side * 78, 350.0)),
            (10.0, 24.0, 20.0), WATER * 0.35,
        )  # fmt: skip
    body.ellipsoid((MIDDLE + 70, 92.0), (30.0, 17.0), 36.0, -WATER)  # stomach
    for level in LEVELS:
        _loop(body, *level)
    for n, x in enumerate((42.0, 40.0, 44.0, 300.0, 302.0)):
        body.ellipsoid((x, 180.0 + 36 * (n % 3)), (13.0, 17.0), 24.0, -WATER)  # colon
    grained(body, 0.035, 12.0, generator)
    bones = Body(sheet)
    for n in range(11):
        _vertebra(bones, (MIDDLE, 12.0 + 33.0 * n))
    for side in (-1, 1):
        for n in range(3):
            ribs = [
                (MIDDLE + side * x, 14.0 + 36 * n + y)
                for x, y in ((18, 0), (60, 14), (104, 46), (122, 84))
            ]
            way, thick = curved(ribs, (4.2, 4.2, 4.0, 3.6))
            shown = len(way) - 5 * n  # the lower ones are shorter
            bones.chain(way[:shown], thick[:shown], BONE * 0.45)
        crest = [(MIDDLE + side * x, y) for x, y in ((48, 356), (84, 312), (126, 308), (146, 350))]
        bones.chain(*curved(crest, (6.0, 6.0, 6.5, 6.0)), BONE * 0.6)
        bones.ellipsoid((MIDDLE + side * 96, 372.0), (54.0, 66.0), 8.0, BONE)
    grained(bones, 0.06, 1.7, generator)
    bones.ellipsoid(STONE_AT, STONE_HALF, 9.0, STONE * 1.6, STONE_TILT)
    body.depth += bones.depth
    marked(body, "R", (14.0, 24.0))
    turn = np.radians(STONE_TILT)
    along = STONE_HALF[0] * float(np.cos(turn)), STONE_HALF[0] * float(np.sin(turn))
    (x, y), (left, top, half) = STONE_AT, LEVELS[1]
    ends = {
        "stonea": (x - along[0], y - along[1]), "stoneb": (x + along[0], y + along[1]),
        "levela": (left - half, top), "levelb": (left + half, top),
    }  # fmt: skip
    return PartFilm(
        pixels=develop(body, generator),
        sheet=sheet,
        points={name: sheet.pixel(point) for name, point in ends.items()},
        lengths_mm={"stone": 2 * STONE_HALF[0], "level": 2 * half},
        angles_deg={},
    )


def _loop(body: Body, x: float, y: float, half: float) -> None:
    """A loop of bowel: gas above, a flat level of fluid below."""
    gas = Body(body.sheet)
    gas.ellipsoid((x, y), (half, half * 0.72), half * 1.2, WATER)
    under = Body(body.sheet)
    under.block((x, y + half), (3 * half, 2 * half), 1.0, 1.0)
    body.depth -= gas.depth * (1 - under.depth)


def _vertebra(bones: Body, centre: Point) -> None:
    x, y = centre
    bones.block(centre, (42.0, 26.0), 28.0, BONE * 0.24)
    for down in (-12.0, 12.0):
        bones.block((x, y + down), (42.0, 1.6), 20.0, BONE * 0.4)
    for side in (-1, 1):
        bones.shell((x + side * 13.0, y - 3), (3.8, 6.0), 12.0, 1.3)
        bones.rod(((x + side * 21, y), (x + side * 38, y - 2)), (3.6, 2.2), BONE * 0.4)
    bones.ellipsoid((x, y + 9), (3.0, 8.5), 13.0, BONE * 0.45)
