"""A picture of an ECG is kept as one when a person says what it shows; it never becomes a trace."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from workbench.domain.errors import BadImage, Unreadable
from workbench.domain.kinds import ExamKind
from workbench.formats import sniff
from workbench.formats.picture_kind import marked
from workbench.formats.readers.ecg_picture import EcgPicture

RED = np.full((40, 60, 3), (250, 10, 10), np.uint8)


def plain(kind="PNG", colours=RED, **given):
    out = BytesIO()
    Image.fromarray(colours).save(out, kind, **given)
    return out.getvalue()


def pdf(pages=2):
    out = BytesIO()
    leaves = [Image.fromarray(RED) for _ in range(pages)]
    leaves[0].save(out, "PDF", save_all=True, append_images=leaves[1:], resolution=72)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"), [("a.ecg.png", plain()), ("A.ECG.JPG", plain("JPEG")), ("a.ecg.pdf", pdf())]
)
def test_what_a_person_called_an_ecg_is_kept_as_a_picture(name, data):
    received = sniff.read({name: data})
    assert (received.kind, received.reader) == (ExamKind.ECG, "ecg_picture")
    assert received.trace is None
    assert received.image is None
    assert "cannot be measured" in received.reason
    assert "picture_only" in received.flags
    middle = received.picture.colours[received.picture.colours.shape[0] // 2, 20]
    assert middle[0] > 200
    assert middle[1] < 60


@pytest.mark.parametrize("name", ["a.png", "ecg.png", "a.ecgs.png"])
def test_a_plain_picture_does_not_say_what_it_shows(name):
    for act in (sniff.read_header, sniff.read):
        with pytest.raises(Unreadable, match="does not say what it shows") as caught:
            act({name: plain()})
        assert caught.value.reason == "kind_unknown"


def test_only_the_first_page_is_drawn_and_the_others_are_told_of():
    received = sniff.read({"a.ecg.pdf": pdf(3)})
    assert received.picture.pages == 3
    assert any("further pages" in note for note in received.notes)


def test_a_picture_taken_with_the_phone_on_its_side_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    data = plain("JPEG", exif=exif)
    assert sniff.read({"a.ecg.jpg": data}).picture.colours.shape == (60, 40, 3)


def test_a_large_picture_is_drawn_smaller():
    data = plain("PNG", np.zeros((4000, 200, 3), np.uint8))
    assert sniff.read({"a.ecg.png": data}).picture.colours.shape == (3000, 150, 3)


@pytest.mark.parametrize("data", [plain()[:90], plain("JPEG")[:150], pdf()[:300], b"%PDF-1.4 x"])
def test_a_broken_picture_is_refused_by_our_own_error(data):
    with pytest.raises(BadImage):
        sniff.read({"a.ecg.bin": data})


def test_only_plain_pictures_are_renamed():
    assert marked("x/a.png", plain()) == "x/a.ecg.png"
    assert marked("a.ecg.png", plain()) == "a.ecg.png"
    assert marked("a.dcm", b"\0" * 128 + b"DICM") == "a.dcm"


def test_a_film_in_dicom_is_never_claimed(make_film, chest):
    assert not EcgPicture().claims(
        {"film.ecg.dcm": make_film(chest[:40, :40], "1.2.840.10008.1.2.1")}
    )
