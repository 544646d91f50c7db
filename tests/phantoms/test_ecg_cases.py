import json
import tomllib
from importlib import resources

import numpy as np
import pytest

from workbench.phantoms.ecg_case_list import Choice, Span
from workbench.phantoms.ecg_cases import USUAL, case, names

ALL = sorted(names())
ONSETS = {  # cases whose beats have P waves before QRS and level ground between them
    "stemi_anterior": ("V3", "st_mv", 1), "stemi_inferior": ("III", "st_mv", 1),
    "stemi_lateral": ("V5", "st_mv", 1), "stemi_posterior": ("V2", "st_mv", -1),
    "stemi_right": ("III", "st_mv", 1), "de_winter": ("V3", "st_mv", -1),
    "brugada_1": ("V2", "st_mv", 1), "early_repolarisation": ("V3", "st_mv", 1),
    "pericarditis": ("II", "st_mv", 1),
}  # fmt: skip
SIDES = [  # case, parameter, value without the code, value with it, code, other parameters
    ("stemi_anterior", "st_mv", 0.18, 0.24, "EC001", {}),
    ("stemi_anterior", "st_mv", 0.13, 0.18, "EC001", {"sex": "F"}),
    ("stemi_anterior", "st_mv", 0.22, 0.30, "EC001", {"age": 30}),
    ("stemi_inferior", "st_mv", 0.09, 0.14, "EC003", {}),
    ("stemi_lateral", "st_mv", 0.09, 0.14, "EC004", {}),
    ("stemi_posterior", "st_mv", 0.04, 0.12, "EC005", {}),
    ("stemi_right", "v4r_mv", 0.04, 0.07, "EC006", {}),
    ("de_winter", "st_mv", 0.08, 0.12, "EC010", {}),
    ("wellens", "t_mv", 0.2, 0.4, "EC116", {"type": "A"}),
    ("left_main", "st_mv", 0.08, 0.12, "EC007", {}),
    ("lbbb", "ratio", 0.20, 0.30, "EC009", {"infarct": "discordant"}),
    ("lbbb", "st_mv", 0.08, 0.12, "EC009", {"infarct": "concordant"}),
    ("lbbb", "st_mv", 0.08, 0.12, "EC009", {"infarct": "depression"}),
    ("rbbb", "qrs_ms", 116, 124, "EC209", {}),
    ("vt", "rate_bpm", 146, 154, "EC013", {}),
    ("svt", "rate_bpm", 196, 204, "EC017", {}),
    ("af", "rate_bpm", 190, 212, "EC019", {"seconds": 30.0}),
    ("af_preexcited", "shortest_rr_ms", 260, 240, "EC018", {}),
    ("sinus", "rate_bpm", 37, 34, "EC021", {}),
    ("sinus", "pr_ms", 190, 210, "EC207", {}),
    ("av_block_3", "rate_bpm", 37, 33, "EC021", {}),
    ("pause", "pause_s", 2.9, 3.1, "EC024", {}),
    ("qt", "qtc_ms", 545, 555, "EC026", {}),
    ("hyperkalaemia", "potassium", 7.2, 7.6, "EC029", {}),
    ("hypokalaemia", "potassium", 2.5, 2.1, "EC030", {}),
    ("t_alternans", "alternans_mv", 0.05, 0.15, "EC028", {}),
    ("lvh", "sokolow_mv", 3.4, 3.6, "EC220", {}),
    ("low_voltage", "limb_mv", 1.2, 0.45, "EC219", {}),
    ("brugada_1", "st_mv", 0.15, 0.25, "EC109", {}),
    ("wpw", "pr_ms", 125, 110, "EC215", {}),
]  # fmt: skip


def clean(name, seed=2, **given):
    return case(name, seed=seed, noise_mv=0.0, **given)


def lead(made, name):
    return made.trace.lead(name).astype(float)


def at(made, seconds):
    return round(seconds * made.trace.rate)


def inner(made):
    """Beats that stand whole inside the strip."""
    last = made.trace.seconds - 0.7
    return [b for b in made.truth["beats"] if b["qrs_on_s"] > 0.3 and b["t_end_s"] < last]


def heights(made, beat, when):
    """Level of each lead over the level at QRS onset."""
    rows = made.trace.millivolts.astype(float)
    return rows[:, at(made, when)] - rows[:, at(made, beat["qrs_on_s"])]


@pytest.mark.parametrize("name", ALL)
def test_every_case_is_drawn_again_alike_and_tells_its_truth(name):
    one, again, other = (case(name, seed=seed, seconds=6.0) for seed in (1, 1, 2))
    assert np.array_equal(one.trace.millivolts, again.trace.millivolts)
    assert one.truth == again.truth
    assert not np.array_equal(one.trace.millivolts, other.trace.millivolts)
    text = resources.files("workbench").joinpath("vocabulary/findings.toml").read_text("utf-8")
    known = {row["code"] for row in tomllib.loads(text)["finding"]}
    assert set(one.truth["codes"]) <= known
    assert json.loads(json.dumps(one.truth))["name"] == name


@pytest.mark.parametrize("name", ALL)
def test_every_case_obeys_einthoven_and_goldberger_with_its_noise(name):
    made = case(name, seed=4, seconds=6.0, rate_hz=250.0, extra="yes")
    one, two = lead(made, "I"), lead(made, "II")
    for other, value in (("III", two - one), ("aVR", -(one + two) / 2), ("aVL", one - two / 2)):
        np.testing.assert_allclose(lead(made, other), value, atol=2e-6)
    assert made.trace.leads[12:] == ("V3R", "V4R", "V7", "V8", "V9")
    assert np.abs(made.trace.millivolts).max() < 6.0


@pytest.mark.parametrize("name", ALL)
def test_both_ends_of_every_parameter_are_drawn(name):
    recipe = names()[name]
    assert recipe.shows
    for key, one in recipe.asks.items():
        values = (one.least, one.most) if isinstance(one, Span) else one.others
        for value in values:
            long = 9.5 if name == "pause" else 4.0
            made = case(name, seed=5, seconds=long, rate_hz=250.0, **{key: value})
            assert np.isfinite(made.trace.millivolts).all(), (key, value)
            assert np.abs(made.trace.millivolts).max() < 8.0, (key, value)


@pytest.mark.parametrize("name", sorted(ONSETS))
@pytest.mark.parametrize("mv", [0.1, 0.25])
def test_st_at_j_is_what_was_asked_for(name, mv):
    where, key, sign = ONSETS[name]
    made = clean(name, rate_bpm=66, **{key: mv})
    assert made.truth["st_j_mv"][where] == pytest.approx(sign * mv, abs=1e-3)
    said = np.array([made.truth["st_j_mv"][n] for n in made.trace.leads])
    beats = inner(made)
    assert len(beats) >= 5
    drawn = np.array([heights(made, b, b["qrs_off_s"]) for b in beats])
    np.testing.assert_allclose(drawn.mean(axis=0), said, atol=0.012)
    assert np.abs(drawn - said).max() < 0.035  # one sample beside J, and a breath


@pytest.mark.parametrize("territory", ["anterior", "inferior", "lateral"])
def test_an_infarct_has_its_mirror_image(territory):
    st = clean(f"stemi_{territory}", st_mv=0.3).truth["st_j_mv"]
    up, down = {
        "anterior": (("V2", "V3", "V4"), ("III", "aVF")),
        "inferior": (("II", "III", "aVF"), ("I", "aVL", "V2")),
        "lateral": (("I", "aVL", "V5", "V6"), ("III", "aVF", "V1")),
    }[territory]
    assert min(st[n] for n in up) >= 0.1
    assert max(st[n] for n in down) < -0.02


def test_right_ventricle_and_back_show_in_leads_of_their_own():
    right = clean("stemi_right", v4r_mv=0.12, extra="yes", rate_bpm=60)
    beat = inner(right)[1]
    level = heights(right, beat, beat["qrs_off_s"])[right.trace.leads.index("V4R")]
    assert level == pytest.approx(0.12, abs=0.02)
    back = clean("stemi_posterior").truth
    assert back["st_j_beside_mv"]["V8"] > 0.05
    assert back["st_j_mv"]["V2"] < -0.1


@pytest.mark.parametrize("name", [
    "sinus", "lbbb", "rbbb", "vt", "svt", "av_block_3", "paced", "pvc", "hyperkalaemia",
])  # fmt: skip
def test_r_times_are_where_the_heart_vector_is_largest(name):
    given = {"spike_mv": 0.2} if name == "paced" else {}
    made = clean(name, **given)
    one, foot, two = (lead(made, n) for n in ("I", "aVF", "V2"))
    size = np.sqrt(one**2 + foot**2 + two**2)
    for beat in inner(made):
        first, last = at(made, beat["qrs_on_s"]), at(made, beat["qrs_off_s"])
        largest = size[first : last + 1].max()
        near = size[at(made, beat["r_s"]) - 9 : at(made, beat["r_s"]) + 10].max()
        assert near > 0.80 * largest


@pytest.mark.parametrize(("name", "given"), [
    ("sinus", {"rate_bpm": 60}), ("lbbb", {"qrs_ms": 160}), ("rbbb", {"qrs_ms": 150}),
    ("hyperkalaemia", {"potassium": 7.5}), ("paced", {"mode": "dual", "spike_mv": 0.2}),
])  # fmt: skip
def test_qrs_is_as_wide_as_it_is_said_to_be(name, given):
    made = clean(name, **given)
    truth, beats = made.truth, inner(made)
    assert all(b["qrs_ms"] == truth["qrs_ms"] for b in beats)
    rows = np.abs(made.trace.millivolts.astype(float))
    moves = []
    for beat in beats:
        first = at(made, beat["qrs_on_s"])
        ground = made.trace.millivolts[:, first - 2].astype(float)
        rows = np.abs(made.trace.millivolts - ground[:, None])
        soon, late = first + round(0.07 * beat["qrs_ms"]), at(made, beat["qrs_off_s"])
        assert rows[:, soon].max() > 0.012, "after a seventh of QRS something is seen"
        assert np.ptp(rows[:, late - 9 : late], axis=1).max() > 0.004, "it moves to its end"
        moves.append(rows[:, first - 3 : first + 1].max())
    assert np.median(moves) < 0.035, "nothing is seen before the onset"
    assert truth["qrs_ms"] == given.get("qrs_ms", truth["qrs_ms"])


@pytest.mark.parametrize("qtc", [320, 400, 460, 560])
def test_t_ends_where_qt_says(qtc):
    made = clean("qt", qtc_ms=qtc, rate_bpm=60)
    assert made.truth["qtc_fridericia_ms"] == pytest.approx(qtc, rel=0.02)
    four = lead(made, "V4")
    for beat in inner(made):
        part = four - four[at(made, beat["qrs_on_s"])]
        t = part[at(made, beat["qrs_off_s"] + 0.04) : at(made, beat["t_end_s"])]
        assert abs(part[at(made, beat["t_end_s"])]) < 0.07 * t.max(), "T is over"
        assert part[at(made, beat["t_end_s"] - 0.05)] > 0.05 * t.max(), "and was not before"


@pytest.mark.parametrize(("name", "key", "without", "with_it", "code", "other"), SIDES)
def test_codes_stand_on_one_side_of_their_limit(name, key, without, with_it, code, other):
    for seed in (1, 2):
        assert code not in case(name, seed=seed, **{key: without}, **other).truth["codes"]
        assert code in case(name, seed=seed, **{key: with_it}, **other).truth["codes"]


@pytest.mark.parametrize(("name", "rate"), [
    ("sinus", 45), ("sinus", 150), ("vt", 180), ("svt", 220), ("paced", 70), ("av_block_3", 40),
])  # fmt: skip
def test_the_rate_is_the_one_asked_for(name, rate):
    truth = clean(name, rate_bpm=rate, seconds=20.0).truth
    assert truth["rate_bpm"] == pytest.approx(rate, rel=0.025)
    assert truth["rate_bpm"] == pytest.approx(60 / np.diff(truth["r_times_s"]).mean(), rel=1e-3)


def test_noise_has_the_size_asked_for():
    noisy, quiet = case("sinus", seed=3, noise_mv=0.05), clean("sinus", seed=3)
    added = noisy.trace.millivolts.astype(float) - quiet.trace.millivolts
    assert np.sqrt(np.mean(added**2)) == pytest.approx(0.05, rel=1e-3)


@pytest.mark.parametrize(("given", "text"), [
    ({"st_mv": 9}, "0.02 to 1 mV"), ({"form": "round"}, "dome, straight"),
    ({"height": 1}, "it takes"), ({"age": "old"}, "16 to 100"), ({"noise_mv": 4}, "0 to 1 mV"),
])  # fmt: skip
def test_what_is_not_drawn_is_refused_with_what_is(given, text):
    with pytest.raises(ValueError, match=text):
        case("stemi_anterior", seed=1, **given)


def test_an_unknown_case_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="stemi_anterior"):
        case("stemi", seed=1)


def test_limits_lie_inside_the_ranges_of_their_parameters():
    for recipe in names().values():
        for key, one in {**USUAL, **recipe.asks}.items():
            if isinstance(one, Choice):
                continue
            assert one.least <= one.usual <= one.most, (recipe.name, key)
            assert all(one.least <= value <= one.most for value, _ in one.limits)
