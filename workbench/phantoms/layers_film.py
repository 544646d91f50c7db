"""A film of a trunk as layers: how much water, bone, metal and ink each ray meets, and the truth.

Layers are exposed anew at every use in training (`tools/thorax`), so one body serves for endless
exposures. The sample films at full size are made elsewhere (`thorax.make_film`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.chest_grid import enlarge
from workbench.phantoms.layers_body import draw_breasts, draw_gas, draw_head, fill_body
from workbench.phantoms.layers_bones import draw_blades, draw_ribs, draw_spine
from workbench.phantoms.layers_build import Build, FilmKind, draw_build, draw_stand
from workbench.phantoms.layers_clavicles import draw_clavicles
from workbench.phantoms.layers_devices import draw_devices, draw_writing
from workbench.phantoms.layers_disease import (
    Airing,
    Disease,
    Hidden,
    aired,
    draw_disease,
    draw_shadows,
)
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_heart import draw_heart, fill_heart, fill_trunk
from workbench.phantoms.layers_labels import (
    HEART_CM,
    SEAM_CM,
    inside_cage,
    lung_fields,
    packed,
    readers_lung,
)
from workbench.phantoms.layers_lungs import draw_cage, fill_lungs
from workbench.phantoms.layers_rays import Film, Space, space_of
from workbench.phantoms.layers_vessels import draw_airway, draw_hila, draw_vessels

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
COARSE = 0.7  # side of the grid of the organs relative to the film's
SMALLEST = 96  # pixels a side


@dataclass(frozen=True, slots=True, eq=False)
class LayeredFilm:
    """One film before it is exposed.

    Attributes
    ----------
    layers : ndarray of float32, shape (4, side, side)
        Water and bone in cm along each ray, metal, ink.
    labels : ndarray of uint8, shape (side, side)
        Bits 1 right lung, 2 left lung, 4 heart, 8 right clavicle, 16 left clavicle; 0 on films that
        are no frontal chest.
    kind : FilmKind
        What it shows.
    hidden : Hidden
        What hides lung.
    """

    layers: Array
    labels: NDArray[np.uint8]
    kind: FilmKind
    hidden: Hidden


@dataclass(frozen=True, slots=True, eq=False)
class _Organs:
    """Length of the rays in the large parts of the body, in cm, on the grid of the film."""

    body: Array
    lungs: tuple[Array, Array]
    spaces: tuple[Array, Array]
    below: tuple[Array, Array]
    heart: Array
    trunk: Array


def make_layers(
    kind: FilmKind, side: int, generator: np.random.Generator, disease: Disease | None = None
) -> LayeredFilm:
    """Make one film of a chest, of a chest from the side, or of what lies next to it.

    Parameters
    ----------
    kind : FilmKind
        What the film shows.
    side : int
        Pixels a side.
    generator : numpy.random.Generator
        Source of the body, its place and its diseases.
    disease : Disease or None, optional
        What it suffers from; None: it is drawn like the rest.

    Returns
    -------
    LayeredFilm
        Equal for equal kind, side, disease and state of the generator.

    Raises
    ------
    ValueError
        If the side is too small for collar bones to be seen.
    """
    if side < SMALLEST:
        raise ValueError(f"side {side} is too small for a chest; use {SMALLEST} pixels or more")
    draw = Draw(generator)
    disease = disease or draw_disease(draw)
    build = draw_build(kind, disease.shift, draw)
    stand = draw_stand(build, draw)
    film, space = Film(stand, side), space_of(stand, round(side * COARSE))
    cage = draw_cage(build, disease.narrowed, draw)
    lungs = fill_lungs(build, cage, disease.raised, space, draw)
    heart = draw_heart(build, lungs, draw)
    inside = fill_heart(build, heart, space, draw)
    trunk, aorta = fill_trunk(build, heart, space, draw)
    between = 1 - np.maximum(np.maximum(trunk, aorta), inside)

    def seen(part: Array) -> Array:
        return np.maximum(enlarge(space.along(part), (side, side)), 0)

    organs = _Organs(
        body=enlarge(fill_body(build, lungs, space, draw), (side, side)),
        lungs=(seen(lungs.lungs[0] * between), seen(lungs.lungs[1] * between)),
        spaces=(seen(lungs.spaces[0]), seen(lungs.spaces[1])),
        below=(enlarge(lungs.below[0], (side, side)), enlarge(lungs.below[1], (side, side))),
        heart=seen(inside),
        trunk=seen(trunk),
    )
    airing = aired(disease, build, organs.lungs, lungs.tops[disease.side], film, draw)
    clavicles = draw_clavicles(build, film, draw)
    fields = _fields(organs, airing, build.scale)
    closed = film.plane(heart_depth(build))
    top = heart.closed(closed[0])
    reach = int(1.8 * build.scale / stand.field * side)
    outlined = (organs.heart > HEART_CM * build.scale) & (closed[1] > top)
    seam = int(SEAM_CM * build.scale / stand.field * side)
    labels = packed((
        *(readers_lung(field, outlined, seam) for field in fields), outlined,
        *(
            inside_cage(one, organs.spaces[side] > 0.3, side == 0, reach)
            for side, one in enumerate(clavicles.outlines)
        ),
    ))  # fmt: skip
    column = enlarge(_column(build, space), (side, side))
    bone = film.coarse(draw_ribs(build, cage, film, draw)) + draw_spine(build, column, film, draw)
    bone = (bone + draw_blades(build, film, draw)) * np.float32(draw.within(0.6, 1.3))
    bone = bone + clavicles.bone
    under = organs.below[0] + organs.below[1]
    gas = draw_gas(build, lungs, under, film, draw)
    water = _water(organs, airing, gas, draw)
    water = water - draw_airway(build, heart, film, draw) * 0.9
    lung_air = airing.air[0] + airing.air[1]
    rich = np.clip(lung_air / 2, 0, 1) * (1 - airing.free)
    vessels = draw_vessels(build, heart, film, draw) * draw.within(0.6, 1.4)
    water = water + np.minimum(vessels, lung_air * 0.8 + 0.2) * rich
    hila = draw_hila(build, heart, film, draw) * draw.within(0.3, 1.2)
    water = water + np.minimum(hila, lung_air * 0.8)
    water = water + draw_shadows((fields[0] | fields[1]).astype(np.float32), lung_air * 0.7, draw)
    water = np.maximum(water + draw_head(build, film, draw), 0) + draw_breasts(build, film, draw)
    metal = draw_devices(film, build.ap, draw)
    layers = np.stack([water, bone, metal, draw_writing(film, draw)]).astype(np.float32)
    chest = kind in {FilmKind.ADULT, FilmKind.CHILD}
    return LayeredFilm(layers, labels if chest else np.zeros_like(labels), kind, disease.hidden)


def heart_depth(build: Build) -> float:
    """Depth at which the top of the heart is looked at.

    Parameters
    ----------
    build : Build
        The body.

    Returns
    -------
    float
        z in cm.
    """
    return 1.5 * build.scale


def _fields(organs: _Organs, airing: Airing, scale: float) -> tuple[Mask, Mask]:
    """Both lungs as they are outlined: what the disease hides is decided in `aired`."""
    right, left = lung_fields(organs.lungs, organs.below, organs.heart, organs.trunk, scale)
    return right & ~airing.lost, left & ~airing.lost


def _column(build: Build, space: Space) -> Array:
    """Length of the rays in the column of the spine."""
    s = build.scale
    off = (space.x / (2.0 * s)) ** 2
    off = off + ((space.z + build.half_depth * 0.85) / (2.3 * s)) ** 2
    inside = np.asarray(np.clip((1 - off) * 4 + 0.5, 0, 1), np.float32)
    return np.repeat(space.along(inside), len(space.y), 0)


def _water(organs: _Organs, airing: Airing, gas: Array, draw: Draw) -> Array:
    """Water along the rays: the body without the air in it."""
    dense = draw.within(0.12, 0.38) if draw.happens(0.8) else draw.within(0.30, 0.55)
    rest = [1 - dense * draw.within(0.85, 1.15) for _ in range(2)]
    air = airing.air[0] * np.float32(rest[0]) + airing.air[1] * np.float32(rest[1])
    return np.asarray(organs.body - air - gas * (organs.body > 3), np.float32)
