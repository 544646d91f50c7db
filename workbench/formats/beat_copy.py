"""The averaged beat as pages show it: int16 microvolts, and the engine's marks beside them."""

import numpy as np

from workbench.domain.trace import Trace
from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.global_waves import ENGINE, GlobalWaves
from workbench.formats.display_copy import GAP, microvolts


def beat_samples(beat: DominantBeat) -> bytes:
    """Lead after lead like the trace; -32768 beyond the neighbouring beats."""
    return microvolts(beat.millivolts)


def beat_meta(
    trace: Trace, beat: DominantBeat, waves: GlobalWaves, rr_ms: float | None
) -> dict[str, object]:
    """Everything a page needs beside the samples, ready for JSON."""
    noise = zip(beat.leads, beat.noise_mv, strict=True)
    return {
        "rate": beat.rate,
        "samples": beat.millivolts.shape[1],
        "leads": list(beat.leads),
        "derived": list(trace.derived),
        "lsb_uv": 1.0,
        "gap": GAP,
        "calibrated": trace.calibrated,
        "r_ms": round(1000 * beat.at_s, 3),
        "beats": int(beat.times_s.size),
        "of": beat.of,
        "beats_s": [round(float(t), 4) for t in beat.times_s],
        "rr_ms": None if rr_ms is None else round(rr_ms, 3),
        "marks": dict(waves.marks_ms),
        "reasons": dict(waves.reasons),
        "noise_uv": {n: round(1000 * float(v), 1) if np.isfinite(v) else None for n, v in noise},
        "engine": {"name": ENGINE[0], "version": ENGINE[1]},
    }
