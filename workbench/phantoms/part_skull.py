"""A skull from the side, of known length and height."""

import numpy as np

from workbench.phantoms.part_curves import curved
from workbench.phantoms.part_film import PartFilm, develop, grained, marked
from workbench.phantoms.part_sheet import BONE, WATER, Body, Sheet

SIZE_MM = (240.0, 260.0)
VAULT, HALF = (130.0, 92.0), (92.0, 72.0)
WALL = 5.0


def make_skull(sheet: Sheet, generator: np.random.Generator) -> PartFilm:
    """Draw vault, face, jaw and the upper neck; the face looks to the left.

    Parameters
    ----------
    sheet : Sheet
        At least `SIZE_MM` wide and high.
    generator : numpy.random.Generator
        Source of flesh and grain.

    Returns
    -------
    PartFilm
        Lengths ``long`` (184 mm, front to back) and ``high`` (144 mm) over the outer table.
    """
    body = Body(sheet)
    body.ellipsoid(VAULT, (HALF[0] + 6, HALF[1] + 6), 140.0, WATER * 0.9)
    face = Body(sheet, joined=True)
    face.chain(((62.0, 120.0), (58.0, 170.0), (72.0, 215.0)), (32.0, 34.0, 22.0), WATER)
    face.chain(((140.0, 150.0), (150.0, 220.0), (156.0, 320.0)), (52.0, 48.0, 52.0), WATER)
    body.depth = np.maximum(body.depth, face.depth)
    body.chain(((96.0, 160.0), (116.0, 190.0), (116.0, 270.0)), (6.0, 7.0, 8.0), -WATER * 0.8)
    grained(body, 0.025, 9.0, generator)
    bones = Body(sheet)
    bones.shell(VAULT, HALF, 150.0, WALL)
    base = [(44.0, 108.0), (84.0, 118.0), (104.0, 128.0), (128.0, 134.0), (160.0, 152.0)]
    bones.chain([*base, (200.0, 146.0)], (4.0, 4.0, 5.0, 7.0, 8.0, 4.0), BONE * 0.7)
    bones.chain(  # sella
        ((101.0, 119.0), (103.0, 127.0), (110.0, 130.0), (117.0, 127.0), (118.0, 118.0)),
        (1.6,) * 5, BONE * 1.6,
    )  # fmt: skip
    bones.ellipsoid((142.0, 142.0), (20.0, 14.0), 40.0, BONE * 0.35, 20.0)  # petrous bone
    for x, y in ((168.0, 156.0), (173.0, 162.0), (165.0, 166.0)):
        bones.ellipsoid((x, y), (4.0, 5.0), 8.0, -WATER)  # mastoid cells
    bones.ellipsoid((44.0, 98.0), (6.0, 14.0), 18.0, -BONE * 0.3, -12.0)  # frontal sinus
    bones.shell((58.0, 122.0), (19.0, 16.0), 26.0, 1.6)  # orbit
    bones.shell((74.0, 150.0), (22.0, 17.0), 40.0, 1.5)  # maxillary sinus
    bones.ellipsoid((74.0, 150.0), (20.0, 15.0), 34.0, -WATER * 0.8)
    bones.chain(((38.0, 112.0), (32.0, 134.0)), (2.5, 1.2), BONE)  # nasal bone
    bones.chain(((44.0, 172.0), (96.0, 172.0)), (3.0, 3.0), BONE)  # palate
    jaw = ((136.0, 158.0), (130.0, 204.0), (116.0, 222.0), (66.0, 230.0), (50.0, 222.0))
    bones.chain(*curved(jaw, (6.0, 12.0, 11.0, 9.0, 9.0)), BONE * 0.55)
    for n in range(8):
        x = 50.0 + 8.2 * n
        bones.rod(((x, 177.0), (x + 1, 190.0)), (3.0, 2.6), BONE * 1.1)
        bones.rod(((x + 2, 197.0), (x + 3, 212.0)), (2.6, 3.0), BONE * 1.1)
    for n in range(5):
        x, y = 164.0 + 2.5 * n, 172.0 + 21.0 * n
        bones.block((x, y), (21.0, 15.5), 24.0, BONE * 0.4, 6.0)
        bones.chain(((x + 12, y), (x + 34, y + 7)), (4.5, 3.5), BONE * 0.5)
    grained(bones, 0.05, 2.0, generator)
    body.depth += bones.depth
    marked(body, "L", (12.0, 20.0))
    (x, y), (a, b) = VAULT, HALF
    ends = {"longa": (x - a, y), "longb": (x + a, y), "higha": (x, y - b), "highb": (x, y + b)}
    return PartFilm(
        pixels=develop(body, generator),
        sheet=sheet,
        points={name: sheet.pixel(point) for name, point in ends.items()},
        lengths_mm={"long": 2 * a, "high": 2 * b},
        angles_deg={},
    )
