"""Films of an earlier edition are made anew, once, and only those that may be wrong."""

import json

import numpy as np
import pytest
import sqlalchemy as sa

from tests import make
from tests.formats.conftest import _film
from workbench.formats.display_copy import EDITION, film_values
from workbench.screening.dr_exposure import SCREENER, VERSION
from workbench.store import heartbeats, instances, screenings
from workbench.store.schema import display_copy, exam, screening
from workbench.workflow import exams as reading
from workbench.workflow.film_renewal import renew_films
from workbench.workflow.screenings import screen_exam

JOBS = sa.text("SELECT args FROM procrastinate_jobs WHERE task_name = 'screen_exam'")


@pytest.fixture
def values():
    return np.tile(np.linspace(0, 4000, 300).astype(np.uint16), (300, 1))


def full_copy(county, exam_id):
    case = reading.open_case(county, make.READER, exam_id, hold=False)
    return next((copy for copy in case.copies if copy.form == "full"), None)


def aged(county, exam_id):
    """As the edition before left it: other values, no edition."""
    copy = full_copy(county, exam_id)
    meta = {key: value for key, value in copy.meta.items() if key != "edition"}
    blob = county.blobs.put(b"an earlier rendering of " + exam_id.encode())
    with county.store.change() as conn:
        conn.execute(
            sa.update(display_copy)
            .where(display_copy.c.instance_id == copy.instance_id, display_copy.c.form == "full")
            .values(meta=meta, sha256=blob.sha256, size=blob.size)
        )


def asked(county):
    with county.store.look() as conn:
        return [json.loads(json.dumps(row.args))["exam_id"] for row in conn.execute(JOBS)]


def forgotten(county):
    """No job waits, and the renewal has not begun."""
    with county.store.change() as conn:
        conn.execute(sa.text("DELETE FROM procrastinate_jobs"))
        heartbeats.beat(conn, "films", county.now(), {})


def test_a_film_in_colour_of_before_is_made_anew_and_a_plain_one_is_not(county, screened, values):
    eight = (values >> 4).astype(np.uint8)
    rgb = np.stack([eight, eight // 2, eight // 3], axis=2)
    tags = {
        "SamplesPerPixel": 3, "PlanarConfiguration": 0, "PhotometricInterpretation": "RGB",
        "PixelData": rgb.tobytes(), "SOPInstanceUID": "1.2.9", "StudyInstanceUID": "1.2.8",
    }  # fmt: skip
    plain = screened(_film(values, WindowCenter=2000, WindowWidth=4000))
    colour = screened(_film(eight, bits=8, **tags))
    assert plain != colour
    for exam_id in (plain, colour):
        aged(county, exam_id)
    forgotten(county)
    assert renew_films(county) == 1
    assert asked(county) == [colour]
    screen_exam(county, colour)
    copy = full_copy(county, colour)
    assert copy.meta["edition"] == EDITION
    luma = rgb.astype(float) @ [0.299, 0.587, 0.114]
    assert np.abs(film_values(county.blobs.read(copy.sha256)) - luma).max() <= 1


def test_an_exam_is_asked_for_once_per_edition(county, screened, values):
    exam_id = screened(_film(values, PresentationLUTShape="INVERSE"))
    aged(county, exam_id)
    forgotten(county)
    assert [renew_films(county), renew_films(county), renew_films(county)] == [1, 0, 0]
    with county.store.look() as conn:
        assert heartbeats.read(conn)["films"].detail["done"] is True


def test_a_film_that_is_refused_now_loses_its_old_copies(county, screened, values, monkeypatch):
    exam_id = screened(_film(values, PresentationLUTShape="INVERSE"))
    aged(county, exam_id)
    monkeypatch.setattr("workbench.formats.layout.MOST_PIXELS", 100)
    screen_exam(county, exam_id)
    assert full_copy(county, exam_id) is None


def test_a_film_of_this_edition_is_not_looked_at_again(county, screened, values):
    exam_id = screened(_film(values, PresentationLUTShape="INVERSE"))
    with county.store.look() as conn:
        assert instances.films_of_before(conn, EDITION, exam_id) == []
        assert len(instances.films_of_before(conn, EDITION + 1, exam_id)) == 1


def judged_by_the_screener_of_before(county, exam_id):
    """As the first DR screener left it: another name, another version."""
    with county.store.change() as conn:
        conn.execute(
            sa.update(screening)
            .where(screening.c.exam_id == exam_id)
            .values(screener="dr_exposure", version="1")
        )


def test_an_open_exam_of_an_earlier_screener_is_judged_again_and_both_results_stay(
    county, screened
):
    exam_id = screened(make.make_film())
    forgotten(county)
    assert renew_films(county) == 0
    judged_by_the_screener_of_before(county, exam_id)
    with county.store.change() as conn:
        heartbeats.beat(conn, "film screenings", county.now(), {})
    assert [renew_films(county), renew_films(county)] == [1, 0]
    assert asked(county) == [exam_id]
    screen_exam(county, exam_id)
    with county.store.look() as conn:
        [holds] = screenings.of_exam(conn, exam_id)
        said = [(one.screener, one.version) for _id, _at, one in screenings.history(conn, exam_id)]
        assert screenings.films_judged_before(conn, (SCREENER, VERSION), "", 9) == []
    assert (holds.screener, holds.version) == (SCREENER, VERSION)
    assert len(said) == 2


def test_what_was_reported_stays_as_it_was_screened_then(county, screened):
    exam_id = screened(make.make_film())
    judged_by_the_screener_of_before(county, exam_id)
    with county.store.change() as conn:
        conn.execute(sa.update(exam).where(exam.c.id == exam_id).values(state="released"))
    forgotten(county)
    assert renew_films(county) == 0
