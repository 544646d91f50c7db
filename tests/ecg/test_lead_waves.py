"""Waves of single leads on curves whose every height and width is known."""

import numpy as np
import pytest

from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.lead_waves import lead_waves

MARKS = {"p_on": 300.0, "p_off": 400.0, "qrs_on": 460.0, "j": 560.0, "t_end": 860.0}


def beat_of(leads, hz=500.0, noise=0.005, next_qrs_s=1.35):
    rows = np.stack(list(leads.values()))
    return DominantBeat(
        millivolts=rows, rate=hz, leads=tuple(leads), at_s=0.5, times_s=np.arange(9.0), of=9,
        noise_mv=np.full(len(leads), noise), singles_mv=rows[None].repeat(9, axis=0),
        next_qrs_s=next_qrs_s,
    )  # fmt: skip


def curve(points, hz=500.0, seconds=1.35):
    """Straight lines through points of (ms, mV)."""
    ms, mv = zip(*points, strict=True)
    return np.interp(1000 * np.arange(round(seconds * hz) + 1) / hz, ms, mv)


def half_sines(*humps, hz=500.0, seconds=1.35):
    """Waves of (from ms, to ms, mV)."""
    t = 1000 * np.arange(round(seconds * hz) + 1) / hz
    out = np.zeros(t.size)
    for start, end, mv in humps:
        inside = (t >= start) & (t <= end)
        out[inside] += mv * np.sin(np.pi * (t[inside] - start) / (end - start))
    return out


@pytest.mark.parametrize("hz", [250.0, 500.0, 1000.0])
@pytest.mark.parametrize("offset", [0.0, 2.0])
def test_q_r_s_p_and_t_have_their_heights_and_widths(hz, offset):
    row = half_sines(
        (300, 400, 0.12), (460, 484, -0.2), (484, 532, 1.4), (532, 560, -0.5), (660, 860, 0.35),
        hz=hz,
    )  # fmt: skip
    one = lead_waves(beat_of({"V5": row + offset}, hz), MARKS)["V5"]
    near = {250.0: 0.06, 500.0: 0.02, 1000.0: 0.02}[hz]
    for name, mv, ms in (("q", 0.2, 24), ("r", 1.4, 48), ("s", 0.5, 28)):
        assert getattr(one, f"{name}_mv") == pytest.approx(mv, rel=near)
        assert getattr(one, f"{name}_ms") == pytest.approx(ms, abs=2.1)
    assert (one.r2_mv, one.s2_mv, one.notches) == (0.0, 0.0, 0)
    assert one.qrs_pp_mv == pytest.approx(1.9, rel=near)
    area = 2 / np.pi * (1.4 * 48 - 0.2 * 24 - 0.5 * 28)
    assert one.qrs_area_mvms == pytest.approx(area, rel=near)
    assert one.r_peak_ms == pytest.approx(48, abs=2.1)
    assert one.st_j_mv == pytest.approx(0, abs=0.01)
    assert one.t_max_mv == pytest.approx(0.35, rel=0.02)
    assert one.t_peak_ms == pytest.approx(300, abs=4.1)
    assert one.t_width_ms == pytest.approx(200 * 2 / 3, abs=6)  # sine is over a half for two thirds
    assert one.p_max_mv == pytest.approx(0.12, rel=0.03)
    assert one.p_terminal_mvms == pytest.approx(0, abs=0.1)


def test_a_second_r_and_a_second_s_are_found():
    row = half_sines((460, 480, 0.3), (480, 500, -0.6), (500, 540, 0.8), (540, 560, -0.2))
    one = lead_waves(beat_of({"V1": row}), MARKS)["V1"]
    heights = [one.q_mv, one.r_mv, one.s_mv, one.r2_mv, one.s2_mv]
    assert heights == pytest.approx([0.0, 0.3, 0.6, 0.8, 0.2], rel=0.02)
    assert one.r_peak_ms == pytest.approx(60, abs=2)  # to the last R


def test_a_lone_negative_complex_stands_in_q():
    one = lead_waves(beat_of({"V1": half_sines((460, 560, -1.1))}), MARKS)["V1"]
    assert one.q_mv == pytest.approx(1.1, rel=0.01)
    assert one.q_ms == pytest.approx(100, abs=2.1)
    assert (one.r_mv, one.s_mv) == (0.0, 0.0)
    assert one.r_peak_ms is None


@pytest.mark.parametrize("height", [0.3, -0.3])
def test_a_raised_or_lowered_st_segment_is_no_wave_of_qrs(height):
    last = [(540, 0.0), (560, height), (700, height), (860, 0.0), (2000, 0.0)]
    points = [(0, 0), (460, 0), (500, -np.sign(height)), *last]
    one = lead_waves(beat_of({"V2": curve(points)}), MARKS)["V2"]
    assert one.st_j_mv == pytest.approx(height, abs=1e-6)
    assert one.st_j60_mv == pytest.approx(height, abs=1e-6)
    assert one.st_j80_mv == pytest.approx(height, abs=1e-6)
    assert one.st_slope_mv_s == pytest.approx(0, abs=1e-6)
    waves = {n: getattr(one, f"{n}_mv") for n in ("q", "r", "s", "r2", "s2")}
    own = "q" if height > 0 else "r"
    assert waves.pop(own) == pytest.approx(1.0, rel=0.01)
    assert set(waves.values()) == {0.0}


@pytest.mark.parametrize("slope", [-1.5, 0.0, 2.0])
def test_the_slope_of_st_is_that_of_its_80_ms(slope):
    points = [(0, 0), (460, 0), (500, 1.0), (560, -0.1), (660, -0.1 + 0.1 * slope), (860, 0)]
    one = lead_waves(beat_of({"V4": curve([*points, (2000, 0)])}), MARKS)["V4"]
    assert one.st_slope_mv_s == pytest.approx(slope, abs=1e-6)
    assert one.st_j_mv == pytest.approx(-0.1, abs=1e-6)


@pytest.mark.parametrize("dents", [0, 1, 2])
def test_notches_of_a_broad_r_are_counted(dents):
    tops = np.linspace(490, 530, dents + 1)
    points = [(460, 0.0)]
    for k, at in enumerate(tops):
        points.append((at, 1.0))
        if k < dents:
            points.append(((at + tops[k + 1]) / 2, 0.8))
    row = curve([(0, 0), *points, (560, 0), (2000, 0)])
    assert lead_waves(beat_of({"V6": row}), MARKS)["V6"].notches == dents


def test_a_slow_beginning_is_told_from_a_quick_one():
    quick = curve([(0, 0), (460, 0), (500, 1.2), (560, 0), (2000, 0)])
    delta = curve([(0, 0), (460, 0), (500, 0.2), (520, 1.2), (560, 0), (2000, 0)])
    found = lead_waves(beat_of({"I": quick, "II": delta}), MARKS)
    assert found["I"].initial_slope > 1
    assert found["II"].initial_slope < 0.3


def test_both_halves_of_a_biphasic_t_are_seen():
    row = half_sines((460, 560, 1.0), (660, 740, 0.15), (740, 860, -0.4))
    one = lead_waves(beat_of({"V3": row}), MARKS)["V3"]
    assert one.t_max_mv == pytest.approx(0.15, rel=0.02)
    assert one.t_min_mv == pytest.approx(-0.4, rel=0.02)
    assert one.t_peak_ms == pytest.approx(340, abs=4)
    assert one.t_width_ms == pytest.approx(80, abs=6)


def test_a_flat_t_is_low_and_not_missing():
    one = lead_waves(
        beat_of({"V3": half_sines((460, 560, 1.0), (700, 850, 0.02))}), MARKS | {"t_end": None}
    )["V3"]
    assert one.t_max_mv == pytest.approx(0.02, abs=0.003)


def test_the_terminal_force_of_p_is_depth_times_duration():
    row = half_sines((300, 350, 0.08), (350, 400, -0.1), (460, 560, -1.0))
    one = lead_waves(beat_of({"V1": row}), MARKS)["V1"]
    assert one.p_terminal_mvms == pytest.approx(0.1 * 50, rel=0.05)
    assert one.p_max_mv == pytest.approx(0.08, rel=0.03)
    assert one.p_min_mv == pytest.approx(-0.1, rel=0.03)


def test_a_hump_after_t_is_u():
    row = half_sines((460, 560, 1.0), (660, 860, 0.3), (900, 1040, 0.12))
    one = lead_waves(beat_of({"V3": row}), MARKS | {"p_on": None})["V3"]
    assert one.u_mv == pytest.approx(0.12, rel=0.1)


def test_what_was_not_recorded_is_not_measured():
    row = half_sines((300, 400, 0.1), (460, 560, 1.0), (660, 860, 0.3))
    no_qrs, no_t = row.copy(), row.copy()
    no_qrs[250:270] = np.nan
    no_t[400:430] = np.nan
    found = lead_waves(beat_of({"I": row, "II": no_qrs, "III": no_t}), MARKS)
    assert set(found) == {"I", "III"}
    assert found["III"].t_max_mv is None
    assert found["III"].r_mv == found["I"].r_mv
    assert lead_waves(beat_of({"I": row}), MARKS | {"qrs_on": None}) == {}
    assert lead_waves(beat_of({"I": row}), MARKS | {"p_on": None})["I"].p_max_mv is None


def test_ripples_of_noise_are_no_waves():
    row = half_sines((460, 470, 0.08), (470, 560, -1.0))
    calm = lead_waves(beat_of({"V1": row}, noise=0.005), MARKS)["V1"]
    noisy = lead_waves(beat_of({"V1": row}, noise=0.09), MARKS)["V1"]
    assert calm.r_mv == pytest.approx(0.08, rel=0.06)
    assert (noisy.r_mv, noisy.q_mv) == (0.0, pytest.approx(1.0, rel=0.01))
    assert calm.noise_mv == pytest.approx(1.1 * 0.005 / 3)
