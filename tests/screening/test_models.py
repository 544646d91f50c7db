"""Models from outside, with real nets: heat maps tell the truth, harmful packages are refused."""

import io
import stat
import zipfile

import numpy as np
import pytest

from tests import onnx_nets
from tests.onnx_nets import SIDE, disc_net, film, manifest, package
from workbench.domain.finding import Gate
from workbench.domain.model_card import BadCard
from workbench.editions import finding_terms
from workbench.screening.models.heat import GRID, heat_map, hottest
from workbench.screening.models.onnx_runner import OnnxRunner
from workbench.screening.models.onnx_wire import BadNet, facts_of
from workbench.screening.models.package import BadPackage, read_package
from workbench.screening.models.runner import list_runners
from workbench.screening.models.screener import (
    GATED,
    UNCONFIRMED,
    LoadedModel,
    batch_of,
    screen_with,
)

FINE = Gate(accepted=True)
DONE = frozenset({"DR101"})


@pytest.fixture
def loaded(tmp_path):
    brought = read_package(package(tmp_path / "p"))
    return LoadedModel(brought.card, OnnxRunner().load(brought.net, brought.card), DONE)


def heat(model, grey):
    return heat_map(model.net, batch_of(grey, model.card.given), 0)


def middle(falls):
    """Where the map is hottest, as shares of the film."""
    row, column = np.unravel_index(int(falls.argmax()), falls.shape)
    return (column + 0.5) / GRID, (row + 0.5) / GRID


def score(model, grey):
    return float(model.net.scores(batch_of(grey, model.card.given))[0, 0])


def said(model, grey, site="T01", gate=FINE):
    return screen_with(model, (grey, "0" * 64, gate), site, finding_terms())


def test_the_net_answers_to_a_disc_and_not_to_even_grey(loaded):
    assert score(loaded, film((0.5, 0.5))) > 0.4
    assert abs(score(loaded, film(ground=0.3)[64:192, 64:192])) < 0.2


def test_the_same_film_twice_gives_the_same_map_to_the_last_bit(loaded):
    grey = film((0.3, 0.6))
    assert np.array_equal(heat(loaded, grey), heat(loaded, grey))


@pytest.mark.parametrize("place", [(0.3, 0.3), (0.7, 0.3), (0.5, 0.7)])
def test_the_map_is_hot_at_the_lesion_and_moves_with_it(loaded, place):
    falls = heat(loaded, film(place))
    x, y = middle(falls)
    assert np.hypot(x - place[0], y - place[1]) < 1.5 / GRID
    left, top, right, bottom = hottest(falls)
    assert left <= place[0] <= right
    assert top <= place[1] <= bottom
    assert (right - left) * (bottom - top) < 0.15  # a place, not the film


def test_covering_the_lesion_clears_the_map_there_and_the_prompt(loaded):
    grey = film((0.4, 0.6))
    assert [f.code for f in said(loaded, grey).findings] == ["DR101"]
    before = heat(loaded, grey)
    covered = grey.copy()
    covered[int(0.4 * 256) : int(0.8 * 256), int(0.2 * 256) : int(0.6 * 256)] = 0.3
    after = heat(loaded, covered)
    x, y = middle(before)
    here = int(y * GRID), int(x * GRID)
    assert after[here] < 0.05 * before[here]
    assert said(loaded, covered).findings == ()


def test_what_is_beside_the_lesion_is_cold(loaded):
    falls = heat(loaded, film((0.3, 0.3)))
    assert falls[GRID // 2 :, GRID // 2 :].max() < 0.05 * falls.max()
    assert hottest(np.zeros((GRID, GRID), np.float32)) is None


def test_a_prompt_names_score_threshold_and_what_was_measured_there(loaded):
    [finding] = said(loaded, film((0.4, 0.6))).findings
    assert "threshold 0.2, sensitivity 90%, specificity 95% on 40 with and 60 without" in (
        finding.evidence
    )
    corners = [tuple(map(float, c.split(","))) for c in finding.place["model"].split()]
    assert corners[0][0] <= 0.4 <= corners[2][0]
    assert finding.rule == "disc 1 disc"


def test_thresholds_nobody_confirmed_flag_nothing_and_say_so(loaded):
    open_one = LoadedModel(loaded.card, loaded.net, frozenset())
    result = said(open_one, film((0.4, 0.6)))
    assert (result.findings, result.gate.notes) == ((), (UNCONFIRMED,))
    assert result.measurements[0].value > 0.4  # the score is shown all the same
    assert result.screener == "model:disc"


def test_a_film_the_gate_refused_is_not_shown_to_a_model(loaded):
    result = said(loaded, film((0.4, 0.6)), gate=Gate(accepted=False, codes=("not_chest",)))
    assert (result.assessed, result.reason, result.findings) == (False, GATED, ())
    assert result.measurements == ()


def test_an_institution_has_its_own_operating_point(tmp_path):
    own = """
[[class.point]]
site = "T02"
threshold = 0.99
positives = 0
negatives = 0
data_set = "none"
date = 2026-11-26
"""
    brought = read_package(package(tmp_path / "p", more=own))
    model = LoadedModel(brought.card, OnnxRunner().load(brought.net, brought.card), DONE)
    assert said(model, film((0.4, 0.6)), "T01").findings
    assert said(model, film((0.4, 0.6)), "T02").findings == ()


def test_the_runner_is_an_entry_point_and_is_listed():
    assert [r.name for r in list_runners() if r.runner] == ["onnx"]


# ------------------------------------------------------------------ what is brought


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
