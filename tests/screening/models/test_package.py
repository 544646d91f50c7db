"""Packages that mean harm, or say too little of themselves, are refused before anything runs."""

import io
import stat
import zipfile

import numpy as np
import pytest

from tests import onnx_nets
from tests.onnx_nets import SIDE, disc_net, manifest, package
from workbench.domain.model_card import BadCard
from workbench.screening.models.onnx_runner import OnnxRunner
from workbench.screening.models.onnx_wire import BadNet, facts_of
from workbench.screening.models.package import BadPackage, read_package


def test_a_net_that_reads_another_file_is_refused_before_it_runs(tmp_path):
    net = disc_net(outside="../../../../etc/passwd")
    brought = read_package(package(tmp_path / "p", net))
    with pytest.raises(BadNet, match="another file"):
        OnnxRunner().load(brought.net, brought.card)


def test_a_net_with_foreign_operators_is_refused(tmp_path):
    brought = read_package(package(tmp_path / "p", disc_net(domain="com.evil")))
    with pytest.raises(BadNet, match=r"com\.evil"):
        OnnxRunner().load(brought.net, brought.card)


@pytest.mark.parametrize("cut", [0, 1, 7, 40, 200, -1])
def test_a_net_cut_off_or_no_net_at_all_is_refused_in_words(tmp_path, cut):
    brought = read_package(package(tmp_path / "p", disc_net()[:cut]))
    with pytest.raises(BadNet):
        OnnxRunner().load(brought.net, brought.card)


def test_no_bytes_of_a_net_make_the_reader_break():
    rng = np.random.default_rng(3)
    whole = np.frombuffer(disc_net(), np.uint8)
    for _ in range(300):
        broken = whole.copy()
        broken[rng.integers(0, len(broken), 4)] = rng.integers(0, 256, 4)
        try:
            facts_of(broken.tobytes())
        except BadNet:
            continue


def test_a_net_of_another_shape_than_its_card_is_refused(tmp_path):
    brought = read_package(package(tmp_path / "p", disc_net(side=SIDE * 2)))
    with pytest.raises(BadNet, match="the card says"):
        OnnxRunner().load(brought.net, brought.card)


def test_a_net_whose_numbers_are_none_is_refused(tmp_path):
    brought = read_package(package(tmp_path / "p", disc_net(gain=float("nan"))))
    with pytest.raises(BadNet, match="NaN"):
        OnnxRunner().load(brought.net, brought.card)


def test_another_digest_than_the_card_names_is_refused(tmp_path):
    folder = package(tmp_path / "p", sha256="0" * 64)
    with pytest.raises(BadPackage, match="sha256"):
        read_package(folder)


@pytest.mark.parametrize(
    ("line", "instead", "field"),
    [
        ("schema = 1", "schema = 2", "schema"),
        ('modality = "DR"', 'modality = "CT"', "modality"),
        ('licence = "Apache-2.0"', 'licence = " "', "licence"),
        ('regulatory_class = "not registered"', "", "regulatory_class"),
        ('role = "decision_support"', 'role = "diagnosis"', "role"),
        ("channels = 1", "channels = 2", "channels"),
        ("rows = 64", "rows = 64000", "rows"),
        ('fit = "pad"', 'fit = "bend"', "fit"),
        ("high = 1.0", "high = 0.0", "input.high"),
        ("threshold = 0.2", "threshold = nan", "threshold"),
        ("sensitivity = 0.9", "sensitivity = 90", "sensitivity"),
        ("date = 2026-11-26", 'date = "today"', "date"),
        ('file = "model.onnx"', 'file = "../model.onnx"', "file"),
        ("index = 0", "index = -1", "index"),
    ],
)
def test_a_card_that_does_not_say_what_it_must_is_refused_by_field(tmp_path, line, instead, field):
    text = manifest(disc_net())
    assert line in text
    folder = package(tmp_path / "p", text=text.replace(line, instead))
    with pytest.raises(BadCard, match=field):
        read_package(folder)


def zipped(tmp_path, rows):
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in rows:
            archive.writestr(name, data)
    return path


def good():
    net = disc_net()
    return [("model.onnx", net), ("model.toml", manifest(net)), ("LICENSE", "Apache")]


def test_a_zip_is_as_good_as_a_folder(tmp_path):
    assert read_package(zipped(tmp_path, good())).card.name == "disc"


def link():
    row = zipfile.ZipInfo("notes.txt")
    row.external_attr = (stat.S_IFLNK | 0o777) << 16
    return row


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        (("../../evil.txt", "x"), "no folder"),
        (("/etc/evil.txt", "x"), "no folder"),
        (("a\\b.txt", "x"), "no folder"),
        (("sub/model.txt", "x"), "no folder"),
        ((link(), "/etc/passwd"), "no plain file"),
        (("run.sh", "x"), "does not belong"),
        (("model.toml", "x"), "twice"),
        (("bomb.txt", b"\0" * (4 * 2**20)), "unpacks to more"),
    ],
    ids=["up", "root", "backslash", "folder", "link", "script", "twice", "bomb"],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_that_means_harm_is_refused(tmp_path, extra, why):
    with pytest.raises(BadPackage, match=why):
        read_package(zipped(tmp_path, [*good(), extra]))


def test_too_many_files_and_a_broken_archive_are_refused(tmp_path):
    many = [(f"n{n}.txt", "x") for n in range(20)]
    with pytest.raises(BadPackage, match="at most"):
        read_package(zipped(tmp_path, many))
    broken = tmp_path / "broken.zip"
    broken.write_bytes(io.BytesIO(zipped(tmp_path, good()).read_bytes()).read()[:200])
    with pytest.raises(BadPackage, match="cannot be opened"):
        read_package(broken)


def test_a_folder_with_a_link_in_it_is_refused(tmp_path):
    folder = package(tmp_path / "p")
    (folder / "notes.txt").symlink_to("/etc/passwd")
    with pytest.raises(BadPackage, match="no plain file"):
        read_package(folder)


def test_the_nets_of_the_tests_are_read_as_what_they_are():
    assert facts_of(disc_net()).opsets == {"": onnx_nets.OPSET}
