"""The quality page: volumes and times by institution and kind of exam."""

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import traitlets as t
from ipywidgets.widgets import widget_serialization

from workbench.domain.actor import Actor
from workbench.domain.errors import Invalid
from workbench.language import label, translator
from workbench.panels import room, words
from workbench.panels.asked import Asked
from workbench.panels.desk import Desk
from workbench.panels.page import Handler, Page
from workbench.store.retake_counts import RetakeCount
from workbench.store.turnaround import Period, Turnaround
from workbench.widgets.shell import Shell
from workbench.widgets.texts import SHELL_TEXTS
from workbench.workflow import quality, sites

ZONE = "Asia/Shanghai"
MOST_DAYS = 3660
_HEAD = (
    "Institution", "Kind of exam", "Exams", "Released", "Timed", "Median (min)", "P90 (min)",
    "Under the goal", "Share under the goal", "Left out: device clock wrong",
    "Left out: no end of exam", "Median from arrival (min)",
)  # fmt: skip


def begin(page: Any, actor: Actor, asked: Asked) -> None:
    """The browser is there."""
    room.enter(page, actor, "quality")
    show(page, actor, Asked({**asked.data, "days": 7}))


def tick(page: Any, actor: Actor, asked: Asked) -> None:
    """The strip lives; the table stands still until somebody asks, because looking is noted."""
    del asked
    room.signs(page, actor)


def show(page: Any, actor: Actor, asked: Asked) -> None:
    """The table of a period."""
    period, named = period_of(asked, page.desk.station.now())
    station = page.desk.station
    found = quality.times(station, actor, period)
    names = {s.code: s.name for s in sites.every(station, actor)}
    rows = [row_view(r, names, actor) for r in found.rows]
    page.table = {
        "rows": rows,
        "days": named,
        "since": period.since.astimezone(ZoneInfo(ZONE)).date().isoformat(),
        "until": (period.until - timedelta(seconds=1))
        .astimezone(ZoneInfo(ZONE))
        .date()
        .isoformat(),
        "goal": found.goal_min,
        "skew": found.skew_s,
        "behind": found.behind_d,
        "made": words.moment(station.now()),
    }
    page.csv = written(rows, actor)
    page.retakes = [retake_view(r, names, actor) for r in quality.retakes(station, actor, period)]


def period_of(asked: Asked, now: datetime) -> tuple[Period, int]:
    """Whole days where we are: the last n with today, or from one day to another, both included."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    first, last = asked.day("since"), asked.day("until")
    if first is None and last is None:
        days = asked.whole("days", 1, MOST_DAYS)
        return Period(
            since=_start(today - timedelta(days=days - 1)), until=_start(today + timedelta(days=1))
        ), days
    if first is None or last is None or last < first or (last - first).days > MOST_DAYS:
        raise Invalid("period", f"{first} - {last}", "a first day, and a last day not before it")
    return Period(since=_start(first), until=_start(last + timedelta(days=1))), 0


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(ZONE))


def row_view(one: Turnaround, names: dict[str, str], actor: Actor) -> dict[str, Any]:
    """One line of the table; what was not timed stays empty."""
    _ = translator(actor.language)
    whole = one.site_code is None
    return {
        "site": _("All institutions") if whole else names.get(one.site_code or "", one.site_code),
        "whole": whole,
        "kind": one.kind.value,
        "kind_label": label(one.kind, _),
        "exams": one.exams,
        "released": one.released,
        "timed": one.timed,
        "median": _minutes(one.median_s),
        "p90": _minutes(one.p90_s),
        "in_goal": one.in_goal,
        "share": None if one.share_in_goal is None else round(100 * one.share_in_goal, 1),
        "skewed": one.skewed,
        "without_end": one.without_end,
        "here": _minutes(one.median_here_s),
    }


def retake_view(one: RetakeCount, names: dict[str, str], actor: Actor) -> dict[str, Any]:
    """One line of the films that were asked for again."""
    _, whole = translator(actor.language), one.site_code is None
    named = words.reject_reason(one.reason, actor.language) if one.reason else _("All reasons")
    return {
        "site": _("All institutions") if whole else names.get(one.site_code or "", one.site_code),
        "whole": whole,
        "reason": named,
        "total": not one.reason,
        "asked": one.asked,
        "by_screening": one.by_screening,
        "retaken": one.retaken,
        "declined": one.declined,
        "withdrawn": one.withdrawn,
        "waiting": one.waiting,
        "median": _minutes(one.median_s),
    }


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)


def written(rows: list[dict[str, Any]], actor: Actor) -> str:
    """The same numbers as a file; spreadsheet programs need the mark at its start for Chinese."""
    _ = translator(actor.language)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow([_(h) for h in _HEAD])
    for r in rows:
        share = "" if r["share"] is None else f"{r['share']}%"
        table.writerow([
            _safe(r["site"]), r["kind_label"], r["exams"], r["released"], r["timed"],
            _cell(r["median"]), _cell(r["p90"]), r["in_goal"], share, r["skewed"],
            r["without_end"], _cell(r["here"]),
        ])  # fmt: skip
    return "\ufeff" + out.getvalue()


def _cell(value: float | None) -> object:
    return "" if value is None else value


def _safe(text: str) -> str:
    """A name that a spreadsheet would run as a formula is marked as text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


ACTS: Mapping[str, Handler] = MappingProxyType(
    {
        "begin": begin,
        "tick": tick,
        "show": show,
        "language": room.speak,
    }
)


class QualityPage(Page):
    """Times of the house, for those who answer for them."""

    table = t.Dict().tag(sync=True)
    csv = t.Unicode().tag(sync=True)
    retakes = t.List().tag(sync=True)
    shell = t.Any().tag(sync=True, **widget_serialization)

    acts: ClassVar[Mapping[str, Handler]] = ACTS
    parts: ClassVar[Mapping[str, str]] = MappingProxyType({"wb-strip": "strip", "wb-day": "day"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "quality", shell=Shell())

    def speak(self, language: str) -> None:
        """Use this language from now on."""
        if language != self.language:
            super().speak(language)
            self.shell.texts = words.spoken(SHELL_TEXTS, translator(language))


def open_page(desk: Desk) -> Any:
    """The page for a desk."""
    return QualityPage(desk)
