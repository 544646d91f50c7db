"""`workbench model …` on a real home: added, listed as unconfirmed, tried, retired, exported."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from tests import make, onnx_nets
from workbench.screening.models.onnx_runner import OnnxRunner
from workbench.screening.models.package import read_package

# a Python that has torch, torchxrayvision and onnx; training libraries are no part of the project
XRV = os.environ.get("XRV_PYTHON", sys.executable)


def film_file(*discs):
    """A DX file with the disc of the tests, or without one."""
    grey = onnx_nets.film(*discs, side=128)
    values = (2000 + grey * 12_000).astype("<u2")
    return make.make_film(size=(128, 128), tags={"PixelData": values.tobytes()})


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Forty films with what a doctor says of them."""
    folder = tmp_path_factory.mktemp("cases")
    rows = ["file,DR101"]
    for number in range(20):
        for name, discs, truth in (("yes", [(0.4, 0.6)], 1), ("no", [], 0)):
            (folder / f"{name}{number}.dcm").write_bytes(film_file(*discs))
            rows.append(f"{name}{number}.dcm,{truth}")
    path = folder / "cases.csv"
    path.write_text("\n".join(rows), "utf-8")
    return path


def test_a_model_is_added_waits_for_its_trial_is_confirmed_and_retired(
    typed, home, table, tmp_path
):
    brought = onnx_nets.package(tmp_path / "disc")
    [said] = typed("model", "add", brought, "--json", home=home).lines
    assert (said["model"], said["unconfirmed"], said["in_use"]) == ("disc", ["DR101"], True)
    waiting = typed("model", "list", home=home, LANG="zh_CN.UTF-8")
    assert waiting.code == 1  # the alarm
    assert "阈值尚未用本地病例确认" in waiting.out
    done = typed("model", "confirm", "disc", "--cases", table, "--json", home=home)
    assert done.code == 0, done.err
    [figures] = done.lines
    assert (figures["finding"], figures["confirmed"]) == ("DR101", True)
    assert (figures["found"], figures["cleared"]) == (20, 20)
    assert typed("model", "list", home=home).code == 0
    assert typed("model", "retire", "disc", home=home).code == 0
    [said] = typed("model", "list", "--json", home=home).lines
    assert not said["in_use"]
    again = typed("model", "add", brought, home=home)
    assert again.code == 2  # this version was here


def test_what_is_wrong_with_a_package_or_a_table_is_said_in_one_line(typed, home, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    bad = typed("model", "add", empty, home=home)
    assert (bad.code, "model.toml" in bad.err) == (2, True)
    onnx_nets.package(tmp_path / "two", name="two")
    assert typed("model", "add", tmp_path / "two", home=home).code == 0
    wrong = tmp_path / "cases.csv"
    wrong.write_text("name,DR101\nx,1\n", "utf-8")
    said = typed("model", "confirm", "two", "--cases", wrong, home=home)
    assert (said.code, "file" in said.err) == (2, True)


def test_the_export_says_what_to_install_when_torch_is_not_there(typed, tmp_path):
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    said = typed("model", "export-xrv", tmp_path / "out", "--python", bare / "bin" / "python")
    assert said.code == 2
    assert "pip install torch torchxrayvision onnx" in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_randomly_made_xrv_net_becomes_a_package_that_answers_as_torch_does(typed, tmp_path):
    out = tmp_path / "xrv"
    done = typed("model", "export-xrv", out, "--weights", "random", "--python", XRV)
    if "pip install torch" in done.err:
        pytest.skip("set XRV_PYTHON to a Python that has torch, torchxrayvision and onnx")
    assert done.code == 0, done.err
    said = json.loads(done.out.splitlines()[-1])
    package = read_package(out)
    net = OnnxRunner().load(package.net, package.card)
    ramp = np.arange(224, dtype=np.float32) / 223
    film = ((ramp[:, None] + ramp[None, :]) * 1024 - 1024)[None, None]
    answer = net.scores(np.ascontiguousarray(film, np.float32))[0]
    np.testing.assert_allclose(answer, said["probe"], atol=1e-4)
    assert len(package.card.classes) == 18
    assert package.card.classes[-1].points == ()  # its threshold is not known
    assert {c.finding for c in package.card.known} >= {"DR101", "DR102", "DR212"}
    both = net.scores(np.repeat(film.astype(np.float32), 2, axis=0))
    np.testing.assert_allclose(both[0], both[1], atol=1e-6)
