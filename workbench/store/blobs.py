"""Files by the SHA-256 of their bytes: `sha256/ab/abcdef…`, written once, never changed or deleted.

A blob is on the disk, folder entry included, before its name is given out.
"""

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from workbench.domain.errors import Invalid, NotFound, StorageFull

_CHUNK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Blob:
    """The name and size of a stored file."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class BlobFault:
    """A stored file that is not what its name says."""

    sha256: str
    problem: str


class Writer:
    """A file on its way in: nothing of it is seen before `commit`."""

    def __init__(self, blobs: "Blobs", handle: int, path: Path) -> None:
        self.path = path
        self._blobs = blobs
        self._file = os.fdopen(handle, "wb", buffering=0)
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Add bytes."""
        self._digest.update(data)
        rest = memoryview(data).cast("B")
        while rest:
            rest = rest[self._file.write(rest) :]
        self._size += len(data)
        return len(data)

    def commit(self) -> Blob:
        """Make the bytes durable under their name."""
        os.fsync(self._file.fileno())
        self._file.close()
        return self._blobs.file_under(self.path, Blob(self._digest.hexdigest(), self._size))

    def discard(self) -> None:
        """Forget the bytes, if they were not committed."""
        self._file.close()
        self.path.unlink(missing_ok=True)


class Blobs:
    """The content-addressed folder of a home."""

    def __init__(self, root: Path, free_floor_mb: int) -> None:
        self.root = root
        self.temporary_folder = root / "temporary"
        self._floor = free_floor_mb

    def put(self, data: bytes | Iterable[bytes]) -> Blob:
        """Store these bytes; the same bytes again change nothing."""
        with self.temporary() as writer:
            for chunk in (data,) if isinstance(data, bytes) else data:
                writer.write(chunk)
            return writer.commit()

    @contextmanager
    def temporary(self) -> Iterator[Writer]:
        """A writer; whatever is not committed is gone at the end."""
        with self._room():
            handle, name = tempfile.mkstemp(dir=self.temporary_folder)
            writer = Writer(self, handle, Path(name))
            try:
                yield writer
            finally:
                writer.discard()

    def adopt(self, path: Path, hashed: Blob | None = None) -> Blob:
        """Take over a file already on this disk; afterwards it is only a blob.

        `hashed` is what its writer hashed on the way; it counts if the file has that many bytes.
        """
        if hashed is not None and path.stat().st_size == hashed.size:
            with self._room(), path.open("rb") as file:
                os.fsync(file.fileno())
                return self.file_under(path, hashed)
        with self._room(), path.open("rb") as file, ThreadPoolExecutor(1) as beside:
            synced = beside.submit(os.fsync, file.fileno())  # the disk works while we hash
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            synced.result()
            return self.file_under(path, Blob(digest, file.tell()))

    def file_under(self, path: Path, blob: Blob) -> Blob:
        """Give a synced file on this disk its name."""
        final = self.path(blob.sha256)
        if not final.parent.is_dir():
            final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(final.parent.parent)
        if final.is_file() and final.stat().st_size == blob.size:
            path.unlink()
        else:  # new; or damaged by the disk, and these are the right bytes
            path.chmod(0o440)
            path.replace(final)
        sync_folder(final.parent)  # also for one whose first writer has not come that far
        return blob

    def path(self, sha256: str) -> Path:
        """Where a blob is or would be; refuses anything but a digest."""
        if not _SHA256.fullmatch(sha256):
            raise Invalid("sha256", sha256[:80], "64 lower-case hexadecimal digits")
        return self.root / "sha256" / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The blob as an open file."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound("blob", sha256) from None

    def read(self, sha256: str) -> bytes:
        """The bytes of a blob."""
        with self.open(sha256) as file:
            return file.read()

    def verify(self) -> list[BlobFault]:
        """Read everything again and name what does not match."""
        faults = []
        for path in stored(self.root):
            with path.open("rb") as file:
                seen = hashlib.file_digest(file, "sha256").hexdigest()
            if seen != path.name:
                faults.append(BlobFault(path.name, f"its bytes hash to {seen}"))
        return faults

    def sweep_temporary(self, older_than: datetime) -> int:
        """Remove what a killed writer left behind before this time; says how many."""
        swept = 0
        if self.temporary_folder.is_dir():
            for path in self.temporary_folder.iterdir():
                try:
                    if path.stat().st_mtime < older_than.timestamp():
                        # a killed import or watched folder leaves a folder of copies
                        shutil.rmtree(path) if path.is_dir() else path.unlink()
                        swept += 1
                except FileNotFoundError:
                    continue  # committed meanwhile
        return swept

    @contextmanager
    def _room(self) -> Iterator[None]:
        """Refuse below the floor before a byte is written, and when the disk fills up meanwhile."""
        self.temporary_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if free_mb(self.root) < self._floor:
            raise self._full()
        try:
            yield
        except OSError as error:
            if error.errno in _FULL:
                raise self._full() from error
            raise

    def _full(self) -> StorageFull:
        return StorageFull(str(self.root), free_mb(self.root), self._floor)


def free_mb(folder: Path) -> int:
    """Free space where this folder is or will be, in MB of 10⁶ bytes."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    return shutil.disk_usage(there).free // 1_000_000


def make_folders(root: Path) -> None:
    """Make every folder of `sha256/` at once: made one by one, each costs a film a wait."""
    top = root / "sha256"
    for number in range(256):
        (top / f"{number:02x}").mkdir(mode=0o700, parents=True, exist_ok=True)
    sync_folder(top)
    sync_folder(root)


def stored(root: Path) -> Iterator[Path]:
    """Every file under `sha256/`, in order of name."""
    for folder in sorted((root / "sha256").glob("[0-9a-f][0-9a-f]")):
        yield from sorted(path for path in folder.iterdir() if path.is_file())


def chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def sync_folder(folder: Path) -> None:
    """Write what the system still holds of a folder (or file) to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
