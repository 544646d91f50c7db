"""The truth of a drawn case, in plain values that a JSON file holds."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.ecg_leads import leads_of_dipole
from workbench.phantoms.ecg_loops import Loop, trace_loop
from workbench.phantoms.ecg_rows import BESIDE, by_lead
from workbench.phantoms.ecg_strip import DrawnBeat, Strip


def truth_of(strip: Strip) -> dict[str, object]:
    """Say what was drawn.

    Parameters
    ----------
    strip : Strip
        Canvas after the last stroke.

    Returns
    -------
    dict of str to object
        ``beats`` (each ``r_s, class, origin, qrs_on_s, qrs_off_s, t_end_s, pr_ms, qrs_ms, qt_ms``),
        ``r_times_s``, ``rate_bpm`` (60 over mean RR), ``rr_longest_s``, ``rr_shortest_s``,
        ``p_onsets_s``, ``p_present``, ``pr_ms`` (median of conducted beats, None without),
        ``qrs_ms, qt_ms, qtc_fridericia_ms, qrs_axis_deg, st_j_mv`` of the usual beat,
        ``marks_ms`` (P, QRS onset, J, T end over QRS onset), ``spikes``.
    """
    inside = sorted(
        (b for b in strip.beats if 0 <= b.r_s < strip.seconds), key=lambda beat: beat.r_s
    )
    r = np.array([b.r_s for b in inside])
    rr = np.diff(r)
    waves = sorted(p for p in strip.p_onsets if 0 <= p < strip.seconds)
    return {
        "beats": [_beat(b) for b in inside],
        "r_times_s": [round(float(t), 4) for t in r],
        "rr_s": [round(float(v), 4) for v in rr],
        "rate_bpm": float(60.0 / rr.mean()) if rr.size else None,
        "rr_longest_s": float(rr.max()) if rr.size else None,
        "rr_shortest_s": float(rr.min()) if rr.size else None,
        "p_present": bool(waves),
        "p_onsets_s": [round(float(t), 4) for t in waves],
        **_usual(inside, rr),
        "spikes": [
            {"at_s": round(at, 4), "chamber": chamber, "captured": captured}
            for at, chamber, captured in strip.spikes
            if 0 <= at < strip.seconds
        ],
        "seconds": strip.seconds,
        "rate_hz": strip.rate_hz,
        **strip.facts,
    }


def _beat(beat: DrawnBeat) -> dict[str, object]:
    style, on = beat.style, beat.onset_s
    return {
        "r_s": round(beat.r_s, 4),
        "class": beat.kind,
        "origin": style.origin,
        "qrs_on_s": round(on, 4),
        "qrs_off_s": round(on + style.qrs_ms / 1000, 4),
        "t_end_s": round(on + style.qt_ms / 1000, 4),
        "pr_ms": None if beat.p_onset_s is None else round(1000 * (on - beat.p_onset_s), 1),
        "qrs_ms": round(style.qrs_ms, 1),
        "qt_ms": round(style.qt_ms, 1),
    }


def _usual(inside: Iterable[DrawnBeat], rr: NDArray[np.float64]) -> dict[str, object]:
    usual = [b for b in inside if b.kind in ("usual", "paced")]
    if not usual:
        return dict.fromkeys((
            "pr_ms", "qrs_ms", "qt_ms", "qtc_fridericia_ms", "qrs_axis_deg", "st_j_mv", "marks_ms",
        ))  # fmt: skip
    style = usual[0].style
    led = [1000 * (b.onset_s - b.p_onset_s) for b in usual if b.p_onset_s is not None]
    pr = round(float(np.median(led)), 1) if led else None
    qtc = style.qt_ms / float(np.cbrt(rr.mean())) if rr.size else None
    st = by_lead(style.st_mv())
    return {
        "pr_ms": pr,
        "qrs_ms": round(style.qrs_ms, 1),
        "qt_ms": round(style.qt_ms, 1),
        "qtc_fridericia_ms": None if qtc is None else round(qtc, 1),
        "qrs_axis_deg": round(axis_of(style.qrs), 1),
        "st_j_mv": {n: round(v, 4) for n, v in st.items() if n not in BESIDE},
        "st_j_beside_mv": {n: round(v, 4) for n, v in st.items() if n in BESIDE},
        "marks_ms": {
            "p": None if pr is None else -pr, "qrs": 0.0, "j": round(style.qrs_ms, 1),
            "t": round(style.qt_ms, 1),
        },
    }  # fmt: skip


def axis_of(qrs: Loop) -> float:
    """Give the frontal axis from the net areas of I and aVF.

    Parameters
    ----------
    qrs : Loop
        Path of depolarisation.

    Returns
    -------
    float
        Degrees, positive to the foot.
    """
    vector, place = trace_loop(qrs, 0.0, 1.0, np.linspace(0.0, 1.0, 501))
    area = leads_of_dipole(vector, np.zeros_like(place)).sum(axis=1)
    # aVF is recorded smaller than a bipolar lead by 2 over root 3
    return float(np.rad2deg(np.arctan2(area[5] * 2 / np.sqrt(3), area[0])))
