"""A reader names chest leads anew: the dialog on the reading page, and what it sends."""

from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import MoveRefused
from workbench.domain.exam import ExamMove
from workbench.domain.lead_names import CHEST
from workbench.language import translator
from workbench.panels.asked import Asked
from workbench.panels.viewers import TRACE, Picture
from workbench.workflow import leads


def view(page: Any, actor: Actor, chosen: Picture | None) -> dict[str, object]:
    """What the dialog starts from; empty where nothing may be named."""
    desktop = page.desktop
    if chosen is None or chosen.form != TRACE or desktop.prior is not None:
        return {}
    if not actor.may(Act.LEADS_NAME) or not _open(desktop):
        return {}
    meta = chosen.source["meta"]
    named = meta.get("named") or {}
    derived = set(meta.get("derived", ()))
    rows = [
        {"file": lead, "now": named.get(lead, lead)}
        for lead in sorted(leads.file_leads(meta), key=_place)
        if lead in CHEST and lead not in derived
    ]
    if not rows:
        return {}
    return {
        "instance": chosen.source["id"],
        "rows": rows,
        "names": list(CHEST),
        "reason": str(meta.get("named_reason", "")),
    }


def relabel(page: Any, actor: Actor, asked: Asked) -> None:
    """The decision itself; an empty list goes back to the names of the file."""
    names = {
        one.text("file", 10): one.text("now", 10)
        for one in asked.items("names")
        if one.text("file", 10) != one.text("now", 10)
    }
    leads.relabel(
        page.desk.station,
        actor,
        asked.text("key", 64),
        asked.text("instance", 64),
        names,
        asked.text("reason", leads.LONGEST_REASON),
    )
    said = translator(actor.language)("The leads are named; the tracing is screened again.")
    page.tell(said, about=asked.data)


def _open(desktop: Any) -> bool:
    if desktop.case is None:
        return False
    try:
        desktop.case.exam.moved(ExamMove.SIGN)
    except MoveRefused:
        return False
    return True


def _place(lead: str) -> int:
    return CHEST.index(lead) if lead in CHEST else len(CHEST)
