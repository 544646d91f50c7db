"""A film that was screened is looked up among all films, and kept to be found itself."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from workbench.domain.exam import Exam
from workbench.domain.finding import Screening
from workbench.radiograph.copies import Fingerprint
from workbench.rules.dr_copies import judge_copies
from workbench.screening.dr_quality import quality_book
from workbench.screening.film_print import twins_among
from workbench.store import copies, patients, sites
from workbench.store.database import Connection
from workbench.store.instances import Instance

MOST = 5000  # films near to one; the nearest are looked at


def looked_up(
    conn: Connection, of: tuple[Exam, Instance], mine: Fingerprint, said: Screening, now: datetime
) -> Screening:
    """The result with what was found of the same picture elsewhere; the film itself is kept.

    All institutions are asked: a film under a wrong patient is often sent once more from the next
    one. The caller's transaction keeps the result and the fingerprint, or neither.
    """
    exam, instance = of
    book = quality_book()
    copies.hold(conn)
    near = copies.near(conn, instance.id, mine.bits, int(book["copy.distance"].value), MOST)
    twins = twins_among(mine, near, book)
    copies.keep(conn, instance.id, mine.bits, mine.thumbnail.tobytes(), now)
    if not twins:
        return said
    person = patients.get(conn, exam.patient_id).person_id
    zone = ZoneInfo(sites.get(conn, exam.site_code).time_zone)
    found = judge_copies(twins, exam.id, person, instance.site_code, zone)
    return replace(said, quality=(*said.quality, *found))
