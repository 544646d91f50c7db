"""Statements of the ECG screening as the page shows them: evidence, edition, decision, place."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.statement import JudgedStatement
from workbench.editions import finding_terms
from workbench.language import label, translator
from workbench.panels import words
from workbench.workflow import statements


def refresh(page: Any, actor: Actor) -> None:
    """Read the statements of the open case anew."""
    key = page.desktop.exam_id
    found = statements.of_exam(page.desk.station, actor, key) if key else ()
    lay_out(page, actor, found)


def lay_out(page: Any, actor: Actor, found: Iterable[JudgedStatement]) -> None:
    """Show these statements; what is pointed at stays while it is still among them."""
    rows = [view(one, actor) for one in found]
    page.statements = {"exam": page.desktop.exam_id, "may": actor.may(Act.DRAFT_WRITE),
                       "rows": rows}  # fmt: skip
    if page.ecg.pointed and page.ecg.pointed["key"] not in {r["key"] for r in rows}:
        page.ecg.pointed = {}


def view(one: JudgedStatement, actor: Actor) -> dict[str, object]:
    """One statement with its evidence, edition and place, in the reader's language."""
    _, finding, said = translator(actor.language), one.finding, one.said
    return {
        "key": one.key,
        "code": finding.code,
        "severity": finding.severity.value,
        "severity_label": label(finding.severity, _),
        "quality": one.quality,
        "evidence": [words.evidence(clause, _) for clause in finding.evidence.split("; ")],
        "edition": " · ".join(p for p in (said.screener, said.version, said.rulebook) if p),
        "verdict": one.verdict.value if one.verdict else "",
        "verdict_label": label(one.verdict, _) if one.verdict else "",
        "at": words.moment(one.at),
        "alert": one.alert.id if one.alert else "",
        **place_of(one, actor.language),
    }


def place_of(one: JudgedStatement, language: str) -> dict[str, Any]:
    """What a statement is called and where to look for it."""
    place: Mapping[str, Any] = one.finding.place
    leads = str(place.get("leads") or place.get("lead") or "")
    first, last = place.get("from_s"), place.get("to_s")
    if _is_whole(first, last, one.said.beats_s):
        first = last = None  # nothing to look for: it holds for all of it
    return {
        "label": words.statement(finding_terms().get(one.finding.code), one.finding.code, language),
        "severity": one.finding.severity.value,
        "from_s": first,
        "to_s": last,
        "leads": [name.strip() for name in leads.split(",") if name.strip()],
        "mark": str(place.get("mark") or ""),
    }


def _is_whole(first: Any, last: Any, beats_s: Sequence[float]) -> bool:
    if not isinstance(first, int | float) or not isinstance(last, int | float) or not beats_s:
        return False
    return first <= 0 and last >= beats_s[-1]
