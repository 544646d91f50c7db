"""The same film once more, and another film under the same number: sent over the real line."""

from io import BytesIO

from pydicom import dcmread

from tests import make
from tests.intake import peers
from workbench.store import blob_use, conflicts, exams, instances


def test_the_same_file_again_is_success_and_adds_no_row_and_no_byte(door, station, settings):
    film = make.make_film(study="1.2.80", uid="1.2.80.1")
    assert peers.send(settings.dicom_port, film) == [0x0000]
    with station.store.look() as conn:
        before = set(blob_use.used(conn))
    assert peers.send(settings.dicom_port, film, film) == [0x0000, 0x0000]
    with station.store.look() as conn:
        kept = instances.by_uid(conn, "T01", "1.2.80.1")
        assert exams.get(conn, kept.exam_id, None).images == 1
        assert set(blob_use.used(conn)) == before


def test_other_bytes_under_the_same_uid_are_kept_beside_the_first_for_a_person(
    door, station, settings
):
    first, second = (make.make_film(study="1.2.81", uid="1.2.81.1", shade=n) for n in (0, 70))
    assert peers.send(settings.dicom_port, first, second, second) == [0x0000] * 3
    with station.store.look() as conn:
        kept = instances.by_uid(conn, "T01", "1.2.81.1")
        [rival] = [c for c in conflicts.waiting(conn, None) if c.uid == "1.2.81.1"]
        assert "uid_conflict" in exams.get(conn, kept.exam_id, None).flags
    for name, sent in ((kept.sha256, first), (rival.sha256, second)):
        assert (
            dcmread(BytesIO(station.blobs.read(name))).PixelData == dcmread(BytesIO(sent)).PixelData
        )
