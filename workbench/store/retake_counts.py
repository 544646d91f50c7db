"""How many films were asked for again, and what came of it, by institution and reject reason."""

from dataclasses import dataclass

import sqlalchemy as sa

from workbench.store.sites import Scope
from workbench.store.turnaround import Period

_SQL = sa.text("""
WITH asked AS (
    SELECT r.id, r.site_code, r.state, r.reasons, r.source,
           r.answer_id IS NOT NULL AS retaken, r.refusal IS NOT NULL AS declined,
           extract(epoch FROM (SELECT min(s.at) FROM retake_step s
               WHERE s.retake_id = r.id AND s.move IN ('retake', 'decline')
                 AND s.at >= r.asked_at) - r.asked_at) AS seconds
    FROM retake r JOIN exam e ON e.id = r.exam_id
    WHERE r.asked_at >= :since AND r.asked_at < :until
      AND (e.site_code, e.kind) IN (
          SELECT * FROM unnest(CAST(:sites AS text[]), CAST(:kinds AS text[])))
), lines AS (
    SELECT asked.*, '' AS reason FROM asked
    UNION ALL
    SELECT asked.*, said AS reason FROM asked, jsonb_array_elements_text(asked.reasons) AS said
)
SELECT site_code, reason,
       count(*) AS asked,
       count(*) FILTER (WHERE source = 'screening') AS by_screening,
       count(*) FILTER (WHERE retaken) AS retaken,
       count(*) FILTER (WHERE declined) AS declined,
       count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn,
       count(*) FILTER (WHERE state IN ('requested', 'seen')) AS waiting,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE retaken OR declined)
           AS median_s
FROM lines GROUP BY GROUPING SETS ((site_code, reason), (reason))
ORDER BY site_code NULLS FIRST, reason
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetakeCount:
    """One line; site_code None is the whole, reason "" all reasons together.

    A film with two reasons counts under both. `median_s` is from asking to the clinic's answer.
    """

    site_code: str | None
    reason: str
    asked: int
    by_screening: int
    retaken: int
    declined: int
    withdrawn: int
    waiting: int
    median_s: float | None


def by_site_and_reason(conn: sa.Connection, scope: Scope, period: Period) -> list[RetakeCount]:
    """Requests made in a period, the whole first."""
    pairs = [(s, k.value) for s, kinds in scope.kinds.items() for k in kinds]
    rows = conn.execute(
        _SQL,
        {
            "since": period.since,
            "until": period.until,
            "sites": [s for s, _ in pairs],
            "kinds": [k for _, k in pairs],
        },
    )
    return [
        RetakeCount(**{**r, "median_s": None if r["median_s"] is None else float(r["median_s"])})
        for r in rows.mappings()
    ]
