"""Outlines of organs as a picture of bits."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture


def mask_png(masks: NDArray[np.uint8]) -> bytes:
    """An 8-bit grey PNG whose values are the bits."""
    data = BytesIO()
    Picture.fromarray(masks).save(data, "PNG", compress_level=1)  # large areas: any level is small
    return data.getvalue()
