"""Every signed version names its own marks and their objects; an older one keeps its own."""

from tests import make
from workbench.workflow import mark_delivery, mark_objects

LENGTH = {"uid": "l1", "tool": "Length", "points": [[10, 10], [50, 40]]}
ARROW = {"uid": "a1", "tool": "ArrowAnnotate", "points": [[30, 30], [40, 40]], "text": "结节?"}
TEXT = {"findings": "双肺清晰。", "impression": "正常。", "coded": []}


def signed(browse, exam, marks, seen=0):
    reader = browse("reader", "reading")
    reader.ask("open", key=exam)
    film = reader.page.desktop.case.files[0].id
    reader.ask("film_marks", id=film, marks=marks)
    reader.ask("sign", key=exam, **TEXT)
    return reader, film


def test_a_version_says_its_marks_with_their_numbers_and_where_they_are_seen(browse, screened):
    exam = screened(make.make_film())
    reader, film = signed(browse, exam, [LENGTH, ARROW])
    [version] = reader.page.report["versions"]
    [shown] = version["marks"]
    assert (shown["id"], shown["key"], shown["calibration"]) == (film, False, "mm（探测器平面）")
    assert shown["title"].startswith("1/1")
    length, arrow = shown["marks"]
    assert length in {"长度：7.1 mm（探测器平面）", "长度：7.2 mm（探测器平面）"}
    assert arrow == "箭头标注：结节?"
    assert version["view"].endswith(f"/wb/view/{version['id']}")


def test_older_versions_keep_their_own_marks(browse, screened):
    exam = screened(make.make_film())
    reader, _ = signed(browse, exam, [LENGTH, ARROW])
    reader.ask("retract", key=exam, reason="重写")
    again, _ = signed(browse, exam, [ARROW])
    first, second = again.page.report["versions"]
    assert [len(v["marks"][0]["marks"]) for v in (first, second)] == [2, 1]
    assert first["view"] != second["view"]


def test_objects_appear_when_they_are_made_and_say_that_they_went_out(browse, county, screened):
    exam = screened(make.make_film())
    reader, _ = signed(browse, exam, [LENGTH])
    [version] = reader.page.report["versions"]
    assert (version["objects"]["said"], version["objects"]["comes"]) == ("正在生成", True)
    mark_objects.write(county, version["id"])
    reader.ask("objects")
    [version] = reader.page.report["versions"]
    rows = version["objects"]["rows"]
    assert [r["label"] for r in rows] == ["测量（SR）", "标注（GSPS）"]
    assert rows[0]["url"].endswith(f"/wb/marks/{exam}/{rows[0]['uid']}.dcm")
    assert version["objects"]["said"] == "已生成，正在送发件箱"
    mark_delivery.hand_over(county, version["id"])
    reader.ask("objects")
    [version] = reader.page.report["versions"]
    assert version["objects"]["said"] == "已送发件箱 2026-11-22 11:00:00"
    assert not version["objects"]["comes"]


def test_while_a_new_text_is_written_the_report_on_the_page_is_not_touched(
    browse, county, screened
):
    exam = screened(make.make_film())
    reader, _ = signed(browse, exam, [LENGTH])
    reader.ask("retract", key=exam, reason="重写")
    before = reader.page.report
    assert before["editable"]
    mark_objects.write(county, before["versions"][0]["id"])
    reader.ask("objects")
    assert reader.page.report is before


def test_a_version_without_marks_has_none_and_an_ecg_no_pictures(browse, screened):
    film, ecg = screened(make.make_film()), screened(make.make_ecg_file())
    reader = browse("reader", "reading")
    for exam in (film, ecg):
        reader.ask("open", key=exam)
        reader.ask("sign", key=exam, **TEXT)
        [version] = reader.page.report["versions"]
        assert (version["marks"], version["objects"]) == ([], None)
        assert bool(version["view"]) is (exam == film)
    assert reader.ask("objects") == {}
