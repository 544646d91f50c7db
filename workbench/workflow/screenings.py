"""The automatic look at an exam: display copies, measurements, flags; may be run twice."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from workbench.domain.context import OLDEST, SEXES, PatientContext
from workbench.domain.errors import BadImage, WorkbenchError
from workbench.domain.event import Event, EventKind
from workbench.domain.exam import Exam, ExamMove, ExamState, ScreeningStatus
from workbench.domain.exposure_band import ExposureLimits
from workbench.domain.finding import Gate, Screening
from workbench.domain.kinds import ExamKind
from workbench.domain.lead_names import LeadNames
from workbench.domain.patient import age_on
from workbench.domain.received import Received
from workbench.formats import beat_copy, display_copy, picture_copy, sniff
from workbench.formats.film_flags import FILM_FLAGS
from workbench.radiograph.copies import Fingerprint
from workbench.screening.dr_exposure import SCREENER, VERSION, refuse_film
from workbench.screening.ecg_beat import BeatLook
from workbench.screening.film_print import print_of
from workbench.screening.screen import screen_and_average
from workbench.store import (
    audit,
    events,
    exams,
    instances,
    lead_names,
    orders,
    patients,
    screenings,
    sites,
)
from workbench.store.database import Connection
from workbench.store.instances import DisplayCopy, Instance
from workbench.workflow import (
    arrival_times,
    exposure_bands,
    film_copies,
    flags,
    models,
    retakes,
    tracings,
)
from workbench.workflow.prior_tracings import judge_later_ones, prior_tracing
from workbench.workflow.severity import worst_open
from workbench.workflow.station import Station

log = logging.getLogger(__name__)
WORKER = "worker"


class ScreenerBroke(WorkbenchError):
    """The program, not the file, was at fault; worth another try."""

    template = "The screening of exam {exam} stopped with an internal error."


@dataclass(frozen=True, slots=True)
class _Look:
    """What one file gave: its copies, what the screener said, and whether anything broke."""

    instance: Instance
    copies: Sequence[DisplayCopy]
    said: Screening
    failed: bool
    broken: bool = False  # by a fault of ours, not of the file
    refused: bool = False  # as a film: what an earlier edition showed of it is not to be read
    flags: tuple[str, ...] = ()  # what reading the whole file showed
    end: datetime | None = None  # by the device's clock, where only the samples tell
    others: tuple[Screening, ...] = ()  # what models from outside said
    mine: Fingerprint | None = None  # of a film: by it the same picture is known again


def screen_exam(station: Station, exam_id: str) -> None:
    """Look at every file of an exam that has no result yet, and put the exam on the list.

    A tracing of before averaged beats counts as one without a result, and so does a film whose
    copies an earlier edition made, or that an earlier version of its screener judged.
    """
    with station.store.look() as conn:
        exam = exams.get(conn, exam_id, None)
        context, zone = _context(conn, station, exam)
        names = lead_names.standing(conn, exam_id)
        facts = _facts(exam, context) + tracings.facts_of(names)
        done = screenings.done_for(conn, exam_id, facts)
        done -= instances.without_beat(instances.copies(conn, exam_id))
        old = instances.films_of_before(conn, display_copy.EDITION, exam_id)
        done -= {instance_id for _exam, instance_id in old}
        done -= screenings.judged_before(conn, exam_id, (SCREENER, VERSION))
        todo = [i for i in instances.of_exam(conn, exam_id) if i.id not in done]
    if not todo and exam.state is not ExamState.RECEIVED:
        return  # asked again for what is done: nothing happened, so nothing is noted
    looks = [_look(station, i, context, (zone, names.get(i.id))) for i in todo]
    with station.store.change() as conn:
        before = exams.get(conn, exam_id, None, lock=True)
        _write(conn, station, before, looks, facts)
    if any(look.broken for look in looks):
        # The exam is on the list, sorted up; the job engine tries again a few times.
        raise ScreenerBroke(exam=exam_id)


def _facts(exam: Exam, context: PatientContext) -> str:
    """The patient's facts a result depends on: of a film only the age, a child is not judged."""
    if exam.kind is ExamKind.ECG:
        return context.digest
    return "" if context.age_years is None else f"age {context.age_years:g}"


def _context(conn: Connection, station: Station, exam: Exam) -> tuple[PatientContext, ZoneInfo]:
    site, patient = sites.get(conn, exam.site_code), patients.get(conn, exam.patient_id)
    order = orders.get(conn, exam.order_id) if exam.order_id else None
    zone = ZoneInfo(site.time_zone)
    day = exam.taken_at.astimezone(zone).date()
    stated = _stated_age(conn, exam) if patient.birth_date is None else None
    age = age_on(patient.birth_date, day) if stated is None else stated
    context = PatientContext(
        age_years=age if age is not None and age <= OLDEST else None,
        age_by_device=stated is not None,
        sex=patient.sex if patient.sex in SEXES else None,
        profile=site.profile,
        chest_pain=order.chest_pain if order else PatientContext().chest_pain,
        syncope=order.syncope if order else PatientContext().syncope,
        potassium=order.potassium if order else None,
        prior=prior_tracing(conn, station, exam, zone),
    )
    return context, zone


def _stated_age(conn: Connection, exam: Exam) -> float | None:
    """What the files say of the age; two that differ say nothing."""
    said = [one.header.get("age_years") for one in instances.of_exam(conn, exam.id)]
    told = {float(age) for age in said if age is not None}
    return told.pop() if len(told) == 1 else None


def _look(
    station: Station,
    instance: Instance,
    context: PatientContext,
    known: tuple[ZoneInfo, LeadNames | None],
) -> _Look:
    """One file; whatever goes wrong ends as "not assessed, because", never as silence."""
    zone, names = known
    data = {p.name: station.blobs.read(p.sha256) for p in instance.parts}
    copies: list[DisplayCopy] = []
    try:
        received = tracings.as_named(sniff.read(data, zone), names, zone)
        copies = _copies(station, instance, received, names)
        asked = station.settings.second_opinions
        limits = ExposureLimits(instance.site_code, exposure_bands.bands_of(station))
        said, beat = screen_and_average(
            received, context, instance.sha256, opinions=asked, limits=limits
        )
        copies = _with_beat(station, copies, received, beat)
        failed = not said.assessed and said.gate.accepted
        told = received.flags
        if received.trace is None:  # the header's flags are on the exam since its arrival
            told = tuple(flag for flag in told if flag in FILM_FLAGS)
        end = received.header.exam_end
        others = _models(station, instance, received, said)
        mine = None if received.image is None else print_of(received.image)
        return _Look(instance, copies, said, failed, flags=told, end=end, others=others, mine=mine)
    except BadImage as error:
        return _Look(
            instance, copies, refuse_film(error, instance.sha256), failed=True, refused=True
        )
    except WorkbenchError as error:
        return _Look(instance, copies, _not_assessed(instance, str(error)), failed=True)
    except Exception as error:  # noqa: BLE001 - a screener that breaks must not hide the exam
        # The type only: the text of a foreign error may hold values of the file.
        log.error("screening of instance %s failed: %s", instance.id, type(error).__name__)  # noqa: TRY400
        reason = f"the screener stopped with an internal error ({type(error).__name__})"
        return _Look(instance, copies, _not_assessed(instance, reason), failed=True, broken=True)


def _models(
    station: Station, instance: Instance, received: Received, said: Screening
) -> tuple[Screening, ...]:
    if received.image is None:
        return ()
    return models.look(station, instance.site_code, (received.image, instance.sha256, said.gate))


def _copies(
    station: Station, instance: Instance, received: Received, names: LeadNames | None
) -> list[DisplayCopy]:
    made: list[tuple[str, bytes, dict[str, object]]] = []
    if received.image is not None:
        meta = display_copy.film_meta(received.image)
        small: dict[str, object] = {"edition": display_copy.EDITION}
        pictures = display_copy.film_pictures(received.image)
        made.append(("preview", pictures["preview"], meta))
        made.append(("phone", pictures["phone"], small))
        made.append(("full", display_copy.film_full(received.image), meta))
    if received.trace is not None:
        meta = display_copy.trace_meta(received.trace) | tracings.naming(names)
        meta["gate"] = tracings.gate(received.trace)
        made.append(("trace", display_copy.trace_samples(received.trace), meta))
    if received.picture is not None:
        meta = picture_copy.picture_meta(received.picture)
        made.append(("picture", picture_copy.picture_jpeg(received.picture), meta))
    return [_stored(station, instance.id, form, data, meta) for form, data, meta in made]


def _with_beat(
    station: Station, copies: list[DisplayCopy], received: Received, look: BeatLook | None
) -> list[DisplayCopy]:
    """The averaged beat beside the trace, or on the trace why there is none."""
    if look is None or received.trace is None:
        return copies
    if look.beat is None or look.waves is None:
        return [replace(one, meta={**one.meta, "no_beat": look.reason}) for one in copies]
    meta = beat_copy.beat_meta(received.trace, look.beat, look.waves, look.rr_ms)
    data = beat_copy.beat_samples(look.beat)
    return [*copies, _stored(station, copies[0].instance_id, "beat", data, meta)]


def _stored(
    station: Station, instance_id: str, form: str, data: bytes, meta: dict[str, object]
) -> DisplayCopy:
    blob = station.blobs.put(data)
    return DisplayCopy(
        instance_id=instance_id, form=form, sha256=blob.sha256, size=blob.size, meta=meta
    )


def _not_assessed(instance: Instance, reason: str) -> Screening:
    return Screening(
        screener="workbench", version="", rulebook="", digest=instance.sha256, modality="unknown",
        assessed=False, reason=reason, gate=Gate(accepted=False, notes=(reason,)),
    )  # fmt: skip


def _end(before: Exam, looks: Sequence[_Look]) -> datetime | None:
    """The end of an exam whose headers told none; what was reported keeps its times."""
    told = [look.end for look in looks if look.end is not None]
    if before.exam_end is not None or before.state is ExamState.RELEASED or not told:
        return before.exam_end
    return max(told)


def _write(
    conn: Connection, station: Station, before: Exam, looks: Sequence[_Look], facts: str
) -> None:
    now = station.now()
    earlier = screenings.of_exam(conn, before.id)
    measured = False
    for look in looks:
        said, place = look.said, (before.id, look.instance.id)
        if look.mine is not None:
            of = before, look.instance
            said = film_copies.looked_up(conn, of, look.mine, said, now)
        if screenings.add(conn, station.fresh(), place, said, now, facts):
            was = [f for s in earlier if s.digest == said.digest for f in s.findings]
            flags.raised(conn, station, before, said.findings, was)
            retakes.raised(conn, station, before, look.instance, said)
            measured = True
        models.keep(conn, station, (before, look.instance.id), look.others, facts)
        for copy in look.copies:
            instances.set_copy(conn, copy)
        forms = {copy.form for copy in look.copies}
        if "trace" in forms and "beat" not in forms:  # an earlier one has other names or reasons
            instances.drop_copy(conn, look.instance.id, "beat")
        for form in ("preview", "phone", "full") if look.refused else ():
            instances.drop_copy(conn, look.instance.id, form)
    failed = any(look.failed for look in looks)
    status = before.screening
    if looks:
        status = ScreeningStatus.FAILED if failed else ScreeningStatus.DONE
    after = before.moved(ExamMove.SCREEN)
    severity = worst_open(conn, before)
    told = tracings.exam_flags(
        before.flags, [f for look in looks for f in look.flags], instances.copies(conn, before.id)
    )
    if measured:
        judge_later_ones(conn, station, before)
    end = _end(before, looks)
    after = replace(after, screening=status, severity=severity, flags=told, exam_end=end)
    exams.move(conn, before, after)
    if end != before.exam_end:
        arrival_times.stamp(conn, before, (None, end), WORKER, None)
    stamp = Event(
        exam_id=before.id, kind=EventKind.SCREENED, at=now, actor=WORKER, site_code=before.site_code
    )
    events.stamp(conn, stamp)
    audit.note(
        conn, now, chain=before.site_code, actor=WORKER, act="exam.screen",
        object=f"exam/{before.id}", detail={"files": len(looks), "status": status},
    )  # fmt: skip
