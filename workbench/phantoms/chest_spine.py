"""Vertebrae: bodies with end plates, pedicles, transverse and spinous processes."""

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_person import Person
from workbench.phantoms.chest_splat import Bone

Array = NDArray[np.float32]
BACKWARDS = np.asarray([0.0, 0.0, 1.0], np.float32)
SIDEWAYS = np.asarray([1.0, 0.0, 0.0], np.float32)


def spine_bow(person: Person, y: float) -> float:
    """Sideways place of the spine at a height.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    y : float
        Height in cm.

    Returns
    -------
    float
        `x` in cm.
    """
    return float(person["spine_bow"] * np.sin(np.pi * y / person["cage_height"]))


def vertebrae(person: Person, generator: np.random.Generator) -> list[Bone]:
    """All vertebrae the film can show.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    generator : numpy.random.Generator
        Source of the small differences.

    Returns
    -------
    list of Bone
        Bodies, end plates and processes from the neck to the loins.
    """
    found: list[Bone] = []
    thick = person["bone_radius"]
    heads = np.asarray(sizes.RIB_HEAD) * person["cage_height"]
    for number in range(sizes.SPINE_TOP_LEVEL, sizes.SPINE_TOP_LEVEL + sizes.SPINE_LEVELS):
        y, level = _level(heads, number)
        tall = level * (1 - sizes.SPINE_DISC)
        base, grow = sizes.SPINE_WIDTH
        wide = 0.5 * thick * (base + grow * number) * float(generator.normal(1, 0.015))
        base, grow = sizes.SPINE_DEPTH
        deep = 0.5 * thick * (base + grow * number)
        centre = (spine_bow(person, y), y, -0.78 * person["half_depth"])
        found += _vertebra(np.asarray(centre), (wide, tall, deep), thick, generator)
    return found


def _level(heads: NDArray[np.float64], number: int) -> tuple[float, float]:
    """Height of a vertebra, T1 = 0, and room it has; beyond the ribs the last steps go on."""
    near = min(max(number, 0), len(heads) - 1)
    steps = np.gradient(heads)
    y = heads[near] + (number - near) * steps[near] + 0.15 * steps[near]
    return float(y), float(steps[near])


def _line(*rows: tuple[float, ...], count: int = 40) -> Array:
    """Straight pieces through rows (x, y, z, half thickness, half height)."""
    table = np.asarray(rows, np.float64)
    at = np.linspace(0, len(rows) - 1, count)
    return np.stack([np.interp(at, range(len(rows)), c) for c in table.T], 1).astype(np.float32)


def _vertebra(
    centre: NDArray[np.float64],
    size: tuple[float, float, float],
    thick: float,
    generator: np.random.Generator,
) -> list[Bone]:
    x, y, z = centre
    wide, tall, deep = size
    half = tall / 2
    body = _line(
        (x, y - half, z, deep, wide), (x, y - 0.7 * half, z, 0.95 * deep, 0.95 * wide),
        (x, y, z, 0.9 * deep, 0.88 * wide), (x, y + 0.7 * half, z, 0.95 * deep, 0.95 * wide),
        (x, y + half, z, deep, wide),
    )  # fmt: skip
    found = [Bone(body, BACKWARDS, sizes.SPINE_CORTEX, sizes.SPINE_MARROW)]
    for end in (-half, half):
        plate = _line((x, y + end - 0.06, z, deep, wide), (x, y + end + 0.06, z, deep, wide))
        found.append(Bone(plate, BACKWARDS, 0.0, 0.40))
    back = z - deep
    for side in (-1, 1):
        px = x + side * 0.66 * wide
        py = y - 0.12 * tall
        pedicle = _line((px, py, back + 0.4, 0.24, 0.42), (px, py + 0.1, back - 1.0, 0.24, 0.42))
        found.append(Bone(pedicle * _scaled(thick), SIDEWAYS, 0.014, 0.15))
        reach = (1.55 + 0.1 * generator.normal()) * thick
        wing = _line(
            (px, py, back - 0.8, 0.35, 0.40),
            (px + side * 0.5 * reach, py - 0.15, back - 1.3, 0.28, 0.34),
            (px + side * reach, py - 0.35, back - 1.9, 0.34, 0.42),
        )  # fmt: skip
        found.append(Bone(wing, BACKWARDS, 0.03, 0.13, fade=0.6))
        lamina = _line((px, py + 0.5, back - 1.2, 0.2, 0.5), (x, py + 0.8, back - 1.9, 0.2, 0.55))
        found.append(Bone(lamina, BACKWARDS, 0.04, 0.15))
    tip = x + 0.08 * generator.normal()
    spinous = _line(
        (x, y + 0.35 * tall, back - 1.6, 0.18, 0.45),
        (tip, y + 0.85 * tall, back - 3.4, 0.22, 0.42),
        (tip, y + 1.0 * tall, back - 3.9, 0.26, 0.36),
    )  # fmt: skip
    found.append(Bone(spinous, SIDEWAYS, 0.04, 0.12))
    return found


def _scaled(thick: float) -> Array:
    """Factors for a row (x, y, z, half thickness, half height): only the section grows."""
    return np.asarray([1, 1, 1, thick, thick], np.float32)
