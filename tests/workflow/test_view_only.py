"""A clinic looks at what was reported of its own exams: pictures, marks and words, and no more."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from tests import make
from workbench.domain.actor import Role
from workbench.domain.errors import NotFound, NotPermitted
from workbench.domain.event import EventKind
from workbench.domain.report import ReportBody
from workbench.domain.report_page import PageMark
from workbench.formats.view_picture import STRIP
from workbench.store import audit, sites
from workbench.store.schema import display_copy, event
from workbench.workflow import exams as reading
from workbench.workflow import marks, reports, view_only

BODY = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
LENGTH = {"uid": "l1", "tool": "Length", "points": [[10, 10], [50, 40]]}
ARROW = {"uid": "a1", "tool": "ArrowAnnotate", "points": [[30, 30], [40, 40]], "text": "结节?"}
RECEIVER = make.make_actor("cardio", Role.RECEIVER, "T01", licence=None)
TECHNICIAN = make.make_actor("tech", Role.TECHNICIAN, "T01", licence=None)


def signed(station, exam_id, body=BODY):
    draft = reports.save_draft(station, make.READER, exam_id, body, 0)
    return reports.sign(station, make.READER, exam_id, draft.revision)


@pytest.fixture
def read(county, screened):
    """Two films of one study, the second a key image with an arrow: the version and both files."""
    for uid in ("1.2.3.1", "1.2.3.2"):
        exam_id = screened(make.make_film(uid=uid, shade=int(uid[-1])))
    case = reading.open_case(county, make.READER, exam_id, hold=True)
    one, two = (f.id for f in case.files)
    marks.save(county, make.READER, exam_id, one, [LENGTH], 0)
    marks.save(county, make.READER, exam_id, two, [ARROW], 0)
    marks.choose(county, make.READER, exam_id, two, chosen=True)
    return signed(county, exam_id), one, two


def noted(station):
    with station.store.look() as conn:
        query = sa.text("SELECT actor, object, detail FROM audit WHERE act = 'picture.look'")
        return [tuple(row) for row in conn.execute(query)]


def test_the_sender_sees_report_films_and_signed_marks_key_images_first(county, read):
    version, one, two = read
    seen = view_only.look(county, make.CLINIC, version.id)
    assert (seen.page.findings, seen.page.mark) == (BODY.findings, PageMark.FINAL)
    assert seen.page.patient.name == "王秀兰"
    assert [(f.file.id, f.key, f.number) for f in seen.films] == [(two, True, 2), (one, False, 1)]
    [length] = seen.films[1].marks
    assert length.values[0].value == pytest.approx(50 * 0.143, abs=1e-4)
    assert (length.calibration.kind, seen.films[0].marks[0].text) == ("detector", "结节?")
    assert (seen.missing, seen.films[0].late) == ((), False)


def test_a_look_and_every_picture_leave_a_row_and_the_first_stamps_that_the_sender_saw(
    county, read
):
    version, one, _ = read
    view_only.look(county, make.CLINIC, version.id)
    view_only.picture(county, make.CLINIC, version.id, one)
    view_only.look(county, make.QA, version.id)
    report = f"report/{version.id}"
    assert noted(county) == [
        ("clinic", report, {}), ("clinic", report, {"instance": one}), ("qa", report, {}),
    ]  # fmt: skip
    with county.store.look() as conn:
        rows = conn.execute(sa.select(event).where(event.c.kind == EventKind.SEEN_BY_SENDER.value))
        assert [r.actor for r in rows] == ["clinic"]
        assert audit.verify(conn) == []


@pytest.mark.parametrize("actor", [TECHNICIAN, make.ADMIN, make.TRAINEE])
def test_nobody_else_looks(county, read, actor):
    version, one, _ = read
    with pytest.raises(NotPermitted):
        view_only.look(county, actor, version.id)
    with pytest.raises(NotPermitted):
        view_only.picture(county, actor, version.id, one)
    assert noted(county) == []


def test_the_receiving_doctor_of_the_same_house_looks_and_another_clinic_finds_nothing(
    county, read
):
    version, one, _ = read
    assert view_only.look(county, RECEIVER, version.id).films
    for act in (
        lambda: view_only.look(county, make.OTHER_CLINIC, version.id),
        lambda: view_only.picture(county, make.OTHER_CLINIC, version.id, one),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_waits_for_the_second_signature_is_nothing_the_sender_may_see(county, screened):
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    exam_id = screened(make.make_film())
    case = reading.open_case(county, make.READER, exam_id, hold=True)
    version, film = signed(county, exam_id), case.files[0].id
    for actor in (make.CLINIC, RECEIVER):
        with pytest.raises(NotFound):
            view_only.look(county, actor, version.id)
        with pytest.raises(NotFound):
            view_only.picture(county, actor, version.id, film)
    assert view_only.look(county, make.READER, version.id).page.mark is PageMark.PRELIMINARY
    reports.countersign(county, make.REVIEWER, exam_id)
    assert view_only.look(county, make.CLINIC, version.id).page.mark is PageMark.FINAL


def test_a_retracted_version_says_so_and_why(county, read):
    version, one, _ = read
    reports.retract(county, make.READER, version.exam_id, "左右侧标错")
    seen = view_only.look(county, make.CLINIC, version.id)
    assert (seen.page.mark, seen.page.retraction_reason) == (PageMark.RETRACTED, "左右侧标错")
    assert view_only.picture(county, make.CLINIC, version.id, one)


def test_each_version_shows_its_own_marks_and_an_addendum_those_it_was_added_to(county, read):
    first, one, _ = read
    added = reports.add(county, make.READER, first.exam_id, "补充：请结合临床。")
    seen = view_only.look(county, make.CLINIC, added.id)
    assert [a.text for a in seen.page.addenda] == ["补充：请结合临床。"]
    assert [m.uid for f in seen.films for m in f.marks] == ["a1", "l1"]
    old = view_only.look(county, make.CLINIC, first.id, "/there/{}".format)
    assert [(x.version, x.address) for x in old.page.later] == [(2, f"/there/{added.id}")]
    reports.retract(county, make.READER, first.exam_id, "重写")
    reading.open_case(county, make.READER, first.exam_id, hold=True)
    marks.save(county, make.READER, first.exam_id, one, [], 1)
    again = signed(county, first.exam_id)
    seen = {v.id: view_only.look(county, make.CLINIC, v.id) for v in (first, again)}
    assert [m.uid for f in seen[first.id].films for m in f.marks] == ["a1", "l1"]
    assert [m.uid for f in seen[again.id].films for m in f.marks] == ["a1"]


def test_a_film_that_came_later_and_a_film_that_cannot_be_shown_are_said(
    county, read, screened, clock
):
    version, *_ = read
    broken = make.make_film(uid="1.2.3.3")[:-4000]
    for data in (make.make_film(uid="1.2.3.4", shade=9), broken):
        clock.go_on(minutes=5)
        screened(data)
    seen = view_only.look(county, make.CLINIC, version.id)
    assert [f.late for f in seen.films] == [False, False, True]
    [gap] = seen.missing
    assert (gap.number, gap.reason.startswith("truncated")) == (4, True)
    assert seen.exam.recheck_since is not None
    with pytest.raises(NotFound):
        view_only.picture(county, make.CLINIC, version.id, gap.file.id)


def test_the_picture_carries_the_words_outside_of_the_film_and_is_larger_than_the_preview(
    county, screened
):
    exam_id = screened(make.make_film(size=(1500, 1200)))
    case = reading.open_case(county, make.READER, exam_id, hold=True)
    version, film = signed(county, exam_id), case.files[0].id
    allowed = view_only.picture(county, make.CLINIC, version.id, film)
    assert allowed.source.form == "phone"
    with Image.open(BytesIO(view_only.jpeg(county, allowed))) as whole:
        strip = round(1200 * STRIP)
        assert whole.size == (1200, 1500 + 2 * strip)
        top, inside, bottom = (
            whole.crop(box).getextrema()
            for box in (
                (0, 0, 1200, strip - 8), (0, strip + 8, 1200, 1500), (0, 1508 + strip, 1200, 1668),
            )
        )  # fmt: skip
    assert min(top[1], bottom[1]) > 240  # white words
    assert inside[0] < 30
    with county.store.change() as conn:  # a film of before this picture was made
        conn.execute(display_copy.delete().where(display_copy.c.form == "phone"))
    old = view_only.picture(county, make.CLINIC, version.id, film)
    assert (old.source.form, old.digest == allowed.digest) == ("preview", False)
    with Image.open(BytesIO(view_only.jpeg(county, old))) as whole:
        assert whole.size == (800, 1000 + 2 * round(800 * STRIP))


def test_the_film_of_another_exam_is_not_shown_under_this_report(county, read, screened):
    version, *_ = read
    other = screened(make.make_film(study="1.2.8", uid="1.2.8.1"))
    [film] = reading.open_case(county, make.READER, other, hold=False).files
    with pytest.raises(NotFound):
        view_only.picture(county, make.READER, version.id, film.id)


def test_an_ecg_has_a_report_and_no_film_here(county, screened):
    exam_id = screened(make.make_ecg_file())
    reading.open_case(county, make.READER, exam_id, hold=True)
    version = signed(county, exam_id)
    seen = view_only.look(county, make.CLINIC, version.id)
    assert (seen.films, seen.missing, seen.exam.kind) == ((), (), "ECG")
