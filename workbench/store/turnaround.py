"""Volumes and times by institution and kind, computed in the database from stamps alone."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from workbench.domain.kinds import ExamKind
from workbench.store.sites import Scope

_SQL = sa.text("""
WITH stamps AS (
    SELECT e.id, e.site_code, e.kind, e.received_at,
           max(v.at) FILTER (WHERE v.kind = 'exam_end') AS ended,
           min(v.at) FILTER (WHERE v.kind = 'received') AS received,
           max(v.at) FILTER (WHERE v.kind = 'received') AS last_received,
           min(v.at) FILTER (WHERE v.kind = 'released') AS released
    FROM exam e JOIN event v ON v.exam_id = e.id
    WHERE e.received_at >= :since AND e.received_at < :until
      AND (e.site_code, e.kind) IN (
          SELECT * FROM unnest(CAST(:sites AS text[]), CAST(:kinds AS text[])))
      AND v.kind IN ('exam_end', 'received', 'released')
    GROUP BY e.id
), judged AS (
    SELECT *,
           ended IS NOT NULL AND (ended > last_received + make_interval(secs => :skew)
               OR ended < received - make_interval(secs => :longest)) AS skewed,
           extract(epoch FROM released - ended) AS seconds,
           extract(epoch FROM released - received) AS here
    FROM stamps
)
SELECT site_code, kind,
       count(*) AS exams,
       count(released) AS released,
       count(*) FILTER (WHERE released IS NOT NULL AND ended IS NOT NULL AND NOT skewed) AS timed,
       count(*) FILTER (WHERE released IS NOT NULL AND ended IS NULL) AS without_end,
       count(*) FILTER (WHERE released IS NOT NULL AND skewed) AS skewed,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)
           FILTER (WHERE ended IS NOT NULL AND NOT skewed) AS median_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds)
           FILTER (WHERE ended IS NOT NULL AND NOT skewed) AS p90_s,
       count(*) FILTER (WHERE ended IS NOT NULL AND NOT skewed AND seconds < :goal) AS in_goal,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY here) AS median_here_s
FROM judged GROUP BY GROUPING SETS ((site_code, kind), (kind)) ORDER BY kind, site_code NULLS FIRST
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From (included) to (excluded)."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLimits:
    """How far a device clock may stand before or behind the arrival and still be believed."""

    ahead_s: float
    behind_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnaround:
    """Volumes and times of one institution and kind; site_code None is the whole.

    `timed` counts the released exams whose device clock gave an end of examination that is not
    later than the arrival (beyond the permitted skew) nor days before it; only those enter
    median, P90 and share.
    """

    site_code: str | None
    kind: ExamKind
    exams: int
    released: int
    timed: int
    without_end: int
    skewed: int
    median_s: float | None
    p90_s: float | None
    in_goal: int
    median_here_s: float | None

    @property
    def share_in_goal(self) -> float | None:
        """Share of the timed exams under the goal, or None when nothing was timed."""
        return self.in_goal / self.timed if self.timed else None


def by_site(
    conn: sa.Connection, scope: Scope, period: Period, *, goal_s: float, clock: ClockLimits
) -> list[Turnaround]:
    """Turnaround by kind and institution, the whole of a kind first."""
    pairs = [(s, k.value) for s, kinds in scope.kinds.items() for k in kinds]
    rows = conn.execute(
        _SQL,
        {
            "since": period.since,
            "until": period.until,
            "sites": [s for s, _ in pairs],
            "kinds": [k for _, k in pairs],
            "goal": goal_s,
            "skew": clock.ahead_s,
            "longest": clock.behind_s,
        },
    )
    return [
        Turnaround(
            **{
                **r,
                "kind": ExamKind(r["kind"]),
                "median_s": _f(r["median_s"]),
                "p90_s": _f(r["p90_s"]),
                "median_here_s": _f(r["median_here_s"]),
            }
        )
        for r in rows.mappings()
    ]


def _f(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
