"""Who may do what; a licence holds to its last day and covers what it says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.actor import LICENSED, PERMITS, Account, Act, Actor, Licence, Role
from workbench.domain.errors import NotPermitted
from workbench.domain.kinds import ExamKind

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
BOTH = frozenset({ExamKind.DR, ExamKind.ECG})


def make_actor(role=Role.READER, **changes):
    licence = Licence(number="110450000000001", expires_on=TODAY, scope=BOTH)
    facts = {"username": "chen", "name": "陈阅片", "site_code": "COUNTY", "licence": licence}
    return Actor(role=role, **{**facts, **changes})


def holders(act):
    return {role for role in Role if act in PERMITS[role]}


@given(st.sampled_from(Role), st.sampled_from(Act))
def test_an_act_is_refused_exactly_when_the_role_does_not_hold_it(role, act):
    actor = make_actor(role)
    if actor.may(act):
        actor.check(act)
    else:
        with pytest.raises(NotPermitted, match=f"chen may not {act}: the role {role} does not"):
            actor.check(act)


@given(st.sampled_from(Role), st.sampled_from(Act))
def test_nobody_works_with_a_first_password(role, act):
    with pytest.raises(NotPermitted, match="first password must be changed"):
        make_actor(role, must_change_password=True).check(act)


@pytest.mark.parametrize(
    ("act", "roles"),
    [
        (Act.REPORT_SIGN, {Role.READER, Role.REVIEWER, Role.HEAD}),
        (Act.REPORT_COUNTERSIGN, {Role.REVIEWER, Role.HEAD}),
        (Act.ALERT_JUDGE, {Role.READER, Role.REVIEWER, Role.HEAD}),
        (Act.ALERT_ACKNOWLEDGE, {Role.CLINICIAN, Role.RECEIVER, Role.DUTY}),
        (Act.PATIENT_MERGE, {Role.READER, Role.REVIEWER, Role.HEAD}),
        (Act.EXAM_REFILE, {Role.READER, Role.REVIEWER, Role.HEAD}),
        (Act.CONFLICT_SETTLE, {Role.READER, Role.REVIEWER, Role.HEAD}),
        (Act.QUARANTINE_SETTLE, {Role.ADMIN}),
        (Act.DRAFT_WRITE, {Role.READER, Role.REVIEWER, Role.HEAD}),
        (Act.QUALITY_SEE, {Role.HEAD, Role.QA, Role.DUTY}),
        (Act.PEOPLE_MANAGE, {Role.ADMIN}),
        (Act.SITES_MANAGE, {Role.ADMIN}),
        (Act.SCREEN_CHECK, {Role.READER, Role.REVIEWER, Role.HEAD}),
        (Act.AUDIT_SEE, {Role.HEAD, Role.QA, Role.ADMIN}),
        (
            Act.PICTURE_LOOK,
            {
                Role.READER,
                Role.REVIEWER,
                Role.HEAD,
                Role.QA,
                Role.EXPERT,
                Role.CLINICIAN,
                Role.RECEIVER,
            },
        ),
    ],
)
def test_these_roles_and_no_others_hold_an_act(act, roles):
    assert holders(act) == roles


def test_the_administrator_of_accounts_opens_no_patient():
    assert not PERMITS[Role.ADMIN] & {
        Act.EXAM_LIST, Act.EXAM_OPEN, Act.REPORT_READ, Act.REPORT_SIGN, Act.ALERT_JUDGE,
    }  # fmt: skip


def test_a_trainee_holds_nothing_in_the_clinical_house():
    assert PERMITS[Role.TRAINEE] == frozenset()


def test_nobody_both_judges_and_acknowledges_the_same_alert():
    for role in Role:
        assert not {Act.ALERT_JUDGE, Act.ALERT_ACKNOWLEDGE} <= PERMITS[role], role


def test_every_role_is_in_the_table_and_every_act_belongs_to_someone():
    assert set(PERMITS) == set(Role)
    assert {act for held in PERMITS.values() for act in held} == set(Act)
    with pytest.raises(TypeError):
        PERMITS[Role.TRAINEE] = frozenset(Act)


@pytest.mark.parametrize("act", sorted(LICENSED))
@pytest.mark.parametrize(("after_expiry", "allowed"), [(-1, True), (0, True), (1, False)])
def test_a_licence_holds_through_its_last_day(act, after_expiry, allowed):
    today = TODAY + after_expiry * DAY
    if allowed:
        make_actor().check_licence(act, ExamKind.DR, today)
    else:
        with pytest.raises(NotPermitted, match="the licence expired on 2026-11-22"):
            make_actor().check_licence(act, ExamKind.DR, today)


@pytest.mark.parametrize("act", sorted(LICENSED))
def test_without_a_licence_number_nothing_is_signed_or_judged(act):
    empty = Licence(number="", expires_on=None, scope=BOTH)
    for licence in (None, empty):
        with pytest.raises(NotPermitted, match="no licence number"):
            make_actor(licence=licence).check_licence(act, ExamKind.ECG, TODAY)


@pytest.mark.parametrize("act", sorted(LICENSED))
def test_a_licence_covers_only_its_kinds(act):
    radiology = Licence(number="1", expires_on=None, scope=frozenset({ExamKind.DR}))
    actor = make_actor(licence=radiology)
    actor.check_licence(act, ExamKind.DR, TODAY)
    with pytest.raises(NotPermitted, match="the licence covers DR, not ECG"):
        actor.check_licence(act, ExamKind.ECG, TODAY)


def test_a_licence_for_nothing_says_so():
    actor = make_actor(licence=Licence(number="1", expires_on=None, scope=frozenset()))
    with pytest.raises(NotPermitted, match="covers nothing, not DR"):
        actor.check_licence(Act.REPORT_SIGN, ExamKind.DR, TODAY)


@given(st.sampled_from(sorted(set(Act) - LICENSED)), st.sampled_from(ExamKind), st.dates())
def test_acts_that_need_no_licence_never_ask_for_one(act, kind, today):
    make_actor(licence=None).check_licence(act, kind, today)


@given(st.dates(), st.dates())
def test_a_later_day_never_makes_a_licence_valid_again(one, other):
    early, late = sorted((one, other))

    def valid(day):
        try:
            make_actor().check_licence(Act.REPORT_SIGN, ExamKind.DR, day)
        except NotPermitted:
            return False
        return True

    assert valid(early) or not valid(late)


@pytest.mark.parametrize(
    ("active", "leaves_on", "usable"),
    [
        (True, None, True),
        (True, TODAY + DAY, True),
        (True, TODAY, True),  # the last day is a working day
        (True, TODAY - DAY, False),
        (False, None, False),
        (False, TODAY + DAY, False),
    ],
)
def test_an_account_works_through_the_leave_date_unless_closed(active, leaves_on, usable):
    account = Account(
        actor=make_actor(), password_hash="$argon2id$", active=active, leaves_on=leaves_on
    )
    assert account.usable(TODAY) is usable
