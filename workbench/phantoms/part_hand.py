"""A child's right hand on a small film, with open growth plates and bones of known length."""

import numpy as np

from workbench.phantoms.part_film import PartFilm, develop, grained, marked
from workbench.phantoms.part_sheet import BONE, WATER, Body, Point, Sheet

SIZE_MM = (150.0, 204.0)
SPONGY = BONE * 0.7
# Base of each metacarpal, direction of the ray in degrees from up towards the right, lengths of
# metacarpal and phalanges without their epiphyses, all in mm; a child of about seven years.
RAYS: tuple[tuple[Point, float, tuple[float, ...]], ...] = (
    ((64.0, 146.0), -42.0, (26.0, 18.0, 13.0)),
    ((70.0, 134.0), -11.0, (38.0, 23.0, 14.0, 10.0)),
    ((79.0, 132.0), 0.0, (40.0, 26.0, 16.0, 11.0)),
    ((88.0, 134.0), 9.0, (36.0, 24.0, 15.0, 10.0)),
    ((96.0, 138.0), 19.0, (32.0, 19.0, 11.0, 9.0)),
)
CARPALS = (
    (72.0, 146.0, 6.0), (82.0, 145.0, 6.5), (91.0, 147.0, 5.5), (74.0, 157.0, 5.0),
    (84.0, 156.0, 5.0), (94.0, 156.0, 4.0),
)  # fmt: skip
MIDDLE = 2
THICK = (4.6, 3.6)  # radius at the ends of a metacarpal and at its waist, first ray


def make_hand(sheet: Sheet, generator: np.random.Generator) -> PartFilm:
    """Draw the hand, palm down.

    Parameters
    ----------
    sheet : Sheet
        At least `SIZE_MM` wide and high.
    generator : numpy.random.Generator
        Source of flesh and grain.

    Returns
    -------
    PartFilm
        Lengths ``metacarpal`` (third, from end to end of its shaft) and ``phalanx`` (first of the
        middle finger).
    """
    body = Body(sheet, joined=True)
    body.chain(
        ((82.0, 144.0), (82.0, 168.0), (84.0, 234.0)), (33.0, 24.0, 25.0), WATER * 0.55
    )  # fmt: skip
    bones = Body(sheet)
    ends: dict[str, Point] = {}
    for number, (base, turn, lengths) in enumerate(RAYS):
        place, way = base, _way(turn)
        flesh = [base]
        for n, long in enumerate(lengths):
            thick = 4.4 - 0.7 * n
            place = _after(place, way, 2.0 if n else 0.0)
            far = _after(place, way, long)
            _shaft(bones, place, far, way, thick)
            if number == MIDDLE and n < 2:
                name = ("metacarpal", "phalanx")[n]
                ends |= {name + "a": place, name + "b": far}
            # the cap: at the far end of a metacarpal of the fingers, at the near end elsewhere
            if n == 0 and number:
                bones.ellipsoid(_after(far, way, 4.0), (thick * 0.95, 3.0), 6.0, SPONGY, turn)
                place = _after(far, way, 8.0)
            else:
                bones.ellipsoid(_after(place, way, -2.6), (thick, 1.6), 6.0, SPONGY, turn)
                place = _after(far, way, 3.6)
            flesh.append(place)
        flesh[-1] = _after(flesh[-1], way, 1.0)
        body.chain(flesh, [13.0, 9.5, 7.8, 7.0, 6.2][: len(flesh)], WATER * 0.8)
    for x, y, r in CARPALS:
        bones.ellipsoid((x, y), (r, r * 0.9), 8.0, SPONGY)
    bones.bones((((73.0, 177.0), 8.5, (75.0, 224.0), 6.5, 1.6),), BONE)
    bones.bones((((94.0, 180.0), 5.5, (93.0, 224.0), 5.0, 1.5),), BONE)
    bones.ellipsoid((73.0, 164.5), (9.0, 3.2), 8.0, SPONGY)
    bones.ellipsoid((94.0, 170.5), (4.5, 2.4), 6.0, SPONGY)
    grained(body, 0.02, 6.0, generator)
    grained(bones, 0.06, 1.2, generator)
    body.depth += bones.depth
    marked(body, "R", (122.0, 176.0))
    first, second = RAYS[MIDDLE][2][:2]
    return PartFilm(
        pixels=develop(body, generator),
        sheet=sheet,
        points={name: sheet.pixel(point) for name, point in ends.items()},
        lengths_mm={"metacarpal": first, "phalanx": second},
        angles_deg={},
    )


def _way(turn: float) -> Point:
    return float(np.sin(np.radians(turn))), -float(np.cos(np.radians(turn)))


def _after(place: Point, way: Point, long: float) -> Point:
    return place[0] + way[0] * long, place[1] + way[1] * long


def _shaft(bones: Body, near: Point, far: Point, way: Point, thick: float) -> None:
    """A tubular bone that is exactly as long as its two ends are apart, round ends included."""
    long = float(np.hypot(far[0] - near[0], far[1] - near[1]))
    low, high = _after(near, way, thick), _after(near, way, long - thick)
    waist = _after(near, way, long / 2)
    slim = thick * 0.74
    bones.bones(((low, thick, waist, slim, 1.2), (waist, slim, high, thick, 1.2)), BONE)
