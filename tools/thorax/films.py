"""Make the layered films of a recipe, once; the same recipe gives the same films."""

import logging
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.phantoms.layers_build import FilmKind
from workbench.phantoms.layers_disease import Disease, Hidden, draw_disease
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_film import make_layers
from workbench.phantoms.layers_limbs import make_other

LOG = logging.getLogger("thorax")
PIECE = 10  # films in one file
ADULT, CHILD, OTHER, OPAQUE = range(4)  # kinds as the nets are told them
MIXED = ("chests", "children", "others")  # what both nets learn from; the rest is for the gate
WHITE_SIDES = (Hidden.MASSIVE_EFFUSION, Hidden.COLLAPSE)
BESIDE = (FilmKind.LATERAL, FilmKind.NECK, FilmKind.SHOULDER, FilmKind.ABDOMEN)


@dataclass(frozen=True)
class Films:
    """Films in memory: layers (n, 4, side, side) half precision, labels (n, side, side), kinds."""

    layers: Tensor
    labels: Tensor
    kinds: Tensor


def one(number: int, kind: int, plan: dict[str, int]) -> tuple[NDArray, NDArray]:
    """Layers and labels of one film."""
    side, generator = plan["side"], np.random.default_rng(plan["seed"] + number)
    if kind == OTHER and number % 2:
        return make_other(side, generator), np.zeros((side, side), np.uint8)
    if kind == OPAQUE:
        film = make_layers(FilmKind.ADULT, side, generator, _white_side(generator))
        return film.layers, film.labels
    body = {ADULT: FilmKind.ADULT, CHILD: FilmKind.CHILD}.get(kind, BESIDE[number // 2 % 4])
    if kind == OTHER and number % 4 == 0:
        body = FilmKind.LATERAL  # half of what lies beside are side views of chests
    film = make_layers(body, side, generator)
    return film.layers, film.labels


def _white_side(generator: np.random.Generator) -> Disease:
    """A disease that leaves no air on one side."""
    while (disease := draw_disease(Draw(generator))).hidden not in WHITE_SIDES:
        pass
    return disease


def _piece(job: tuple[int, dict[str, int], Path]) -> int:
    first, plan, folder = job
    path = folder / f"{first:06d}.npz"
    kinds = kinds_of(plan)[first : first + PIECE]
    films = [one(first + k, int(kind), plan) for k, kind in enumerate(kinds)]
    layers = np.stack([film[0] for film in films]).astype(np.float16)
    part = path.with_suffix(".part.npz")
    np.savez(part, layers=layers, labels=np.stack([film[1] for film in films]), kinds=kinds)
    part.rename(path)
    return first


def kinds_of(plan: dict[str, int]) -> NDArray[np.uint8]:
    """Kind of every film of a recipe, mixed so that any part of the first ones holds all kinds."""
    counts = [plan[name] for name in MIXED]
    kinds = np.repeat(np.array([ADULT, CHILD, OTHER], np.uint8), counts)
    mixed = np.random.default_rng(plan["seed"]).permutation(kinds)
    more = [plan[name] for name in ("more_others", "opaque", "more_children")]
    return np.append(mixed, np.repeat(np.array([OTHER, OPAQUE, CHILD], np.uint8), more))


def _fits(path: Path, kinds: NDArray[np.uint8]) -> bool:
    """Whether a file holds the kinds of films that this recipe asks for."""
    if not path.is_file():
        return False
    with np.load(path) as held:
        return np.array_equal(held["kinds"], kinds)


def made(plan: dict[str, int], folder: Path, processes: int = 2) -> Films:
    """Make what is missing in a folder and load everything."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = kinds_of(plan)
    starts = range(0, len(kinds), PIECE)
    missing = [
        first
        for first in starts
        if not _fits(folder / f"{first:06d}.npz", kinds[first : first + PIECE])
    ]
    if missing:
        jobs = [(first, plan, folder) for first in missing]
        with get_context("spawn").Pool(processes) as pool:
            for count, _ in enumerate(pool.imap_unordered(_piece, jobs), 1):
                LOG.info("films: %d of %d", count * PIECE, len(missing) * PIECE)
    parts = [np.load(folder / f"{first:06d}.npz") for first in starts]
    layers, labels, kinds = (
        torch.from_numpy(np.concatenate([part[name] for part in parts]))
        for name in ("layers", "labels", "kinds")
    )
    return Films(layers, labels, kinds)
