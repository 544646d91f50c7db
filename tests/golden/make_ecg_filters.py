"""Golden values of the viewer's filters, by SciPy: python tests/golden/make_ecg_filters.py.

Independent of frontend/ecg/filters.mjs. It keeps the signal `x` of the file and writes the cases.
"""

import json
import math
from itertools import product
from pathlib import Path

import numpy as np
from scipy.signal import butter, iirnotch, sosfiltfilt, sosfreqz, tf2sos

FILE = Path(__file__).with_name("ecg_filters.json")
BOTH = (math.sqrt(2) - 1) ** 0.25  # two passes together lose 3 dB at the frequency printed
HERTZ = (0.05, 0.5, 1, 10, 40, 49, 50, 51, 100, 150)


def sections(high_pass: float, low_pass: float, mains: float, rate: int) -> np.ndarray:
    """Second-order sections of one choice."""
    found = []
    for kind, hertz, move in (("high", high_pass, BOTH), ("low", low_pass, 1 / BOTH)):
        if hertz:
            moved = rate / math.pi * math.atan(math.tan(math.pi * hertz / rate) * move)
            found.append(butter(2, moved, kind, fs=rate, output="sos"))
    if mains:
        found.append(tf2sos(*iirnotch(mains, 30, fs=rate)))
    return np.vstack(found)


def main() -> None:
    """Filter the signal of the file with every choice."""
    golden = json.loads(FILE.read_text("utf-8"))
    x, rate, every = np.array(golden["x"]), golden["rate"], golden["every"]
    cases = []
    for high_pass, low_pass, mains in product((0, 0.05, 0.5), (0, 40, 100, 150), (0, 50)):
        if not (high_pass or low_pass or mains):
            continue
        sos = sections(high_pass, low_pass, mains, rate)
        y = sosfiltfilt(sos, x, padtype="odd", padlen=min(5 * rate, len(x) - 1))
        _, response = sosfreqz(sos, worN=np.array(HERTZ), fs=rate)
        gain = 20 * np.log10(np.maximum(np.abs(response) ** 2, 1e-12))
        cases.append({
            "high_pass": high_pass, "low_pass": low_pass, "mains": mains,
            "y": [round(float(v), 6) for v in y[::every]],
            "gain_db": {str(h): round(float(g), 4) for h, g in zip(HERTZ, gain, strict=True)},
        })  # fmt: skip
    golden["made_by"] = (
        "python tests/golden/make_ecg_filters.py (SciPy, nothing of the program): butter(2, moved "
        "edge) and iirnotch(50, 30), then sosfiltfilt(padtype='odd', padlen=min(5*rate, n-1)); the "
        "edges are moved so that both passes together lose 3 dB at the frequency printed; y holds "
        "every tenth value; gain_db = 20*log10(|sosfreqz|**2)"
    )
    golden["cases"] = cases
    FILE.write_text(json.dumps(golden) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
