"""What the DICOM header says about the pixels, checked before anything is decoded."""

from dataclasses import dataclass
from typing import Final

from workbench.domain.errors import BadImage
from workbench.formats.elements import Elements

MOST_PIXELS: Final = 64_000_000  # a leg of three detectors is 30 million; a page holds 4 bytes each
LARGE: Final = 36_000_000  # more than any detector or leg: shown, with a word that it takes time


@dataclass(frozen=True, slots=True)
class Layout:
    """Size, depth and meaning of the stored pixels."""

    rows: int
    columns: int
    allocated: int
    stored: int
    high: int
    signed: bool
    samples: int
    planar: bool
    frames: int
    photometric: str


def layout_of(e: Elements) -> Layout:
    """Read and check what the header says about the pixels."""
    names = ("Rows", "Columns", "BitsAllocated")
    given = {name: e.number(name) for name in names}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise BadImage(f"the header lacks {', '.join(missing)}; no picture can be made of it")
    rows, columns, allocated = (int(v or 0) for v in given.values())
    stored = int(e.number("BitsStored") or allocated)
    high = e.number("HighBit")
    if allocated not in {8, 16} or not 1 <= stored <= allocated:
        raise BadImage(f"{stored} of {allocated} bits per pixel; expected at most 16 of 8 or 16")
    samples = int(e.number("SamplesPerPixel") or 1)
    if samples not in {1, 3}:
        raise BadImage(f"{samples} samples per pixel; expected 1 (grey) or 3 (colour)")
    if rows * columns > MOST_PIXELS:
        most = MOST_PIXELS // 1_000_000
        raise BadImage(f"{rows} x {columns} pixels; at most {most} megapixels can be shown")
    return Layout(
        rows=rows,
        columns=columns,
        allocated=allocated,
        stored=stored,
        high=stored - 1 if high is None or not stored - 1 <= high < allocated else int(high),
        signed=e.number("PixelRepresentation") == 1,
        samples=samples,
        planar=e.number("PlanarConfiguration") == 1,
        frames=int(e.number("NumberOfFrames") or 1),
        photometric=e.text("PhotometricInterpretation").upper(),
    )
