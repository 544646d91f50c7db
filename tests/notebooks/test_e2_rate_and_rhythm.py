"""The first teaching notebook runs, shows what is true, and its exercises judge rightly."""

import base64
import io
import json
import re

import nbformat
import numpy as np
import pytest
from PIL import Image

from tests.notebooks.conftest import RATE_AND_RHYTHM, SAMPLES

GREEN = (11, 107, 58)  # of the marks: must not be there before the answer
# Written by hand from the sample list and the limits, not by the notebook: band, rhythm, level.
ANSWERS = {
    "ecg-normal": (3, 0, "normal"),
    "ecg-af": (3, 1, "abnormal"),
    "ecg-bradycardia": (0, 0, "critical"),
    "ecg-tachycardia": (5, 0, "urgent"),
    "made-sinus-64": (3, 0, "normal"),
    "made-sinus-88": (3, 0, "normal"),
    "made-sinus-76": (3, 0, "normal"),
    "made-sinus-96": (3, 0, "normal"),
    "made-af-152": (5, 1, "urgent"),
    "made-brady-38": (1, 0, "urgent"),
    "made-brady-52": (2, 0, "abnormal"),
    "made-tachy-212": (6, 0, "critical"),
}
GIVE = f"""
known = {ANSWERS!r}
def open_case(name):
    practice.at = [c.name for c in practice.cases].index(name)
    practice.show()
def give(band, rhythm, level, confidence=3):
    practice.band.value, practice.rhythm.value = band, rhythm
    practice.level.value, practice.confidence.value = Severity(level), confidence
    practice.submit.click()
"""


def outputs(ran, kind):
    for cell in ran.notebook.cells:
        for output in cell.get("outputs", []):
            if kind in output.get("data", {}):
                yield cell["id"], output["data"][kind]


def cell_text(ran, cell_id):
    cell = next(c for c in ran.notebook.cells if c["id"] == cell_id)
    return "".join(o.get("text", "") + o.get("data", {}).get("text/html", "") for o in cell.outputs)


def rows_of(html):
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    return [re.findall(r"<t[hd] [^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]


def truth(name):
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))["truth"]


def has_marks(coded):
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(coded))).convert("RGB")).astype(int)
    return bool((np.abs(pixels - GREEN).max(axis=-1) < 12).sum() > 100)


def picture(name):
    return f"__import__('base64').b64encode({name}.picture.value).decode()"


def test_the_notebook_is_committed_without_outputs():
    notebook = nbformat.read(RATE_AND_RHYTHM, as_version=4)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert not [c["id"] for c in code if c.outputs or c.execution_count]
    assert "widgets" not in notebook.metadata


def test_the_notebook_says_first_that_its_cases_are_synthetic():
    first = nbformat.read(RATE_AND_RHYTHM, as_version=4).cells[0].source
    assert "合成病例，仅供教学" in first
    assert "未取得医疗器械注册证" in first


def test_every_cell_runs_and_none_complains(ran):
    said = [
        (cell["id"], output.text)
        for cell in ran.notebook.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]
    assert said == []  # a missing Chinese glyph or font would be said here


def test_one_second_is_twenty_five_millimetres_of_paper(ran):
    pictures = dict(outputs(ran, "image/png"))
    wide = Image.open(io.BytesIO(base64.b64decode(pictures["normal-paper"])))
    # 10 mm for the pulse, 10 s, a margin of 8 mm on either side, at 144 dots per inch
    assert wide.width == pytest.approx((10 + 250 + 16) / 25.4 * 144, abs=1)


@pytest.mark.parametrize("name", ["ecg-normal", "ecg-af", "ecg-bradycardia", "ecg-tachycardia"])
def test_the_table_of_three_ways_shows_the_truth_of_the_file(ran, name):
    chinese = ran.ask(f"CHINESE[{name!r}]")
    row = next(r for r in rows_of(cell_text(ran, "three-ways")) if r[0] == chinese)
    rr = truth(name)["rr_s"]
    true_rate = 60 * len(rr) / sum(rr)
    assert float(row[4]) == pytest.approx(true_rate, abs=0.5)
    assert float(row[3]) == pytest.approx(true_rate, abs=1.0)


def test_the_second_opinion_halves_two_hundred_and_the_engine_does_not(ran):
    true, engine, second = (int(n) for n in re.findall(r" (\d+)", cell_text(ran, "fast")))
    assert true == 200
    assert abs(engine - 200) <= 1
    assert 95 <= second <= 110


def test_the_limits_shown_are_those_of_the_rule_book_with_source_and_certainty(ran):
    rows = rows_of(cell_text(ran, "limits"))
    book = ran.ask("{k: [v.value, v.source, v.certainty] for k, v in adult.items()}")
    fastest = next(r for r in rows if r[0].startswith("≥ 危急：极快"))
    value, source, certainty = book["rate.very_fast"]
    assert fastest[1] == f"{value:g} bpm"
    assert fastest[2].replace("&gt;", ">") == source
    assert fastest[3].startswith(f"{certainty}:")


def test_one_hundred_and_eighty_is_critical_in_shanxi_only(ran):
    head, *rows = rows_of(cell_text(ran, "verdicts"))
    said = dict(zip(head, next(r for r in rows if r[0] == "180"), strict=True))
    assert (said["全国共识"], said["山西"], said["浙江"]) == ("急", "危急", "急")


def test_an_unknown_file_is_refused_in_words(ran):
    assert "not a known film or ECG file" in cell_text(ran, "unreadable")


def test_all_right_answers_make_a_hundred_points(ask):
    done = ask(
        GIVE
        + """
for number in range(len(practice.cases)):
    give(*known[practice.cases[practice.at].name])
    practice.next.click()
[[a["points"] for a in practice.answers], practice.result.value]"""
    )
    points, result = done
    assert points == [100] * 12
    assert "已答 12 / 12 例，平均 100 分；危急值认出 2 / 2" in result


def test_a_missed_critical_value_makes_zero_and_says_what_to_do(ask):
    points, feedback = ask(
        GIVE
        + """
open_case("ecg-bradycardia")
give(0, 0, "urgent", 5)
[practice.answers[-1]["points"], practice.feedback.value]"""
    )
    assert points == 0
    assert "危急未判危急，记 0 分" in feedback
    assert f"真值：{truth('ecg-bradycardia')['rate_bpm']:.1f} 次/分" in feedback
    assert "EC021" in feedback
    assert "马上打电话给县级诊断中心" in feedback
    assert "信心高而答错" in feedback


def test_a_wrong_rate_band_costs_its_points_only(ask):
    points, feedback = ask(
        GIVE
        + """
open_case("ecg-af")
give(4, 1, "abnormal", 2)
[practice.answers[-1]["points"], practice.feedback.value]"""
    )
    assert points == 60
    assert "60–100" in feedback
    assert "EC206" in feedback
    assert "信心高而答错" not in feedback


def test_truth_and_marks_appear_only_after_the_answer(ask):
    before, feedback, after = ask(
        GIVE
        + f"""
open_case("ecg-af")
early = [{picture("practice")}, practice.feedback.value]
give(*known["ecg-af"])
[*early, {picture("practice")}]"""
    )
    assert feedback == ""
    assert not has_marks(before)
    assert has_marks(after)


def test_an_answer_without_confidence_is_not_taken(ask):
    count, message, feedback = ask(
        GIVE
        + """
practice.band.value, practice.rhythm.value, practice.level.value = 3, 0, Severity.NORMAL
practice.submit.click()
[len(practice.answers), practice.message.value, practice.feedback.value]"""
    )
    assert (count, feedback) == (0, "")
    assert "信心也要选" in message


def test_a_case_is_answered_once_and_not_skipped(ask):
    at, count = ask(
        GIVE
        + """
practice.next.click()
give(*known[practice.cases[practice.at].name])
give(6, 1, "critical")
[practice.at, len(practice.answers)]"""
    )
    assert (at, count) == (0, 1)


def test_lines_on_the_true_borders_measure_the_true_ratio(ask):
    borders = {k: round(v) for k, v in truth("dr-cardiomegaly")["borders"].items()}
    feedback, reading = ask(f"""
for key, slider in film_practice.lines.items():
    slider.value = {borders!r}[key]
film_practice.submit.click()
[film_practice.feedback.value, film_practice.reading.value]""")
    true = truth("dr-cardiomegaly")["ctr"]
    mine, said = (float(n) for n in re.findall(r"(\d\.\d{3})", feedback)[:2])
    assert said == pytest.approx(true, abs=0.0005)
    assert mine == pytest.approx(true, abs=0.002)
    assert "量得准" in feedback
    assert f"{true:.2f}" in reading


def test_a_narrow_heart_is_told_off_and_crossed_lines_are_refused(ask):
    wrong, crossed = ask("""
film_practice.lines["heart_left_px"].value = film_practice.lines["heart_right_px"].value + 100
film_practice.submit.click()
wrong = film_practice.feedback.value
film_practice.lines["heart_left_px"].value = film_practice.lines["heart_right_px"].value - 100
film_practice.submit.click()
[wrong, film_practice.feedback.value]""")
    assert "差得多" in wrong
    assert "先把四条线按从左到右放好" in crossed


def test_a_narrower_window_shows_more_black_and_white(ask):
    usual, narrow = ask(f"""
usual = {picture("film_practice")}
film_practice.width.value = film_practice.width.value / 8
[usual, {picture("film_practice")}]""")

    def extreme(coded):
        grey = np.asarray(Image.open(io.BytesIO(base64.b64decode(coded))).convert("L"))
        return float(((grey == 0) | (grey == 255)).mean())

    assert extreme(narrow) > extreme(usual) + 0.2
