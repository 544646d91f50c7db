"""From attenuation to what the detector reads: Beer-Lambert, scatter, quanta, saturation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_grid import enlarge, shrink

Array = NDArray[np.float32]
VEIL_PITCH_CM = 0.35


@dataclass(frozen=True, slots=True)
class Exposure:
    """Factors of one exposure.

    Attributes
    ----------
    kvp : float
        Tube voltage in kV.
    mas : float
        Tube current times time in mAs.
    ei, eit, di : float
        Exposure index, its target, deviation index 10 log10(EI / EI_T) (IEC 62494-1).
    dap : float
        Dose-area product in dGy cm2.
    """

    kvp: float
    mas: float
    ei: float
    eit: float
    di: float
    dap: float


def veiled(primary: Array, pitch: float) -> Array:
    """Add the scatter that passes the grid.

    Parameters
    ----------
    primary : ndarray of float32, shape (rows, columns)
        Part of the beam that passes straight through.
    pitch : float
        Distance of two pixels in cm.

    Returns
    -------
    ndarray of float32, shape of `primary`
        Primary and scatter.

    Notes
    -----
    A ray's scatter goes with the root of what it lets through, since thick parts scatter more for
    what they transmit; the veil is the sum of a wide and a narrow Gaussian of that source.
    """
    rows, columns = primary.shape
    step = max(1.0, VEIL_PITCH_CM / pitch)
    small = shrink(primary, (max(2, round(rows / step)), max(2, round(columns / step))))
    cell = pitch * columns / small.shape[1]
    source = np.power(np.maximum(small, 1e-6), 0.8) * np.float32(0.25)
    source = np.minimum(source, np.float32(0.05))  # air beside the body scatters nothing
    wide, narrow = sizes.SCATTER
    veil = wide * gaussian_filter(source, sizes.SCATTER_WIDE_CM / cell, mode="nearest")
    veil += narrow * gaussian_filter(source, sizes.SCATTER_NARROW_CM / cell, mode="nearest")
    return primary + np.maximum(enlarge(veil.astype(np.float32), primary.shape), 0)


def expose(
    arriving: Array, relevant: float, dose: float, pitch: float, generator: np.random.Generator
) -> tuple[Array, Exposure]:
    """Expose the detector and read it out.

    Parameters
    ----------
    arriving : ndarray of float32, shape (rows, columns)
        Part of the beam that reaches each pixel, primary and scatter.
    relevant : float
        Median of `arriving` over the lung fields and the heart: what the index is taken from.
    dose : float
        Dose at the detector as a multiple of the one aimed at.
    pitch : float
        Distance of two pixels in cm.
    generator : numpy.random.Generator
        Source of tube voltage and of quantum and read-out noise.

    Returns
    -------
    kerma : ndarray of float32, shape (rows, columns)
        Detector signal as air kerma in microgray, noisy and saturated.
    exposure : Exposure
        The factors.

    References
    ----------
    .. [1] IEC 62494-1:2008, exposure index of digital X-ray imaging systems.
    """
    wanted = sizes.TARGET_INDEX / 100 * dose
    free_air = wanted / relevant  # at the detector, without person
    mas = free_air / (sizes.TUBE_OUTPUT * sizes.GRID_PASSES * (100 / sizes.SOURCE_IMAGE_CM) ** 2)
    index = 100 * wanted
    area = arriving.size * pitch**2
    exposure = Exposure(
        kvp=float(round(generator.uniform(*sizes.KVP))),
        mas=round(mas, 2),
        ei=round(index, 1),
        eit=sizes.TARGET_INDEX,
        di=round(10 * float(np.log10(index / sizes.TARGET_INDEX)), 2),
        dap=round(free_air / sizes.GRID_PASSES * area * 1e-5, 3),  # ugy cm2 to dGy cm2
    )
    per_ugy = sizes.QUANTA_PER_MM2_UGY * (pitch * 10) ** 2 * sizes.DETECTED
    quanta = arriving * np.float32(free_air * per_ugy)
    read = generator.poisson(quanta).astype(np.float32)
    read += generator.standard_normal(read.shape, np.float32) * np.float32(sizes.READ_NOISE_QUANTA)
    read = gaussian_filter(read, sizes.BLUR_MM / 10 / pitch)
    return np.clip(read / np.float32(per_ugy), 0, sizes.SATURATION_UGY), exposure
