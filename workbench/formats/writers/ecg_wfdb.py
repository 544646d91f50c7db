"""Writes a trace as a WFDB record, format 16: a header and one signal file, as bytes.

The signal file may also be a MATLAB file of level 4, as wfdb2mat and the challenges of PhysioNet
write it: the same samples behind a head of 24 bytes.
"""

import re
import struct
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np

from workbench.domain.errors import Invalid
from workbench.domain.trace import Trace

STEPS_PER_MILLIVOLT: Final = 1000
INVALID: Final = -32768  # what format 16 writes for a sample that was not recorded
FURTHEST: Final = 32767
MATLAB: Final = struct.Struct("<5I")  # type, rows, columns, imaginary, length of the name
INT16: Final = 30  # level 4: little endian, full matrix of 16-bit integers
VARIABLE: Final = b"val\0"
NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def to_wfdb(
    trace: Trace,
    name: str,
    comments: Sequence[str] = (),
    *,
    matlab: bool = False,
    recorded_at: datetime | None = None,
) -> dict[str, bytes]:
    """Return the files by name: ``<name>.hea`` and ``<name>.dat`` (``.mat`` for `matlab`).

    `recorded_at` is the machine's own clock: base time and date have no zone.
    """
    if not NAME.fullmatch(name):
        raise Invalid("record name", name, "1 to 64 letters, digits, - or _")
    # wfdb drops every other character when it reads a header: better refused than lost
    faulty = [text for text in comments if not (text.isascii() and text.isprintable())]
    if faulty:
        raise Invalid("comment", repr(faulty[0]), "one line of ASCII each")
    odd = [lead for lead in trace.leads if not lead.strip() or "\n" in lead]
    if odd:
        raise Invalid("lead name", repr(odd[0]), "a name on one line")
    # gain 0 says that nobody knows what a step is (header(5)); the reader then takes the counts
    gain = f"{STEPS_PER_MILLIVOLT}(0)/mV" if trace.calibrated else "0"
    scaled = np.round(trace.millivolts.astype(np.float64) * STEPS_PER_MILLIVOLT)
    largest = float(np.nanmax(np.abs(scaled), initial=0.0))
    if largest > FURTHEST:
        raise Invalid("largest sample", f"{largest / 1000:.1f} mV", "32.7 mV at most")
    steps = np.where(np.isfinite(scaled), scaled, INVALID).astype("<i2")
    head = MATLAB.pack(INT16, *steps.shape, 0, len(VARIABLE)) + VARIABLE if matlab else b""
    file, form = (f"{name}.mat", f"16+{len(head)}") if matlab else (f"{name}.dat", "16")
    lines = [f"{name} {len(trace.leads)} {trace.rate:g} {steps.shape[1]}{_base(recorded_at)}"]
    for lead, row in zip(trace.leads, steps, strict=True):
        lines.append(f"{file} {form} {gain} 16 0 {row[0]} {_checksum(row)} 0 {lead}")
    lines += [f"# {text}" for text in comments]
    return {
        f"{name}.hea": ("\n".join(lines) + "\n").encode(),
        file: head + np.ascontiguousarray(steps.T).tobytes(),
    }


def _base(at: datetime | None) -> str:
    return "" if at is None else f" {at.time().isoformat()} {at.day:02}/{at.month:02}/{at.year:04}"


def _checksum(row: np.ndarray[tuple[int], np.dtype[np.int16]]) -> int:
    """16-bit signed sum of the samples, as the format asks."""
    total = int(row.astype(np.int64).sum()) & 0xFFFF
    return total - 0x10000 if total >= 0x8000 else total
