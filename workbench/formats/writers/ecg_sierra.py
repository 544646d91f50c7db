"""Writes a trace as Philips Sierra XML 1.04, samples not packed."""

import base64
from typing import Final

from lxml import etree

from workbench.domain.trace import Trace
from workbench.formats.writers.ecg_dicom import EcgHeader
from workbench.formats.writers.ecg_parts import family_given, steps_of, whole

STEP_UV: Final = 5.0
NAMESPACE: Final = "http://www3.medical.philips.com"
MEASURED: Final = {
    "heartrate": "heart_rate_bpm", "rrint": "rr_ms", "pdur": "p_ms", "print": "pr_ms",
    "qrsdur": "qrs_ms", "qtint": "qt_ms", "qtcb": "qtc_bazett_ms", "qtcf": "qtc_fridericia_ms",
    "pfrontaxis": "p_axis_deg", "qrsfrontaxis": "qrs_axis_deg", "tfrontaxis": "t_axis_deg",
}  # fmt: skip
SEXES: Final = {"M": "Male", "F": "Female"}


def to_sierra(trace: Trace, header: EcgHeader) -> bytes:
    """One document of version 1.04."""
    root = etree.Element("restingecgdata", nsmap={None: NAMESPACE}, status="New", lang="en")
    at = {"date": f"{header.acquired_at:%Y-%m-%d}", "time": f"{header.acquired_at:%H:%M:%S}"}
    _texts(_sub(root, "documentinfo"), {"documenttype": "PhilipsECG", "documentversion": "1.04"})
    _texts(_sub(root, "orderinfo"), {"ordernumber": header.accession})
    acquisition = _sub(root, "dataacquisition", **at, statflag="False")
    _sub(acquisition, "machine", machineid="").text = header.model
    _texts(_sub(acquisition, "acquirer"), {"institutionname": header.institution})
    _texts(_sub(acquisition, "signalcharacteristics"), {
        "samplingrate": f"{trace.rate:g}", "resolution": f"{STEP_UV:g}", "bitspersample": "16",
        "signaloffset": "0", "signalsigned": "True",
    })  # fmt: skip
    _patient(root, header)
    _interpretation(root, trace, at)
    steps = steps_of(trace, trace.leads, STEP_UV / 1000)
    waves = _sub(
        _sub(root, "waveforms"), "parsedwaveforms", dataencoding="Base64", compression="None",
        numberofleads=str(len(trace.leads)), leadlabels=" ".join(trace.leads),
        durationperchannel=f"{1000 * trace.seconds:g}", samplespersecond=f"{trace.rate:g}",
        resolution=f"{STEP_UV:g}", signaloffset="0", signalsigned="True", bitspersample="16",
    )  # fmt: skip
    waves.text = base64.b64encode(steps.astype("<i2").tobytes()).decode("ascii")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _patient(root: etree._Element, header: EcgHeader) -> None:
    family, given = family_given(header.patient_name)
    who = _sub(_sub(root, "patient"), "generalpatientdata")
    _texts(who, {"patientid": header.patient_id})
    _texts(_sub(who, "name"), {"lastname": family, "firstname": given})
    if header.birth_date is not None:
        _texts(_sub(who, "age"), {"dateofbirth": f"{header.birth_date:%Y-%m-%d}"})
    _texts(who, {"sex": SEXES.get(header.sex, "Unknown")})


def _interpretation(root: etree._Element, trace: Trace, at: dict[str, str]) -> None:
    one = _sub(_sub(root, "interpretations"), "interpretation", **at)
    measured = _sub(one, "globalmeasurements", editedflag="False")
    values = trace.device.measurements
    for tag, name in MEASURED.items():
        if name in values:
            _sub(measured, tag, editedflag="False").text = whole(values[name])
    for statement in trace.device.statements:
        _texts(
            _sub(one, "statement", editedflag="False"),
            {"statementcode": "", "leftstatement": statement, "rightstatement": ""},
        )


def _sub(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)


def _texts(parent: etree._Element, texts: dict[str, str]) -> None:
    for tag, text in texts.items():
        _sub(parent, tag).text = text
