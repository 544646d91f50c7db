"""Requests: written by the clinic before or after the exam arrives."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, NotFound, Stale
from workbench.domain.event import Event, EventKind
from workbench.domain.exam import Exam
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Known, Order, Urgency
from workbench.store import audit, events, exams, jobs, orders, sites
from workbench.store.database import Connection
from workbench.workflow.station import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a clinic may correct in a request after it was written."""

    chest_pain: Known
    syncope: Known
    potassium: float | None
    urgency: Urgency


def place(station: Station, actor: Actor, order: Order) -> Order:
    """Write a request of the own institution; identity and time are ours, not the form's.

    An exam that came under its accession number until now is joined, as one that comes later is.
    """
    actor.check(Act.ORDER_WRITE)
    now = station.now()
    new = replace(
        order, id=station.fresh(), site_code=actor.site_code, created_by=actor.username,
        created_at=now, exam_id=None,
    )  # fmt: skip
    with station.store.change() as conn:
        exam_id = order.exam_id
        if exam_id:  # locked first, as in every act on an exam: its images may still come
            exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()), lock=True)
        elif new.accession:
            orders.queue_up(conn, new.site_code, new.kind, new.accession)
            exam_id = orders.arrived_for(conn, new.site_code, new.kind, new.accession)
        orders.add(conn, new)
        audit.note(
            conn, now, chain=actor.site_code, actor=actor.username, act=Act.ORDER_WRITE,
            object=f"order/{new.id}", detail={"kind": new.kind, "urgency": new.urgency},
        )  # fmt: skip
        if exam_id:
            _attach(conn, station, actor, new, exam_id)
    return replace(new, exam_id=exam_id)


def attach(station: Station, actor: Actor, order_id: str, exam_id: str) -> None:
    """Join a request and an exam that arrived without it."""
    actor.check(Act.ORDER_WRITE)
    with station.store.change() as conn:
        _attach(conn, station, actor, _own(conn, actor, order_id), exam_id)


def check_free(station: Station, actor: Actor, order_id: str) -> Order:
    """The request; raises unless it is the own institution's and waits for its exam."""
    actor.check(Act.ORDER_WRITE)
    with station.store.look() as conn:
        found = _own(conn, actor, order_id)
    if found.exam_id is not None:
        raise Stale("order", order_id)
    return found


def _own(conn: Connection, actor: Actor, order_id: str, *, lock: bool = False) -> Order:
    order = orders.get(conn, order_id, lock=lock)
    if order.site_code != actor.site_code:
        raise NotFound("order", order_id)
    return order


def own(station: Station, actor: Actor, days: int = 7, *, unattached: bool = False) -> list[Order]:
    """Requests of the actor's institution."""
    actor.check(Act.ORDER_WRITE)
    with station.store.look() as conn:
        since = station.now() - timedelta(days=days)
        return orders.of_site(conn, actor.site_code, since, unattached=unattached)


def correct(station: Station, actor: Actor, order_id: str, facts: Facts) -> Order:
    """The clinic learns more, or erred: symptoms, potassium, urgency; what stood is in the audit.

    A result that depends on them is judged again. A signed report keeps the request it was signed
    with.
    """
    actor.check(Act.ORDER_WRITE)
    while True:
        with station.store.change() as conn:
            scope = sites.scope_of(conn, actor, station.today())
            seen = _own(conn, actor, order_id)
            exam = seen.exam_id and exams.get(conn, seen.exam_id, scope, lock=True)
            before = _own(conn, actor, order_id, lock=True)
            if before.exam_id == seen.exam_id:  # else its exam came meanwhile, and is locked first
                return _correct(conn, station, actor, (before, exam or None), facts)


def _correct(
    conn: Connection,
    station: Station,
    actor: Actor,
    held: tuple[Order, Exam | None],
    facts: Facts,
) -> Order:
    before, exam = held
    after = replace(before, **asdict(facts))
    changed = {n: v for n, v in asdict(facts).items() if getattr(before, n) != v}
    if not changed:
        return before
    orders.correct(conn, after)
    if exam is not None:
        if exam.urgency is not after.urgency:
            exam = _urgency(conn, exam, after)
        _judge_again(conn, exam)
    audit.note(
        conn, station.now(), chain=actor.site_code, actor=actor.username, act="order.correct",
        object=f"order/{before.id}",
        detail={"was": {name: getattr(before, name) for name in changed}, "now": changed},
    )  # fmt: skip
    return after


def _urgency(conn: Connection, exam: Exam, order: Order) -> Exam:
    moved = replace(exam, urgency=order.urgency)
    exams.move(conn, exam, moved)
    return moved


def _judge_again(conn: Connection, exam: Exam) -> None:
    """The ECG limits depend on the request; the job finds out whether anything changed."""
    if exam.kind is ExamKind.ECG:
        jobs.defer(conn, "screen_exam", {"exam_id": exam.id}, queue="screen", queueing_lock=exam.id)


def _attach(conn: Connection, station: Station, actor: Actor, order: Order, exam_id: str) -> None:
    scope, now = sites.scope_of(conn, actor, station.today()), station.now()
    exam: Exam = exams.get(conn, exam_id, scope, lock=True)
    if exam.kind is not order.kind:
        raise Invalid("kind of exam", exam.kind, f"an exam of kind {order.kind} for this request")
    orders.attach(conn, order.id, exam.id)
    order = orders.get(conn, order.id)  # ours now; it may have been corrected until a moment ago
    exams.move(conn, exam, replace(exam, order_id=order.id, urgency=order.urgency))
    _judge_again(conn, exam)
    stamp = Event(
        exam_id=exam.id, kind=EventKind.ORDERED, at=order.created_at or now, actor=actor.username,
        site_code=actor.site_code,
    )  # fmt: skip
    events.stamp(conn, stamp)
    audit.note(
        conn, now, chain=actor.site_code, actor=actor.username, act="order.attach",
        object=f"order/{order.id}", detail={"exam": exam.id},
    )  # fmt: skip
