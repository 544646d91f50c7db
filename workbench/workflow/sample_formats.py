"""One sample ECG in every format a cart sends, with what its device would say taken from truth."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from workbench.domain.received import ArrivalHeader
from workbench.domain.trace import DeviceSays, Trace
from workbench.formats.writers.dx import to_bytes
from workbench.formats.writers.ecg_aecg import to_aecg
from workbench.formats.writers.ecg_csv import to_csv
from workbench.formats.writers.ecg_dicom import EcgHeader, ecg_dataset
from workbench.formats.writers.ecg_edf import EdfWho, to_edf
from workbench.formats.writers.ecg_muse import to_muse
from workbench.formats.writers.ecg_scp import to_scp
from workbench.formats.writers.ecg_sierra import to_sierra
from workbench.formats.writers.ecg_wfdb import to_wfdb

Writer = Callable[[str, Trace, EcgHeader], dict[str, bytes]]


def _one(suffix: str, write: Callable[[Trace, EcgHeader], bytes]) -> Writer:
    return lambda name, trace, header: {f"{name}{suffix}": write(trace, header)}


def _edf(trace: Trace, header: EcgHeader) -> bytes:
    """EDF+ holds ASCII only: the number of the patient stands for the name."""
    return to_edf(trace, EdfWho(
        patient_id=header.patient_id, sex=header.sex, birth_date=header.birth_date,
        device=header.model, recorded_at=header.acquired_at.replace(tzinfo=None),
    ))  # fmt: skip


def _table(name: str, trace: Trace, header: EcgHeader) -> dict[str, bytes]:
    """A table with its header file; whole microvolts keep it small."""
    rounded = replace(trace, millivolts=np.round(trace.millivolts, 3))
    arrival = ArrivalHeader(
        patient_id=header.patient_id, name=header.patient_name.replace("^", ""), sex=header.sex,
        birth_date=header.birth_date, exam_start=header.acquired_at, clock_source="file",
        device_clock=header.acquired_at.replace(tzinfo=None).isoformat(),
        institution=header.institution, manufacturer=header.maker, model=header.model,
    )  # fmt: skip
    return to_csv(rounded, arrival, f"{name}-table")  # its .json is no truth of ours


def _matlab(name: str, trace: Trace, _header: EcgHeader) -> dict[str, bytes]:
    """A WFDB record whose samples hide in a MATLAB file; it has no place for a patient."""
    return to_wfdb(trace, name, ("synthetic, no patient",), matlab=True)


def _dicom(trace: Trace, header: EcgHeader) -> bytes:
    """The class of DICOM follows from length, rate and leads."""
    return to_bytes(ecg_dataset(trace, header))


FORMATS: Final[Mapping[str, Writer]] = MappingProxyType(
    {
        "scp": _one(".scp", to_scp),
        "aecg": _one(".xml", to_aecg),
        "muse": _one(".xml", to_muse),
        "sierra": _one(".xml", to_sierra),
        "edf": _one(".edf", _edf),
        "csv": _table,
        "mat": _matlab,
        "general": _one(".dcm", _dicom),
        "ambulatory": _one(".dcm", _dicom),
    }
)
SPEAKING: Final = frozenset({"scp", "aecg", "muse", "sierra", "csv"})  # hold what a device says
MEASURED: Final = {
    "rate_bpm": "heart_rate_bpm", "pr_ms": "pr_ms", "qrs_ms": "qrs_ms", "qt_ms": "qt_ms",
    "axis_deg": "qrs_axis_deg",
}  # fmt: skip


def in_format(
    name: str, form: str, trace: Trace, header: EcgHeader, truth: Mapping[str, Any]
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files by name, and their truth: the recording's, and what the file says of itself."""
    measured = {
        ours: round(float(truth[theirs]))
        for theirs, ours in MEASURED.items()
        if truth.get(theirs) is not None
    }
    device = DeviceSays(
        measurements=MappingProxyType({k: float(v) for k, v in measured.items()}),
        statements=(f"rhythm: {truth['rhythm']}",), maker=header.maker, model=header.model,
    )  # fmt: skip
    files = FORMATS[form](name, replace(trace, device=device), header)
    facts = {**truth, "format": form}
    if form in SPEAKING:
        facts["device_says"] = {"measurements": measured, "statements": list(device.statements)}
    return files, facts
