"""The page for review only: who gets it, what stands on it, and that every word of it is known."""

import re
from io import BytesIO

import pytest
from PIL import Image

from tests import make
from tests.server.conftest import PASSWORD, Browser
from workbench.domain.actor import Role
from workbench.domain.report import ReportBody
from workbench.domain.site import Site, SiteKind
from workbench.language import catalogue
from workbench.server.app import TEMPLATES
from workbench.store import exams as exam_rows
from workbench.workflow import (
    accounts,
    console,
    mark_objects,
    marks,
    reports,
    screenings,
    sites,
)
from workbench.workflow import exams as reading
from workbench.workflow.accounts import NewAccount
from workbench.workflow.arrivals import Sender, file_recording

READER = make.make_actor("reader1", site_code="C1")
BODY = ReportBody(findings="双肺野<清晰>。", impression="未见明显异常。")
LENGTH = {"uid": "l1", "tool": "Length", "points": [[10, 10], [50, 40]]}
ARROW = {"uid": "a1", "tool": "ArrowAnnotate", "points": [[70, 30], [40, 40]], "text": '"<结节>"?'}
ELLIPSE = {
    "uid": "e1", "tool": "EllipticalROI", "points": [[20, 10], [20, 30], [10, 20], [30, 20]],
}  # fmt: skip


@pytest.fixture(scope="module")
def stranger(house):
    """A clinician of another institution."""
    me = console.operator("test")
    sites.add(house, me, Site(code="T8", name="某镇卫生院", kind=SiteKind.TOWNSHIP), [])
    new = NewAccount(
        username="nurse8", name="nurse8", role=Role.CLINICIAN, site_code="T8", password=PASSWORD,
        must_change_password=False,
    )  # fmt: skip
    accounts.add(house, me, new)
    return "nurse8"


@pytest.fixture
def version(station, request):
    """A film of C1, marked, signed and released; its report and file."""
    study = f"1.2.77.{abs(hash(request.node.name)) % 10**8}"
    data = make.make_film(study=study, uid=f"{study}.1", local_id=study[-6:])
    files = make.laid(station.blobs.temporary_folder, **{"object.dcm": data})
    exam_id = file_recording(station, Sender(site_code="C1", source="test"), files).exam_id
    screenings.screen_exam(station, exam_id)
    [film] = reading.open_case(station, READER, exam_id, hold=True).files
    marks.save(station, READER, exam_id, film.id, [LENGTH, ARROW, ELLIPSE], 0)
    marks.choose(station, READER, exam_id, film.id, chosen=True)
    draft = reports.save_draft(station, READER, exam_id, BODY, 0)
    return reports.sign(station, READER, exam_id, draft.revision), film.id


def test_a_clinician_gets_report_picture_and_marks_under_the_words(server, version):
    report, film = version
    one = server.browser("nurse1")
    answer = one.get(f"/wb/view/{report.id}")
    assert answer.status == 200
    said = answer.text
    assert said.count("仅供浏览，不作诊断") >= 3  # title, page, picture
    assert "王秀兰" in said
    assert "双肺野&lt;清晰&gt;。" in said
    assert "&#34;&lt;结节&gt;&#34;?" in said  # what a reader typed is text
    assert re.search("7[.][12] mm（探测器平面）", said)  # 50 pixels of 0.143 mm
    assert said.count("<polyline") == 2 * (1 + 3)  # each line twice: a length, an arrow of three
    assert said.count("<ellipse") == 2
    assert "data-key" in said
    assert "style=" not in said  # the policy of the page takes none
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    address = f"/wb/view/{report.id}/{film}.jpg"
    assert f'href="{address}"' in said
    picture = one.get(address)
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/jpeg")
    with Image.open(BytesIO(picture.body)) as opened:
        assert opened.size == (80, 96 + 2 * round(80 * 0.07))
    again = one.get(address, If_None_Match=picture.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert picture.headers["Cache-Control"] == "private, no-cache"


def test_the_page_is_english_where_that_is_asked_and_the_switch_leads_back(server, version):
    report, _ = version
    one = server.browser("nurse1")
    english = one.get(f"/wb/view/{report.id}?lang=en").text
    assert "Review only, not for diagnosis" in english
    assert "mm (detector plane)" in english
    assert f'href="/wb/view/{report.id}?lang=zh_CN"' in english
    assert f'href="/wb/view/{report.id}?lang=en"' in one.get(f"/wb/view/{report.id}").text


def test_others_get_nothing_or_are_refused(server, version, stranger):
    report, film = version
    page, picture = f"/wb/view/{report.id}", f"/wb/view/{report.id}/{film}.jpg"
    for address in (page, picture):
        assert server.browser(stranger).get(address).status == 404
        assert server.browser("student").get(address).status == 403
        assert server.browser("boss").get(address).status == 403
        assert Browser(server.port).get(address).status == 302
    assert server.browser("nurse1").get("/wb/view/nothing").status == 404
    assert server.browser("nurse1").get(f"/wb/view/{report.id}/other.jpg").status == 404
    # the pixels themselves stay with those who may open the exam
    assert server.browser("nurse1").get(f"/wb/display/{film}/preview").status == 403
    assert server.browser("reader1").get(f"/wb/display/{film}/phone").status == 404


def test_a_retracted_report_says_so_on_the_page_and_on_the_picture(server, station, version):
    report, _ = version
    reports.retract(station, READER, report.exam_id, "左右标错")
    said = server.browser("nurse1").get(f"/wb/view/{report.id}").text
    assert re.search(r'role="alert" data-retracted>[^<]*左右标错', said)
    assert 'data-state="retracted"' in said
    assert "仅供浏览，不作诊断 · 已召回 作废" in said


def test_an_old_version_leads_to_its_addendum_and_the_addendum_holds_both_texts(
    server, station, version
):
    report, _ = version
    added = reports.add(station, READER, report.exam_id, "补充：请结合临床。")
    old = server.browser("nurse1").get(f"/wb/view/{report.id}?lang=en").text
    assert f'href="/wb/view/{added.id}?lang=en"' in old
    assert "data-later" in old
    new = server.browser("nurse1").get(f"/wb/view/{added.id}").text
    assert "补充：请结合临床。" in new
    assert "双肺野" in new
    assert "<polyline" in new


def test_a_film_that_came_later_is_named_and_one_that_cannot_be_shown_says_why(
    server, station, version
):
    report, _ = version
    with station.store.look() as conn:
        study = exam_rows.get(conn, report.exam_id, None).key
    for number, cut in ((2, None), (3, -4000)):
        data = make.make_film(
            study=study, uid=f"{study}.{number}", local_id=study[-6:], shade=number
        )
        files = make.laid(station.blobs.temporary_folder, **{"object.dcm": data[:cut]})
        came = file_recording(station, Sender(site_code="C1", source="test"), files)
        assert came.exam_id == report.exam_id
        screenings.screen_exam(station, report.exam_id)
    said = server.browser("nurse1").get(f"/wb/view/{report.id}").text
    assert said.count("<figure") == 2
    assert said.count("data-late>此图像在报告签署之后到达") == 1
    assert re.search(r"data-missing>图像 3/3 [^<]*：无法显示：文件不完整", said)
    assert "data-recheck" in said


def test_an_object_of_the_marks_is_a_file_for_readers_and_nobody_else(server, station, version):
    report, _ = version
    mark_objects.write(station, report.id)
    [one, *_] = marks.objects(station, READER, report.exam_id)
    address = f"/wb/marks/{report.exam_id}/{one.uid}.dcm"
    answer = server.browser("reader1").get(address)
    assert (answer.status, len(answer.body)) == (200, one.size)
    assert answer.headers["Content-Type"] == "application/dicom"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{one.uid}.dcm"'
    assert answer.body[128:132] == b"DICM"
    assert server.browser("nurse1").get(address).status == 403
    assert Browser(server.port).get(address).status == 302
    assert server.browser("reader1").get(f"/wb/marks/{report.exam_id}/1.2.3.dcm").status == 404


def test_every_word_of_the_plain_pages_stands_in_the_catalogue():
    words = catalogue("zh_CN")
    asked = {
        found.replace('\\"', '"')
        for path in sorted((TEMPLATES / "pages").glob("*.html"))
        for found in re.findall(r'\b_\("((?:[^"\\]|\\.)*)"\)', path.read_text("utf-8"))
    }
    assert len(asked) > 40
    assert not asked - set(words)
