"""The averaged beat on the reading page: marks kept and withdrawn, an earlier ECG laid beside."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workbench.domain.actor import Actor
from workbench.domain.errors import Invalid, NotFound, NotPermitted, Stale
from workbench.domain.kinds import ExamKind
from workbench.ecg.beat_marks import MARKS
from workbench.editions import body_parts
from workbench.language import translator
from workbench.panels import beats_view, report_view, viewers
from workbench.panels.asked import Asked
from workbench.panels.viewers import TRACE, Picture
from workbench.workflow import accounts, beats, exams
from workbench.workflow.exams import Case


def keep(page: Any, actor: Actor, asked: Asked) -> None:
    """Store the marks on the screen as this reader's; the numbers are taken anew from the file."""
    shown = _shown(page, asked.text("id", 64))
    marks = _marks(asked.data.get("marks"))
    kept = beats.keep(page.desk.station, actor, page.desktop.exam_id, shown.source["id"], marks)
    refresh(page, actor)
    _ = translator(actor.language)
    page.tell(_("Measurement {number} is kept.").format(number=kept.number), about=asked.data)


def withdraw(page: Any, actor: Actor, asked: Asked) -> None:
    """Take the kept measurement back; the one before it holds again, or none."""
    shown = _shown(page, asked.text("id", 64))
    left = beats.withdraw(page.desk.station, actor, page.desktop.exam_id, shown.source["id"])
    refresh(page, actor)
    _ = translator(actor.language)
    page.tell(
        _("Withdrawn; measurement {number} holds again.").format(number=left.standing)
        if left.standing
        else _("Withdrawn; no reader's measurement is left."),
        about=asked.data,
    )


def ask(page: Any, actor: Actor, asked: Asked) -> None:
    """Have the averaged beat made of the tracing on the screen, which never had one."""
    key, desktop, shown = asked.text("id", 64), page.desktop, _now(page)
    case = desktop.prior or desktop.case
    if case is None or shown is None or shown.source["id"] != key:
        raise Stale("trace", key)
    beats.ask(page.desk.station, actor, case.exam.id, key)
    _ = translator(actor.language)
    page.tell(
        _("The averaged beat is being computed; open the earlier exam again in a moment.")
        if desktop.prior
        else _("The averaged beat is being computed; it appears here in a moment."),
        about=asked.data,
    )


def compare(page: Any, actor: Actor, asked: Asked) -> None:
    """Lay an earlier ECG of the same patient beside the one that is shown; "" takes it away."""
    key = asked.text("id", 64)
    page.ecg.compare = {}
    if not key:
        return
    here, shown = page.desktop.case, _now(page)
    if here is None or shown is None or page.desktop.prior is not None:
        raise NotFound("exam", key)
    if key not in {p.id for p in here.priors if p.kind is ExamKind.ECG}:
        raise NotFound("exam", key)
    found = exams.open_case(page.desk.station, actor, key, hold=False)
    if not _same_person(here, found):
        raise NotFound("exam", key)  # it was filed under somebody else since the case was opened
    then = next((p for p in viewers.of_case(found, actor.language) if p.form == TRACE), None)
    if then is None:
        raise NotFound("display copy", key)
    names = names_of(page, actor, found)
    page.ecg.compare = {
        **then.source,
        "of": shown.source["id"],
        "exam": key,
        "measured": beats_view.measured(found, then.source, actor, names, "-"),
    }


def lay_out(page: Any, actor: Actor) -> None:
    """What the ECG viewer needs beside the trace it is about to show."""
    desktop, shown = page.desktop, _now(page)
    case = desktop.prior or desktop.case
    page.ecg.compare = {}
    if case is None or shown is None:
        page.ecg.measured, page.ecg.priors = {}, []
        return
    names = names_of(page, actor, case)
    reason = beats_view.why_not(case.exam, actor, prior=desktop.prior is not None)
    page.ecg.measured = beats_view.measured(case, shown.source, actor, names, reason)
    page.ecg.priors = [
        {"id": p.id, "label": viewers.prior_label(p, actor.language)}
        for p in (() if desktop.prior else case.priors)
        if p.kind is ExamKind.ECG
    ]


def texts(page: Any, actor: Actor) -> None:
    """Report texts to start from, with the numbers as they stand now and whose they are."""
    case = page.desktop.case
    if case is None:
        page.starting = {}
        return
    values = beats_view.report_values(case, names_of(page, actor, case), actor.language)
    page.starting = {
        "templates": report_view.templates(
            case.exam.kind,
            {**{v["gap"]: v["value"] for v in values}, **report_view.of_film(case, actor.language)},
            actor.language,
            part=body_parts().code(case.exam.body_part),
            age=report_view.age_of(case),
        ),
        "values": values,
        "doubt": beats_view.doubt_of_values(case, actor.language),
    }


def refresh(page: Any, actor: Actor) -> None:
    """Somebody kept or withdrew a measurement: follow it, without touching trace or report."""
    desktop = page.desktop
    case = desktop.case
    if case is None or case.exam.kind is not ExamKind.ECG:
        return
    rows = beats.history(page.desk.station, actor, case.exam.id)
    if rows == list(case.beats):
        return
    desktop.case = replace(case, beats=tuple(rows))
    texts(page, actor)
    shown = _now(page)
    if shown is None or desktop.prior is not None:
        return
    names = names_of(page, actor, desktop.case)
    reason = beats_view.why_not(case.exam, actor, prior=False)
    page.ecg.measured = beats_view.measured(desktop.case, shown.source, actor, names, reason)


def names_of(page: Any, actor: Actor, case: Case) -> Mapping[str, str]:
    """Persons by user name; a closed account keeps its user name."""
    names = {actor.username: actor.name}
    for username in {r.by for r in case.beats} - set(names):
        try:
            names[username] = accounts.actor_of(page.desk.station, username).name
        except NotPermitted:
            names[username] = username
    return names


def _marks(value: object) -> dict[str, float | None]:
    if not isinstance(value, Mapping) or any(isinstance(v, bool) for v in value.values()):
        raise Invalid("marks", f"{value!r:.60}", "a number of ms, or empty, for each mark")
    given = Asked(value)
    return {name: given.number(name) for name in MARKS}


def _now(page: Any) -> Picture | None:
    """The trace that is on the page now."""
    index = page.desktop.index
    chosen = page.desktop.pictures[index] if index < len(page.desktop.pictures) else None
    return chosen if chosen is not None and chosen.form == TRACE else None


def _shown(page: Any, key: str) -> Picture:
    """A measurement is for the trace on the screen and for no other."""
    shown = _now(page)
    if shown is None or shown.source["id"] != key or page.desktop.prior is not None:
        raise Stale("trace", key)
    return shown


def _same_person(one: Case, other: Case) -> bool:
    a, b = one.patient, other.patient
    return a.id == b.id or (a.person_id != "" and a.person_id == b.person_id)
