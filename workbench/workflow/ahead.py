"""What a reading page fetches before anyone asks: the pictures of the next cases on the list."""

from collections.abc import Sequence

from workbench.domain.actor import Act, Actor
from workbench.domain.alert import CriticalAlert
from workbench.domain.errors import NotFound
from workbench.domain.site import Site
from workbench.store import alerts, exams, instances, sites
from workbench.store.alerts import AlertStep
from workbench.store.instances import DisplayCopy
from workbench.workflow.station import Station


def copies(station: Station, actor: Actor, exam_ids: Sequence[str]) -> list[DisplayCopy]:
    """Display copies of exams inside the actor's scope; nobody opens them by this, none is held.

    Fetching the bytes is checked and noted by the server on its own.
    """
    actor.check(Act.EXAM_OPEN)
    found: list[DisplayCopy] = []
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        for key in exam_ids:
            try:
                exams.get(conn, key, scope)
            except NotFound:
                continue  # it left the scope since the list was read
            found += instances.copies(conn, key)
    return found


def visible_sites(station: Station, actor: Actor) -> list[Site]:
    """Institutions of which the actor may see exams today: the choices of the list's filter."""
    actor.check(Act.EXAM_LIST)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        return [s for s in sites.every(conn) if s.code in scope.sites]


def alerts_now(
    station: Station, actor: Actor, exam_id: str
) -> list[tuple[CriticalAlert, list[AlertStep]]]:
    """Critical values of the case that is open on the page, with their steps, as they stand now.

    Opening the case was noted; looking again because a notice came is not another opening.
    """
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()))
        return [(a, alerts.steps(conn, a.id)) for a in alerts.of_exam(conn, exam_id)]
