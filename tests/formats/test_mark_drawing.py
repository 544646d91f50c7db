"""Signed marks over a picture: in their place, in their true shape, words that are not cut off."""

import pytest

from workbench.domain.mark import Calibration, Mark, Tool
from workbench.formats.mark_drawing import drawn, shape_of
from workbench.formats.mark_words import beside, calibration_words, in_a_line, scale
from workbench.language import translator
from workbench.radiograph.measures import placed

EN = translator("en")
DETECTOR = Calibration(kind="detector", row_mm=0.2, column_mm=0.1)


def meta(rows=100, columns=200, row_mm=0.1, column_mm=0.1):
    return {"rows": rows, "columns": columns, "spacing": {"row_mm": row_mm, "column_mm": column_mm}}


def made(tool, *points, text="", calibration=DETECTOR):
    mark = Mark(uid="m", tool=tool, points=points, text=text)
    return placed([mark], calibration)[0]


def test_a_point_is_the_middle_of_its_pixel_and_oblong_pixels_are_drawn_oblong():
    oblong = meta(row_mm=0.2)
    assert shape_of(oblong) == (200.0, 200.0)
    [one] = drawn([made(Tool.LENGTH, (0.0, 0.0), (10.0, 20.0))], oblong, EN)
    assert one.lines == ("0.5,1.0 10.5,41.0",)
    assert shape_of(meta(row_mm=None, column_mm=None)) == (200.0, 100.0)


def test_each_tool_is_drawn_with_its_own_lines():
    four = ((10.0, 10.0), (30.0, 10.0), (10.0, 20.0), (30.0, 20.0))
    lines = {
        Tool.LENGTH: (four[:2], 1), Tool.ANGLE: (four[:3], 1), Tool.COBB: (four, 2),
        Tool.BIDIRECTIONAL: (four, 2), Tool.RECTANGLE: (four, 1), Tool.CTR: (four, 2),
        Tool.LIMB: (four[:3], 1), Tool.ARROW: (four[:2], 3),
    }  # fmt: skip
    for tool, (points, count) in lines.items():
        [one] = drawn([made(tool, *points)], meta(), EN)
        assert (len(one.lines), one.ellipses) == (count, ()), tool
    ends = ((20.0, 10.0), (20.0, 30.0), (5.0, 20.0), (35.0, 20.0))
    [one] = drawn([made(Tool.ELLIPSE, *ends)], meta(), EN)
    assert (one.lines, one.ellipses) == ((), ((20.5, 20.5, 15.0, 10.0),))


@pytest.mark.parametrize(
    ("points", "end", "under"),
    [
        (((10.0, 50.0), (30.0, 50.0)), False, False),
        (((150.0, 50.0), (190.0, 50.0)), True, False),
        (((20.0, 50.0), (190.0, 60.0)), False, True),
    ],
)
def test_words_stand_beside_their_mark_or_under_it_and_inside_the_film(points, end, under):
    [one] = drawn([made(Tool.LENGTH, *points)], meta(), EN)
    assert one.end is end
    assert (one.at[1] > max(y for _, y in points) + 1) is under
    long = len(one.words[0]) * 0.6 * 0.036 * 200
    begin = one.at[0] - long if end else one.at[0]
    assert begin >= 0
    assert begin + long <= 200 + 1


def test_what_stands_beside_a_mark_is_what_the_viewer_says():
    calibrated = Calibration(kind="calibrated", row_mm=0.1, column_mm=0.1, factor=1.2)
    chest = ((40.0, 50.0), (90.0, 50.0), (20.0, 60.0), (120.0, 60.0))
    assert beside(made(Tool.CTR, *chest, calibration=calibrated), EN) == [
        "Heart to thorax 0.50", "5.0 / 10.0 mm (divided by 1.2)",
    ]  # fmt: skip
    unknown = Calibration(kind="unknown")
    assert beside(made(Tool.LENGTH, (0.0, 0.0), (3.0, 4.0), calibration=unknown), EN) == ["5.0 px"]
    box = ((0.0, 0.0), (10.0, 0.0), (0.0, 10.0), (10.0, 10.0))
    assert beside(made(Tool.RECTANGLE, *box), EN)[0].endswith("mm² (detector plane)")
    assert beside(made(Tool.ARROW, (0.0, 0.0), (9.0, 9.0), text="here"), EN) == ["here"]
    right = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0))
    assert in_a_line(made(Tool.ARROW, (0.0, 0.0), (9.0, 9.0), text="here"), EN) == "arrow: here"
    assert in_a_line(made(Tool.CTR, *chest), translator()).startswith("心胸比 0.50；")
    assert beside(made(Tool.ANGLE, *right, calibration=unknown), EN) == ["90.0°"]


def test_the_calibration_of_a_film_is_said_once_in_a_sentence():
    said = {
        "no spacing given: lengths in px": Calibration(kind="unknown"),
        "no word on calibration": Calibration(
            kind="unknown", row_mm=0.1, column_mm=0.1, note="no word on calibration"
        ),
        "mm (detector plane)": DETECTOR,
        "mm (divided by 1.5): magnification 1.5": Calibration(
            kind="calibrated", row_mm=0.1, column_mm=0.1, factor=1.5
        ),
        "mm (corrected spacing): differs from the detector: corrected": Calibration(
            kind="calibrated",
            row_mm=0.1,
            column_mm=0.1,
            note="differs from the detector: corrected",
        ),
    }
    for words, calibration in said.items():
        assert calibration_words(calibration, EN) == words
    assert scale("mm", Calibration(kind="calibrated"), translator()) == "mm（已校准）"
