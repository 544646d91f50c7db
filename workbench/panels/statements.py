"""Statements of the ECG screening on the reading page: shown on the trace, accepted or rejected."""

from typing import Any

from workbench.domain.actor import Actor
from workbench.domain.errors import Stale
from workbench.domain.statement import JudgedStatement, Verdict
from workbench.editions import finding_terms
from workbench.panels import alerts, casework, words
from workbench.panels.asked import Asked
from workbench.panels.statements_view import place_of, refresh
from workbench.panels.viewers import TRACE
from workbench.workflow import alerts as register
from workbench.workflow import statements


def judge(page: Any, actor: Actor, asked: Asked) -> None:
    """Accept, reject or reopen the chosen statement; a critical one goes by its register."""
    one = _shown(page, actor, asked.text("key", 64))
    verdict, station = asked.word("verdict", Verdict), page.desk.station
    if one.alert is None or verdict is Verdict.WITHDRAWN:
        statements.decide(station, actor, page.desktop.exam_id, one.key, verdict)
    elif verdict is Verdict.ACCEPTED:
        if one.verdict is not Verdict.ACCEPTED:
            register.confirm(station, actor, one.alert.id)
    else:
        register.dismiss(station, actor, one.alert.id, asked.text("reason", 500))
    _after(page, actor, one.finding.code, verdict)


def confirm(page: Any, actor: Actor, asked: Asked) -> None:
    """The critical value is confirmed on its own card: its statement is accepted with it."""
    alerts.confirm(page, actor, asked)
    _after(page, actor, _code_of(page, asked), Verdict.ACCEPTED)


def dismiss(page: Any, actor: Actor, asked: Asked) -> None:
    """The critical value is dismissed on its own card: its statement is rejected with it."""
    alerts.dismiss(page, actor, asked)
    _after(page, actor, _code_of(page, asked), Verdict.REJECTED)


def point(page: Any, actor: Actor, asked: Asked) -> None:
    """Show on the trace and on the averaged beat where to look for a statement; "" for none."""
    key, desktop = asked.text("key", 64), page.desktop
    if not key:
        page.ecg.pointed = {}
        return
    one = _shown(page, actor, key)
    if desktop.prior is not None:
        casework.back(page, actor, asked)
    index = next(
        (
            n
            for n, p in enumerate(desktop.pictures)
            if p.form == TRACE and p.digest == one.said.digest
        ),
        None,
    )
    if index is None:
        page.ecg.pointed = {}  # its recording cannot be shown
        return
    if index != desktop.index:
        casework.show_picture(page, actor, index)
    shown = desktop.pictures[index].source["id"]
    page.ecg.pointed = {"id": shown, "key": key, **place_of(one, actor.language)}


def _shown(page: Any, actor: Actor, key: str) -> JudgedStatement:
    """A decision is for a statement on the screen as it holds now."""
    found = statements.of_exam(page.desk.station, actor, page.desktop.exam_id)
    one = next((s for s in found if s.key == key), None)
    if one is None or key not in {r["key"] for r in page.statements.get("rows", ())}:
        raise Stale("statement", key)
    return one


def _code_of(page: Any, asked: Asked) -> str:
    key = asked.text("key", 64)
    return next((str(a["code"]) for a in page.alerts if a["id"] == key), "")


def _after(page: Any, actor: Actor, code: str, verdict: Verdict) -> None:
    """Follow the decision here, and hand the code to the report form of this window alone."""
    refresh(page, actor)
    term = finding_terms().get(code)
    if term is not None and any(r["code"] == code for r in page.statements["rows"]):
        page.adopted = {"n": page.adopted.get("n", 0) + 1, "exam": page.desktop.exam_id,
                        "code": code, "label": words.statement(term, code, actor.language),
                        "verdict": verdict.value}  # fmt: skip
    alerts.after(page, actor)
