"""From a body on a sheet to a film: letter, scatter, quanta, blur, logarithm, grey curve."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, zoom

from workbench.phantoms.chest_marker import letter
from workbench.phantoms.part_sheet import LEAD, Body, Point, Sheet

Array = NDArray[np.float32]
BITS = 14
QUANTA_PER_MM2 = 26_000.0  # at the detector behind nothing; a body lets some hundreds through
SCATTER, SCATTER_MM = 0.28, 22.0  # part of the primary, and how far it spreads
BLUR_MM = 0.16  # focal spot and scintillator
DETAIL_MM, DETAIL = 2.0, 0.55  # edge enhancement as makers set it
DARK_AT, LIGHT_AT = 0.14, 0.92  # greys of the thinnest and the densest part of the body
EDGE_MM = 4.0  # closed by the collimator on each side


@dataclass(frozen=True, slots=True, eq=False)
class PartFilm:
    """A film of known geometry.

    Attributes
    ----------
    pixels : ndarray of uint16, shape (rows, columns)
        14-bit greys, dense parts white.
    sheet : Sheet
        Grid and magnification it was drawn on.
    points : mapping of str to tuple of float
        Column and row of named places on the film, exact.
    lengths_mm, angles_deg : mapping of str to float
        Truth in the object, by what is measured; the ends are in `points` under the same name
        with a, b (and c, d for an angle) behind it.
    """

    pixels: NDArray[np.uint16]
    sheet: Sheet
    points: Mapping[str, Point]
    lengths_mm: Mapping[str, float]
    angles_deg: Mapping[str, float]


def marked(body: Body, name: str, place: Point) -> None:
    """Lay a lead letter on a body.

    Parameters
    ----------
    body : Body
        Where it is laid; sheets of oblong pixels get none, for the letter is drawn square.
    name : {"R", "L"}
        The letter.
    place : tuple of float
        Its upper left corner in mm of the object.
    """
    sheet = body.sheet
    if sheet.row_mm != sheet.column_mm:
        return
    pitch = sheet.row_mm / sheet.magnification / 10
    body.depth += np.float32(LEAD) * letter(
        name, sheet.shape, pitch, (place[0] / 10, place[1] / 10)
    )


def grained(body: Body, strength: float, size_mm: float, generator: np.random.Generator) -> None:
    """Make tissue uneven, as fat between muscles does.

    Parameters
    ----------
    body : Body
        What is made uneven, where there is something.
    strength : float
        Standard deviation as part of the attenuation there.
    size_mm : float
        Size of the lumps in mm of the object.
    generator : numpy.random.Generator
        Source of the lumps.
    """
    rows, columns = body.depth.shape
    step = max(1.0, size_mm / 2 / body.soft)
    small = generator.standard_normal((int(rows / step) + 3, int(columns / step) + 3))
    lumps = zoom(gaussian_filter(small, 1.0), step, order=1)[:rows, :columns].astype(np.float32)
    if lumps.shape != (rows, columns):
        lumps = np.pad(
            lumps, ((0, rows - lumps.shape[0]), (0, columns - lumps.shape[1])), mode="edge"
        )
    body.depth *= 1 + np.float32(strength) * lumps / lumps.std()


def develop(body: Body, generator: np.random.Generator) -> NDArray[np.uint16]:
    """Expose and develop.

    Parameters
    ----------
    body : Body
        What lies between tube and detector.
    generator : numpy.random.Generator
        Source of the quanta.

    Returns
    -------
    ndarray of uint16, shape (rows, columns)
        14-bit greys, dense parts white; what the collimator covers is black, as consoles show it.
    """
    sheet = body.sheet
    pixel = np.array([sheet.row_mm, sheet.column_mm])
    field = _field(sheet)
    primary = np.exp(-np.maximum(body.depth, 0)) * field
    veil = gaussian_filter(np.minimum(primary, 0.08), SCATTER_MM / pixel, truncate=2.5)
    arriving = primary + np.float32(SCATTER) * veil
    per_pixel = QUANTA_PER_MM2 * float(pixel.prod())
    read = generator.poisson(arriving * per_pixel).astype(np.float32)
    read = gaussian_filter(read, BLUR_MM / pixel)
    dense = -np.log(np.maximum(read / per_pixel, 2e-5)).astype(np.float32)
    dense += np.float32(DETAIL) * (dense - gaussian_filter(dense, DETAIL_MM / pixel))
    inside = field > 0.99
    tissue = inside & (gaussian_filter(body.depth, 1.0) > 0.15)
    low, high = np.percentile(dense[tissue if tissue.any() else inside], [4, 98.5])
    grey = DARK_AT + (dense - low) / (high - low) * (LIGHT_AT - DARK_AT)
    grey = np.where(grey < DARK_AT, DARK_AT * np.exp((grey - DARK_AT) / DARK_AT), grey)
    full = (1 << BITS) - 1
    return np.asarray(np.clip(grey * field, 0, 1) * full, np.uint16)


def _field(sheet: Sheet) -> Array:
    """1 where the beam passes the blades, 0 behind them, soft by a millimetre."""
    sides = []
    for count, mm in zip(sheet.shape, (sheet.row_mm, sheet.column_mm), strict=True):
        at = np.arange(count, dtype=np.float32) * mm
        near = np.minimum(at, at[-1] - at)
        sides.append(np.clip((near - EDGE_MM) / 1.0 + 0.5, 0, 1))
    return np.asarray(sides[0][:, None] * sides[1][None, :], np.float32)
