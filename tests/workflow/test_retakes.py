"""A film to be taken again: asked once, told to its own clinic only, answered, closed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import make
from workbench.domain.errors import Invalid, MoveRefused, NotFound, NotPermitted
from workbench.domain.event import EventKind
from workbench.domain.finding import Gate, Screening
from workbench.domain.quality_item import (
    FilmGrade,
    ItemState,
    QualityCode,
    QualityItem,
    QualitySheet,
)
from workbench.domain.report import ReportBody
from workbench.domain.retake import Refusal, RetakeState
from workbench.store import audit, events, instances, sites
from workbench.store import exams as exam_rows
from workbench.store import retakes as rows
from workbench.store.turnaround import Period
from workbench.workflow import quality, reports, retake_pictures, retakes, screenings

DAY = Period(since=make.NOW - timedelta(hours=1), until=make.NOW + timedelta(days=2))


@pytest.fixture
def empty(screened):
    """A film that was exposed without a beam, screened; gives its exam."""
    return screened(make.make_film(blank=True))


def own(county, actor=make.TECHNICIAN):
    return retakes.of_own_site(county, actor)


def film_of(county, exam_id):
    with county.store.look() as conn:
        return instances.of_exam(conn, exam_id)[0].id


def audited(county):
    with county.store.look() as conn:
        assert audit.verify(conn) == []
        return audit.heads(conn, make.NOW)


def test_an_empty_film_is_asked_for_in_the_transaction_that_keeps_its_screening(county, empty):
    [told] = own(county)
    asked = told.retake
    assert (asked.exam_id, asked.state, asked.reasons) == (
        empty,
        RetakeState.REQUESTED,
        ("111213",),
    )
    assert asked.due_at == make.NOW + timedelta(minutes=5)
    assert [s.move for s in told.steps] == ["ask"]
    assert told.found.patient_name == "王秀兰"
    with county.store.look() as conn:
        kinds = [e.kind for e in events.of_exam(conn, empty)]
    assert kinds.count(EventKind.RETAKE_ASKED) == 1


def test_screened_again_nothing_is_asked_twice(county, empty):
    screenings.screen_exam(county, empty)
    with county.store.change() as conn:
        exam = exam_rows.get(conn, empty, None, lock=True)
        film = instances.of_exam(conn, empty)[0]
        again = Screening(
            screener="dr", version="2", rulebook="b", digest=film.sha256, modality="DR",
            assessed=False, reason="", gate=Gate(accepted=False, codes=("blank",)),
        )  # fmt: skip
        assert retakes.raised(conn, county, exam, film, again) is None
    assert len(own(county)) == 1


def test_a_film_with_a_picture_is_not_asked_for(county, screened):
    screened(make.make_film())
    assert own(county) == []


def judged(county, exam_id, sheet, clock=None):
    """Raise by a sheet that a screener might have filled."""
    with county.store.change() as conn:
        exam = exam_rows.get(conn, exam_id, None, lock=True)
        film = instances.of_exam(conn, exam_id)[0]
        said = Screening(
            screener="dr", version="2", rulebook="b", digest=film.sha256, modality="DR",
            assessed=True, reason="", gate=Gate(accepted=True), sheet=sheet,
        )  # fmt: skip
        return retakes.raised(conn, county, exam, film, said)


CUT = QualitySheet(
    name="chest_pa", book="dr-quality-2026.1", grade=FilmGrade.REJECT, grade_reason="veto",
    items=(
        QualityItem(
            code=QualityCode.WHOLE_CHEST, got=0, of=15, state=ItemState.SCORED, veto=True,
            evidence="the left costophrenic angle is cut off", reason="111209",
        ),
    ),
)  # fmt: skip


def test_a_veto_of_the_sheet_asks_with_its_reason_and_its_words(county, screened):
    asked = judged(county, screened(make.make_film()), CUT)
    assert (asked.reasons, asked.evidence) == (("111209",), CUT.items[0].evidence)
    assert [t.retake for t in own(county)] == [asked]


def test_an_institution_that_does_not_want_it_is_not_asked_by_the_program(county, screened):
    exam_id = screened(make.make_film())
    with county.store.change() as conn:
        sites.change(conn, replace(sites.get(conn, "T01"), asks_retakes=False))
    assert judged(county, exam_id, CUT) is None
    assert own(county) == []


def test_a_film_of_yesterday_is_not_asked_for_by_the_program(county, screened, clock):
    exam_id = screened(make.make_film())
    clock.go_on(hours=12, seconds=1)
    assert judged(county, exam_id, CUT) is None


def test_a_film_a_doctor_has_reported_on_is_not_asked_for_by_the_program(county, screened):
    exam_id = screened(make.make_film())
    body = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
    draft = reports.save_draft(county, make.READER, exam_id, body, 0)
    reports.sign(county, make.READER, exam_id, draft.revision)
    assert judged(county, exam_id, CUT) is None


def test_a_reader_asks_by_hand_and_says_what_is_wrong(county, screened):
    exam_id = screened(make.make_film())
    film = (exam_id, film_of(county, exam_id))
    before = audited(county)
    for reasons, words in (([], "x"), (["999"], "x"), (["111209"], "  ")):
        with pytest.raises(Invalid):
            retakes.ask(county, make.READER, film, reasons, words)
    with pytest.raises(NotFound):
        retakes.ask(county, make.READER, (exam_id, "another"), ["111209"], "x")
    assert audited(county) == before
    asked = retakes.ask(county, make.QA, film, ["111209", "111210"], "左侧肋膈角未包全")
    assert (asked.source, asked.asked_by) == ("reader", "qa")
    with pytest.raises(MoveRefused):
        retakes.ask(county, make.READER, film, ["111209"], "再拍")


@pytest.mark.parametrize(
    "who", [make.CLINIC, make.TECHNICIAN, make.ADMIN, make.TRAINEE], ids=lambda a: a.username
)
def test_who_took_the_film_or_manages_the_house_does_not_ask(county, screened, who):
    exam_id = screened(make.make_film())
    before = audited(county)
    with pytest.raises(NotPermitted):
        retakes.ask(county, who, (exam_id, film_of(county, exam_id)), ["111209"], "x")
    assert audited(county) == before


@pytest.mark.parametrize("who", [make.READER, make.QA, make.ADMIN], ids=lambda a: a.username)
def test_who_reads_does_not_answer_for_the_clinic(county, empty, who):
    [told] = own(county)
    with pytest.raises(NotPermitted):
        retakes.see(county, who, told.retake.id)
    with pytest.raises(NotPermitted):
        retakes.of_own_site(county, who)


def test_another_clinic_neither_sees_nor_answers_nor_looks(county, empty):
    [told] = own(county)
    before = audited(county)
    assert own(county, make.OTHER_TECHNICIAN) == []
    key = told.retake.id
    for act in (
        lambda who: retakes.see(county, who, key),
        lambda who: retakes.decline(county, who, key, Refusal.PATIENT_GONE, ""),
        lambda who: retake_pictures.picture(county, who, key),
    ):
        with pytest.raises(NotFound):
            act(make.OTHER_TECHNICIAN)
    assert audited(county) == before


def test_seen_taken_again_closed_with_every_step_in_the_register(county, empty, arrive, clock):
    key = own(county)[0].retake.id
    clock.go_on(minutes=2)
    seen = retakes.see(county, make.TECHNICIAN, key)
    assert seen.due_at == clock.at + timedelta(minutes=30)
    with pytest.raises(Invalid):  # no later film has come
        retakes.retaken(county, make.TECHNICIAN, key, film_of(county, empty))
    clock.go_on(minutes=4)
    other = arrive(make.make_film(local_id="P9", study="1.9", uid="1.9.1")).exam_id
    new = arrive(make.make_film(study="1.5", uid="1.5.1")).exam_id
    [told] = own(county)
    assert [f.exam_id for f in told.later] == [new]  # of the same patient, and no other's
    with pytest.raises(Invalid):
        retakes.retaken(county, make.TECHNICIAN, key, film_of(county, other))
    done = retakes.retaken(county, make.TECHNICIAN, key, film_of(county, new))
    assert (done.state, done.due_at) == (RetakeState.RETAKEN, None)
    closed = retakes.close(county, make.READER, key)
    assert closed.state is RetakeState.CLOSED
    [row] = retakes.of_case(county, make.READER, new)  # the new exam knows what it answers
    assert [s.move for s in row.steps] == ["ask", "see", "retake", "close"]
    audited(county)
    counts = {(r.site_code, r.reason): r for r in quality.retakes(county, make.QA, DAY)}
    whole, one = counts[(None, "")], counts[("T01", "111213")]
    assert (whole.asked, whole.by_screening, whole.retaken, whole.waiting) == (1, 1, 1, 0)
    assert (one.retaken, one.median_s) == (1, 360.0)


def test_a_second_film_of_the_same_study_is_an_answer_too(county, empty, arrive, clock):
    clock.go_on(minutes=1)
    arrive(make.make_film(uid="1.2.3.2"))
    [told] = own(county)
    assert [f.uid for f in told.later] == ["1.2.3.2"]
    done = retakes.retaken(county, make.TECHNICIAN, told.retake.id, told.later[0].id)
    assert done.exam_id == empty


def test_a_film_answers_one_request_only(county, screened, arrive, clock):
    first = screened(make.make_film(blank=True))
    second = screened(make.make_film(blank=True, study="1.4", uid="1.4.1"))
    clock.go_on(minutes=1)
    arrive(make.make_film(study="1.5", uid="1.5.1"))
    by_exam = {t.retake.exam_id: t for t in own(county)}
    film = by_exam[first].later[0].id
    retakes.retaken(county, make.TECHNICIAN, by_exam[first].retake.id, film)
    with pytest.raises(Invalid):
        retakes.retaken(county, make.TECHNICIAN, by_exam[second].retake.id, film)


def test_a_film_that_cannot_be_taken_again_says_why_and_may_be_asked_for_once_more(county, empty):
    key = own(county)[0].retake.id
    with pytest.raises(Invalid):
        retakes.decline(county, make.CLINIC, key, Refusal.OTHER, " ")
    said = retakes.decline(county, make.CLINIC, key, Refusal.PATIENT_GONE, "已上车离开")
    assert (said.state, said.refusal) == (RetakeState.DECLINED, Refusal.PATIENT_GONE)
    film = (empty, film_of(county, empty))
    again = retakes.ask(county, make.READER, film, ["111213"], "请联系患者回来")
    assert (again.id, again.state, again.refusal) == (key, RetakeState.REQUESTED, None)
    [told] = own(county)
    assert [s.move for s in told.steps] == ["ask", "decline", "ask_again"]


def test_a_withdrawn_wish_stays_withdrawn_for_the_program(county, empty):
    key = own(county)[0].retake.id
    with pytest.raises(Invalid):
        retakes.withdraw(county, make.READER, key, "")
    retakes.withdraw(county, make.READER, key, "可用于诊断")
    assert judged(county, empty, CUT) is None
    with county.store.look() as conn:
        assert rows.get(conn, key).state is RetakeState.WITHDRAWN
    with pytest.raises(MoveRefused, match="ask_again"):
        retakes.see(county, make.TECHNICIAN, key)


def test_the_clinic_looks_at_the_picture_and_the_look_is_noted(county, screened):
    exam_id = screened(make.make_film())
    asked = judged(county, exam_id, CUT)
    before = audited(county)
    allowed = retake_pictures.picture(county, make.TECHNICIAN, asked.id)
    assert county.blobs.read(allowed.source.sha256)[:2] == b"\xff\xd8"
    assert audited(county) != before


def test_a_register_once_written_is_never_changed_by_a_later_step(county, empty):
    key = own(county)[0].retake.id
    first = own(county)[0].steps[0]
    retakes.see(county, make.TECHNICIAN, key)
    assert own(county)[0].steps[0] == first
