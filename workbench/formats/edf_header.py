"""Headers of EDF and EDF+ files, read by their own rules: nothing a file leaves open is filled in.

Kemp B et al., Electroenceph Clin Neurophysiol 1992;82:391-393 (EDF), and Kemp B, Olivan J, Clin
Neurophysiol 2003;114:1755-1761 (EDF+).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from workbench.domain.errors import BadTrace, Unreadable
from workbench.formats.clock import day, wall_clock

VERSION: Final = b"0       "
FIXED: Final = 256  # bytes of the fixed part, and of each signal's part
MOST_SIGNALS: Final = 512
MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
ANNOTATIONS: Final = "EDF ANNOTATIONS"
NOBODY_KNOWS: Final = "X"
FIRST_DAY: Final = "01.01.85"  # what writers put when no date may be told
WIDTHS: Final = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|[-+]?\.\d+")


@dataclass(frozen=True, slots=True)
class EdfSignal:
    """One signal of a record; `physical` and `digital` are (minimum, maximum) as written."""

    label: str
    unit: str
    physical: tuple[float | None, float | None]
    digital: tuple[float | None, float | None]
    prefilter: str
    samples: int  # in each data record

    @property
    def annotations(self) -> bool:
        """Whether the signal holds text instead of samples."""
        return self.label.upper() in {ANNOTATIONS, "BDF ANNOTATIONS"}


@dataclass(frozen=True, slots=True)
class EdfHeader:
    """What the header says; the kind is "EDF", "EDF+C" or "EDF+D"."""

    kind: str
    patient: str
    recording: str
    started: datetime | None  # the machine's clock, without a zone
    bytes: int
    records: int | None  # None: not known when the header was written
    record_s: float
    signals: tuple[EdfSignal, ...]

    @property
    def record_bytes(self) -> int:
        """Size of one data record."""
        return 2 * sum(s.samples for s in self.signals)


def looks_like(head: bytes) -> bool:
    """Whether these bytes begin an EDF file."""
    return head[:8] == VERSION and head[184:192].strip().isdigit() and head[252:256].strip() != b""


def parse(data: bytes) -> EdfHeader:
    """Read the header.

    Raises
    ------
    Unreadable
        If the bytes are no EDF header, or break off inside it.
    BadTrace
        If the header describes no signal, or more than can be meant.
    """
    if len(data) < FIXED or not looks_like(data):
        raise Unreadable(f"not an EDF header (starts {data[:16]!r})", "damaged")
    count = _whole(data, 252, 4, "the number of signals")
    if not 1 <= count <= MOST_SIGNALS:
        raise BadTrace(f"{count} signals are announced; expected 1 to {MOST_SIGNALS}")
    length = FIXED * (count + 1)
    if len(data) < length:
        raise Unreadable(
            f"the EDF header breaks off after {len(data)} of {length} bytes; send the file again",
            "truncated",
        )
    record_s = _number(_text(data, 244, 8))
    records = _whole(data, 236, 8, "the number of data records")
    reserved = _text(data, 192, 44)
    recording = _text(data, 88, 80)
    return EdfHeader(
        kind=reserved[:5] if reserved[:4] == "EDF+" else "EDF",
        patient=_text(data, 8, 80),
        recording=recording,
        started=_started(_text(data, 168, 8), _text(data, 176, 8), recording),
        bytes=length,
        records=None if records < 0 else records,
        record_s=-1.0 if record_s is None else record_s,
        signals=_signals(data, count),
    )


def person(text: str) -> dict[str, str]:
    """Subfields of an EDF+ patient: code, sex, birth (ISO date), name; unknown ones are absent."""
    words = text.split()
    found: dict[str, str] = {}
    if len(words) < 4:
        return found
    code, sex, born, name = words[:4]
    if code != NOBODY_KNOWS:
        found["code"] = code.replace("_", " ")
    if sex in {"M", "F"}:
        found["sex"] = sex
    birth = month_day(born)
    if birth is not None:
        found["birth"] = birth.isoformat()
    if name != NOBODY_KNOWS:
        found["name"] = name.replace("_", " ")
    return found


def month_day(text: str) -> date | None:
    """A day as EDF+ writes it, 02-AUG-1951; None when it is not one."""
    found = re.fullmatch(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})", text)
    if not found or found[2].upper() not in MONTHS:
        return None
    return day(f"{found[3]}-{MONTHS.index(found[2].upper()) + 1:02d}-{int(found[1]):02d}")


def _signals(data: bytes, count: int) -> tuple[EdfSignal, ...]:
    columns: list[list[str]] = []
    at = FIXED
    for width in WIDTHS:
        columns.append([_text(data, at + width * n, width) for n in range(count)])
        at += width * count
    labels, _, units, low, high, first, last, filters, samples, _ = columns
    found = []
    for n in range(count):
        each = samples[n]
        if not each.isdigit() or int(each) < 1:
            raise BadTrace(f"{labels[n]}: {each!r} samples in a record; expected a whole number")
        found.append(
            EdfSignal(
                label=labels[n],
                unit=units[n],
                physical=(_number(low[n]), _number(high[n])),
                digital=(_number(first[n]), _number(last[n])),
                prefilter=filters[n],
                samples=int(each),
            )
        )
    return tuple(found)


def _started(date_text: str, time_text: str, recording: str) -> datetime | None:
    words = recording.split()
    on = month_day(words[1]) if len(words) > 1 and words[0] == "Startdate" else None
    if on is None:
        found = re.fullmatch(r"(\d{2})\.(\d{2})\.(\d{2})", date_text)
        if found is None or date_text == FIRST_DAY:
            return None
        year = int(found[3])
        on = day(f"{1900 + year if year >= 85 else 2000 + year}-{found[2]}-{found[1]}")
    return None if on is None else wall_clock(on.isoformat(), time_text.replace(".", ":"))


def _text(data: bytes, at: int, width: int) -> str:
    return data[at : at + width].decode("latin_1").strip(" \0")


def _whole(data: bytes, at: int, width: int, what: str) -> int:
    text = _text(data, at, width)
    if not re.fullmatch(r"-?\d+", text):
        raise Unreadable(f"{what} is {text!r}; expected a whole number", "damaged")
    return int(text)


def _number(text: str) -> float | None:
    return float(text) if NUMBER.fullmatch(text) else None
