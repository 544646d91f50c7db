"""One person under several numbers, or an exam under the wrong one: joined and parted by people."""

from dataclasses import replace

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, NotFound
from workbench.domain.exam import ExamState
from workbench.domain.patient import Patient
from workbench.store import audit, exams, patients, sites
from workbench.workflow.station import Station


def likely_same(station: Station, actor: Actor, patient_id: str) -> list[Patient]:
    """Records that may be this person, as far as the actor may see; only a suggestion."""
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        one = patients.get(conn, patient_id)
        if one.site_code not in scope.sites:
            raise NotFound("patient", patient_id)
        return [p for p in patients.likely_same(conn, one) if p.site_code in scope.sites]


def merge(station: Station, actor: Actor, pair: tuple[str, str], reason: str) -> None:
    """Say that two records are one person: the second joins the first, nothing is overwritten."""
    _person(station, actor, pair, reason, act="patient.merge")


def split(station: Station, actor: Actor, patient_id: str, reason: str) -> None:
    """Say that a record is a person of its own after all."""
    _person(station, actor, (patient_id, patient_id), reason, act="patient.split")


def _person(
    station: Station, actor: Actor, pair: tuple[str, str], reason: str, *, act: str
) -> None:
    actor.check(Act.PATIENT_MERGE)
    if not reason.strip():
        raise Invalid("reason", reason, "how you know that this is (not) the same person")
    now = station.now()
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        first, second = (patients.get(conn, key) for key in pair)
        for one in (first, second):
            if one.site_code not in scope.sites:
                raise NotFound("patient", one.id)
        person = first.person_id if act == "patient.merge" else station.fresh()
        patients.set_person(conn, second.id, person)
        # in one order for everybody: two merges must not wait for each other's chains
        for chain in sorted({first.site_code, second.site_code}):
            audit.note(
                conn, now, chain=chain, actor=actor.username, act=act,
                object=f"patient/{second.id}",
                detail={"with": first.id, "person": person, "was": second.person_id,
                        "reason": reason.strip()},
            )  # fmt: skip


def refile(station: Station, actor: Actor, exam_id: str, local_id: str, reason: str) -> None:
    """Move an exam filed under the wrong patient to the right one of the same institution."""
    actor.check(Act.EXAM_REFILE)
    if not reason.strip():
        raise Invalid("reason", reason, "how the exam came under the wrong patient")
    now = station.now()
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        exam = exams.get(conn, exam_id, scope, lock=True)
        if exam.state in (ExamState.SIGNED, ExamState.RELEASED):
            # its paper would go on naming the wrong person under the right one's exams
            raise Invalid("exam", exam.state, "one without a standing report; retract it first")
        right = patients.by_local_id(conn, exam.site_code, local_id.strip())
        if right is None:
            raise NotFound("patient", local_id)
        exams.move(conn, exam, replace(exam, patient_id=right.id))
        audit.note(
            conn, now, chain=exam.site_code, actor=actor.username, act=Act.EXAM_REFILE,
            object=f"exam/{exam_id}",
            detail={"from": exam.patient_id, "to": right.id, "reason": reason.strip()},
        )  # fmt: skip
