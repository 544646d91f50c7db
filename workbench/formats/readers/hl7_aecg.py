"""ECGs from HL7 annotated ECG (FDA profile, version 1 and 2): the rhythm series, never a beat."""

import re
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Final

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import Trace
from workbench.formats.aecg_annotations import device_says, persons_own
from workbench.formats.clock import day, ended, offset, wall_clock
from workbench.formats.leads import lead_of
from workbench.formats.received_ecg import clock_of, received_xml, trace_of_leads, with_trace
from workbench.formats.safe_xml import Text, attribute, number, only_document

ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?AnnotatedECG[\s>/]")
TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
MILLIVOLTS: Final = {"UV": 1e-3, "MV": 1.0, "V": 1e3, "NV": 1e-6}
SECONDS: Final = {"S": 1.0, "MS": 1e-3, "US": 1e-6}
PER_YEAR: Final = {"A": 1.0, "MO": 12.0, "WK": 52.1775, "D": 365.2425}
LEAD: Final = "MDC_ECG_LEAD_"
AGE: Final = "21612-7"  # LOINC: reported age
MISSING: Final = {"NAN", "NA", "NI", "NULL", "UNK"}  # what writers put where nothing was recorded
MOST_SAMPLES: Final = 10_000_000


class Hl7Aecg:
    """Claims XML whose root is AnnotatedECG."""

    name = "hl7_aecg"

    def claims(self, parts: Parts) -> bool:
        """One file that opens an AnnotatedECG element near its top."""
        head = next(iter(parts.values()))[:4096] if len(parts) == 1 else b""
        return ROOT.search(head.replace(b"\0", b"")) is not None

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Subject and times; samples stay text."""
        return self._received(only_document(parts), zone)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the XML cannot be parsed, or holds entities.
        BadTrace
            If the rhythm is missing, damaged or contradicts itself.
        """
        root = only_document(parts)
        return with_trace(self._received(root, zone), *self._trace(root))

    def _received(self, root: etree._Element, zone: tzinfo | None) -> Received:
        text = Text(root)
        return received_xml(self.name, _header(text, zone), text)

    def _trace(self, root: etree._Element) -> tuple[Trace, tuple[str, ...]]:
        series = _rhythm(root)
        if series is None:
            raise BadTrace("the file holds no rhythm series, at most an averaged beat")
        flags: list[str] = []
        notes: list[str] = []
        rate, rows = _signals(series, flags, notes)
        if persons_own(series):
            notes.append("measurements that a person made in the file are left out")
        trace, found = trace_of_leads(
            rows, rate, self.name, device=device_says(series, *_machine(series)), flags=flags,
            notes=notes,
        )  # fmt: skip
        said = _declared_seconds(series)
        if said is not None and trace.seconds < said - 2 / rate:
            raise BadTrace(
                f"truncated: the series says {said:g} s, its samples last {trace.seconds:g} s; "
                "ask for the file to be sent again"
            )
        return trace, found


def _rhythm(root: etree._Element) -> etree._Element | None:
    """The longest rhythm series; derived series stand inside it and are never looked into."""
    found = [
        one
        for one in root.iterfind("component/series")
        if attribute(one, "code", "code").upper() == "RHYTHM"
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
        code = attribute(sequence, "code", "code")
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
    unit = attribute(value, "increment", "unit")
    step = number(attribute(value, "increment", "value"))
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
    scale, unit = number(attribute(value, "scale", "value")), attribute(value, "scale", "unit")
    origin = number(attribute(value, "origin", "value") or "0")
    own = attribute(value, "origin", "unit") or unit
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


def _moment(word: str) -> tuple[datetime | None, tzinfo | None]:
    """An HL7 time such as 20021122091000.000+0800: the wall clock, and its zone if written."""
    return wall_clock(word[:8], word[8:]), offset(word[12:])


def _declared_seconds(series: etree._Element) -> float | None:
    low, _ = _moment(attribute(series, "effectiveTime/low", "value"))
    high, _ = _moment(attribute(series, "effectiveTime/high", "value"))
    return None if low is None or high is None else (high - low).total_seconds()


def _seconds(series: etree._Element) -> float | None:
    """Length by the count of samples of the first lead, else by the times that are declared."""
    step, count = None, 0
    for sequence in series.iterfind("component/sequenceSet/component/sequence"):
        value = sequence.find("value")
        if value is None:
            continue
        if attribute(sequence, "code", "code").upper().startswith("TIME_"):
            try:
                step = 1.0 / _rate(value)
            except BadTrace:
                break
        else:
            count = count or len((value.findtext("digits") or "").split())
        if step and count:
            return count * step
    return _declared_seconds(series)


def _machine(series: etree._Element) -> tuple[str, str]:
    text = Text(series)
    maker = text.one("author/seriesAuthor/manufacturerOrganization/name")
    return maker, text.one("author/seriesAuthor/manufacturedSeriesDevice/manufacturerModelName")


def _header(text: Text, zone: tzinfo | None) -> ArrivalHeader:
    root = text.element
    series = _rhythm(root)
    times = [attribute(series, "effectiveTime/low", "value")]
    times += [attribute(root, f"effectiveTime/{at}", "value") for at in ("low", "center")]
    at = next((word for word in (*times, attribute(root, "effectiveTime", "value")) if word), "")
    wall, own = _moment(at)
    subject = "componentOf/timepointEvent/componentOf/subjectAssignment/subject/trialSubject"
    person = f"{subject}/subjectDemographicPerson"
    trial = "componentOf/timepointEvent/componentOf/subjectAssignment/componentOf/clinicalTrial"
    sex = attribute(root, f"{person}/administrativeGenderCode", "code").upper()
    clock = clock_of(wall, own, zone)
    maker, model = ("", "") if series is None else _machine(series)
    return ArrivalHeader(
        patient_id=attribute(root, f"{subject}/id", "extension"),
        name=text.person(f"{person}/name"),
        name_raw=text.raw(f"{person}/name"),
        sex=sex if sex in {"M", "F"} else "",
        birth_date=day(attribute(root, f"{person}/birthTime", "value")),
        age_years=_age(root),
        modality="ECG",
        **clock,
        exam_end=ended(clock["exam_start"], None if series is None else _seconds(series)),
        institution=text.one("location/testingSite/location/name")
        or text.one(f"{trial}/location/trialSite/location/name"),
        station=model,
        manufacturer=maker,
        model=model,
        referring=text.one("pertainsTo/subjectFindingComment/text"),
        tags=MappingProxyType({"document": attribute(root, "id", "root")}),
    )


def _age(root: etree._Element) -> float | None:
    for one in root.iterfind("controlVariable/relatedObservation"):
        if attribute(one, "code", "code") == AGE:
            years = number(attribute(one, "value", "value"))
            per_year = PER_YEAR.get(attribute(one, "value", "unit").upper())
            if years is not None and per_year and 0 <= years / per_year <= 150:
                return round(years / per_year, 3)
    return None
