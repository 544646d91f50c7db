"""A picture that comes again is found at its screening, whoever sent it and under whose name."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from tests import make
from workbench.store import screenings as screening_rows
from workbench.store.schema import film_print
from workbench.workflow import screenings


def codes(county, exam_id):
    with county.store.look() as conn:
        said = screening_rows.of_exam(conn, exam_id)
    return {f.code for one in said for f in one.quality} & {"DR907", "DR908"}


def film(number, **given):
    return make.make_film(uid=f"1.2.3.{number}", study=f"1.2.{number}", **given)


def other(number, **given):
    """Another picture: the same kind of film, with other grain and another pattern."""
    return film(number, size=(150, 70 + 3 * number), **given)


def test_a_first_film_is_kept_and_finds_nothing(county, screened):
    exam = screened(film(1))
    assert codes(county, exam) == set()
    with county.store.look() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(film_print)) == 1


@pytest.mark.parametrize("site", ["T01", "T02"])
def test_the_same_picture_under_another_patient_is_a_suspicion_in_any_institution(
    county, screened, site
):
    screened(film(1))
    again = screened(film(2, local_id="P2", name="李^四", shade=150), site)
    assert codes(county, again) == {"DR908"}


def test_the_same_picture_of_the_same_patient_was_sent_twice(county, screened):
    screened(film(1))
    assert codes(county, screened(film(2))) == {"DR907"}


def test_another_picture_is_no_copy(county, screened):
    screened(film(1))
    assert codes(county, screened(other(9, local_id="P2"))) == set()


def test_screened_again_a_film_does_not_find_itself(county, screened):
    exam = screened(film(1))
    with county.store.change() as conn:
        conn.execute(sa.text("UPDATE screening SET version = 'before'"))
    screenings.screen_exam(county, exam)
    assert codes(county, exam) == set()


def test_of_two_screened_at_once_the_second_sees_the_first(county, arrive):
    exams = [arrive(film(n, local_id=f"P{n}", name=f"李^{n}")).exam_id for n in range(1, 5)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda exam: screenings.screen_exam(county, exam), exams))
    assert sum(codes(county, exam) == {"DR908"} for exam in exams) == 3


def test_a_blank_film_is_not_kept(county, screened):
    screened(film(1, blank=True))
    screened(film(2, blank=True, local_id="P2"))
    with county.store.look() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(film_print)) == 0
