"""Samples of an SCP-ECG record: leads, reference beat, residuals, and the rhythm made of them.

Sections 3 to 6 of EN 1064. What is stored may be amplitudes, first or second differences, Huffman
coded or not, with the reference beat taken away around each complex, and between the protected
stretches averaged over a few samples. The rhythm is put together again or refused, never guessed.
"""

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace
from workbench.formats.leads import SCP
from workbench.formats.scp_huffman import Table, decode, tables
from workbench.formats.scp_record import Record
from workbench.formats.scp_thinned import spread, stretches

LEAD: Final = struct.Struct("<IIB")  # first and last sample, counted from 1; code of the lead
BEATS: Final = struct.Struct("<HHH")  # length of the reference beat in ms, its fiducial, complexes
COMPLEX: Final = struct.Struct("<HIII")  # type, first, fiducial and last sample of the subtraction
AREA: Final = struct.Struct("<II")  # first and last sample of a protected area
HEAD: Final = struct.Struct("<HHBB")  # nV per step, us per sample, differences, averaged or not
MOST_LEADS: Final = 64
MOST_SAMPLES: Final = 2_000_000  # all leads; 12 leads at 1000 Hz for nearly three minutes
MOST_COMPLEXES: Final = 10_000
REFERENCE: Final = 0x01  # bit of section 3: the reference beat was taken away
TURNED: Final = 65  # code of lead -aVR
NANOVOLTS: Final = 1e-6  # mV
COUNTS: Final = 1000  # nV, for the picture only: a record without a step is not calibrated
WITHOUT_AVERAGES: Final = 30  # protocol 3.0 gave the byte up


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead of section 3: name, sign, and the samples it covers, counted from 1."""

    name: str
    sign: int
    first: int
    last: int

    @property
    def count(self) -> int:
        """Number of samples."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """Section 5 or 6: how steps become nanovolts, and the values of each lead as stored."""

    nanovolts: int
    interval_us: int
    values: tuple[NDArray[np.int64], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """Leads in mV by name, over the time from the first to the last sample of any of them."""

    rows: dict[str, NDArray[np.float32]]
    rate: float
    nanovolts: int
    complexes: int
    averaged: int  # samples between protected stretches are means of so many; 1 when none are


def rhythm_of(record: Record) -> Rhythm:
    """The recording, with the reference beat put back.

    Raises
    ------
    BadTrace
        If a section is missing, damaged or contradicts another.
    """
    leads, flags = _leads(record.need(3))
    section = record.optional(2)
    known = None if section is None else tables(section)
    timing = _beats(record.optional(4))
    body = record.need(6)
    nanovolts, interval, _, averaging = _head(body, 6)
    averaged = bool(averaging) and record.protocol < WITHOUT_AVERAGES
    takes_beat = bool(flags & REFERENCE) and bool(timing.complexes)
    beat = None
    if takes_beat or (averaged and 5 in record.sections):
        counts = _beat_counts(record.need(5), timing.length_ms, len(leads))
        beat = _stored(record.need(5), 5, counts, known)
    full_us = beat.interval_us if averaged and beat is not None else interval
    thin = _thinning(interval, full_us)
    if takes_beat and beat is not None and beat.interval_us != full_us:
        raise BadTrace(
            f"the reference beat has a sample every {beat.interval_us} us, the rhythm every "
            f"{interval}; only equal steps can be added"
        )
    plan = [stretches(lead.first, lead.last, timing.areas, thin) for lead in leads]
    stored = _stored(body, 6, [sum(s.stored for s in lead) for lead in plan], known)
    if takes_beat and not (nanovolts and beat and beat.nanovolts):
        raise BadTrace("the step of the rhythm or of the reference beat is 0 nV: no sum of both")
    signals = []
    for at, lead in enumerate(leads):
        signal = spread(stored.values[at], plan[at], thin) * (nanovolts or COUNTS)
        if takes_beat and beat is not None:
            _put_back(signal, lead, timing, beat.values[at] * beat.nanovolts)
        signals.append(signal)
    return Rhythm(_together(leads, signals), 1e6 / full_us, nanovolts, len(timing.complexes), thin)


def seconds_of(record: Record) -> float | None:
    """Length by the header of section 3 and the step of section 6; no sample is decoded."""
    try:
        leads, _ = _leads(record.need(3))
        _, interval, _, averaging = _head(record.need(6), 6)
        if averaging and record.protocol < WITHOUT_AVERAGES and 5 in record.sections:
            interval = _head(record.need(5), 5)[1]  # leads are counted in samples before thinning
    except BadTrace:
        return None
    whole = max(lead.last for lead in leads) - min(lead.first for lead in leads) + 1
    return whole * interval / 1e6


def _leads(body: bytes) -> tuple[list[Lead], int]:
    count, flags = (body[0], body[1]) if len(body) > 1 else (0, 0)
    if not 1 <= count <= MOST_LEADS or 2 + count * LEAD.size > len(body):
        raise BadTrace(f"section 3 describes no {count} leads; 1 to {MOST_LEADS} are expected")
    leads: list[Lead] = []
    for at, (first, last, code) in enumerate(LEAD.iter_unpack(body[2 : 2 + count * LEAD.size])):
        name = SCP.get(str(code), "aVR" if code == TURNED else f"lead {code}")
        name = name if all(name != one.name for one in leads) else f"{name} ({at + 1})"
        leads.append(Lead(name, -1 if code == TURNED else 1, first, last))
    spans = [lead.count for lead in leads]
    whole = max(lead.last for lead in leads) - min(lead.first for lead in leads) + 1
    if min(spans) < 1 or min(lead.first for lead in leads) < 1 or whole * count > MOST_SAMPLES:
        raise BadTrace(
            f"section 3 gives leads of {min(spans)} to {max(spans)} samples within {whole}; "
            "expected some seconds"
        )
    return leads, flags


@dataclass(frozen=True, slots=True)
class _Timing:
    length_ms: int = 0
    fiducial: int = 0
    complexes: tuple[tuple[int, int, int, int], ...] = ()
    areas: tuple[tuple[int, int], ...] = ()


def _beats(body: bytes | None) -> _Timing:
    if body is None:
        return _Timing()
    if len(body) < BEATS.size:
        raise BadTrace(f"section 4 has {len(body)} bytes; at least {BEATS.size} are expected")
    length, fiducial, count = BEATS.unpack_from(body)
    at = BEATS.size
    middle, end = at + count * COMPLEX.size, at + count * (COMPLEX.size + AREA.size)
    if count > MOST_COMPLEXES or (count and middle > len(body)):
        # a record without subtraction may state the number of complexes and nothing else
        return _Timing(length, fiducial)
    complexes = tuple(COMPLEX.iter_unpack(body[at:middle]))
    areas = tuple(AREA.iter_unpack(body[middle:end])) if end <= len(body) else ()
    return _Timing(length, fiducial, complexes, areas)


def _head(body: bytes, number: int) -> tuple[int, int, int, int]:
    if len(body) < HEAD.size:
        raise BadTrace(f"section {number} has {len(body)} bytes; at least {HEAD.size} are expected")
    nanovolts, interval, differences, averaging = HEAD.unpack_from(body)
    if interval == 0 or differences > 2:
        raise BadTrace(
            f"section {number} has a sample every {interval} us with differences of order "
            f"{differences}; expected a positive interval and order 0, 1 or 2"
        )
    return nanovolts, interval, differences, averaging


def _thinning(interval: int, full_us: int) -> int:
    times, rest = divmod(interval, full_us)
    if rest or not 1 <= times <= 8:
        raise BadTrace(
            f"the thinned rhythm has a sample every {interval} us, the reference beat every "
            f"{full_us}; expected 1 to 8 times as much"
        )
    return times


def _beat_counts(body: bytes, length_ms: int, leads: int) -> list[int]:
    _, interval, _, _ = _head(body, 5)
    count = length_ms * 1000 // interval
    if not 1 <= count * leads <= MOST_SAMPLES:
        raise BadTrace(f"the reference beat is {length_ms} ms long; expected about a second")
    return [count] * leads


def _stored(body: bytes, number: int, counts: list[int], known: tuple[Table, ...] | None) -> Stored:
    nanovolts, interval, differences, _ = _head(body, number)
    at = HEAD.size + 2 * len(counts)
    if at > len(body):
        raise BadTrace(f"truncated: section {number} ends before its {len(counts)} leads")
    lengths = struct.unpack_from(f"<{len(counts)}H", body, HEAD.size)
    values = []
    for length, count in zip(lengths, counts, strict=True):
        data = body[at : at + length]
        if len(data) < length:
            raise BadTrace(f"truncated: section {number} ends inside a lead; send the file again")
        at += length
        values.append(_sums(_plain(data, count, known), differences))
    return Stored(nanovolts, interval, tuple(values))


def _plain(data: bytes, count: int, known: tuple[Table, ...] | None) -> NDArray[np.int64]:
    if known is not None:
        return decode(data, count, known)
    if 2 * count > len(data):
        raise BadTrace(f"truncated: {len(data)} bytes cannot hold {count} samples")
    return np.frombuffer(data, "<i2", count).astype(np.int64)


def _sums(values: NDArray[np.int64], order: int) -> NDArray[np.int64]:
    """Undo differences. Carts compute in 16 bits, so that a sum may have gone round once."""
    if order == 0 or len(values) == 0:
        return values
    if order == 1:
        out = np.cumsum(values)
    else:
        slopes = values.copy()
        slopes[1:2] -= values[0]  # the first two are amplitudes
        slopes[0] = 0
        out = values[0] + np.cumsum(np.cumsum(slopes))
    return (out + 32768) % 65536 - 32768


def _put_back(
    signal: NDArray[np.float64], lead: Lead, timing: _Timing, beat: NDArray[np.int64]
) -> None:
    """Add the reference beat where it was taken away, its fiducial on that of the complex."""
    for kind, first, fiducial, last in timing.complexes:
        if kind != 0:
            continue  # another form of complex: nothing was taken away
        origin = fiducial - timing.fiducial + 1  # sample on which the beat's first one falls
        begin = max(first, lead.first, origin)
        end = min(last, lead.last, origin + len(beat) - 1)
        if begin <= end:
            signal[begin - lead.first : end - lead.first + 1] += beat[
                begin - origin : end - origin + 1
            ]


def _together(
    leads: list[Lead], signals: list[NDArray[np.float64]]
) -> dict[str, NDArray[np.float32]]:
    """Leads on one time axis; where a lead was not recorded there is a gap."""
    first = min(lead.first for lead in leads)
    whole = max(lead.last for lead in leads) - first + 1
    rows = {}
    for lead, signal in zip(leads, signals, strict=True):
        row = np.full(whole, np.nan, np.float32)
        row[lead.first - first : lead.last - first + 1] = signal * NANOVOLTS * lead.sign
        rows[lead.name] = row
    return rows
