"""Writes a trace as a table of numbers with its header file (docs/ecg-csv.md)."""

import json
import math
from datetime import datetime
from typing import Final

import numpy as np

from workbench.domain.errors import Invalid
from workbench.domain.received import ArrivalHeader
from workbench.domain.trace import Trace

FORMAT: Final = "ecg-csv-1"
DECIMALS: Final = 6  # of a millivolt: a nanovolt, under the step of any cart


def to_csv(trace: Trace, header: ArrivalHeader, name: str) -> dict[str, bytes]:
    """Return the files by name: ``<name>.csv`` and ``<name>.json``; an empty cell is a gap."""
    odd = [lead for lead in trace.leads if not lead.strip() or set(lead) & set(',"\r\n')]
    if odd:
        raise Invalid("lead name", repr(odd[0]), "a name without comma, quote or line end")
    scale = 1.0 if trace.calibrated else 1000.0  # counts, as the reader takes them
    values = np.round(trace.millivolts.T.astype(np.float64) * scale, DECIMALS) + 0.0
    lines = [",".join(trace.leads)]
    lines += [",".join(map(_cell, row)) for row in values.tolist()]
    return {
        f"{name}.csv": ("\n".join(lines) + "\n").encode(),
        f"{name}.json": _header(trace, header),
    }


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


def _header(trace: Trace, header: ArrivalHeader) -> bytes:
    patient = {
        "id": header.patient_id,
        "name": header.name,
        "sex": header.sex,
        "birth_date": "" if header.birth_date is None else header.birth_date.isoformat(),
        "age_years": header.age_years,
    }
    device = {
        "measurements": dict(trace.device.measurements),
        "statements": list(trace.device.statements),
    }
    said: dict[str, object] = {
        "format": FORMAT,
        "rate_hz": trace.rate,
        "unit": "mV" if trace.calibrated else "unknown",
        "samples": trace.millivolts.shape[1],
        "leads": list(trace.leads),
        "derived": list(trace.derived),
        "recorded_at": _clock(header),
        "accession": header.accession,
        "institution": header.institution,
        "maker": trace.device.maker or header.manufacturer,
        "model": trace.device.model or header.model,
        "patient": {k: v for k, v in patient.items() if v not in ("", None)},
        "device": {k: v for k, v in device.items() if v},
    }
    kept = {k: v for k, v in said.items() if v not in ("", [], {})}
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()


def _clock(header: ArrivalHeader) -> str:
    """The time with its zone when the file gave one, else the machine's own reading."""
    if header.exam_start is not None and header.clock_source == "file":
        clock = datetime.fromisoformat(header.device_clock) if header.device_clock else None
        if clock is None:
            return header.exam_start.isoformat()
        shift = clock.replace(tzinfo=header.exam_start.tzinfo) - header.exam_start
        minutes = round(shift.total_seconds() / 60)
        sign = "-" if minutes < 0 else "+"
        hours, rest = divmod(abs(minutes), 60)
        return f"{clock.isoformat()}{sign}{hours:02d}:{rest:02d}"
    return header.device_clock
