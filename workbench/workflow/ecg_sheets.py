"""What stands on the paper of a tracing, gathered from its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbench import editions, language
from workbench.domain.beat import BeatMeasurement, outdated
from workbench.domain.ecg_sheet import EcgLook, EcgSheet, MeasuredBy, SheetNumbers, SheetReading
from workbench.domain.exam import Exam
from workbench.domain.finding import Finding, Screening, Severity
from workbench.domain.lead_names import LeadNames
from workbench.domain.report_page import PagePatient, ReportPage
from workbench.ecg.beat_marks import leads_of_copy, measure
from workbench.ecg.paper import PAGE_SECONDS
from workbench.formats.trace_copy import read_trace
from workbench.store import accounts, beats, instances, lead_names, screenings
from workbench.store.database import Connection
from workbench.store.instances import DisplayCopy
from workbench.workflow.station import Station

TRACE, BEAT = "trace", "beat"
BEFORE_S = 2.0  # a finding is shown with what led to it
WHOLE = 0.8  # of the recording: beyond, a finding does not say where to look


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is the same for all tracings of an exam."""

    examining: str
    reading: str
    patient: PagePatient
    demo: bool
    time_zone: str
    report: SheetReading | None = None
    printed_at: datetime | None = None
    printed_by: str = ""
    until: datetime | None = None  # what readers measured later does not belong to this paper


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was measured and said about the recordings of one exam."""

    copies: Mapping[tuple[str, str], DisplayCopy]
    digests: Mapping[str, str]
    screenings: Sequence[Screening]
    rows: Sequence[BeatMeasurement]
    namings: Sequence[LeadNames]
    people: Mapping[str, str]


def of_exam(
    conn: Connection, station: Station, exam: Exam, around: Around, lang: str
) -> tuple[EcgSheet, ...]:
    """Every tracing of an exam as a report shows it: unfiltered, at 25 mm/s and 10 mm/mV."""
    said = _said(conn, exam, around.until)
    return tuple(
        _sheet(station, exam, key, None, (around, said), lang)
        for key, form in said.copies
        if form == TRACE
    )


def of_report(
    conn: Connection, station: Station, exam: Exam, page: ReportPage, lang: str
) -> tuple[EcgSheet, ...]:
    """The tracings under a signed version; a report of another kind has none."""
    first = page.signature
    around = Around(
        examining=page.examining, reading=page.reading, patient=page.patient, demo=page.demo,
        time_zone=page.time_zone,
        report=SheetReading(
            mark=page.mark, impression=page.impression, doctor=first.name,
            signed_at=first.signed_at, addenda=len(page.addenda),
        ) if first else None,
        until=max((a.signature.signed_at for a in page.addenda), default=None)
        or (first.signed_at if first else None),
    )  # fmt: skip
    return of_exam(conn, station, exam, around, lang)


def of_instance(
    conn: Connection, station: Station, exam: Exam, shown: tuple[str, EcgLook], around: Around,
    lang: str,
) -> EcgSheet:  # fmt: skip
    """One tracing with the look it has on the screen: `shown` is (instance id, look)."""
    key, look = shown
    return _sheet(station, exam, key, look, (around, _said(conn, exam, around.until)), lang)


def _said(conn: Connection, exam: Exam, until: datetime | None) -> _Said:
    rows = [r for r in beats.of_exam(conn, exam.id) if until is None or r.at <= until]
    return _Said(
        copies={(c.instance_id, c.form): c for c in instances.copies(conn, exam.id)},
        digests={f.id: f.sha256 for f in instances.of_exam(conn, exam.id)},
        screenings=screenings.of_exam(conn, exam.id),
        rows=rows,
        namings=lead_names.of_exam(conn, exam.id),
        people={by: _name(conn, by) for by in {one.by for one in rows}},
    )


def _name(conn: Connection, username: str) -> str:
    account = accounts.find(conn, username)
    return account.actor.name if account else username


def _sheet(
    station: Station, exam: Exam, key: str, look: EcgLook | None, known: tuple[Around, _Said],
    lang: str,
) -> EcgSheet:  # fmt: skip
    around, said = known
    copy, digest = said.copies[key, TRACE], said.digests[key]
    trace = read_trace(station.blobs.read(copy.sha256), copy.meta)
    own = [s for s in said.screenings if s.digest == digest]
    if look is None:
        look = EcgLook(from_s=_telling_start(own, trace.seconds))
    return EcgSheet(
        trace=trace, look=look, examining=around.examining, reading=around.reading,
        patient=around.patient, demo=around.demo, accession=exam.accession,
        exam_at=exam.exam_end or exam.exam_start, received_at=exam.received_at,
        numbers=_numbers(station, key, said, own),
        statements=trace.device.statements, messages=_messages(copy.meta, own, lang),
        report=around.report, printed_at=around.printed_at, printed_by=around.printed_by,
        time_zone=around.time_zone, digest=digest,
    )  # fmt: skip


def _telling_start(said: Sequence[Screening], seconds: float) -> float:
    """Where the ten seconds begin that a report shows: at the gravest finding with a place."""
    order = list(Severity)
    placed = [
        f
        for s in said
        for f in s.findings
        if "from_s" in f.place
        and "to_s" in f.place
        and float(f.place["to_s"]) - float(f.place["from_s"]) < WHOLE * seconds
    ]
    if not placed or seconds <= PAGE_SECONDS:
        return 0.0
    gravest = min(placed, key=lambda f: order.index(f.severity))
    start = float(gravest.place["from_s"]) - BEFORE_S
    return float(int(max(0.0, min(start, seconds - PAGE_SECONDS))))


def _numbers(
    station: Station, key: str, said: _Said, own: Sequence[Screening]
) -> tuple[SheetNumbers, ...]:
    found = []
    kept = beats.standing(said.rows).get(key)
    if kept is not None:
        now = said.copies.get((key, BEAT))
        beat = None if now is None else (now.sha256, now.meta["leads"])
        why = outdated(kept, said.rows, beat, said.namings)
        found.append(
            SheetNumbers(
                by=MeasuredBy.READER, values=_known(kept.standing_values(why)),
                person=said.people.get(kept.by, kept.by), at=kept.at, outdated=why,
            )
        )  # fmt: skip
    engine = _engine(station, said.copies.get((key, BEAT)), own)
    if engine is not None:
        found.append(engine)
    meta = said.copies[key, TRACE].meta.get("device") or {}
    device = _known(meta.get("measurements") or {})
    if device:
        maker = f"{meta.get('maker') or ''} {meta.get('model') or ''}".strip()
        found.append(SheetNumbers(by=MeasuredBy.DEVICE, values=device, person=maker))
    return tuple(found)


def _engine(
    station: Station, beat: DisplayCopy | None, own: Sequence[Screening]
) -> SheetNumbers | None:
    """What was measured without a person; nothing from a recording that may not be judged."""
    accepted = [s for s in own if s.gate.accepted]
    if not accepted:
        return None
    values: dict[str, float] = {}
    name = ""
    if beat is not None:
        meta = beat.meta
        leads = leads_of_copy(station.blobs.read(beat.sha256), meta)
        values = _known(
            measure(
                leads, meta["rate"], meta["marks"], meta["rr_ms"], calibrated=meta["calibrated"]
            )
        )
        name = f"{meta['engine']['name']} {meta['engine']['version']}"
    for one in (m for s in accepted for m in s.measurements):
        if one.value is not None and one.error is None:
            values.setdefault(one.name, one.value)
    return SheetNumbers(by=MeasuredBy.ENGINE, values=values, person=name) if values else None


def _known(values: Mapping[str, Any]) -> dict[str, float]:
    """Single numbers that were measured; tables by lead and gaps are left out."""
    return {
        name: float(value)
        for name, value in values.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _messages(meta: Mapping[str, Any], own: Sequence[Screening], lang: str) -> tuple[str, ...]:
    """What intake, gate and screening say against this recording."""
    _ = language.translator(lang)
    found = []
    for fault in meta.get("gate") or ():
        key = f"Flag{language.CONTEXT_MARK}{fault['code']}"
        found.append(f"{_(key)}{_(': ')}{_clauses(str(fault['text']), _)}")
    for said in own:
        if said.reason:
            found.append(_clauses(said.reason, _))
        found += [_spoken(f, lang, _) for f in said.quality]
        found += [_(note) for note in said.gate.notes]
    return (*found, *(_(str(note)) for note in meta.get("notes") or ()))


def _clauses(text: str, _: Callable[[str], str]) -> str:
    return _("; ").join(_(clause) for clause in text.split("; "))


def _spoken(finding: Finding, lang: str, _: Callable[[str], str]) -> str:
    term = editions.finding_terms().get(finding.code)
    text = finding.code if term is None else (term.zh if lang == "zh_CN" else term.en)
    said = _clauses(finding.evidence, _) if finding.evidence else ""
    return f"{text}{_(': ')}{said}" if said else text
