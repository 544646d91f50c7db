"""The grey pipeline of a DICOM film: Modality LUT applied, VOI and inversion kept as data."""

from dataclasses import replace

import numpy as np

from workbench.domain.image import Image, Spacing, SpacingKind, Voi, VoiKind
from workbench.formats.dicom_header import kept
from workbench.formats.elements import Elements
from workbench.formats.label import polarity_remarks
from workbench.formats.modality import Remarks, Scale, modality_values
from workbench.formats.pixels import Stored
from workbench.formats.shutter import shutter_of
from workbench.formats.tags import FILM_TAGS
from workbench.formats.voi import vois_of
from workbench.radiograph.grey import Values, covers, percentile_voi
from workbench.radiograph.shutter import visible


def image_of(e: Elements, stored: Stored, origin: str) -> tuple[Image, tuple[str, ...]]:
    """The film as a domain image, and flags of what was contradictory."""
    remarks: Remarks = [("", note) for note in stored.notes]
    values, scale = modality_values(e, stored, remarks)
    padding = _padding(e, scale, signed=stored.signed)
    spacing = spacing_of(e, remarks)
    shutter = shutter_of(e, values.shape, spacing, remarks)
    shown = values if shutter is None else values[visible(values.shape, shutter)]
    if padding is not None and bool(np.all((shown >= padding[0]) & (shown <= padding[1]))):
        note = f"padding {padding[0]} to {padding[1]} covers the whole picture; not applied"
        remarks.append(("bad_padding", note))
        padding = None
    signed = values.dtype == np.int16
    vois = [v for v in vois_of(e, scale, remarks, signed=signed) if _usable(values, v, remarks)]
    vois.append(percentile_voi(shown, padding=padding))
    if len(vois) == 1:
        remarks.append(("no_window", "no usable window in the file; taken from the picture itself"))
    image = Image(
        values=values,
        bits=_bits(values, stored.bits),
        invert=inversion(e, remarks),
        vois=tuple(vois),
        spacing=spacing,
        padding=padding,
        shutter=shutter,
        tags=kept(e, FILM_TAGS),
        origin=origin,
    )
    remarks.extend(polarity_remarks(e, image))
    image = replace(image, notes=tuple(note for _flag, note in remarks))
    flags = (*stored.flags, *(flag for flag, _note in remarks if flag))
    return image, tuple(dict.fromkeys(flags))


def inversion(e: Elements, remarks: Remarks) -> bool:
    """The one inversion: MONOCHROME1 and INVERSE together are still one."""
    photometric = e.text("PhotometricInterpretation").upper()
    shape = e.text("PresentationLUTShape").upper()
    is_mono1, is_inverse = photometric == "MONOCHROME1", shape == "INVERSE"
    if shape and is_mono1 != is_inverse:
        note = f"{photometric or 'no photometric interpretation'} with Presentation LUT {shape}"
        remarks.append(("inversion_conflict", f"{note} contradict each other; inverted once"))
    return is_mono1 or is_inverse


def spacing_of(e: Elements, remarks: Remarks) -> Spacing:
    """Millimetres per pixel and what they mean; never guessed."""
    pixel, imager = (_pair(e, k, remarks) for k in ("PixelSpacing", "ImagerPixelSpacing"))
    how = e.text("PixelSpacingCalibrationType").upper()
    erm = e.number("EstimatedRadiographicMagnificationFactor")
    if pixel and how in {"GEOMETRY", "FIDUCIAL"}:
        return Spacing(*pixel, SpacingKind.CALIBRATED, f"calibrated by {how.lower()}")
    if pixel and imager and not np.allclose(pixel, imager, rtol=1e-3):
        return Spacing(*pixel, SpacingKind.CALIBRATED, "differs from the detector: corrected")
    if imager and erm and erm >= 1.0:
        at_patient = (imager[0] / erm, imager[1] / erm)
        return Spacing(*at_patient, SpacingKind.CALIBRATED, f"detector spacing / {erm:g}")
    if imager:
        return Spacing(*imager, SpacingKind.DETECTOR, "millimetres at the detector")
    if pixel:
        return Spacing(*pixel, SpacingKind.UNKNOWN, "no word on calibration")
    return Spacing(None, None, SpacingKind.UNKNOWN, "the file gives no spacing")


def _usable(values: Values, voi: Voi, remarks: Remarks) -> bool:
    if covers(values, voi):
        return True
    kind = "curve" if voi.kind is VoiKind.LUT else f"window {voi.center:g}/{voi.width:g}"
    lies = f"values {int(values.min())} to {int(values.max())}"
    remarks.append(("window_misses", f"the {kind} shows nothing of the picture's {lies}; left out"))
    return False


def _padding(e: Elements, scale: Scale, *, signed: bool) -> tuple[int, int] | None:
    value, limit = e.number("PixelPaddingValue"), e.number("PixelPaddingRangeLimit")
    if value is None:
        return None
    ends = [v for v in (value, limit) if v is not None]
    if signed:
        ends = [v - 65536 if v > 32767 else v for v in ends]
    mapped = sorted(round(scale.to_values(v)) for v in ends)
    return mapped[0], mapped[-1]


def _bits(values: Values, stored_bits: int) -> int:
    extreme = max(int(values.max()), -int(values.min()) - 1)
    return min(16, max(stored_bits, extreme.bit_length() + (values.dtype == np.int16)))


def _pair(e: Elements, keyword: str, remarks: Remarks) -> tuple[float, float] | None:
    given = e.numbers(keyword)
    if len(given) < 2:
        return None
    if not all(0.005 <= v <= 5.0 for v in given[:2]):  # mm: no film pixel is outside
        remarks.append(("bad_spacing", f"{keyword} {given[0]:g}, {given[1]:g} mm is not possible"))
        return None
    return given[0], given[1]
