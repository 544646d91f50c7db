"""`make soak`: a house under traffic; nothing may be lost or stuck, no process may keep growing.

Usage: python -m tests.soak [--minutes 30] [--grow 0.25]
"""

import argparse
import json
import os
import signal
import statistics
import sys
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
import psycopg
from playwright.sync_api import Error, Page, sync_playwright

from tests import make
from tests.benchmarks.house import House, house, settle, until
from tests.intake import peers
from tests.journeys.browser import launch, log_in
from workbench.settings import Settings
from workbench.store.embedded import address_of

SENDER = "DCMSEND"  # of the demonstration
ROOM_MB = 15.0  # growth that is no leak: caches that fill
DOORS = ("ipykernel_launcher", "intake", "worker", "server", "serve")  # the first that fits


@dataclass
class Traffic:
    """Films and tracings, one after the other; what was acknowledged is written down."""

    port: int
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0

    def run(self) -> None:
        """Until told to stop."""
        number = 0
        while not self.stop.wait(0.5):
            number += 1
            uid = f"1.2.826.9.{os.getpid()}.{number}"
            if number % 3:
                data = make.make_film(study=uid, uid=f"{uid}.1", local_id=f"S{number}")
            else:
                data = make.make_ecg_file(make.make_trace(), study=uid, uid=f"{uid}.1")
            status = -1
            with suppress(peers.Refused, RuntimeError, ValueError):
                [status] = peers.send(self.port, data, title=SENDER)
            if status == 0x0000:
                self.acknowledged.add(uid)
            else:
                self.refused += 1


def memory(home: House) -> dict[str, float]:
    """Private megabytes of every door; of several alike (kernels, postgres) the median."""
    found: dict[str, list[float]] = defaultdict(list)
    for each in [psutil.Process(home.process.pid), *home.children()]:
        with suppress(psutil.Error):
            words = " ".join(each.cmdline())
            name = next((d for d in DOORS if d in words), each.name())
            found[name].append(each.memory_full_info().uss / 1e6)
    return {name: statistics.median(sizes) for name, sizes in found.items()}


def read(page: Page, *, sign: bool) -> bool:
    """The next case, and now and then a report of it; whether one was signed."""
    page.keyboard.press("Escape")
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("n")
    page.wait_for_timeout(800)
    form = page.locator("[data-field=findings]")
    if not sign or form.count() == 0:
        return False
    form.fill("双肺野清晰。")
    page.locator("[data-field=impression]").fill("未见明显异常。")
    page.locator("[data-sign]").click()
    page.locator("[data-sign-yes]").click(timeout=5000)
    return True


def main() -> int:
    """One line at the end; exit code 1 when something grew, was lost or is stuck."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--grow", type=float, default=0.25, help="share a process may grow by")
    wish = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the house goes down with us
    with house() as home, sync_playwright() as playwright:
        settle(home)
        traffic = Traffic(home.dicom_port)
        sender = threading.Thread(target=traffic.run)
        page = log_in(launch(playwright), home.port, "reader", home.passwords["reader"])
        page.locator(".wl-row").first.wait_for(timeout=60_000)
        sender.start()
        began, turns, signed, stumbled, sizes = time.monotonic(), 0, 0, 0, []
        while time.monotonic() - began < wish.minutes * 60:
            turns += 1
            try:
                signed += read(page, sign=turns % 4 == 0)
            except Error:
                stumbled += 1  # seen in the last line; a page that never works fails below
                page.reload()
                page.locator(".wl-row").first.wait_for(timeout=60_000)
            sizes.append((time.monotonic() - began, memory(home)))
        traffic.stop.set()
        sender.join(60)
        faults = _lost(home, traffic) + _grown(sizes, wish)
    if stumbled * 5 > turns or not signed or not traffic.acknowledged:
        faults.append(f"of {turns} turns at the page {stumbled} failed, {signed} reports signed")
    line = {"minutes": wish.minutes, "sent": len(traffic.acknowledged), "refused": traffic.refused,
            "turns": turns, "stumbled": stumbled, "signed": signed, "memory_mb": _span(sizes),
            "faults": faults}  # fmt: skip
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 1 if faults else 0


def _lost(home: House, traffic: Traffic) -> list[str]:
    dsn = address_of(Settings(home=home.home)).owner_dsn
    stuck = "SELECT count(*) FROM exam WHERE screening = 'pending' AND kind <> 'other'"
    faults = []
    with psycopg.connect(dsn, autocommit=True) as conn:
        try:
            until(lambda: conn.execute(stuck).fetchone() == (0,), 180)
        except TimeoutError:
            faults.append(f"{conn.execute(stuck).fetchone()[0]} exams are not screened")
        stored = {r[0] for r in conn.execute("SELECT key FROM exam")}
        lost = traffic.acknowledged - stored
        if lost:
            faults.append(f"{len(lost)} acknowledged exams are not there, such as {min(lost)}")
        failed = conn.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        if (number := failed.fetchone()[0]) > 0:
            faults.append(f"{number} jobs failed")
    return faults


def _grown(sizes: list[tuple[float, dict[str, float]]], wish: argparse.Namespace) -> list[str]:
    """The last fifth against the second fifth: the first one is warming up."""
    faults = []
    for name, (before, after) in _span(sizes).items():
        if after - before > max(ROOM_MB, before * wish.grow):
            faults.append(f"{name} grew from {before:.0f} to {after:.0f} MB")
    return faults


def _span(sizes: list[tuple[float, dict[str, float]]]) -> dict[str, tuple[float, float]]:
    fifth = max(1, len(sizes) // 5)
    early, late = sizes[fifth : 2 * fifth] or sizes[:1], sizes[-fifth:]
    names = {n for _, found in early for n in found} & {n for _, found in late for n in found}
    return {
        name: tuple(
            round(statistics.median(s[name] for _, s in part if name in s), 1)
            for part in (early, late)
        )
        for name in sorted(names)
    }


if __name__ == "__main__":
    sys.exit(main())
