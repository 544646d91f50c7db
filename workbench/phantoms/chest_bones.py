"""Ribs, and the whole skeleton drawn as tubes with a cortex and a spongy core."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_girdle import blades, shoulder_girdle
from workbench.phantoms.chest_grid import enlarge
from workbench.phantoms.chest_lungs import LEFT, RIGHT, profile, section
from workbench.phantoms.chest_person import Person
from workbench.phantoms.chest_rays import View
from workbench.phantoms.chest_spine import vertebrae
from workbench.phantoms.chest_splat import Bone, Canvas, tube

Array = NDArray[np.float32]
NESTS = (0.85, 0.62, 0.36, 0.12)  # shells that together fill a core
CORE_BLUR_CM, WALL_BLUR_CM = 0.09, 0.028


def bone_lengths(person: Person, view: View, generator: np.random.Generator) -> Array:
    """Crossed length of compact bone of the whole skeleton.

    Parameters
    ----------
    person : Person
        Sizes and age.
    view : View
        The film at full resolution.
    generator : numpy.random.Generator
        Source of the small differences between bones.

    Returns
    -------
    ndarray of float32, shape of the view
        cm of compact bone.
    """
    old = float(np.clip((person.age - 45) / 40, 0, 1))
    bones = [
        *ribs(person, generator),
        *shoulder_girdle(person, generator),
        *vertebrae(person, generator),
    ]
    walls = Canvas(view)
    coarse = view.coarser(0.045)
    cores = Canvas(coarse)
    fine = max(0.95 * view.pitch, 0.7 * WALL_BLUR_CM)
    for bone in bones:
        for points, areas, around, along in tube(bone.line, bone.outward, fine):
            strength = np.float32(bone.cortex) * (1 + np.float32(bone.shade) * around)
            walls.drop(points, np.asarray(areas * strength * _faded(bone, along), np.float32))
        _fill(cores, bone)
    for points, volumes in blades(person):
        cores.drop(points, volumes)
    core = gaussian_filter(cores.lengths, CORE_BLUR_CM / coarse.pitch)
    spongy = enlarge(core, view.shape) * spongiosa(view, generator)
    wall = gaussian_filter(walls.lengths, WALL_BLUR_CM / view.pitch)
    return np.asarray((wall + spongy) * (1 - 0.3 * old), np.float32)


def _fill(canvas: Canvas, bone: Bone) -> None:
    """Fill the core of a bone by nested shells, each standing for the layer around it."""
    edges = (1.0, *(0.5 * (a + b) for a, b in pairwise(NESTS)), 0.0)
    for nest, outer, inner in zip(NESTS, edges, edges[1:], strict=False):
        line = bone.line.copy()
        half = np.minimum(line[:, 3], line[:, 4]).mean()
        line[:, 3:5] *= nest
        volume = np.float32(bone.marrow * (outer - inner) * half)
        for points, areas, _, along in tube(line, bone.outward, 1.2 * canvas.view.pitch):
            canvas.drop(points, areas * volume * _faded(bone, along))


def _faded(bone: Bone, along: Array) -> Array:
    """Density along a bone: full, then falling towards cartilage."""
    if not bone.fade:
        return np.ones_like(along)
    left = np.clip((1 - along) / np.float32(bone.fade), 0, 1)
    return np.asarray(left * left * (3 - 2 * left), np.float32)


def spongiosa(view: View, generator: np.random.Generator) -> Array:
    """Texture of spongy bone: a factor around 1, fine beams with coarser islands.

    Parameters
    ----------
    view : View
        The film at full resolution.
    generator : numpy.random.Generator
        Source of the texture.

    Returns
    -------
    ndarray of float32, shape of the view
        Factor, mean 1.
    """
    total = np.ones(view.shape, np.float32)
    for size, strength in ((0.035, 0.09), (0.09, 0.09)):
        grid = view.coarser(size / 1.6)
        noise = generator.standard_normal(grid.shape, np.float32)
        noise = gaussian_filter(noise, size / grid.pitch / 1.6)
        total += enlarge(noise / noise.std() * np.float32(strength), view.shape)
    return np.clip(total, 0.2, 2.5)


def ribs(person: Person, generator: np.random.Generator) -> list[Bone]:
    """Twelve pairs of ribs lying on the cage.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    generator : numpy.random.Generator
        Source of the small differences.

    Returns
    -------
    list of Bone
        24 bones, right and left in turn.
    """
    found: list[Bone] = []
    tall = person["cage_height"]
    thick = person["bone_radius"]
    for head, fall, end in zip(sizes.RIB_HEAD, sizes.RIB_FALL, sizes.RIB_END, strict=True):
        number = len(found) // 2
        for side in (RIGHT, LEFT):
            angle = np.linspace(0.02, end * generator.normal(1, 0.01), 260).astype(np.float32)
            drop = fall * tall / 28 * profile(sizes.RIB_COURSE, angle) * generator.normal(1, 0.03)
            y = head * tall + generator.normal(0, 0.16) + drop
            line, outward = _on_cage(person, side, np.asarray(y, np.float32), angle, number)
            part = angle / angle[-1]
            slim = np.float32(0.88 if number in {0, 10, 11} else 1.0)
            neck = 0.62 + 0.38 * np.clip(part / 0.12, 0, 1)
            flare = 0.14 * np.clip((part - 0.75) / 0.25, 0, 1)
            uneven = 1 + 0.05 * np.sin(2.5 * angle + generator.uniform(0, 2 * np.pi))
            height = 0.5 * sizes.RIB_HEIGHT * thick * slim * (neck + flare) * uneven
            height *= generator.normal(1, 0.05)
            broad = 0.5 * sizes.RIB_THICKNESS * thick * (1.15 - 0.3 * part)
            if number == 0:
                flat = np.clip(part / 0.25, 0.45, 1)
                broad, height = (np.float32(half * thick) * flat for half in sizes.FIRST_RIB)
            shape = np.stack([broad, height], 1).astype(np.float32)
            full = np.concatenate([line, shape], 1)
            faint = 0.5 if number == 0 else 1.0  # the first rib is flat and thin
            cortex, marrow = sizes.RIB_CORTEX * thick * faint, sizes.RIB_MARROW * faint
            fade = 0.5 if number > 9 else 0.12  # floating ribs end in a thin tip
            found.append(Bone(full, outward, cortex, marrow, 0.22, fade))
    return found


def _on_cage(person: Person, side: int, y: Array, angle: Array, number: int) -> tuple[Array, Array]:
    """Points of a rib on the wall of the cage, and the way out of the cage."""
    # the wall the rib lies on is that of the level it crosses at its side, not of the steep apex
    level = np.maximum(y, np.float32((0.055 + 0.02 * number) * person["cage_height"]))
    cut = section(person, level)
    outer = cut.middle + cut.half + np.float32(0.14)
    if number == 0:
        outer = np.minimum(outer, np.float32(0.51 * person["half_width"]))
    deep = cut.depth + np.float32(0.35)
    power = np.float32(2.0 / 2.5)
    sin, cos = np.sin(angle), np.cos(angle)
    near = np.float32(1.7)
    x = near + (outer - near) * np.abs(sin) ** np.float32(0.68)
    z = cut.centre - deep * np.sign(cos) * np.abs(cos) ** power
    forward = np.float32(1.0) * np.exp(-angle / 0.25)  # the head meets the side of the vertebra
    line = np.stack([side * x, y, z + forward], 1).astype(np.float32)
    down = -cos / deep * np.float32(sizes.FIRST_RIB_SLOPE) if number == 0 else 0 * y - 0.012
    way = np.stack([side * sin / outer, down, -cos / deep], 1)
    return line, (way / np.linalg.norm(way, axis=1, keepdims=True)).astype(np.float32)
