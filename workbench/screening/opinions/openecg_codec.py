"""The learned reading of openecg: one lead, intervals and share of atrial fibrillation.

Its beat detector errs at 40/min and below and at 200/min and above, so its rate is not asked.
"""

from importlib.metadata import PackageNotFoundError, version

import numpy as np

from workbench.domain.trace import Trace
from workbench.screening.onnx import runtime
from workbench.screening.second_opinions import Opinion

RATE = 500  # Hz; the model knows no other
INTERVALS = {"pr_ms": "pr", "qrs_ms": "qrs_duration", "qt_ms": "qt"}
FIBRILLATION = "afib"


class OpenecgCodec:
    """Intervals and rhythm of one lead by its int8 model."""

    name = "openecg"

    def version(self) -> str:
        """Version of the package; it and its runtime must be there."""
        try:
            version("onnxruntime")
            return version("openecg")
        except PackageNotFoundError as error:
            raise ImportError(
                f'{error.name} is not installed; run: pip install "openecg[report]"'
            ) from error

    def look(self, trace: Trace, lead: str, beats_s: np.ndarray) -> Opinion:
        """Ask the model; its own beats are used, ours it cannot take."""
        runtime()  # silenced before openecg brings it in
        import openecg  # noqa: PLC0415 - optional, and only when it is asked

        del beats_s
        row = np.nan_to_num(np.asarray(trace.lead(lead), dtype=np.float64))
        count = round(row.size * RATE / trace.rate)
        even = np.interp(np.arange(count) / RATE, np.arange(row.size) / trace.rate, row)
        said = openecg.report(even, fs=RATE, model="onnx")
        if any(str(flag).startswith("codec_") for flag in said.flags):
            raise RuntimeError(f"openecg reports {', '.join(map(str, said.flags))}")
        numbers = {
            ours: float(said.intervals_ms[theirs])
            for ours, theirs in INTERVALS.items()
            if said.intervals_ms.get(theirs) is not None
        }
        return Opinion(numbers, float(said.rhythm["distribution"].get(FIBRILLATION, 0.0)))
