"""Mortara, Edan and MFER files, parsed by ecgdatakit and checked here.

No real file of these formats was to be had: `workbench doctor` says so until one is supplied. What
the library leaves open stays open: without a scale a trace is not calibrated, and a file that does
not state its rate is refused.
"""

import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, ClassVar, Final

import numpy as np
from ecgdatakit.exceptions import ECGDataKitError
from ecgdatakit.parsing.parsers.edan_arc import EDANARCHolterParser
from ecgdatakit.parsing.parsers.mfer import MFERParser
from ecgdatakit.parsing.parsers.mortara_el250 import MortaraEL250Parser
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace, Unreadable
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import DeviceSays, Trace
from workbench.formats.charset import person_name
from workbench.formats.grouping import EDAN
from workbench.formats.leads import lead_from_text
from workbench.formats.received_ecg import clock_of, received_ecg, trace_of_leads, with_trace
from workbench.formats.units import COUNTS_PER_MV, millivolts_of

HEAD: Final = 4096
MFER_ENDINGS: Final = (".mwf", ".mfer", ".mfr")
NO_ZONE: Final = "the format does not say in which zone its clock runs; the time is not used"
MEASURED: Final = {
    "heart_rate": "heart_rate_bpm", "rr_interval": "rr_ms", "pr_interval": "pr_ms",
    "qrs_duration": "qrs_ms", "qt_interval": "qt_ms", "qtc_bazett": "qtc_bazett_ms",
    "qtc_fridericia": "qtc_fridericia_ms", "p_axis": "p_axis_deg", "qrs_axis": "qrs_axis_deg",
    "t_axis": "t_axis_deg",
}  # fmt: skip
SEXES: Final = ("M", "F")


class _Cart:
    """What the three readers share: parse in memory, then trust nothing that is not stated."""

    name: ClassVar[str]
    untried: ClassVar[bool] = True  # on a real file; `workbench doctor` says so
    parser: ClassVar[Any]
    clock_is_local: ClassVar[bool] = True

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Patient and clock; these formats are short enough to be parsed whole."""
        record, _ = self._parsed(parts)
        return self._received(record, zone)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the library cannot parse the file.
        BadTrace
            If rate or samples cannot be trusted.
        """
        record, said = self._parsed(parts)
        return with_trace(self._received(record, zone), *_trace(record, self.name, said))

    def _parsed(self, parts: Parts) -> tuple[Any, tuple[str, ...]]:
        """The library's record and what it warned of."""
        with _laid(parts) as path, warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                record = self.parser().parse(path)
            except (ECGDataKitError, LookupError, ArithmeticError, ValueError) as error:
                why = str(error).replace(str(path), path.name)
                raise Unreadable(f"{self.name} cannot parse the file: {why}", "damaged") from error
        return record, tuple(dict.fromkeys(str(one.message) for one in caught))

    def _received(self, record: Any, zone: tzinfo | None) -> Received:
        patient, recording = record.patient, record.recording
        wall: datetime | None = recording.date
        wall = None if wall is None else wall.replace(tzinfo=None)
        clock = clock_of(wall, None, zone if self.clock_is_local else None)
        start = clock["exam_start"]
        lasts = min(recording.duration or timedelta(0), timedelta(days=31))
        end = start + lasts if start and lasts else None
        words = (patient.last_name or "", patient.first_name or "")
        name = person_name("^".join(words))
        born = patient.birth_date
        device = recording.device
        header = ArrivalHeader(
            patient_id=patient.patient_id or "",
            name=name,
            name_raw=name.encode("utf-8", "replace"),
            sex=patient.sex if patient.sex in SEXES else "",
            birth_date=None if born is None else born.date(),
            age_years=None if patient.age is None else float(patient.age),
            modality="ECG",
            **clock,
            exam_end=end,
            institution=device.institution or "",
            manufacturer=device.manufacturer or "",
            model=device.model or "",
            tags=MappingProxyType({}),
        )
        unplaced = "" if self.clock_is_local else NO_ZONE
        return received_ecg(self.name, header, unplaced=unplaced)


class Mortara(_Cart):
    """Mortara (Welch Allyn) ELI XML."""

    name = "ecgdatakit_mortara"
    parser = MortaraEL250Parser

    def claims(self, parts: Parts) -> bool:
        """One XML file with an ECG root and an element that only Mortara writes."""
        if len(parts) != 1:
            return False
        [(name, data)] = parts.items()
        found: bool = MortaraEL250Parser.can_parse(Path(_base(name)), bytes(data[:HEAD]))
        return found


class Edan(_Cart):
    """Edan Holter: `patient.hea` with `ecgraw.dat`, or an `.arc` archive."""

    name = "ecgdatakit_edan"
    parser = EDANARCHolterParser
    clock_is_local = False  # seconds since 1970 whose zone nobody has documented

    def claims(self, parts: Parts) -> bool:
        """The two files by their names (a WFDB header is text), or an archive by its signature."""
        names = {_base(name).lower(): data for name, data in parts.items()}
        if set(names) == set(EDAN):
            return b"\0" in bytes(names[EDAN[0]][:64])
        if len(names) != 1:
            return False
        [(name, data)] = names.items()
        head = bytes(data[:HEAD])
        signed = b"##NEUTRAL HOLTER RECORDING##" in head[:64] or EDAN[0].encode() in head
        return name.endswith(".arc") and signed


class Mfer(_Cart):
    """MFER (ISO 22077): by its preamble, or by the ending of its name."""

    name = "ecgdatakit_mfer"
    parser = MFERParser

    def claims(self, parts: Parts) -> bool:
        """One file; without the preamble only when its name says so: the rest is too loose."""
        if len(parts) != 1:
            return False
        [(name, data)] = parts.items()
        head = bytes(data[:HEAD])
        if head[:1] == b"\x40" and head[2:6] == b"MFR ":
            return True
        named = _base(name).lower().endswith(MFER_ENDINGS)
        return named and bool(MFERParser.can_parse(Path(_base(name)), head))


@contextmanager
def _laid(parts: Parts) -> Iterator[Path]:
    """The files under a path, as the library wants them; their bytes never reach a disk."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wb-")))
        first = None
        for name, data in parts.items():
            held = stack.enter_context(os.fdopen(os.memfd_create("ecg"), "wb"))
            held.write(data)
            held.flush()
            path = folder / _base(name)
            path.symlink_to(f"/proc/self/fd/{held.fileno()}")
            first = path if first is None or path.name.lower() == EDAN[0] else first
        if first is None:
            raise Unreadable("no file came; send it again", "empty")
        yield first


def _base(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name or "file"


def _trace(record: Any, origin: str, said: tuple[str, ...]) -> tuple[Trace, tuple[str, ...]]:
    stated: Mapping[str, Any] = record.raw_metadata
    if stated.get("sampling_rate_stated") is False and origin != Mfer.name:  # MFER has a default
        raise BadTrace("the file gives no sampling rate; without one nothing can be measured")
    leads = [lead for lead in record.leads if len(lead.samples)]
    rates = list(stated.get("sampling_rates") or [lead.sampling_rate for lead in leads])
    if not leads or len(set(rates)) != 1 or len({len(lead.samples) for lead in leads}) != 1:
        raise BadTrace(
            f"{len(leads)} leads at {sorted(set(rates))} Hz; expected one rate and length"
        )
    rows: dict[str, NDArray[np.float32]] = {}
    flags, notes = [], list(said)
    for at, lead in enumerate(leads):
        name = lead_from_text(lead.label) or lead.label or f"channel {at + 1}"
        name = name if name not in rows else f"{name} ({at + 1})"
        factor = millivolts_of(lead.resolution_unit if lead.is_raw else lead.units)
        steps = np.asarray(lead.samples, np.float64)
        if factor is None or not lead.resolution:
            flags.append("not_calibrated")
            notes.append(f"{name} is not calibrated; its numbers are stored counts / 1000")
            rows[name] = (steps / COUNTS_PER_MV).astype(np.float32)
        elif lead.is_raw:
            rows[name] = ((steps * lead.resolution + lead.offset) * factor).astype(np.float32)
        else:
            rows[name] = (steps * factor).astype(np.float32)
    return trace_of_leads(
        rows, float(rates[0]), origin, device=_device(record), flags=flags, notes=notes
    )


def _device(record: Any) -> DeviceSays:
    found = {
        ours: float(value)
        for theirs, ours in MEASURED.items()
        for value in (getattr(record.measurements, theirs),)
        if value is not None and (value > 0 or ours.endswith("_deg"))
    }
    lines = tuple(" ".join(p for p in one if p) for one in record.interpretation.statements)
    device = record.recording.device
    return DeviceSays(
        measurements=MappingProxyType(found),
        statements=lines,
        maker=device.manufacturer or "",
        model=device.model or "",
    )
