"""A left thigh bone of known length, from the front."""

import numpy as np

from workbench.phantoms.part_film import PartFilm, develop, grained, marked
from workbench.phantoms.part_sheet import BONE, WATER, Body, Sheet

SIZE_MM = (180.0, 470.0)
HEAD, HEAD_RADIUS = (62.0, 52.0), 24.0
INNER, OUTER, CONDYLE = (72.0, 410.0), (104.0, 409.0), 23.0  # condyles
SPONGY = BONE * 0.8
LENGTH = (INNER[1] + CONDYLE) - (HEAD[1] - HEAD_RADIUS)  # along the film


def make_femur(sheet: Sheet, generator: np.random.Generator) -> PartFilm:
    """Draw the bone with the flesh around it and the joints beside it.

    Parameters
    ----------
    sheet : Sheet
        At least `SIZE_MM` wide and high.
    generator : numpy.random.Generator
        Source of flesh and grain.

    Returns
    -------
    PartFilm
        Length ``femur``: from the highest point of the head to the lowest of the inner condyle;
        ``head``: the diameter of the head, level.
    """
    body = Body(sheet)
    body.chain(
        ((96.0, -60.0), (94.0, 120.0), (92.0, 300.0), (89.0, 400.0), (88.0, 560.0)),
        (96.0, 82.0, 60.0, 54.0, 50.0),
        WATER,
    )
    grained(body, 0.02, 14.0, generator)
    bones = Body(sheet)
    bones.shell((20.0, 44.0), (78.0, 60.0), 34.0, 3.5, 25.0)  # ilium
    bones.shell(HEAD, (HEAD_RADIUS + 6, HEAD_RADIUS + 6), 40.0, 2.2)  # acetabulum
    bones.bones((
        (HEAD, HEAD_RADIUS, HEAD, HEAD_RADIUS, 1.4),
        (HEAD, 17.0, (96.0, 90.0), 18.0, 2.0),
        ((112.0, 74.0), 10.0, (108.0, 104.0), 16.0, 1.5),  # greater trochanter
        ((98.0, 92.0), 19.0, (103.0, 150.0), 15.5, 4.0),
        ((88.0, 122.0), 8.0, (94.0, 132.0), 9.0, 1.5),  # lesser trochanter
        ((103.0, 150.0), 15.5, (97.0, 250.0), 14.0, 6.0),
        ((97.0, 250.0), 14.0, (91.0, 340.0), 16.5, 5.0),
        ((91.0, 340.0), 16.5, (88.0, 395.0), 31.0, 1.6),
        ((78.0, 392.0), 20.0, INNER, CONDYLE, 1.4),
        ((98.0, 392.0), 20.0, OUTER, CONDYLE, 1.4),
    ), SPONGY)  # fmt: skip
    bones.ellipsoid((88.0, 384.0), (20.0, 23.0), 16.0, BONE * 0.4)  # knee cap
    bones.bones((
        ((65.0, 452.0), 13.0, (111.0, 452.0), 13.0, 1.4),  # tibia
        ((88.0, 472.0), 27.0, (88.0, 530.0), 15.0, 2.0),
        ((124.0, 466.0), 9.0, (125.0, 520.0), 6.0, 1.6),
    ), SPONGY)  # fmt: skip
    grained(bones, 0.05, 1.6, generator)
    body.depth += bones.depth
    marked(body, "L", (160.0, 190.0))
    ends = {
        "femura": (HEAD[0], HEAD[1] - HEAD_RADIUS), "femurb": (INNER[0], INNER[1] + CONDYLE),
        "heada": (HEAD[0] - HEAD_RADIUS, HEAD[1]), "headb": (HEAD[0] + HEAD_RADIUS, HEAD[1]),
    }  # fmt: skip
    return PartFilm(
        pixels=develop(body, generator),
        sheet=sheet,
        points={name: sheet.pixel(point) for name, point in ends.items()},
        lengths_mm={
            "femur": float(np.hypot(INNER[0] - HEAD[0], LENGTH)), "head": 2 * HEAD_RADIUS
        },
        angles_deg={},
    )  # fmt: skip
