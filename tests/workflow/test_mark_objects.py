"""After the release the worker makes objects of what was signed; they lie with the exam."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from pydicom import dcmread

from tests import make
from workbench.domain.errors import NotFound, NotPermitted
from workbench.domain.mark import ObjectKind
from workbench.domain.report import ReportBody
from workbench.formats import mark_files
from workbench.store import audit, blob_use, sites
from workbench.store.schema import mark_object
from workbench.workflow import exams as reading
from workbench.workflow import mark_objects, marks
from workbench.workflow import reports as acts

BODY = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
LENGTH = {"uid": "l1", "tool": "Length", "points": [[10, 10], [50, 40]]}
REGION = {"uid": "r1", "tool": "RectangleROI", "points": [[3, 10], [5, 10], [3, 11], [5, 11]]}
ARROW = {"uid": "a1", "tool": "ArrowAnnotate", "points": [[30, 30], [40, 40]], "text": "结节?"}
JOBS = sa.text("SELECT args FROM procrastinate_jobs WHERE task_name = 'write_mark_objects'")


@pytest.fixture
def case(county, screened, arrive):
    """Two films of one study, held by the reader: the exam and both instances."""

    def case(*films):
        exam_id = None
        for data in films:
            exam_id = screened(data)
        opened = reading.open_case(county, make.READER, exam_id, hold=True)
        return exam_id, [f.id for f in sorted(opened.files, key=lambda f: f.uid)]

    return case


def films(**given):
    return [
        make.make_film(uid="1.2.3.1", **given),
        make.make_film(uid="1.2.3.2", shade=40, **given),
    ]


def signed(station, exam_id):
    draft = acts.save_draft(station, make.READER, exam_id, BODY, 0)
    return acts.sign(station, make.READER, exam_id, draft.revision)


def asked(station):
    with station.store.look() as conn:
        return [row.args["report_id"] for row in conn.execute(JOBS)]


def listed(station, exam_id):
    return marks.objects(station, make.READER, exam_id)


def test_the_release_asks_for_objects_only_where_something_was_marked(county, case):
    exam_id, _ = case(films()[0])
    signed(county, exam_id)
    assert asked(county) == []
    marked, [film] = case(make.make_film(study="1.2.7", uid="1.2.7.1"))
    marks.save(county, make.READER, marked, film, [LENGTH], 0)
    version = signed(county, marked)
    assert asked(county) == [version.id]


def test_two_signatures_ask_at_the_second(county, case):
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    exam_id, [film] = case(films()[0])
    marks.save(county, make.READER, exam_id, film, [LENGTH], 0)
    version = signed(county, exam_id)
    assert asked(county) == []
    mark_objects.write(county, version.id)  # were it asked too early, nothing is made
    assert listed(county, exam_id) == []
    acts.countersign(county, make.REVIEWER, exam_id)
    assert asked(county) == [version.id]
    mark_objects.write(county, version.id)
    assert [o.kind for o in listed(county, exam_id)] == ["measurements", "presentation"]


def test_objects_lie_with_the_exam_and_say_what_was_signed(county, case):
    exam_id, [one, two] = case(*films())
    marks.save(county, make.READER, exam_id, one, [LENGTH, REGION], 0)
    marks.save(county, make.READER, exam_id, two, [ARROW], 0)
    marks.choose(county, make.READER, exam_id, two, chosen=True)
    version = signed(county, exam_id)
    mark_objects.write(county, version.id)
    found = {(o.kind, o.number): o for o in listed(county, exam_id)}
    assert sorted(found) == [("key", 1), ("measurements", 1), ("presentation", 1),
                             ("presentation", 2)]  # fmt: skip
    data = {key: county.blobs.read(o.sha256) for key, o in found.items()}
    assert mark_files.key_films(data[ObjectKind.KEY, 1]) == ("1.2.3.2",)
    drawn = [mark_files.drawn(data[ObjectKind.PRESENTATION, n]) for n in (1, 2)]
    assert {d.film_uid: [m.uid for m in d.marks] for d in drawn} == {
        "1.2.3.1": ["l1", "r1"], "1.2.3.2": ["a1"],
    }  # fmt: skip
    [counted] = mark_files.measured(data[ObjectKind.MEASUREMENTS, 1])
    length, region = counted.marks
    assert length.values[0].value == pytest.approx(50 * 0.143, abs=1e-4)
    pixels = dcmread(BytesIO(films()[0])).pixel_array[10:12, 3:6].astype(float)
    assert {v.name: v.value for v in region.values} == {
        "mean": pytest.approx(pixels.mean()),
        "sd": pytest.approx(pixels.std(ddof=1)),
        "area": pytest.approx(2 * 0.143**2),
        "width": pytest.approx(2 * 0.143),
        "height": pytest.approx(0.143),
    }
    for key, one_object in found.items():
        ds = dcmread(BytesIO(data[key]))
        assert ds.SOPInstanceUID == one_object.uid
        assert (one_object.report_id, one_object.size) == (version.id, len(data[key]))
        assert (ds.StudyInstanceUID, str(ds.PatientName)) == ("1.2.3", "王^秀兰")
    with county.store.look() as conn:
        assert {o.sha256 for o in found.values()} <= set(blob_use.used(conn))
        assert audit.verify(conn) == []


def test_made_twice_they_are_there_once(county, case):
    exam_id, [film] = case(films()[0])
    marks.save(county, make.READER, exam_id, film, [LENGTH], 0)
    version = signed(county, exam_id)
    mark_objects.write(county, version.id)
    first = listed(county, exam_id)
    mark_objects.write(county, version.id)
    assert listed(county, exam_id) == first


def test_padding_and_what_a_shutter_covers_are_not_counted(county, case):
    exam_id, [film] = case(films()[0])
    marks.save(county, make.READER, exam_id, film, [REGION], 0)
    pixels = dcmread(BytesIO(films()[0])).pixel_array[10:12, 3:6].astype(float)
    with county.store.change() as conn:
        found = reading.instances.copies(conn, exam_id)
        [full] = [c for c in found if c.form == "full"]
        shutter = {"rectangle": [5, 80, 1, 96], "circle": None, "polygon": []}
        low = int(pixels[0, 2])
        meta = {**full.meta, "shutter": shutter, "padding": [low, low]}
        reading.instances.set_copy(conn, type(full)(**{**_plain(full), "meta": meta}))
    version = signed(county, exam_id)
    mark_objects.write(county, version.id)
    [report] = [o for o in listed(county, exam_id) if o.kind is ObjectKind.MEASUREMENTS]
    [counted] = mark_files.measured(county.blobs.read(report.sha256))
    left = [v for v in pixels[:, 1:].ravel() if v != low]  # column 5 of the film is index 4
    assert counted.marks[0].values[0].value == pytest.approx(sum(left) / len(left))


def _plain(copy):
    return {name: getattr(copy, name) for name in ("instance_id", "form", "sha256", "size", "meta")}


def test_a_report_taken_back_before_they_were_made_gets_none(county, case):
    exam_id, [film] = case(films()[0])
    marks.save(county, make.READER, exam_id, film, [LENGTH], 0)
    version = signed(county, exam_id)
    acts.retract(county, make.READER, exam_id, "患者信息错误")
    mark_objects.write(county, version.id)
    assert listed(county, exam_id) == []


def test_a_film_no_object_can_refer_to_is_left_out_and_that_is_noted(county, case):
    ds = dcmread(BytesIO(films()[0]))
    del ds.SeriesInstanceUID
    out = BytesIO()
    ds.save_as(out)
    exam_id, [one, two] = case(out.getvalue(), films()[1])
    for film in (one, two):
        marks.save(county, make.READER, exam_id, film, [LENGTH], 0)
        marks.choose(county, make.READER, exam_id, film, chosen=True)
    version = signed(county, exam_id)
    mark_objects.write(county, version.id)
    kinds = [(o.kind, o.number) for o in listed(county, exam_id)]
    assert kinds == [("key", 1), ("measurements", 1), ("presentation", 1)]
    with county.store.look() as conn:
        query = sa.text("SELECT detail FROM audit WHERE act = 'marks.write'")
        [detail] = conn.execute(query).scalars()
    assert list(detail["left_out"]) == [one]
    assert "SeriesInstanceUID" in detail["left_out"][one]


def test_only_who_may_open_the_exam_sees_its_objects(county, case):
    exam_id, _ = case(films()[0])
    for actor in (make.CLINIC, make.ADMIN, make.TRAINEE):
        with pytest.raises(NotPermitted):
            marks.objects(county, actor, exam_id)


def test_an_object_is_fetched_by_its_uid_and_that_is_noted(county, case, screened):
    exam_id, [film] = case(films()[0])
    marks.save(county, make.READER, exam_id, film, [LENGTH], 0)
    version = signed(county, exam_id)
    mark_objects.write(county, version.id)
    for one in listed(county, exam_id):
        data = marks.fetch(county, make.QA, exam_id, one.uid)
        assert (len(data), dcmread(BytesIO(data)).SOPInstanceUID) == (one.size, one.uid)
    with county.store.look() as conn:
        query = sa.text("SELECT actor, object FROM audit WHERE act = 'marks.export'")
        assert conn.execute(query).all() == [("qa", f"report/{version.id}")] * 2
    other = screened(make.make_film(study="1.2.8", uid="1.2.8.1"))
    outside = screened(make.make_film(study="1.2.9", uid="1.2.9.1"), "T03")
    for where in (other, outside):
        with pytest.raises(NotFound):
            marks.fetch(county, make.READER, where, one.uid)
    with pytest.raises(NotPermitted):
        marks.fetch(county, make.CLINIC, exam_id, one.uid)


def test_objects_are_never_changed(county, case, owner):
    exam_id, [film] = case(films()[0])
    marks.save(county, make.READER, exam_id, film, [LENGTH], 0)
    mark_objects.write(county, signed(county, exam_id).id)
    with owner.connect() as conn, pytest.raises(sa.exc.DBAPIError, match="only ever added"):
        conn.execute(mark_object.update().values(sha256="x"))
