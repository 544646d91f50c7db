"""`workbench convert`: writes, names what was lost, and never overwrites."""

import json

import pytest
from typer.testing import CliRunner

from tests import make
from workbench.cli.main import application
from workbench.domain.errors import Invalid


@pytest.fixture
def ecg(tmp_path):
    path = tmp_path / "in.dcm"
    path.write_bytes(make.make_ecg_file(make.make_trace()))
    return path


def run(*words):
    return CliRunner().invoke(application(), ["convert", *map(str, words)], catch_exceptions=False)


def test_a_recording_of_two_files_is_written_and_read_back(ecg, tmp_path):
    out = tmp_path / "new" / "rec"
    done = run(ecg, out, "--to", "wfdb", "--json")
    said = json.loads(done.output)
    assert said["written"] == [str(out) + ".hea", str(out) + ".dat"]
    assert any("patient id" in what for what in said["lost"])
    back = run(out.with_suffix(".hea"), tmp_path / "back.csv", "--to", "csv")
    assert f"written: {tmp_path / 'back.json'}" in back.output
    assert "not carried over" in done.output or said["lost"]


def test_nothing_is_overwritten_not_even_a_companion(ecg, tmp_path):
    (tmp_path / "rec.dat").write_bytes(b"precious")
    with pytest.raises(Invalid, match=r"rec\.dat; expected a file that is not there yet"):
        run(ecg, tmp_path / "rec.hea", "--to", "wfdb")
    assert (tmp_path / "rec.dat").read_bytes() == b"precious"
    assert not (tmp_path / "rec.hea").exists()


@pytest.mark.parametrize("to", ["xyz", "png"])
def test_what_cannot_be_says_what_could(ecg, tmp_path, to):
    with pytest.raises(Invalid, match=r"one of wfdb|a film for"):
        run(ecg, tmp_path / "x", "--to", to)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.dcm"]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Invalid, match="check name and folder"):
        run(tmp_path / "none.dcm", tmp_path / "x", "--to", "csv")
