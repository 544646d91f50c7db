"""The copy of a picture that a page shows: a JPEG, and the words that it cannot be measured."""

from io import BytesIO
from typing import Final

from PIL import Image

from workbench.domain.picture import Picture

QUALITY: Final = 90  # thin lines on a grid: lower, and they fray


def picture_jpeg(picture: Picture) -> bytes:
    """The picture as JPEG, in its own colours."""
    out = BytesIO()
    Image.fromarray(picture.colours).save(out, "JPEG", quality=QUALITY, subsampling=0)
    return out.getvalue()


def picture_meta(picture: Picture) -> dict[str, object]:
    """Everything the page needs beside it, ready for JSON."""
    rows, columns, _ = picture.colours.shape
    return {
        "rows": rows,
        "columns": columns,
        "pages": picture.pages,
        "measurable": False,
        "origin": picture.origin,
        "notes": list(picture.notes),
    }
