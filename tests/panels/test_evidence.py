"""Places of a screening become shapes on the film; what cannot be read is no place."""

from dataclasses import replace

from workbench.domain.finding import Finding, Gate, Measurement, Screening, Severity
from workbench.panels import evidence

HEART = "0.40,0.60 0.62,0.60"
CHEST = "0.10,0.70 0.90,0.70"
OUTLINE = "0.4,0.5 0.6,0.5 0.6,0.7"
RATIO = Measurement(
    "ctr", 0.52, "1", "net", f"heart_line {HEART}; thorax_line {CHEST}; heart {OUTLINE}", "", 0.012
)
SAID = Screening(
    screener="dr", version="2", rulebook="", digest="d", modality="DR", assessed=True, reason="",
    gate=Gate(accepted=True), measurements=(RATIO,),
)  # fmt: skip


def shapes(said=SAID, digest="d"):
    return evidence.of_film([said], digest, "zh_CN")


def test_a_measured_ratio_is_two_lines_and_an_outline_and_named_once():
    found = shapes()
    assert [s["form"] for s in found] == ["line", "line", "area"]
    assert found[0]["points"] == [[0.4, 0.6], [0.62, 0.6]]
    assert found[0]["label"] == "心胸比 CTR 0.52 ± 0.01"
    assert [s["label"] for s in found[1:]] == ["", ""]
    assert {s["tone"] for s in found} == {"measure"}


def test_a_finding_takes_the_place_of_the_number_it_rests_on():
    said = Finding("DR601", Severity.ABNORMAL, "0.56", place={"side": "left", "heart_line": HEART})
    found = shapes(replace(SAID, findings=(said,)))
    assert [(s["tone"], s["form"]) for s in found][:2] == [("finding", "line"), ("measure", "line")]
    assert len([s for s in found if s["points"] == [[0.4, 0.6], [0.62, 0.6]]]) == 1


def test_another_film_and_a_number_that_is_missing_have_no_places():
    assert shapes(digest="other") == []
    missing = replace(RATIO, value=None, reason="not outlined")
    assert shapes(replace(SAID, measurements=(missing,))) == []


def test_what_is_no_place_is_left_out():
    bad = replace(RATIO, place="heart_line nowhere; heart 0.1; thorax_line 0.1,0.2 0.3")
    assert shapes(replace(SAID, measurements=(bad,))) == []


def test_what_a_model_says_is_drawn_apart_and_an_approximate_number_says_so():
    said = Finding("DR002", Severity.URGENT, "score", place={"model": OUTLINE})
    (model, *_rest) = shapes(replace(SAID, screener="model:chest", findings=(said,)))
    assert model["tone"] == "model"
    remark = "approximate: an AP film enlarges the heart; not compared with 0.50"
    found = shapes(replace(SAID, measurements=(replace(RATIO, reason=remark),)))
    assert "前后位（AP）会放大心影" in found[0]["label"]
