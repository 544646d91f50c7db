"""Key images, marks and measurements as DICOM: valid by other programs, the same when reread."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pytest
from highdicom.sr import ComprehensiveSR
from pydicom import dcmread

from tests import make
from workbench.domain.errors import Invalid, Unreadable
from workbench.domain.mark import POINTS, Calibration, Mark, Tool
from workbench.formats import display_copy, mark_files, sniff
from workbench.formats.writers.key_object import key_object
from workbench.formats.writers.mark_parts import Origin, film_source
from workbench.formats.writers.measurements import measurements
from workbench.formats.writers.presentation import presentation
from workbench.language import translator
from workbench.radiograph.measures import placed

ZH = translator("zh_CN")
ORIGIN = Origin(
    report_id="r1", version=1, author="李医生", institution="县人民医院",
    signed_at=datetime(2026, 11, 22, 11, 0, tzinfo=UTC),
)  # fmt: skip
DRAWN = {
    Tool.LENGTH: ((10.25, 12.5), (60.125, 70.0)),
    Tool.ANGLE: ((10, 10), (40, 40), (70, 12)),
    Tool.COBB: ((5, 5), (60, 11), (8, 80), (55, 70)),
    Tool.BIDIRECTIONAL: ((10, 10), (40, 40), (20, 35), (30, 20)),
    Tool.RECTANGLE: ((10, 10), (30.5, 10), (10, 40), (30.5, 40)),
    Tool.ELLIPSE: ((20, 40), (20, 10), (10, 25), (30, 25)),
    Tool.ARROW: ((-0.5, -0.5), (79.5, 95.5)),
    Tool.CTR: ((20, 50), (40, 52), (10, 60), (60, 61)),
    Tool.LIMB: ((30, 2), (33, 50), (31, 94)),
}
assert {tool: len(points) for tool, points in DRAWN.items()} == dict(POINTS)


def read(data):
    return display_copy.film_meta(sniff.read({"a.dcm": data}, None).image)


def marks_on(meta):
    spacing = {k: meta["spacing"].get(k) for k in ("kind", "row_mm", "column_mm")}
    drawn = [
        Mark(uid=f"u-{t}", tool=t, points=p, text="结节?" if t is Tool.ARROW else "")
        for t, p in DRAWN.items()
    ]
    return placed(drawn, Calibration(**spacing))


def made(data, origin=ORIGIN):
    """Key object, presentation state and measurements of one film, with the marks they hold."""
    meta, film = read(data), film_source("i1", data)
    marks = marks_on(meta)
    return marks, {
        "key": key_object([film], origin)[1],
        "presentation": presentation(film, marks, meta, origin, 1, ZH)[1],
        "measurements": measurements([(film, marks)], origin)[1],
    }


def program(name, package):
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed ({package})")
    return found


def said_by(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


FILMS = {
    "gb18030": make.make_film(),
    "mono1": make.make_film(photometric="MONOCHROME1", name="WANG^XIULAN"),
    "one name": make.make_film(name="王秀兰"),
    "nameless": make.make_film(name="", accession="A1"),
}


@pytest.mark.parametrize("film", FILMS)
@pytest.mark.parametrize("kind", ["key", "presentation", "measurements"])
def test_dciodvfy_finds_no_error(film, kind, tmp_path):
    path = tmp_path / "object.dcm"
    path.write_bytes(made(FILMS[film])[1][kind])
    _, said = said_by([program("dciodvfy", "dicom3tools"), str(path)])
    assert [line for line in said.splitlines() if line.startswith(("Error", "Abort"))] == []
    assert re.search(
        "KeyObjectSelectionDocument|GrayscaleSoftcopyPresentationState|Comprehen", said
    )


def test_dciodvfy_would_have_found_one(tmp_path):
    path = tmp_path / "object.dcm"
    ds = dcmread(BytesIO(made(FILMS["gb18030"])[1]["measurements"]))
    del ds.CompletionFlag
    ds.save_as(path)
    _, said = said_by([program("dciodvfy", "dicom3tools"), str(path)])
    assert "Error - Missing attribute" in said


def test_dsrdump_reads_every_number_with_its_unit_and_method(tmp_path):
    marks, objects = made(FILMS["gb18030"])
    path = tmp_path / "sr.dcm"
    path.write_bytes(objects["measurements"])
    code, said = said_by([program("dsrdump", "dcmtk"), str(path)])
    assert code == 0, said
    [length] = marks[0].values
    assert f'"Length")="{length.value:.9g}" (mm,UCUM,"mm")' in said
    assert '(DETECTOR,99CRW,"In the detector plane")' in said
    assert "Verifying Observers : 2026-11-22 11:00:00 +00:00, 李医生^, 县人民医院" in said
    assert "Preliminary Flag    : FINAL" in said
    assert said.count("contains NUM:") == sum(len(m.values) for m in marks)


def test_dsrdump_reads_the_key_images(tmp_path):
    path = tmp_path / "ko.dcm"
    path.write_bytes(made(FILMS["gb18030"])[1]["key"])
    code, said = said_by([program("dsrdump", "dcmtk"), str(path)])
    assert code == 0, said
    assert '<CONTAINER:(,,"Of Interest")' in said
    assert "<contains IMAGE:" in said


def test_dcmpschk_accepts_the_presentation_state(tmp_path):
    # its checker of texts knows no UTF-8, so everything is ASCII here
    meta, film = read(FILMS["mono1"]), film_source("i1", FILMS["mono1"])
    origin = Origin(
        report_id="r1", version=1, author="LI^M", institution="COUNTY", signed_at=ORIGIN.signed_at
    )
    marks = [m for m in marks_on(meta) if m.tool is not Tool.ARROW]
    path = tmp_path / "pr.dcm"
    path.write_bytes(presentation(film, marks, meta, origin, 1, translator("en"))[1])
    _, said = said_by([program("dcmpschk", "dcmtk"), str(path)])
    assert "Test passed" in said, said
    assert "E:" not in said


@pytest.mark.parametrize("film", ["gb18030", "mono1"])
def test_dcmp2pgm_draws_the_film_in_the_greys_the_reader_had(film, tmp_path):
    data = FILMS[film]
    image, out = tmp_path / "film.dcm", tmp_path / "out.pgm"
    (tmp_path / "pr.dcm").write_bytes(made(data)[1]["presentation"])
    image.write_bytes(data)
    tool = program("dcmp2pgm", "dcmtk")
    code, said = said_by([tool, "-p", str(tmp_path / "pr.dcm"), str(image), str(out)])
    assert code == 0, said
    grey = np.frombuffer(out.read_bytes()[-96 * 80 :], np.uint8).reshape(96, 80)
    ours = display_copy.film_grey8(sniff.read({"a": data}, None).image)
    assert np.abs(grey.astype(int) - ours).max() <= 1


def test_reread_marks_have_the_same_points_and_millimetres():
    marks, objects = made(FILMS["gb18030"])
    drawn = mark_files.drawn(objects["presentation"])
    [counted] = mark_files.measured(objects["measurements"])
    assert drawn.film_uid == counted.film_uid == "1.2.3.1"
    assert mark_files.key_films(objects["key"]) == ("1.2.3.1",)
    assert [(m.tool, m.uid) for m in drawn.marks] == [(m.tool, m.uid) for m in marks]
    seen = {m.uid: m for m in counted.marks}
    for mark, again in zip(marks, drawn.marks, strict=True):
        same_points(mark, again)
        if not mark.values:
            assert mark.uid not in seen
            continue
        same_points(mark, seen[mark.uid])
        for value, other in zip(mark.values, seen[mark.uid].values, strict=True):
            assert (value.name, value.unit) == (other.name, other.unit)
            assert other.value == pytest.approx(value.value, abs=1e-5)
    again = placed(drawn.marks, marks[0].calibration)
    for mark, other in zip(marks, again, strict=True):
        assert [v.value for v in other.values] == pytest.approx(
            [v.value for v in mark.values], abs=0.01
        )


def same_points(one, other):
    order = sorted if one.tool in (Tool.RECTANGLE, Tool.ELLIPSE) else list
    for a, b in zip(order(one.points), order(other.points), strict=True):
        assert a == pytest.approx(b, abs=1e-3)


def test_points_are_counted_from_the_corner_of_the_first_pixel_as_dicom_does():
    marks, objects = made(FILMS["gb18030"])
    assert marks[0].points == ((10.25, 12.5), (60.125, 70.0))
    corner = [10.75, 13.0, 60.625, 70.5]
    [drawn] = dcmread(BytesIO(objects["presentation"])).GraphicAnnotationSequence
    assert drawn.GraphicObjectSequence[0].GraphicData == corner
    report = ComprehensiveSR.from_dataset(dcmread(BytesIO(objects["measurements"])))
    [group] = report.content.get_image_measurement_groups(
        tracking_uid=ORIGIN.uid("mark", "u-Length")
    )
    [length] = group.get_measurements()
    [place] = length.referenced_coordinates
    assert place.value.ravel().tolist() == corner


@pytest.mark.parametrize("name", ["RG1_JLSN", "RG2_JPLL", "RG3_JPLL", "MG1_JPLY"])
def test_objects_about_real_films_are_valid_too(name, shared, tmp_path):
    [path] = (shared / "dr" / "nema_wg04").rglob(f"{name}*")
    for kind, data in made(path.read_bytes())[1].items():
        out = tmp_path / f"{kind}.dcm"
        out.write_bytes(data)
        _, said = said_by([program("dciodvfy", "dicom3tools"), str(out)])
        assert [line for line in said.splitlines() if line.startswith(("Error", "Abort"))] == []


def test_a_film_without_known_spacing_says_pixels_and_no_millimetre(tmp_path):
    ds = dcmread(BytesIO(FILMS["gb18030"]))
    del ds.ImagerPixelSpacing
    del ds.PixelSpacing
    ds.save_as(tmp_path / "a.dcm")
    marks, objects = made((tmp_path / "a.dcm").read_bytes())
    assert marks[0].values[0].unit == "px"
    [counted] = mark_files.measured(objects["measurements"])
    assert {v.unit for m in counted.marks for v in m.values} == {"px", "px2", "deg", "1"}
    ds = dcmread(BytesIO(objects["presentation"]))
    texts = [t.UnformattedTextValue for t in ds.GraphicAnnotationSequence[0].TextObjectSequence]
    assert not [t for t in texts if "mm" in t]


def test_numbers_stand_beside_their_marks_in_chinese_with_what_they_mean():
    ds = dcmread(BytesIO(made(FILMS["gb18030"])[1]["presentation"]))
    said = [t.UnformattedTextValue for t in ds.GraphicAnnotationSequence[0].TextObjectSequence]
    plane = "（探测器平面）"
    assert said[0] == f"长度 10.9 mm{plane}"
    assert "结节?" in said
    assert f"面积 13 mm²{plane}\r\n宽 2.9 mm{plane}\r\n高 4.3 mm{plane}" in said
    assert "心胸比 0.40" in "".join(said)


def test_patient_and_study_are_those_of_the_film_itself():
    film = dcmread(BytesIO(FILMS["gb18030"]))
    for data in made(FILMS["gb18030"])[1].values():
        ds = dcmread(BytesIO(data))
        assert ds.SpecificCharacterSet == "ISO_IR 192"
        for name in ("PatientName", "PatientID", "PatientSex", "PatientBirthDate",
                     "StudyInstanceUID", "StudyDate", "AccessionNumber"):  # fmt: skip
            assert str(ds[name].value) == str(film[name].value)
        assert ds.SeriesInstanceUID != film.SeriesInstanceUID


def test_made_again_they_are_the_same_bytes():
    assert made(FILMS["gb18030"])[1] == made(FILMS["gb18030"])[1]


def test_the_shape_of_pixels_that_are_not_square_travels(tmp_path):
    ds = dcmread(BytesIO(FILMS["gb18030"]))
    ds.ImagerPixelSpacing = ds.PixelSpacing = [0.2, 0.1]
    ds.save_as(tmp_path / "a.dcm")
    marks, objects = made((tmp_path / "a.dcm").read_bytes())
    area = dcmread(BytesIO(objects["presentation"])).DisplayedAreaSelectionSequence[0]
    assert area.PresentationPixelSpacing == [0.2, 0.1]
    assert "PresentationPixelAspectRatio" not in area
    [counted] = mark_files.measured(objects["measurements"])
    assert counted.marks[0].values[0].value == pytest.approx(
        np.hypot(49.875 * 0.1, 57.5 * 0.2), abs=1e-6
    )
    assert marks[0].values[0].unit == "mm-detector"


def test_a_film_that_cannot_be_referred_to_is_named(tmp_path):
    ds = dcmread(BytesIO(FILMS["gb18030"]))
    del ds.SeriesInstanceUID
    ds.save_as(tmp_path / "a.dcm")
    with pytest.raises(Unreadable, match="SeriesInstanceUID missing or illegal"):
        film_source("i1", (tmp_path / "a.dcm").read_bytes())


def test_nothing_makes_no_object():
    film, meta = film_source("i1", FILMS["gb18030"]), read(FILMS["gb18030"])
    arrow = [m for m in marks_on(meta) if m.tool is Tool.ARROW]
    with pytest.raises(Invalid):
        key_object([], ORIGIN)
    with pytest.raises(Invalid):
        presentation(film, [], meta, ORIGIN, 1, ZH)
    with pytest.raises(Invalid):
        measurements([(film, arrow)], ORIGIN)


def test_objects_of_others_are_refused_by_name():
    objects = made(FILMS["gb18030"])[1]
    for read_back, foreign in (
        (mark_files.drawn, objects["key"]),
        (mark_files.measured, objects["presentation"]),
        (mark_files.key_films, FILMS["gb18030"]),
    ):
        with pytest.raises(Unreadable, match=r"expected 1\.2\.840"):
            read_back(foreign)
