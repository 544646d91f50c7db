"""Black and white exchanged on a chest film: named, never turned, never said of one shown right."""

import numpy as np
import pytest

from workbench.formats.readers.dicom_dr import DicomDr
from workbench.radiograph.polarity import LOOKS_INVERTED, chest_polarity


def read(path):
    return DicomDr().read({"film.dcm": path.read_bytes()})


def test_a_film_whose_label_contradicts_its_pixels_is_named_and_shown_as_it_says(shared):
    found = read(shared / "dr/derived/09_mono2_but_pixels_inverted.dcm")
    assert "looks_inverted" in found.flags
    assert found.image.invert is False
    assert "black and white look exchanged for a chest" in found.image.notes[-1]


@pytest.mark.parametrize(
    "name",
    [
        "derived/01_gb18030_mono2_12bit.dcm", "derived/07_mono1_inverse_consistent.dcm",
        "derived/08_mono1_identity_conflict.dcm", "derived/10_sigmoid.dcm",
        "derived/20_blank.dcm", "derived/22_rotated90.dcm", "derived/24_collimated_border.dcm",
        "nema_wg04/RG1_JLSN.dcm", "fo_dicom/CR-MONO1-10-chest.dcm",
    ],
)  # fmt: skip
def test_a_chest_whose_label_is_right_gets_no_such_word(shared, name):
    assert "looks_inverted" not in read(shared / "dr" / name).flags


def test_other_parts_and_side_views_are_not_asked(make_film, chest):
    film = np.full((256, 256), 2000, np.uint16)
    film[64:154, 51:97] = film[64:154, 159:205] = 3900  # lungs brighter than the rest
    tags = {"WindowCenter": 2048, "WindowWidth": 4096}
    flags = {
        (part, view): "looks_inverted"
        in DicomDr()
        .read({"f": make_film(film, BodyPartExamined=part, ViewPosition=view, **tags)})
        .flags
        for part in ("CHEST", "HAND")
        for view in ("PA", "LL")
    }
    assert [key for key, said in flags.items() if said] == [("CHEST", "PA")]


def test_real_chest_films_are_told_from_their_inversions(shared):
    films = np.load(shared / "dr/nih256/images.npz")["images"]
    scores = np.array([chest_polarity(film) for film in films])
    assert not np.any(scores <= LOOKS_INVERTED)
    assert np.mean(-scores <= LOOKS_INVERTED) > 0.88  # of 864 films, inverted
