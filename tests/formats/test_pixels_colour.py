"""Colour files: the greys of the luminance, whatever the labels say, or none at all."""

import imagecodecs
import jpeg_ls
import numpy as np
import pytest
from pydicom.encaps import encapsulate

from workbench.domain.errors import BadImage
from workbench.formats.codestream import stream_colour
from workbench.formats.dicom_file import open_file
from workbench.formats.elements import Elements
from workbench.formats.pixels import decode

J = "1.2.840.10008.1.2.4."
RLE = "1.2.840.10008.1.2.5"
LUMA = np.array([0.299, 0.587, 0.114])


@pytest.fixture(scope="module")
def rgb():
    """Smooth fields of clearly different colours, 40 x 64."""
    y, x = np.mgrid[0:40, 0:64]
    return np.stack([x * 3 + 40, 220 - y * 4, (x + y) * 2], axis=2).astype(np.uint8)


@pytest.fixture(scope="module")
def ybr(rgb):
    """PS3.3 C.7.6.3.1.2, the equations of YBR_FULL."""
    r, g, b = np.moveaxis(rgb.astype(float), 2, 0)
    y = 0.299 * r + 0.587 * g + 0.114 * b
    cb = -0.1687 * r - 0.3313 * g + 0.5 * b + 128
    cr = 0.5 * r - 0.4187 * g - 0.0813 * b + 128
    return np.rint(np.stack([y, cb, cr], axis=2)).clip(0, 255).astype(np.uint8)


def stored(data):
    opened = open_file(data, pixels=True)
    return decode(Elements(opened.dataset), opened.syntax)


def colour(make_film, picture, label, planar=0, syntax="1.2.840.10008.1.2.1", frame=None, **tags):
    data = np.moveaxis(picture, 2, 0).tobytes() if planar else picture.tobytes()
    if frame is not None:
        data = encapsulate([frame])
    tags = {
        "SamplesPerPixel": 3, "PlanarConfiguration": planar, "PhotometricInterpretation": label,
        "PixelData": data,
    } | tags  # fmt: skip
    return make_film(np.ascontiguousarray(picture[..., 0]), syntax, bits=8, **tags)


def is_luma(found, rgb, off=1):
    wanted = rgb.astype(float) @ LUMA
    assert np.abs(found.values.astype(float) - wanted).max() <= off
    assert "colour_picture" in found.flags
    assert any("luminance" in note for note in found.notes)


@pytest.mark.parametrize("planar", [0, 1])
def test_uncompressed_rgb_and_ybr_give_their_luminance(make_film, rgb, ybr, planar):
    is_luma(stored(colour(make_film, rgb, "RGB", planar)), rgb)
    is_luma(stored(colour(make_film, ybr, "YBR_FULL", planar)), rgb)


def test_uncompressed_ybr_with_halved_colour_gives_its_luminance(make_film, rgb, ybr):
    pairs = np.stack([ybr[:, 0::2, 0], ybr[:, 1::2, 0], ybr[:, 0::2, 1], ybr[:, 0::2, 2]], axis=2)
    data = colour(make_film, ybr, "YBR_FULL_422", PixelData=pairs.tobytes())
    is_luma(stored(data), rgb)
    short = colour(make_film, ybr, "YBR_FULL_422", PixelData=pairs.tobytes()[:-4])
    with pytest.raises(BadImage, match="truncated"):
        stored(short)


@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("label", ["YBR_FULL_422", "YBR_FULL"])
def test_jpeg_gives_its_luminance_whatever_the_plane_order_says(make_film, rgb, label, planar):
    frame = imagecodecs.jpeg8_encode(rgb, level=98)
    is_luma(stored(colour(make_film, rgb, label, planar, J + "50", frame)), rgb, off=4)


def test_a_jpeg_that_contradicts_its_label_is_believed_and_told(make_film, rgb):
    frame = imagecodecs.jpeg8_encode(rgb, level=98)  # JFIF: YBR
    found = stored(colour(make_film, rgb, "RGB", 0, J + "50", frame))
    is_luma(found, rgb, off=4)
    assert "photometric_conflict" in found.flags
    plain = imagecodecs.jpeg8_encode(rgb, level=98, colorspace="RGB", outcolorspace="RGB")
    assert stream_colour(plain) == "RGB"
    found = stored(colour(make_film, rgb, "YBR_FULL_422", 0, J + "50", plain))
    is_luma(found, rgb, off=4)
    assert "photometric_conflict" in found.flags


@pytest.mark.parametrize("syntax", [J + "57", J + "70"])
def test_lossless_jpeg_in_colour_gives_its_luminance(make_film, rgb, syntax):
    frame = imagecodecs.jpeg8_encode(rgb, lossless=True, predictor=1)
    is_luma(stored(colour(make_film, rgb, "RGB", 0, syntax, frame)), rgb)


@pytest.mark.parametrize("interleave", [0, 1, 2])
@pytest.mark.parametrize("planar", [0, 1])
def test_jpeg_ls_in_colour_gives_its_luminance(make_film, rgb, interleave, planar):
    raw = rgb if interleave else np.moveaxis(rgb, 2, 0)
    rows, columns = rgb.shape[:2]
    frame = bytes(
        jpeg_ls.encode_buffer(raw.tobytes(), rows, columns, 3, 8, interleave_mode=interleave)
    )
    is_luma(stored(colour(make_film, rgb, "RGB", planar, J + "80", frame)), rgb)


@pytest.mark.parametrize("label", ["RGB", "YBR_RCT"])
def test_jpeg_2000_in_colour_gives_its_luminance(make_film, rgb, label):
    frame = imagecodecs.jpeg2k_encode(rgb, level=0, codecformat="j2k", reversible=True, mct=True)
    found = stored(colour(make_film, rgb, label, 0, J + "90", frame))
    is_luma(found, rgb)
    assert "photometric_conflict" not in found.flags


def test_jpeg_2000_without_its_transform_is_read_by_the_label(make_film, rgb, ybr):
    frame = imagecodecs.jpeg2k_encode(ybr, level=0, codecformat="j2k", reversible=True, mct=False)
    is_luma(stored(colour(make_film, ybr, "YBR_FULL", 0, J + "90", frame)), rgb)


@pytest.mark.parametrize("planar", [0, 1])
def test_rle_in_colour_gives_its_luminance(make_film, rgb, ybr, planar):
    for picture, label in ((rgb, "RGB"), (ybr, "YBR_FULL")):
        planes = [imagecodecs.packbits_encode(picture[..., k].tobytes()) for k in range(3)]
        header = np.zeros(16, "<u4")
        header[0] = 3
        header[1:4] = 64 + np.cumsum([0, *map(len, planes[:2])])
        frame = header.tobytes() + b"".join(planes)
        is_luma(stored(colour(make_film, picture, label, planar, RLE, frame)), rgb)


def test_a_grey_picture_in_ybr_is_grey_and_not_called_colour(make_film, ybr):
    grey = ybr.copy()
    grey[..., 1:] = 128
    found = stored(colour(make_film, grey, "YBR_FULL"))
    np.testing.assert_array_equal(found.values, grey[..., 0])
    assert found.flags == ()
    assert found.notes == ("a colour file holding a grey picture",)


@pytest.mark.parametrize("label", ["MONOCHROME2", "CMYK", "YBR_PARTIAL_420", ""])
def test_three_channels_nobody_can_name_are_refused_with_the_label(make_film, rgb, label):
    with pytest.raises(BadImage, match="3 samples per pixel labelled"):
        stored(colour(make_film, rgb, label))


@pytest.mark.parametrize("samples", [2, 4])
def test_other_numbers_of_samples_are_refused_by_their_number(make_film, rgb, samples):
    with pytest.raises(BadImage, match=f"{samples} samples per pixel"):
        stored(colour(make_film, rgb, "RGB", SamplesPerPixel=samples))


def test_one_sample_under_a_colour_label_is_told_or_refused(make_film, rgb, chest):
    found = stored(make_film(chest, PhotometricInterpretation="RGB"))
    np.testing.assert_array_equal(found.values, chest)
    assert found.flags == ("photometric_conflict",)
    with pytest.raises(BadImage, match="one sample per pixel, but labelled RGB"):
        stored(colour(make_film, rgb, "RGB", SamplesPerPixel=1))
