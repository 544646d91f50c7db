"""ECGs from HL7 annotated ECG (FDA profile, version 1 and 2): the rhythm series, never a beat."""

import re
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Final

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace
from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import Trace
from workbench.formats.aecg_annotations import device_says, persons_own
from workbench.formats.clock import day, offset, placed, wall_clock
from workbench.formats.leads import einthoven_residual, in_order, lead_of, with_limb_leads
from workbench.formats.safe_xml import Text, parse_xml, without_namespaces

ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?AnnotatedECG[\s>/]")
TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
MILLIVOLTS: Final = {"UV": 1e-3, "MV": 1.0, "V": 1e3, "NV": 1e-6}
SECONDS: Final = {"S": 1.0, "MS": 1e-3, "US": 1e-6}
PER_YEAR: Final = {"A": 1.0, "MO": 12.0, "WK": 52.1775, "D": 365.2425}
LEAD: Final = "MDC_ECG_LEAD_"
AGE: Final = "21612-7"  # LOINC: reported age
MISSING: Final = {"NAN", "NA", "NI", "NULL", "UNK"}  # what writers put where nothing was recorded
MOST_SAMPLES: Final = 10_000_000
LIMB_LIMIT: Final = 0.05  # mV by which II may differ from I + III before a person is told


class Hl7Aecg:
    """Claims XML whose root is AnnotatedECG."""

    name = "hl7_aecg"

    def claims(self, parts: Parts) -> bool:
        """One file that opens an AnnotatedECG element near its top."""
        head = next(iter(parts.values()))[:4096] if len(parts) == 1 else b""
        return ROOT.search(head.replace(b"\0", b"")) is not None

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Subject and times; samples stay text."""
        return self._received(_root(parts), zone)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the XML cannot be parsed, or holds entities.
        BadTrace
            If the rhythm is missing, damaged or contradicts itself.
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
        series = _rhythm(root)
        if series is None:
            raise BadTrace("the file holds no rhythm series, at most an averaged beat")
        flags: list[str] = []
        notes: list[str] = []
        rate, rows = _signals(series, flags, notes)
        if persons_own(series):
            notes.append("measurements that a person made in the file are left out")
        rows, derived = with_limb_leads(rows)
        off = einthoven_residual(rows)
        if off is not None and off > LIMB_LIMIT:
            flags.append("limb_leads_disagree")
            notes.append(f"II differs from I + III by {off:.2f} mV; are the gains right?")
        if any(np.isnan(row).any() for row in rows.values()):
            flags.append("gaps")
        names = in_order(list(rows))
        trace = Trace(
            millivolts=np.stack([rows[name] for name in names]),
            rate=rate,
            leads=tuple(names),
            derived=derived,
            device=device_says(series, *_machine(series)),
            origin=self.name,
            notes=tuple(notes),
            calibrated="not_calibrated" not in flags,
        )
        said = _declared_seconds(series)
        if said is not None and trace.seconds < said - 2 / rate:
            raise BadTrace(
                f"truncated: the series says {said:g} s, its samples last {trace.seconds:g} s; "
                "ask for the file to be sent again"
            )
        return trace, tuple(dict.fromkeys(flags))


def _root(parts: Parts) -> etree._Element:
    return without_namespaces(parse_xml(next(iter(parts.values()), b"")))


def _attribute(element: etree._Element | None, path: str, name: str) -> str:
    found = None if element is None else element.find(path)
    return "" if found is None else str(found.get(name) or "").strip()


def _rhythm(root: etree._Element) -> etree._Element | None:
    """The longest rhythm series; derived series stand inside it and are never looked into."""
    found = [
        one
        for one in root.iterfind("component/series")
        if _attribute(one, "code", "code").upper() == "RHYTHM"
    ]
    return max(found, key=lambda one: _declared_seconds(one) or 0.0, default=None)


def _signals(
    series: etree._Element, flags: list[str], notes: list[str]
) -> tuple[float, dict[str, NDArray[np.float32]]]:
    sets = list(series.iterfind("component/sequenceSet"))
    if len(sets) != 1:
        raise BadTrace(f"the rhythm series holds {len(sets)} sets of leads; expected one")
    rate, rows = 0.0, {}
    for sequence in sets[0].iterfind("component/sequence"):
        code = _attribute(sequence, "code", "code")
        value = sequence.find("value")
        if value is None:
            continue
        if code.upper().startswith("TIME_"):
            rate = _rate(value)
            continue
        name = lead_of(code, "", "") or code.upper().removeprefix(LEAD) or "unnamed"
        if name in rows:
            raise BadTrace(f"lead {name} stands twice in the rhythm series")
        rows[name] = _lead(name, value, flags, notes)
    lengths = sorted({len(row) for row in rows.values()})
    if len(lengths) != 1 or not rate:
        raise BadTrace(
            f"the rhythm has leads of {lengths or 'no'} samples and a rate of {rate:g} Hz; "
            "expected leads of one length and the time between samples"
        )
    return rate, rows


def _rate(value: etree._Element) -> float:
    unit = _attribute(value, "increment", "unit")
    step = _number(_attribute(value, "increment", "value"))
    scale = SECONDS.get(unit.upper())
    if not str(value.get(TYPE, "")).startswith("GLIST") or step is None or scale is None:
        raise BadTrace(
            f"time between samples: {step} {unit or 'without unit'}; expected a generated list "
            "with an increment in s, ms or us"
        )
    if not 1e-6 <= step * scale <= 1.0:
        raise BadTrace(f"a sample every {step * scale:g} s is no ECG; is the unit right?")
    return round(1.0 / (step * scale), 6)


def _lead(
    name: str, value: etree._Element, flags: list[str], notes: list[str]
) -> NDArray[np.float32]:
    words = (value.findtext("digits") or "").split()
    if not words or len(words) > MOST_SAMPLES:
        raise BadTrace(f"lead {name} holds {len(words)} samples; expected some seconds of them")
    try:
        steps = np.array(list(map(float, words)))
    except ValueError:
        steps = np.array([_step(name, word) for word in words])
    if np.isinf(steps).any():
        raise BadTrace(f"lead {name}: a sample is no number; ask for the file again")
    scale, unit = _number(_attribute(value, "scale", "value")), _attribute(value, "scale", "unit")
    origin = _number(_attribute(value, "origin", "value") or "0")
    own = _attribute(value, "origin", "unit") or unit
    known = unit.upper() in MILLIVOLTS and own.upper() in MILLIVOLTS
    if not scale or origin is None or not known:
        flags.append("not_calibrated")
        notes.append(f"{name} is not calibrated; its numbers are stored counts / 1000")
        signal = steps * 1e-3
    else:
        signal = steps * scale * MILLIVOLTS[unit.upper()] + origin * MILLIVOLTS[own.upper()]
    if np.nanmax(np.abs(signal), initial=0.0) > np.finfo(np.float32).max:
        raise BadTrace(f"lead {name}: samples beyond all measure; ask for the file again")
    return signal.astype(np.float32)


def _step(name: str, word: str) -> float:
    if word.upper() in MISSING:
        return float("nan")
    try:
        return float(word)
    except ValueError:
        raise BadTrace(f"lead {name}: a sample reads {word[:20]!r}; expected a number") from None


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _moment(word: str) -> tuple[datetime | None, tzinfo | None]:
    """An HL7 time such as 20021122091000.000+0800: the wall clock, and its zone if written."""
    return wall_clock(word[:8], word[8:]), offset(word[12:])


def _declared_seconds(series: etree._Element) -> float | None:
    low, _ = _moment(_attribute(series, "effectiveTime/low", "value"))
    high, _ = _moment(_attribute(series, "effectiveTime/high", "value"))
    return None if low is None or high is None else (high - low).total_seconds()


def _machine(series: etree._Element) -> tuple[str, str]:
    text = Text(series)
    maker = text.one("author/seriesAuthor/manufacturerOrganization/name")
    return maker, text.one("author/seriesAuthor/manufacturedSeriesDevice/manufacturerModelName")


def _header(text: Text, zone: tzinfo | None) -> tuple[ArrivalHeader, datetime | None]:
    root = text.element
    series = _rhythm(root)
    times = [_attribute(series, "effectiveTime/low", "value")]
    times += [_attribute(root, f"effectiveTime/{at}", "value") for at in ("low", "center")]
    at = next((word for word in (*times, _attribute(root, "effectiveTime", "value")) if word), "")
    wall, own = _moment(at)
    start = placed(wall, own or zone)
    subject = "componentOf/timepointEvent/componentOf/subjectAssignment/subject/trialSubject"
    person = f"{subject}/subjectDemographicPerson"
    trial = "componentOf/timepointEvent/componentOf/subjectAssignment/componentOf/clinicalTrial"
    sex = _attribute(root, f"{person}/administrativeGenderCode", "code").upper()
    maker, model = ("", "") if series is None else _machine(series)
    header = ArrivalHeader(
        patient_id=_attribute(root, f"{subject}/id", "extension"),
        name=text.person(f"{person}/name"),
        name_raw=text.raw(f"{person}/name"),
        sex=sex if sex in {"M", "F"} else "",
        birth_date=day(_attribute(root, f"{person}/birthTime", "value")),
        age_years=_age(root),
        modality="ECG",
        exam_start=start,
        device_clock=wall.isoformat() if wall else "",
        clock_source=("file" if own else "site") if start else "",
        institution=text.one("location/testingSite/location/name")
        or text.one(f"{trial}/location/trialSite/location/name"),
        station=model,
        manufacturer=maker,
        model=model,
        referring=text.one("pertainsTo/subjectFindingComment/text"),
        tags=MappingProxyType({"document": _attribute(root, "id", "root")}),
    )
    return header, wall


def _age(root: etree._Element) -> float | None:
    for one in root.iterfind("controlVariable/relatedObservation"):
        if _attribute(one, "code", "code") == AGE:
            years = _number(_attribute(one, "value", "value"))
            per_year = PER_YEAR.get(_attribute(one, "value", "unit").upper())
            if years is not None and per_year and 0 <= years / per_year <= 150:
                return round(years / per_year, 3)
    return None
