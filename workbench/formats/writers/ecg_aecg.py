"""Writes a trace as HL7 annotated ECG: one rhythm series, measurements and statements."""

import hashlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from lxml import etree

from workbench.domain.trace import Trace
from workbench.formats.writers.ecg_dicom import EcgHeader
from workbench.formats.writers.ecg_parts import family_given, steps_of, whole, worth_storing

STEP_UV: Final = 5.0
HL7: Final = "urn:hl7-org:v3"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
MDC: Final = {"codeSystem": "2.16.840.1.113883.6.24", "codeSystemName": "MDC"}
ACT: Final = {"codeSystem": "2.16.840.1.113883.5.4", "codeSystemName": "ActCode"}
MEASURED: Final = {
    "heart_rate_bpm": ("MDC_ECG_HEART_RATE", "bpm"), "p_ms": ("MDC_ECG_TIME_PD_P", "ms"),
    "rr_ms": ("MDC_ECG_TIME_PD_RR", "ms"), "pr_ms": ("MDC_ECG_TIME_PD_PR", "ms"),
    "qrs_ms": ("MDC_ECG_TIME_PD_QRS", "ms"), "qt_ms": ("MDC_ECG_TIME_PD_QT", "ms"),
    "qtc_ms": ("MDC_ECG_TIME_PD_QTc", "ms"), "p_axis_deg": ("MDC_ECG_ANGLE_P_FRONT", "deg"),
    "qrs_axis_deg": ("MDC_ECG_ANGLE_QRS_FRONT", "deg"),
    "t_axis_deg": ("MDC_ECG_ANGLE_T_FRONT", "deg"),
}  # fmt: skip


def to_aecg(trace: Trace, header: EcgHeader) -> bytes:
    """One document; limb leads that follow from I and II are left out."""
    root = etree.Element(f"{{{HL7}}}AnnotatedECG", nsmap={None: HL7, "xsi": XSI})
    root.set("type", "Observation")
    digest = hashlib.sha256(header.instance_uid.encode()).digest()[:16]
    _sub(root, "id", root=str(UUID(bytes=digest)))
    _sub(root, "code", code="93000", codeSystem="2.16.840.1.113883.6.12", codeSystemName="CPT-4")
    _sub(_sub(root, "effectiveTime"), "center", value=_moment(header.acquired_at))
    _subject(root, header)
    site = _sub(_sub(_sub(root, "location"), "testingSite"), "location")
    _sub(site, "name").text = header.institution
    _series(_sub(_sub(root, "component"), "series"), trace, header)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _subject(root: etree._Element, header: EcgHeader) -> None:
    event = _sub(_sub(root, "componentOf"), "timepointEvent")
    assignment = _sub(_sub(event, "componentOf"), "subjectAssignment")
    trial = _sub(_sub(assignment, "subject"), "trialSubject")
    _sub(trial, "id", root="2.25.1", extension=header.patient_id)
    person = _sub(trial, "subjectDemographicPerson")
    name = _sub(person, "name")
    for part, text in zip(("family", "given"), family_given(header.patient_name), strict=True):
        _sub(name, part).text = text
    if header.sex:
        _sub(
            person, "administrativeGenderCode", code=header.sex, codeSystem="2.16.840.1.113883.5.1"
        )
    if header.birth_date is not None:
        _sub(person, "birthTime", value=f"{header.birth_date:%Y%m%d}")


def _series(series: etree._Element, trace: Trace, header: EcgHeader) -> None:
    _sub(series, "code", code="RHYTHM", **ACT)
    period = _sub(series, "effectiveTime")
    _sub(period, "low", value=_moment(header.acquired_at), inclusive="true")
    end = header.acquired_at + timedelta(seconds=trace.seconds)
    _sub(period, "high", value=_moment(end), inclusive="false")
    author = _sub(_sub(series, "author"), "seriesAuthor")
    _sub(_sub(author, "manufacturedSeriesDevice"), "manufacturerModelName").text = header.model
    _sub(_sub(author, "manufacturerOrganization"), "name").text = header.maker
    leads = _sub(_sub(series, "component"), "sequenceSet")
    time = _sub(_sub(leads, "component"), "sequence")
    _sub(time, "code", code="TIME_ABSOLUTE", **ACT)
    value = _typed(time, "GLIST_TS")
    _sub(value, "head", value=_moment(header.acquired_at))
    _sub(value, "increment", value=f"{1 / trace.rate:.9g}", unit="s")
    names = worth_storing(trace, STEP_UV / 1000)
    for name, row in zip(names, steps_of(trace, names, STEP_UV / 1000), strict=True):
        one = _sub(_sub(leads, "component"), "sequence")
        _sub(one, "code", code=f"MDC_ECG_LEAD_{name.upper()}", **MDC)
        value = _typed(one, "SLIST_PQ")
        _sub(value, "origin", value="0", unit="uV")
        _sub(value, "scale", value=f"{STEP_UV:g}", unit="uV")
        _sub(value, "digits").text = " ".join(map(str, row.tolist()))
    _annotations(series, trace)


def _annotations(series: etree._Element, trace: Trace) -> None:
    device = trace.device
    if not device.measurements and not device.statements:
        return
    found = _sub(_sub(series, "subjectOf"), "annotationSet")
    for name, (code, unit) in MEASURED.items():
        if name in device.measurements:
            one = _sub(_sub(found, "component"), "annotation")
            _sub(one, "code", code=code, **MDC)
            value = _typed(one, "PQ")
            value.set("value", whole(device.measurements[name]))
            value.set("unit", unit)
    for statement in device.statements:
        one = _sub(_sub(found, "component"), "annotation")
        _sub(one, "code", code="MDC_ECG_INTERPRETATION_STATEMENT", **MDC)
        _typed(one, "ST").text = statement


def _moment(at: datetime) -> str:
    return f"{at:%Y%m%d%H%M%S}.{at.microsecond // 1000:03d}{at:%z}"


def _typed(parent: etree._Element, kind: str) -> etree._Element:
    return _sub(parent, "value", **{f"{{{XSI}}}type": kind})


def _sub(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{HL7}}}{tag}", attributes)
