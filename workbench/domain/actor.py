"""Who acts: people, their roles, licences, and what each role may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from workbench.domain.errors import NotPermitted
from workbench.domain.kinds import ExamKind


class Role(StrEnum):
    """What a person is here for."""

    READER = "reader"
    REVIEWER = "reviewer"  # second signature
    HEAD = "head"  # head of department
    QA = "qa"
    CLINICIAN = "clinician"  # township doctor or nurse
    TECHNICIAN = "technician"
    RECEIVER = "receiver"  # receiving doctor, e.g. cardiology
    DUTY = "duty"  # duty administrator
    EXPERT = "expert"
    TRAINEE = "trainee"
    ADMIN = "admin"


class Act(StrEnum):
    """Everything a person can ask for; the value is what the audit row says."""

    EXAM_LIST = "exam.list"
    EXAM_OPEN = "exam.open"
    EXAM_IMPORT = "exam.import"
    EXAM_REFILE = "exam.refile"
    LEADS_NAME = "leads.name"
    ORDER_WRITE = "order.write"
    DRAFT_WRITE = "draft.write"
    REPORT_SIGN = "report.sign"
    REPORT_COUNTERSIGN = "report.countersign"
    REPORT_RETRACT = "report.retract"
    REPORT_READ = "report.read"
    PICTURE_LOOK = "picture.look"  # at what was reported, on any screen, not to diagnose from
    ALERT_JUDGE = "alert.judge"
    ALERT_NOTIFY = "alert.notify"
    ALERT_ACKNOWLEDGE = "alert.acknowledge"
    RETAKE_ASK = "retake.ask"  # for a film, take the wish back, accept the answer
    RETAKE_ANSWER = "retake.answer"
    QUALITY_SEE = "quality.see"
    PATIENT_MERGE = "patient.merge"
    CONFLICT_SETTLE = "conflict.settle"
    PEOPLE_MANAGE = "people.manage"
    SITES_MANAGE = "sites.manage"
    QUARANTINE_SETTLE = "quarantine.settle"
    AUDIT_SEE = "audit.see"
    SCREEN_CHECK = "screen.check"
    MODELS_MANAGE = "models.manage"


_READING = frozenset({
    Act.EXAM_LIST, Act.EXAM_OPEN, Act.DRAFT_WRITE, Act.REPORT_SIGN, Act.REPORT_READ,
    Act.PICTURE_LOOK, Act.ALERT_JUDGE, Act.ALERT_NOTIFY, Act.EXAM_REFILE, Act.PATIENT_MERGE,
    Act.CONFLICT_SETTLE, Act.LEADS_NAME, Act.SCREEN_CHECK, Act.RETAKE_ASK,
})  # fmt: skip
_LEADING = _READING | {Act.REPORT_COUNTERSIGN, Act.REPORT_RETRACT}
_CLINIC = frozenset({
    Act.EXAM_LIST, Act.ORDER_WRITE, Act.EXAM_IMPORT, Act.REPORT_READ, Act.PICTURE_LOOK,
    Act.ALERT_ACKNOWLEDGE, Act.RETAKE_ANSWER,
})  # fmt: skip

PERMITS: Mapping[Role, frozenset[Act]] = MappingProxyType({
    Role.READER: _READING | {Act.REPORT_RETRACT},
    Role.REVIEWER: _LEADING,
    Role.HEAD: _LEADING | {Act.QUALITY_SEE, Act.AUDIT_SEE},
    Role.QA: frozenset({
        Act.EXAM_LIST, Act.EXAM_OPEN, Act.REPORT_READ, Act.PICTURE_LOOK, Act.QUALITY_SEE,
        Act.AUDIT_SEE, Act.RETAKE_ASK,
    }),
    Role.CLINICIAN: _CLINIC,
    Role.TECHNICIAN: frozenset({
        Act.EXAM_LIST, Act.ORDER_WRITE, Act.EXAM_IMPORT, Act.RETAKE_ANSWER,
    }),
    Role.RECEIVER: frozenset({
        Act.EXAM_LIST, Act.REPORT_READ, Act.PICTURE_LOOK, Act.ALERT_ACKNOWLEDGE,
    }),
    Role.DUTY: frozenset({
        Act.EXAM_LIST, Act.REPORT_READ, Act.ALERT_NOTIFY, Act.ALERT_ACKNOWLEDGE, Act.QUALITY_SEE,
    }),
    Role.EXPERT: frozenset({Act.EXAM_LIST, Act.EXAM_OPEN, Act.REPORT_READ, Act.PICTURE_LOOK}),
    Role.TRAINEE: frozenset(),
    Role.ADMIN: frozenset({
        Act.PEOPLE_MANAGE, Act.SITES_MANAGE, Act.QUARANTINE_SETTLE, Act.EXAM_IMPORT, Act.AUDIT_SEE,
        Act.MODELS_MANAGE,
    }),
})  # fmt: skip

LICENSED = frozenset({Act.REPORT_SIGN, Act.REPORT_COUNTERSIGN, Act.ALERT_JUDGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """The doctor's licence: number, last valid day, and the kinds of exam it covers."""

    number: str
    expires_on: date | None
    scope: frozenset[ExamKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person as the database knows them at the moment of the act."""

    username: str
    name: str
    role: Role
    site_code: str
    language: str = "zh_CN"
    licence: Licence | None = None
    must_change_password: bool = False

    def may(self, act: Act) -> bool:
        """Whether the role holds this act at all."""
        return act in PERMITS[self.role]

    def check(self, act: Act) -> None:
        """Raise NotPermitted unless the role holds this act and the password is their own."""
        if self.must_change_password:
            raise NotPermitted(
                self.username, act, "the first password must be changed before any work"
            )
        if not self.may(act):
            raise NotPermitted(self.username, act, f"the role {self.role} does not include it")

    def check_licence(self, act: Act, kind: ExamKind, today: date) -> None:
        """Raise NotPermitted unless the licence covers this kind of exam today."""
        if act not in LICENSED:
            return
        licence = self.licence
        if licence is None or not licence.number:
            raise NotPermitted(
                self.username, act, "no licence number is recorded; ask the administrator"
            )
        if licence.expires_on is not None and licence.expires_on < today:
            raise NotPermitted(self.username, act, f"the licence expired on {licence.expires_on}")
        if kind not in licence.scope:
            covered = ", ".join(sorted(licence.scope)) or "nothing"
            raise NotPermitted(self.username, act, f"the licence covers {covered}, not {kind}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An actor with what logging in needs; the password hash never leaves store and workflow."""

    actor: Actor
    password_hash: str
    active: bool = True
    leaves_on: date | None = None

    def usable(self, today: date) -> bool:
        """Whether this person may log in on this day."""
        return self.active and (self.leaves_on is None or today <= self.leaves_on)
