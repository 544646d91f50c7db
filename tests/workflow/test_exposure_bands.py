"""The file of a house decides how the exposure of its films is judged."""

from dataclasses import replace

import pytest

from tests import make
from workbench.domain.exposure_band import BadBands
from workbench.domain.quality_item import QualityCode
from workbench.store import screenings as rows
from workbench.workflow import screenings
from workbench.workflow.exposure_bands import bands_of

BAND = '[[band]]\nsite = "T01"\ntarget = 100\nnote = 1\nreview = 3\nsource = "x"\n'


def with_file(station, path):
    settings = station.settings.model_copy(update={"exposure_bands": path})
    return replace(station, settings=settings)


def test_the_worker_judges_by_the_band_of_the_site(county, arrive, tmp_path):
    path = tmp_path / "bands.toml"
    path.write_text(BAND, "utf-8")
    film = make.make_film(size=(600, 500))  # exposure index 400 against the device's target 400
    exam = arrive(film).exam_id
    screenings.screen_exam(with_file(county, path), exam)
    with county.store.look() as conn:
        [said] = rows.of_exam(conn, exam)
    one = next(i for i in said.sheet.items if i.code is QualityCode.EXPOSURE)
    assert "target exposure index 100 of this institution" in one.evidence
    assert (one.got, one.reason) == (0, "111212")


def test_without_a_file_nothing_is_special_and_a_faulty_one_is_refused(county, tmp_path):
    assert not bands_of(county).rows
    path = tmp_path / "faulty.toml"
    with pytest.raises(BadBands, match="WORKBENCH_EXPOSURE_BANDS"):
        bands_of(with_file(county, path))
    path.write_text("[[band]]\nnote = 1\n", "utf-8")
    with pytest.raises(BadBands, match="review is None"):
        bands_of(with_file(county, path))
