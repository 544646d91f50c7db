"""Whether the photometric label of a film can be right, seen from its pixels."""

from typing import Final

from workbench.domain.image import Image
from workbench.formats.elements import Elements
from workbench.formats.modality import Remarks
from workbench.radiograph.grey import to_grey8
from workbench.radiograph.polarity import GRID, LOOKS_INVERTED, chest_polarity

CHESTS: Final = frozenset({"CHEST", "THORAX", "LUNG"})
FRONTAL: Final = frozenset({"", "PA", "AP"})
LOOK: Final = 512  # pixels of the shorter side after thinning


def polarity_remarks(e: Elements, image: Image) -> Remarks:
    """A named doubt about black and white; the film is shown as its file says."""
    part, view = e.text("BodyPartExamined").upper(), e.text("ViewPosition").upper()
    if part not in CHESTS or view not in FRONTAL or min(image.values.shape) < GRID:
        return []
    step = max(1, min(image.values.shape) // LOOK)
    thin = image.values[::step, ::step]
    score = chest_polarity(
        to_grey8(thin, image.vois[0], invert=image.invert, padding=image.padding)
    )
    if score > LOOKS_INVERTED:
        return []
    note = f"black and white look exchanged for a chest ({score:.2f}); shown as the file says"
    return [("looks_inverted", note)]
