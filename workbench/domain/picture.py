"""A picture of an ECG, drawn or photographed: it is kept and looked at, never measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadImage


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Colours as they came; no scale, no time, no lead is known of them.

    Attributes
    ----------
    colours : ndarray of uint8, shape (rows, columns, 3)
        Red, green, blue; read-only.
    pages : int
        Pages of the document the picture was taken from; only the first is shown.
    origin : str
        Name of the reader that made this picture.
    notes : tuple of str
        What a person must know while looking at it.
    """

    colours: NDArray[np.uint8]
    pages: int = 1
    origin: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.colours.ndim != 3 or self.colours.shape[2] != 3 or min(self.colours.shape) < 2:
            raise BadImage(f"expected rows x columns x 3 colours, got {self.colours.shape}")
        if self.colours.dtype != np.uint8:
            raise BadImage(f"expected 8 bits for each colour, got {self.colours.dtype}")
        self.colours.flags.writeable = False
