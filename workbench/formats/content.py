"""What a DICOM file says, apart from the wrapping each sender puts around it.

The same object sent over the network and copied as a file differs only in its file meta group
(who wrote it): that is no conflict.
"""

import hashlib

_PREAMBLE, _MAGIC = 128, b"DICM"
_GROUP_LENGTH = b"\x02\x00\x00\x00UL\x04\x00"  # (0002,0000) UL, 4 bytes: PS3.10 section 7.1


def content_digest(data: bytes) -> str:
    """sha256 of a file without its DICOM wrapping; of the whole file when it has none."""
    return hashlib.sha256(memoryview(data)[_content_at(data) :]).hexdigest()


def _content_at(data: bytes) -> int:
    at = _PREAMBLE + len(_MAGIC)
    if data[_PREAMBLE:at] != _MAGIC or data[at : at + len(_GROUP_LENGTH)] != _GROUP_LENGTH:
        return 0
    at += len(_GROUP_LENGTH)
    return at + 4 + int.from_bytes(data[at : at + 4], "little")
