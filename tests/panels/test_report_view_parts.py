"""Report texts by part and age; the side and the part are filled only as the files say."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from workbench import editions
from workbench.domain.kinds import ExamKind
from workbench.panels import report_view

TAKEN = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # the 23rd in Beijing


def offered(part, age=None, values=None):
    return report_view.templates(ExamKind.DR, values or {}, "zh_CN", part=part, age=age)


def fitting(part, age=None):
    return {t["id"] for t in offered(part, age) if t["fits"]}


def a_case(part="KNEE", sides=("R",), birth=date(1990, 1, 1)):
    """What of a case the texts look at."""
    return SimpleNamespace(
        exam=SimpleNamespace(body_part=part, taken_at=TAKEN),
        site=SimpleNamespace(time_zone="Asia/Shanghai"),
        patient=SimpleNamespace(birth_date=birth),
        files=[SimpleNamespace(header={"laterality": side}) for side in sides],
    )


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("CHEST", "chest-pa-normal"),
        ("RIB", "rib-trauma-normal"),
        ("KNEE", "limb-joint-normal"),
        ("TIBIA", "limb-bone-normal"),
        ("EXTREMITY", "limb-joint-normal"),
        ("CSPINE", "spine-cervical-normal"),
        ("TSPINE", "spine-thoracic-normal"),
        ("LSPINE", "spine-lumbar-normal"),
        ("WHOLESPINE", "spine-scoliosis"),
        ("PELVIS", "pelvis-normal"),
        ("HIP", "hip-normal"),
        ("ABDOMEN", "abdomen-erect-normal"),
        ("KUB", "abdomen-supine-normal"),
        ("SKULL", "skull-normal"),
    ],
)
def test_each_part_is_offered_its_own_normal_text_and_the_one_for_repeats(part, text):
    assert {text, "film-quality-repeat"} <= fitting(part)


def test_a_text_for_another_part_stays_at_hand_but_behind():
    texts = offered("KNEE")
    assert [t["fits"] for t in texts] == sorted((t["fits"] for t in texts), reverse=True)
    assert {t["id"] for t in texts} == {
        k for k, one in editions.report_templates().items() if one.kind is ExamKind.DR
    }
    assert "chest-pa-normal" not in fitting("KNEE")
    assert "spine-lumbar-normal" not in fitting("CSPINE")


def test_of_an_unknown_part_nothing_is_held_back():
    assert all(t["fits"] for t in offered(None))


def test_a_child_is_not_offered_the_adult_heart_and_an_adult_no_growth_plates():
    assert "chest-pa-normal" not in fitting("CHEST", "child")
    assert "chest-child-normal" in fitting("CHEST", "child")
    assert "chest-child-normal" not in fitting("CHEST", "adult")
    assert "limb-child-normal" not in fitting("KNEE", "adult")
    assert {"limb-child-normal", "limb-joint-normal"} <= fitting("KNEE")


@pytest.mark.parametrize(
    ("birth", "age"),
    [(date(2012, 11, 24), "child"), (date(2012, 11, 23), "adult"), (None, None)],
)
def test_a_child_is_one_until_the_birthday_where_the_patient_is(birth, age):
    assert report_view.age_of(a_case(birth=birth)) == age


@pytest.mark.parametrize(
    ("part", "sides", "known"),
    [
        ("KNEE", ("R",), {"part": "膝", "side": "右"}),
        ("左膝正侧位", ("L", "l"), {"part": "膝", "side": "左"}),
        ("KNEE", ("L", "R"), {"part": "膝"}),
        ("KNEE", ("R", ""), {"part": "膝"}),
        ("EXTREMITY", ("R",), {"side": "右"}),
        ("部位1", ("U",), {}),
        ("", (), {}),
    ],
)
def test_side_and_part_are_filled_only_where_every_file_says_the_same(part, sides, known):
    assert report_view.of_film(a_case(part, sides), "zh_CN") == known


def test_a_side_nobody_told_stays_a_gap_that_stops_the_signature():
    (text,) = [t for t in offered("KNEE", None, {"part": "膝"}) if t["id"] == "limb-joint-normal"]
    assert text["findings"].startswith("____膝：")
    (text,) = [
        t
        for t in offered("KNEE", None, {"part": "膝", "side": "右"})
        if t["id"] == "limb-joint-normal"
    ]
    assert text["findings"].startswith("右膝：")
    assert "____" not in text["findings"] + text["impression"]


@pytest.mark.parametrize("field", ["convex", "where"])
def test_the_side_of_a_finding_is_never_taken_from_the_side_of_the_film(field):
    using = [k for k, one in editions.report_templates().items() if field in one.placeholders]
    assert len(using) == 1
    assert "side" not in editions.report_template(using[0]).placeholders
