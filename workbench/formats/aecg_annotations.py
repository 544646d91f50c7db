"""What the cart measured and stated in an HL7 annotated ECG; what a person wrote is not its own."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

import numpy as np
from lxml import etree

from workbench.domain.trace import DeviceSays
from workbench.formats.safe_xml import Text

# ISO/IEEE 11073-10101 names, upper case
MEASURED: Final = {
    "MDC_ECG_HEART_RATE": "heart_rate_bpm", "MDC_ECG_HEART_RATE_VENT": "heart_rate_bpm",
    "MDC_ECG_HEART_RATE_ATRIAL": "atrial_rate_bpm", "MDC_ECG_TIME_PD_RR": "rr_ms",
    "MDC_ECG_TIME_PD_RR_GL": "rr_ms", "MDC_ECG_TIME_PD_PP": "pp_ms", "MDC_ECG_TIME_PD_P": "p_ms",
    "MDC_ECG_TIME_PD_PR": "pr_ms", "MDC_ECG_TIME_PD_PQ": "pr_ms", "MDC_ECG_TIME_PD_QRS": "qrs_ms",
    "MDC_ECG_TIME_PD_QT": "qt_ms", "MDC_ECG_TIME_PD_QTC": "qtc_ms",
    "MDC_ECG_TIME_PD_QTC_BAZETT": "qtc_bazett_ms", "MDC_ECG_TIME_PD_QTCB": "qtc_bazett_ms",
    "MDC_ECG_TIME_PD_QTC_FRIDERICIA": "qtc_fridericia_ms",
    "MDC_ECG_TIME_PD_QTCF": "qtc_fridericia_ms", "MDC_ECG_ANGLE_P_FRONT": "p_axis_deg",
    "MDC_ECG_ANGLE_QRS_FRONT": "qrs_axis_deg", "MDC_ECG_ANGLE_T_FRONT": "t_axis_deg",
}  # fmt: skip
UNITS: Final = {
    "_ms": {"MS": 1.0, "S": 1e3, "US": 1e-3},
    "_bpm": {"BPM": 1.0, "/MIN": 1.0, "{BEATS}/MIN": 1.0, "1/MIN": 1.0},
    "_deg": {"DEG": 1.0},
}
STATED: Final = ("MDC_ECG_RHY", "MDC_ECG_INTERPRETATION", "MDC_ECG_DIAGNOS")
BEAT: Final = "MDC_ECG_BEAT"
LEAD: Final = "MDC_ECG_LEAD_"
DEEPEST: Final = 8  # levels of annotations inside annotations


def device_says(series: etree._Element, maker: str, model: str) -> DeviceSays:
    """Values of the whole recording: those of the representative beat first, single beats never."""
    text = Text(series)
    measured: dict[str, float] = {}
    stated: list[str] = []
    for one in _annotations(series):
        code = str(_get(one, "code", "code")).upper()
        name = MEASURED.get(code)
        if name is not None:
            value = _value(one, name)
            if value is not None:
                measured.setdefault(name, value)
        elif code.startswith(STATED):
            words = text.shown(one.findtext("value")) or _get(one, "value", "displayName")
            stated.append(words or _get(one, "value", "code"))
    return DeviceSays(
        measurements=MappingProxyType(measured),
        statements=tuple(dict.fromkeys(word for word in stated if word)), maker=maker, model=model,
    )  # fmt: skip


def persons_own(series: etree._Element) -> bool:
    """Whether a person, not the cart, is the author of a set."""
    return any(_by_person(one) for one in _sets(series))


def _sets(series: etree._Element) -> Iterator[etree._Element]:
    yield from series.iterfind("derivation/derivedSeries/subjectOf/annotationSet")
    yield from series.iterfind("subjectOf/annotationSet")


def _by_person(one: etree._Element) -> bool:
    kind = one.find("author/assignedEntity/assignedAuthorType")
    return kind is not None and kind.find("assignedDevice") is None and len(kind) > 0


def _annotations(series: etree._Element) -> Iterator[etree._Element]:
    """Annotations of all leads together, those inside a single beat left out."""
    for one in _sets(series):
        if _by_person(one):
            continue
        waiting = [(child, 1) for child in one.iterfind("component/annotation")][::-1]
        while waiting:
            annotation, depth = waiting.pop()
            if _get(annotation, "code", "code").upper() == BEAT or _of_one_lead(annotation):
                continue
            yield annotation
            if depth < DEEPEST:
                inner = annotation.iterfind("component/annotation")
                waiting += [(child, depth + 1) for child in inner][::-1]


def _of_one_lead(annotation: etree._Element) -> bool:
    bounds = annotation.iterfind("support/supportingROI/component/boundary/code")
    return any(str(one.get("code") or "").upper().startswith(LEAD) for one in bounds)


def _value(annotation: etree._Element, name: str) -> float | None:
    kind = next(end for end in UNITS if name.endswith(end))
    factor = UNITS[kind].get(_get(annotation, "value", "unit").upper())
    try:
        value = float(_get(annotation, "value", "value"))
    except ValueError:
        return None
    if factor is None or not np.isfinite(value) or (kind != "_deg" and value <= 0):
        return None  # carts write 0 for "not measured"
    return value * factor


def _get(element: etree._Element, path: str, name: str) -> str:
    found = element.find(path)
    return "" if found is None else str(found.get(name) or "").strip()
