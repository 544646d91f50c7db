"""What arrives is empty, cut, foreign or contradictory; the disk is full; the clock goes back."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from pydicom import dcmread

from tests import make
from tests.intake.test_dicom import changed
from workbench.domain.errors import StorageFull
from workbench.domain.event import EventKind
from workbench.domain.exam import ExamState, ScreeningStatus
from workbench.store import (
    audit,
    audit_heads,
    blob_use,
    blobs,
    events,
    exams,
    instances,
    quarantine,
)
from workbench.workflow import console, screenings
from workbench.workflow.arrivals import Filing, Outcome, Sender, file_recording
from workbench.workflow.station import Station

SENDER = Sender(site_code="T01", source="upload:clinic")


def arrive(station: Station, data: bytes, name: str = "object.dcm") -> Outcome:
    return file_recording(
        station, SENDER, make.laid(station.blobs.temporary_folder, **{name: data})
    )


def without(data: bytes, *keywords: str) -> bytes:
    """The same file without these elements."""
    found = dcmread(BytesIO(data))
    for keyword in keywords:
        if keyword in found:
            delattr(found, keyword)
    out = BytesIO()
    found.save_as(out)
    return out.getvalue()


def exam_of(station: Station, outcome: Outcome):
    with station.store.look() as conn:
        return exams.get(conn, outcome.exam_id, None)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.dcm", b"", "empty"),
        ("cut.dcm", make.make_film()[:160], "sent again"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(300), "does not say what it shows"),
        ("letter.txt", "病历摘要".encode("gb18030"), "not a known film or ECG file"),
        ("page.html", b"<html><body>500</body></html>", "readers tried"),
        (
            "lone.hea",
            b"lone 12 500 4\n" + b"lone.dat 16 1000/mV 16 0 0 0 0 I\n" * 12,
            "signal file",
        ),
    ],
)
def test_what_nobody_can_read_is_held_with_a_clear_reason_and_every_byte(station, name, data, says):
    outcome = arrive(station, data, name)
    assert (outcome.filing, outcome.exam_id) == (Filing.HELD, None)
    assert says in outcome.reason
    with station.store.look() as conn:
        [held] = [h for h in quarantine.waiting(conn) if h.parts[0].name == name]
    assert station.blobs.read(held.parts[0].sha256) == data


@pytest.mark.parametrize("fraction", [0.5, 0.9, 0.999])
def test_a_film_cut_in_its_pixels_is_filed_flagged_by_the_screening_and_never_shown_as_whole(
    station, fraction
):
    uid = f"1.2.60.{int(fraction * 1000)}"
    film = make.make_film(study=uid, uid=f"{uid}.1")
    outcome = arrive(station, film[: int(len(film) * fraction)])
    assert outcome.filing is Filing.FILED
    screenings.screen_exam(station, outcome.exam_id)
    exam = exam_of(station, outcome)
    assert (exam.state, exam.screening) == (ExamState.WAITING, ScreeningStatus.FAILED)
    with station.store.look() as conn:
        assert instances.copies(conn, outcome.exam_id) == []


MISSING = {
    "number": ("PatientID",), "name": ("PatientName",), "sex": ("PatientSex",),
    "birth date": ("PatientBirthDate",),
    "times": ("StudyDate", "StudyTime", "AcquisitionDate", "AcquisitionTime", "ContentDate",
              "ContentTime", "SeriesDate", "SeriesTime", "AcquisitionDateTime"),
    "study": ("StudyInstanceUID",), "series": ("SeriesInstanceUID",), "modality": ("Modality",),
    "window": ("WindowCenter", "WindowWidth"), "spacing": ("ImagerPixelSpacing", "PixelSpacing"),
    "exposure": ("ExposureIndex", "TargetExposureIndex", "DeviationIndex"),
}  # fmt: skip


@pytest.mark.parametrize("what", MISSING)
def test_a_film_whose_header_lacks_something_is_filed_and_screened(station, what):
    uid = f"1.2.61.{list(MISSING).index(what)}"
    film = make.make_film(study=uid, uid=f"{uid}.1", local_id=f"M{what}")
    outcome = arrive(station, without(film, *MISSING[what]))
    assert outcome.filing is Filing.FILED
    screenings.screen_exam(station, outcome.exam_id)
    assert exam_of(station, outcome).state is ExamState.WAITING


def test_a_film_without_pixels_is_filed_and_sorted_up(station):
    film = without(make.make_film(study="1.2.62", uid="1.2.62.1"), "PixelData")
    outcome = arrive(station, film)
    screenings.screen_exam(station, outcome.exam_id)
    assert exam_of(station, outcome).screening is ScreeningStatus.FAILED


@pytest.mark.parametrize("uid", ["../../etc/passwd", "1.02.3", "9" * 70])
def test_an_illegal_uid_is_flagged_and_names_no_file(station, uid):
    film = changed(make.make_film(study="1.2.63", uid="1.2.63.1"), SOPInstanceUID=uid)
    outcome = arrive(station, film)
    assert outcome.filing is Filing.FILED
    assert "illegal_uid" in exam_of(station, outcome).flags
    assert not [p for p in station.settings.home.rglob("*") if uid in p.name]


def test_a_full_disk_refuses_with_the_numbers_and_changes_nothing(station):
    full = replace(station, blobs=blobs.Blobs(station.settings.blobs, 10**9))
    with station.store.look() as conn:
        before = (audit.heads(conn, station.now()), set(blob_use.used(conn)))
    with pytest.raises(StorageFull, match=r"Only \d+ MB free .* 1000000000 MB needed"):
        arrive(full, make.make_film(study="1.2.64", uid="1.2.64.1"))
    with station.store.look() as conn:
        after = (audit.heads(conn, station.now()), set(blob_use.used(conn)))
    assert [(h.chain, h.seq) for h in after[0]] == [(h.chain, h.seq) for h in before[0]]
    assert after[1] == before[1]


def test_a_clock_that_goes_back_breaks_no_chain_and_loses_no_order(station):
    clock = make.Clock(station.now())
    here = replace(station, clock=clock)
    first = arrive(here, make.make_film(study="1.2.65", uid="1.2.65.1"))
    with station.store.change() as conn:
        audit_heads.write_heads(conn, station.settings.outbox, clock.at)
    clock.go_on(days=-3, hours=-1)
    second = arrive(here, make.make_film(study="1.2.66", uid="1.2.66.1"))
    screenings.screen_exam(here, second.exam_id)
    screenings.screen_exam(here, first.exam_id)
    with station.store.change() as conn:
        audit_heads.write_heads(conn, station.settings.outbox, clock.at)
    clock.go_on(days=7)
    arrive(here, make.make_film(study="1.2.67", uid="1.2.67.1"))
    assert console.verify(here).faults == []
    with station.store.look() as conn:
        stamps = {e.kind: e.at for e in events.of_exam(conn, first.exam_id)}
    # Both stamps stand as the clock said them: a time that jumps is seen, not smoothed.
    assert stamps[EventKind.RECEIVED] - stamps[EventKind.SCREENED] == timedelta(days=3, hours=1)
