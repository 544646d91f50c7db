"""What a sending institution sees: every critical value with its patient, until it is answered."""

from tests import make
from workbench.domain.actor import Role
from workbench.domain.report import ReportBody
from workbench.phantoms.ecg import Rhythm
from workbench.workflow import alerts, clinic, reports

BODY = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")


def test_a_critical_value_names_its_patient_however_many_exams_came_since(
    county, screened, monkeypatch
):
    screened(make.make_ecg_file(make.make_trace(30.0, Rhythm.BRADY)))
    [flag] = alerts.open_alerts(county, make.READER)
    alerts.confirm(county, make.READER, flag.id)
    screened(make.make_film())
    monkeypatch.setattr(clinic, "LIMIT", 1)  # as after 300 exams
    [told] = clinic.own_alerts(county, make.CLINIC)
    assert told.found is not None
    assert told.found.patient_name == "李建国"


def test_a_critical_value_nobody_acknowledged_stays_on_the_page_however_old(
    county, screened, clock
):
    screened(make.make_ecg_file(make.make_trace(30.0, Rhythm.BRADY)))
    [flag] = alerts.open_alerts(county, make.READER)
    alerts.confirm(county, make.READER, flag.id)
    clock.go_on(days=30)
    assert [a.alert.id for a in clinic.own_alerts(county, make.CLINIC)] == [flag.id]
    alerts.acknowledge(county, make.CLINIC, flag.id, "李建国,心率30次/分")
    assert clinic.own_alerts(county, make.CLINIC) == []


def test_a_technician_sees_exams_but_no_papers(county, screened):
    exam_id = screened(make.make_film())
    draft = reports.save_draft(county, make.READER, exam_id, BODY, 0)
    reports.sign(county, make.READER, exam_id, draft.revision)
    technician = make.make_actor("tech", Role.TECHNICIAN, "T01", licence=None)
    [seen] = clinic.own_exams(county, technician)
    assert seen.papers == ()
    [whole] = clinic.own_exams(county, make.CLINIC)
    assert len(whole.papers) == 1
