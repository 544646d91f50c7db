"""Parts, sides and sizes of pixels as they are written come back as what they mean."""

import shutil
import subprocess
from io import BytesIO

import pytest
from pydicom import dcmread

from tests.part_films import WAYS, made
from workbench.domain.errors import Invalid
from workbench.domain.image import SpacingKind
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.formats.writers.dx_view import DxScale, DxView
from workbench.phantoms.part_films import PARTS

KINDS = {
    "calibrated": SpacingKind.CALIBRATED,
    "detector": SpacingKind.DETECTOR,
    "magnified": SpacingKind.CALIBRATED,
    "none": SpacingKind.UNKNOWN,
    "said nothing": SpacingKind.UNKNOWN,
}


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("size", [(0.4, 0.4), (0.3, 0.5)])
def test_every_way_of_telling_the_size_of_a_pixel_is_read_as_what_it_means(way, size):
    one = made("hand", way, row_mm=size[0], column_mm=size[1])
    image = DicomDr().read({"f": one.data}).image
    assert image.spacing.kind is KINDS[way]
    if one.unit == "px":
        return
    assert (image.spacing.row_mm, image.spacing.column_mm) == pytest.approx(one.pixel_mm, rel=1e-6)
    truth = one.film.lengths_mm["metacarpal"]
    factor = WAYS[way].magnification if way == "detector" else 1.0
    assert one.expected("metacarpal") == pytest.approx(truth * factor, abs=1e-3)


@pytest.mark.parametrize("name", sorted(PARTS))
def test_part_view_side_and_orientation_come_back(name):
    one = PARTS[name]
    back = dcmread(BytesIO(made(name, "detector", row_mm=0.5, column_mm=0.5).data))
    assert (back.BodyPartExamined, back.ViewPosition, back.ImageLaterality) == (
        one.part, one.view, one.laterality,
    )  # fmt: skip
    assert tuple(back.PatientOrientation) == one.orientation
    header = DicomDr().read_header({"f": made(name, "detector", row_mm=0.5, column_mm=0.5).data})
    assert header.header.body_part == one.part


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        (DxView, {"part": "TAIL"}, "body part"),
        (DxView, {"view": "UP"}, "view"),
        (DxView, {"laterality": "LEFT"}, "laterality"),
        (DxScale, {"imager": (0.1, 0.0)}, "pixel spacing"),
        (DxScale, {"magnification": 0.5}, "magnification"),
    ],
)
def test_what_no_film_can_be_is_refused_by_name(kind, given, words):
    with pytest.raises(Invalid, match=words):
        kind(**given)


@pytest.mark.skipif(shutil.which("dcmdump") is None, reason="dcmtk is not installed")
def test_dcmtk_reads_the_sizes_without_a_complaint(tmp_path):
    path = tmp_path / "film.dcm"
    path.write_bytes(made("hand", "magnified", row_mm=0.3, column_mm=0.5).data)
    run = subprocess.run(["dcmdump", str(path)], capture_output=True, check=True, timeout=60)
    text = run.stdout.decode("latin-1")
    assert not run.stderr
    assert "[0.3\\0.5]" in text
    assert "EstimatedRadiographicMagnificationFactor" in text
    assert "(0028,0030)" not in text
