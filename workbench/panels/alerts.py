"""Critical values on the reading page: judged, told by a call, and every step shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.alert import AlertMove, AlertState, CriticalAlert
from workbench.domain.errors import NotPermitted
from workbench.domain.finding import Severity
from workbench.editions import finding_terms
from workbench.language import label, translator
from workbench.panels import words, worklist
from workbench.panels.asked import Asked
from workbench.store.alerts import AlertStep
from workbench.workflow import accounts, ahead, alerts
from workbench.workflow.alerts import METHODS, Call

_EARLIEST = 24 * 60  # minutes; a call is recorded on the day it was made
FROM_SCREENING = "screening"
_JUDGED: Mapping[str, str] = MappingProxyType(
    {
        AlertMove.CONFIRM: "Prompt by algorithm, confirmed by {name}",
        AlertMove.DISMISS: "Prompt by algorithm, dismissed by {name}",
    }
)
_SHOWN = (
    "grade_before", "grade_now", "evidence", "reason", "receiver", "receiver_role", "phone",
    "method", "called_at", "read_back",
)  # fmt: skip


def refresh(page: Any, actor: Actor) -> None:
    """Read the critical values of the open case anew."""
    key = page.desktop.exam_id
    lay_out(page, actor, ahead.alerts_now(page.desk.station, actor, key) if key else [])


def lay_out(
    page: Any, actor: Actor, found: Sequence[tuple[CriticalAlert, Sequence[AlertStep]]]
) -> None:
    """Show these critical values of the open case."""
    names = _names(page, actor, [s for _, steps in found for s in steps])
    page.alerts = [view(one, steps, actor, names) for one, steps in found]


def _names(page: Any, actor: Actor, steps: Sequence[AlertStep]) -> dict[str, str]:
    """Persons of the register by user name; a closed account keeps its user name."""
    case = page.desktop.case
    names = {v.author: v.author_name for v in case.versions} if case else {}
    names[actor.username] = actor.name
    for username in {s.actor for s in steps} - set(names):
        try:
            names[username] = accounts.actor_of(page.desk.station, username).name
        except NotPermitted:
            names[username] = username
    return names


def confirm(page: Any, actor: Actor, asked: Asked) -> None:
    """The reader agrees with the flag."""
    alerts.confirm(page.desk.station, actor, asked.text("key", 64))
    after(page, actor)


def dismiss(page: Any, actor: Actor, asked: Asked) -> None:
    """The reader finds the flag wrong and says why."""
    alerts.dismiss(page.desk.station, actor, asked.text("key", 64), asked.text("reason", 500))
    after(page, actor)


def notify(page: Any, actor: Actor, asked: Asked) -> None:
    """The reader called the clinic."""
    station = page.desk.station
    ago = asked.whole("minutes_ago", 0, _EARLIEST) if asked.data.get("minutes_ago") else 0
    call = Call(
        receiver=asked.text("receiver", 100),
        receiver_role=asked.text("receiver_role", 100),
        method=asked.text("method", 40),
        phone=asked.text("phone", 60),
        read_back=asked.text("read_back", 1000),
        called_at=station.now() - timedelta(minutes=ago),
    )
    alerts.notify(station, actor, asked.text("key", 64), call)
    after(page, actor)


def raise_one(page: Any, actor: Actor, asked: Asked) -> None:
    """The reader found a critical value that no screener flagged."""
    alerts.raise_by_reader(
        page.desk.station, actor, asked.text("exam", 64), asked.text("code", 40),
        asked.text("evidence", 1000),
    )  # fmt: skip
    after(page, actor)


def after(page: Any, actor: Actor) -> None:
    """Follow a step: the open case and the list."""
    refresh(page, actor)
    worklist.refresh(page, actor)


def view(
    one: CriticalAlert, steps: Sequence[AlertStep], actor: Actor, names: Mapping[str, str]
) -> dict[str, object]:
    """One critical value with its register."""
    _, terms = translator(actor.language), finding_terms()
    return {
        "id": one.id,
        "code": one.code,
        "label": words.statement(terms.get(one.code), one.code, actor.language),
        "state": one.state.value,
        "state_label": label(one.state, _),
        "evidence": words.evidence(one.evidence, _),
        "source": _source(one, steps, _, names),
        "detected": words.moment(one.detected_at),
        "due": words.millis(one.due_at),
        "judge": one.state is AlertState.DETECTED and actor.may(Act.ALERT_JUDGE),
        "call": one.state in (AlertState.CONFIRMED, AlertState.NOTIFIED)
        and actor.may(Act.ALERT_NOTIFY),
        "steps": [step_view(s, actor, names) for s in steps],
    }


def _source(
    one: CriticalAlert, steps: Sequence[AlertStep], _: words.Translate, names: Mapping[str, str]
) -> str:
    """Where it comes from, and which doctor has judged it since."""
    if one.source != FROM_SCREENING:
        return _("Found by the reader")
    judged = next((s for s in reversed(steps) if s.move in _JUDGED), None)
    if judged is None or one.state is AlertState.DETECTED:  # or it was opened again
        return _("Prompt by algorithm (not confirmed by a doctor)")
    return _(_JUDGED[judged.move]).format(name=names.get(judged.actor, judged.actor))


def step_view(step: AlertStep, actor: Actor, names: Mapping[str, str]) -> dict[str, object]:
    """One line of the register: what, who, when, and the words."""
    _ = translator(actor.language)
    detail: Mapping[str, Any] = step.detail
    said = []
    for name in _SHOWN:
        value = str(detail.get(name) or "")
        if not value:
            continue
        if name == "method":
            value = words.named("Method", value, _)
        elif name == "called_at":
            value = words.moment(datetime.fromisoformat(value))
        elif name in ("grade_before", "grade_now"):
            value = label(Severity(value), _)
        elif name == "evidence":
            value = words.evidence(value, _)
        said.append({"name": words.named("Register", name, _), "value": value})
    return {
        "move": label(AlertMove(step.move), _),
        "actor": names.get(step.actor, step.actor),
        "at": words.moment(step.at),
        "said": said,
    }


def methods(language: str) -> list[dict[str, str]]:
    """Ways to reach a clinic."""
    _ = translator(language)
    return [{"value": m, "label": words.named("Method", m, _)} for m in METHODS]
