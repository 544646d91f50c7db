"""From a file's header to rows: what is known, and nothing that is not."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from workbench.domain.exam import Exam, ExamState
from workbench.domain.patient import Patient, national_id_of
from workbench.workflow.station import Station

if TYPE_CHECKING:  # films and traces bring numpy along; a page that settles a conflict needs none
    from workbench.domain.received import ArrivalHeader, Received


def patient_of(station: Station, site_code: str, digest: str, header: "ArrivalHeader") -> Patient:
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
        national_id=national_id_of(header.patient_id),
        person_id=key,
    )


def exam_of(
    station: Station, site_code: str, patient_id: str, digest: str, received: "Received"
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


def mismatch(patient: Patient, header: "ArrivalHeader") -> tuple[str, ...]:
    """Say when a file contradicts what is stored under the same number: perhaps another person."""
    pairs = (
        (patient.name, header.name),
        (patient.sex, header.sex),
        (patient.birth_date, header.birth_date),
    )
    return ("patient_mismatch",) if any(a and b and a != b for a, b in pairs) else ()


def with_image(
    exam: Exam, end: datetime | None, said: tuple[str, ...], later_at: datetime | None
) -> Exam:
    """An exam with one image more, taken at `end`; `later_at` is the time of a further one.

    Who signed has not seen an image that comes after the release: the exam goes back on the list.
    """
    reported = exam.state in (ExamState.SIGNED, ExamState.RELEASED)
    late = ("late_image",) if later_at is not None and reported else ()
    released = exam.state is ExamState.RELEASED
    ended = exam.exam_end
    if end is not None and not released:  # what was reported keeps its end
        ended = max(end, ended or end)
    return replace(
        exam,
        flags=tuple(dict.fromkeys((*exam.flags, *said, *late))),
        images=exam.images + 1,
        exam_end=ended,
        recheck_since=exam.recheck_since or (later_at if released else None),
    )


def header_of(header: "ArrivalHeader", received: "Received") -> dict[str, Any]:
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
