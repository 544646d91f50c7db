"""Writes a trace as GE MUSE RestingECG XML: the rhythm waveform, measurements and statements."""

import base64
import zlib
from typing import Final

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from workbench.domain.trace import Trace
from workbench.formats.writers.ecg_dicom import EcgHeader
from workbench.formats.writers.ecg_parts import family_given, steps_of, whole, worth_storing

STEP_UV: Final = 4.88  # what MUSE itself uses
MEASURED: Final = {
    "VentricularRate": "heart_rate_bpm", "AtrialRate": "atrial_rate_bpm", "PRInterval": "pr_ms",
    "QRSDuration": "qrs_ms", "QTInterval": "qt_ms", "QTCorrected": "qtc_ms", "PAxis": "p_axis_deg",
    "RAxis": "qrs_axis_deg", "TAxis": "t_axis_deg",
}  # fmt: skip
SEXES: Final = {"M": "MALE", "F": "FEMALE"}


def to_muse(trace: Trace, header: EcgHeader) -> bytes:
    """One document; limb leads that follow from I and II are left out, as MUSE does."""
    root = etree.Element("RestingECG")
    family, given = family_given(header.patient_name)
    patient = etree.SubElement(root, "PatientDemographics")
    _texts(patient, {
        "PatientID": header.patient_id, "Gender": SEXES.get(header.sex, "UNKNOWN"),
        "PatientLastName": family, "PatientFirstName": given,
        "DateofBirth": f"{header.birth_date:%m-%d-%Y}" if header.birth_date else "",
    })  # fmt: skip
    _texts(etree.SubElement(root, "TestDemographics"), {
        "DataType": "RESTING", "SiteName": header.institution, "AcquisitionDevice": header.model,
        "AcquisitionTime": f"{header.acquired_at:%H:%M:%S}",
        "AcquisitionDate": f"{header.acquired_at:%m-%d-%Y}",
    })  # fmt: skip
    if header.accession:
        _texts(etree.SubElement(root, "Order"), {"AccessionNumber": header.accession})
    values = trace.device.measurements
    _texts(
        etree.SubElement(root, "RestingECGMeasurements"),
        {tag: whole(values[name]) for tag, name in MEASURED.items() if name in values},
    )
    diagnosis = etree.SubElement(root, "Diagnosis")
    _texts(diagnosis, {"Modality": "RESTING"})
    for statement in trace.device.statements:
        line = etree.SubElement(diagnosis, "DiagnosisStatement")
        _texts(line, {"StmtFlag": "ENDSLINE", "StmtText": statement})
    _waveform(root, trace)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _waveform(root: etree._Element, trace: Trace) -> None:
    names = worth_storing(trace, STEP_UV / 1000)
    wave = etree.SubElement(root, "Waveform")
    _texts(wave, {
        "WaveformType": "Rhythm", "NumberofLeads": str(len(names)),
        "SampleType": "CONTINUOUS_SAMPLES", "SampleBase": f"{trace.rate:g}", "SampleExponent": "0",
    })  # fmt: skip
    for name, row in zip(names, steps_of(trace, names, STEP_UV / 1000), strict=True):
        wave.append(_lead(name, row))


def _lead(name: str, row: NDArray[np.int16]) -> etree._Element:
    data = row.astype("<i2").tobytes()
    lead = etree.Element("LeadData")
    _texts(lead, {
        "LeadByteCountTotal": str(len(data)), "LeadTimeOffset": "0",
        "LeadSampleCountTotal": str(len(row)), "LeadAmplitudeUnitsPerBit": f"{STEP_UV:g}",
        "LeadAmplitudeUnits": "MICROVOLTS", "LeadID": name, "LeadSampleSize": "2",
        "LeadOff": "FALSE", "WaveFormData": base64.b64encode(data).decode("ascii"),
        "LeadDataCRC32": str(zlib.crc32(data)),
    })  # fmt: skip
    return lead


def _texts(parent: etree._Element, texts: dict[str, str]) -> None:
    for tag, text in texts.items():
        etree.SubElement(parent, tag).text = text
