"""ECGs from Philips Sierra XML 1.03 to 1.04.02: the rhythm without its calibration pulse."""

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Final

import numpy as np
from lxml import etree

from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import DeviceSays, Trace
from workbench.formats.charset import person_name
from workbench.formats.clock import day, placed, wall_clock
from workbench.formats.leads import einthoven_residual, in_order, with_limb_leads
from workbench.formats.safe_xml import Text, parse_xml, without_namespaces
from workbench.formats.sierra_signal import rhythm_of

# the same measurement under its name in 1.03 and in 1.04
MEASURED: Final = {
    "heartrate": "heart_rate_bpm", "atrialrate": "atrial_rate_bpm", "rrint": "rr_ms",
    "pdur": "p_ms", "print": "pr_ms", "meanprint": "pr_ms", "qrsdur": "qrs_ms",
    "meanqrsdur": "qrs_ms", "qtint": "qt_ms", "meanqtint": "qt_ms", "meanqtc": "qtc_ms",
    "qtcb": "qtc_bazett_ms", "qtcf": "qtc_fridericia_ms", "pfrontaxis": "p_axis_deg",
    "qrsfrontaxis": "qrs_axis_deg", "tfrontaxis": "t_axis_deg",
}  # fmt: skip
LIMB_LIMIT: Final = 0.05  # mV by which II may differ from I + III before a person is told
MAKER: Final = "Philips"


class SierraXml:
    """Claims XML whose root is restingecgdata."""

    name = "sierra_xml"

    def claims(self, parts: Parts) -> bool:
        """One file that opens a restingecgdata element near its top, in any width of character."""
        head = next(iter(parts.values()))[:4096] if len(parts) == 1 else b""
        return b"<restingecgdata" in head.replace(b"\0", b"")

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Demographics and times; waveforms stay packed."""
        return self._received(_root(parts), zone)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the XML cannot be parsed, or holds entities.
        BadTrace
            If the rhythm is missing, damaged or of an unknown version.
        """
        root = _root(parts)
        received = self._received(root, zone)
        trace, flags = self._trace(root)
        end = received.header.exam_start
        if end is not None:
            end += timedelta(seconds=trace.seconds)
        return replace(
            received,
            header=replace(received.header, exam_end=end),
            trace=trace,
            flags=tuple(dict.fromkeys((*received.flags, *flags))),
            notes=(*received.notes, *trace.notes),
        )

    def _received(self, root: etree._Element, zone: tzinfo | None) -> Received:
        text = Text(root)
        header, wall = _header(text, zone)
        flags, notes = [], []
        if not header.patient_id:
            flags.append("missing_patient_id")
            notes.append("the file gives no patient id; a person must match it")
        if text.repaired:
            flags.append("charset_repaired")
            notes.append("character set repaired: the XML declaration does not fit the bytes")
        if wall is None:
            flags.append("missing_tags")
            notes.append("the file gives no acquisition time")
        elif header.exam_start is None:
            flags.append("clock_without_zone")
            notes.append(
                f"device time {header.device_clock} has no zone and the site none is known for"
            )
        return Received(
            kind=ExamKind.ECG, header=replace(header, name_repaired=text.repaired),
            reader=self.name, flags=tuple(flags), notes=tuple(notes),
        )  # fmt: skip

    def _trace(self, root: etree._Element) -> tuple[Trace, tuple[str, ...]]:
        rhythm = rhythm_of(root)
        flags: list[str] = []
        notes: list[str] = []
        if not rhythm.calibrated:
            flags.append("not_calibrated")
            notes.append("the file gives no step in uV; its numbers are stored counts / 1000")
        if rhythm.pulse_s:
            notes.append(
                f"the last {rhythm.pulse_s:.2f} s hold the calibration pulse of the cart, no heart"
                "; they are left out"
            )
        if _later_hand(root):
            notes.append("a person confirmed or changed the statements before the file came here")
        rows, derived = with_limb_leads(rhythm.rows)
        off = einthoven_residual(rows)
        if off is not None and off > LIMB_LIMIT:
            flags.append("limb_leads_disagree")
            notes.append(f"II differs from I + III by {off:.2f} mV; are the gains right?")
        names = in_order(list(rows))
        trace = Trace(
            millivolts=np.stack([rows[name] for name in names]),
            rate=rhythm.rate,
            leads=tuple(names),
            derived=derived,
            device=_device(root),
            origin=self.name,
            notes=tuple(notes),
            calibrated=rhythm.calibrated,
        )
        return trace, tuple(flags)


def _root(parts: Parts) -> etree._Element:
    return without_namespaces(parse_xml(next(iter(parts.values()), b"")))


def _attribute(root: etree._Element, path: str, name: str) -> str:
    found = root.find(path)
    return "" if found is None else str(found.get(name) or "").strip()


def _edited(element: etree._Element) -> bool:
    return str(element.get("editedflag") or "").lower() == "true"


def _later_hand(root: etree._Element) -> bool:
    first = root.find("interpretations/interpretation")
    if first is None:
        return False
    by = (first.findtext("confirmingclinician") or "").strip()
    touched = any(_edited(one) for one in first.iter(etree.Element))
    return bool(by) or touched or str(root.get("status") or "").lower() == "confirmed"


def _device(root: etree._Element) -> DeviceSays:
    text = Text(root)
    measured: dict[str, float] = {}
    stated: list[str] = []
    first = root.find("interpretations/interpretation")
    for kind in ("globalmeasurements", "interpretationmeasurements"):
        for one in () if first is None else first.iterfind(f"{kind}/*"):
            name, value = MEASURED.get(str(one.tag)), _number(one.text)
            if name is None or value is None or _edited(one):
                continue  # what a person edited is not the cart's
            if name.endswith("_deg") or value > 0:  # carts write 0 for "not measured"
                measured.setdefault(name, value)
    for one in () if first is None else first.iterfind("statement"):
        left, right = (
            text.shown(one.findtext(side)) for side in ("leftstatement", "rightstatement")
        )
        stated.append(f"{left} ({right})" if left and right else left or right)
    if first is not None:
        stated.append(text.shown(first.findtext("severity")).strip("- "))
    return DeviceSays(
        measurements=MappingProxyType(measured), statements=tuple(word for word in stated if word),
        maker=MAKER, model=text.one("dataacquisition/machine"),
    )  # fmt: skip


def _number(word: str | None) -> float | None:
    try:
        value = float(word or "")  # "Failed", "Indeterminate": not measured
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _header(text: Text, zone: tzinfo | None) -> tuple[ArrivalHeader, datetime | None]:
    root = text.element
    wall = wall_clock(
        _attribute(root, "dataacquisition", "date"), _attribute(root, "dataacquisition", "time")
    )
    start = placed(wall, zone)
    who = "patient/generalpatientdata"
    words = [text.one(f"{who}/name/{part}name") for part in ("last", "first", "middle")]
    sex = text.one(f"{who}/sex").upper()[:1]
    years = _number(text.one(f"{who}/age/years"))
    site = "dataacquisition/acquirer"
    header = ArrivalHeader(
        patient_id=text.one(f"{who}/patientid") or text.one(f"{who}/MRN"),
        name=person_name("^".join(words)),
        name_raw=text.raw(f"{who}/name/lastname") + text.raw(f"{who}/name/firstname"),
        sex=sex if sex in {"M", "F"} else "",
        birth_date=day(text.one(f"{who}/age/dateofbirth")),
        age_years=years if years is not None and 0 <= years <= 150 else None,
        accession=text.one("orderinfo/ordernumber"),
        modality="ECG",
        exam_start=start,
        device_clock=wall.isoformat() if wall else "",
        clock_source="site" if start else "",
        institution=text.one(f"{site}/institutionname"),
        station=_attribute(root, "dataacquisition/machine", "machineid"),
        manufacturer=MAKER,
        model=text.one("dataacquisition/machine"),
        referring=text.one("orderinfo/reasonfororder"),
        tags=MappingProxyType(
            {k: v for k in ("departmentname", "facilityname") if (v := text.one(f"{site}/{k}"))}
        ),
    )
    return header, wall
