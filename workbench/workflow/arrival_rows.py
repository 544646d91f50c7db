"""From a file's header to rows: what is known, and nothing that is not."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from workbench.domain.exam import Exam, ExamState
from workbench.domain.patient import Patient
from workbench.domain.received import ArrivalHeader, Received
from workbench.workflow.station import Station


def patient_of(station: Station, site_code: str, digest: str, header: ArrivalHeader) -> Patient:
    """The patient a header names; without a number, one of its own."""
    key = station.fresh()
    return Patient(
        id=key,
        site_code=site_code,
        # Without a number nobody can be merged by accident: each such study is its own patient.
        local_id=header.patient_id.strip() or f"?{header.study_uid or digest}",
        name=header.name,
        name_repaired=header.name_repaired,
        sex=header.sex or None,
        birth_date=header.birth_date,
        person_id=key,
    )


def exam_of(
    station: Station, site_code: str, patient_id: str, digest: str, received: Received
) -> Exam:
    """The exam a header belongs to."""
    header = received.header
    return Exam(
        id=station.fresh(),
        site_code=site_code,
        kind=received.kind,
        key=header.study_uid or digest,
        patient_id=patient_id,
        state=ExamState.RECEIVED,
        received_at=station.now(),
        accession=header.accession,
        body_part=header.body_part,
        exam_start=header.exam_start,
        exam_end=header.exam_end,
    )


def mismatch(patient: Patient, header: ArrivalHeader) -> tuple[str, ...]:
    """Say when a file contradicts what is stored under the same number: perhaps another person."""
    pairs = (
        (patient.name, header.name),
        (patient.sex, header.sex),
        (patient.birth_date, header.birth_date),
    )
    return ("patient_mismatch",) if any(a and b and a != b for a, b in pairs) else ()


def header_of(header: ArrivalHeader, received: Received) -> dict[str, Any]:
    """The header as JSON: names and raw bytes live in the patient's row only."""
    left_out = {"patient_id", "name", "name_raw", "name_repaired", "sex", "birth_date"}
    plain = {
        f.name: _json(getattr(header, f.name)) for f in fields(header) if f.name not in left_out
    }
    return {**plain, "notes": list(received.notes), "reason": received.reason}


def _json(value: object) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): _json(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_json(v) for v in value]
    if isinstance(value, bytes):
        return value.hex()
    return value
