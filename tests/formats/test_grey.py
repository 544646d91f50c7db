"""From the file to greys: the right curve, one inversion, and contradictions said aloud."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from workbench.domain.errors import WorkbenchError
from workbench.domain.image import Shutter, SpacingKind, VoiKind
from workbench.formats.display_copy import film_grey8
from workbench.formats.film_flags import FILM_FLAGS
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.radiograph.grey import to_grey8

GOLDEN = Path(__file__).parents[1] / "golden" / "dr_greys.json"


def read(data):
    return DicomDr().read({"film.dcm": data})


def shown(image):
    return to_grey8(image.values, image.vois[0], invert=image.invert, padding=image.padding)


TABLE = json.loads(GOLDEN.read_text("utf-8"))["files"]


@pytest.mark.parametrize("name", TABLE)
def test_real_films_have_the_greys_another_program_gives_them(shared, name):
    of, data = TABLE[name], (shared / "dr" / name).read_bytes()
    if "refused" in of:
        with pytest.raises(WorkbenchError, match=of["refused"]):
            read(data)
        return
    image = read(data).image
    if "unread" in of:
        assert image is None
        return
    grey = film_grey8(image).astype(int)
    assert list(grey.shape) == of["shape"]
    points = (np.linspace(0, n - 1, len(of["grid"])).astype(int) for n in grey.shape)
    # one program rounds a grey, the other cuts it off
    assert np.abs(grey[np.ix_(*points)] - np.array(of["grid"])).max() <= 1
    count = len(of["blocks"])
    rows, columns = (np.linspace(0, n, count + 1).astype(int) for n in grey.shape)
    means = [[grey[a:b, c:d].mean() for c, d in pairwise(columns)] for a, b in pairwise(rows)]
    assert np.abs(np.array(means) - np.array(of["blocks"])).max() <= 1


def test_the_table_holds_every_shared_file(shared):
    folders = ("nema_wg04", "derived", "fo_dicom", "highdicom")
    files = [p for folder in folders for p in (shared / "dr" / folder).rglob("*.dcm")]
    assert {p.relative_to(shared / "dr").as_posix() for p in files} <= set(TABLE)


@pytest.mark.parametrize(
    ("photometric", "shape", "inverted", "flagged"),
    [
        ("MONOCHROME2", "IDENTITY", False, False),
        ("MONOCHROME1", "INVERSE", True, False),
        ("MONOCHROME1", None, True, False),
        ("MONOCHROME2", "INVERSE", True, True),
        ("MONOCHROME1", "IDENTITY", True, True),
    ],
)
def test_there_is_one_inversion_or_none(make_film, chest, photometric, shape, inverted, flagged):
    tags = {"PhotometricInterpretation": photometric}
    if shape:
        tags["PresentationLUTShape"] = shape
    found = read(make_film(chest, **tags))
    assert found.image.invert is inverted
    assert ("inversion_conflict" in found.flags) is flagged


def test_windows_keep_their_order_and_the_picture_itself_comes_last(make_film, chest):
    tags = {"WindowCenter": [2048, 1200], "WindowWidth": [4096, 1500]}
    image = read(make_film(chest, **tags, WindowCenterWidthExplanation=["NORMAL", "SOFT"])).image
    assert [(v.kind, v.center, v.width, v.label) for v in image.vois[:2]] == [
        (VoiKind.LINEAR, 2048.0, 4096.0, "NORMAL"),
        (VoiKind.LINEAR, 1200.0, 1500.0, "SOFT"),
    ]
    assert image.vois[-1].kind is VoiKind.PERCENTILE


@pytest.mark.parametrize(
    ("tags", "flag"),
    [
        ({"WindowCenter": 2048, "WindowWidth": 0}, "bad_window"),
        ({"WindowCenter": 60000, "WindowWidth": 10}, "window_misses"),
        ({}, "no_window"),
        ({"WindowCenter": [1, 2], "WindowWidth": [100]}, "bad_window"),
    ],
)
def test_a_window_that_shows_nothing_is_left_out_and_told(make_film, chest, tags, flag):
    found = read(make_film(chest, **tags))
    assert flag in found.flags
    assert np.ptp(shown(found.image)) > 100


def _lut(points, first, bits):
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(points) % 65536, first, bits])
    item.add_new("LUTData", "OW", np.asarray(points, "<u2").tobytes())
    return item


def test_a_voi_curve_goes_before_a_window_and_stays_data(make_film, chest):
    points = np.linspace(0, 65535, 4096).astype(np.uint16)
    tags = {"VOILUTSequence": [_lut(points, 0, 16)], "WindowCenter": 1000, "WindowWidth": 50}
    image = read(make_film(chest, **tags)).image
    assert [v.kind for v in image.vois] == [VoiKind.LUT, VoiKind.LINEAR, VoiKind.PERCENTILE]
    np.testing.assert_array_equal(image.vois[0].lut, points)
    np.testing.assert_array_equal(image.values, chest)


def test_a_modality_curve_is_applied_to_the_values(make_film, chest):
    points = np.arange(4096)[::-1] * 16
    image = read(make_film(chest, ModalityLUTSequence=[_lut(points, 0, 16)])).image
    np.testing.assert_array_equal(image.values, (4095 - chest.astype(int)) * 16)


def test_the_first_mapped_value_of_a_signed_picture_is_signed(make_film, chest):
    values = chest.astype(np.int16) - 2048
    points = np.arange(4096) * 16
    image = read(make_film(values, ModalityLUTSequence=[_lut(points, 63488, 16)])).image
    np.testing.assert_array_equal(image.values, chest.astype(int) * 16)


@pytest.mark.parametrize(("slope", "shift"), [(1, -1000), (2, 0), (-1, 4095), (1, 0)])
def test_a_whole_rescale_is_in_the_values(make_film, chest, slope, shift):
    image = read(make_film(chest, RescaleSlope=slope, RescaleIntercept=shift)).image
    np.testing.assert_array_equal(image.values, chest.astype(int) * slope + shift)


def test_a_rescale_of_fractions_goes_into_the_window_and_loses_nothing(make_film, chest):
    tags = {
        "RescaleSlope": "0.25",
        "RescaleIntercept": "-10",
        "WindowCenter": 502,
        "WindowWidth": 1024,
    }
    found = read(make_film(chest, **tags)).image
    np.testing.assert_array_equal(found.values, chest)
    plain = (chest * 0.25 - 10 - (502 - 0.5)) / 1023 + 0.5
    assert np.abs(shown(found) - np.clip(plain, 0, 1) * 255).max() <= 1


@pytest.mark.parametrize(
    ("tags", "kind", "mm"),
    [
        (
            {"PixelSpacing": [0.2, 0.2], "PixelSpacingCalibrationType": "GEOMETRY"},
            "calibrated",
            0.2,
        ),
        ({"ImagerPixelSpacing": [0.15, 0.15]}, "detector", 0.15),
        ({"ImagerPixelSpacing": [0.15, 0.15], "PixelSpacing": [0.15, 0.15]}, "detector", 0.15),
        ({"ImagerPixelSpacing": [0.15, 0.15], "PixelSpacing": [0.12, 0.12]}, "calibrated", 0.12),
        (
            {"ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": 1.25},
            "calibrated",
            0.16,
        ),
        ({"PixelSpacing": [0.2, 0.2]}, "unknown", 0.2),
        ({"PixelSpacing": [0, 0]}, "unknown", None),
        ({}, "unknown", None),
    ],
)
def test_millimetres_carry_what_they_mean(make_film, chest, tags, kind, mm):
    spacing = read(make_film(chest, **tags)).image.spacing
    assert spacing.kind is SpacingKind(kind)
    assert spacing.row_mm == (None if mm is None else pytest.approx(mm))


def test_padding_is_black_under_either_polarity(make_film, chest):
    padded = chest.copy()
    padded[:20] = 0
    for photometric in ("MONOCHROME1", "MONOCHROME2"):
        tags = {"PhotometricInterpretation": photometric, "PixelPaddingValue": 0}
        assert (shown(read(make_film(padded, **tags)).image)[:20] == 0).all()


EDGES = {
    "ShutterLeftVerticalEdge": 10, "ShutterRightVerticalEdge": 80,
    "ShutterUpperHorizontalEdge": 20, "ShutterLowerHorizontalEdge": 100,
}  # fmt: skip
CIRCLE = {"CenterOfCircularShutter": [60, 45], "RadiusOfCircularShutter": 40}
POLYGON = {"VerticesOfThePolygonalShutter": [10, 10, 10, 80, 110, 45]}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"ShutterShape": "RECTANGULAR", **EDGES}, Shutter(rectangle=(10, 80, 20, 100))),
        ({"ShutterShape": "CIRCULAR", **CIRCLE}, Shutter(circle=(60.0, 45.0, 40.0, 1.0))),
        (
            {"ShutterShape": "CIRCULAR", **CIRCLE, "ImagerPixelSpacing": [0.4, 0.2]},
            Shutter(circle=(60.0, 45.0, 40.0, 2.0)),
        ),
        (
            {"ShutterShape": "POLYGONAL", **POLYGON},
            Shutter(polygon=((10.0, 10.0), (10.0, 80.0), (110.0, 45.0))),
        ),
        (
            {"ShutterShape": ["RECTANGULAR", "CIRCULAR"], **EDGES, **CIRCLE},
            Shutter(rectangle=(10, 80, 20, 100), circle=(60.0, 45.0, 40.0, 1.0)),
        ),
        ({**EDGES, **CIRCLE}, None),  # edges of a shutter that is not in use
    ],
)
def test_every_form_of_a_shutter_is_read(make_film, chest, tags, expected):
    found = read(make_film(chest, WindowCenter=2048, WindowWidth=4096, **tags))
    assert found.image.shutter == expected
    assert not FILM_FLAGS & set(found.flags)


@pytest.mark.parametrize(
    ("tags", "flag"),
    [
        ({"ShutterShape": "RECTANGULAR", **EDGES, "ShutterRightVerticalEdge": 9999}, "bad_shutter"),
        ({"ShutterShape": "RECTANGULAR"}, "bad_shutter"),
        ({"ShutterShape": "CIRCULAR", "RadiusOfCircularShutter": 40}, "bad_shutter"),
        ({"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [1, 1]}, "bad_shutter"),
        (
            {"ShutterShape": "CIRCULAR", **CIRCLE, "CenterOfCircularShutter": [900, 900]},
            "bad_shutter",
        ),
        ({"ShutterShape": "BITMAP"}, "shutter_not_applied"),
    ],
)
def test_a_shutter_that_cannot_be_applied_hides_nothing_and_is_told(make_film, chest, tags, flag):
    found = read(make_film(chest, **tags))
    assert found.image.shutter is None
    assert flag in found.flags


def test_padding_that_would_hide_the_whole_film_is_not_believed(make_film, chest):
    found = read(make_film(chest, PixelPaddingValue=0, PixelPaddingRangeLimit=4095))
    assert found.image.padding is None
    assert "bad_padding" in found.flags


def test_the_percentile_window_does_not_look_behind_the_shutter(make_film, chest):
    burnt = chest.copy()
    burnt[:, :9] = burnt[:, 80:] = 4095
    tags = {"ShutterShape": "RECTANGULAR", **EDGES}
    shown_part = chest[19:100, 9:80]
    window = read(make_film(burnt, **tags)).image.vois[-1]
    assert window.center + window.width / 2 <= shown_part.max()


@pytest.mark.parametrize(
    ("top", "bits", "told"), [(4095, 12, None), (1023, 12, 10), (2047, 12, None), (65535, 10, 16)]
)
def test_a_curve_whose_depth_is_written_wrong_is_read_by_its_points_and_told(
    make_film, chest, top, bits, told
):
    points = np.linspace(0, top, 4096).astype(np.uint16)
    found = read(make_film(chest, VOILUTSequence=[_lut(points, 0, bits)]))
    assert found.image.vois[0].lut_bits == (told or bits)
    assert ("lut_depth" in found.flags) is (told is not None)
    if told:
        assert f"the VOI LUT says {bits} bits, but reaches {top}; read as {told} bits" in (
            found.image.notes
        )
