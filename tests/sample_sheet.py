"""One picture of the sample films with disease and faults, for people to look at.

Usage: python -m tests.sample_sheet data_samples/pathology docs/screens/dr-samples.png
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from workbench.formats import sniff
from workbench.radiograph.grey import to_grey8
from workbench.workflow.sample_list import listing

TILE = (250, 300)
ACROSS = 5
LEVELS = 48  # greys of the sheet: it shows shapes, and stays small


def sheet(folder: Path) -> Image.Image:
    """Every film with its name, in the order of the table."""
    names = [row["name"] for row in listing()["pathology"]]
    high = TILE[1] + 18
    rows = -(-len(names) // ACROSS)
    whole = Image.new("L", (ACROSS * TILE[0], rows * high))
    pen, font = ImageDraw.Draw(whole), ImageFont.load_default(13)
    for number, name in enumerate(names):
        x, y = number % ACROSS * TILE[0], number // ACROSS * high
        image = sniff.read({f"{name}.dcm": (folder / f"{name}.dcm").read_bytes()}).image
        voi = image.vois[0] if image.vois else None
        shown = to_grey8(image.values, voi, invert=image.invert, padding=image.padding)
        small = np.asarray(Image.fromarray(shown).resize(TILE, Image.Resampling.LANCZOS))
        few = np.round(small / 255 * (LEVELS - 1)) * (255 / (LEVELS - 1))
        whole.paste(Image.fromarray(few.astype(np.uint8)), (x, y + 18))
        pen.text((x + 4, y + 2), name, fill=255, font=font)
    return whole


if __name__ == "__main__":
    sheet(Path(sys.argv[1])).save(sys.argv[2], optimize=True)
