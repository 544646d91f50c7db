"""The list of exams as the reading page shows it."""

from datetime import datetime, timedelta
from typing import Any

from workbench.domain.actor import Actor, Role
from workbench.domain.ecg_format import CODES
from workbench.domain.exam import OPEN_STATES, ExamState, ScreeningStatus
from workbench.domain.finding import Severity
from workbench.domain.kinds import ExamKind
from workbench.domain.retake import OPEN_RETAKES
from workbench.language import label, translator
from workbench.panels import displays, room, words
from workbench.panels.asked import Asked
from workbench.panels.page import Page
from workbench.store.worklist import Filter, Row
from workbench.workflow import ahead, exams

PAGE_ROWS = 60
MOST_ROWS = 600
CLOCK_MS = 20_000
RELEASED_DAYS = 7
TABS = ("open", "released")
_READABLE = OPEN_STATES - {ExamState.SIGNED}  # that one waits for the second signature


def begin(page: Any, actor: Actor, asked: Asked) -> None:
    """The browser is there: say who it is and show the list."""
    room.enter(page, actor, "reading")
    displays.show(page, actor)
    page.live.begin()
    _sites(page, actor)
    refresh(page, actor)
    key = asked.text("key", 64)
    if key:
        page.acts["open"](page, actor, asked)


def tick(page: Any, actor: Actor, asked: Asked) -> None:
    """Every half minute: the list and the strip again, and the open case stays held."""
    del asked
    room.signs(page, actor)
    refresh(page, actor)
    if page.desktop.holding:
        exams.extend(page.desk.station, actor, page.desktop.exam_id)


def sift(page: Any, actor: Actor, asked: Asked) -> None:
    """Another filter, tab or length of the list."""
    kind = asked.text("kind", 10)
    since = None
    if asked.text("tab", 20) == "released":
        since = page.desk.station.now() - timedelta(days=RELEASED_DAYS)
    page.desktop.wanted = Filter(
        kind=ExamKind(kind) if kind in tuple(ExamKind) else None,
        site_code=asked.text("site", 32) or None,
        words=asked.text("words", 64),
        released_since=since,
    )
    page.desktop.length = (
        asked.whole("length", 1, MOST_ROWS) if "length" in asked.data else PAGE_ROWS
    )
    refresh(page, actor)


def refresh(page: Any, actor: Actor) -> None:
    """Read the list anew; the browser is told only when something in it changed."""
    station, desktop = page.desk.station, page.desktop
    found = exams.worklist_page(station, actor, desktop.wanted, desktop.length + 1)
    now = station.now()
    rows = [row_view(r, actor, now) for r in found[: desktop.length]]
    listing = {
        "rows": rows,
        "more": len(found) > desktop.length,
        "length": desktop.length,
        "tab": TABS[desktop.wanted.released_since is not None],
    }
    shown = dict(page.listing)
    said_at = shown.pop("now", 0)
    # the browser's clock follows `now`; between two ticks it runs by itself
    if listing != shown or words.millis(now) - said_at >= CLOCK_MS:
        page.listing = {"now": words.millis(now), **listing}


def row_view(row: Row, actor: Actor, now: datetime) -> dict[str, object]:
    """One line of the list."""
    _ = translator(actor.language)
    exam = row.exam
    reading = exam.holder(now)
    held = row.lease_name if reading and reading != actor.username else ""
    return {
        "id": exam.id,
        "kind": exam.kind.value,
        "kind_label": label(exam.kind, _),
        "urgency": exam.urgency.value,
        "urgency_label": label(exam.urgency, _),
        "severity": exam.severity.value if exam.severity else "",
        "critical": exam.severity is Severity.CRITICAL,
        "name": row.patient_name,
        "sex": words.sex(row.sex, _),
        "age": words.age(row.birth_date, exam.taken_at, row.time_zone, _),
        "site": row.site_name,
        "part": words.part(exam.body_part, _),
        "since": words.millis(exam.received_at),
        "at": words.moment(exam.received_at, row.time_zone),
        "released_at": words.moment(exam.released_at, row.time_zone),
        "recheck": words.millis(exam.recheck_since),
        "signer": row.signer_name,
        "asks_me": _asks(row, actor),
        "screening": exam.screening.value,
        "prompt": _prompt(row, actor),
        "holder": held or "",
        "mine": reading == actor.username,
        "drafted": bool(row.drafted),
        "state": exam.state.value,
        "state_label": label(exam.state, _),
        "images": exam.images,
        "gate": [words.named("Flag", f, _) for f in exam.flags if f in CODES],
        "retake": words.named("RetakeState", row.retake, _) if row.retake else "",
        "retake_open": row.retake in OPEN_RETAKES,
        "reason": row.reason,
    }


def _asks(row: Row, actor: Actor) -> bool:
    """Whether the second look at a late image is this person's: who signed, or who leads."""
    mine = row.signer == actor.username or actor.role is Role.HEAD
    return row.exam.recheck_since is not None and mine


def _prompt(row: Row, actor: Actor) -> str:
    """What the automatic look came to, in a few words; never a diagnosis."""
    _ = translator(actor.language)
    exam = row.exam
    if exam.kind is ExamKind.OTHER:
        return _("not read here")
    if exam.screening is ScreeningStatus.PENDING:
        return _("prompt pending")
    if exam.screening is ScreeningStatus.FAILED:
        return _("not assessed: look first")
    if exam.recheck_since is not None and exam.state is ExamState.RELEASED:
        return _("An image came after the report: look again")
    if exam.severity is None or exam.state is ExamState.RELEASED:
        return ""
    return words.named("Prompt", exam.severity.value, _)


def _sites(page: Any, actor: Actor) -> None:
    found = ahead.visible_sites(page.desk.station, actor)
    page.sites = [{"code": s.code, "name": s.name} for s in found]


def following(page: Page, count: int) -> list[str]:
    """What "next" would give, and after it, as `workflow.exams.take_next` chooses."""
    desktop, rows = page.desktop, page.listing.get("rows", [])
    here, over = desktop.exam_id, set(desktop.skipped)
    free = [
        r["id"]
        for r in rows
        if not r["holder"]
        and r["id"] != here
        and r["state"] in _READABLE
        and r["kind"] != ExamKind.OTHER
    ]
    return [*(k for k in free if k not in over), *(k for k in free if k in over)][:count]
