"""Films that an earlier edition showed or judged are looked at again, once, by and by."""

from collections.abc import Callable

from workbench.formats.display_copy import EDITION
from workbench.screening.dr_exposure import SCREENER, VERSION
from workbench.store import heartbeats, instances, jobs, screenings
from workbench.store.database import Connection
from workbench.workflow.station import Station

Found = list[tuple[str, str]]
COPIES = "films"  # how far each renewal came; stands beside the signs of life
JUDGED = "film screenings"
AT_ONCE = 50  # files per call: a second of work each, behind everything that just arrived
LAST = -100  # priority: what a reader waits for comes first


def renew_films(station: Station) -> int:
    """Ask for a new look at the next films of before; how many exams were asked for.

    An exam is asked for once per edition: one that breaks again is not tried for ever. Greys are
    made anew for all exams, results of an earlier screener only where a report is still open.
    """

    def copies(conn: Connection, after: str) -> Found:
        return instances.films_of_before(conn, EDITION, after=after, most=AT_ONCE)

    def judged(conn: Connection, after: str) -> Found:
        return screenings.films_judged_before(conn, (SCREENER, VERSION), after, AT_ONCE)

    return _renew(station, COPIES, EDITION, copies) + _renew(station, JUDGED, VERSION, judged)


def _renew(
    station: Station, part: str, edition: str | int, find: Callable[[Connection, str], Found]
) -> int:
    with station.store.change() as conn:
        last = heartbeats.read(conn).get(part)
        came = dict(last.detail) if last is not None else {}
        if came.get("edition") != edition:
            came = {"edition": edition, "after": "", "done": False}
        if came["done"]:
            return 0
        found = find(conn, str(came["after"]))
        exams = list(dict.fromkeys(exam_id for exam_id, _instance in found))
        for exam_id in exams:
            jobs.defer(
                conn, "screen_exam", {"exam_id": exam_id}, queue="screen", queueing_lock=exam_id,
                priority=LAST,
            )  # fmt: skip
        came |= {"after": exams[-1]} if exams else {"done": True}
        heartbeats.beat(conn, part, station.now(), came)
    return len(exams)
