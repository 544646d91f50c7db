"""The clinic's page: requests, upload, own exams and reports, and calls to acknowledge."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import traitlets as t
from ipywidgets.widgets import widget_serialization

from workbench.domain.actor import Act, Actor
from workbench.domain.alert import AlertState
from workbench.domain.event import EventKind
from workbench.domain.exam import ExamState
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Known, Order, Urgency
from workbench.editions import finding_terms
from workbench.language import label, translator
from workbench.panels import addresses, retakes, room, words
from workbench.panels.asked import Asked
from workbench.panels.desk import Desk
from workbench.panels.live import Live
from workbench.panels.page import Handler, Page
from workbench.store.clinic import OwnExam, Paper
from workbench.widgets.shell import Shell
from workbench.widgets.texts import SHELL_TEXTS
from workbench.workflow import alerts, clinic, orders
from workbench.workflow.clinic import OwnAlert

DAYS = 7
_SHOWN = (EventKind.EXAM_END, EventKind.RECEIVED, EventKind.FIRST_OPEN, EventKind.RELEASED,
          EventKind.DELIVERED, EventKind.SEEN_BY_SENDER, EventKind.AMENDED, EventKind.RECHECKED,
          EventKind.RETRACTED)  # fmt: skip


def begin(page: Any, actor: Actor, asked: Asked) -> None:
    """The browser is there."""
    room.enter(page, actor, "clinic")
    page.may = {
        "order": actor.may(Act.ORDER_WRITE),
        "upload": actor.may(Act.EXAM_IMPORT),
        "acknowledge": actor.may(Act.ALERT_ACKNOWLEDGE),
        "report": actor.may(Act.REPORT_READ),
        "address": addresses.upload(),
    }
    page.live.begin()
    refresh(page, actor, asked)


def refresh(page: Any, actor: Actor, asked: Asked) -> None:
    """Everything of the own institution, anew."""
    del asked
    station = page.desk.station
    room.signs(page, actor)
    days = page.days
    page.exams = {
        "now": words.millis(station.now()),
        "days": days,
        "rows": [exam_view(e, actor) for e in clinic.own_exams(station, actor, days)],
    }
    if actor.may(Act.ALERT_ACKNOWLEDGE):
        page.alerts = [alert_view(a, actor) for a in clinic.own_alerts(station, actor, DAYS)]
    if actor.may(Act.ORDER_WRITE):
        page.orders = [order_view(o, actor) for o in orders.own(station, actor, days)]
    retakes.show(page, actor)


def period(page: Any, actor: Actor, asked: Asked) -> None:
    """Show more or fewer days."""
    page.days = asked.whole("days", 1, 90)
    refresh(page, actor, asked)


def place(page: Any, actor: Actor, asked: Asked) -> None:
    """Write a request; attached at once when an exam was chosen."""
    _ = translator(actor.language)
    made = orders.place(
        page.desk.station,
        actor,
        Order(
            id="",
            site_code=actor.site_code,
            kind=asked.word("kind", ExamKind),
            local_id=asked.text("local_id", 64).strip(),
            patient_name=asked.text("patient_name", 64).strip(),
            accession=asked.text("accession", 64).strip(),
            reason=asked.text("reason", 1000).strip(),
            chest_pain=asked.word("chest_pain", Known),
            syncope=asked.word("syncope", Known),
            potassium=asked.number("potassium"),
            urgency=asked.word("urgency", Urgency),
            exam_id=asked.text("exam_id", 64) or None,
        ),
    )
    page.placed = {"n": page.placed.get("n", 0) + 1, "id": made.id}
    page.tell(_("The request is entered."), about=asked.data)
    refresh(page, actor, asked)


def attach(page: Any, actor: Actor, asked: Asked) -> None:
    """Join a request with an exam that came without one."""
    orders.attach(page.desk.station, actor, asked.text("key", 64), asked.text("exam_id", 64))
    page.tell(translator(actor.language)("Request and exam are joined."), about=asked.data)
    refresh(page, actor, asked)


def correct(page: Any, actor: Actor, asked: Asked) -> None:
    """More is known of the patient than stood in the request."""
    facts = orders.Facts(
        chest_pain=asked.word("chest_pain", Known),
        syncope=asked.word("syncope", Known),
        potassium=asked.number("potassium"),
        urgency=asked.word("urgency", Urgency),
    )
    orders.correct(page.desk.station, actor, asked.text("key", 64), facts)
    said = translator(actor.language)("The request is corrected; the reader sees it at once.")
    page.tell(said, about=asked.data)
    refresh(page, actor, asked)


def acknowledge(page: Any, actor: Actor, asked: Asked) -> None:
    """The clinic repeats the critical value in its own words."""
    alerts.acknowledge(
        page.desk.station, actor, asked.text("key", 64), asked.text("read_back", 1000)
    )
    page.tell(translator(actor.language)("The critical value is acknowledged."), about=asked.data)
    refresh(page, actor, asked)


def exam_view(own: OwnExam, actor: Actor) -> dict[str, object]:
    """One exam as its sender sees it: no flag of an algorithm, no draft."""
    _, exam, zone = translator(actor.language), own.exam, own.time_zone
    papers = papers_view(own, actor) if actor.may(Act.REPORT_READ) else []
    return {
        "id": exam.id,
        "kind": exam.kind.value,
        "kind_label": label(exam.kind, _),
        "name": own.patient_name,
        "sex": words.sex(own.sex, _),
        "age": words.age(own.birth_date, exam.taken_at, zone, _),
        "number": "" if own.local_id.startswith("?") else own.local_id,
        "part": words.part(exam.body_part, _),
        "reason": own.reason,
        "ordered": exam.order_id is not None,
        "urgency": exam.urgency.value,
        "urgency_label": label(exam.urgency, _),
        "state": exam.state.value,
        "state_label": words.named("ClinicState", exam.state.value, _),
        "waits": exam.state is not ExamState.RELEASED,
        "since": words.millis(exam.received_at),
        "times": [
            {"label": label(k, _), "at": words.moment(own.times[k], zone)}
            for k in _SHOWN
            if k in own.times
        ],
        "received": words.moment(own.times.get(EventKind.RECEIVED, exam.received_at), zone),
        "released": words.moment(own.times.get(EventKind.RELEASED), zone),
        "recheck": words.moment(exam.recheck_since, zone),
        "gate": [words.evidence(text, _) for text in own.gate],
        "seen": EventKind.SEEN_BY_SENDER in own.times,
        "papers": papers,
    }


def papers_view(own: OwnExam, actor: Actor) -> list[dict[str, object]]:
    """Released versions, each with those that came after it: an old one may not look like all."""
    seen = [paper_view(p, own.time_zone, actor) for p in own.papers]
    for number, paper in enumerate(seen):
        paper["later"] = [{k: p[k] for k in ("label", "at", "pdf")} for p in seen[number + 1 :]]
        if own.exam.kind is ExamKind.DR and actor.may(Act.PICTURE_LOOK):
            paper["view"] = addresses.view(own.papers[number].report_id)
    return seen


def paper_view(one: Paper, zone: str, actor: Actor) -> dict[str, object]:
    """One released version."""
    _ = translator(actor.language)
    return {
        "id": one.report_id,
        "label": f"{label(one.kind, _)} {one.version}",
        "author": one.author_name,
        "at": words.moment(one.released_at, zone),
        "pdf": addresses.report(one.report_id),
        "retracted": words.moment(one.retracted_at, zone),
        "reason": one.retraction_reason,
    }


def alert_view(own: OwnAlert, actor: Actor) -> dict[str, object]:
    """One critical value as the clinic is told it."""
    _, one, terms = translator(actor.language), own.alert, finding_terms()
    found = own.found
    who = ""
    if found is not None:
        on = found.exam.taken_at
        age = words.age(found.birth_date, on, found.time_zone, _)
        who = " ".join(
            p for p in (found.patient_name, words.sex(found.sex, _), age, found.local_id) if p
        )
    return {
        "id": one.id,
        "label": words.statement(terms.get(one.code), one.code, actor.language),
        "who": who,
        "kind_label": label(found.exam.kind, _) if found else "",
        "state": one.state.value,
        "state_label": label(one.state, _),
        "open": one.state is not AlertState.ACKNOWLEDGED,
        "since": words.millis(one.detected_at),
        "at": words.moment(one.detected_at),
        "due": words.millis(one.due_at),
    }


def order_view(one: Order, actor: Actor) -> dict[str, object]:
    """One request of the own institution."""
    _ = translator(actor.language)
    return {
        "id": one.id,
        "kind": one.kind.value,
        "kind_label": label(one.kind, _),
        "name": one.patient_name,
        "number": one.local_id,
        "reason": one.reason,
        "urgency": one.urgency.value,
        "urgency_label": label(one.urgency, _),
        "at": words.moment(one.created_at),
        "joined": one.exam_id is not None,
        "exam": one.exam_id or "",
        "chest_pain": one.chest_pain.value,
        "syncope": one.syncope.value,
        "potassium": "" if one.potassium is None else f"{one.potassium:g}",
    }


ACTS: Mapping[str, Handler] = MappingProxyType(
    {
        "begin": begin,
        "tick": refresh,
        "period": period,
        "place": place,
        "attach": attach,
        "correct": correct,
        "acknowledge": acknowledge,
        **retakes.CLINIC_ACTS,
        "language": room.speak,
    }
)


class ClinicPage(Page):
    """What a sending institution does here; its own matters and nobody else's."""

    may = t.Dict().tag(sync=True)
    exams = t.Dict().tag(sync=True)
    alerts = t.List().tag(sync=True)
    orders = t.List().tag(sync=True)
    retakes = t.Dict().tag(sync=True)
    placed = t.Dict().tag(sync=True)
    words = t.Dict().tag(sync=True)
    shell = t.Any().tag(sync=True, **widget_serialization)

    acts: ClassVar[Mapping[str, Handler]] = ACTS
    parts: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"wb-strip": "strip", "wb-retake": "retake"}
    )

    def __init__(self, desk: Desk) -> None:
        self.days = DAYS
        super().__init__(desk, "clinic", shell=Shell())
        self.live = Live(desk, self.look_again)

    def speak(self, language: str) -> None:
        """Use this language from now on."""
        if language == self.language:
            return
        super().speak(language)
        _ = translator(language)
        self.shell.texts = words.spoken(SHELL_TEXTS, _)
        self.words = {
            "known": [{"value": k.value, "label": label(k, _)} for k in Known],
            "urgency": [{"value": u.value, "label": label(u, _)} for u in reversed(Urgency)],
            "kind": [{"value": k.value, "label": label(k, _)} for k in (ExamKind.ECG, ExamKind.DR)],
        }

    def look_again(self) -> None:
        """Something changed in the house."""
        refresh(self, self.desk.actor(), Asked({}))

    def close(self) -> None:
        """Stop hearing notices."""
        self.live.close()
        super().close()


def open_page(desk: Desk) -> Any:
    """The page for a desk."""
    return ClinicPage(desk)
