"""A film as nets and rules see it: a small grey copy, and what the net says of it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import WorkbenchError
from workbench.domain.image import Image, SpacingKind
from workbench.radiograph.foreign import letters, panel, shrink, step_of
from workbench.radiograph.grey import to_grey8
from workbench.radiograph.shutter import visible
from workbench.radiograph.thorax import LEFT_LUNG, RIGHT_LUNG, Field, Ratio, cardiothoracic, field
from workbench.rules.dr_gate import Content
from workbench.screening.thorax_net import ThoraxLook, look

SMALLEST: Final = 64  # pixels a side below which no net is asked
WHITE: Final = 255.0

Masks = NDArray[np.uint8]
Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class SmallFilm:
    """A film for looking at: greys 0 to 1 as they are shown, dense parts bright.

    Attributes
    ----------
    grey : ndarray of float32, shape (rows / step, columns / step)
        Block averages.
    step : int
        Pixels of the film for one of `grey`.
    letters : int
        Letters that are written into it.
    panel : float
        Share of its largest even area.
    """

    grey: Grey
    step: int
    letters: int
    panel: float


@dataclass(frozen=True, slots=True, eq=False)
class ThoraxSeen:
    """What the net says, and what is measured on its outlines."""

    look: ThoraxLook
    ratio: Ratio | None
    right: Field | None
    left: Field | None
    content: Content


def small_film(image: Image) -> SmallFilm:
    """The film as its first window shows it."""
    shown = to_grey8(image.values, image.vois[0], invert=image.invert, padding=image.padding)
    if image.shutter is not None:
        shown[~visible(shown.shape, image.shutter)] = 0
    grey = shrink(shown) / np.float32(WHITE)
    return SmallFilm(grey, step_of(shown.shape), letters(grey), panel(shown))


class ModelMissing(WorkbenchError):
    """The nets are not where the package has them."""


def see(film: SmallFilm, image: Image) -> ThoraxSeen | None:
    """Ask the net about a film; None where the picture is too small to be asked about."""
    if min(film.grey.shape) < SMALLEST:
        return None
    try:
        seen = look(film.grey)
    except FileNotFoundError as error:
        raise ModelMissing(f"{error.filename} is not there; install the program again") from error
    ratio = cardiothoracic(seen.masks)
    width = None if ratio is None else ratio.thorax.width
    spacing = image.spacing
    millimetres = spacing.column_mm if spacing.kind is not SpacingKind.UNKNOWN else None
    turned = tuple(float(chance) for chance in seen.turned)
    content = Content(
        turned=(turned[0], turned[1], turned[2], turned[3]),
        inverted=seen.inverted,
        mirrored=seen.mirrored,
        frontal=seen.frontal_chest,
        child=seen.child,
        agreement=None if ratio is None else seen.agreement,
        thorax_share=None if width is None else width / film.grey.shape[1],
        thorax_mm=None if width is None or millimetres is None else width * film.step * millimetres,
    )
    return ThoraxSeen(
        look=seen,
        ratio=ratio,
        right=field(seen.masks, RIGHT_LUNG),
        left=field(seen.masks, LEFT_LUNG),
        content=content,
    )


def full_size(masks: Masks, shape: tuple[int, int], step: int) -> Masks:
    """Masks of the small copy at the film's own size."""
    rows, columns = (
        np.minimum(np.arange(n) // step, held - 1)
        for n, held in zip(shape, masks.shape, strict=True)
    )
    full: Masks = masks[np.ix_(rows, columns)]
    return full
