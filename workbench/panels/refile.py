"""An exam under the wrong patient: find the right one, say why, move it."""

from typing import Any

from workbench.domain.actor import Actor
from workbench.language import translator
from workbench.panels import casework, patients_view, worklist
from workbench.panels.asked import Asked
from workbench.workflow import patients


def find(page: Any, actor: Actor, asked: Asked) -> None:
    """Patients of the exam's institution by name or number."""
    key = asked.text("key", 64)
    found = patients.candidates(page.desk.station, actor, key, asked.text("text", 100))
    page.refiling = {
        "key": key,
        "text": asked.text("text", 100),
        "found": [patients_view.record(k, {}, actor.language) for k in found],
    }


def move(page: Any, actor: Actor, asked: Asked) -> None:
    """The decision itself."""
    patients.refile(
        page.desk.station,
        actor,
        asked.text("key", 64),
        asked.text("local_id", 100),
        asked.text("reason", 500),
    )
    page.refiling = {}
    said = translator(actor.language)("The exam is filed under the other patient.")
    page.tell(said, about=asked.data)


def from_case(page: Any, actor: Actor, asked: Asked) -> None:
    """Moved from the open case, which is then read anew: it names another patient now."""
    key, writing = asked.text("key", 64), page.desktop.holding
    move(page, actor, asked)
    if page.desktop.exam_id == key:
        casework.show(page, actor, key, hold=writing)
    worklist.refresh(page, actor)
