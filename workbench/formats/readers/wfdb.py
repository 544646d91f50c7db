"""ECGs from WFDB records: a header and its signal files, wholly from memory."""

import re
from datetime import datetime, timedelta, tzinfo
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace, Unreadable
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import Trace
from workbench.formats.charset import decode
from workbench.formats.clock import wall_clock
from workbench.formats.leads import einthoven_residual, lead_from_text
from workbench.formats.matlab_file import MATLAB_HEAD, check_matlab, is_matlab
from workbench.formats.received_ecg import clock_of, received_ecg, trace_of_leads, with_trace
from workbench.formats.units import COUNTS_PER_MV, MILLIVOLTS
from workbench.formats.wfdb_header import Header, Signal, parse_header
from workbench.formats.wfdb_samples import samples

ROUNDING: Final = 2.0  # steps by which three rounded integers may miss II = I + III
REPAIRED: Final = "character set repaired: the header file names no character set"
UNMATCHED: Final = "a WFDB record carries no patient id; a person must match it"
SEXES: Final = {"M": "M", "MALE": "M", "F": "F", "FEMALE": "F"}


class Wfdb:
    """Claims a set of files with exactly one .hea; says which file is missing."""

    name = "wfdb"

    def claims(self, parts: Parts) -> bool:
        """One header among the files; or a MATLAB file alone, to say what it lacks."""
        return _header_name(parts) is not None or _matlab_alone(parts)

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """What the header file says; signal files are not opened."""
        header, repaired = _parsed(parts)
        return _received(header, zone, repaired=repaired)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the header is not one, or a signal file did not come with it.
        BadTrace
            If the samples cannot be trusted as an ECG.
        """
        header, repaired = _parsed(parts)
        received = _received(header, zone, repaired=repaired)
        return with_trace(received, *_trace(header, _stored(header, parts)))


def _header_name(parts: Parts) -> str | None:
    names = [name for name in parts if name.lower().endswith(".hea")]
    return names[0] if len(names) == 1 else None


def _matlab_alone(parts: Parts) -> bool:
    if len(parts) != 1:
        return False
    [(name, data)] = parts.items()
    return name.lower().endswith(".mat") and is_matlab(bytes(data[:MATLAB_HEAD]))


def _parsed(parts: Parts) -> tuple[Header, bool]:
    name = _header_name(parts)
    if name is None and _matlab_alone(parts):
        raise Unreadable(
            f"{next(iter(parts))}: a MATLAB file alone says neither rate nor unit; send the .hea "
            "file of the same record with it",
            "incomplete",
        )
    if name is None:
        raise Unreadable("no single .hea file; send the header with its signal files", "unknown")
    text = decode(parts[name])
    return parse_header(text.text), text.repaired


def _received(header: Header, zone: tzinfo | None, *, repaired: bool) -> Received:
    facts = _comments(header)
    clock = clock_of(_wall(header), None, zone)
    start, end = clock["exam_start"], None
    if start is not None and header.samples and header.rate and header.rate > 0:
        end = start + timedelta(seconds=min(header.samples / header.rate, 86400))
    age = re.fullmatch(r"\d{1,3}(?:\.\d+)?", facts.get("age", ""))
    arrival = ArrivalHeader(
        sex=SEXES.get(facts.get("sex", "").upper(), ""),
        age_years=float(age[0]) if age and 0 <= float(age[0]) <= 150 else None,
        modality="ECG",
        **clock,
        exam_end=end,
        tags=MappingProxyType({"record": header.name, "comments": "\n".join(header.comments)}),
    )
    return received_ecg(
        Wfdb.name, arrival, repaired=REPAIRED if repaired else "", unmatched=UNMATCHED
    )


def _wall(header: Header) -> datetime | None:
    """Base date and time; header(5) lets a time leave out its hours and leading zeros."""
    d, m, y = [*header.date.split("/"), "", "", ""][:3]
    if not y or not header.time:
        return None
    words = ["0", "0", *header.time.split(":")][-3:]
    whole = [word.zfill(2) for word in words[:2]]
    second, dot, fraction = words[2].partition(".")
    at = ":".join([*whole, second.zfill(2) + dot + fraction])
    return wall_clock(f"{y}-{m.zfill(2)}-{d.zfill(2)}", at)


def _comments(header: Header) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in header.comments:
        key, sep, value = line.partition(":")
        if sep:
            found.setdefault(key.strip().strip("<>").lower(), value.strip())
    return found


def _stored(header: Header, parts: Parts) -> list[NDArray[np.float64]]:
    """Stored steps of each signal, shape (samples,)."""
    by_name = {PurePosixPath(name.replace("\\", "/")).name: data for name, data in parts.items()}
    rows: list[NDArray[np.float64]] = []
    for file in dict.fromkeys(s.file for s in header.signals):
        mine = [s for s in header.signals if s.file == file]
        if file not in by_name:
            raise Unreadable(
                f"the signal file {file} is missing; send it with the header", "missing"
            )
        if any(s.form != mine[0].form for s in mine) or any(s.per_frame != 1 for s in mine):
            raise BadTrace(f"{file} mixes formats or rates; expected one rate for all leads")
        if file.lower().endswith(".mat"):
            check_matlab(by_name[file], file, len(mine), mine[0].offset)
        flat = samples(by_name[file][mine[0].offset :], mine[0].form)
        whole = len(flat) // len(mine)
        wanted = header.samples or whole
        if whole < wanted or not wanted:
            raise BadTrace(
                f"truncated: {file} holds {whole} samples a lead; {wanted} are expected. "
                "Send the record again"
            )
        rows += list(flat[: wanted * len(mine)].reshape(wanted, len(mine)).T)
    if len({len(row) for row in rows}) != 1:
        raise BadTrace("the signal files differ in length; send the record again")
    return rows


def _trace(header: Header, stored: list[NDArray[np.float64]]) -> tuple[Trace, tuple[str, ...]]:
    if not header.rate:
        raise BadTrace("the header gives no sampling rate; without one nothing can be measured")
    notes: list[str] = []
    flags: list[str] = []
    rows: dict[str, NDArray[np.float32]] = {}
    counts: dict[str, NDArray[np.float32]] = {}
    for at, (signal, steps) in enumerate(zip(header.signals, stored, strict=True)):
        _check_sum(signal, steps, notes, flags)
        name = lead_from_text(signal.label) or signal.label or f"signal {at + 1}"
        name = name if name not in rows else f"{name} ({at + 1})"
        rows[name], known = _millivolts(signal, steps)
        counts[name] = (steps / COUNTS_PER_MV).astype(np.float32)
        if not known:
            flags.append("not_calibrated")
            notes.append(f"{name}: gain unknown; its numbers are stored counts / 1000")
    rows = _consistent(rows, counts, notes, flags)
    return trace_of_leads(rows, header.rate, Wfdb.name, flags=flags, notes=notes)


def _millivolts(signal: Signal, steps: NDArray[np.float64]) -> tuple[NDArray[np.float32], bool]:
    unit = MILLIVOLTS.get(signal.unit.upper())
    if signal.gain is None or unit is None:
        return (steps / COUNTS_PER_MV).astype(np.float32), False
    return ((steps - signal.baseline) / signal.gain * unit).astype(np.float32), True


def _consistent(
    rows: dict[str, NDArray[np.float32]],
    counts: dict[str, NDArray[np.float32]],
    notes: list[str],
    flags: list[str],
) -> dict[str, NDArray[np.float32]]:
    """Where gains contradict II = I + III but the stored integers obey it, one gain fits all."""
    off, raw_off = einthoven_residual(rows), einthoven_residual(counts)
    if off is None or raw_off is None:
        return rows
    if raw_off * COUNTS_PER_MV <= ROUNDING and off > 5 * ROUNDING * _step(rows, counts):
        flags += ["limb_leads_disagree", "not_calibrated"]
        notes.append(
            f"with the header's gains II differs from I + III by {off:.2f} mV, the stored counts "
            "agree: each lead was scaled by itself. Shown as counts / 1000, not calibrated"
        )
        return counts
    return rows


def _step(rows: dict[str, NDArray[np.float32]], counts: dict[str, NDArray[np.float32]]) -> float:
    """Coarsest step of the limb leads in mV."""
    spans = [
        float(np.nanmax(rows[k]) - np.nanmin(rows[k]))
        / max(float(np.nanmax(counts[k]) - np.nanmin(counts[k])) * COUNTS_PER_MV, 1.0)
        for k in ("I", "II", "III")
    ]
    return max(spans)


def _check_sum(
    signal: Signal, steps: NDArray[np.float64], notes: list[str], flags: list[str]
) -> None:
    if signal.check is None or np.isnan(steps).any():
        return
    total = int(steps.sum()) & 0xFFFF
    if total != signal.check & 0xFFFF:
        flags.append("checksum_differs")
        notes.append(f"{signal.label}: checksum {total}, the header says {signal.check & 0xFFFF}")
