"""Fitness of a tracing and names by a person: told to whom they concern, undone, never lost."""

from io import BytesIO

import numpy as np
import pytest
import sqlalchemy as sa
from PIL import Image

from tests import make
from workbench.domain.errors import Invalid, Leased, MoveRefused, NotPermitted
from workbench.domain.exam import ScreeningStatus
from workbench.domain.trace import LEADS, Trace
from workbench.store import audit, exams, instances, screenings
from workbench.workflow import clinic, leads
from workbench.workflow import exams as reading
from workbench.workflow.arrivals import Filing
from workbench.workflow.intake import upload
from workbench.workflow.screenings import screen_exam

TO_THE_RIGHT = {"V3": "V3R", "V4": "V4R"}
WHY = "written on the print"


def trace_copy(county, exam_id):
    with county.store.look() as conn:
        [copy] = [c for c in instances.copies(conn, exam_id) if c.form == "trace"]
    return copy


def exam_of(county, exam_id):
    with county.store.look() as conn:
        return exams.get(conn, exam_id, None)


def broken_trace():
    values = make.make_trace().millivolts.copy()
    values[LEADS.index("V5")] = values[LEADS.index("V4")]
    return make.make_ecg_file(Trace(millivolts=values, rate=500.0))


def renamed(county, exam_id, names=TO_THE_RIGHT, actor=make.READER):
    key = trace_copy(county, exam_id).instance_id
    return leads.relabel(county, actor, exam_id, key, names, WHY)


def test_what_speaks_against_a_tracing_is_stored_flagged_and_told_to_its_clinic(county, screened):
    exam_id = screened(broken_trace())
    [fault] = trace_copy(county, exam_id).meta["gate"]
    assert fault == {
        "code": "leads_repeated", "text": "identical samples in V4, V5", "leads": ["V4", "V5"],
    }  # fmt: skip
    assert "leads_repeated" in exam_of(county, exam_id).flags
    [own] = clinic.own_exams(county, make.CLINIC)
    assert own.gate == ("identical samples in V4, V5",)


def test_a_clean_tracing_is_told_to_nobody(county, screened):
    exam_id = screened(make.make_ecg_file(make.make_trace()))
    assert trace_copy(county, exam_id).meta["gate"] == []
    [own] = clinic.own_exams(county, make.CLINIC)
    assert own.gate == ()


def test_named_leads_are_drawn_screened_and_signed_with_who_named_them(county, screened):
    exam_id = screened(make.make_ecg_file(make.make_trace()))
    before = trace_copy(county, exam_id)
    renamed(county, exam_id)
    screen_exam(county, exam_id)
    after = trace_copy(county, exam_id)
    assert after.meta["leads"] == [*(n for n in LEADS if n not in TO_THE_RIGHT), "V3R", "V4R"]
    assert any("V3 of the file is called V3R by Reader" in n for n in after.meta["notes"])
    samples = np.frombuffer(county.blobs.read(before.sha256), "<i2").reshape(12, -1)
    moved = np.frombuffer(county.blobs.read(after.sha256), "<i2").reshape(12, -1)
    np.testing.assert_array_equal(moved[after.meta["leads"].index("V3R")],
                                  samples[LEADS.index("V3")])  # fmt: skip
    assert "leads_missing" in exam_of(county, exam_id).flags
    with county.store.look() as conn:
        assert len(screenings.history(conn, exam_id)) == 2
        acts = conn.execute(sa.text("SELECT act FROM audit")).scalars().all()
        assert list(audit.verify(conn)) == []
    assert acts.count("leads.name") == 1


def test_a_naming_is_undone_by_another_decision_and_both_stay(county, screened):
    exam_id = screened(make.make_ecg_file(make.make_trace()))
    before = trace_copy(county, exam_id)
    for names in (TO_THE_RIGHT, {}):
        renamed(county, exam_id, names)
        screen_exam(county, exam_id)
    after = trace_copy(county, exam_id)
    assert (after.sha256, after.meta["leads"]) == (before.sha256, list(LEADS))
    assert "leads_missing" not in exam_of(county, exam_id).flags
    history = leads.of_exam(county, make.READER, exam_id)
    assert [dict(one.names) for one in history] == [TO_THE_RIGHT, {}]


def test_names_are_always_given_from_the_file(county, screened):
    exam_id = screened(make.make_ecg_file(make.make_trace()))
    renamed(county, exam_id)
    screen_exam(county, exam_id)
    renamed(county, exam_id, {"V4": "V7"})
    screen_exam(county, exam_id)
    assert trace_copy(county, exam_id).meta["leads"][-1] == "V7"
    assert "V3" in trace_copy(county, exam_id).meta["leads"]


@pytest.mark.parametrize(
    "names",
    [{"V3": "V4"}, {"I": "V1"}, {"V3": "aVR"}, {"V3": "V3"}, {"V9": "V8"}, {"V3": "x"}, {}],
)
def test_names_that_make_no_sense_are_refused_and_leave_nothing(county, screened, names):
    exam_id = screened(make.make_ecg_file(make.make_trace()))
    with pytest.raises(Invalid):
        renamed(county, exam_id, names)
    assert leads.of_exam(county, make.READER, exam_id) == []


def test_two_chest_leads_may_change_places(county, screened):
    exam_id = screened(make.make_ecg_file(make.make_trace()))
    renamed(county, exam_id, {"V1": "V2", "V2": "V1"})
    screen_exam(county, exam_id)
    assert trace_copy(county, exam_id).meta["leads"] == list(LEADS)


def test_only_readers_name_leads_and_only_while_nobody_else_holds_the_exam(county, screened):
    exam_id = screened(make.make_ecg_file(make.make_trace()))
    for actor in (make.CLINIC, make.QA, make.ADMIN):
        with pytest.raises(NotPermitted):
            renamed(county, exam_id, actor=actor)
    reading.open_case(county, make.OTHER_READER, exam_id, hold=True)
    with pytest.raises(Leased):
        renamed(county, exam_id)
    key = trace_copy(county, exam_id).instance_id
    with pytest.raises(Invalid, match="reason"):
        leads.relabel(county, make.OTHER_READER, exam_id, key, TO_THE_RIGHT, " ")


def test_what_is_released_keeps_the_leads_it_was_signed_with(county, screened, owner):
    exam_id = screened(make.make_ecg_file(make.make_trace()))
    with owner.begin() as conn:
        conn.execute(sa.text("UPDATE exam SET state = 'released', released_at = now()"))
    with pytest.raises(MoveRefused):
        renamed(county, exam_id)


def photo():
    out = BytesIO()
    Image.fromarray(np.full((60, 90, 3), 200, np.uint8)).save(out, "JPEG")
    return out.getvalue()


def test_a_photo_is_held_until_somebody_says_that_it_is_an_ecg(county):
    files = make.laid(county.blobs.temporary_folder, **{"a.jpg": photo()})
    [(_, outcome)] = upload(county, make.CLINIC, files)
    assert outcome.filing is Filing.HELD
    assert "does not say what it shows" in outcome.reason


def test_a_photo_of_an_ecg_is_shown_and_never_assessed(county):
    files = make.laid(county.blobs.temporary_folder, **{"a.jpg": photo()})
    [(_, outcome)] = upload(county, make.CLINIC, files, pictures="ECG")
    assert outcome.filing is Filing.FILED
    screen_exam(county, outcome.exam_id)
    exam = exam_of(county, outcome.exam_id)
    assert (exam.kind.value, exam.screening) == ("ECG", ScreeningStatus.DONE)
    assert "picture_only" in exam.flags
    with county.store.look() as conn:
        [copy] = instances.copies(conn, exam.id)
        [said] = screenings.of_exam(conn, exam.id)
    assert (copy.form, copy.meta["measurable"]) == ("picture", False)
    assert not said.assessed
    assert "cannot be measured" in said.reason
