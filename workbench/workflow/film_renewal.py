"""Films whose copies an earlier edition of the greys made are looked at again, once, by and by."""

from workbench.formats.display_copy import EDITION
from workbench.store import heartbeats, instances, jobs
from workbench.workflow.station import Station

PART = "films"  # how far the renewal came; stands beside the signs of life
AT_ONCE = 50  # files per call: a second of work each, behind everything that just arrived
LAST = -100  # priority: what a reader waits for comes first


def renew_films(station: Station) -> int:
    """Ask for a new look at the next films of before; how many exams were asked for.

    An exam is asked for once per edition: one that breaks again is not tried for ever.
    """
    with station.store.change() as conn:
        last = heartbeats.read(conn).get(PART)
        came = dict(last.detail) if last is not None else {}
        if came.get("edition") != EDITION:
            came = {"edition": EDITION, "after": "", "done": False}
        if came["done"]:
            return 0
        found = instances.films_of_before(conn, EDITION, after=came["after"], most=AT_ONCE)
        exams = list(dict.fromkeys(exam_id for exam_id, _instance in found))
        for exam_id in exams:
            jobs.defer(
                conn, "screen_exam", {"exam_id": exam_id}, queue="screen", queueing_lock=exam_id,
                priority=LAST,
            )  # fmt: skip
        came |= {"after": exams[-1]} if exams else {"done": True}
        heartbeats.beat(conn, PART, station.now(), came)
    return len(exams)
