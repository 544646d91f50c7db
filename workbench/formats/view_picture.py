"""A film as a picture to be looked at and nothing more: what it is not for stands in the picture.

The words lie in strips above and below the film, so that they hide nothing of it and stay with
the picture wherever it is kept.
"""

from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image as Picture
from PIL import ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

from workbench.language import languages, translator

EDITION: Final = 1  # of the strips; a browser keeps a picture by it
STRIP: Final = 0.07  # of the width of the film: the height of each strip
QUALITY: Final = 85
LARGE, SMALL = 0.62, 0.48  # of the strip: height of the words
BACK, INK = 70, 255
WORDS: Final = "Review only, not for diagnosis"  # burnt in, so in every language at once


def review_picture(jpeg: bytes, tall: float) -> bytes:
    """The picture between its two strips; `tall` is the height of a pixel in widths of it."""
    with Picture.open(BytesIO(jpeg)) as opened:
        film = opened.convert("L")
    if tall != 1.0:
        size = (film.width, max(1, round(film.height * tall)))
        film = film.resize(size, Picture.Resampling.BILINEAR)
    strip = max(1, round(film.width * STRIP))
    whole = Picture.new("L", (film.width, film.height + 2 * strip), BACK)
    whole.paste(film, (0, strip))
    pen = ImageDraw.Draw(whole)
    said = [translator(name)(WORDS) for name in languages()]
    for words, share, middle in (
        (said[0], LARGE, strip / 2),
        ("   ".join(said), SMALL, whole.height - strip / 2),
    ):
        pen.text(
            (film.width / 2, middle), words, INK, font=_font(max(1, round(strip * share))),
            anchor="mm",
        )  # fmt: skip
    out = BytesIO()
    whole.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_path()), size)
