"""Heights and widths of every wave in every lead of the averaged beat: what the rules read."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.beat_marks import LEVEL_MS, T_AXIS_AFTER_J_MS
from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.facts import LeadWaves
from workbench.ecg.qrs_waves import Deflection, deflections, initial_slope, notches
from workbench.ecg.wave_speed import RATE, Curves, at_measuring_rate

T_LATEST_MS = 420.0  # after QRS onset: the T window where the end of T is not known
BEFORE_NEXT_MS = 60.0  # and so long before the next QRS, or P
U_FROM_MS, U_TO_MS = 20.0, 220.0  # after the end of T
U_LEAST_MS = 100.0
P_LEAST_MV = 0.02  # a positive part of P lower than this is none
LEVEL_ERROR = 1.1  # the middle half of the beats is averaged: a little less sure than their mean

Waves = dict[str, Any]  # fields of LeadWaves


def lead_waves(
    beat: DominantBeat, marks_ms: Mapping[str, float | None], curves: Curves | None = None
) -> dict[str, LeadWaves]:
    """Measure every lead between the global marks.

    Heights are over the mean of the 8 ms before QRS onset, those of P over the 8 ms before P. A
    lone negative QRS (QS) stands in `q_mv`, with R and S zero. T is looked at from 80 ms after J,
    or half-way to the end of T when that is earlier. Where the end of T is not known, T is looked
    at up to 420 ms after QRS onset or the next beat: a flat T is a low T and not a missing one. The
    terminal force of P is depth times duration of its last negative part.

    Parameters
    ----------
    beat : DominantBeat
        Averaged beat.
    marks_ms : mapping of str to float or None
        ``p_on, p_off, qrs_on, j, t_end`` in ms from the first sample of the beat.
    curves : Curves, optional
        What `workbench.ecg.wave_speed.curves_of` gives for the beat, when it is at hand.

    Returns
    -------
    dict of str to LeadWaves
        Every lead that was recorded throughout QRS; empty when QRS is not marked.

    References
    ----------
    .. [1] Kligfield P et al. AHA/ACC/HRS recommendations, part I. Circulation 2007;115:1306-1324.
    .. [2] Thygesen K et al. Fourth Universal Definition of Myocardial Infarction. Circulation
       2018;138:e618-e651 (ST at J over the level at QRS onset).
    .. [3] Morris JJ et al. P-wave analysis in valvular heart disease. Circulation 1964;29:242-252
       (terminal force: depth times duration).
    """
    on, j = marks_ms.get("qrs_on"), marks_ms.get("j")
    if on is None or j is None or not j > on:
        return {}
    calm = at_measuring_rate(beat) if curves is None else curves.leads
    seen = _recorded(beat, calm.shape[1])
    span = (_at(on), _at(j))
    errors = LEVEL_ERROR * beat.noise_mv / np.sqrt(max(beat.times_s.size, 1))
    window = _t_window(beat, marks_ms, on, j)
    out: dict[str, LeadWaves] = {}
    for name, row, there, error in zip(beat.leads, calm, seen, errors, strict=True):
        if not there[max(_at(on - LEVEL_MS), 0) : span[1] + 1].all():
            continue
        level = _mean(row, on - LEVEL_MS, on)
        over = np.where(there, row - level, np.nan)
        values: Waves = {
            **_qrs(over[span[0] : span[1] + 1], float(error)),
            **_st(over, j),
            **_t(over, window, on),
            **_u(over, beat, marks_ms),
            **_p(over, marks_ms),
        }
        out[name] = LeadWaves(
            lead=name, noise_mv=float(error) if np.isfinite(error) else None, **values
        )
    return out


def _at(ms: float) -> int:
    return round(ms * RATE / 1000)


def _recorded(beat: DominantBeat, size: int) -> NDArray[np.bool_]:
    held = np.isfinite(beat.millivolts)
    if held.shape[1] == size:
        return np.asarray(held)
    near = np.round(np.arange(size) * beat.rate / RATE).astype(int)
    return np.asarray(held[:, np.minimum(near, held.shape[1] - 1)])


def _mean(row: NDArray[np.float64], start: float, end: float) -> float:
    """Mean of the samples in a stretch; of a stretch of 8 ms all five, the outer ones half."""
    part = row[max(_at(start), 0) : _at(end) + 1]
    if part.size < 2:
        return float(part.mean()) if part.size else float("nan")
    return float((part[:-1] + part[1:]).mean() / 2)


def _height(row: NDArray[np.float64], ms: float) -> float | None:
    k = _at(ms)
    if not 0 <= k < row.size or not np.isfinite(row[k]):
        return None
    return float(row[k])


def _qrs(qrs: NDArray[np.float64], error: float) -> Waves:
    waves = deflections(qrs, error)
    names = _named(waves)
    positive = [names[key] for key in ("r", "r2") if key in names]
    out: Waves = {
        "qrs_pp_mv": float(np.ptp(qrs)),
        "qrs_area_mvms": float((qrs[:-1] + qrs[1:]).sum() / 2 * 1000 / RATE),
        "r_peak_ms": 1000 * positive[-1].peak / RATE if positive else None,
        "notches": notches(qrs, waves, error),
        "initial_slope": initial_slope(qrs),
    }
    for key in ("q", "r", "s", "r2", "s2"):
        wave = names.get(key)
        out[f"{key}_mv"] = abs(wave.mv) if wave else 0.0
        if key != "s2":
            out[f"{key}_ms"] = wave.ms if wave else 0.0
    return out


def _named(waves: list[Deflection]) -> dict[str, Deflection]:
    """Letters by sign and order; what comes after S' has none."""
    names = ("q", "r", "s", "r2", "s2") if waves and waves[0].mv < 0 else ("r", "s", "r2", "s2")
    return dict(zip(names, waves, strict=False))


def _st(over: NDArray[np.float64], j: float) -> Waves:
    part = over[_at(j) : _at(j + 80) + 1]
    slope = None
    if part.size == _at(j + 80) - _at(j) + 1 and np.isfinite(part).all():
        x = np.arange(part.size) / RATE
        x -= x.mean()
        slope = float((x * part).sum() / (x * x).sum())  # mV/s
    return {
        "st_j_mv": _height(over, j),
        "st_j60_mv": _height(over, j + 60),
        "st_j80_mv": _height(over, j + 80),
        "st_slope_mv_s": slope,
    }


def _t_window(
    beat: DominantBeat, marks_ms: Mapping[str, float | None], on: float, j: float
) -> tuple[float, float]:
    end = marks_ms.get("t_end")
    if end is None:
        end = min(on + T_LATEST_MS, 1000 * beat.next_qrs_s - BEFORE_NEXT_MS)
    return min(j + T_AXIS_AFTER_J_MS, (j + end) / 2), end


def _t(over: NDArray[np.float64], window: tuple[float, float], on: float) -> Waves:
    first, last = _at(window[0]), _at(window[1]) + 1
    part = over[first:last]
    if part.size < 10 or last > over.size or not np.isfinite(part).all():
        return {}
    top, low = int(np.argmax(part)), int(np.argmin(part))
    largest = top if part[top] >= -part[low] else low
    side = 1.0 if largest == top else -1.0
    half = side * part < abs(float(part[largest])) / 2
    before, after = np.flatnonzero(half[:largest]), np.flatnonzero(half[largest:])
    start = before[-1] + 1 if before.size else 0
    end = largest + after[0] if after.size else part.size
    return {
        "t_max_mv": float(part[top]),
        "t_min_mv": float(part[low]),
        "t_peak_ms": 1000 * (first + largest) / RATE - on,
        "t_width_ms": 1000 * float(end - start) / RATE,
    }


def _u(
    over: NDArray[np.float64], beat: DominantBeat, marks_ms: Mapping[str, float | None]
) -> Waves:
    """Farthest from the straight line between the end of T and the next beat."""
    end, on, p_on = marks_ms.get("t_end"), marks_ms.get("qrs_on"), marks_ms.get("p_on")
    if end is None or on is None:
        return {}
    latest = 1000 * beat.next_qrs_s - BEFORE_NEXT_MS / 2 - (0.0 if p_on is None else on - p_on)
    last = min(end + U_TO_MS, latest, 1000 * (over.size - 1) / RATE)
    part = over[_at(end + U_FROM_MS) : _at(last) + 1]
    if 1000 * part.size / RATE < U_LEAST_MS or not np.isfinite(part).all():
        return {}
    apart = part - np.linspace(part[:3].mean(), part[-3:].mean(), part.size)
    return {"u_mv": float(apart[int(np.argmax(np.abs(apart)))])}


def _p(over: NDArray[np.float64], marks_ms: Mapping[str, float | None]) -> Waves:
    on, off = marks_ms.get("p_on"), marks_ms.get("p_off")
    if on is None or off is None:
        return {}
    part = over[_at(on) : _at(off) + 1]
    before = over[max(_at(on - LEVEL_MS), 0) : _at(on) + 1]
    if part.size < 5 or not np.isfinite(part).all() or not np.isfinite(before).all():
        return {}
    part = part - before.mean()
    top = int(np.argmax(part)) if part.max() > P_LEAST_MV else 0
    low = top + int(np.argmin(part[top:]))
    after, upto = np.flatnonzero(part[low:] >= 0), np.flatnonzero(part[: low + 1] >= 0)
    length = (
        (after[0] if after.size else part.size - low) + low - (upto[-1] + 1 if upto.size else 0)
    )
    depth = max(-float(part[low]), 0.0)
    return {
        "p_max_mv": float(part.max()),
        "p_min_mv": float(part.min()),
        "p_terminal_mvms": depth * 1000 * float(length) / RATE if depth > 0 else 0.0,
    }
