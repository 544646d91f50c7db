"""A file that cannot be shown is named with its reason; one that comes is not called refused."""

import re

import pytest

from tests import make
from workbench.language import translator
from workbench.panels.refused import refused
from workbench.workflow import exams as reading
from workbench.workflow.missing_pictures import reason_in_words


def case_of(county, exam_id):
    return reading.open_case(county, make.READER, exam_id, hold=False)


def test_a_film_that_can_be_shown_is_not_among_them(county, screened):
    assert refused(case_of(county, screened(make.make_film())), "zh_CN") == []


def test_a_truncated_film_beside_a_good_one_is_named_with_the_reason_of_its_gate(
    county, screened, clock
):
    screened(make.make_film(uid="1.2.3.1"))
    clock.go_on(minutes=1)
    exam_id = screened(make.make_film(uid="1.2.3.2")[:-4000])
    found = case_of(county, exam_id)
    bad = found.files[1]
    [said] = refused(found, "en")
    assert (said["id"], said["state"]) == (bad.id, "refused")
    assert said["label"].startswith("2/2")
    [gate] = [s.gate for s in found.screenings if s.digest == bad.sha256]
    assert (gate.accepted, said["reason"]) == (False, "; ".join(gate.notes))
    [chinese] = refused(found, "zh_CN")
    assert chinese["reason"].startswith("文件不完整：像素数据 11360 字节")


def test_a_file_nobody_looked_at_yet_is_coming(county, arrive):
    exam_id = arrive(make.make_film()).exam_id
    [said] = refused(case_of(county, exam_id), "zh_CN")
    assert (said["state"], said["reason"]) == ("coming", "此文件的图像正在生成。")


def test_an_ecg_with_its_trace_is_shown(county, screened):
    assert refused(case_of(county, screened(make.make_ecg_file())), "zh_CN") == []


REASONS = (
    "truncated: the compressed picture has no end marker; ask for the film to be sent again",
    "truncated: the compressed picture cannot be unpacked (bad data; at 12)",
    "transfer syntax 1.2.840.10008.1.2.4.100 is not known here; known: 1.2.840.10008.1.2",
    "the file holds no pixels; only its header can be shown",
    "jpeg cannot decode the picture: broken",
    "the picture decodes to (5, 6); the header says 7 x 8",
    "the compressed picture is 5 x 6; the header says 7 x 8",
    "4 components of 8 bits; expected grey, 16 bits",
    "the header lacks Rows, Columns; no picture can be made of it",
    "1 of 1 bits per pixel; expected at most 16 of 8 or 16",
    "2 samples per pixel; expected 1 (grey) or 3 (colour)",
    "12000 x 9000 pixels; at most 64 megapixels can be shown",
    "a palette colour picture; films are grey. Export it as MONOCHROME2",
    "the screener stopped with an internal error (ValueError)",
)


@pytest.mark.parametrize("reason", REASONS)
def test_why_a_film_is_refused_is_said_in_chinese_without_english_words(reason):
    said = reason_in_words(reason, translator())
    left = set(re.findall(r"\b[a-z]{4,}\b", said)) - {"jpeg", "broken", "data"}
    assert not left, said
    assert reason_in_words(reason, translator("en")) == reason
