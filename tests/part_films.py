"""Films of known geometry as DICOM files; the sizes of their pixels in every way devices give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from tests.make import NOW
from workbench.formats.writers import dx
from workbench.formats.writers.dx_view import DxScale, DxView
from workbench.phantoms.part_film import PartFilm
from workbench.phantoms.part_films import PARTS, make_part


@dataclass(frozen=True)
class Way:
    """How a file tells the size of its pixels; `unit` is what the viewer must say."""

    scale: Callable[[tuple[float, float], float], DxScale | None]
    unit: str
    magnification: float = 1.0
    true: bool = True  # the millimetres are those of the object


def _object(mm: tuple[float, float], factor: float) -> tuple[float, float]:
    return mm[0] / factor, mm[1] / factor


WAYS: Mapping[str, Way] = {
    "calibrated": Way(
        lambda mm, m: DxScale(imager=mm, pixel=_object(mm, m), calibrated_by="FIDUCIAL"),
        "mm", magnification=1.15,
    ),
    "detector": Way(lambda mm, _m: DxScale(imager=mm), "mm-detector", 1.15, true=False),
    "magnified": Way(lambda mm, m: DxScale(imager=mm, magnification=m), "mm", magnification=1.15),
    "none": Way(lambda _mm, _m: DxScale(), "px", true=False),
    "said nothing": Way(lambda mm, _m: DxScale(pixel=mm), "px", true=False),
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A film, its file, and how large its pixels are in the unit the viewer measures in."""

    film: PartFilm
    data: bytes
    unit: str
    pixel_mm: tuple[float, float]  # row, column; 1, 1 where nothing is known

    def expected(self, name: str) -> float:
        """Length of a named distance in the unit of the viewer."""
        (ax, ay), (bx, by) = (self.film.points[name + end] for end in "ab")
        row, column = self.pixel_mm
        return float(np.hypot((bx - ax) * column, (by - ay) * row))


@cache
def made(
    name: str,
    way: str,
    *,
    row_mm: float = 0.2,
    column_mm: float = 0.2,
    number: int = 1,
    patient: str = "",
    birth: date = date(1971, 3, 12),
) -> Made:
    """Draw a part and write it; `number` makes its identifiers."""
    told, one = WAYS[way], PARTS[name]
    film = make_part(
        name, np.random.default_rng(20261126), row_mm=row_mm, column_mm=column_mm,
        magnification=told.magnification,
    )  # fmt: skip
    mm, study = (row_mm, column_mm), f"1.2.826.5.{number}"
    header = dx.DxHeader(
        patient=dx.DxPatient(
            name=patient or f"部位^{number}", id=f"PART{number}", birth_date=birth, sex="F"
        ),
        uids=dx.DxUids(study=study, series=f"{study}.9", instance=f"{study}.1"),
        device=dx.DxDevice(
            manufacturer="Test", model="Test", serial="1", institution="青山镇卫生院"
        ),
        exposure=dx.DxExposure(kvp=70, mas=5.0, ei=400, eit=400, di=0.0, dap=1.2),
        taken_at=NOW - timedelta(minutes=2), accession="", spacing_mm=row_mm,
        shown=DxView(
            part=one.part, view=one.view, laterality=one.laterality, orientation=one.orientation
        ),
        scale=told.scale(mm, told.magnification),
    )  # fmt: skip
    factor = told.magnification if told.true else 1.0
    pixel = (1.0, 1.0) if told.unit == "px" else _object(mm, factor)
    return Made(film, dx.to_bytes(dx.dx_dataset(film.pixels, header)), told.unit, pixel)
