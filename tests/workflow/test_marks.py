"""What a reader marks: kept by revision, measured by the house, bound to the signature."""

import math
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.errors import Invalid, Leased, MoveRefused, NotFound, NotPermitted, Stale
from workbench.domain.mark import Calibration
from workbench.domain.report import ReportBody
from workbench.store import audit, report_proofs, sites
from workbench.store.schema import audit as audit_table
from workbench.store.schema import display_copy, film_marks, key_image, signed_marks
from workbench.workflow import exams as reading
from workbench.workflow import marks
from workbench.workflow import reports as acts

BODY = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
LENGTH = {"uid": "l1", "tool": "Length", "points": [[10, 10], [50, 40]], "text": ""}
CTR = {"uid": "c1", "tool": "CTR", "points": [[20, 50], [40, 52], [10, 60], [60, 60]]}
ARROW = {"uid": "a1", "tool": "ArrowAnnotate", "points": [[30, 30], [40, 40]], "text": "结节?"}


@pytest.fixture
def film(county, screened):
    """A film on the list, held by the reader: exam and instance."""
    exam_id = screened(make.make_film())
    case = reading.open_case(county, make.READER, exam_id, hold=True)
    return exam_id, case.files[0].id


def count(station, table=film_marks):
    with station.store.look() as conn:
        return conn.scalar(sa.select(sa.func.count()).select_from(table))


def noted(station, *names):
    with station.store.look() as conn:
        query = sa.select(audit_table).where(audit_table.c.act.in_(names))
        return [dict(r) for r in conn.execute(query.order_by(audit_table.c.seq)).mappings()]


def signed(station, exam_id, **given):
    draft = acts.save_draft(station, make.READER, exam_id, BODY, 0)
    return acts.sign(station, make.READER, exam_id, draft.revision, **given)


def faults(station):
    with station.store.look() as conn:
        return report_proofs.verify(conn, station.blobs)[1]


def test_numbers_come_from_the_stored_film_whatever_the_browser_says(county, film):
    asked = {**LENGTH, "values": [{"name": "length", "value": 999.0, "unit": "mm"}], "value": 999,
             "calibration": {"kind": "calibrated", "row_mm": 1.0, "column_mm": 1.0}}  # fmt: skip
    kept = marks.save(county, make.READER, *film, [asked, CTR], 0)
    spacing = Calibration(
        kind="detector", row_mm=0.143, column_mm=0.143, note="millimetres at the detector"
    )
    assert [replace(m.calibration, factor=None) for m in kept.marks] == [spacing, spacing]
    [length] = kept.marks[0].values
    assert (length.value, length.unit) == (pytest.approx(50 * 0.143), "mm-detector")
    assert kept.marks[1].values[0].value == pytest.approx(0.4)
    films, keys = marks.of_exam(county, make.OTHER_READER, film[0])
    assert (films, keys) == ({film[1]: kept}, ())


def test_a_film_without_a_known_spacing_is_measured_in_pixels(county, film):
    with county.store.change() as conn:
        meta = conn.scalar(sa.select(display_copy.c.meta).where(display_copy.c.form == "full"))
        meta["spacing"] = {"row_mm": 0.2, "column_mm": 0.2, "kind": "unknown", "note": "no word"}
        conn.execute(display_copy.update().values(meta=meta))
    kept = marks.save(county, make.READER, *film, [LENGTH], 0)
    assert (kept.marks[0].values[0].value, kept.marks[0].values[0].unit) == (50.0, "px")


def test_a_save_over_a_revision_that_was_not_seen_is_refused(county, film):
    first = marks.save(county, make.READER, *film, [LENGTH], 0)
    second = marks.save(county, make.READER, *film, [LENGTH, ARROW], first.revision)
    assert (first.revision, second.revision) == (1, 2)
    for seen in (0, 1, 3):
        with pytest.raises(Stale):
            marks.save(county, make.READER, *film, [CTR], seen)
    assert marks.of_exam(county, make.READER, film[0])[0] == {film[1]: second}


def test_the_same_marks_said_twice_are_kept_once(county, film):
    first = marks.save(county, make.READER, *film, [LENGTH], 0)
    assert marks.save(county, make.READER, *film, [LENGTH], 0) == first  # the answer was lost
    assert marks.save(county, make.READER, *film, [LENGTH], 1) == first


def test_saves_leave_an_audit_row_at_first_at_a_change_of_hands_and_at_the_end(county, film, clock):
    marks.save(county, make.READER, *film, [LENGTH], 0)
    marks.save(county, make.READER, *film, [LENGTH, ARROW], 1)
    clock.go_on(hours=5)  # the lease is over
    reading.open_case(county, make.OTHER_READER, film[0], hold=True)
    marks.save(county, make.OTHER_READER, *film, [ARROW], 2)
    marks.save(county, make.OTHER_READER, *film, [], 3)
    rows = noted(county, "marks.save")
    assert [(r["actor"], r["detail"]["revision"], r["detail"]["marks"]) for r in rows] == [
        ("reader", 1, 1),
        ("reader2", 3, 1),
        ("reader2", 4, 0),
    ]
    assert {r["object"] for r in rows} == {f"exam/{film[0]}"}
    with county.store.look() as conn:
        assert audit.verify(conn) == []


@pytest.mark.parametrize("actor", [make.QA, make.CLINIC, make.TRAINEE, make.ADMIN])
def test_a_role_that_writes_no_report_marks_nothing(county, film, actor):
    with pytest.raises(NotPermitted):
        marks.save(county, actor, *film, [LENGTH], 0)
    with pytest.raises(NotPermitted):
        marks.choose(county, actor, *film, chosen=True)
    assert (count(county), count(county, key_image)) == (0, 0)


def test_only_who_holds_the_case_marks_it(county, film):
    with pytest.raises(Leased):
        marks.save(county, make.OTHER_READER, *film, [LENGTH], 0)
    with pytest.raises(Leased):
        marks.choose(county, make.OTHER_READER, *film, chosen=True)
    assert (count(county), count(county, key_image)) == (0, 0)


def test_a_film_of_another_exam_or_out_of_scope_is_not_found(county, film, screened):
    other = screened(make.make_film(study="1.2.5", uid="1.2.5.1"))
    outside = screened(make.make_film(study="1.2.6", uid="1.2.6.1"), "T03")
    for exam_id in (other, outside):
        with pytest.raises(NotFound):
            marks.save(county, make.READER, exam_id, film[1], [LENGTH], 0)
        with pytest.raises(NotFound):
            marks.choose(county, make.READER, exam_id, film[1], chosen=True)
    with pytest.raises(NotFound):
        marks.of_exam(county, make.READER, outside)
    with pytest.raises(NotFound):
        marks.objects(county, make.READER, outside)


@pytest.mark.parametrize(
    "asked",
    [
        None,
        [{**LENGTH, "tool": "Script"}],
        [{**LENGTH, "points": [[10, 10], [79.6, 40]]}],
        [{**LENGTH, "points": [[10, 10], [math.nan, 40]]}],
        [{**ARROW, "text": "x" * 201}],
        [LENGTH, LENGTH],
    ],
)
def test_what_cannot_be_marks_of_this_film_is_refused_and_nothing_is_kept(county, film, asked):
    with pytest.raises(Invalid):
        marks.save(county, make.READER, *film, asked, 0)
    assert count(county) == 0


def test_a_key_image_is_chosen_and_dropped_openly(county, film):
    first = marks.choose(county, make.READER, *film, chosen=True)
    assert marks.choose(county, make.READER, *film, chosen=True) is None
    assert marks.of_exam(county, make.READER, film[0])[1] == (first,)
    dropped = marks.choose(county, make.READER, *film, chosen=False)
    assert (first.number, dropped.number, first.by, first.at) == (1, 2, "reader", county.now())
    assert marks.of_exam(county, make.READER, film[0])[1] == ()
    assert marks.choose(county, make.READER, *film, chosen=False) is None
    assert [r["act"] for r in noted(county, "key.choose", "key.drop")] == ["key.choose", "key.drop"]


@pytest.mark.parametrize("frame", [0, 2, -1, True, 1.0, "1"])
def test_a_picture_that_the_film_does_not_have_is_no_key_image(county, film, frame):
    with pytest.raises(Invalid):
        marks.choose(county, make.READER, *film, chosen=True, frame=frame)


def test_marks_are_bound_to_the_signed_version_and_change_no_more(county, film):
    kept = marks.save(county, make.READER, *film, [LENGTH, ARROW], 0)
    key = marks.choose(county, make.READER, *film, chosen=True)
    version = signed(county, film[0], marks={film[1]: 1})
    found = marks.signed(county, make.READER, version.id)
    assert found.films == (kept,)
    assert found.keys == (key,)
    assert version.facts["marks"] == {
        "digest": found.digest, "revisions": {film[1]: 1}, "keys": 1,
    }  # fmt: skip
    assert faults(county) == []
    with pytest.raises(MoveRefused):
        marks.save(county, make.READER, *film, [], 1)
    with pytest.raises(MoveRefused):
        marks.choose(county, make.READER, *film, chosen=False)


def test_marks_that_are_not_those_on_the_screen_are_not_signed(county, film):
    marks.save(county, make.READER, *film, [LENGTH], 0)
    draft = acts.save_draft(county, make.READER, film[0], BODY, 0)
    for shown in ({}, {film[1]: 2}, {film[1]: 1, "other": 1}):
        with pytest.raises(Stale):
            acts.sign(county, make.READER, film[0], draft.revision, marks=shown)
    acts.sign(county, make.READER, film[0], draft.revision, marks={film[1]: 1})


def test_every_signed_version_keeps_its_own_marks(county, film):
    marks.save(county, make.READER, *film, [LENGTH], 0)
    first = signed(county, film[0])
    addendum = acts.add(county, make.READER, film[0], "补充:与前片比较无变化。")
    acts.retract(county, make.READER, film[0], "患者信息错误")
    marks.save(county, make.READER, *film, [ARROW], 1)
    second = signed(county, film[0])
    drawn = [
        [m.uid for f in marks.signed(county, make.READER, v.id).films for m in f.marks]
        for v in (first, second)
    ]
    assert drawn == [["l1"], ["a1"]]
    assert marks.signed(county, make.READER, addendum.id) is None
    assert faults(county) == []


def test_a_report_without_marks_holds_no_word_of_them(county, film):
    marks.save(county, make.READER, *film, [LENGTH], 0)
    marks.save(county, make.READER, *film, [], 1)
    version = signed(county, film[0])
    assert "marks" not in version.facts
    assert marks.signed(county, make.READER, version.id) is None
    assert count(county, signed_marks) == 0


def test_what_is_signed_is_measured_anew_from_the_copy_as_it_is_now(county, film):
    marks.save(county, make.READER, *film, [LENGTH], 0)
    with county.store.change() as conn:
        meta = conn.scalar(sa.select(display_copy.c.meta).where(display_copy.c.form == "full"))
        meta["spacing"] = {**meta["spacing"], "row_mm": 0.2, "column_mm": 0.2}
        conn.execute(display_copy.update().values(meta=meta))
    version = signed(county, film[0])
    [mark] = marks.signed(county, make.READER, version.id).films[0].marks
    assert mark.values[0].value == pytest.approx(50 * 0.2)
    assert faults(county) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE signed_marks SET films = jsonb_set(films, '{0,marks,0,points,0,0}', '11')", "not"),
        ("UPDATE signed_marks SET films = jsonb_set(films, '{0,by}', '\"x\"')", "are not those"),
        ("UPDATE signed_marks SET keys = '[]'", "are not those"),
        ("UPDATE signed_marks SET digest = repeat('0', 64)", "are not those"),
        ("DELETE FROM signed_marks", "are gone"),
    ],
)
def test_signed_marks_changed_by_the_owner_are_found(county, film, owner, change, says):
    marks.save(county, make.READER, *film, [LENGTH], 0)
    marks.choose(county, make.READER, *film, chosen=True)
    version = signed(county, film[0])
    assert faults(county) == []
    with owner.begin() as conn:
        conn.execute(sa.text("ALTER TABLE signed_marks DISABLE TRIGGER ALL"))
        assert conn.execute(sa.text(change)).rowcount == 1
    [fault] = faults(county)
    assert fault.object == f"report/{version.id}"
    assert says in fault.message


def test_the_sender_sees_marks_of_released_versions_only(county, film):
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    marks.save(county, make.READER, *film, [LENGTH], 0)
    version = signed(county, film[0])
    with pytest.raises(NotFound):
        marks.signed(county, make.CLINIC, version.id)
    acts.countersign(county, make.REVIEWER, film[0])
    assert len(marks.signed(county, make.CLINIC, version.id).films) == 1
    with pytest.raises(NotFound):
        marks.signed(county, make.OTHER_CLINIC, version.id)
