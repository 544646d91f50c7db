"""Plain pictures and PDF pages, drawn with limits: what they show is not known to any program."""

from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture
from PIL import ImageOps, UnidentifiedImageError

from workbench.domain.errors import BadImage
from workbench.formats.picture_kind import kind_of

LONGEST_SIDE: Final = 3000  # pixels shown: 0.1 mm of an A4 page across
MOST_PIXELS: Final = 120_000_000
POINTS_PER_INCH: Final = 72.0
DPI: Final = 200.0  # a small square of 1 mm becomes 8 pixels


def colours_of(data: bytes) -> tuple[NDArray[np.uint8], int]:
    """Colours of the picture, or of the first page, and how many pages there are.

    Raises
    ------
    BadImage
        If it cannot be drawn, or is larger than any scan.
    """
    return _page(data) if kind_of(data) == "PDF" else (_plain(data), 1)


def _plain(data: bytes) -> NDArray[np.uint8]:
    try:
        with Picture.open(BytesIO(data), formats=("JPEG", "PNG")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise BadImage(
                    f"{found.height} x {found.width} pixels; at most {MOST_PIXELS} pixels are drawn"
                )
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            # a phone notes how it was held; without this the picture lies on its side
            upright = ImageOps.exif_transpose(found)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Picture.Resampling.LANCZOS)
            return np.array(upright.convert("RGB"), np.uint8)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise BadImage(f"the picture cannot be drawn ({error}); send it again") from error
    except Picture.DecompressionBombError as error:
        raise BadImage(f"the picture is too large to be drawn ({error})") from error


def _page(data: bytes) -> tuple[NDArray[np.uint8], int]:
    import pypdfium2 as pdfium  # noqa: PLC0415 - 10 MB that the intake, which draws nothing, spares

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise BadImage(
            f"the PDF cannot be opened ({error}); send it without a password, or as a picture"
        ) from error
    try:
        pages = len(document)
        if not pages:
            raise BadImage("the PDF has no page")
        page = document[0]
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise BadImage(f"the first page is {width} x {height} points; nothing to draw")
        scale = min(DPI / POINTS_PER_INCH, LONGEST_SIDE / max(width, height))
        drawn = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
        colours = np.array(drawn.to_numpy()[:, :, :3], np.uint8)
    except pdfium.PdfiumError as error:
        raise BadImage(f"the first page of the PDF cannot be drawn ({error})") from error
    finally:
        document.close()
    return colours, pages
