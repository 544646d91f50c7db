"""Requests that meet in the database: a program and a person ask at once, two answer at once."""

from functools import partial

from tests import make
from tests.workflow.test_arrivals_at_once import at_once  # noqa: F401 - the fixture
from workbench.domain.errors import MoveRefused
from workbench.domain.retake import Refusal
from workbench.store import audit, instances
from workbench.workflow import retakes, screenings


def refused(act):
    """Whether the second of two acts found the first one's row."""

    def run():
        try:
            act()
        except MoveRefused:
            return "refused"
        return "done"

    return run


def test_a_program_and_a_reader_who_ask_at_once_make_one_request(county, arrive, at_once):  # noqa: F811
    exam_id = arrive(make.make_film(blank=True)).exam_id
    with county.store.look() as conn:
        film = instances.of_exam(conn, exam_id)[0].id
    asked = partial(retakes.ask, county, make.READER, (exam_id, film), ["111213"], "空白")
    said = at_once(
        refused(partial(screenings.screen_exam, county, exam_id)),
        refused(asked),
    )
    assert said == ["done", "refused"]  # the reader learns that it was asked already
    [told] = retakes.of_own_site(county, make.TECHNICIAN)
    assert (told.retake.source, len(told.steps)) == ("screening", 1)
    with county.store.look() as conn:
        assert audit.verify(conn) == []


def test_two_technicians_who_answer_at_once_give_one_answer(county, screened, at_once):  # noqa: F811
    screened(make.make_film(blank=True))
    [told] = retakes.of_own_site(county, make.TECHNICIAN)
    key = told.retake.id
    said = at_once(
        refused(partial(retakes.see, county, make.TECHNICIAN, key)),
        refused(partial(retakes.decline, county, make.CLINIC, key, Refusal.PATIENT_GONE, "")),
        refused(partial(retakes.see, county, make.CLINIC, key)),
    )
    assert said == ["done", "done", "refused"]
    [told] = retakes.of_own_site(county, make.TECHNICIAN)
    assert [s.move for s in told.steps] == ["ask", "see", "decline"]
