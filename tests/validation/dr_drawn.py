"""Drawn chests with one opaque side, and without: bodies of the generator, exposed plainly here."""

from collections.abc import Iterator

import numpy as np
from dr_films import Known
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms.layers_build import FilmKind
from workbench.phantoms.layers_disease import Hidden, draw_disease
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_film import make_layers

SIDE = 256
FIRST = 7_000_000  # far from the seeds of the training films
WATER, BONE, METAL = 0.20, 0.36, 3.0  # attenuation of a cm at chest voltage
OPAQUE = (Hidden.MASSIVE_EFFUSION, Hidden.COLLAPSE)
CODES = {Hidden.MASSIVE_EFFUSION: "DR004", Hidden.COLLAPSE: "DR017"}


def drawn(hidden: Hidden, count: int) -> Iterator[tuple[Known, str]]:
    """So many adults with this disease, and the side it is on."""
    seed, made = FIRST, 0
    while made < count:
        seed += 1
        disease = draw_disease(Draw(np.random.default_rng(seed)))
        if disease.hidden is not hidden:
            continue
        film = make_layers(FilmKind.ADULT, SIDE, np.random.default_rng(seed))
        made += 1
        side = "right" if disease.side == 0 else "left"
        yield Known(name=f"{hidden.value} {seed}", grey=_exposed(film.layers, seed), view="PA",
                    age=50.0), side  # fmt: skip


def _exposed(layers: NDArray[np.float32], seed: int) -> NDArray[np.uint8]:
    """Greys of one exposure: scatter, a curve, noise."""
    chance = np.random.default_rng(seed)
    water, bone, metal, ink = layers
    primary = np.exp(-(WATER * water + BONE * bone + METAL * metal))
    arriving = primary + gaussian_filter(primary, SIDE / 8) * chance.uniform(0.2, 1.0)
    grey = -np.log(arriving * (1 + 0.01 * chance.standard_normal(arriving.shape)).clip(0.9) + 1e-4)
    low, high = np.percentile(grey, (1, 99))
    curve = ((grey - low) / (high - low)).clip(0, 1) ** chance.uniform(0.7, 1.3)
    return (255 * np.maximum(curve, ink.clip(0, 1))).astype(np.uint8)
