"""The copies pages show: a preview, full-depth pixels, samples, and what they mean.

Layout and reasons: docs/decisions/0002-display-copies.md. A viewer undoes the full copy with the
browser's own DecompressionStream; `film_values` is the same in Python, for tests and notebooks.
"""

import json
import struct
import zlib
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from workbench.domain.errors import BadImage
from workbench.domain.image import Image, Shutter, Voi, VoiKind
from workbench.domain.trace import Trace
from workbench.radiograph.grey import to_grey8
from workbench.radiograph.shutter import visible

CODING: Final = "delta-zigzag-planes-deflate"
EDITION: Final = 2  # of greys and meta of films; a higher one has doubtful films made anew
BAND: Final = 256  # rows coded at a time: a film of 60 megapixels is not held five times over
PREVIEW_SIDE: Final = 1000
PHONE_SIDE: Final = 2048  # twice the width of a phone's screen in its own pixels, to be enlarged
PREVIEW_QUALITY: Final = 88
GAP: Final = -32768
LARGEST_MV: Final = 32.767


def film_grey8(image: Image) -> NDArray[np.uint8]:
    """Every pixel as it is shown: first VOI, the inversion, black outside the shutter."""
    grey = to_grey8(image.values, image.vois[0], invert=image.invert, padding=image.padding)
    if image.shutter is not None:
        grey[~visible(grey.shape, image.shutter)] = 0
    return grey


def film_preview(image: Image) -> bytes:
    """8-bit JPEG, longest side at most 1000 pixels, first VOI and the inversion burnt in."""
    return _jpeg(film_grey8(image), PREVIEW_SIDE)


def film_pictures(image: Image) -> dict[str, bytes]:
    """The preview, and the larger picture for those who may only look."""
    grey = film_grey8(image)
    return {"preview": _jpeg(grey, PREVIEW_SIDE), "phone": _jpeg(grey, PHONE_SIDE)}


def _jpeg(grey: NDArray[np.uint8], side: int) -> bytes:
    """The longest side at most `side` pixels; a smaller film stays as it is."""
    picture = Picture.fromarray(grey)
    longest = max(picture.size)
    if longest > side:
        rows, columns = grey.shape
        scale = side / longest
        size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
        picture = picture.resize(size, Picture.Resampling.BOX, reducing_gap=2.0)
    out = BytesIO()
    picture.save(out, "JPEG", quality=PREVIEW_QUALITY)
    return out.getvalue()


def film_full(image: Image) -> bytes:
    """Modality values, exact: row delta, zigzag, byte planes, deflate."""
    values = image.values
    header = json.dumps(
        {
            "rows": values.shape[0],
            "columns": values.shape[1],
            "dtype": values.dtype.name,
            "coding": CODING,
        },
        separators=(",", ":"),
    ).encode()
    words = np.ascontiguousarray(values).view(np.uint16)
    # matching runs only: half the time of full deflate on a film, and a little smaller
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_RLE)
    pieces = [
        packer.compress((_zigzag(words[start : start + BAND]) >> shift).astype(np.uint8).data)
        for shift in (0, 8)  # all low bytes, then all high bytes
        for start in range(0, words.shape[0], BAND)
    ]
    packed = b"".join((*pieces, packer.flush()))
    return b"".join((struct.pack("<I", len(header)), header, packed))


def _zigzag(rows: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Differences to the left, small ones of both signs as small numbers."""
    delta = rows.copy()
    delta[:, 1:] -= rows[:, :-1]  # modulo 65536, as the viewer adds
    signed = delta.view(np.int16)
    return ((signed << 1) ^ (signed >> 15)).view(np.uint16)


def film_values(coded: bytes) -> NDArray[np.uint16] | NDArray[np.int16]:
    """Undo `film_full`.

    Raises
    ------
    BadImage
        If the bytes are not a full copy of this layout.
    """
    length = int.from_bytes(coded[:4], "little")
    try:
        header = json.loads(coded[4 : 4 + length])
        is_ours = header["coding"] == CODING
        rows, columns = int(header["rows"]), int(header["columns"])
        planes = np.frombuffer(zlib.decompress(coded[4 + length :]), np.uint8).reshape(2, -1)
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise BadImage(f"not a full copy (starts {coded[:8]!r}): {error}; make it again") from error
    if not is_ours or planes.shape[1] != rows * columns:
        raise BadImage(
            f"coding {header['coding']!r} of {planes.shape[1]} pixels; expected {CODING!r} of "
            f"{rows} x {columns}. Make the copy again"
        )
    zigzag = planes[0].astype(np.uint16) | (planes[1].astype(np.uint16) << 8)
    delta = (zigzag >> 1) ^ (np.uint16(0) - (zigzag & 1))
    words = np.cumsum(delta.reshape(rows, columns), axis=1, dtype=np.uint16)
    return words.view(np.int16) if header.get("dtype") == "int16" else words


def film_meta(image: Image) -> dict[str, object]:
    """Everything the viewer needs beside the pixels, ready for JSON."""
    values, spacing = image.values, image.spacing
    return {
        "edition": EDITION,
        "rows": values.shape[0],
        "columns": values.shape[1],
        "bits": image.bits,
        "signed": values.dtype == np.int16,
        "min": int(values.min()),
        "max": int(values.max()),
        "vois": [_voi(voi) for voi in image.vois],
        "invert": image.invert,
        "padding": None if image.padding is None else list(image.padding),
        "shutter": _shutter(image.shutter),
        "spacing": {
            "row_mm": spacing.row_mm,
            "column_mm": spacing.column_mm,
            "kind": spacing.kind.value,
            "note": spacing.note,
        },
        "tags": dict(image.tags),
        "origin": image.origin,
        "notes": list(image.notes),
    }


def trace_samples(trace: Trace) -> bytes:
    """int16 little-endian microvolts, lead after lead; gaps as -32768; clipped, never wrapped."""
    return microvolts(trace.millivolts)


def microvolts(millivolts: NDArray[np.floating]) -> bytes:
    """Rows of millivolts in the form of every copy of samples."""
    limit = LARGEST_MV * 1000.0
    steps = np.clip(np.rint(millivolts.astype(np.float64) * 1000.0), -limit, limit)
    samples: bytes = np.nan_to_num(steps, nan=GAP).astype("<i2").tobytes()
    return samples


def trace_meta(trace: Trace) -> dict[str, object]:
    """Everything the viewer needs beside the samples, ready for JSON."""
    beyond = np.abs(trace.millivolts) > LARGEST_MV  # false where there is a gap
    clipped = [name for name, row in zip(trace.leads, beyond, strict=True) if row.any()]
    notes = list(trace.notes)
    if clipped:
        notes.append(f"beyond {LARGEST_MV} mV the display is clipped: {', '.join(clipped)}")
    return {
        "rate": trace.rate,
        "samples": trace.millivolts.shape[1],
        "seconds": trace.seconds,
        "leads": list(trace.leads),
        "lsb_uv": 1.0,
        "gap": GAP,
        "calibrated": trace.calibrated,
        "derived": list(trace.derived),
        "clipped_leads": clipped,
        "gap_leads": [
            name
            for name, row in zip(trace.leads, np.isnan(trace.millivolts), strict=True)
            if row.any()
        ],
        "device": {
            "measurements": dict(trace.device.measurements),
            "statements": list(trace.device.statements),
            "maker": trace.device.maker,
            "model": trace.device.model,
        },
        "origin": trace.origin,
        "notes": notes,
    }


def _voi(voi: Voi) -> dict[str, object]:
    plain: dict[str, object] = {
        "kind": voi.kind.value,
        "center": voi.center,
        "width": voi.width,
        "label": voi.label,
    }
    if voi.kind is VoiKind.LUT and voi.lut is not None:
        plain |= {"lut": voi.lut.tolist(), "lut_first": voi.lut_first, "lut_bits": voi.lut_bits}
    return plain


def _shutter(shutter: Shutter | None) -> dict[str, object] | None:
    if shutter is None:
        return None
    return {
        "rectangle": None if shutter.rectangle is None else list(shutter.rectangle),
        "circle": None if shutter.circle is None else list(shutter.circle),
        "polygon": [list(corner) for corner in shutter.polygon],
    }
