"""Films of parts of the body by name; every one holds lengths or angles that are known exactly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from workbench.phantoms import (
    part_abdomen,
    part_femur,
    part_hand,
    part_pelvis,
    part_ruler,
    part_skull,
    part_spine,
)
from workbench.phantoms.part_film import PartFilm
from workbench.phantoms.part_sheet import Sheet, sheet_of

COBB_DEG = 38.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How a part is drawn, and what a file would call it (DICOM terms)."""

    size_mm: tuple[float, float]
    draw: Callable[[Sheet, np.random.Generator], PartFilm]
    part: str
    view: str
    laterality: str
    orientation: tuple[str, str] = ("L", "F")


def _spine(sheet: Sheet, generator: np.random.Generator) -> PartFilm:
    return part_spine.make_spine(COBB_DEG, sheet, generator)


PARTS: Mapping[str, Drawn] = MappingProxyType({
    "ruler": Drawn(
        size_mm=part_ruler.SIZE_MM, draw=part_ruler.make_ruler, part="CHEST", view="PA",
        laterality="U",
    ),
    "femur": Drawn(
        size_mm=part_femur.SIZE_MM, draw=part_femur.make_femur, part="FEMUR", view="AP",
        laterality="L",
    ),
    "spine": Drawn(
        size_mm=part_spine.SIZE_MM, draw=_spine, part="SPINE", view="AP", laterality="U"
    ),
    "pelvis": Drawn(
        size_mm=part_pelvis.SIZE_MM, draw=part_pelvis.make_pelvis, part="PELVIS", view="AP",
        laterality="B",
    ),
    "abdomen": Drawn(
        size_mm=part_abdomen.SIZE_MM, draw=part_abdomen.make_abdomen, part="ABDOMEN", view="AP",
        laterality="U",
    ),
    "skull": Drawn(
        size_mm=part_skull.SIZE_MM, draw=part_skull.make_skull, part="SKULL", view="LL",
        laterality="U", orientation=("P", "F"),
    ),
    "hand": Drawn(
        size_mm=part_hand.SIZE_MM, draw=part_hand.make_hand, part="HAND", view="PA",
        laterality="R", orientation=("L", "F"),
    ),
})  # fmt: skip


def make_part(
    name: str, generator: np.random.Generator, *, row_mm: float, column_mm: float,
    magnification: float = 1.0,
) -> PartFilm:  # fmt: skip
    """Draw one of `PARTS`.

    Parameters
    ----------
    name : str
        A key of `PARTS`.
    generator : numpy.random.Generator
        Source of flesh and grain.
    row_mm, column_mm : float
        Distance of two rows and of two columns at the detector, in mm.
    magnification : float
        Size at the detector over size in the object.

    Returns
    -------
    PartFilm
        Equal for equal arguments and state of the generator.

    Raises
    ------
    ValueError
        If there is no such part.
    """
    if name not in PARTS:
        raise ValueError(f"part {name!r}; known are {', '.join(PARTS)}")
    one = PARTS[name]
    return one.draw(sheet_of(one.size_mm, row_mm, column_mm, magnification), generator)
