"""What a QA lead sees: volumes and times by institution and kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench import editions
from workbench.domain.actor import Act, Actor
from workbench.store import audit, retake_counts, sites, turnaround
from workbench.store.retake_counts import RetakeCount
from workbench.store.turnaround import ClockLimits, Period, Turnaround
from workbench.workflow.station import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Turnaround of a period with the goal it is judged by."""

    rows: Sequence[Turnaround]
    goal_min: float
    skew_s: float
    behind_d: float
    source: str


def times(station: Station, actor: Actor, period: Period) -> Times:
    """Turnaround inside the actor's scope; looking is itself noted."""
    actor.check(Act.QUALITY_SEE)
    book, now = editions.rule_book("loop-2026.1"), station.now()
    goal, skew = book["turnaround.goal"], book["turnaround.skew"]
    behind = book["turnaround.clock_behind"]
    clock = ClockLimits(ahead_s=skew.value, behind_s=behind.value * 86400)
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        rows = turnaround.by_site(conn, scope, period, goal_s=goal.value * 60, clock=clock)
        audit.note(
            conn, now, chain=actor.site_code, actor=actor.username, act=Act.QUALITY_SEE,
            object="turnaround",
            detail={"since": period.since.isoformat(), "until": period.until.isoformat()},
        )  # fmt: skip
    return Times(
        rows=rows, goal_min=goal.value, skew_s=skew.value, behind_d=behind.value, source=goal.source
    )


def retakes(station: Station, actor: Actor, period: Period) -> list[RetakeCount]:
    """Films asked for again inside the actor's scope, and what came of it; looking is noted."""
    actor.check(Act.QUALITY_SEE)
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        rows = retake_counts.by_site_and_reason(conn, scope, period)
        audit.note(
            conn, station.now(), chain=actor.site_code, actor=actor.username, act=Act.QUALITY_SEE,
            object="retakes",
            detail={"since": period.since.isoformat(), "until": period.until.isoformat()},
        )  # fmt: skip
    return rows
