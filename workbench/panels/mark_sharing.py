"""Objects of signed marks are made by and by: the page looks how far they came."""

from dataclasses import replace
from typing import Any

from workbench.domain.actor import Actor
from workbench.panels import report_view
from workbench.panels.asked import Asked
from workbench.workflow import mark_sharing


def refresh(page: Any, actor: Actor, asked: Asked) -> None:
    """Read what became of the marks of each version anew; the rest of the report stays.

    While a text is being written nothing is touched: the form reads the whole report again.
    """
    del asked
    case = page.desktop.case
    if case is None or page.report.get("editable"):
        return
    now = mark_sharing.of_exam(page.desk.station, actor, case.exam.id)
    page.desktop.case = replace(case, sharing=now)
    page.report = {**page.report, "versions": report_view.versions(page.desktop.case, actor)}
