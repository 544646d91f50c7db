"""Finds the reader for what arrived. Readers are entry points of group ``workbench.readers``.

A reader that cannot work here is still listed, with the reason, for ``workbench doctor``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Final, Protocol

from workbench.domain.errors import Unreadable, WorkbenchError
from workbench.domain.received import Parts, Received

GROUP: Final = "workbench.readers"


class Reader(Protocol):
    """Reads one file format. `zone` is the sending site's, used when the file names none."""

    name: str

    def claims(self, parts: Parts) -> bool:
        """Whether these files look like this format; cheap, and never raises."""

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header only: no pixels, no samples. Used before success is reported to the sender."""

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Everything; used by the worker."""


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """One installed reader, and why it cannot work here, if so."""

    name: str
    target: str
    reader: Reader | None
    reason: str = ""

    @property
    def untried(self) -> bool:
        """Whether the reader itself says that no real file of its format was ever read with it."""
        return bool(getattr(self.reader, "untried", False))


def as_parts(files: Mapping[str, bytes]) -> Parts:
    """Freeze the files of one recording."""
    return MappingProxyType(dict(files))


def list_readers() -> tuple[ReaderStatus, ...]:
    """All installed readers by name, the broken ones with their reason."""
    found = []
    for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            status = ReaderStatus(entry.name, entry.value, entry.load()())
        except Exception as error:  # noqa: BLE001  a foreign plug-in may fail in any way
            reason = f"cannot work here: {type(error).__name__}: {error}"
            status = ReaderStatus(entry.name, entry.value, None, reason)
        found.append(status)
    return tuple(found)


@cache  # looking through all installed packages takes 15 ms, and every film asks
def installed() -> tuple[Reader, ...]:
    """The readers that work here, as this process found them first."""
    return tuple(status.reader for status in list_readers() if status.reader is not None)


def choose(parts: Parts, readers: Iterable[Reader]) -> Reader:
    """The first reader that claims these files.

    Raises
    ------
    Unreadable
        Naming every reader that was tried.
    """
    tried = tuple(readers)
    for reader in tried:
        if reader.claims(parts):
            return reader
    names = ", ".join(r.name for r in tried) or "none installed"
    if not parts or not any(parts.values()):
        raise Unreadable(
            f"{', '.join(parts) or 'the upload'} is empty; send the file again", "empty"
        )
    starts = "; ".join(f"{name} starts {bytes(data[:8])!r}" for name, data in parts.items())
    raise Unreadable(f"not a known film or ECG file ({starts}); readers tried: {names}", "unknown")


def read_header(
    parts: Parts, zone: tzinfo | None = None, readers: Iterable[Reader] | None = None
) -> Received:
    """Header of what arrived; for DICOM films a head that reaches the pixels is enough."""
    reader = choose(parts, installed() if readers is None else readers)
    try:
        return reader.read_header(parts, zone)
    except WorkbenchError:
        raise
    except Exception as error:
        raise _failed(reader, error) from error


def read(
    parts: Parts, zone: tzinfo | None = None, readers: Iterable[Reader] | None = None
) -> Received:
    """All of what arrived.

    Raises
    ------
    Unreadable, BadImage, BadTrace
        Nothing else comes out of here, whatever the bytes are.
    """
    reader = choose(parts, installed() if readers is None else readers)
    try:
        return reader.read(parts, zone)
    except WorkbenchError:
        raise
    except Exception as error:
        raise _failed(reader, error) from error


def _failed(reader: Reader, error: Exception) -> Unreadable:
    what = f"{type(error).__name__}: {error}"
    return Unreadable(
        f"reader {reader.name} failed on these bytes ({what}); keep the file and report it",
        "damaged",
    )
