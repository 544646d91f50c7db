"""Paper and outbox: what goes out, in which order, and who may read it."""

import json
from datetime import UTC, date, datetime

from tests import make
from workbench import language
from workbench.domain.report import ReportBody
from workbench.formats.report_layout import laid_out
from workbench.store import reports as rows
from workbench.workflow import deliveries, reports

BODY = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")


def signed(station, exam_id):
    draft = reports.save_draft(station, make.READER, exam_id, BODY, 0)
    return reports.sign(station, make.READER, exam_id, draft.revision)


def test_a_report_taken_back_before_it_went_out_is_never_sent_as_released(county, screened):
    one = signed(county, screened(make.make_film()))
    reports.retract(county, make.READER, one.exam_id, "患者信息错误")
    deliveries.deliver(county, one.id, "released")
    deliveries.deliver(county, one.id, "retracted")
    sent = sorted((county.settings.outbox / "T01").glob("*.json"))
    assert [json.loads(p.read_text("utf-8"))["status"] for p in sent] == ["retracted"]


def test_nobody_outside_the_group_can_read_what_lies_in_the_outbox(county, screened):
    one = signed(county, screened(make.make_film()))
    deliveries.deliver(county, one.id, "released")
    outbox = county.settings.outbox
    for path in (outbox, *outbox.rglob("*")):
        assert path.stat().st_mode & 0o007 == 0, path


def test_the_age_on_paper_is_that_of_the_day_where_the_exam_was_made(county, screened, clock):
    # 06:30 in Beijing is still the day before in UTC: a child born that day had no age at all.
    clock.at = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    film = make.make_film(taken_at=clock.at)
    one = signed(county, screened(film))
    born = {**dict(one.facts["patient"]), "birth_date": date(2026, 11, 22).isoformat()}
    with county.store.look() as conn:
        held = rows.get(conn, one.id)
        held.facts["patient"].update(born)
        page = deliveries.page_of(conn, county, held, "zh_CN")
    assert page.patient.age_years == 0


def test_a_number_the_house_made_up_is_not_printed_as_the_patients(county, screened):
    one = signed(county, screened(make.make_film(local_id="")))
    with county.store.look() as conn:
        page = deliveries.page_of(conn, county, rows.get(conn, one.id), "zh_CN")
    assert page.patient.local_id == ""


def test_the_paper_of_an_original_says_that_an_addendum_or_a_new_report_followed(county, screened):
    one = signed(county, screened(make.make_film()))
    deliveries.deliver(county, one.id, "released")
    alone = deliveries.pdf(county, make.CLINIC, one.id)
    added = reports.add(county, make.READER, one.exam_id, "补充:与前片比较无变化。")
    deliveries.deliver(county, added.id, "released")
    there = "https://reading.example/wb/report/{}.pdf".format
    after = deliveries.pdf(county, make.CLINIC, one.id, there)
    assert after != alone
    assert there(added.id).encode() in after
    with county.store.look() as conn:
        first, second = rows.versions(conn, one.exam_id)
        page = deliveries.page_of(conn, county, first, "zh_CN", there)
        assert [(x.version, x.addendum, x.address) for x in page.later] == [
            (2, True, there(added.id))
        ]
        assert deliveries.page_of(conn, county, second, "zh_CN").later == ()
    said = laid_out(page, language.translator("zh_CN"))["later"]
    assert said[0]["text"].startswith("本报告之后已于 2026-11-22 11:00 发布补充报告")
    # what was delivered lies unchanged in the outbox and under its digest
    [sent] = [h for h in delivered_of(county, one.id) if h.channel == "outbox"]
    assert county.blobs.read(sent.sha256) == alone


def delivered_of(station, report_id):
    with station.store.look() as conn:
        return rows.deliveries(conn, report_id)
