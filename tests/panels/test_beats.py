"""The reader's measurement of the averaged beat on the page, and an earlier ECG laid beside it."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests import make
from workbench.panels import beats
from workbench.store import instances
from workbench.store.schema import beat_measurement
from workbench.workflow import beats as acts
from workbench.workflow import leads
from workbench.workflow.screenings import screen_exam


def count(station):
    with station.store.look() as conn:
        return conn.execute(sa.select(sa.func.count()).select_from(beat_measurement)).scalar_one()


def ecg_file(*, rate=75.0, study="1.2.71", patient="P1", at=make.NOW):
    return make.make_ecg_file(
        make.make_trace(rate), study=study, patient_id=patient, acquired_at=at
    )


@pytest.fixture
def ecg(screened):
    return screened(ecg_file())


@pytest.fixture
def reading(browse, ecg):
    """A reader with the ECG open."""
    browser = browse("reader", "reading")
    assert browser.ask("open", key=ecg) == {}
    return browser


def marks_of(page, **moved):
    return {**page.ecg.src["beat"]["meta"]["marks"], **moved}


def test_the_averaged_beat_lies_beside_the_trace_with_the_engines_marks(reading):
    page = reading.page
    assert page.ecg.src["beat"]["url"].startswith("/wb/display/")
    assert page.ecg.src["beat"]["meta"]["marks"]["qrs_on"] > 0
    assert page.ecg.measured["id"] == page.ecg.src["id"]
    assert page.ecg.measured["reader"] is None
    assert page.ecg.measured["may"] is True


def test_what_is_kept_is_measured_again_and_shown_with_its_reader_and_time(reading, county):
    page = reading.page
    wanted = marks_of(page)
    wanted["t_end"] += 20
    said = reading.ask("keep_marks", id=page.ecg.src["id"], marks=wanted, values={"qt_ms": 1})
    assert (said["tone"], said["text"]) == ("ok", "已保存第 1 次测量。")
    kept = page.ecg.measured["reader"]
    assert kept["marks"]["t_end"] == wanted["t_end"]
    assert kept["values"]["qt_ms"] == pytest.approx(wanted["t_end"] - wanted["qrs_on"])
    assert (kept["by"], kept["at"]) == ("Reader", "2026-11-22 11:00:00")
    assert count(county) == 1


def test_a_measurement_never_touches_the_text_being_written(reading):
    page = reading.page
    before = page.report
    reading.ask("keep_marks", id=page.ecg.src["id"], marks=marks_of(page))
    assert page.report is before  # sent again, the form would load its last saved draft


def test_report_texts_take_the_readers_numbers_first_and_name_whose_they_are(reading):
    page = reading.page

    def value(gap):
        return next(v for v in page.starting["values"] if v["gap"] == gap)

    assert value("qt")["source"].startswith("软件")
    wanted = marks_of(page)
    wanted["t_end"] = wanted["qrs_on"] + 444
    reading.ask("keep_marks", id=page.ecg.src["id"], marks=wanted)
    assert (value("qt")["text"], value("qt")["source"]) == ("444 ms", "医师 Reader")
    text = next(x for x in page.starting["templates"] if x["id"] == "ecg-normal")
    assert "QT/QTc 444/" in text["findings"]
    reading.ask("withdraw_marks", id=page.ecg.src["id"])
    assert value("qt")["source"].startswith("软件")


def test_a_number_the_reader_left_out_stays_a_gap(reading):
    page = reading.page
    wanted = marks_of(page, p_on=None, p_off=None)
    reading.ask("keep_marks", id=page.ecg.src["id"], marks=wanted)
    found = {v["gap"]: v["source"] for v in page.starting["values"]}
    assert "pr" not in found  # the reader saw no P: the engine's PR does not take its place
    assert found["qrs"].startswith("医师")
    text = next(x for x in page.starting["templates"] if x["id"] == "ecg-normal")
    assert "PR间期 ____ ms" in text["findings"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"qrs_on": 5000.0},
        {"j": "drop table"},
        {"t_end": 1.0},
        {"p_on": True},
    ],
)
def test_marks_that_cannot_be_are_refused_in_words_and_nothing_is_kept(reading, county, wrong):
    page = reading.page
    said = reading.ask("keep_marks", id=page.ecg.src["id"], marks=marks_of(page, **wrong))
    assert said["tone"] == "error"
    assert page.ecg.measured["reader"] is None
    assert count(county) == 0


def test_a_measurement_is_for_the_trace_on_the_screen_and_for_no_other(reading, county, screened):
    other = screened(ecg_file(study="1.2.72", patient="P2"))
    with county.store.look() as conn:
        foreign = conn.execute(
            sa.text("select id from instance where exam_id = :e"), {"e": other}
        ).scalar_one()
    marks = marks_of(reading.page)
    assert reading.ask("keep_marks", id=foreign, marks=marks)["tone"] == "error"
    assert count(county) == 0


def test_withdrawing_goes_back_to_the_one_before_and_says_who_did_what(reading, clock):
    page = reading.page
    first = marks_of(page)
    first["t_end"] += 10
    second = {**first, "t_end": first["t_end"] + 10}
    key = page.ecg.src["id"]
    reading.ask("keep_marks", id=key, marks=first)
    clock.go_on(minutes=3)
    reading.ask("keep_marks", id=key, marks=second)
    assert page.ecg.measured["history"] == "此前：Reader 于 2026-11-22 11:00:00 保存"
    assert reading.ask("withdraw_marks", id=key)["text"] == "已撤回；现以第 1 次测量为准。"
    assert page.ecg.measured["reader"]["marks"] == first
    assert "于 2026-11-22 11:03:00 撤回" in page.ecg.measured["history"]
    reading.ask("withdraw_marks", id=key)
    assert page.ecg.measured["reader"] is None
    assert reading.ask("withdraw_marks", id=key)["tone"] == "error"


def test_what_another_reader_keeps_is_followed_at_the_next_notice(browse, reading, county, ecg):
    page = reading.page
    looking = browse("reviewer", "reading")
    looking.ask("open", key=ecg)
    assert looking.page.ecg.measured["may"] is False
    assert looking.page.ecg.measured["why"]
    shown = looking.page.ecg.src
    acts.keep(county, make.READER, ecg, shown["id"], marks_of(page))
    looking.page.look_again()
    assert looking.page.ecg.measured["reader"]["by"] == "Reader"
    assert looking.page.ecg.src is shown  # the trace is not loaded again
    refused = looking.ask("keep_marks", id=shown["id"], marks=marks_of(page))
    assert refused["tone"] == "error"


@pytest.fixture
def pair(browse, screened, clock, ecg):
    """A second ECG of the same patient, open, with the first as its prior."""
    clock.go_on(days=40)
    newer = screened(ecg_file(rate=95.0, study="1.2.73", at=clock()))
    browser = browse("reader", "reading")
    browser.ask("open", key=newer)
    return browser, ecg


def test_an_earlier_ecg_of_the_patient_is_laid_beside_and_named_as_earlier(pair):
    browser, older = pair
    page = browser.page
    assert [p["id"] for p in page.ecg.priors] == [older]
    assert browser.ask("compare", id=older) == {}
    laid = page.ecg.compare
    assert laid["exam"] == older
    assert laid["of"] == page.ecg.src["id"] != laid["id"]
    assert laid["meta"]["caption"][-1] < page.ecg.src["meta"]["caption"][-1]
    assert laid["beat"]["meta"]["marks"]["qrs_on"] > 0
    assert page.viewing["prior"] is None  # the case on the page is still the present one
    browser.ask("compare", id="")
    assert page.ecg.compare == {}


def test_another_patients_exam_is_never_laid_beside(pair, screened):
    browser, older = pair
    stranger = screened(ecg_file(study="1.2.74", patient="P9"))
    browser.ask("compare", id=older)
    said = browser.ask("compare", id=stranger)
    assert said["tone"] == "error"
    assert browser.page.ecg.compare == {}  # and the earlier one is gone with the refused wish


def test_an_exam_filed_under_somebody_else_meanwhile_is_not_laid_beside(pair, county):
    browser, older = pair
    with county.store.change() as conn:
        conn.execute(
            sa.text(
                "insert into patient (id, site_code, local_id, name, name_repaired, person_id)"
                " values ('px', 'T01', 'PX', '别人', false, 'px')"
            )
        )
        conn.execute(sa.text("update exam set patient_id = 'px' where id = :e"), {"e": older})
    assert browser.ask("compare", id=older)["tone"] == "error"
    assert browser.page.ecg.compare == {}


def test_a_film_among_the_earlier_exams_is_not_offered_for_comparison(browse, screened, clock, ecg):
    screened(make.make_film(local_id="P1"))
    clock.go_on(days=40)
    newer = screened(ecg_file(rate=95.0, study="1.2.73"))
    browser = browse("reader", "reading")
    browser.ask("open", key=newer)
    assert len(browser.page.case["priors"]) == 2
    assert [p["id"] for p in browser.page.ecg.priors] == [ecg]


def test_the_earlier_ecg_leaves_with_the_case(pair, screened):
    browser, older = pair
    browser.ask("compare", id=older)
    other = screened(ecg_file(study="1.2.75", patient="P7"))
    browser.ask("open", key=other)
    assert browser.page.ecg.compare == {}
    assert browser.page.ecg.priors == []
    assert browser.ask("compare", id=older)["tone"] == "error"


def test_an_earlier_exam_that_is_shown_takes_no_measurement(pair):
    browser, older = pair
    browser.ask("prior", prior=older)
    page = browser.page
    assert page.ecg.measured["may"] is False
    assert page.ecg.priors == []
    said = browser.ask("keep_marks", id=page.ecg.src["id"], marks=marks_of(page))
    assert said["tone"] == "error"
    assert beats.MARKS == ("p_on", "p_off", "qrs_on", "j", "t_end")


def names_anew(county, page, key):
    county.clock.go_on(minutes=1)
    leads.relabel(county, make.READER, key, page.ecg.src["id"], {"V6": "V9"}, "背部电极")
    screen_exam(county, key)
    page.look_again()


def test_after_a_naming_the_page_says_what_stands_no_longer_and_one_act_measures_again(
    reading, county, ecg
):
    page = reading.page

    def sources():
        return {v["gap"]: v["source"] for v in page.starting["values"]}

    marks = marks_of(page)
    reading.ask("keep_marks", id=page.ecg.src["id"], marks=marks)
    assert "axis" in sources()
    assert page.starting["doubt"] == page.ecg.measured["reader"]["outdated"] == ""
    before = page.ecg.src["beat"]
    names_anew(county, page, ecg)
    assert page.ecg.src["beat"]["meta"]["leads"][-1] == "V9"
    assert page.ecg.src["beat"]["url"] != before["url"]  # though the bytes are the same
    assert page.starting["doubt"] == page.ecg.measured["reader"]["outdated"]
    assert page.starting["doubt"].startswith("导联命名更改前的测量")
    assert sources()["qt"] == "医师 Reader（导联命名更改前的测量）"
    assert "axis" not in sources()  # neither the reader's old one nor, silently, the engine's
    reading.ask("keep_marks", id=page.ecg.src["id"], marks=page.ecg.measured["reader"]["marks"])
    assert page.starting["doubt"] == page.ecg.measured["reader"]["outdated"] == ""
    assert sources()["axis"] == "医师 Reader"
    assert "V9" in page.ecg.measured["reader"]["values"]["st_j_mv"]
    assert count(county) == 2


def test_numbers_of_a_beat_that_was_averaged_anew_fill_no_report(reading, county, ecg):
    page = reading.page
    reading.ask("keep_marks", id=page.ecg.src["id"], marks=marks_of(page))
    with county.store.change() as conn:
        [now] = [c for c in instances.copies(conn, ecg) if c.form == "beat"]
        other = county.blobs.put(b"\0" * now.size)
        instances.set_copy(conn, replace(now, sha256=other.sha256))
    page.look_again()
    assert page.starting["values"] == []
    assert page.starting["doubt"].startswith("基于旧平均心搏的测量")


def test_a_tracing_without_a_beat_offers_to_make_one_and_shows_it_when_it_is_there(
    browse, county, ecg
):
    with county.store.change() as conn:
        [key] = {c.instance_id for c in instances.copies(conn, ecg)}
        instances.drop_copy(conn, key, "beat")
    reading = browse("reader", "reading")
    reading.ask("open", key=ecg)
    page = reading.page
    assert "beat" not in page.ecg.src
    assert page.ecg.measured["ask"] is True
    page._viewer_asks(page.ecg, {"kind": "make_beat", "id": key}, [])
    assert (page.said["tone"], page.said["text"]) == ("ok", "正在计算平均心搏，稍后在此显示。")
    screen_exam(county, ecg)
    page.look_again()
    assert page.ecg.src["beat"]["meta"]["beats"] > 1
    assert page.ecg.measured["ask"] is False
    assert reading.ask("make_beat", id=key)["tone"] == "error"


def test_who_only_looks_is_not_offered_to_make_a_beat(browse, county, ecg):
    with county.store.change() as conn:
        [key] = {c.instance_id for c in instances.copies(conn, ecg)}
        instances.drop_copy(conn, key, "beat")
    looking = browse("qa", "reading")
    looking.ask("open", key=ecg)
    assert looking.page.ecg.measured["ask"] is False
    assert looking.ask("make_beat", id=key)["tone"] == "error"
