"""Samples of a Philips Sierra XML: declared length, step, and the calibration pulse at the end."""

import base64
import binascii
from dataclasses import dataclass
from typing import Final

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace
from workbench.domain.trace import LEADS
from workbench.formats.leads import lead_from_text
from workbench.formats.sierra_xli import unpack, whole_leads

VERSIONS: Final = ("1.03", "1.04", "1.04.01", "1.04.02")
MOST_SAMPLES: Final = 2_000_000  # all leads
MOST_LEADS: Final = 32
PULSE_MV: Final = (0.9, 1.1)  # height of a calibration pulse
SHORTEST_PULSE: Final = 0.05  # s


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """Leads in mV by name; `pulse_s` is the time cut off because it held the calibration pulse."""

    rows: dict[str, NDArray[np.float32]]
    rate: float
    calibrated: bool
    pulse_s: float


def rhythm_of(root: etree._Element) -> Rhythm:
    """The recording of `parsedwaveforms`; averaged beats (`repbeats`) are not looked at.

    Raises
    ------
    BadTrace
        If the version is unknown, or the samples are missing, damaged or too few.
    """
    version = (root.findtext("documentinfo/documentversion") or "").strip()
    if version not in VERSIONS:
        raise BadTrace(f"version {version or 'not given'}; readable are {', '.join(VERSIONS)}")
    waves = root.find("waveforms/parsedwaveforms")
    if waves is None:
        raise BadTrace("the file holds no rhythm waveform, at most an averaged beat")
    said = _Said(waves, root.find("dataacquisition/signalcharacteristics"))
    names = _names(said)
    rate = said.number("samplespersecond", "samplingrate")
    milliseconds = said.number("durationperchannel")
    if not rate or not milliseconds:
        raise BadTrace(
            f"{rate} samples per second for {milliseconds} ms; without both no time can be measured"
        )
    count = round(milliseconds * rate / 1000)
    if not 1 <= count * len(names) <= MOST_SAMPLES:
        raise BadTrace(f"{count} samples a lead are declared; expected some seconds of them")
    if said.number("bitspersample", "nbitspersample") not in (None, 16.0):
        raise BadTrace(f"samples of {said.number('bitspersample')} bits; expected 16")
    steps = _steps(waves, said, names, count)
    step_uv = said.number("resolution", "signalresolution")
    zero = said.number("signaloffset") or 0.0
    millivolts = (steps - zero) * (step_uv or 1.0) / 1000
    keep = _before_pulse(millivolts, rate) if step_uv else count
    rows = {
        name: row[:keep].astype(np.float32) for name, row in zip(names, millivolts, strict=True)
    }
    return Rhythm(rows, rate, bool(step_uv), (count - keep) / rate)


def seconds_of(root: etree._Element) -> float | None:
    """Length that the file declares, calibration pulse and all; samples stay packed."""
    waves = root.find("waveforms/parsedwaveforms")
    if waves is None:
        return None
    said = _Said(waves, root.find("dataacquisition/signalcharacteristics"))
    milliseconds = said.number("durationperchannel")
    return None if milliseconds is None else milliseconds / 1000


@dataclass(frozen=True, slots=True)
class _Said:
    """Attributes of the waveform; what 1.03 says of the whole signal stands in for them."""

    waves: etree._Element
    signal: etree._Element | None

    def word(self, *names: str) -> str:
        for name in names:
            own = str(self.waves.get(name) or "").strip()
            other = "" if self.signal is None else (self.signal.findtext(name) or "").strip()
            if own or other:
                return own or other
        return ""

    def number(self, *names: str) -> float | None:
        try:
            value = float(self.word(*names))
        except ValueError:
            return None
        return value if np.isfinite(value) and value >= 0 else None


def _names(said: _Said) -> list[str]:
    labels = said.word("leadlabels").split()
    if not labels:
        if not said.word("leadset", "acquisitiontype").startswith("STD-12"):
            raise BadTrace(
                f"lead set {said.word('leadset') or 'not given'}; which leads are these?"
            )
        labels = list(LEADS)
    names = [lead_from_text(label) or label for label in labels]
    if len(names) > MOST_LEADS or len(set(names)) != len(names):
        raise BadTrace(f"leads {', '.join(names[:MOST_LEADS])}: expected each one once")
    return names


def _steps(waves: etree._Element, said: _Said, names: list[str], count: int) -> NDArray[np.float64]:
    """Stored steps, shape (n_leads, n_samples)."""
    if said.word("dataencoding").lower() != "base64":
        raise BadTrace(f"samples written as {said.word('dataencoding')}; expected Base64")
    try:
        data = base64.b64decode("".join((waves.text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadTrace(f"the samples are damaged ({error}); send the file again") from error
    packing = said.word("compression", "compressmethod").upper()
    packed = said.word("compressflag").lower() != "false" and packing not in {"", "NONE"}
    if not packed:
        form = "<u2" if said.word("signalsigned").lower() == "false" else "<i2"
        if len(data) != 2 * count * len(names):
            raise BadTrace(
                f"truncated: the samples have {len(data)} bytes; "
                f"{2 * count * len(names)} are declared. Send the file again"
            )
        return np.frombuffer(data, form).reshape(len(names), count).astype(np.float64)
    if packing != "XLI":
        raise BadTrace(f"samples packed by {packing}; readable is XLI")
    rows = unpack(data, len(names), 2 * count + 64)
    short = min(len(row) for row in rows)
    if short < count:
        raise BadTrace(
            f"truncated: a lead holds {short} samples; {count} are declared. Send the file again"
        )
    rows = [row[:count] for row in rows]
    if tuple(names[:6]) == LEADS[:6]:
        rows = whole_leads(rows)
    return np.stack(rows).astype(np.float64)


def _before_pulse(millivolts: NDArray[np.float64], rate: float) -> int:
    """Where the heart ends: at the end all leads may hold one and the same square pulse of 1 mV.

    Known by content: from there to the end every lead is equal, and only 0 and one height between
    0.9 and 1.1 mV occur, the height for a while, beginning and ending with 0.
    """
    equal = (millivolts == millivolts[0]).all(axis=0)
    unequal = np.flatnonzero(~equal)
    begin = int(unequal[-1]) + 1 if unequal.size else 0
    tail = millivolts[0, begin:]
    heights = np.unique(tail[tail != 0])
    found = len(tail) > 0 and len(heights) == 1 and PULSE_MV[0] <= heights[0] <= PULSE_MV[1]
    if not found or tail[0] != 0 or tail[-1] != 0 or not begin:
        return int(millivolts.shape[1])
    long_enough = np.count_nonzero(tail) >= SHORTEST_PULSE * rate
    return begin if long_enough else int(millivolts.shape[1])
