"""What the cart itself measured and stated, from the annotations of a DICOM ECG."""

from types import MappingProxyType
from typing import Final

from workbench.domain.trace import DeviceSays
from workbench.formats.charset import person_name
from workbench.formats.elements import Elements

INTERVALS: Final = ("rr_ms", "pp_ms", "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_ms")
# SCP-ECG designators as DICOM writers use them
SCP: Final = {
    "5.10.2.1-3": "rr_ms", "5.10.2.1-5": "pp_ms", "5.13.5-7": "pr_ms", "5.13.5-9": "qrs_ms",
    "5.13.5-11": "qt_ms", "5.10.2.5-5": "qtc_ms", "5.10.3-11": "p_axis_deg",
    "5.10.3-13": "qrs_axis_deg", "5.10.3-15": "t_axis_deg",
}  # fmt: skip
# ISO/IEEE 11073-10101, partition 2, as in PS3.16 CID 3228 and 3689
MDC: Final = {
    "2:16770": "heart_rate_bpm", "2:15872": "pr_ms", "2:16156": "qrs_ms", "2:16160": "qt_ms",
    "2:16184": "p_ms", "2:16168": "rr_ms", "2:16000": "rr_ms", "2:15876": "qtc_ms",
    "2:15880": "qtc_bazett_ms", "2:15892": "qtc_fridericia_ms", "2:16132": "qrs_axis_deg",
    "2:16128": "p_axis_deg", "2:16136": "t_axis_deg",
}  # fmt: skip
BY_TEXT: Final = {
    "HEART RATE": "heart_rate_bpm", "VENTRICULAR HEART RATE": "heart_rate_bpm",
    "RR INTERVAL": "rr_ms", "PP INTERVAL": "pp_ms", "PR INTERVAL": "pr_ms", "P DURATION": "p_ms",
    "QRS DURATION": "qrs_ms", "QT INTERVAL": "qt_ms", "QTC INTERVAL": "qtc_ms",
    "P AXIS": "p_axis_deg", "QRS AXIS": "qrs_axis_deg", "T AXIS": "t_axis_deg",
}  # fmt: skip


def device_says(e: Elements) -> DeviceSays:
    """Measurements with their unit in the name, and statements; nothing is computed here."""
    measured: dict[str, float] = {}
    stated: list[str] = []
    for item in e.items("WaveformAnnotationSequence"):
        name = _name(next(item.items("ConceptNameCodeSequence"), None))
        value = item.number("NumericValue")
        if name and value is not None:
            if name in INTERVALS and value <= 0:
                continue  # carts write 0 for "not measured"
            measured.setdefault(name, value)
        elif item.text("UnformattedTextValue"):
            stated.append(item.text("UnformattedTextValue"))
        elif not item.text("TemporalRangeType"):
            coded = [c.text("CodeMeaning") for c in item.items("ConceptCodeSequence")]
            stated += [text for text in coded if text]
    return DeviceSays(
        measurements=MappingProxyType(measured),
        statements=tuple(dict.fromkeys(stated)),
        maker=person_name(e.text("Manufacturer")),
        model=e.text("ManufacturerModelName"),
    )


def _name(code: Elements | None) -> str:
    if code is None:
        return ""
    value, scheme = code.text("CodeValue"), code.text("CodingSchemeDesignator").upper()
    table = {"SCPECG": SCP, "MDC": MDC}.get(scheme, {})
    return table.get(value) or BY_TEXT.get(code.text("CodeMeaning").upper(), "")
