"""An exam under the wrong patient: seen when it arrives, moved only before a report stands."""

import pytest

from tests import make
from workbench.domain.errors import Invalid
from workbench.domain.report import ReportBody
from workbench.store import exams as exam_rows
from workbench.store import patients as patient_rows
from workbench.workflow import patients, reports

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
