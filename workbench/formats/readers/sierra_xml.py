"""ECGs from Philips Sierra XML 1.03 to 1.04.02: the rhythm without its calibration pulse."""

from datetime import tzinfo
from types import MappingProxyType
from typing import Final

from lxml import etree

from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import DeviceSays, Trace
from workbench.formats.charset import person_name
from workbench.formats.clock import day, ended, wall_clock
from workbench.formats.received_ecg import clock_of, received_xml, trace_of_leads, with_trace
from workbench.formats.safe_xml import Text, attribute, number, only_document
from workbench.formats.sierra_signal import rhythm_of, seconds_of

# the same measurement under its name in 1.03 and in 1.04
MEASURED: Final = {
    "heartrate": "heart_rate_bpm", "atrialrate": "atrial_rate_bpm", "rrint": "rr_ms",
    "pdur": "p_ms", "print": "pr_ms", "meanprint": "pr_ms", "qrsdur": "qrs_ms",
    "meanqrsdur": "qrs_ms", "qtint": "qt_ms", "meanqtint": "qt_ms", "meanqtc": "qtc_ms",
    "qtcb": "qtc_bazett_ms", "qtcf": "qtc_fridericia_ms", "pfrontaxis": "p_axis_deg",
    "qrsfrontaxis": "qrs_axis_deg", "tfrontaxis": "t_axis_deg",
}  # fmt: skip
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
        return self._received(only_document(parts), zone)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the XML cannot be parsed, or holds entities.
        BadTrace
            If the rhythm is missing, damaged or of an unknown version.
        """
        root = only_document(parts)
        return with_trace(self._received(root, zone), *self._trace(root))

    def _received(self, root: etree._Element, zone: tzinfo | None) -> Received:
        text = Text(root)
        return received_xml(self.name, _header(text, zone), text)

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
        return trace_of_leads(
            rhythm.rows, rhythm.rate, self.name, device=_device(root), flags=flags, notes=notes
        )


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
            name, value = MEASURED.get(str(one.tag)), number(one.text)
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


def _header(text: Text, zone: tzinfo | None) -> ArrivalHeader:
    root = text.element
    wall = wall_clock(
        attribute(root, "dataacquisition", "date"), attribute(root, "dataacquisition", "time")
    )
    who = "patient/generalpatientdata"
    words = [text.one(f"{who}/name/{part}name") for part in ("last", "first", "middle")]
    sex = text.one(f"{who}/sex").upper()[:1]
    years = number(text.one(f"{who}/age/years"))
    site = "dataacquisition/acquirer"
    clock = clock_of(wall, None, zone)
    return ArrivalHeader(
        patient_id=text.one(f"{who}/patientid") or text.one(f"{who}/MRN"),
        name=person_name("^".join(words)),
        name_raw=text.raw(f"{who}/name/lastname") + text.raw(f"{who}/name/firstname"),
        sex=sex if sex in {"M", "F"} else "",
        birth_date=day(text.one(f"{who}/age/dateofbirth")),
        age_years=years if years is not None and 0 <= years <= 150 else None,
        accession=text.one("orderinfo/ordernumber"),
        modality="ECG",
        **clock,
        exam_end=ended(clock["exam_start"], seconds_of(root)),
        institution=text.one(f"{site}/institutionname"),
        station=attribute(root, "dataacquisition/machine", "machineid"),
        manufacturer=MAKER,
        model=text.one("dataacquisition/machine"),
        referring=text.one("orderinfo/reasonfororder"),
        tags=MappingProxyType(
            {k: v for k in ("departmentname", "facilityname") if (v := text.one(f"{site}/{k}"))}
        ),
    )
