"""What arrives in a house that journeys share: counted from what lies there already."""

import psycopg

from tests.benchmarks.house import House, until
from tests.journeys.test_main_line import SAMPLES, send
from workbench.settings import Settings
from workbench.store.embedded import address_of


def screenings(home: House) -> list[str]:
    """How far the screening of every exam is, reported or not."""
    with psycopg.connect(address_of(Settings(home=home.home)).app_dsn) as conn:
        return [row[0] for row in conn.execute("SELECT screening FROM exam").fetchall()]


def settled(home: House, count: int = SAMPLES, seconds: float = 240) -> int:
    """Until so many exams lie there and none waits for its screening; how many they are."""

    def done() -> bool:
        found = screenings(home)
        return len(found) >= count and "pending" not in found

    until(done, seconds)
    return len(screenings(home))


def brought(home: House, *paths: object) -> None:
    """Send files by DICOM, each an exam of its own, and wait until they are screened."""
    before = settled(home)
    send(home, *paths)
    settled(home, before + len(paths))
