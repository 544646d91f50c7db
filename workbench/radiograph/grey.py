"""From modality values to the greys of a screen: one look-up table, one inversion.

Order (PS3.4 N.2): Modality LUT, then VOI, then the presentation state's single inversion. The
Modality LUT is applied when the film is read; the rest happens here, for previews and measures.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.image import Voi, VoiKind

FULL: Final = 65536  # values a 16-bit pixel can take
PERCENTILES: Final = (0.5, 99.5)  # of the picture, when the file gives no window of its own
SAMPLE: Final = 1 << 20  # pixels looked at for a percentile; more changes nothing visible

Values = NDArray[np.uint16] | NDArray[np.int16]


def to_grey8(
    values: Values, voi: Voi, *, invert: bool = False, padding: tuple[int, int] | None = None
) -> NDArray[np.uint8]:
    """Turn modality values into 8-bit greys through a table of all 65,536 values.

    Parameters
    ----------
    values : ndarray of uint16 or int16, shape (rows, columns)
        Modality values.
    voi : Voi
        Window, sigmoid or curve, in modality values.
    invert : bool, optional
        The one inversion, applied after the VOI.
    padding : tuple of int or None, optional
        Lowest and highest modality value that stand for "no picture here"; shown black.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        0 is black on the screen, whatever the photometric interpretation was.
    """
    table = grey_table(voi, signed=values.dtype == np.int16, invert=invert, padding=padding)
    greys: NDArray[np.uint8] = table.take(values.view(np.uint16))
    return greys


def grey_table(
    voi: Voi, *, signed: bool, invert: bool = False, padding: tuple[int, int] | None = None
) -> NDArray[np.uint8]:
    """Grey of every 16-bit word, indexed by the word read as unsigned.

    Parameters
    ----------
    voi : Voi
        Window, sigmoid or curve, in modality values.
    signed : bool
        Whether the words are two's complement.
    invert : bool, optional
        The one inversion, applied after the VOI.
    padding : tuple of int or None, optional
        Lowest and highest modality value shown black.

    Returns
    -------
    ndarray of uint8, shape (65536,)
        Grey by word.
    """
    words = np.arange(FULL, dtype=np.uint16)
    modality = (words.view(np.int16) if signed else words).astype(np.float64)
    shown = np.clip(apply_voi(modality, voi), 0.0, 1.0)
    if invert:
        shown = 1.0 - shown
    table = np.rint(shown * 255.0).astype(np.uint8)
    if padding is not None:
        table[(modality >= padding[0]) & (modality <= padding[1])] = 0
    return table


def apply_voi(modality: NDArray[np.float64], voi: Voi) -> NDArray[np.float64]:
    """Apply a VOI transformation [1]_.

    Parameters
    ----------
    modality : ndarray of float64, any shape
        Modality values.
    voi : Voi
        Window, sigmoid or curve.

    Returns
    -------
    ndarray of float64, same shape
        0 is the dark end of the range, 1 the bright end; not clipped for the sigmoid.

    Raises
    ------
    ValueError
        If the width is not positive (for LINEAR: below 1), or a curve has no points.

    References
    ----------
    .. [1] DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3.
    """
    if voi.kind is VoiKind.LUT:
        if voi.lut is None or not voi.lut.size:
            raise ValueError("the VOI is a curve without points; use a window instead")
        index = np.clip(modality - voi.lut_first, 0, voi.lut.size - 1).astype(np.int64)
        return voi.lut[index].astype(np.float64) / float((1 << voi.lut_bits) - 1)
    lowest = 1.0 if voi.kind is VoiKind.LINEAR else np.nextafter(0.0, 1.0)
    if not voi.width >= lowest:
        raise ValueError(f"window width {voi.width} is below {lowest:g}; use a percentile window")
    if voi.kind is VoiKind.LINEAR:
        if voi.width == 1.0:
            return (modality > voi.center - 0.5).astype(np.float64)
        return (modality - (voi.center - 0.5)) / (voi.width - 1.0) + 0.5
    if voi.kind is VoiKind.SIGMOID:
        steep = np.clip(-4.0 * (modality - voi.center) / voi.width, -700.0, 700.0)
        return 1.0 / (1.0 + np.exp(steep))
    return (modality - voi.center) / voi.width + 0.5


def percentile_voi(values: Values, *, padding: tuple[int, int] | None = None) -> Voi:
    """Take a window from the picture itself, for files that give none.

    Parameters
    ----------
    values : ndarray of uint16 or int16, shape (rows, columns)
        Modality values.
    padding : tuple of int or None, optional
        Lowest and highest modality value left out.

    Returns
    -------
    Voi
        Window from the 0.5th to the 99.5th percentile, at least one value wide.
    """
    flat = values.reshape(-1)
    flat = flat[:: max(1, flat.size // SAMPLE)]
    if padding is not None:
        kept = flat[(flat < padding[0]) | (flat > padding[1])]
        flat = kept if kept.size else flat
    low, high = (float(v) for v in np.percentile(flat, PERCENTILES))
    return Voi(VoiKind.PERCENTILE, (low + high) / 2.0, max(high - low, 1.0), label="percentile")


def covers(values: Values, voi: Voi) -> bool:
    """Whether a window shows more than one grey of the picture.

    Parameters
    ----------
    values : ndarray of uint16 or int16, shape (rows, columns)
        Modality values.
    voi : Voi
        Window, sigmoid or curve.

    Returns
    -------
    bool
        False when everything would be black or everything white.
    """
    ends = np.array([values.min(), values.max()], dtype=np.float64)
    shown = np.clip(apply_voi(ends, voi), 0.0, 1.0)
    if voi.kind is VoiKind.LUT:
        return voi.lut is not None and bool(np.ptp(voi.lut) > 0)
    return bool(ends[0] == ends[1] or abs(shown[1] - shown[0]) > 1.0 / 255.0)
