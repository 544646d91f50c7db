"""Writes a trace as EDF+ (continuous), one step for each microvolt; equal input, equal bytes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np

from workbench.domain.errors import Invalid
from workbench.domain.trace import Trace

FURTHEST: Final = 32767  # steps of 1 microvolt
LONGEST_RECORD: Final = 61_440  # bytes that EDF recommends as the most for one data record
MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
TEXT_BYTES: Final = 60  # of the annotations of one record: they only hold its time
RATE_ERROR: Final = 1e-7  # by which a rate may be off after its record's length was written down


@dataclass(frozen=True, slots=True, kw_only=True)
class EdfWho:
    """Who and when; only printable ASCII passes, as EDF+ asks."""

    patient_id: str = ""
    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    device: str = ""
    recorded_at: datetime | None = None  # the machine's clock, without a zone


def to_edf(trace: Trace, who: EdfWho | None = None) -> bytes:
    """The file.

    Raises
    ------
    Invalid
        For what EDF+ cannot hold: gaps, amplitudes beyond 32 mV, rates without a finite record.
    """
    who = who or EdfWho()
    if np.isnan(trace.millivolts).any():
        raise Invalid("samples", "gaps", "a recording without gaps; wfdb, dicom and csv hold them")
    scaled = np.round(trace.millivolts.astype(np.float64) * 1000.0)
    largest = float(np.abs(scaled).max())
    if largest > FURTHEST:
        raise Invalid("largest sample", f"{largest / 1000:.1f} mV", "32.7 mV at most")
    leads, count = scaled.shape
    each, seconds = _record(trace.rate, count, leads)
    records = count // each
    body = np.zeros((records, leads * each + TEXT_BYTES // 2), "<i2")
    for at in range(leads):
        body[:, at * each : (at + 1) * each] = scaled[at].reshape(records, each)
    for number in range(records):
        onset = f"+{number * float(seconds):.9g}\x14\x14\0".encode()
        body[number, leads * each :] = np.frombuffer(onset.ljust(TEXT_BYTES, b"\0"), "<i2")
    return _header(trace, who, (records, seconds, each)) + body.tobytes()


def _record(rate: float, count: int, leads: int) -> tuple[int, str]:
    """Samples in a data record, and its length in seconds as text that gives the rate exactly."""
    most = max(1, (LONGEST_RECORD - TEXT_BYTES) // (2 * leads))
    wishes = [round(rate), *range(min(most, count), 0, -1)]
    for each in (n for n in wishes if 0 < n <= most and count % n == 0):
        text = f"{each / rate:.7g}"
        if len(text) <= 8 and "e" not in text and abs(each / float(text) / rate - 1) < RATE_ERROR:
            return each, text
    raise Invalid("sampling rate", f"{rate:g} Hz", "a rate whose records last a finite decimal")


def _header(trace: Trace, who: EdfWho, shape: tuple[int, str, int]) -> bytes:
    records, seconds, each = shape
    leads = len(trace.leads)
    at = who.recorded_at
    born = "X" if who.birth_date is None else _day(who.birth_date)
    patient = f"{_word(who.patient_id)} {who.sex if who.sex in ('M', 'F') else 'X'} {born} "
    fixed = (
        ("0", 8),
        (patient + _word(who.name), 80),
        (f"Startdate {'X' if at is None else _day(at.date())} X X {_word(who.device)}", 80),
        ("01.01.85" if at is None else f"{at:%d.%m.%y}", 8),
        ("00.00.00" if at is None else f"{at:%H.%M.%S}", 8),
        (str(256 * (leads + 2)), 8),
        ("EDF+C", 44),
        (str(records), 8),
        (seconds, 8),
        (str(leads + 1), 4),
    )
    unit = "uV" if trace.calibrated else ""
    columns = (
        ([f"ECG {name}" for name in trace.leads], "EDF Annotations", 16),
        ([""] * leads, "", 80),
        ([unit] * leads, "", 8),
        (["-32768"] * leads, "-1", 8),
        (["32767"] * leads, "1", 8),
        (["-32768"] * leads, "-32768", 8),
        (["32767"] * leads, "32767", 8),
        ([""] * leads, "", 80),
        ([str(each)] * leads, str(TEXT_BYTES // 2), 8),
        ([""] * leads, "", 32),
    )
    parts = [_field(text, width) for text, width in fixed]
    parts += [_field(text, width) for row, last, width in columns for text in (*row, last)]
    return b"".join(parts)


def _field(text: str, width: int) -> bytes:
    if not text.isascii() or not (text.isprintable() or not text):
        raise Invalid("text", text, "printable ASCII")
    if len(text) > width:
        raise Invalid("text", text, f"{width} characters at most")
    return text.encode().ljust(width)


def _day(on: date) -> str:
    return f"{on.day:02d}-{MONTHS[on.month - 1]}-{on.year:04d}"


def _word(text: str) -> str:
    """A subfield: no spaces inside, X when it is not known."""
    return "_".join(text.split()) or "X"
