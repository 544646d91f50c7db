"""A reader says that chest leads were placed elsewhere: V3 as V3R, V4 as V7; it can be undone.

Copies are made and the screening is done again with the names that hold; what was said before the
renaming stays in the history.
"""

from collections.abc import Mapping

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, NotFound
from workbench.domain.exam import ExamMove
from workbench.domain.lead_names import LeadNames, check_names
from workbench.store import audit, exams, instances, jobs, lead_names, sites
from workbench.workflow.reports import check_held
from workbench.workflow.station import Station

FORM = "trace"
LONGEST_REASON = 500


def relabel(
    station: Station,
    actor: Actor,
    exam_id: str,
    instance_id: str,
    names: Mapping[str, str],
    reason: str,
) -> LeadNames:
    """Name chest leads by the file's names; an empty mapping goes back to those."""
    actor.check(Act.LEADS_NAME)
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise Invalid("reason", why, f"a sentence of at most {LONGEST_REASON} characters")
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        exam = exams.get(conn, exam_id, scope, lock=True)
        exam.moved(ExamMove.SIGN)  # what was signed keeps the leads it was signed with
        check_held(exam, actor, station.now())
        copy, owner = instances.copy_for(conn, instance_id, FORM, scope)
        if owner != exam_id:
            raise NotFound("display copy", f"{instance_id}/{FORM}")
        check_names(names, file_leads(copy.meta))
        before = lead_names.standing(conn, exam_id).get(instance_id)
        was = {} if before is None else dict(before.names)
        if was == dict(names):
            raise Invalid("lead names", "the same as before", "another name for at least one lead")
        new = LeadNames(
            id=station.fresh(), exam_id=exam_id, instance_id=instance_id,
            number=1 if before is None else before.number + 1, names=dict(names), reason=why,
            by=actor.username, by_name=actor.name, at=station.now(),
        )  # fmt: skip
        lead_names.add(conn, new)
        jobs.defer(conn, "screen_exam", {"exam_id": exam_id}, queue="screen", queueing_lock=exam_id)
        audit.note(
            conn, new.at, chain=exam.site_code, actor=actor.username, act=Act.LEADS_NAME,
            object=f"exam/{exam_id}",
            detail={"instance": instance_id, "was": was, "now": dict(names), "reason": why},
        )  # fmt: skip
    return new


def of_exam(station: Station, actor: Actor, exam_id: str) -> list[LeadNames]:
    """Every decision on an exam, of each recording oldest first."""
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()))
        return lead_names.of_exam(conn, exam_id)


def file_leads(meta: Mapping[str, object]) -> list[str]:
    """Leads of a copy by the file's own names, whatever they are called now."""
    shown, named = meta.get("leads"), meta.get("named")
    back = {str(new): str(old) for old, new in named.items()} if isinstance(named, Mapping) else {}
    return [back.get(str(lead), str(lead)) for lead in shown] if isinstance(shown, list) else []
