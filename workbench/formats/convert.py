"""A recording in another format, with what that format could not carry named one by one."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

from workbench.domain.errors import Invalid
from workbench.domain.image import Image, VoiKind
from workbench.domain.received import ArrivalHeader, Received
from workbench.domain.trace import Trace
from workbench.formats.display_copy import film_grey8
from workbench.formats.writers.ecg_csv import to_csv
from workbench.formats.writers.ecg_dicom import EcgHeader, ecg_dataset, undated, unzoned
from workbench.formats.writers.ecg_edf import EdfWho, to_edf
from workbench.formats.writers.ecg_wfdb import to_wfdb

TARGETS: Final = ("wfdb", "dicom", "csv", "edf", "png")
ENDINGS: Final = {"wfdb": ".hea", "dicom": ".dcm", "csv": ".csv", "edf": ".edf", "png": ".png"}
STEP_MV: Final = {"wfdb": 1e-3, "dicom": 1e-3, "edf": 1e-3, "csv": 1e-6}
NO_DAY: Final = datetime(1900, 1, 1)  # noqa: DTZ001 - taken out of the file again
LEGAL_UID: Final = re.compile(r"(?=.{1,64}$)(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+")
SPACE: Final = uuid.UUID("0e6cfa8e-1f53-4a8e-9a55-0d5f25d4a9cc")  # of the UIDs we make from digests


@dataclass(frozen=True, slots=True)
class Converted:
    """Files by name, and what did not come along, in plain words."""

    files: Mapping[str, bytes]
    lost: tuple[str, ...]


def convert(received: Received, target: str, name: str, digest: str) -> Converted:
    """Write what was read in another format.

    Raises
    ------
    Invalid
        If the format is unknown, or cannot hold this recording at all.
    """
    if target not in TARGETS:
        raise Invalid("format", target, f"one of {', '.join(TARGETS)}")
    if received.trace is not None and target != "png":
        files, lost = _tracing(received.trace, received.header, target, (name, digest))
        return Converted(files, (*lost, *_always(received.trace, target)))
    if received.image is not None and target == "png":
        return _film(received.image, received.header, name)
    held = "an ECG" if received.trace else "a film" if received.image else received.reason
    wanted = "a film" if target == "png" else "an ECG"
    raise Invalid("file", held or "neither film nor ECG", f"{wanted} for --to {target}")


def _tracing(
    trace: Trace, header: ArrivalHeader, target: str, named: tuple[str, str]
) -> tuple[Mapping[str, bytes], list[str]]:
    name, digest = named
    if target == "csv":
        lost = [*_unsaid({"study and instance UID": header.study_uid or header.sop_uid})]
        return to_csv(trace, header, name), lost
    if target == "wfdb":
        files = to_wfdb(trace, name, _comments(header), recorded_at=_wall(header))
        return files, _lost_identity(header)
    if target == "edf":
        return _edf(trace, header, name)
    return _dicom(trace, header, (name, digest))


def _comments(header: ArrivalHeader) -> list[str]:
    age = [] if header.age_years is None else [f"Age: {header.age_years:g}"]
    return [*age, *([f"Sex: {header.sex}"] if header.sex in ("M", "F") else [])]


def _wall(header: ArrivalHeader) -> datetime | None:
    """The machine's own reading, without a zone."""
    return datetime.fromisoformat(header.device_clock) if header.device_clock else None


def _lost_identity(header: ArrivalHeader) -> list[str]:
    """What a WFDB header has no place for: it holds time, date, age and sex."""
    said = {
        "patient id": header.patient_id,
        "patient name": header.name,
        "birth date": header.birth_date,
        "zone of the clock": header.clock_source == "file",
        "accession number": header.accession,
        "institution": header.institution,
        "maker and model": header.manufacturer or header.model,
        "study and instance UID": header.study_uid or header.sop_uid,
    }
    return _unsaid(said)


def _unsaid(said: Mapping[str, object]) -> list[str]:
    return [f"{what}: this format has no place for it" for what, value in said.items() if value]


def _edf(trace: Trace, header: ArrivalHeader, name: str) -> tuple[Mapping[str, bytes], list[str]]:
    lost = []
    shown = header.name if header.name.isascii() else ""
    if header.name and not shown:
        lost.append("patient name: EDF+ holds ASCII only")
    key = header.patient_id if header.patient_id.isascii() else ""
    if header.patient_id and not key:
        lost.append("patient id: EDF+ holds ASCII only")
    clock = _wall(header)
    if clock is not None and clock.microsecond:
        lost.append("fraction of a second of the time of the recording")
    maker = " ".join(p for p in (header.manufacturer, header.model) if p and p.isascii())
    who = EdfWho(
        patient_id=key, name=shown, sex=header.sex, birth_date=header.birth_date,
        device=maker[:40], recorded_at=clock,
    )  # fmt: skip
    lost += _unsaid({
        "accession number": header.accession, "institution": header.institution,
        "zone of the clock": header.clock_source == "file",
        "age": header.age_years is not None and header.birth_date is None,
        "study and instance UID": header.study_uid or header.sop_uid,
    })  # fmt: skip
    return {f"{name}.edf": to_edf(trace, who)}, lost


def _dicom(
    trace: Trace, header: ArrivalHeader, named: tuple[str, str]
) -> tuple[Mapping[str, bytes], list[str]]:
    name, digest = named
    clock = _wall(header)
    at = _moment(header)
    legal = LEGAL_UID.fullmatch(header.study_uid) is not None
    told = EcgHeader(
        patient_name=header.name,
        patient_id=header.patient_id,
        study_uid=header.study_uid if legal else _uid(digest, "study"),
        series_uid=_uid(digest, "series"),
        instance_uid=_uid(digest, "instance"),
        acquired_at=at or (clock or NO_DAY).replace(tzinfo=UTC),
        sex=header.sex,
        birth_date=header.birth_date,
        accession=header.accession,
        institution=header.institution,
        maker=trace.device.maker or header.manufacturer,
        model=trace.device.model or header.model,
    )
    ds = ecg_dataset(trace, told)
    if at is None:
        ds = undated(ds) if clock is None else unzoned(ds)
    out = BytesIO()
    ds.save_as(out, enforce_file_format=True)
    lost = []
    if header.study_uid and not legal:
        lost.append("study UID: it is illegal, the file has a new one")
    if header.sop_uid:
        lost.append("series and instance UID: the file is another object and has its own")
    if clock is None and at is None:
        lost.append("time of the recording: the source gives none, so the file has none")
    if header.age_years is not None and header.birth_date is None:
        lost.append("age: only the birth date is written, and the source gives none")
    return {f"{name}.dcm": out.getvalue()}, lost


def _moment(header: ArrivalHeader) -> datetime | None:
    """The time with the zone that the file itself gave."""
    if header.exam_start is None or header.clock_source != "file":
        return None
    if not header.device_clock:
        return header.exam_start
    clock = datetime.fromisoformat(header.device_clock)
    shift = clock.replace(tzinfo=UTC) - header.exam_start
    return clock.replace(tzinfo=timezone(timedelta(minutes=round(shift.total_seconds() / 60))))


def _uid(digest: str, what: str) -> str:
    return f"2.25.{uuid.uuid5(SPACE, f'{digest}/{what}').int}"


def _always(trace: Trace, target: str) -> list[str]:
    """What no format but our own table carries, and what rounding did."""
    lost = []
    if target != "csv":
        if trace.device.measurements:
            lost.append(f"{len(trace.device.measurements)} measurements of the device")
        if trace.device.statements:
            lost.append(f"{len(trace.device.statements)} statements of the device")
        if trace.derived and target != "dicom":
            lost.append(f"that {', '.join(trace.derived)} were computed from other leads")
    if trace.notes:
        lost.append(f"{len(trace.notes)} notes of the reader")
    step = STEP_MV[target]
    values = trace.millivolts.astype(np.float64)
    off = float(np.nanmax(np.abs(values - np.round(values / step) * step), initial=0.0))
    if off > 1e-6:
        unit = "mV" if trace.calibrated else "counts / 1000"
        lost.append(f"up to {off * 1000:.2f} of a thousandth of a {unit} by rounding")
    return lost


def _film(image: Image, header: ArrivalHeader, name: str) -> Converted:
    grey = film_grey8(image)
    lost = ["patient, institution and times: a picture carries none"] if header.patient_id else []
    voi = image.vois[0]
    if image.bits > 8:
        lost.append(f"{image.bits} bits of grey: 8 are shown")
    if voi.kind is VoiKind.LUT:
        lost.append("the values before the curve of the maker")
    else:
        lost.append(f"values outside the window {voi.center:g} / {voi.width:g}")
    if image.shutter is not None:
        lost.append("what lies outside the shutter")
    lost.append(f"spacing of the pixels ({image.spacing.kind.value})")
    said = PngInfo()
    said.add_text("Comment", "8-bit rendering; not for diagnosis")
    out = BytesIO()
    Picture.fromarray(grey).save(out, "PNG", pnginfo=said)
    return Converted({f"{name}.png": out.getvalue()}, tuple(lost))
