"""Greys by table: equal to the formulas of the standard, monotone, and quick."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_windowing

from workbench.domain.image import Voi, VoiKind
from workbench.radiograph.grey import covers, percentile_voi, to_grey8

WINDOWS = st.builds(
    Voi,
    kind=st.sampled_from([VoiKind.LINEAR, VoiKind.LINEAR_EXACT, VoiKind.SIGMOID]),
    center=st.floats(-2000, 5000),
    width=st.floats(1, 9000),
)


@given(WINDOWS)
def test_every_window_equals_the_formula_of_another_library(voi):
    values = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    ds = Dataset()
    ds.PhotometricInterpretation, ds.BitsStored, ds.PixelRepresentation = "MONOCHROME2", 12, 0
    ds.WindowCenter, ds.WindowWidth = f"{voi.center:.6g}", f"{voi.width:.6g}"
    ds.VOILUTFunction = voi.kind.value
    own = Voi(voi.kind, float(ds.WindowCenter), max(float(ds.WindowWidth), 1.0))
    with np.errstate(over="ignore"):  # their exponential overflows to the right limit
        theirs = apply_windowing(values, ds) / 4095.0 * 255.0
    assert np.abs(to_grey8(values, own) - theirs).max() <= 1.0


@given(WINDOWS, st.booleans())
def test_a_higher_value_is_never_shown_on_the_wrong_side(voi, invert):
    values = np.sort(np.random.default_rng(1).integers(0, 65536, 512).astype(np.uint16))
    steps = np.diff(to_grey8(values.reshape(16, 32), voi, invert=invert).reshape(-1).astype(int))
    assert (steps <= 0).all() if invert else (steps >= 0).all()


@given(WINDOWS)
def test_inverting_turns_white_into_black_and_nothing_else(voi):
    values = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    upright, turned = to_grey8(values, voi), to_grey8(values, voi, invert=True)
    assert np.abs(upright.astype(int) + turned - 255).max() <= 1


def test_signed_values_use_their_sign():
    values = np.array([[-1000, 0], [500, 1000]], np.int16)
    grey = to_grey8(values, Voi(VoiKind.LINEAR_EXACT, 0, 2000))
    np.testing.assert_array_equal(grey, [[0, 128], [191, 255]])


def test_a_curve_holds_its_ends_beyond_its_points():
    voi = Voi(VoiKind.LUT, 0, 3, lut=np.array([0, 100, 255], np.uint16), lut_first=10, lut_bits=8)
    values = np.array([[0, 10, 11], [12, 13, 9000]], np.uint16)
    np.testing.assert_array_equal(to_grey8(values, voi), [[0, 0, 100], [255, 255, 255]])


@pytest.mark.parametrize("width", [0.0, 0.5, -4.0, float("nan")])
def test_an_impossible_window_is_refused_with_its_width(width):
    with pytest.raises(ValueError, match="window width"):
        to_grey8(np.zeros((2, 2), np.uint16), Voi(VoiKind.LINEAR, 100, width))


def test_a_percentile_window_leaves_padding_out():
    values = np.full((100, 100), 9, np.uint16)
    values[50:] = np.linspace(1000, 3000, 5000).astype(np.uint16).reshape(50, 100)
    voi = percentile_voi(values, padding=(9, 9))
    assert voi.center == pytest.approx(2000, abs=5)
    assert voi.width == pytest.approx(1980, abs=5)


def test_a_window_beside_all_values_covers_nothing():
    values = np.array([[100, 200], [300, 400]], np.uint16)
    assert covers(values, Voi(VoiKind.LINEAR, 250, 300))
    assert not covers(values, Voi(VoiKind.LINEAR, 5000, 300))


def test_nine_megapixels_take_a_fraction_of_a_second():
    values = np.random.default_rng(0).integers(0, 4096, (3000, 3000)).astype(np.uint16)
    voi = Voi(VoiKind.LINEAR, 2048, 4096)
    best = 9.0
    for _ in range(3):
        began = time.perf_counter()
        to_grey8(values, voi)
        best = min(best, time.perf_counter() - began)
    assert best < 0.4  # 35 to 65 ms on a quiet machine
