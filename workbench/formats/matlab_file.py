"""The MATLAB files in which WFDB records hide their samples: a fixed head, then format 16.

MathWorks, MAT-File Format: level 4 has 20 bytes (type, rows, columns, imaginary, length of name)
and the name; level 5 begins with a text of 116 bytes and a version.
"""

import struct
from typing import Final

from workbench.domain.errors import BadTrace

MATLAB_HEAD: Final = 128
FIXED: Final = 20
LONGEST_NAME: Final = 64
WORDS: Final = {20: 2, 30: 2, 40: 2, 50: 1, 10: 4, 0: 8}  # bytes of a number, by its type's digits


def is_matlab(head: bytes) -> bool:
    """Whether these bytes begin a MATLAB file of level 4 or 5."""
    return head.startswith(b"MATLAB 5.0") or _level4(head) is not None


def check_matlab(data: bytes, file: str, signals: int, offset: int) -> None:
    """Compare what the head says with what the WFDB header says.

    Raises
    ------
    BadTrace
        If rows or the place of the first sample differ: leads would be mixed up silently.
    """
    found = _level4(data)
    if found is None:
        raise BadTrace(f"{file} is no MATLAB file of level 4, as WFDB has; export it again")
    rows, begin = found
    if rows != signals or begin != offset:
        raise BadTrace(
            f"{file} holds {rows} rows from byte {begin}, the header says {signals} from {offset}; "
            "send header and signals of one record"
        )


def _level4(head: bytes) -> tuple[int, int] | None:
    """Rows, and the place of the first number."""
    if len(head) < FIXED:
        return None
    kind, rows, columns, imaginary, name = struct.unpack_from("<5I", head)
    fits = kind in WORDS and imaginary == 0 and 1 <= name <= LONGEST_NAME
    if not fits or not 1 <= rows <= 4096 or columns < 1:
        return None
    return rows, FIXED + name
