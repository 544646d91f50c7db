"""Who is who: likely persons suggested, joined and parted by people; exams moved, with reason."""

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.errors import Invalid, NotFound, NothingJoined, NotPermitted, OnePerson
from workbench.domain.patient import Likeness
from workbench.domain.report import ReportBody
from workbench.store import exams as exam_rows
from workbench.store import patients as patient_rows
from workbench.store.schema import audit
from workbench.workflow import exams, patients, reports

BODY = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")


def test_a_second_film_of_a_study_under_another_patient_number_is_flagged(county, arrive):
    first = arrive(make.make_film())
    again = arrive(make.make_film(uid="1.2.3.2", local_id="P9", name="赵^六"))
    assert again.exam_id == first.exam_id
    with county.store.look() as conn:
        assert "patient_mismatch" in exam_rows.get(conn, first.exam_id, None).flags


def test_an_exam_with_a_standing_report_is_not_moved_to_another_patient(county, screened, arrive):
    exam_id = screened(make.make_film())
    arrive(make.make_film(study="1.2.9", uid="1.2.9.1", local_id="P9", name="赵^六"))
    draft = reports.save_draft(county, make.READER, exam_id, BODY, 0)
    reports.sign(county, make.READER, exam_id, draft.revision)
    with pytest.raises(Invalid, match="retract it first"):
        patients.refile(county, make.READER, exam_id, "P9", "登记错误")
    reports.retract(county, make.READER, exam_id, "患者错误")
    patients.refile(county, make.READER, exam_id, "P9", "登记错误")
    with county.store.look() as conn:
        now = patient_rows.get(conn, exam_rows.get(conn, exam_id, None).patient_id)
    assert now.local_id == "P9"


NATIONAL = "11010519491231002X"
SAME = {"study": "1.2.20", "uid": "1.2.20.1", "local_id": "Q1"}  # name and birth as make_film


def noted(county, act):
    with county.store.look() as conn:
        query = sa.select(audit.c.chain, audit.c.detail).where(audit.c.act == act)
        return {r.chain: r.detail for r in conn.execute(query.order_by(audit.c.chain))}


@pytest.fixture
def alike(county, arrive):
    """One woman at two clinics; gives the ids of her two records."""
    arrive(make.make_film(), "T01")
    arrive(make.make_film(**SAME), "T02")
    with county.store.look() as conn:
        return tuple(
            patient_rows.by_local_id(conn, *key).id for key in (("T01", "P1"), ("T02", "Q1"))
        )


def test_one_name_birth_and_sex_at_two_clinics_is_suggested_and_not_joined(county, alike):
    [found] = patients.suggestions(county, make.READER)
    assert {found.one.patient.id, found.other.patient.id} == set(alike)
    assert found.why is Likeness.NAME_BIRTH_SEX
    assert found.one.exams == found.other.exams == 1
    assert found.one.patient.person_id != found.other.patient.person_id


def test_one_identity_number_as_patient_number_is_suggested_whatever_the_name(county, arrive):
    arrive(make.make_film(local_id=NATIONAL), "T01")
    arrive(make.make_film(**{**SAME, "local_id": NATIONAL.lower(), "name": "王^秀"}), "T02")
    [found] = patients.suggestions(county, make.READER)
    assert found.why is Likeness.NATIONAL_ID


def test_nobody_is_suggested_whom_the_actor_may_not_see(county, alike, arrive):
    arrive(make.make_film(**{**SAME, "study": "1.2.21", "uid": "1.2.21.1"}), "T03")  # nobody reads
    assert len(patients.suggestions(county, make.READER)) == 1
    with pytest.raises(NotPermitted):
        patients.suggestions(county, make.CLINIC)


def test_a_merge_shows_the_earlier_exam_and_a_split_takes_it_away_again(county, alike):
    patients.merge(county, make.READER, alike, "身份证核对一致")
    assert patients.suggestions(county, make.READER) == []
    [person] = patients.search(county, make.READER, "Q1")
    assert [k.patient.local_id for k in person.records] == ["P1", "Q1"]
    newest, older = person.exams
    assert [e.id for e in exams.open_case(county, make.READER, newest.id, hold=False).priors] == [
        older.id
    ]
    merged = noted(county, "patient.merge")
    assert sorted(merged) == ["T01", "T02"]
    assert merged["T01"]["reason"] == "身份证核对一致"
    patients.split(county, make.READER, alike[1], "并非同一人")
    [person] = patients.search(county, make.READER, "Q1")
    assert [k.patient.local_id for k in person.records] == ["Q1"]
    assert patients.suggestions(county, make.READER) == []  # parted by a person: not asked again
    assert noted(county, "patient.split")["T02"]["was"] == merged["T02"]["person"]


def test_a_merge_of_two_persons_takes_all_their_records_along(county, alike, arrive):
    arrive(make.make_film(study="1.2.22", uid="1.2.22.1", local_id="R1", name="王^兰"), "T01")
    with county.store.look() as conn:
        third = patient_rows.by_local_id(conn, "T01", "R1").id
    patients.merge(county, make.READER, alike, "身份证核对一致")
    patients.merge(county, make.READER, (third, alike[0]), "本人更名")
    [person] = patients.search(county, make.READER, "R1")
    assert len(person.records) == 3


def test_two_people_of_one_name_are_not_suggested_again(county, alike):
    patients.keep_apart(county, make.READER, alike, "同名同生日，住址不同")
    assert patients.suggestions(county, make.READER) == []
    assert sorted(noted(county, "patient.apart")) == ["T01", "T02"]
    patients.merge(county, make.READER, alike, "复核为同一人")  # a person may think again


@pytest.mark.parametrize("act", [patients.merge, patients.keep_apart])
def test_a_refused_merge_leaves_no_trace(county, alike, act):
    far = make.make_actor("far", site_code="T03")
    for actor, error in ((make.CLINIC, NotPermitted), (make.ADMIN, NotPermitted), (far, NotFound)):
        with pytest.raises(error):
            act(county, actor, alike, "理由")
    with pytest.raises(Invalid, match="reason"):
        act(county, make.READER, alike, "  ")
    assert noted(county, "patient.merge") == noted(county, "patient.apart") == {}
    assert len(patients.suggestions(county, make.READER)) == 1


def test_a_record_alone_cannot_be_split_nor_joined_with_itself(county, alike):
    with pytest.raises(NothingJoined):
        patients.split(county, make.READER, alike[0], "理由")
    with pytest.raises(OnePerson):
        patients.merge(county, make.READER, (alike[0], alike[0]), "理由")


def test_a_search_finds_names_and_numbers_and_takes_signs_as_they_are(county, alike):
    for text in ("王秀", "P1", "p1"):
        assert len(patients.search(county, make.READER, text)) >= 1
    for text in ("%", "_1"):
        assert patients.search(county, make.READER, text) == []
    with pytest.raises(Invalid):
        patients.search(county, make.READER, " ")


def test_candidates_for_an_exam_are_patients_of_its_own_institution(county, alike, arrive):
    exam_id = arrive(
        make.make_film(study="1.2.23", uid="1.2.23.1", local_id="P3", name="王^二"), "T01"
    ).exam_id
    found = patients.candidates(county, make.READER, exam_id, "王")
    assert [k.patient.local_id for k in found] == ["P1"]


def test_an_exam_is_not_moved_to_the_patient_it_has_or_to_nobody(county, screened):
    exam_id = screened(make.make_film())
    with pytest.raises(Invalid, match="another patient"):
        patients.refile(county, make.READER, exam_id, "P1", "登记错误")
    with pytest.raises(NotFound):
        patients.refile(county, make.READER, exam_id, "P404", "登记错误")
    with pytest.raises(NotPermitted):
        patients.refile(county, make.QA, exam_id, "P404", "登记错误")
    assert noted(county, "exam.refile") == {}
