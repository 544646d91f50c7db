"""The header of an arrival from a DICOM file; nothing is filled in that the file does not say."""

import re
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Final

from pydicom.uid import UID

from workbench.domain.received import ArrivalHeader
from workbench.formats.charset import person_name
from workbench.formats.clock import age_years, day, offset, placed, wall_clock
from workbench.formats.dicom_file import Opened
from workbench.formats.elements import Elements
from workbench.formats.tags import FILM_TAGS, HEADER_TAGS, TRACE_TAGS, Form, TagRow

LEGAL_UID: Final = re.compile(r"(?=.{1,64}$)(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+")
UIDS: Final = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
PICTURE_CLOCKS: Final = (("AcquisitionDate", "AcquisitionTime"), ("ContentDate", "ContentTime"))
CLOCKS: Final = (
    *PICTURE_CLOCKS,
    ("SeriesDate", "SeriesTime"),
    ("StudyDate", "StudyTime"),
)
REPAIRABLE: Final = (
    "PatientName", "PatientID", "InstitutionName", "ReferringPhysicianName", "StudyDescription",
    "ReasonForTheRequestedProcedure", "ReasonForStudy", "StationName",
)  # fmt: skip


def header_of(
    opened: Opened, zone: tzinfo | None, rows: tuple[TagRow, ...] = FILM_TAGS
) -> tuple[ArrivalHeader, tuple[str, ...], tuple[str, ...]]:
    """Header, flags and notes; `zone` is the sending site's, used only if the file names none."""
    e = Elements(opened.dataset)
    name = e.decoded("PatientName")
    sex = e.text("PatientSex").upper()[:1]
    wall, own_zone = _device_clock(e)
    header = ArrivalHeader(
        patient_id=e.text("PatientID"),
        name=person_name(name.text),
        name_raw=e.raw("PatientName"),
        name_repaired=name.repaired,
        sex=sex if sex in {"M", "F", "O"} else "",
        birth_date=day(e.text("PatientBirthDate")),
        age_years=age_years(e.text("PatientAge")),
        study_uid=e.text("StudyInstanceUID"),
        series_uid=e.text("SeriesInstanceUID"),
        sop_uid=e.text("SOPInstanceUID"),
        sop_class=e.text("SOPClassUID"),
        transfer_syntax=opened.syntax,
        accession=e.text("AccessionNumber"),
        modality=e.text("Modality"),
        body_part=e.text("BodyPartExamined"),
        laterality=e.text("ImageLaterality") or e.text("Laterality"),
        view=e.text("ViewPosition"),
        exam_start=placed(wall, own_zone or zone),
        exam_end=placed(_taken(e), own_zone or zone),
        device_clock=wall.isoformat() if wall else "",
        clock_source="" if wall is None else "file" if own_zone else "site" if zone else "",
        institution=e.text("InstitutionName"),
        station=e.text("StationName"),
        manufacturer=e.text("Manufacturer"),
        model=e.text("ManufacturerModelName"),
        referring=_referring(e),
        tags=kept(e, rows + TRACE_TAGS),
    )
    flags, notes = _remarks(e, header, rows)
    return header, (*opened.flags, *flags), (*opened.notes, *notes)


def kept(e: Elements, rows: tuple[TagRow, ...]) -> MappingProxyType[str, object]:
    """The values of a tag table that the file gives: floats and text by keyword."""
    found: dict[str, object] = {}
    for row in rows:
        value = e.number(row.keyword) if row.form is Form.NUMBER else e.text(row.keyword)
        if value not in (None, ""):
            found[row.keyword] = value
    return MappingProxyType(found)


def class_name(uid: str) -> str:
    """Name of a SOP class, or the number itself."""
    return UID(uid, validation_mode=0).name if uid else "no SOP class"


def _device_clock(e: Elements) -> tuple[datetime | None, tzinfo | None]:
    zone = offset(e.text("TimezoneOffsetFromUTC"))
    stamp = e.text("AcquisitionDateTime")
    wall = wall_clock(stamp[:8], re.sub(r"[+-]\d{4}$", "", stamp)[8:])
    if wall is not None:
        return wall, offset(stamp[8:]) or zone
    for on, at in CLOCKS:
        wall = wall_clock(e.text(on), e.text(at))
        if wall is not None:
            return wall, zone
    return None, zone


def _taken(e: Elements) -> datetime | None:
    """When this picture was taken: the exam ends with its last one.

    Only the times of the picture itself count; the study's may be days before.
    """
    stamp = e.text("AcquisitionDateTime")
    wall = wall_clock(stamp[:8], re.sub(r"[+-]\d{4}$", "", stamp)[8:])
    for on, at in PICTURE_CLOCKS:
        wall = wall or wall_clock(e.text(on), e.text(at))
    return wall


def _referring(e: Elements) -> str:
    who = person_name(e.text("ReferringPhysicianName"))
    why = e.text("ReasonForTheRequestedProcedure") or e.text("RequestedProcedureDescription")
    return "; ".join(part for part in (who, why) if part)


def _remarks(
    e: Elements, header: ArrivalHeader, rows: tuple[TagRow, ...]
) -> tuple[list[str], list[str]]:
    flags: list[str] = []
    notes: list[str] = []
    bad = [k for k in UIDS if e.text(k) and not LEGAL_UID.fullmatch(e.text(k))]
    if bad:
        flags.append("illegal_uid")
        notes += [f"{k} {e.text(k)!r} is not a legal UID; it is kept as it stands" for k in bad]
    texts = [e.decoded(k) for k in REPAIRABLE]
    if any(t.repaired for t in texts):
        flags.append("charset_repaired")
        label = "\\".join(e.charsets) or "none"
        notes.append(f"character set repaired: the file says {label}, the bytes say otherwise")
    if any(t.damaged for t in texts):
        flags.append("charset_damaged")
        notes.append("some characters could not be decoded; the bytes are kept")
    if not header.patient_id:
        flags.append("missing_patient_id")
    if not header.study_uid:
        flags.append("missing_study_uid")
    if header.device_clock and header.exam_start is None:
        flags.append("clock_without_zone")
        notes.append(
            f"device time {header.device_clock} has no zone and the site none is known for"
        )
    missing = [r for r in (*HEADER_TAGS, *rows) if r.needed and not e.raw(r.keyword)]
    if missing:
        flags.append("missing_tags")
        notes += [f"{row.keyword} is missing: {row.when_missing}" for row in missing]
    return flags, notes
