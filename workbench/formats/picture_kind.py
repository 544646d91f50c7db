"""Plain pictures by their first bytes, and the mark by which a person calls one an ECG."""

from pathlib import PurePosixPath
from typing import Final

JPEG: Final = b"\xff\xd8\xff"
PNG: Final = b"\x89PNG\r\n\x1a\n"
PDF: Final = b"%PDF-"
PDF_WITHIN: Final = 1024  # bytes in which a PDF's signature may stand (ISO 32000-1, annex H)
MARK: Final = ".ecg"


def kind_of(data: bytes) -> str:
    """Give the kind: JPEG, PNG, PDF, or nothing."""
    if data[:3] == JPEG:
        return "JPEG"
    if data[:8] == PNG:
        return "PNG"
    return "PDF" if PDF in data[:PDF_WITHIN] else ""


def is_marked(name: str) -> bool:
    """Whether a person called this file an ECG: `print.ecg.pdf`."""
    return PurePosixPath(PurePosixPath(name.replace("\\", "/").lower()).stem).suffix == MARK


def marked(name: str, head: bytes) -> str:
    """The name of a file that a person calls an ECG; all but plain pictures keep theirs."""
    if not kind_of(head) or is_marked(name):
        return name
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}{MARK}{path.suffix}"))
