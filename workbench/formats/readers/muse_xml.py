"""ECGs from GE MUSE RestingECG XML: the rhythm waveform and what the cart measured."""

import base64
import binascii
import math
import zlib
from datetime import tzinfo
from types import MappingProxyType
from typing import Final

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import DeviceSays, Trace
from workbench.formats.charset import person_name
from workbench.formats.clock import day, ended, wall_clock
from workbench.formats.leads import lead_from_text
from workbench.formats.received_ecg import clock_of, received_xml, trace_of_leads, with_trace
from workbench.formats.safe_xml import Text, number, parse_xml

MEASURED: Final = {
    "VentricularRate": "heart_rate_bpm", "AtrialRate": "atrial_rate_bpm", "PRInterval": "pr_ms",
    "QRSDuration": "qrs_ms", "QTInterval": "qt_ms", "QTCorrected": "qtc_ms", "PAxis": "p_axis_deg",
    "RAxis": "qrs_axis_deg", "TAxis": "t_axis_deg", "QTcFrederica": "qtc_fridericia_ms",
}  # fmt: skip
POSITIVE: Final = ("heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms", "qtc_ms", "qtc_fridericia_ms")
MILLIVOLTS: Final = {"MICROVOLTS": 1e-3, "MILLIVOLTS": 1.0, "VOLTS": 1e3}
PER_YEAR: Final = {"YEARS": 1.0, "MONTHS": 12.0, "WEEKS": 52.1775, "DAYS": 365.2425}
GAP: Final = -32768
MOST_SAMPLES: Final = 10_000_000


class MuseXml:
    """Claims XML whose root is RestingECG."""

    name = "muse_xml"

    def claims(self, parts: Parts) -> bool:
        """One file that opens a RestingECG element near its top."""
        if len(parts) != 1:
            return False
        head = next(iter(parts.values()))[:4096].replace(b"\0", b"")
        return b"<RestingECG" in head

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Demographics and times; waveforms stay packed."""
        return self._received(parse_xml(next(iter(parts.values()), b"")), zone)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the XML cannot be parsed, or holds entities.
        BadTrace
            If the rhythm waveform is missing, damaged or contradicts itself.
        """
        root = parse_xml(next(iter(parts.values()), b""))
        return with_trace(self._received(root, zone), *_trace(root))

    def _received(self, root: etree._Element, zone: tzinfo | None) -> Received:
        text = Text(root)
        return received_xml(self.name, _header(text, zone), text)


def _header(text: Text, zone: tzinfo | None) -> ArrivalHeader:
    on, at = (
        text.one("TestDemographics/AcquisitionDate"),
        text.one("TestDemographics/AcquisitionTime"),
    )
    wall = wall_clock(_iso(on), at)
    words = [text.one(f"PatientDemographics/Patient{part}Name") for part in ("Last", "First")]
    age, unit = text.one("PatientDemographics/PatientAge"), text.one("PatientDemographics/AgeUnits")
    per_year = PER_YEAR.get(unit.upper() or "YEARS")
    sex = text.one("PatientDemographics/Gender").upper()[:1]
    clock = clock_of(wall, None, zone)
    return ArrivalHeader(
        patient_id=text.one("PatientDemographics/PatientID"),
        name=person_name("^".join(words)),
        name_raw=text.raw("PatientDemographics/PatientLastName")
        + text.raw("PatientDemographics/PatientFirstName"),
        sex=sex if sex in {"M", "F"} else "",
        birth_date=day(_iso(text.one("PatientDemographics/DateofBirth"))),
        age_years=round(int(age) / per_year, 3) if per_year and age.isdigit() else None,
        accession=text.one("Order/AccessionNumber") or text.one("TestDemographics/XMLGUID"),
        modality="ECG",
        **clock,
        exam_end=ended(clock["exam_start"], _declared_seconds(text.element)),
        institution=text.one("TestDemographics/SiteName"),
        station=text.one("TestDemographics/AcquisitionDevice"),
        manufacturer="GE",
        model=text.one("TestDemographics/AcquisitionDevice"),
        referring=text.one("Order/ReasonForTest") or text.one("TestDemographics/TestReason"),
        tags=MappingProxyType(
            {k: v for k in ("Location", "LocationName", "Priority")
             if (v := text.one(f"TestDemographics/{k}"))}
        ),
    )  # fmt: skip


def _iso(american: str) -> str:
    """MM-DD-YYYY, as MUSE writes dates, in the order of ISO 8601."""
    month, _, rest = american.partition("-")
    dom, _, year = rest.partition("-")
    return f"{year}-{month.zfill(2)}-{dom.zfill(2)}" if year else ""


def _device(text: Text) -> DeviceSays:
    measured = {}
    for tag, name in MEASURED.items():
        word = text.one(f"RestingECGMeasurements/{tag}")
        value = number(word)
        if value is not None and not (name in POSITIVE and value <= 0):
            measured[name] = value
    return DeviceSays(
        measurements=MappingProxyType(measured),
        statements=tuple(text.statements("Diagnosis")),
        maker="GE",
        model=text.one("TestDemographics/AcquisitionDevice"),
    )


def _trace(root: etree._Element) -> tuple[Trace, tuple[str, ...]]:
    text = Text(root)
    waves = [w for w in root.iter("Waveform") if Text(w).one("WaveformType").upper() == "RHYTHM"]
    if not waves:
        raise BadTrace("the file holds no rhythm waveform, at most an averaged beat")
    wave = waves[0]
    rate = _rate(Text(wave))
    notes: list[str] = []
    flags: list[str] = []
    rows: dict[str, NDArray[np.float32]] = {}
    for lead in wave.iter("LeadData"):
        name, signal = _lead(Text(lead), notes, flags)
        if name in rows:
            raise BadTrace(f"lead {name} stands twice in the rhythm waveform")
        rows[name] = signal
    lengths = {len(row) for row in rows.values()}
    if len(lengths) != 1:
        raise BadTrace(f"leads of {sorted(lengths)} samples; expected one length for all")
    return trace_of_leads(rows, rate, "muse_xml", device=_device(text), flags=flags, notes=notes)


def _declared_seconds(root: etree._Element) -> float | None:
    """Length by the counts of the rhythm; samples stay packed."""
    for wave in root.iter("Waveform"):
        said = Text(wave)
        if said.one("WaveformType").upper() == "RHYTHM":
            count = said.one("LeadData/LeadSampleCountTotal")
            try:
                rate = _rate(said)
            except BadTrace:
                return None
            return int(count) / rate if count.isdecimal() and len(count) < 10 and rate > 0 else None
    return None


def _rate(wave: Text) -> float:
    try:
        exponent = float(wave.one("SampleExponent") or 0)
        return float(wave.one("SampleBase")) * math.pow(10.0, exponent)
    except (ValueError, OverflowError):
        seen = wave.one("SampleBase") or "nothing"
        raise BadTrace(f"sampling rate {seen}; without one nothing can be measured") from None


def _lead(lead: Text, notes: list[str], flags: list[str]) -> tuple[str, NDArray[np.float32]]:
    name = lead_from_text(lead.one("LeadID")) or lead.one("LeadID") or "unnamed"
    try:
        packed = base64.b64decode("".join(lead.one("WaveFormData").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadTrace(f"lead {name}: the samples are damaged ({error})") from error
    if lead.one("LeadSampleSize") not in {"", "2"}:
        raise BadTrace(f"lead {name}: samples of {lead.one('LeadSampleSize')} bytes; expected 2")
    count = lead.one("LeadSampleCountTotal")
    steps = np.frombuffer(packed, "<i2", len(packed) // 2)
    if len(steps) > MOST_SAMPLES or (count.isdigit() and int(count) != len(steps)):
        raise BadTrace(f"truncated: lead {name} holds {len(steps)} samples, {count} are announced")
    crc = lead.one("LeadDataCRC32")
    if crc.isdigit() and int(crc) not in {0, zlib.crc32(packed)}:
        raise BadTrace(
            f"lead {name}: the checksum does not fit the samples; ask for the file again"
        )
    if lead.one("LeadOff").upper() == "TRUE":
        flags.append("lead_off")
        notes.append(f"the cart says lead {name} was off")
    try:
        step = (
            float(lead.one("LeadAmplitudeUnitsPerBit"))
            * MILLIVOLTS[lead.one("LeadAmplitudeUnits").upper()]
        )
    except (ValueError, KeyError):
        flags.append("not_calibrated")
        notes.append(f"{name} is not calibrated; its numbers are stored counts / 1000")
        step = 1e-3
    return name, np.where(steps == GAP, np.nan, steps * step).astype(np.float32)
