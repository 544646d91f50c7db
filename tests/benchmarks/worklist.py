"""Simulated traffic of a million exams, and the worklist query on top of it."""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.benchmarks.house import house
from workbench.domain.actor import Actor
from workbench.domain.kinds import ExamKind
from workbench.settings import Settings
from workbench.store import accounts, sites, turnaround, worklist
from workbench.store.database import Store
from workbench.store.embedded import address_of
from workbench.store.worklist import Filter

EXAMS, QUERIES = 1_000_000, 300


def run() -> Iterator[dict]:
    """Minutes to simulate, milliseconds of the list for a county reader, seconds of the QA page."""
    with house() as home:
        begun = time.monotonic()
        home.workbench("simulate", "--exams", str(EXAMS), "--json")
        yield {"simulate_exams": EXAMS, "minutes": round((time.monotonic() - begun) / 60, 2)}
        store = Store(address_of(Settings(home=home.home)).app_dsn)
        for label, wanted in (
            ("all open", Filter()),
            ("ECG only", Filter(kind=ExamKind.ECG)),
            ("one township", Filter(site_code="T03")),
            ("by name", Filter(words="王")),
        ):
            yield {"query": label, **_time(store, wanted)}
        yield {"query": "turnaround of 30 days", **_turnaround(store)}
        store.close()


def _time(store: Store, wanted: Filter) -> dict:
    reader, times, rows = _reader(store), [], []
    for _ in range(QUERIES):
        begun = time.perf_counter()
        with store.look() as conn:
            scope = sites.scope_of(conn, reader, _today())
            rows = worklist.page(conn, scope, wanted)
        times.append((time.perf_counter() - begun) * 1000)
    if not rows:
        raise ValueError("the reader of the demonstration saw no exam: nothing was measured")
    return {
        "rows": len(rows),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
    }


def _turnaround(store: Store) -> dict:
    now = datetime.now(UTC)
    period = turnaround.Period(since=now - timedelta(days=30), until=now)
    clock = turnaround.ClockLimits(ahead_s=60, behind_s=7 * 86400)
    begun = time.perf_counter()
    with store.look() as conn:
        scope = sites.scope_of(conn, _reader(store), _today())
        rows = turnaround.by_site(conn, scope, period, goal_s=240, clock=clock)
    return {"rows": len(rows), "seconds": round(time.perf_counter() - begun, 2)}


def _reader(store: Store) -> Actor:
    """The county's reader, who reads for all townships."""
    with store.look() as conn:
        found = accounts.find(conn, "reader")
    assert found is not None, "the demonstration has no account reader"
    return found.actor


def _today():
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()  # the day of the agreements
