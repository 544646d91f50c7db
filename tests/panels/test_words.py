"""Ages and times as they are where the patient is."""

import re
from datetime import UTC, date, datetime

import pytest

from workbench.editions import body_parts
from workbench.language import translator
from workbench.panels import words

EVENING = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)  # 06:30 of the 22nd in Beijing


@pytest.mark.parametrize(
    ("birth", "zone", "says"),
    [
        (date(2026, 11, 22), "Asia/Shanghai", "0天"),
        (date(2026, 11, 22), "UTC", ""),  # not born yet
        (date(2008, 11, 22), "Asia/Shanghai", "18岁"),
        (date(2008, 11, 22), "Asia/Urumqi", "18岁"),
        (date(2008, 11, 22), "Europe/Berlin", "17岁"),
        (None, "Asia/Shanghai", ""),
    ],
)
def test_an_age_counts_by_the_calendar_of_the_institution(birth, zone, says):
    said = words.age(birth, EVENING, zone, translator("zh_CN"))
    assert said.replace(" ", "") == says


@pytest.mark.parametrize(
    ("said", "zh"),
    [
        (
            "ventricular rate: 37 bpm below 50 bpm [pacing.slow, certainty D, book]",
            "心室率 37 次/分，低于界值 50 次/分［pacing.slow，来源等级 D，book］",
        ),
        (
            "up-sloping ST depression at J in lead V3: 0.2 mV above 0.1 mV [d, certainty K, b]",
            "V3导联J点上斜型ST压低 0.2 mV，高于界值 0.1 mV［d，来源等级 K，b］",
        ),
        ("no P and no regular atrial waves; too few beats to tell", None),
        ("P without relation to QRS; 7 P at 41/min beside 7 QRS at 42/min", None),
        ("not measurable, because 2 QRS complexes in 10.0 s make no RR interval", None),
    ],
)
def test_clauses_of_the_screening_are_read_in_chinese(said, zh):
    read = words.evidence(said, translator("zh_CN"))
    assert zh is None or read == zh
    assert not re.search(r"[a-z]{4}", re.sub(r"［.*?］", "", read))


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("CHEST", "胸部", "chest"),
        ("左膝关节正侧位", "膝", "knee"),
        ("L-SPINE LAT", "腰椎", "lumbar spine"),
        (" ", "", ""),
        ("部位1", "部位1（部位未识别）", "部位1 (part not recognised)"),
        ("Schädel", "Schädel（部位未识别）", "Schädel (part not recognised)"),
    ],
)
def test_a_part_of_the_body_is_named_and_an_unknown_one_is_shown_as_such(written, zh, en):
    assert (words.part(written, translator()), words.part(written, translator("en"))) == (zh, en)


@pytest.mark.parametrize("code", sorted(body_parts().groups))
def test_every_part_of_the_vocabulary_has_a_name_in_both_languages(code):
    zh, en = (words.named("BodyPart", code, translator(lang)) for lang in ("zh_CN", "en"))
    assert not zh.isascii()
    assert en == en.lower() or en.isupper()
    assert en != code


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("window 2048/0 is impossible; left out", "窗位/窗宽 2048/0 不可能成立；已略去"),
        (
            "the film did not pass the input gate; window 2048/0 is impossible; left out",
            "输入检查；",
        ),
        ("words nobody knows; no model was asked", "words nobody knows；未交由模型判断"),
    ],
)
def test_a_sentence_that_holds_what_parts_clauses_is_read_as_one(said, read):
    spoken = words.evidence(said, translator("zh_CN"))
    assert read in spoken
    assert "left out" not in spoken
    assert "impossible" not in spoken
