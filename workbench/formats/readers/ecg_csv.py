"""ECGs from a table of numbers with a small header file beside it (docs/ecg-csv.md).

`NAME.csv` holds one column for each lead; `NAME.json` or `NAME.toml` says what the numbers are.
What neither says is not assumed: without header, rate or unit a table is refused with the reason.
"""

import json
import math
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace, Unreadable
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import DeviceSays, Trace
from workbench.formats.clock import day
from workbench.formats.leads import lead_from_text
from workbench.formats.number_table import BOM, table_of
from workbench.formats.received_ecg import (
    Clock,
    clock_of,
    received_ecg,
    trace_of_leads,
    with_trace,
)
from workbench.formats.units import COUNTS_PER_MV, millivolts_of

HEADERS: Final = (".json", ".toml")
UNKNOWN: Final = "unknown"  # said in so many words: shapes are shown, millivolts never
LONGEST_HEADER: Final = 1_000_000  # bytes
LONGEST_TEXT: Final = 200
SEXES: Final = frozenset({"M", "F", "O"})


class EcgCsv:
    """Claims a .csv with its header, or alone: then it is refused, and the reason says why."""

    name = "ecg_csv"

    def claims(self, parts: Parts) -> bool:
        """One .csv, and headers beside it."""
        names = [name.lower() for name in parts]
        tables = [name for name in names if name.endswith(".csv")]
        strange = [name for name in names if not name.endswith((".csv", *HEADERS))]
        return len(tables) == 1 and not strange

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """What the header file says; the table is not opened."""
        header = _header(parts)
        _rate(header), _factor(header)
        return _received(header, zone)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the header file is missing or cannot be parsed.
        BadTrace
            If rate or unit are missing, or the table does not hold what the header says.
        """
        header = _header(parts)
        received = _received(header, zone)
        table = next(data for name, data in parts.items() if name.lower().endswith(".csv"))
        return with_trace(received, *_trace(header, table))


def _header(parts: Parts) -> Mapping[str, Any]:
    found = [n for n in parts if n.lower().endswith(HEADERS)]
    if len(found) > 1:
        raise Unreadable(f"two headers, {' and '.join(found)}; leave one of them", "damaged")
    name = found[0] if found else None
    if name is None:
        raise Unreadable(
            "a table of numbers (.csv) says neither rate nor unit; put a header file of the same "
            "name (.json or .toml) beside it, as docs/ecg-csv.md describes",
            "incomplete",
        )
    if len(parts[name]) > LONGEST_HEADER:
        raise Unreadable(
            f"{name} is larger than {LONGEST_HEADER} bytes; it is no header", "damaged"
        )
    try:
        text = parts[name].removeprefix(BOM).decode("utf-8")
        header = json.loads(text) if name.lower().endswith(".json") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"{name} cannot be parsed: {error}; write it as UTF-8", "damaged"
        ) from error
    if not isinstance(header, Mapping):
        raise Unreadable(f"{name} holds no record of names and values", "damaged")
    return header


def _received(header: Mapping[str, Any], zone: tzinfo | None) -> Received:
    patient = header.get("patient")
    who: Mapping[str, Any] = patient if isinstance(patient, Mapping) else {}
    notes = []
    name = _text(who.get("name"))
    clock = _clock(header.get("recorded_at"), zone)
    start, count, end = clock["exam_start"], _count(header), None
    if start is not None and count is not None and _rate(header) > 0:
        end = start + timedelta(seconds=min(count / _rate(header), 31 * 86400))
    if header.get("recorded_at") and not clock["device_clock"]:
        notes.append("recorded_at is no time such as 2026-11-22T08:15:00+08:00; it is left out")
    sex = _text(who.get("sex")).upper()
    age = who.get("age_years")
    known = isinstance(age, int | float) and not isinstance(age, bool) and 0 <= age <= 150
    arrival = ArrivalHeader(
        patient_id=_text(who.get("id")),
        name=name,
        name_raw=name.encode(),
        sex=sex if sex in SEXES else "",
        birth_date=day(_text(who.get("birth_date"))),
        age_years=float(age) if known and isinstance(age, int | float) else None,
        modality="ECG",
        accession=_text(header.get("accession")),
        **clock,
        exam_end=end,
        institution=_text(header.get("institution")),
        manufacturer=_text(header.get("maker")),
        model=_text(header.get("model")),
        tags=MappingProxyType({}),
    )
    return received_ecg(EcgCsv.name, arrival, notes=notes)


def _clock(value: object, zone: tzinfo | None) -> Clock:
    """The moment, the machine's own reading, and where its zone came from."""
    if isinstance(value, datetime):  # TOML has times of its own
        at = value
    else:
        try:
            at = datetime.fromisoformat(_text(value))
        except ValueError:
            return clock_of(None, None, zone)
    return clock_of(at.replace(tzinfo=None), at.tzinfo, zone)


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return str(value) if hasattr(value, "isoformat") else ""
    return str(value).strip()[:LONGEST_TEXT]


def _rate(header: Mapping[str, Any]) -> float:
    rate = header.get("rate_hz")
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not math.isfinite(rate):
        raise BadTrace(
            f"the header gives no sampling rate (rate_hz is {rate!r}); write samples per second"
        )
    return float(rate)


def _count(header: Mapping[str, Any]) -> int | None:
    """Samples of each lead, when the header tells: so a table that was cut off is seen."""
    count = header.get("samples")
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def _factor(header: Mapping[str, Any]) -> float | None:
    """Millivolts of one unit; None when the header says that nobody knows."""
    unit = _text(header.get("unit"))
    if unit.lower() == UNKNOWN:
        return None
    factor = millivolts_of(unit)
    if factor is None:
        raise BadTrace(
            f'the header gives no unit of the numbers (unit is {unit or "missing"!r}); write "mV", '
            f'"uV", "V" or "nV", or "{UNKNOWN}" when nobody knows'
        )
    return factor


def _trace(header: Mapping[str, Any], table: bytes) -> tuple[Trace, tuple[str, ...]]:
    rate, factor = _rate(header), _factor(header)
    names, values = table_of(table)
    count, stated = _count(header), header.get("leads")
    if count is not None and count != len(values):
        raise BadTrace(
            f"truncated: the table holds {len(values)} rows of numbers; {count} are expected. "
            "Send both files again"
        )
    if stated is not None and stated != names:
        raise BadTrace(
            f"the header names the leads {stated}, the table {names}; send both as written"
        )
    leads = [lead_from_text(name) or name for name in names]
    if not all(leads) or len(set(leads)) != len(leads):
        raise BadTrace(
            f"the first row names the leads {names}; expected one name for each, none twice"
        )
    scale = 1 / COUNTS_PER_MV if factor is None else factor
    rows: dict[str, NDArray[np.float32]] = {
        lead: (column * scale).astype(np.float32)
        for lead, column in zip(leads, values.T, strict=True)
    }
    flags: list[str] = []
    notes: list[str] = []
    if factor is None:
        flags.append("not_calibrated")
        notes.append(
            "the header says that the unit is unknown; the numbers are shown as counts / 1000"
        )
    stated_derived = header.get("derived")
    marked = stated_derived if isinstance(stated_derived, list) else []
    return trace_of_leads(
        rows, rate, EcgCsv.name, device=_device(header), flags=flags, notes=notes, derived=marked
    )


def _device(header: Mapping[str, Any]) -> DeviceSays:
    """What the cart stated, when the header passes it on."""
    device = header.get("device")
    says: Mapping[str, Any] = device if isinstance(device, Mapping) else {}
    measured = says.get("measurements")
    pairs = measured.items() if isinstance(measured, Mapping) else ()
    numbers = {
        str(k): float(v)
        for k, v in pairs
        if isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v)
    }
    statements = says.get("statements")
    lines = statements if isinstance(statements, list) else []
    return DeviceSays(
        measurements=MappingProxyType(numbers),
        statements=tuple(_text(line) for line in lines if _text(line)),
        maker=_text(header.get("maker")),
        model=_text(header.get("model")),
    )
