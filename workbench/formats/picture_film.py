"""A film that came as PNG or JPEG: greys only, no header. For evaluation, never for the list."""

from io import BytesIO
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture
from PIL import UnidentifiedImageError

from workbench.domain.errors import BadImage
from workbench.domain.image import Image, Spacing, SpacingKind, Voi, VoiKind
from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Received
from workbench.formats.layout import MOST_PIXELS
from workbench.formats.picture_kind import kind_of
from workbench.radiograph.foreign import coloured
from workbench.radiograph.grey import percentile_voi

NAME: Final = "picture_film"
NOTE: Final = "a picture without a header: age, view, exposure and spacing are not known"
BYTE: Final = 8
WHOLE: Final = Voi(VoiKind.LINEAR_EXACT, 127.5, 255.0)


def is_picture(data: bytes) -> bool:
    """Whether these bytes are a PNG or JPEG."""
    return kind_of(data) in ("PNG", "JPEG")


def film_of(data: bytes) -> Received:
    """The film; the share of it that is not grey stands among the tags.

    Raises
    ------
    BadImage
        If the picture cannot be drawn, or is larger than any film.
    """
    greys, bits, colour = _greys(data)
    # 16 bits are rarely all used, and a picture does not say how many are
    window = WHOLE if bits == BYTE else percentile_voi(greys)
    image = Image(
        values=greys,
        bits=bits,
        invert=False,
        vois=(window,),
        spacing=Spacing(None, None, SpacingKind.UNKNOWN, "the picture gives no spacing"),
        origin=NAME,
        notes=(NOTE,),
    )
    header = ArrivalHeader(tags=MappingProxyType({"ColouredShare": colour}))
    return Received(kind=ExamKind.DR, header=header, reader=NAME, image=image)


def _greys(data: bytes) -> tuple[NDArray[np.uint16], int, float]:
    try:
        with Picture.open(BytesIO(data), formats=("JPEG", "PNG")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise BadImage(
                    f"{found.height} x {found.width} pixels; at most {MOST_PIXELS} pixels are read"
                )
            if found.mode.startswith("I"):  # 16-bit greys
                return np.asarray(found).astype(np.uint16), 2 * BYTE, 0.0
            if found.mode in ("L", "1", "LA"):
                return np.asarray(found.convert("L")).astype(np.uint16), BYTE, 0.0
            colours = np.asarray(found.convert("RGB"))
            return np.asarray(found.convert("L")).astype(np.uint16), BYTE, coloured(colours)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise BadImage(f"the picture cannot be drawn ({error}); send it again") from error
    except Picture.DecompressionBombError as error:
        raise BadImage(f"the picture is too large to be drawn ({error})") from error
