"""The fingerprint of a film as it arrived, and which of the archive's films show the same."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from workbench.domain.film_print import KeptPrint, Twin
from workbench.domain.image import Image
from workbench.domain.rulebook import RuleBook
from workbench.radiograph.copies import SIDE, Fingerprint, fingerprint, likeness, shortlist
from workbench.radiograph.grey import to_grey8

LOOKED: Final = 768  # pixels of the longer side a fingerprint is made from
CONFIRMED: Final = 8  # of the short list at most, the likest first


def print_of(image: Image) -> Fingerprint | None:
    """Fingerprint of the film as its first window shows it; None where there is no picture."""
    step = max(1, max(image.values.shape) // LOOKED)
    thin = image.values[::step, ::step].copy()  # the table of greys reads whole words only
    shown = to_grey8(thin, image.vois[0], invert=image.invert, padding=image.padding)
    return fingerprint(shown.astype(np.float32) / np.float32(255))


def twins_among(mine: Fingerprint, near: Sequence[KeptPrint], book: RuleBook) -> tuple[Twin, ...]:
    """Those of the near films that show the same picture, the likest first."""
    if not near:
        return ()
    thumbs = np.stack([np.frombuffer(one.thumbnail, np.uint8).reshape(SIDE, SIDE) for one in near])
    explained = shortlist(mine.thumbnail, thumbs)
    order = [int(i) for i in np.argsort(-explained, kind="stable")[:CONFIRMED]]
    kept = [i for i in order if explained[i] >= book["copy.shortlist"].value]
    found = [Twin(near[i], likeness(mine.thumbnail, thumbs[i])) for i in kept]
    least = book["copy.likeness"].value
    return tuple(
        sorted((one for one in found if one.likeness >= least), key=lambda one: -one.likeness)
    )
