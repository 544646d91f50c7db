"""ECGs from EDF and EDF+: gaps of a discontinuous file stay gaps, other signals stay apart."""

import re
from collections.abc import Sequence
from datetime import date, timedelta, tzinfo
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import Trace
from workbench.formats.charset import decode
from workbench.formats.edf_header import EdfHeader, EdfSignal, looks_like, parse, person
from workbench.formats.leads import lead_from_text
from workbench.formats.received_ecg import clock_of, received_ecg, trace_of_leads, with_trace
from workbench.formats.units import COUNTS_PER_MV, millivolts_of

PREFIX: Final = re.compile(r"(?:ECG|EKG)\b[\s:_-]*|(?:ECG|EKG)(?=\d)", re.IGNORECASE)
# Leads of Holter recorders and of Frank: an ECG, though none of the twelve.
OTHER_LEADS: Final = frozenset(
    ("MLI", "MLII", "MLIII", "MCL1", "MCL6", "CM1", "CM2", "CM5", "CC5", "NASA", "VX", "VY", "VZ")
)
MOST_SAMPLES: Final = 130_000_000  # all leads; three leads at 500 Hz for a day
REPAIRED: Final = "character set repaired: the name is not written in ASCII"
ONSET: Final = re.compile(rb"([+-]\d+(?:\.\d*)?)(?:\x15\d+(?:\.\d*)?)?\x14")


class Edf:
    """Claims EDF and EDF+; a file without an ECG in it is refused, and what it holds is named."""

    name = "edf"

    def claims(self, parts: Parts) -> bool:
        """One file that begins as EDF does."""
        return len(parts) == 1 and looks_like(next(iter(parts.values()))[:256])

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Patient, clock and signals; no sample is read."""
        header = parse(next(iter(parts.values()), b""))
        _ecg_of(header)
        return _received(header, zone)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the header is not one.
        BadTrace
            If the file holds no ECG, or its samples cannot be trusted as one.
        """
        data = next(iter(parts.values()), b"")
        header = parse(data)
        chosen = _ecg_of(header)
        received = _received(header, zone)
        return with_trace(received, *_trace(header, chosen, data))


def lead_name(label: str) -> str:
    """Name of the lead of an EDF label ("ECG II", "EKG V1", "aVF"); empty when it is no ECG."""
    bare = PREFIX.sub("", label.strip(), count=1)
    known = lead_from_text(bare)
    if known:
        return known
    if bare != label.strip():
        return bare or label.strip()
    return bare if bare.upper() in OTHER_LEADS else ""


def _ecg_of(header: EdfHeader) -> list[tuple[int, str]]:
    """Places and names of the ECG signals."""
    signals = [s for s in header.signals if not s.annotations]
    if not signals:
        raise BadTrace(
            "the file holds annotations only and no signal; send the recording they belong to"
        )
    chosen: list[tuple[int, str]] = []
    for at, signal in enumerate(header.signals):
        name = "" if signal.annotations else lead_name(signal.label)
        if name:
            twice = name in {n for _, n in chosen}
            chosen.append((at, f"{name} ({at + 1})" if twice else name))
    if not chosen:
        held = ", ".join(s.label or "a signal without a name" for s in signals[:8])
        raise BadTrace(f"the file holds no ECG signal; it holds {held}")
    rates = {header.signals[at].samples for at, _ in chosen}
    if len(rates) > 1:
        raise BadTrace(f"the ECG signals have {len(rates)} sampling rates; expected one for all")
    if not header.record_s > 0:
        raise BadTrace(
            f"a data record lasts {header.record_s:g} s, so the file gives no sampling rate; "
            "without one nothing can be measured"
        )
    return chosen


def _received(header: EdfHeader, zone: tzinfo | None) -> Received:
    who = person(header.patient) if header.kind != "EDF" else {}
    flags, notes = [], []
    name = decode(who.get("name", "").encode("latin_1"))
    clock = clock_of(header.started, None, zone)
    start, end = clock["exam_start"], None
    if start is not None and header.records:
        lasts = min(header.records * header.record_s, 31 * 86400.0)
        end = start + timedelta(seconds=max(lasts, 0.0))
    others = [s.label for s in header.signals if not s.annotations and not lead_name(s.label)]
    if others:
        flags.append("other_signals")
        notes.append(f"signals that are no ECG are left out: {', '.join(others)}")
    arrival = ArrivalHeader(
        patient_id=who.get("code", ""),
        name=name.text,
        name_raw=who.get("name", "").encode("latin_1"),
        name_repaired=name.repaired,
        sex=who.get("sex", ""),
        birth_date=date.fromisoformat(who["birth"]) if "birth" in who else None,
        modality="ECG",
        **clock,
        exam_end=end,
        tags=MappingProxyType({"kind": header.kind, "other_signals": ", ".join(others)}),
    )
    return received_ecg(
        Edf.name, arrival, repaired=REPAIRED if name.repaired else "", flags=flags, notes=notes
    )


def _trace(
    header: EdfHeader, chosen: Sequence[tuple[int, str]], data: bytes
) -> tuple[Trace, tuple[str, ...]]:
    body = _records(header, data)
    notes: list[str] = []
    flags: list[str] = []
    first = [0, *np.cumsum([s.samples for s in header.signals]).tolist()]
    places = _places(header, body, first)
    each = header.signals[chosen[0][0]].samples
    length = max(places) + each
    if length * len(chosen) > MOST_SAMPLES:
        raise BadTrace(
            f"{length} samples in {len(chosen)} leads, gaps included, are more than "
            f"{MOST_SAMPLES}; export a shorter part"
        )
    rows: dict[str, NDArray[np.float32]] = {}
    for at, name in chosen:
        signal = header.signals[at]
        scale, shift, fault = _scale(signal)
        steps = body[:, first[at] : first[at + 1]].astype(np.float64) * scale + shift
        if len(places) * each == length:
            rows[name] = steps.reshape(-1).astype(np.float32)
        else:
            row = np.full(length, np.nan, np.float32)
            for place, record in zip(places, steps, strict=True):
                row[place : place + each] = record
            rows[name] = row
        if fault:
            flags.append("not_calibrated")
            notes.append(
                f"{name} is not calibrated ({fault}); its numbers are stored counts / 1000"
            )
    missing = length - len(places) * each
    if missing:
        notes.append(
            f"the recording was interrupted: {missing / each * header.record_s:.1f} s missing"
        )
    return trace_of_leads(rows, each / header.record_s, Edf.name, flags=flags, notes=notes)


def _records(header: EdfHeader, data: bytes) -> NDArray[np.int16]:
    """Stored steps, shape (records, samples of all signals in one record)."""
    held = (len(data) - header.bytes) // header.record_bytes
    wanted = held if header.records is None else header.records
    if held < wanted or wanted < 1:
        raise BadTrace(
            f"truncated: the file holds {held} data records; {max(wanted, 1)} are expected. "
            "Send the file again"
        )
    count = wanted * header.record_bytes // 2
    return np.frombuffer(data, "<i2", count, header.bytes).reshape(wanted, -1)


def _places(header: EdfHeader, body: NDArray[np.int16], first: Sequence[int]) -> list[int]:
    """First sample of every record, counted from the start of the first."""
    each = next(s.samples for s in header.signals if not s.annotations and lead_name(s.label))
    if header.kind != "EDF+D":
        return list(range(0, len(body) * each, each))
    at = next((n for n, s in enumerate(header.signals) if s.annotations), None)
    if at is None:
        raise BadTrace("a discontinuous file (EDF+D) without times of its records; export EDF+C")
    onsets = []
    for number, record in enumerate(body):
        found = ONSET.match(record[first[at] : first[at + 1]].tobytes())
        if found is None:
            raise BadTrace(
                f"record {number + 1} of a discontinuous file gives no time; export EDF+C"
            )
        onsets.append(float(found[1]))
    rate = each / header.record_s
    places = [round((onset - onsets[0]) * rate) for onset in onsets]
    for before, after in pairwise(places):
        if after < before + each:
            raise BadTrace("records of a discontinuous file overlap in time; export it again")
    return places


def _scale(signal: EdfSignal) -> tuple[float, float, str]:
    """Millivolts of one step, millivolts of step 0, and why they are not known, if so."""
    unknown = 1 / COUNTS_PER_MV, 0.0
    factor = millivolts_of(signal.unit)
    if factor is None:
        return *unknown, f"unit {signal.unit or 'none'}"
    (low, high), (first, last) = signal.physical, signal.digital
    if low is None or high is None or first is None or last is None or low == high or last <= first:
        seen = f"physical {low} to {high}, digital {first} to {last}"
        return *unknown, f"{seen}: no scale"
    scale = (high - low) / (last - first) * factor
    return scale, low * factor - first * scale, ""
