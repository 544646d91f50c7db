"""WFDB header files (.hea): read by their own rules, with nothing filled in.

The usual library fills in gain 200 and rate 250 when a header is silent; for a clinic that must
stay visible, so the header is read here. See the header(5) page of the WFDB programmer's guide.
"""

import re
from dataclasses import dataclass
from typing import Final

from workbench.domain.errors import BadTrace, Unreadable

RECORD: Final = re.compile(
    r"(?P<name>[-\w]+)(?:/(?P<segments>\d+))?\s+(?P<leads>\d+)"
    r"(?:\s+(?P<rate>[-+\d.eE]+)(?:/(?P<counter>[-+\d.eE]+)(?:\([-+\d.eE]+\))?)?"
    r"(?:\s+(?P<samples>\d+)(?:\s+(?P<time>[\d:.]+)(?:\s+(?P<date>\d{1,2}/\d{1,2}/\d{4}))?)?)?)?\s*"
)
SIGNAL: Final = re.compile(
    r"(?P<file>[^\s]+)\s+(?P<form>\d+)(?:x(?P<per_frame>\d+))?(?::(?P<skew>\d+))?"
    r"(?:\+(?P<offset>\d+))?"
    r"(?:\s+(?P<gain>[-+\d.eE]+)(?:\((?P<baseline>[-+]?\d+)\))?(?:/(?P<unit>\S+))?"
    r"(?:\s+(?P<bits>\d+)(?:\s+(?P<zero>[-+]?\d+)(?:\s+(?P<first>[-+]?\d+)"
    r"(?:\s+(?P<check>[-+]?\d+)(?:\s+(?P<block>\d+)(?:\s+(?P<label>.*\S))?)?)?)?)?)?)?\s*"
)
MOST_SIGNALS: Final = 64


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal line. `gain` None: the header does not say how many units a step is."""

    file: str
    form: int
    per_frame: int
    offset: int
    gain: float | None
    baseline: int
    unit: str
    check: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Header:
    """A record line, its signals, and the comments under them."""

    name: str
    rate: float | None
    samples: int | None
    time: str
    date: str
    signals: tuple[Signal, ...]
    comments: tuple[str, ...]


def parse_header(text: str) -> Header:
    """Read a header.

    Raises
    ------
    Unreadable
        If the text is not a WFDB header.
    BadTrace
        If it is one of several segments, or holds no signal.
    """
    lines = [line.strip() for line in text.splitlines()]
    comments = tuple(line[1:].strip() for line in lines if line.startswith("#"))
    body = [line for line in lines if line and not line.startswith("#")]
    record = RECORD.fullmatch(body[0]) if body else None
    if record is None:
        raise Unreadable(f"not a WFDB header (starts {text[:40]!r})", "damaged")
    if record["segments"]:
        raise BadTrace("a record of several segments; export one resting ECG as a single record")
    count = int(record["leads"])
    if not 1 <= count <= MOST_SIGNALS or len(body) < 1 + count:
        raise BadTrace(f"{count} signals are announced, {len(body) - 1} are described")
    return Header(
        name=record["name"],
        rate=_number(record["rate"]),
        samples=int(record["samples"]) if record["samples"] else None,
        time=record["time"] or "",
        date=record["date"] or "",
        signals=tuple(_signal(line) for line in body[1 : 1 + count]),
        comments=comments,
    )


def _signal(line: str) -> Signal:
    found = SIGNAL.fullmatch(line)
    if found is None:
        raise Unreadable(f"not a WFDB signal line: {line[:60]!r}", "damaged")
    gain = _number(found["gain"])
    zero = int(found["zero"] or 0)
    return Signal(
        file=found["file"],
        form=int(found["form"]),
        per_frame=int(found["per_frame"] or 1),
        offset=int(found["offset"] or 0),
        gain=gain or None,  # 0 means "not calibrated" (header(5))
        baseline=int(found["baseline"]) if found["baseline"] else zero,
        unit=found["unit"] or "mV",
        check=int(found["check"]) if found["check"] else None,
        label=found["label"] or "",
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
