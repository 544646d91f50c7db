"""Models from outside, with real nets: heat maps tell the truth, prompts say what they rest on."""

import numpy as np
import pytest

from tests.onnx_nets import film, package
from workbench.domain.finding import Gate
from workbench.editions import finding_terms
from workbench.screening.models.heat import GRID, heat_map, hottest
from workbench.screening.models.onnx_runner import OnnxRunner
from workbench.screening.models.package import read_package
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
