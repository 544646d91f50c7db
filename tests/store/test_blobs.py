import errno
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import workbench
from workbench.domain.errors import Invalid, NotFound, StorageFull
from workbench.store.blobs import Blob, Blobs


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs", 1)


def left_over(blobs):
    return list(blobs.temporary_folder.iterdir())


@hypothesis_settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chunks=st.lists(st.binary(max_size=50)))
def test_bytes_are_read_back_under_their_digest(blobs, chunks):
    whole = b"".join(chunks)
    blob = blobs.put(chunks)
    assert blob == Blob(hashlib.sha256(whole).hexdigest(), len(whole)) == blobs.put(whole)
    assert blobs.read(blob.sha256) == whole
    assert blobs.path(blob.sha256).parent.name == blob.sha256[:2]
    assert left_over(blobs) == []


def test_the_same_bytes_again_change_nothing(blobs):
    blob = blobs.put(b"film")
    before = blobs.path(blob.sha256).stat()
    assert blobs.put(b"film") == blob
    after = blobs.path(blob.sha256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_blob_cannot_be_written_over_by_accident(blobs):
    path = blobs.path(blobs.put(b"film").sha256)
    assert path.stat().st_mode & 0o777 == 0o440


def test_many_writers_of_the_same_bytes_leave_one_blob(blobs):
    data = os.urandom(1 << 18)
    threads = [threading.Thread(target=blobs.put, args=(data,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert blobs.read(hashlib.sha256(data).hexdigest()) == data
    assert left_over(blobs) == []
    assert blobs.verify() == []


def test_what_is_not_committed_was_never_there(blobs):
    with blobs.temporary() as writer:
        writer.write(b"half a film")
        assert left_over(blobs) == [writer.path]
    assert left_over(blobs) == []
    assert not (blobs.root / "sha256").exists()


def test_a_writer_that_fails_leaves_nothing(blobs):
    def chunks():
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        blobs.put(chunks())
    assert left_over(blobs) == []


def test_a_received_file_is_adopted_and_gone_from_where_it_was(blobs):
    blobs.temporary_folder.mkdir(parents=True)
    for name in ("first", "again"):
        path = blobs.temporary_folder / name
        path.write_bytes(b"film" * 1_000_000)
        blob = blobs.adopt(path)
        assert blob.size == 4_000_000
        assert blobs.read(blob.sha256) == b"film" * 1_000_000
        assert left_over(blobs) == []


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n", "a" * 64 + "/x"]
)
def test_only_a_digest_names_a_blob(blobs, name):
    for use in (blobs.path, blobs.open, blobs.read):
        with pytest.raises(Invalid, match="hexadecimal"):
            use(name)


def test_an_unknown_digest_is_said_to_be_unknown(blobs):
    with pytest.raises(NotFound, match="No blob"):
        blobs.read("a" * 64)


def test_verify_names_the_blob_whose_bytes_changed_and_storing_it_again_mends_a_short_one(blobs):
    good, bad = blobs.put(b"good"), blobs.put(b"bad film")
    path = blobs.path(bad.sha256)
    path.chmod(0o640)
    path.write_bytes(b"bad")
    assert [fault.sha256 for fault in blobs.verify()] == [bad.sha256]
    assert blobs.put(b"bad film") == bad
    assert blobs.verify() == []
    assert blobs.read(good.sha256) == b"good"


def test_only_old_left_overs_are_swept(blobs):
    blobs.put(b"film")
    now = datetime.now(UTC)
    for name, age in (("killed", timedelta(hours=3)), ("being written", timedelta())):
        path = blobs.temporary_folder / name
        path.write_bytes(b"x")
        os.utime(path, ((now - age).timestamp(),) * 2)
    assert blobs.sweep_temporary(now - timedelta(hours=1)) == 1
    assert [path.name for path in left_over(blobs)] == ["being written"]
    assert len(list((blobs.root / "sha256").rglob("*"))) == 2


def test_below_the_floor_nothing_is_accepted(tmp_path):
    full = Blobs(tmp_path, shutil.disk_usage(tmp_path).free // 1_000_000 + 1_000_000)
    (tmp_path / "received").write_bytes(b"film")
    with pytest.raises(StorageFull, match="MB free under"):
        full.put(b"film")
    with pytest.raises(StorageFull):
        full.adopt(tmp_path / "received")
    with pytest.raises(StorageFull), full.temporary():
        pass
    assert (tmp_path / "received").read_bytes() == b"film"


@pytest.mark.parametrize("moment", ["write", "fsync"])
def test_a_disk_that_fills_up_meanwhile_is_said_to_be_full(blobs, monkeypatch, moment):
    blobs.put(b"")

    def fsync(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    if moment == "fsync":
        monkeypatch.setattr(os, "fsync", fsync)  # the system's call, not ours
        chunks = [b"film"]
    else:

        def reading():
            yield b"half"
            raise OSError(errno.ENOSPC, "No space left on device")

        chunks = reading()
    with pytest.raises(StorageFull):
        blobs.put(chunks)
    assert left_over(blobs) == []


ON_A_SMALL_DISK = """
import sys
from pathlib import Path
from workbench.domain.errors import StorageFull
from workbench.store.blobs import Blobs
blobs = Blobs(Path(sys.argv[1]) / "blobs", 0)
kept = blobs.put(b"k" * 500_000)
for _ in range(2):
    try:
        blobs.put(b"x" * 100_000 for _ in range(40))
    except StorageFull as error:
        print(error)
assert blobs.read(kept.sha256) == b"k" * 500_000
assert list(blobs.temporary_folder.iterdir()) == []
assert blobs.put(b"y" * 1_000_000).size == 1_000_000
assert blobs.verify() == []
"""


def test_a_really_full_disk_refuses_and_leaves_room_again(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(ON_A_SMALL_DISK, "utf-8")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size=2m tmpfs '{disk}'"
    alone = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else []), "sh", "-c"]
    if not shutil.which("unshare") or subprocess.run([*alone, mount], check=False).returncode:
        pytest.skip("this machine does not let tests mount a small disk")
    command = f"{mount} && '{sys.executable}' '{script}' '{disk}'"
    root = str(Path(workbench.__file__).parents[1])
    done = subprocess.run(
        [*alone, command],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("MB free under") == 2


def test_a_folder_left_by_a_killed_import_is_swept_too(blobs):
    blobs.temporary_folder.mkdir(parents=True)
    left = blobs.temporary_folder / "tmp-import"
    left.mkdir()
    (left / "0").write_bytes(b"film")
    os.utime(left, (0, 0))
    assert blobs.sweep_temporary(datetime(2026, 11, 22, tzinfo=UTC)) == 1
    assert not left.exists()
