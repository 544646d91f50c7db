"""What is laid on or in a patient: a pacemaker, a central line, electrodes with their wires."""

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.chest_heart import Heart, landmarks
from workbench.phantoms.chest_person import Person
from workbench.phantoms.chest_rays import View
from workbench.phantoms.chest_strokes import Stroke, smooth, strokes

Array = NDArray[np.float32]
# Attenuation of the middle of each: coil of a lead, its tip, wall of a catheter, wire, snap.
LEAD, TIP, LINE, WIRE, SNAP, GEL = 1.1, 2.0, 0.26, 0.6, 1.8, 0.06
CAN_CM, CAN, BATTERY, HEADER = (2.3, 2.0), 2.2, 1.2, 0.25
ELECTRODES = ((-0.62, 0.14), (0.70, 0.16), (0.72, 0.80))  # parts of half width and height
PARTS = ("pacemaker", "two pacing leads", "central line from the right", "three electrodes")


def draw_devices(person: Person, heart: Heart, view: View, generator: np.random.Generator) -> Array:
    """Draw the devices of a patient who is watched after a pacemaker was put in.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    heart : Heart
        Where the leads end.
    view : View
        The film at full resolution.
    generator : numpy.random.Generator
        Source of the course of the wires.

    Returns
    -------
    ndarray of float32, shape of the view
        Total attenuation.
    """
    wide, tall, front = person["half_width"], person["cage_height"], person["half_depth"]
    arch, base = landmarks(person)["arch"], heart.bottom
    can = (0.73 * wide, 0.16 * tall)
    neck = (can[0] - 1.4, can[1] - CAN_CM[1] + 0.2, front)
    shared = [neck, (can[0] - 3.4, 0.115 * tall, front - 2), (2.6, 0.16 * tall, 1.0),
              (-1.6, arch - 0.6, 1.5), (-2.3, arch + 4.0, 1.0)]  # fmt: skip
    loop = [(can[0] + 0.6, can[1] - CAN_CM[1] + 0.1, front), (can[0] - 0.6, can[1] - 3.1, front)]
    right = [*shared, (-2.9, base - 6.0, 2.0), (-2.4, base - 4.2, 3.0), (-1.5, base - 6.3, 4.0)]
    apex = 0.40 * heart.width
    deep = [*loop, *shared[1:], (-2.0, base - 4.2, 2.5), (0.6, base - 1.6, 3.5),
            (apex - 1.2, base - 1.1, 4.0), (apex, base - 1.7, 4.5)]  # fmt: skip
    lines = []
    for way in (right, deep):
        curve = smooth(way, 160)
        lines += [Stroke(curve, 0.10, LEAD, 0.4), Stroke(curve[-5:], 0.12, TIP)]
        lines.append(Stroke(curve[-18:-14], 0.12, TIP))
    line = [(-4.6, -9.0, 1.0), (-3.9, -4.0, 0.5), (-2.9, 1.0, 0.0), (-2.3, arch - 1.0, 1.0),
            (-2.2, arch + 3.2, 1.5)]  # fmt: skip
    lines.append(Stroke(smooth(line, 90), 0.11, LINE, 0.45))
    total = strokes(lines, view) + _can(can, front, view)
    return total + _electrodes((wide, tall, front), view, generator)


def _can(centre: tuple[float, float], depth: float, view: View) -> Array:
    """Case of the pacemaker: rounded, a battery and a circuit inside, a light header above."""
    row, column = view.project(np.asarray([[*centre, depth]], np.float32))
    rows, columns = np.indices(view.shape, np.float32)
    scale = np.float32(view.pitch)
    x, y = (columns - column) * scale, (rows - row) * scale
    turned = np.deg2rad(12)
    x, y = x * np.cos(turned) + y * np.sin(turned), y * np.cos(turned) - x * np.sin(turned)

    def plate(at: tuple[float, float], half: tuple[float, float], power: float) -> Array:
        away = np.abs((x - at[0]) / half[0]) ** power + np.abs((y - at[1]) / half[1]) ** power
        return np.asarray(np.clip((1 - away) * 12, 0, 1), np.float32)

    total = CAN * plate((0, 0.3), CAN_CM, 3.2)
    total += BATTERY * plate((0.3, 1.0), (1.5, 0.85), 3.5)
    total += 0.5 * plate((-0.9, -0.4), (0.8, 0.5), 4)
    total += 0.4 * plate((0.9, -0.4), (0.5, 0.5), 4)
    return np.asarray(total + HEADER * plate((0, -CAN_CM[1] + 0.1), (1.9, 0.75), 3), np.float32)


def _electrodes(
    chest: tuple[float, float, float], view: View, generator: np.random.Generator
) -> Array:
    """Electrodes on the skin and the wires that hang from them."""
    wide, tall, front = chest
    lines = []
    for number, (out, down) in enumerate(ELECTRODES):
        spot = out * wide, down * tall, -front
        here = np.asarray([spot, (spot[0] + 0.02, spot[1], -front)], np.float32)
        lines.append(Stroke(here, 1.7, GEL))
        lines.append(Stroke(here, 0.42, SNAP, 0.35))
        way = [spot]
        x, y = spot[0], spot[1]
        for _ in range(7):
            x += np.sign(out) * generator.uniform(-0.4, 1.3) + generator.normal(0, 0.5)
            y += (tall * 1.25 - spot[1]) / 6 * generator.uniform(0.7, 1.2)
            way.append((x, y, -front))
        lines.append(Stroke(smooth(way, 140), 0.075 + 0.005 * number, WIRE))
    return strokes(lines, view)
