"""Pixels come out as they went in, for every transfer syntax, or not at all."""

import hashlib
import json
import time
import tracemalloc
from io import BytesIO
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate, generate_frames

from workbench.domain.errors import BadImage, WorkbenchError
from workbench.formats.codestream import is_whole, stream_header
from workbench.formats.dicom_file import open_file
from workbench.formats.elements import Elements
from workbench.formats.pixels import DECODERS, NATIVE, decode

GOLDEN = Path(__file__).parents[1] / "golden" / "dr_stored.json"
J = "1.2.840.10008.1.2.4."
LOSSLESS = sorted(
    {*NATIVE, "1.2.840.10008.1.2.5", *(J + c for c in ("57", "70", "80", "90", "201", "202"))}
)
LOSSY = {J + "50": 3, J + "51": 30, J + "81": 2, J + "91": 40, J + "203": 0}


def stored(data):
    opened = open_file(data, pixels=True)
    return decode(Elements(opened.dataset), opened.syntax)


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_every_lossless_syntax_gives_back_every_pixel(make_film, chest, syntax):
    found = stored(make_film(chest, syntax))
    assert (found.bits, found.signed, found.flags) == (12, False, ())
    np.testing.assert_array_equal(found.values, chest)


@pytest.mark.parametrize(("syntax", "off"), LOSSY.items())
def test_every_lossy_syntax_stays_near_every_pixel(make_film, chest, syntax, off):
    values = (chest >> 4).astype(np.uint8) if syntax == J + "50" else chest
    found = stored(make_film(values, syntax, bits=8 if values.itemsize == 1 else 12))
    worst = np.abs(found.values.astype(int) - values.astype(int)).max()
    assert worst <= off


def test_every_syntax_of_the_table_is_tried_here():
    assert {*LOSSLESS, *LOSSY} == {*NATIVE, *DECODERS}


@pytest.mark.parametrize("syntax", [*sorted(NATIVE), "1.2.840.10008.1.2.5", J + "90", J + "201"])
def test_signed_pixels_keep_their_sign(make_film, chest, syntax):
    values = chest.astype(np.int16) - 2048
    found = stored(make_film(values, syntax))
    assert found.signed
    np.testing.assert_array_equal(found.values, values)


@pytest.mark.parametrize("syntax", [J + "57", J + "70", J + "80", J + "90", J + "201"])
def test_sixteen_full_bits_survive_compression(make_film, syntax):
    values = np.random.default_rng(3).integers(0, 65536, (40, 33)).astype(np.uint16)
    np.testing.assert_array_equal(stored(make_film(values, syntax, bits=16)).values, values)


def test_a_codestream_of_the_other_sign_is_read_as_the_header_says(make_film, chest):
    values = chest.astype(np.int16) - 2048
    twelve = (values.view(np.uint16) & 0x0FFF).astype(np.uint16)
    unsigned = imagecodecs.jpeg2k_encode(
        twelve, codecformat="j2k", reversible=True, bitspersample=12
    )
    found = stored(_framed(make_film, values, J + "90", unsigned))
    np.testing.assert_array_equal(found.values, values)


def _framed(make_film, values, syntax, frame):
    return make_film(values, syntax, PixelData=encapsulate([frame]))


def test_values_beyond_the_stored_bits_are_kept_and_told(make_film, chest):
    found = stored(make_film(chest, bits=10, BitsStored=10, HighBit=9))
    np.testing.assert_array_equal(found.values, chest)
    assert found.flags == ("bits_beyond_stored",)
    assert found.bits == 12
    assert "do not fit the 10 stored bits" in found.notes[0]


def test_an_overlay_in_the_unused_bits_is_taken_out(make_film, chest):
    with_overlay = chest | np.uint16(0x8000)
    data = make_film(with_overlay)
    assert stored(data).values.max() > 4095  # nothing says overlay: nothing is hidden
    ds = dcmread(BytesIO(data))
    ds.add_new(0x60000102, "US", 15)
    out = BytesIO()
    ds.save_as(out)
    found = stored(out.getvalue())
    np.testing.assert_array_equal(found.values, chest)
    assert "overlay" in found.notes[0]


@pytest.mark.parametrize("syntax", sorted({*LOSSLESS, *LOSSY} - {J + "50"}))
def test_truncated_pixels_are_refused_and_never_shown_in_part(make_film, chest, syntax):
    whole = make_film(chest, syntax)
    for cut in (0.35, 0.6, 0.9):
        with pytest.raises(WorkbenchError):
            stored(whole[: int(len(whole) * cut)])


@pytest.mark.parametrize("syntax", [J + "70", J + "80", J + "90", J + "51"])
def test_a_frame_that_ends_early_inside_a_whole_file_is_refused(make_film, chest, syntax):
    opened = open_file(make_film(chest, syntax), pixels=True)
    frame = next(generate_frames(opened.dataset.PixelData, number_of_frames=1))
    short = encapsulate([frame[: len(frame) // 2]])
    with pytest.raises(BadImage, match=r"truncated|cannot decode"):
        stored(make_film(chest, syntax, PixelData=short))


@pytest.mark.parametrize("syntax", [J + "70", J + "80", J + "90", "1.2.840.10008.1.2.5"])
def test_a_picture_of_another_size_than_the_header_is_refused(make_film, chest, syntax):
    with pytest.raises(BadImage, match=r"header says|segments|cannot decode"):
        stored(make_film(chest, syntax, Rows=100, Columns=90))


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({"Rows": 65535, "Columns": 65535}, "at most 64 megapixels"),
        ({"BitsAllocated": 32}, "bits per pixel"),
        ({"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0}, "bits per pixel"),
        ({"Rows": None}, "lacks Rows"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "palette"),
    ],
)
def test_a_header_no_film_can_have_is_refused_with_its_value(make_film, chest, tags, message):
    with pytest.raises(BadImage, match=message):
        stored(make_film(chest, **tags))


@pytest.mark.parametrize(("bits", "told"), [(1, True), (7, True), (8, False)])
def test_a_film_of_few_greys_is_shown_and_told(make_film, chest, bits, told):
    values = (chest >> (12 - bits)).astype(np.uint8)
    found = stored(make_film(values, bits=bits))
    np.testing.assert_array_equal(found.values, values)
    assert found.flags == (("few_bits",) if told else ())


def test_a_film_larger_than_any_detector_is_shown_and_told(make_film, chest, monkeypatch):
    monkeypatch.setattr("workbench.formats.pixels.LARGE", chest.size - 1)
    found = stored(make_film(chest))
    np.testing.assert_array_equal(found.values, chest)
    assert found.flags == ("large_film",)
    monkeypatch.setattr("workbench.formats.pixels.LARGE", chest.size)
    assert stored(make_film(chest)).flags == ()


@pytest.mark.parametrize(
    "syntax", ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5", J + "70", J + "90"]
)
def test_of_several_frames_the_first_is_shown_and_that_is_told(make_film, chest, syntax):
    frames = [chest, chest[::-1].copy(), chest // 2]
    if syntax in NATIVE:
        data = b"".join(frame.tobytes() for frame in frames)
    else:
        files = (open_file(make_film(frame, syntax), pixels=True).dataset for frame in frames)
        data = encapsulate([next(generate_frames(f.PixelData, number_of_frames=1)) for f in files])
    found = stored(make_film(chest, syntax, NumberOfFrames=3, PixelData=data))
    np.testing.assert_array_equal(found.values, chest)
    assert found.flags == ("several_frames",)
    assert found.notes == ("the file holds 3 frames; the first is shown",)


def test_an_unknown_transfer_syntax_is_refused_by_name(make_film, chest):
    opened = open_file(make_film(chest), pixels=True)
    with pytest.raises(BadImage, match=r"1\.2\.3\.9.*known"):
        decode(Elements(opened.dataset), "1.2.3.9")


def test_a_grey_picture_in_a_colour_file_is_read_as_grey(make_film, chest):
    eight = (chest >> 4).astype(np.uint8)
    rgb = np.stack([eight] * 3, axis=2)
    data = make_film(
        eight, bits=8, SamplesPerPixel=3, PlanarConfiguration=0,
        PhotometricInterpretation="RGB", PixelData=rgb.tobytes(),
    )  # fmt: skip
    np.testing.assert_array_equal(stored(data).values, eight)


def test_real_films_match_another_program_bit_for_bit(shared):
    golden = json.loads(GOLDEN.read_text("utf-8"))
    for name, digest in golden["exact"].items():
        values = stored((shared / "dr" / name).read_bytes()).values
        assert hashlib.sha256(values.astype("<u2").tobytes()).hexdigest() == digest, name


def test_real_lossy_films_match_another_program_within_rounding(shared):
    golden = json.loads(GOLDEN.read_text("utf-8"))
    for name, of in golden["lossy"].items():
        values = stored((shared / "dr" / name).read_bytes()).values.astype(int)
        rows, columns = (np.linspace(0, n - 1, 24).astype(int) for n in values.shape)
        off = np.abs(values[np.ix_(rows, columns)] - np.array(of["grid"]))
        assert off.max() <= 2, name
        assert abs(values.mean() - of["mean"]) < 0.05, name


@pytest.mark.parametrize("film", ["RG2", "RG3"])
def test_one_film_in_four_lossless_codings_is_one_film(shared, film):
    folder = shared / "dr" / "nema_wg04"
    first, *others = (
        stored((folder / f"{film}_{c}.dcm").read_bytes()).values
        for c in ("RLE", "JPLL", "JLSL", "J2KR")
    )
    for other in others:
        np.testing.assert_array_equal(other, first)


def test_frame_headers_tell_size_and_depth(chest):
    jpeg = imagecodecs.jpeg8_encode(chest, lossless=True, predictor=1, bitspersample=12)
    head = stream_header(jpeg)
    assert (head.rows, head.columns, head.bits, head.components) == (120, 90, 12, 1)
    assert is_whole(jpeg)
    assert is_whole(jpeg + b"\0")
    assert not is_whole(jpeg[:-200])
    with pytest.raises(BadImage, match="no frame header"):
        stream_header(b"\xff\xd8\xff\xd9")


@pytest.mark.parametrize("syntax", [J + "80", J + "90", J + "201"])
def test_half_a_frame_with_a_forged_end_is_refused(make_film, chest, syntax):
    opened = open_file(make_film(chest, syntax), pixels=True)
    frame = next(generate_frames(opened.dataset.PixelData, number_of_frames=1))
    forged = encapsulate([frame[: len(frame) // 4 * 2] + b"\xff\xd9"])
    with pytest.raises(BadImage, match="cannot decode"):
        stored(make_film(chest, syntax, PixelData=forged))


def test_the_header_of_a_large_film_is_read_without_its_pixels(make_film):
    data = make_film(np.zeros((3000, 2900), np.uint16))
    best = min(_seconds(data) for _ in range(5))
    assert best < 0.1  # 20 ms on a quiet machine; five times that under load


def _seconds(data):
    began = time.perf_counter()
    open_file(data, pixels=False)
    return time.perf_counter() - began


def test_an_rle_frame_that_unpacks_to_a_bomb_is_refused_before_it_fills_the_memory(
    make_film, chest
):
    header = np.zeros(16, "<u4")
    header[:3] = (2, 64, 64 + 2_000_000)
    bomb = header.tobytes() + bytes([129, 0]) * 2_000_000  # 256 MB unpacked
    tracemalloc.start()
    with pytest.raises(BadImage):
        stored(_framed(make_film, chest, "1.2.840.10008.1.2.5", bomb))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64_000_000
