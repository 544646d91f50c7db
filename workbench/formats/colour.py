"""A colour picture as the grey a film reader is shown: its luminance, and said so.

Y of YBR is the luminance itself (ITU-R BT.601, full range), so no colour is computed first. What
the three channels are is told by the compressed stream where it says so, else by the header's
label; where neither can be believed the picture is refused: its greys would be a guess.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadImage
from workbench.formats.codestream import stream_colour
from workbench.formats.layout import Layout

RGB: Final = "RGB"
YBR: Final = "YBR"
LABELS: Final = {
    "RGB": RGB, "YBR_FULL": YBR, "YBR_FULL_422": YBR, "YBR_ICT": YBR, "YBR_RCT": YBR,
}  # fmt: skip
LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
NO_COLOUR: Final = 128  # Cb and Cr of a grey in 8 bits


def one_grey(
    raw: NDArray[np.generic], layout: Layout, frame: bytes | None
) -> tuple[NDArray[np.generic], list[tuple[str, str]]]:
    """One grey channel, and pairs of flag and note about what the colours were taken for.

    Raises
    ------
    BadImage
        If the three channels cannot be told.
    """
    label = layout.photometric
    if label.startswith("PALETTE"):
        raise BadImage("a palette colour picture; films are grey. Export it as MONOCHROME2")
    if raw.ndim == 2:
        return raw, _odd_label(label)
    if raw.shape[2] != 3:
        raise BadImage(f"{raw.shape[2]} samples per pixel; expected 1 (grey) or 3 (colour)")
    remarks: list[tuple[str, str]] = []
    said, told = LABELS.get(label), None if frame is None else stream_colour(frame)
    space = told or said
    if space is None and _same(raw[..., 0], raw[..., 1]) and _same(raw[..., 0], raw[..., 2]):
        space = RGB
    if space is None:
        known = ", ".join(LABELS)
        raise BadImage(f"3 samples per pixel labelled {label or '(nothing)'}; expected {known}")
    if told and said != told and not (label in {"YBR_ICT", "YBR_RCT"} and told == RGB):
        note = f"labelled {label or '(nothing)'}, but the compressed picture itself holds {told}"
        remarks.append(("photometric_conflict", note))
    if space == YBR:
        is_grey = bool(np.all(raw[..., 1:] == NO_COLOUR))
        grey = raw[..., 0]
    else:
        is_grey = _same(raw[..., 0], raw[..., 1]) and _same(raw[..., 0], raw[..., 2])
        grey = raw[..., 0] if is_grey else np.rint(raw.astype(np.float32) @ LUMA).astype(np.uint16)
    if is_grey:
        return grey, [*remarks, ("", "a colour file holding a grey picture")]
    return grey, [*remarks, ("colour_picture", "a colour picture, shown as its luminance")]


def luma_of_422(data: bytes, rows: int, columns: int) -> NDArray[np.uint8] | None:
    """Y, Cb and Cr of uncompressed YBR_FULL_422 (PS3.3 C.7.6.3.1.2: Y1 Y2 Cb Cr).

    None when the bytes are too few; the chroma is repeated, as only its absence matters here.
    """
    need = rows * columns * 2
    if columns % 2 or len(data) < need:
        return None
    groups = np.frombuffer(data, np.uint8, need).reshape(rows, columns // 2, 4)
    picture = np.empty((rows, columns, 3), np.uint8)
    picture[..., 0] = groups[..., :2].reshape(rows, columns)
    picture[..., 1] = groups[..., 2].repeat(2, axis=1)
    picture[..., 2] = groups[..., 3].repeat(2, axis=1)
    return picture


def _odd_label(label: str) -> list[tuple[str, str]]:
    if label in {"MONOCHROME1", "MONOCHROME2"}:
        return []
    note = f"one grey channel labelled {label or '(nothing)'}; shown as MONOCHROME2, not inverted"
    return [("photometric_conflict", note)]


def _same(a: NDArray[np.generic], b: NDArray[np.generic]) -> bool:
    return bool(np.array_equal(a, b))
