"""What windows of a part of the body do to what is looked at: makes docs/validation/dr-presets.md.

Usage: python tests/validation/compare_presets.py FOLDER, where FOLDER holds covid_v7 (chest films
with lungs drawn by hand) and nema_wg04 (hip and extremity).
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workbench.formats.readers.dicom_dr import DicomDr
from workbench.radiograph.grey import PERCENTILES, percentile_voi

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs/validation/dr-presets.md"
SHIPPED = json.loads((ROOT / "frontend/film/presets.json").read_text("utf-8"))["presets"]
WHITE, BLACK = 0.99, 0.01  # of the range of the screen
LEAST_LUNG = 0.05  # of the picture; smaller masks are of something else
TRIED = {
    "lung": ((0.0, 1.0), (0.0, 0.65), (0.0, 0.75), (0.0, 0.85), (0.05, 0.85), (0.05, 0.9)),
    "mediastinum": ((0.0, 1.0), (0.25, 1.0), (0.3, 1.0), (0.35, 1.0), (0.35, 1.05)),
    "bone": ((0.0, 1.0), (0.2, 1.0), (0.25, 1.0), (0.3, 1.05)),
    "soft": ((0.0, 1.0), (0.0, 0.8), (0.05, 0.8)),
}
# Left, upper, right, lower edge as shares of the film, laid by eye over the film.
BOXES = {
    "bone": (
        ("RG2_JPLL.dcm", "neck of the femur", (0.50, 0.42, 0.60, 0.52)),
        ("RG2_JPLL.dcm", "shaft of the femur", (0.66, 0.50, 0.80, 0.62)),
        ("RG3_JPLL.dcm", "tibia", (0.45, 0.05, 0.53, 0.45)),
        ("RG3_JPLL.dcm", "talus", (0.42, 0.80, 0.50, 0.95)),
    ),
    "soft": (
        ("RG2_JPLL.dcm", "thigh", (0.44, 0.56, 0.62, 0.66)),
        ("RG3_JPLL.dcm", "calf", (0.385, 0.08, 0.43, 0.30)),
    ),
}
HEAD = """# Windows of a part of the body

Made by `tests/validation/compare_presets.py` on the shared films; the shares keep certainty D until
a radiologist has judged them on films of each maker. A share is a part of the way from black to
white of the window taken from the picture itself. White and black: part of what is looked at that
becomes one grey (from 99 % up, to 1 %), where no detail is left. Spread: part of the screen's range
between the 10th and the 90th percentile of it; more is more contrast. 0 to 1 is the picture without
a window of a part. **Bold**: shipped.

What it says: a lung window that ends at 0.65 turns a quarter of the lung white on the median film,
most of it on the worst, and with it every consolidation and mass (looked at on RG1 of NEMA WG-04:
the metastases of the right base are gone). 0.05 to 0.9 gives more contrast than no window and loses
little. Mediastinum, bone and soft tissue lose nothing that matters here; two real films of
bone are few.
"""


def chests(folder: Path) -> Iterator[tuple[NDArray[np.float64], NDArray[np.bool_]]]:
    """Chest films between their percentiles, each with its lungs."""
    for drawn in sorted(folder.glob("*_lungs.png")):
        stem = drawn.name.removesuffix("_lungs.png")
        found = [p for p in folder.glob(f"{stem}.*") if not p.name.endswith("_lungs.png")]
        if not found:
            continue
        film = np.asarray(Image.open(found[0]).convert("L"), float)
        mask = Image.open(drawn).convert("L").resize((film.shape[1], film.shape[0]))
        lungs = np.asarray(mask) > 127
        if lungs.mean() < LEAST_LUNG:
            continue
        low, high = np.percentile(film, PERCENTILES)
        yield (film - low) / max(high - low, 1), lungs


def between(lungs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What lies inside the frame of the lungs and is not lung: mediastinum, heart, domes."""
    rows, columns = np.where(lungs)
    frame = np.zeros_like(lungs)
    frame[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    return frame & ~lungs


def seen(shares: NDArray[np.float64], low: float, high: float) -> tuple[float, float, float]:
    """White and black in percent, and the spread."""
    grey = np.clip((shares - low) / (high - low), 0, 1)
    spread = float(np.percentile(grey, 90) - np.percentile(grey, 10))
    return float((grey >= WHITE).mean() * 100), float((grey <= BLACK).mean() * 100), spread


def named(preset: str, shares: tuple[float, float]) -> str:
    """The shares, bold when they are those of the viewer."""
    text = f"{shares[0]:g} to {shares[1]:g}"
    return f"**{text}**" if list(shares) == SHIPPED[preset] else text


def chest_table(preset: str, parts: list[NDArray[np.float64]]) -> list[str]:
    """One line for each pair of shares, over all films."""
    lines = [
        "", f"## {preset}: {len(parts)} chest films", "",
        "| shares | white, median % | 90th | worst | black, median % | 90th | spread, median |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for shares in TRIED[preset]:
        white, black, spread = np.array([seen(part, *shares) for part in parts]).T
        lines.append(
            f"| {named(preset, shares)} | {np.median(white):.1f} | {np.percentile(white, 90):.1f} "
            f"| {white.max():.1f} | {np.median(black):.1f} | {np.percentile(black, 90):.1f} "
            f"| {np.median(spread):.2f} |"
        )
    return lines


def film_table(preset: str, folder: Path) -> list[str]:
    """One line for each place and pair of shares."""
    lines = [
        "", f"## {preset}: hip and extremity (CR)", "",
        "| film | place | shares | white % | black % | spread |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name, place, (left, top, right, bottom) in BOXES[preset]:
        image = DicomDr().read({"f": (folder / name).read_bytes()}).image
        whole = percentile_voi(image.values, padding=image.padding)
        share = (image.values - (whole.center - whole.width / 2)) / whole.width
        share = 1 - share if image.invert else share
        rows, columns = share.shape
        part = share[
            int(top * rows) : int(bottom * rows), int(left * columns) : int(right * columns)
        ]
        for shares in TRIED[preset]:
            white, black, spread = seen(part, *shares)
            lines.append(
                f"| {name[:3]} | {place} | {named(preset, shares)} | {white:.1f} | {black:.1f} "
                f"| {spread:.2f} |"
            )
    return lines


def main(folder: Path) -> None:
    """Measure and write."""
    films = list(chests(folder / "covid_v7"))
    lines = chest_table("lung", [film[lungs] for film, lungs in films])
    lines += chest_table("mediastinum", [film[between(lungs)] for film, lungs in films])
    for preset in ("bone", "soft"):
        lines += film_table(preset, folder / "nema_wg04")
    REPORT.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
