"""Clavicles, scapulae and the upper ends of the humeri, as curves with a section."""

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from workbench.phantoms.chest_lungs import LEFT, RIGHT
from workbench.phantoms.chest_person import Person
from workbench.phantoms.chest_splat import Bone

Array = NDArray[np.float32]
BLADE_CM = 0.19  # compact bone in the plate of the scapula


def _spline(table: tuple[tuple[float, ...], ...], count: int = 240) -> Array:
    """Smooth curve through table rows (x, y, z, half thickness, half height)."""
    rows = np.asarray(table, np.float64)
    at = np.linspace(0, len(rows) - 1, count).astype(np.float32)
    return np.asarray(PchipInterpolator(np.arange(len(rows)), rows)(at), np.float32)


def shoulder_girdle(person: Person, generator: np.random.Generator) -> list[Bone]:
    """Clavicles, edges of the scapulae and the upper ends of the humeri.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    generator : numpy.random.Generator
        Source of the small differences between the sides.

    Returns
    -------
    list of Bone
        Tubular bones; the plates of the scapulae are `blades`.
    """
    found: list[Bone] = []
    for side in (RIGHT, LEFT):
        uneven = float(generator.normal(0, 0.15))
        for outline, cortex, marrow, fade in _girdle_lines(person, uneven):
            line = _spline(outline)
            line[:, 0] *= side
            line[:, 3:5] *= np.float32(person["bone_radius"])
            forward = np.asarray([0.0, 0.0, 1.0], np.float32)
            found.append(Bone(line, forward, cortex, marrow, fade=fade))
    return found


def blades(person: Person) -> list[tuple[Array, Array]]:
    """The thin plates of the scapulae, between their borders.

    Parameters
    ----------
    person : Person
        Sizes of the chest.

    Returns
    -------
    list of (ndarray of float32, ndarray of float32)
        For each side: samples of shape (n, 3) in cm and their volumes in cm3.
    """
    lines = _girdle_lines(person, 0.0)
    medial, lateral = _spline(lines[1][0], 400)[:, :3], _spline(lines[2][0], 400)[:, :3]
    part = ((np.arange(260, dtype=np.float32) + 0.5) / 260)[:, None]
    sheet = medial[:, None] * (1 - part) + lateral[:, None] * part
    down, across = np.gradient(sheet, axis=0), np.gradient(sheet, axis=1)
    volumes = np.linalg.norm(np.cross(down, across), axis=2).ravel() * BLADE_CM
    points = sheet.reshape(-1, 3)
    return [
        ((points * (side, 1, 1)).astype(np.float32), volumes.astype(np.float32))
        for side in (RIGHT, LEFT)
    ]


def _girdle_lines(
    person: Person, uneven: float
) -> list[tuple[tuple[tuple[float, ...], ...], float, float, float]]:
    """Curves of one side: rows (x, y, z, half thickness, half height), cortex, marrow, fade."""
    y0 = person["clavicle_medial_t"] * person["cage_height"] + uneven
    y1 = y0 - person["clavicle_rise"]
    out = person["shoulder"] - 4.2
    front = 0.62 * person["half_depth"]
    clavicle = (
        (1.45, y0 + 0.35, front, 0.80, 1.02), (2.3, y0 + 0.1, front + 0.2, 0.72, 0.92),
        (0.30 * out, y0 - 0.05 - 0.1 * (y0 - y1), front, 0.56, 0.66),
        (0.48 * out, y0 + 0.05 - 0.38 * (y0 - y1), front - 1.0, 0.50, 0.56),
        (0.68 * out, y0 - 0.30 - 0.72 * (y0 - y1), front - 3.0, 0.48, 0.52),
        (0.86 * out, y1 - 0.25, front - 4.6, 0.50, 0.60), (out, y1 + 0.1, front - 5.2, 0.45, 0.82),
    )  # fmt: skip
    inner = -1.2 + person["scapula_out"] * person["half_width"]
    back = -0.62 * person["half_depth"]
    glenoid = person["shoulder"] - 5.3
    top = y1 + 0.6
    medial = (
        (inner + 1.6, top + 0.6, back, 0.16, 0.12),
        (inner + 0.7, top + 3.4, back - 0.5, 0.14, 0.12),
        (inner + 0.5, top + 8.0, back - 0.4, 0.14, 0.13),
        (inner + 1.2, top + 13.2, back, 0.18, 0.18),
    )  # fmt: skip
    foot = inner + 1.4
    lateral = (  # from the socket down, so that it can fade towards the lower angle
        (glenoid - 0.4, top + 4.3, back + 3.2, 0.40, 0.50),
        (foot + 0.80 * (glenoid - foot), top + 6.0, back + 2.4, 0.30, 0.36),
        (foot + 0.42 * (glenoid - foot) + 0.5, top + 9.4, back + 1.2, 0.24, 0.28),
        (foot + 0.8, top + 12.6, back + 0.3, 0.20, 0.26), (foot, top + 13.5, back, 0.18, 0.22),
    )  # fmt: skip
    upper = (
        (inner + 1.6, top + 0.6, back, 0.12, 0.12),
        (inner + 2.6, top + 1.0, back + 1.0, 0.14, 0.14),
        (glenoid - 1.6, top + 1.9, back + 2.6, 0.30, 0.25),
    )  # fmt: skip
    ridge = (
        (inner + 0.8, top + 3.4, back - 0.6, 0.16, 0.16),
        (inner + 2.8, top + 2.3, back - 1.6, 0.26, 0.30),
        (glenoid + 0.3, top + 0.6, back - 1.2, 0.34, 0.46),
        (glenoid + 2.2, top - 0.2, back + 1.6, 0.34, 0.55),
    )  # fmt: skip
    socket = (
        (glenoid, top + 1.6, back + 3.4, 0.75, 0.35),
        (glenoid + 0.25, top + 3.0, back + 3.4, 0.95, 0.38),
        (glenoid, top + 4.5, back + 3.4, 0.75, 0.35),
    )  # fmt: skip
    coracoid = (
        (glenoid - 0.9, top + 1.9, back + 3.0, 0.55, 0.55),
        (glenoid - 0.5, top + 1.2, back + 4.6, 0.55, 0.50),
        (glenoid + 0.4, top + 1.6, back + 6.2, 0.45, 0.42),
    )  # fmt: skip
    arm = person["shoulder"] - 2.9
    humerus = (
        (arm - 0.5, top + 0.9, 0.0, 0.9, 0.9), (arm - 0.35, top + 1.5, 0.0, 1.9, 1.9),
        (arm - 0.1, top + 2.9, 0.0, 2.3, 2.3), (arm + 0.4, top + 4.6, 0.0, 1.75, 1.75),
        (arm + 0.9, top + 6.6, 0.0, 1.35, 1.35), (arm + 2.9, top + 18.0, 0.4, 1.15, 1.15),
    )  # fmt: skip
    if longer := person.size.get("humerus_longer", 0.0):  # films placed so that its end would show
        lower = (arm + 2.9 + 0.17 * longer, top + 18.0 + longer, 0.7, 1.2, 1.2)
        arm_bone: tuple[tuple[float, ...], ...] = (*humerus, lower)
    else:
        arm_bone = humerus
    return [
        (clavicle, 0.10, 0.24, 0.06), (medial, 0.022, 0.15, 0.7), (lateral, 0.06, 0.35, 0.75),
        (upper, 0.030, 0.25, 0.0), (ridge, 0.075, 0.22, 0.0), (socket, 0.085, 0.22, 0.0),
        (coracoid, 0.07, 0.2, 0.0), (arm_bone, 0.16, 0.12, 0.0),
    ]  # fmt: skip
