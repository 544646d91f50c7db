"""From detector signal to the film a reader gets: logarithm, detail, grey curve, collimation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_grid import enlarge, shrink

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
BITS = 14
# Detail bands: standard deviation of the smoothing in mm, gain on what it removes.
BANDS = ((0.45, 0.45), (1.6, 0.85), (5.0, 0.7))
FLATTEN_CM, FLATTEN = 3.0, 0.38  # part of the large-area contrast that is taken out
LOWEST_UGY = 0.004
FULL_OVER = np.float32(0.35)  # range before saturation over which greys fall to black
# Grey curve: percentiles of lung and of the dense parts, and the greys they become (0 black).
LUNG_AT, DENSE_AT = (10.0, 0.20), (90.0, 0.86)


@dataclass(frozen=True, slots=True)
class Field:
    """Collimated field in pixels: first and last row and column that the beam reaches."""

    top: int
    bottom: int
    left: int
    right: int


def draw_field(shape: tuple[int, int], pitch: float, generator: np.random.Generator) -> Field:
    """Draw how the technician closed the collimator.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the film.
    pitch : float
        Distance of two pixels in cm.
    generator : numpy.random.Generator
        Source of the choice.

    Returns
    -------
    Field
        Edges inside the film; up to 1.2 cm are cut off, often nothing.
    """
    closed = generator.uniform(-0.5, 1.2, 4).clip(0) * (0.5, 1.0, 0.4, 0.4) / pitch
    top, bottom, left, right = (int(v) for v in closed)
    return Field(top, shape[0] - 1 - bottom, left, shape[1] - 1 - right)


def blades(field: Field, shape: tuple[int, int], pitch: float) -> Array:
    """Part of the beam the collimator lets through.

    Parameters
    ----------
    field : Field
        Edges of the field.
    shape : tuple of int
        Rows and columns of the film.
    pitch : float
        Distance of two pixels in cm.

    Returns
    -------
    ndarray of float32, shape `shape`
        1 inside, near 0 outside, with a penumbra of about 1 mm.
    """
    soft = 0.05 / pitch

    def open_between(first: int, last: int, count: int) -> Array:
        at = np.arange(count)
        low = 1 / (1 + np.exp(-(at - first) / soft)) if first > 0 else np.ones(count)
        high = 1 / (1 + np.exp((at - last) / soft)) if last < count - 1 else np.ones(count)
        return np.asarray(low * high, np.float32)

    down = open_between(field.top, field.bottom, shape[0])
    across = open_between(field.left, field.right, shape[1])
    return np.asarray(np.maximum(down[:, None] * across[None, :], 0.0015), np.float32)


def develop(
    kerma: Array, field: Field, pitch: float, anatomy: tuple[Mask, Mask]
) -> NDArray[np.uint16]:
    """Make the film for presentation; dense parts are white.

    Parameters
    ----------
    kerma : ndarray of float32, shape (rows, columns)
        Detector signal in microgray.
    field : Field
        Collimated field; what lies outside is blackened, as most devices do.
    pitch : float
        Distance of two pixels in cm.
    anatomy : tuple of ndarray of bool, shape (rows, columns)
        Coarse masks of the lung fields and of the trunk, which set the grey curve.

    Returns
    -------
    ndarray of uint16, shape (rows, columns)
        14-bit greys.
    """
    density = -np.log(np.maximum(kerma, np.float32(LOWEST_UGY)))
    shape = kerma.shape
    lungs, dense = anatomy
    small = shrink(density, lungs.shape)
    cell = pitch * shape[1] / lungs.shape[1]
    inside = np.zeros(lungs.shape, bool)
    inside[
        round(field.top * lungs.shape[0] / shape[0]) : round(
            field.bottom * lungs.shape[0] / shape[0]
        ),
        round(field.left * lungs.shape[1] / shape[1]) : round(
            field.right * lungs.shape[1] / shape[1]
        ),
    ] = True
    middle = np.float32(np.median(small[lungs & inside]))
    # the large-area part, kept from being pulled by air beside the body and by the blades
    body = np.clip(small, middle - 0.5, middle + 3.5)
    large = gaussian_filter(np.where(inside, body, np.median(body[inside])), FLATTEN_CM / cell)
    flat = density - enlarge(np.asarray(FLATTEN * (large - middle), np.float32), shape)
    low = np.percentile(shrink(flat, lungs.shape)[lungs & inside], LUNG_AT[0])
    high = np.percentile(shrink(flat, lungs.shape)[dense & inside], DENSE_AT[0])
    detailed = flat + _detail(flat, pitch)
    grey = _curve(detailed, (float(low), float(high)))
    # a full converter gives the darkest grey there is, whatever the curve says
    grey *= np.clip((density + np.float32(np.log(sizes.SATURATION_UGY))) / FULL_OVER, 0, 1)
    film = (grey * (2**BITS - 1) + 0.5).astype(np.uint16)
    film[: field.top] = 0
    film[field.bottom + 1 :] = 0
    film[:, : field.left] = 0
    film[:, field.right + 1 :] = 0
    return np.asarray(film, np.uint16)


def _detail(density: Array, pitch: float) -> Array:
    """Weighted detail of several sizes, softly limited so that metal and edges do not ring."""
    total = np.zeros_like(density)
    finer = density
    for size_mm, gain in BANDS:
        sigma = size_mm / 10 / pitch
        step = max(1.0, sigma / 2.5)
        if step < 1.5:
            coarser = gaussian_filter(density, sigma)
        else:
            grid = (max(4, round(density.shape[0] / step)), max(4, round(density.shape[1] / step)))
            rest = sigma * grid[1] / density.shape[1]
            coarser = enlarge(gaussian_filter(shrink(density, grid), rest), density.shape)
        band = finer - coarser
        total += np.float32(gain) * np.float32(0.3) * np.tanh(band / np.float32(0.3))
        finer = coarser
    return total


def _curve(density: Array, anchors: tuple[float, float]) -> Array:
    """S-shaped grey curve through the two anchors."""
    low, high = anchors
    dark, light = LUNG_AT[1], DENSE_AT[1]
    at_low, at_high = np.log(dark / (1 - dark)), np.log(light / (1 - light))
    slope = (at_high - at_low) / max(high - low, 0.3)
    return np.asarray(1 / (1 + np.exp(-(slope * (density - low) + at_low))), np.float32)
