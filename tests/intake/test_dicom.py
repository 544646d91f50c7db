"""The DICOM service as real senders meet it: dcmtk's tools and pynetdicom, over a real port."""

import os
import secrets
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from pydicom import dcmread
from pynetdicom import _config
from pynetdicom.sop_class import Verification

from tests import make
from tests.formats.conftest import _film
from tests.intake import peers
from workbench.intake import dicom as service
from workbench.store import audit, blobs, conflicts, exams, instances, quarantine, sites
from workbench.store.database import Store
from workbench.store.schema import exam
from workbench.workflow.station import Station

JPEG = "1.2.840.10008.1.2.4."
BASELINE = JPEG + "50"
GENERAL_ECG = "1.2.840.10008.5.1.4.1.1.9.1.2"
REAL = (  # file of nema_wg04 -> transfer syntax it comes in
    ("RG2_JPLY", JPEG + "51"), ("RG2_JPLL", JPEG + "70"), ("RG2_JLSL", JPEG + "80"),
    ("RG2_JLSN", JPEG + "81"), ("RG2_J2KR", JPEG + "90"), ("RG2_J2KI", JPEG + "91"),
    ("RG2_RLE", "1.2.840.10008.1.2.5"), ("MG1_JPLY", JPEG + "51"), ("RG3_JPLL", JPEG + "70"),
)  # fmt: skip


def fresh() -> str:
    """A UID no other test of this file used."""
    return f"1.2.826.{secrets.randbelow(10**12) + 1}"


def row(station: Station, uid: str) -> instances.Instance | None:
    with station.store.look() as conn:
        return instances.by_uid(conn, "T01", uid)


def exam_of(station: Station, uid: str):
    found = row(station, uid)
    with station.store.look() as conn:
        return exams.get(conn, found.exam_id, None)


def on_disk(tmp_path: Path, data: bytes, name: str = "a.dcm") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def changed(data: bytes, **tags: str) -> bytes:
    """The same file with other header values, as an editor would write it."""
    out = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's opinion on values that are odd on purpose
        found = dcmread(BytesIO(data))
        for keyword, value in tags.items():
            setattr(found, keyword, value)
            if keyword in ("SOPClassUID", "SOPInstanceUID"):
                setattr(found.file_meta, f"MediaStorage{keyword}", value)
        found.save_as(out)
    return out.getvalue()


def test_a_sender_asking_whether_we_are_there_hears_yes(door, settings):
    code, said = peers.run("echoscu", settings.dicom_port)
    assert code == 0, said
    link = peers.associate(settings.dicom_port, [(Verification, "1.2.840.10008.1.2")])
    assert link.send_c_echo().Status == 0x0000
    link.release()


KINDS = {
    "CR": ("1.2.840.10008.5.1.4.1.1.1", "DR"),
    "DX": ("1.2.840.10008.5.1.4.1.1.1.1", "DR"),
    "DX for processing": ("1.2.840.10008.5.1.4.1.1.1.1.1", "DR"),
    "secondary capture": ("1.2.840.10008.5.1.4.1.1.7", "DR"),
    "12-lead ECG": ("1.2.840.10008.5.1.4.1.1.9.1.1", "ECG"),
    "general ECG": (GENERAL_ECG, "ECG"),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_object_is_filed_as_its_kind_of_exam(door, station, settings, name):
    sop_class, kind = KINDS[name]
    uid = fresh()
    if kind == "ECG":
        data = make.make_ecg_file(study=uid, uid=f"{uid}.1")
    else:
        data = make.make_film(study=uid, uid=f"{uid}.1")
    data = changed(data, SOPClassUID=sop_class)
    assert peers.send(settings.dicom_port, data) == [0x0000]
    found = row(station, f"{uid}.1")
    assert (found.sop_class, exam_of(station, f"{uid}.1").kind) == (sop_class, kind)
    assert found.source == "dicom:T01_DR@127.0.0.1"
    assert station.blobs.path(found.sha256).is_file()


@pytest.mark.parametrize("syntax", service.SYNTAXES)
def test_every_transfer_syntax_arrives_as_it_was_sent(door, station, settings, syntax):
    y, x = np.mgrid[0:60, 0:48]
    values = (1900 + 1500 * np.sin(x / 20) * np.cos(y / 25)).astype(np.uint16)
    if syntax == BASELINE:
        values = (values >> 4).astype(np.uint8)
    uid = fresh()
    data = _film(
        values, syntax, bits=8 if values.itemsize == 1 else 12,
        SOPInstanceUID=f"{uid}.1", StudyInstanceUID=uid,
    )  # fmt: skip
    assert peers.send(settings.dicom_port, data) == [0x0000]
    found = row(station, f"{uid}.1")
    assert found.transfer_syntax == syntax
    kept = dcmread(BytesIO(station.blobs.read(found.sha256)))
    sent = dcmread(BytesIO(data))
    assert kept.PixelData == sent.PixelData


@pytest.mark.parametrize(("name", "syntax"), REAL)
def test_real_films_of_nema_arrive_by_dcmsend_in_their_own_coding(
    door, station, settings, name, syntax
):
    folder = Path(
        os.environ.get("WORKBENCH_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")
    )
    path = folder / "dr" / "nema_wg04" / f"{name}.dcm"
    if not path.is_file():
        pytest.skip("no shared data; set WORKBENCH_SHARED_DATA to the folder that holds dr and ecg")
    code, said = peers.run(
        "dcmsend", settings.dicom_port, "--no-uid-checks", "--decompress-never", path
    )
    assert code == 0, said
    uid = str(dcmread(path, stop_before_pixels=True, force=True).SOPInstanceUID)
    assert row(station, uid).transfer_syntax == syntax


@pytest.mark.parametrize("title", ["NOBODY", "COUNTY"])
def test_an_unknown_title_is_told_success_and_its_files_are_held_for_a_person(
    door, station, settings, tmp_path, title
):
    uid = fresh()
    data = make.make_film(study=uid, uid=f"{uid}.1")
    code, said = peers.run("dcmsend", settings.dicom_port, on_disk(tmp_path, data), title=title)
    assert code == 0, said
    with station.store.look() as conn:
        held = [h for h in quarantine.waiting(conn) if title in h.source][-1]
        assert title in held.reason
        assert instances.by_uid(conn, "T01", f"{uid}.1") is None
    assert f"{uid}.1".encode() in station.blobs.read(held.parts[0].sha256)


def test_a_known_title_from_another_address_is_held(door, station, settings):
    with station.store.change() as conn:
        sites.add_address(conn, make.make_address(ae_title="FAR", address="10.9.8.7"))
    uid = fresh()
    data = make.make_film(study=uid, uid=f"{uid}.1")
    assert peers.send(settings.dicom_port, data, title="FAR") == [0x0000]
    assert row(station, f"{uid}.1") is None
    with station.store.look() as conn:
        [held] = [h for h in quarantine.waiting(conn) if "FAR" in h.source]
    assert "127.0.0.1" in held.reason


def test_the_same_file_again_is_success_and_changes_nothing(door, station, settings, tmp_path):
    uid = fresh()
    path = on_disk(tmp_path, make.make_film(study=uid, uid=f"{uid}.1"))
    for _ in range(2):
        code, said = peers.run("storescu", settings.dicom_port, path)
        assert code == 0, said
    assert exam_of(station, f"{uid}.1").images == 1


def test_the_same_uid_with_other_bytes_is_success_a_conflict_and_never_an_overwrite(
    door, station, settings
):
    uid = fresh()
    first, second = (make.make_film(study=uid, uid=f"{uid}.1", shade=n) for n in (0, 70))
    assert peers.send(settings.dicom_port, first, second) == [0x0000, 0x0000]
    kept = row(station, f"{uid}.1")
    assert dcmread(BytesIO(first)).PixelData in station.blobs.read(kept.sha256)
    with station.store.look() as conn:
        [seen] = [c for c in conflicts.waiting(conn, None) if c.uid == f"{uid}.1"]
    assert dcmread(BytesIO(second)).PixelData in station.blobs.read(seen.sha256)
    assert "uid_conflict" in exam_of(station, f"{uid}.1").flags


ILLEGAL = ("../../../tmp/evil", "1.2.03.4", "1." * 34 + "7", "1.2.3/../4", "nothing-like-a-uid")


@pytest.mark.parametrize("uid", ILLEGAL)
def test_an_illegal_uid_is_accepted_and_flagged_and_never_a_path(
    door, station, settings, tmp_path, uid
):
    before = {p for p in settings.home.rglob("*") if p.suffix != ".log"}
    marked = fresh()
    data = changed(make.make_film(study=marked, uid=f"{marked}.1"), SOPInstanceUID=uid)
    code, said = peers.run(
        "dcmsend", settings.dicom_port, "--no-uid-checks", on_disk(tmp_path, data)
    )
    assert code == 0, said
    found = row(station, uid)
    assert found is not None, "the film was told success but is not there"
    assert "illegal_uid" in found.flags
    new = {p for p in settings.home.rglob("*") if p.is_file()} - before
    assert {p.name for p in new if p.suffix != ".log"} == {found.sha256}


def test_a_film_with_no_uid_at_all_is_kept(door, station, settings):
    marked = fresh()
    data = changed(make.make_film(study=marked, uid=f"{marked}.1"), PatientID="NOUID")
    found = dcmread(BytesIO(data))
    del found.StudyInstanceUID
    out = BytesIO()
    found.save_as(out)
    assert peers.send(settings.dicom_port, out.getvalue()) == [0x0000]
    assert row(station, f"{marked}.1") is not None


def test_header_text_a_database_refuses_is_no_reason_to_refuse_the_film(door, station, settings):
    """NUL inside a value is illegal in DICOM, and machines write it all the same."""
    uid = fresh()
    data = make.make_film(study=uid, uid=f"{uid}.1", local_id="P7")
    odd = changed(
        data, InstitutionName="A\0B", PatientName="WANG\0^XIU", StationName="S\0\0T",
        AccessionNumber="A\0C", BodyPartExamined="CHE\0ST",
    )  # fmt: skip
    assert b"A\0B" in odd
    assert peers.send(settings.dicom_port, odd) == [0x0000]
    found = row(station, f"{uid}.1")
    assert b"A\0B" in station.blobs.read(found.sha256)


def test_films_of_many_senders_at_once_are_all_filed_once(door, station, settings):
    study = fresh()
    films = [make.make_film(study=study, uid=f"{study}.{n}", shade=n) for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: peers.send(settings.dicom_port, *films[n::8]), range(8)))
    assert answers == [[0x0000] * 3] * 8
    one = exam_of(station, f"{study}.0")
    assert one.images == 24
    with station.store.look() as conn:
        assert len(instances.of_exam(conn, one.id)) == 24
        count = sa.select(sa.func.count()).select_from(exam).where(exam.c.key == study)
        assert conn.execute(count).scalar_one() == 1
        assert audit.verify(conn) == []


def _in_process(monkeypatch, settings, **other) -> Station:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)  # the service turns both
    monkeypatch.setattr(_config, "STORE_RECV_CHUNKED_DATASET", False)
    own = settings.model_copy(update={"dicom_port": 0, **other})
    own.blobs.joinpath("temporary").mkdir(parents=True, exist_ok=True)
    return Station(Store(own.database_url), blobs.Blobs(own.blobs, own.free_floor_mb), own)


def test_below_the_free_space_floor_an_association_is_refused_for_now(
    station, settings, monkeypatch
):
    full = _in_process(monkeypatch, settings, free_floor_mb=10**9)
    one = service.DicomService(full)
    one.open()
    try:
        code, said = peers.run("echoscu", one.port)
        assert code != 0
        assert "Rejected Transient" in said
        assert "Local Limit Exceeded" in said
        link = peers.associate(one.port, [(Verification, "1.2.840.10008.1.2")])
        assert link.is_rejected
    finally:
        one.close()
        full.store.close()


def test_with_the_database_away_the_sender_is_told_to_come_again(station, settings, monkeypatch):
    away = settings.database_url.replace("/intake_", "/gone_")
    assert away != settings.database_url
    lost = _in_process(monkeypatch, settings, database_url=away)
    one = service.DicomService(lost)
    one.open()
    try:
        uid = fresh()
        film = make.make_film(study=uid, uid=f"{uid}.1")
        assert peers.send(one.port, film, film) == [0xA700, 0xA700]
        assert row(station, f"{uid}.1") is None
        assert not list(lost.blobs.temporary_folder.iterdir())
    finally:
        one.close()
        lost.store.close()


def test_when_the_disk_fills_while_a_film_comes_it_is_told_to_come_again(
    station, settings, monkeypatch
):
    here = _in_process(monkeypatch, settings)
    full = Station(here.store, blobs.Blobs(settings.blobs, 10**9), here.settings)
    one = service.DicomService(full)
    one.open()
    try:
        uid = fresh()
        film = make.make_film(study=uid, uid=f"{uid}.1")
        assert peers.send(one.port, film) == [0xA700]
        assert row(station, f"{uid}.1") is None
        assert not list(full.blobs.temporary_folder.iterdir())
    finally:
        one.close()
        here.store.close()
