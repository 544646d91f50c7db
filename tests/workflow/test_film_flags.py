"""What only the pixels of a film show stands on its exam, in words."""

import numpy as np
import pytest

from tests import make
from tests.formats.conftest import _film
from workbench.language import translator
from workbench.panels import words
from workbench.workflow import exams as reading


@pytest.fixture
def values():
    return np.tile(np.linspace(0, 4000, 300).astype(np.uint16), (300, 1))


def test_contradictions_of_a_film_reach_its_exam_and_are_read_in_chinese(county, screened, values):
    tags = {"PresentationLUTShape": "INVERSE", "BitsStored": 10, "HighBit": 9}
    exam_id = screened(_film(values, WindowCenter=2000, WindowWidth=0, **tags))
    flags = reading.open_case(county, make.READER, exam_id, hold=False).exam.flags
    assert {"inversion_conflict", "bits_beyond_stored", "bad_window", "no_window"} <= set(flags)
    named = [words.named("Flag", flag, translator("zh_CN")) for flag in flags]
    assert "反相标注自相矛盾，请核对黑白" in named


def test_a_film_without_faults_gets_no_flag_from_its_pixels(county, screened, values):
    exam_id = screened(_film(values, WindowCenter=2000, WindowWidth=4000))
    flags = reading.open_case(county, make.READER, exam_id, hold=False).exam.flags
    assert not {"inversion_conflict", "bits_beyond_stored", "bad_window", "no_window"} & set(flags)
