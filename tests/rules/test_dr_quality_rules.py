"""Points, vetoes and grades of the sheet, on both sides of every limit."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.exposure_band import ExposureBand
from workbench.domain.quality_item import FilmGrade, ItemState, QualityCode
from workbench.language import translator
from workbench.radiograph.chest_posture import ClavicleLook
from workbench.radiograph.collimation import OpenField
from workbench.radiograph.cut_off import EdgeGap
from workbench.radiograph.dense_objects import DenseObjects
from workbench.radiograph.exposure import ExposureMeasures
from workbench.radiograph.film_facts import ChestFacts, Deviation, FilmFacts
from workbench.radiograph.sharpness import EdgeSpread
from workbench.rules.dr_quality import judge_chest, judge_other
from workbench.screening.dr_quality import NOT_OUTLINED, ONE_LUNG, quality_book

BOOK = quality_book()
BOX = (0.1, 0.1, 0.2, 0.2)
BAND = ExposureBand(note=1.0, review=3.0)
NAMES = [f"{s} {p}" for s in ("right", "left") for p in ("apex", "wall", "base")]


def limit(key):
    return BOOK[key].value


def clavicles(asymmetry=0.1, tilt=1.0, apex_above=0.1):
    return ClavicleLook(asymmetry, tilt, apex_above, BOX)


def chest(distance=20.0, contact=0.0, **more):
    given = {
        "gaps": (
            EdgeGap(NAMES[0], distance, contact, BOX),
            *(EdgeGap(name, 20.0, 0.0, BOX) for name in NAMES[1:]),
        ),
        "unit": "mm",
        "clavicles": clavicles(),
        "height_ratio": 0.8,
        "spreads": tuple(EdgeSpread(n, 5.0, 50, BOX) for n in ("the right dome", "heart")),
        "objects": DenseObjects(0, 0.0, ()),
        "scaled": True,
    }
    return ChestFacts(**{**given, **more})


def facts(deviation=0.5, **more):
    given = {
        "missing": (),
        "deviation": Deviation(value=deviation, computed=deviation, written=None, band=BAND),
        "exposure": ExposureMeasures(0.0, 0.0, 0.8, 900),
        "field": OpenField(10, 290, 10, 240, ("top", "left"), "seen"),
        "field_share": 0.9,
        "air_share": 0.1,
        "chest": chest(),
    }
    return FilmFacts(**{**given, **more})


def item(sheet, code):
    return next(one for one in sheet.items if one.code is code)


def points(code, **more):
    return item(judge_chest(facts(**more), BOOK), code).got


def test_the_sheet_of_a_chest_has_a_hundred_points_and_so_has_the_short_one():
    assert judge_chest(facts(), BOOK).total == 100
    assert judge_other(facts(), BOOK).total == 100


def test_a_faultless_film_gets_all_that_could_be_judged():
    sheet = judge_chest(facts(), BOOK)
    assert (sheet.got, sheet.of, sheet.grade) == (86, 86, FilmGrade.A)
    assert sheet.reasons == ()
    assert {one.code for one in sheet.items if one.state is ItemState.NOT_ASSESSED} == {
        QualityCode.MARKER, QualityCode.SCAPULAE
    }  # fmt: skip
    assert sheet.grade_reason.startswith("86 of 86 points that could be judged (100 in all)")


def turned(value):
    return {"clavicles": clavicles(asymmetry=value)}


def slanted(value):
    return {"clavicles": clavicles(tilt=value)}


def from_below(value):
    return {"clavicles": clavicles(apex_above=value)}


def high(value):
    return {"height_ratio": value}


def soft(value):
    return {"spreads": (EdgeSpread("heart", value, 40, BOX),) * 2}


def metal(value):
    return {"objects": DenseObjects(1, value, (BOX,))}


@pytest.mark.parametrize(
    ("code", "key", "worse", "make", "reason"),
    [
        (QualityCode.ROTATION, "rotation.straight", 1, turned, "111209"),
        (QualityCode.ROTATION, "rotation.turned", 1, turned, "111209"),
        (QualityCode.CLAVICLES, "clavicles.level", 1, slanted, "111209"),
        (QualityCode.CLAVICLES, "clavicles.slanted", 1, slanted, "111209"),
        (QualityCode.CLAVICLES, "clavicles.apex", -1, from_below, "111209"),
        (QualityCode.INSPIRATION, "inspiration.deep", -1, high, "111209"),
        (QualityCode.INSPIRATION, "inspiration.poor", -1, high, "111209"),
        (QualityCode.SHARPNESS, "sharp.spread", 1, soft, "111210"),
        (QualityCode.SHARPNESS, "sharp.blurred", 1, soft, "111210"),
        (QualityCode.ARTEFACT, "artefact.area", 1, metal, "111215"),
    ],
)
def test_points_are_lost_beyond_each_limit_and_not_before(code, key, worse, make, reason):
    step = 1e-6 * worse
    if key == "artefact.area":  # reached is found
        step, before = 0.0, make(limit(key) - 1e-6)
    else:
        before = make(limit(key))
    fine = item(judge_chest(facts(chest=chest(**before)), BOOK), code)
    lost = item(judge_chest(facts(chest=chest(**make(limit(key) + step))), BOOK), code)
    assert lost.got < fine.got
    assert (lost.reason, lost.rule) == (reason, key)
    assert fine.rule != key


def test_a_tight_gap_costs_points_and_a_lung_along_the_edge_is_a_veto():
    code = QualityCode.WHOLE_CHEST
    gap, contact = limit("cut.gap_mm"), limit("cut.contact_mm")
    assert points(code, chest=chest(distance=gap)) == limit("points.whole_chest")
    tight = judge_chest(facts(chest=chest(distance=gap - 0.01)), BOOK)
    assert 0 < item(tight, code).got < limit("points.whole_chest")
    assert not tight.vetoes
    touching = judge_chest(facts(chest=chest(distance=0, contact=contact - 0.01)), BOOK)
    assert not touching.vetoes
    cut = judge_chest(facts(chest=chest(distance=0, contact=contact)), BOOK)
    assert item(cut, code).veto
    assert (cut.grade, cut.reasons) == (FilmGrade.REJECT, ("111209",))
    assert "right apex runs along the edge" in item(cut, code).evidence
    assert item(cut, code).place == (BOX,)


def test_without_spacing_the_gaps_are_judged_as_shares_of_the_width():
    wide = chest(distance=limit("cut.gap_width"), unit="width")
    assert points(QualityCode.WHOLE_CHEST, chest=wide) == limit("points.whole_chest")
    tight = replace(wide, gaps=(EdgeGap("left base", 0.01, 0.0, BOX), *wide.gaps[1:]))
    found = item(judge_chest(facts(chest=tight), BOOK), QualityCode.WHOLE_CHEST)
    assert "1.0% of the width" in found.evidence
    assert found.rule == "cut.gap_width"


@pytest.mark.parametrize(
    ("value", "share", "reason"),
    [(1.0, 1, ""), (-1.0, 1, ""), (1.01, 0.5, "111212"), (-1.01, 0.5, "111211"),
     (3.0, 0.5, "111212"), (3.01, 0, "111212"), (-3.01, 0, "111211")],
)  # fmt: skip
def test_the_deviation_is_judged_by_its_band(value, share, reason):
    found = item(judge_chest(facts(deviation=value), BOOK), QualityCode.EXPOSURE)
    assert found.got == round(9 * share * 2) / 2
    assert found.reason == reason


def test_the_band_of_the_site_decides_and_is_said():
    own = Deviation(value=2.0, computed=2.0, written=None,
                    band=ExposureBand(note=2.5, review=4, target=300, source="clinic"))  # fmt: skip
    found = item(judge_chest(replace(facts(), deviation=own), BOOK), QualityCode.EXPOSURE)
    assert found.got == 9
    assert "target exposure index 300 of this institution" in found.evidence


def test_a_contradicting_header_is_said():
    two = Deviation(value=6.0, computed=6.0, written=-6.0, band=BAND)
    found = item(judge_chest(replace(facts(), deviation=two), BOOK), QualityCode.EXPOSURE)
    assert "the header writes -6.0; the recomputed value is used" in found.evidence


def test_clipping_and_identity_lose_their_points():
    white = facts(exposure=ExposureMeasures(0.06, 0.0, 0.8, 900))
    assert item(judge_chest(white, BOOK), QualityCode.CLIPPING).got == 0
    assert points(QualityCode.IDENTITY, missing=("sex",)) == 4.0
    assert points(QualityCode.IDENTITY, missing=("sex", "age", "view")) == 0


def test_a_chest_without_outlines_gets_no_grade_and_says_why():
    sheet = judge_chest(facts(chest=None, chest_reason="turned by 90 degrees"), BOOK)
    assert sheet.grade is None
    assert "no grade" in sheet.grade_reason
    assert item(sheet, QualityCode.ROTATION).evidence == "turned by 90 degrees"
    assert sheet.of == 21


def test_too_few_points_give_no_grade():
    little = chest(clavicles=None, height_ratio=None, spreads=())
    sheet = judge_chest(
        replace(
            facts(chest=little),
            deviation=Deviation(value=None, computed=None, written=None, band=BAND),
        ),
        BOOK,
    )
    assert sheet.of == 37
    assert sheet.grade is None
    assert "no grade below 60 points judged" in sheet.grade_reason


def test_the_short_sheet_is_graded_with_index_and_field_only():
    assert judge_other(facts(), BOOK).grade is FilmGrade.A
    unknown = Deviation(value=None, computed=None, written=None, band=BAND)
    assert judge_other(replace(facts(), deviation=unknown), BOOK).grade is None


@given(st.floats(0, 1), st.floats(0, 10), st.floats(0.3, 1), st.floats(1, 15), st.floats(-6, 6))
def test_the_grade_follows_the_points_and_nothing_else(asymmetry, tilt, ratio, spread, deviation):
    sheet = judge_chest(
        facts(
            deviation=deviation,
            chest=chest(
                clavicles=clavicles(asymmetry, tilt),
                height_ratio=ratio,
                spreads=(EdgeSpread("heart", spread, 40, BOX),) * 2,
            ),
        ),
        BOOK,
    )
    percent = 100 * sheet.got / sheet.of
    wanted = (
        FilmGrade.A if percent >= 90 else FilmGrade.B if percent >= 75
        else FilmGrade.C if percent >= 60 else FilmGrade.REJECT
    )  # fmt: skip
    assert sheet.grade is wanted
    for one in sheet.items:
        assert bool(one.reason) == (one.got < one.of and one.state is ItemState.SCORED)


LATIN = re.compile(r"[A-Za-z]{3,}")


@pytest.mark.parametrize(
    "given",
    [
        facts(),
        facts(chest=chest(distance=2), deviation=4, missing=("sex", "age", "view", "body part")),
        facts(missing=("patient number", "patient name", "exam time"), sides_doubtful=True),
        facts(chest=chest(distance=0, contact=40, unit="width", scaled=False)),
        facts(chest=chest(clavicles=None, height_ratio=None, spreads=())),
        facts(chest=chest(objects=DenseObjects(2, 80.0, (BOX,))), field=OpenField(0, 9, 0, 9)),
        facts(chest=None, chest_reason=NOT_OUTLINED, exposure=ExposureMeasures(0.2, 0.1, 0.8, 9)),
        facts(deviation=None, chest=None, chest_reason=ONE_LUNG),
        replace(
            facts(),
            deviation=Deviation(
                value=2.0, computed=2.0, written=-2.0, band=replace(BAND, target=300.0)
            ),
        ),
    ],
)
def test_every_clause_of_a_sheet_is_said_in_chinese(given):
    translate = translator("zh_CN")
    for sheet in (judge_chest(given, BOOK), judge_other(given, BOOK)):
        for text in (sheet.grade_reason, *(one.evidence for one in sheet.items)):
            for clause in text.split("; "):
                said = translate(clause)
                assert said != clause, clause
                assert not LATIN.search(re.sub(r"[a-z]+\.[a-z]+", "", said)), said
