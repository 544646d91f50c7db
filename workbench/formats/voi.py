"""All ways of showing a film that its file offers, as data; what cannot be used is left out."""

import itertools

from workbench.domain.image import Voi, VoiKind
from workbench.formats.elements import Elements
from workbench.formats.modality import Remarks, Scale, curve_of

FUNCTIONS = {kind.value: kind for kind in (VoiKind.LINEAR, VoiKind.LINEAR_EXACT, VoiKind.SIGMOID)}


def vois_of(e: Elements, scale: Scale, remarks: Remarks, *, signed: bool) -> list[Voi]:
    """Curves first, then windows, each in the order of the file."""
    found = _curves(e, scale, remarks, signed=signed)
    named = e.text("VOILUTFunction").upper()
    kind = FUNCTIONS.get(named or VoiKind.LINEAR.value)
    if kind is None:
        remarks.append(("bad_window", f"VOI LUT Function {named} is not known; read as LINEAR"))
        kind = VoiKind.LINEAR
    labels = e.text("WindowCenterWidthExplanation").split("\\")
    centers, widths = e.numbers("WindowCenter"), e.numbers("WindowWidth")
    if len(centers) != len(widths):
        note = f"{len(centers)} window centres but {len(widths)} widths; the pairs are used"
        remarks.append(("bad_window", note))
    for center, width, label in itertools.zip_longest(centers, widths, labels):
        if center is None or width is None:
            continue
        if width < 1.0 if kind is VoiKind.LINEAR else width <= 0.0:
            remarks.append(("bad_window", f"window {center:g}/{width:g} is impossible; left out"))
            continue
        own_center, own_width = scale.from_modality(center, width)
        own = VoiKind.LINEAR_EXACT if scale.folded and kind is VoiKind.LINEAR else kind
        found.append(Voi(own, own_center, own_width, label=label or ""))
    return found


def _curves(e: Elements, scale: Scale, remarks: Remarks, *, signed: bool) -> list[Voi]:
    found = []
    for item in e.items("VOILUTSequence"):
        curve = curve_of(item, signed=signed)
        if curve is None or scale.folded:
            remarks.append(("bad_voi_lut", "a VOI LUT has no usable points; left out"))
            continue
        if curve.bits != curve.said:
            remarks.append(curve.depth_remark("VOI LUT"))
        voi = Voi(
            VoiKind.LUT,
            center=curve.first + (curve.points.size - 1) / 2.0,
            width=float(curve.points.size),
            label=item.text("LUTExplanation"),
            lut=curve.points,
            lut_first=curve.first,
            lut_bits=curve.bits,
        )
        found.append(voi)
    return found
