"""`workbench screen`: the contract other programs rely on, on any bytes, without any home."""

import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from tests import make
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.phantoms.ecg import Rhythm
from workbench.radiograph.grey import to_grey8

SAMPLES = Path(__file__).parents[2] / "data_samples"
PAIR = SAMPLES / "ecg-tachycardia.hea"
CHEST = SAMPLES / "dr-cardiomegaly.dcm"
KEYS = {
    "file", "modality", "assessed", "reason", "gate", "grade", "quality", "measurements",
    "beats_s", "findings", "screener", "elapsed_ms",
}  # fmt: skip


def check(said: dict) -> None:
    """The shape that the issue promises."""
    assert set(said) == KEYS
    assert said["modality"] in ("DR", "ECG", "unknown")
    assert isinstance(said["assessed"], bool)
    assert isinstance(said["reason"], str)
    assert set(said["gate"]) == {"accepted", "codes"}
    assert isinstance(said["gate"]["accepted"], bool)
    assert isinstance(said["gate"]["codes"], list)
    assert isinstance(said["quality"], list)
    assert isinstance(said["measurements"], dict)
    check_numbers(said)
    assert all(isinstance(b, float | int) for b in said["beats_s"])
    assert all(set(f) == {"code", "severity", "evidence"} for f in said["findings"])
    assert set(said["screener"]) == {"name", "version", "rulebook", "digest"}
    assert said["elapsed_ms"] >= 0
    assert said["assessed"] or said["reason"]


def check_numbers(said: dict) -> None:
    """A number, or null with its reason in `quality`; what is measured per lead is one object."""
    excused = {q["evidence"].partition(":")[0] for q in said["quality"]}
    for name, value in said["measurements"].items():
        rows = {name: value}
        if isinstance(value, dict):
            rows = {f"{name}.{lead}": one for lead, one in value.items()}
        for key, one in rows.items():
            assert isinstance(one, float | int) or (one is None and key in excused), key


NUMBERS = {
    "heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms", "qtc_fridericia_ms", "qtc_bazett_ms",
    "p_axis_deg", "qrs_axis_deg", "t_axis_deg", "st_j_mv",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Good files, odd files and files that are none."""
    where = tmp_path_factory.mktemp("files")
    film, ecg = make.make_film(), make.make_ecg_file()
    rng = random.Random(5)
    bent = bytearray(film)
    for _ in range(40):
        bent[rng.randrange(200, 2000)] = rng.randrange(256)
    files = {
        "film.dcm": film,
        "slow.dcm": make.make_ecg_file(make.make_trace(32.0, Rhythm.BRADY), study="1.2.8"),
        "fast.dcm": make.make_ecg_file(make.make_trace(230.0, Rhythm.TACHY), study="1.2.9"),
        "empty.dcm": b"",
        "cut-film.dcm": film[: len(film) // 2],
        "cut-header.dcm": film[:300],
        "cut-ecg.dcm": ecg[: len(ecg) // 2],
        "flat.dcm": make.make_ecg_file(make.flat_trace(), study="1.2.10"),
        "bent.dcm": bytes(bent),
        "noise.bin": rng.randbytes(5000),
        "letter.txt": "王秀兰 letter".encode(),
        "preamble.dcm": b"\0" * 128 + b"DICM",
        "muse.xml": b"<RestingECG></RestingECG>",
        "bomb.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><RestingECG>&a;</RestingECG>',
        "lone.hea": b"lone 12 500 4\n" + b"lone.dat 16 1000/mV 16 0 0 0 0 I\n" * 12,
    }
    for name, data in files.items():
        (where / name).write_bytes(data)
    return where


@pytest.fixture(scope="module")
def said(folder, typed, tmp_path_factory) -> dict[str, dict]:
    """What one run says of all of them, with no home and no database to be had."""
    nowhere = tmp_path_factory.mktemp("x") / "no-home"
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/\xcd\xf5.bin"))
    odd.write_bytes(b"name in another encoding")
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    paths = [*sorted(p for p in folder.iterdir() if p != pipe), pipe, folder / "missing.dcm"]
    if PAIR.is_file():
        for inner in "abc":
            (folder / inner).mkdir()
            for end in (".hea", ".dat"):
                shutil.copyfile(PAIR.with_suffix(end), folder / inner / f"{PAIR.stem}{end}")
        paths += [folder / "a", folder / "b" / PAIR.name, folder / "c" / f"{PAIR.stem}.dat"]
    done = typed("screen", *paths, "--json", home=nowhere, WORKBENCH_DATABASE_URL="postgresql://x")
    assert done.code == 0, done.err
    assert len(done.lines) == len(paths)
    assert not nowhere.exists(), "screening made a home"
    return {str(Path(one["file"]).relative_to(folder)): one for one in done.lines}


def test_every_object_has_exactly_the_promised_keys(said):
    for one in said.values():
        check(one)


def test_a_thumbnail_and_an_ecg_are_judged(said):
    film, slow = said["film.dcm"], said["slow.dcm"]
    assert (film["modality"], film["assessed"], film["gate"]["accepted"]) == ("DR", False, False)
    assert "too_small" in film["gate"]["codes"]
    assert (slow["modality"], slow["assessed"]) == ("ECG", True)
    assert len(film["screener"]["digest"]) == 64
    assert film["screener"]["rulebook"]
    assert set(slow["measurements"]) >= NUMBERS
    assert set(slow["measurements"]["st_j_mv"]) >= {"I", "II", "V1", "V6"}
    assert slow["measurements"]["heart_rate_bpm"] == pytest.approx(32, abs=1)
    assert 3 <= len(slow["beats_s"]) <= 7  # ten seconds at 32 a minute


def test_a_rate_beyond_the_critical_limits_is_a_critical_finding(said):
    [found] = [f for f in said["slow.dcm"]["findings"] if f["severity"] == "critical"]
    assert "bpm" in found["evidence"]
    assert any(f["severity"] == "critical" for f in said["fast.dcm"]["findings"])


@pytest.mark.parametrize(
    "name",
    [
        "empty.dcm", "cut-film.dcm", "cut-header.dcm", "noise.bin", "letter.txt", "preamble.dcm",
        "muse.xml", "bomb.xml", "lone.hea", "pipe", "missing.dcm", "flat.dcm",
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_one_object_that_says_why(said, name):
    one = said[name]
    assert (one["assessed"], one["findings"], one["grade"]) == (False, [], None)
    assert one["reason"]
    assert "internal error" not in one["reason"], one["reason"]


def test_a_film_cut_in_its_pixels_is_still_known_as_a_film(said):
    cut = said["cut-film.dcm"]
    assert (cut["modality"], cut["gate"]["accepted"]) == ("DR", False)
    assert cut["gate"]["codes"] == ["truncated"]


def test_age_sex_and_profile_are_taken_and_a_wrong_one_is_refused(typed, folder, said):
    slow = folder / "slow.dcm"
    good = typed("screen", slow, "--json", "--age", "0.1", "--sex", "F", "--profile", "national")
    check(good.lines[0])
    assert good.lines[0]["findings"] != said["slow.dcm"]["findings"], "an infant judged as an adult"
    wrong = typed("screen", slow, "--json", "--age", "-3")
    assert (wrong.code, wrong.out) == (2, "")
    assert "0 to 125" in wrong.err
    wrong = typed("screen", slow, "--json", "--profile", "mars")
    assert (wrong.code, wrong.out) == (2, "")
    assert "mars" in wrong.err
    assert "zhejiang" in wrong.err


def test_a_missing_file_is_named_with_what_to_do(said):
    assert said["missing.dcm"]["reason"] == "missing.dcm is not there; check name and folder"


@pytest.mark.parametrize("named", ["a", "b/ecg-tachycardia.hea", "c/ecg-tachycardia.dat"])
def test_a_wfdb_pair_is_one_object_however_it_is_named(said, named):
    if not PAIR.is_file():
        pytest.skip("no data_samples; make them with `workbench samples data_samples`")
    [one] = [v for k, v in said.items() if k.startswith(named)]
    assert (one["modality"], one["assessed"]) == ("ECG", True)


def test_without_json_a_person_reads_one_line_per_file(typed, folder):
    done = typed("screen", folder / "film.dcm", folder / "empty.dcm")
    assert done.code == 0
    first, second = done.out.splitlines()
    assert "film.dcm: DR" in first
    assert "not assessed: empty.dcm is empty" in second


@pytest.fixture(scope="module")
def chest(typed, tmp_path_factory) -> tuple[dict[str, dict], Path]:
    """One sample film as DICOM, PNG, JPEG, and a colour photo of it, with their outlines."""
    if not CHEST.is_file():
        pytest.skip("no data_samples; make them with `workbench samples data_samples`")
    where = tmp_path_factory.mktemp("chest")
    shutil.copyfile(CHEST, where / "film.dcm")
    received = DicomDr().read({"film.dcm": CHEST.read_bytes()})
    grey = to_grey8(received.image.values, received.image.vois[0])[::3, ::3]
    Picture.fromarray(grey).save(where / "plain.png")
    Picture.fromarray(grey.astype(np.uint16) * 257).save(where / "deep.png")
    Picture.fromarray(grey).save(where / "film.jpg", quality=90)
    tint = np.dstack([grey, grey // 2, grey // 3])
    Picture.fromarray(tint).save(where / "photo.jpg", quality=90)
    masks = where / "masks"
    names = ("film.dcm", "plain.png", "deep.png", "film.jpg", "photo.jpg")
    done = typed("screen", *(where / n for n in names), "--json", "--mask-dir", masks, "--view",
                 "PA", "--age", "50")  # fmt: skip
    assert done.code == 0, done.err
    return {Path(one["file"]).name: one for one in done.lines}, masks


def test_a_film_gives_gate_sheet_grade_measurements_and_findings(chest):
    film = chest[0]["film.dcm"]
    check(film)
    assert film["gate"]["accepted"]
    assert 0.5 < film["measurements"]["ctr"] < 0.7
    assert film["measurements"]["ctr_se"] > 0
    assert film["measurements"]["deviation_index"] is not None
    assert film["measurements"]["standard_error"]["ctr"] == film["measurements"]["ctr_se"]
    assert [f["code"] for f in film["findings"]] == ["DR212"]
    items = [q for q in film["quality"] if "points" in q]
    assert len(items) >= 9
    assert all(0 <= q["points"] <= q["of"] and q["evidence"] for q in items)
    assert film["grade"] in ("A", "B", "C", "reject", None)


@pytest.mark.parametrize("name", ["plain.png", "deep.png", "film.jpg"])
def test_a_picture_of_a_film_is_judged_like_the_film_and_says_that_it_has_no_header(chest, name):
    one, film = chest[0][name], chest[0]["film.dcm"]
    check(one)
    assert one["measurements"]["ctr"] == pytest.approx(film["measurements"]["ctr"], abs=0.015)
    assert one["measurements"]["deviation_index"] is None
    assert any("without a header" in q["evidence"] for q in one["quality"])


def test_a_coloured_photo_is_not_assessed(chest):
    photo = chest[0]["photo.jpg"]
    assert (photo["assessed"], photo["findings"]) == (False, [])
    assert "photo_or_screenshot" in photo["gate"]["codes"]


def test_outlines_are_written_at_the_size_of_each_film_under_its_own_name(chest):
    masks = chest[1]
    assert {p.name for p in masks.iterdir()} == {
        "film.png", "plain.png", "deep.png", "film.jpg.png", "photo.png"
    }  # fmt: skip
    whole, small = (np.asarray(Picture.open(masks / n)) for n in ("film.png", "plain.png"))
    assert whole.shape == (3000, 2500)
    assert small.shape == (1000, 834)
    for bit in (1, 2, 4):
        first, second = (whole[::3, ::3] & bit) > 0, (small & bit) > 0
        assert 2 * (first & second).sum() / (first.sum() + second.sum()) > 0.97
    assert set(np.unique(whole)) <= set(range(32))


def test_a_view_that_is_none_is_refused(typed, folder):
    wrong = typed("screen", folder / "film.dcm", "--view", "top")
    assert (wrong.code, wrong.out) == (2, "")
    assert "PA, AP, LL" in wrong.err
