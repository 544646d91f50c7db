"""Ribs, clavicles, scapulae and arm bones as tubes with a cortex and a spongy core."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_grid import enlarge
from workbench.phantoms.chest_lungs import LEFT, RIGHT, profile, section
from workbench.phantoms.chest_person import Person
from workbench.phantoms.chest_rays import View
from workbench.phantoms.chest_spine import vertebrae
from workbench.phantoms.chest_splat import Bone, Canvas, tube

Array = NDArray[np.float32]
NESTS = (0.85, 0.62, 0.36, 0.12)  # shells that together fill a core
CORE_BLUR_CM, WALL_BLUR_CM = 0.09, 0.028
BLADE_CM = 0.19  # compact bone in the plate of the scapula


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
            walls.drop(points, areas * strength * _faded(bone, along))
        _fill(cores, bone)
    _blades(cores, person)
    core = gaussian_filter(cores.lengths, CORE_BLUR_CM / coarse.pitch)
    spongy = enlarge(core, view.shape) * spongiosa(view, generator)
    wall = gaussian_filter(walls.lengths, WALL_BLUR_CM / view.pitch)
    return np.asarray((wall + spongy) * (1 - 0.3 * old), np.float32)


def _fill(canvas: Canvas, bone: Bone) -> None:
    """Fill the core of a bone by nested shells, each standing for the layer around it."""
    edges = (1.0, *(0.5 * (a + b) for a, b in zip(NESTS, NESTS[1:], strict=False)), 0.0)
    for nest, outer, inner in zip(NESTS, edges, edges[1:], strict=False):
        line = bone.line.copy()
        half = np.minimum(line[:, 3], line[:, 4]).mean()
        line[:, 3:5] *= nest
        volume = np.float32(bone.marrow * (outer - inner) * half)
        for points, areas, _, along in tube(line, bone.outward, 1.2 * canvas.view.pitch):
            canvas.drop(points, areas * volume * _faded(bone, along))


def _faded(bone: Bone, along: Array) -> Array | float:
    """Density along a bone: full, then falling towards cartilage."""
    if not bone.fade:
        return 1.0
    left = np.clip((1 - along) / np.float32(bone.fade), 0, 1)
    return left * left * (3 - 2 * left)


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
            drop = fall * tall / 28 * profile(sizes.RIB_COURSE, angle) * generator.normal(1, 0.015)
            y = head * tall + generator.normal(0, 0.06) + drop
            line, outward = _on_cage(person, side, np.asarray(y, np.float32), angle, number)
            part = angle / angle[-1]
            slim = np.float32(0.88 if number in {0, 10, 11} else 1.0)
            height = 0.5 * sizes.RIB_HEIGHT * thick * slim * (
                0.62 + 0.38 * np.clip(part / 0.12, 0, 1) + 0.14 * np.clip((part - 0.75) / 0.25, 0, 1)
            )  # fmt: skip
            broad = 0.5 * sizes.RIB_THICKNESS * thick * (1.15 - 0.3 * part)
            shape = np.stack([broad, height], 1).astype(np.float32)
            full = np.concatenate([line, shape], 1)
            faint = 0.65 if number == 0 else 1.0  # the first rib is flat and thin
            cortex, marrow = sizes.RIB_CORTEX * thick * faint, sizes.RIB_MARROW * faint
            found.append(Bone(full, outward, cortex, marrow, 0.22, 0.10))
    return found


def _on_cage(
    person: Person, side: int, y: Array, angle: Array, number: int
) -> tuple[Array, Array]:
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
    x = near + (outer - near) * np.abs(sin) ** np.float32(0.86)
    z = cut.centre - deep * np.sign(cos) * np.abs(cos) ** power
    forward = np.float32(1.0) * np.exp(-angle / 0.25)  # the head meets the side of the vertebra
    line = np.stack([side * x, y, z + forward], 1).astype(np.float32)
    way = np.stack([side * sin / outer, 0 * y - 0.012, -cos / deep], 1)
    return line, (way / np.linalg.norm(way, axis=1, keepdims=True)).astype(np.float32)


def _spline(table: tuple[tuple[float, ...], ...], count: int = 240) -> Array:
    """Smooth curve through table rows (x, y, z, half thickness, half height)."""
    rows = np.asarray(table, np.float64)
    at = np.linspace(0, len(rows) - 1, count).astype(np.float32)
    columns = [profile(tuple(enumerate(c)), at) for c in rows.T]
    return np.stack(columns, 1).astype(np.float32)


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
        Tubular bones; the blade of the scapula is `blade`.
    """
    found: list[Bone] = []
    for side in (RIGHT, LEFT):
        for outline, cortex, marrow in _girdle_lines(person, float(generator.normal(0, 0.15))):
            line = _spline(outline)
            line[:, 0] *= side
            line[:, 3:5] *= np.float32(person["bone_radius"])
            found.append(Bone(line, np.asarray([0.0, 0.0, 1.0], np.float32), cortex, marrow))
    return found


def _blades(canvas: Canvas, person: Person) -> None:
    """The thin plates of the scapulae, between their borders."""
    edges = _girdle_lines(person, 0.0)
    medial, lateral = _spline(edges[1][0], 400)[:, :3], _spline(edges[2][0], 400)[::-1, :3]
    part = ((np.arange(260, dtype=np.float32) + 0.5) / 260)[:, None]
    sheet = medial[:, None] * (1 - part) + lateral[:, None] * part
    down, across = np.gradient(sheet, axis=0), np.gradient(sheet, axis=1)
    area = np.linalg.norm(np.cross(down, across), axis=2)
    volume = (area * BLADE_CM).ravel().astype(np.float32)
    for side in (RIGHT, LEFT):
        points = sheet.reshape(-1, 3) * np.asarray([side, 1, 1], np.float32)
        canvas.drop(points.astype(np.float32), volume)


def _girdle_lines(
    person: Person, uneven: float
) -> list[tuple[tuple[tuple[float, ...], ...], float, float]]:
    """Curves of one side: rows (x, y, z, half thickness, half height), cortex, marrow."""
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
    inner = person["scapula_out"] * person["half_width"]
    back = -0.62 * person["half_depth"]
    glenoid = person["shoulder"] - 5.3
    top = y1 + 0.6
    medial = (
        (inner + 1.6, top + 0.6, back, 0.16, 0.12), (inner + 0.7, top + 3.4, back - 0.5, 0.14, 0.12),
        (inner + 1.0, top + 8.0, back - 0.4, 0.14, 0.13), (inner + 1.7, top + 13.2, back, 0.20, 0.20),
    )  # fmt: skip
    foot = inner + 1.7
    lateral = (
        (foot, top + 13.3, back, 0.22, 0.28), (foot + 0.9, top + 12.4, back + 0.3, 0.24, 0.30),
        (foot + 0.35 * (glenoid - foot) + 0.5, top + 9.4, back + 1.2, 0.24, 0.28),
        (foot + 0.75 * (glenoid - foot), top + 6.0, back + 2.4, 0.28, 0.34), (glenoid - 0.4, top + 4.3, back + 3.2, 0.40, 0.50),
    )  # fmt: skip
    upper = (
        (inner + 1.6, top + 0.6, back, 0.12, 0.12), (inner + 2.6, top + 1.0, back + 1.0, 0.14, 0.14),
        (glenoid - 1.6, top + 1.9, back + 2.6, 0.30, 0.25),
    )  # fmt: skip
    ridge = (
        (inner + 0.8, top + 3.4, back - 0.6, 0.16, 0.16), (inner + 2.8, top + 2.3, back - 1.6, 0.26, 0.30),
        (glenoid + 0.3, top + 0.6, back - 1.2, 0.34, 0.46), (glenoid + 2.2, top - 0.2, back + 1.6, 0.34, 0.55),
    )  # fmt: skip
    socket = (
        (glenoid, top + 1.6, back + 3.4, 0.75, 0.35), (glenoid + 0.25, top + 3.0, back + 3.4, 0.95, 0.38),
        (glenoid, top + 4.5, back + 3.4, 0.75, 0.35),
    )  # fmt: skip
    coracoid = (
        (glenoid - 0.9, top + 1.9, back + 3.0, 0.55, 0.55), (glenoid - 0.5, top + 1.2, back + 4.6, 0.55, 0.50),
        (glenoid + 0.4, top + 1.6, back + 6.2, 0.45, 0.42),
    )  # fmt: skip
    arm = person["shoulder"] - 2.9
    humerus = (
        (arm - 0.5, top + 0.9, 0.0, 0.9, 0.9), (arm - 0.35, top + 1.5, 0.0, 1.9, 1.9),
        (arm - 0.1, top + 2.9, 0.0, 2.3, 2.3), (arm + 0.4, top + 4.6, 0.0, 1.75, 1.75),
        (arm + 0.9, top + 6.6, 0.0, 1.35, 1.35), (arm + 2.9, top + 18.0, 0.4, 1.15, 1.15),
    )  # fmt: skip
    return [
        (clavicle, 0.10, 0.24), (medial, 0.05, 0.3), (lateral, 0.09, 0.3), (upper, 0.05, 0.3),
        (ridge, 0.07, 0.22), (socket, 0.07, 0.2), (coracoid, 0.07, 0.2), (humerus, 0.16, 0.12),
    ]  # fmt: skip
