"""What a sending institution sees of its own exams: state, times, released reports, and no more."""

from dataclasses import dataclass, replace
from datetime import timedelta

from workbench.domain.actor import Act, Actor
from workbench.domain.alert import CriticalAlert
from workbench.store import clinic, sites
from workbench.store.clinic import OwnExam
from workbench.workflow import alerts
from workbench.workflow.station import Station

LIMIT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAlert:
    """A critical value told to this institution, with the exam it was found on."""

    alert: CriticalAlert
    found: OwnExam | None


def own_exams(station: Station, actor: Actor, days: int = 7) -> list[OwnExam]:
    """Exams the actor's own institution sent; those without the right to reports see no paper."""
    actor.check(Act.EXAM_LIST)
    since = station.now() - timedelta(days=days)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        found = clinic.own_exams(conn, scope, actor.site_code, since, LIMIT)
    return found if actor.may(Act.REPORT_READ) else [replace(e, papers=()) for e in found]


def own_alerts(station: Station, actor: Actor, days: int = 7) -> list[OwnAlert]:
    """Confirmed critical values of the own institution, each with its exam."""
    found = alerts.of_own_site(station, actor, station.now() - timedelta(days=days))
    if not found:
        return []
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        named = clinic.these(conn, scope, actor.site_code, {a.exam_id for a in found})
    by_id = {e.exam.id: e for e in named}
    return [OwnAlert(alert=a, found=by_id.get(a.exam_id)) for a in found]
