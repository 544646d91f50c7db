"""Samples of a DICOM waveform in millivolts, or a clear reason why not.

A value equal to the padding value is a gap. Some writers name 0 as padding, which is also what a
real signal crosses all the time: then only a stretch in which all channels stay at the padding
value is a gap, and the trace says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace
from workbench.domain.trace import DeviceSays, Trace
from workbench.formats.elements import Elements, element_of
from workbench.formats.leads import lead_of
from workbench.formats.received_ecg import trace_of_leads
from workbench.formats.units import millivolts_of

FORMS: Final = {"SB": "i1", "UB": "u1", "SS": "i2", "US": "u2", "SL": "i4", "UL": "u4"}
WAVEFORM_DATA: Final = 0x54001010
MOST_SAMPLES: Final = 130_000_000  # all channels; three leads at 500 Hz for a day
EDGE: Final = 0.98  # of the range: beyond it a padding value cannot be signal


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: its lead, and how a stored sample becomes millivolts."""

    lead: str
    scale: float
    offset: float  # mV
    note: str = ""
    calibrated: bool = True
    bits: int = 0  # significant ones of a sample, when the file says so


def rhythm_group(e: Elements) -> Elements | None:
    """The multiplex group with the recording: original, not median, and the longest."""
    best: tuple[tuple[bool, float], Elements] | None = None
    for group in _recordings(e):
        label = group.text("MultiplexGroupLabel").upper()
        rate = group.number("SamplingFrequency") or 1.0
        seconds = (group.number("NumberOfWaveformSamples") or 0.0) / max(rate, 1e-9)
        key = ("RHYTHM" in label, seconds)
        if best is None or key > best[0]:
            best = (key, group)
    return None if best is None else best[1]


def rhythm_groups(e: Elements) -> int:
    """How many groups hold a recording."""
    return sum(1 for _ in _recordings(e))


def _recordings(e: Elements) -> Iterator[Elements]:
    for group in e.items("WaveformSequence"):
        label = group.text("MultiplexGroupLabel").upper()
        derived = group.text("WaveformOriginality").upper() == "DERIVED"
        if "MEDIAN" not in label and (not derived or "RHYTHM" in label):
            yield group


def trace_of(group: Elements, device: DeviceSays, origin: str) -> tuple[Trace, tuple[str, ...]]:
    """The recording of one group.

    Raises
    ------
    BadTrace
        If the group contradicts itself or breaks off.
    """
    counts = _counts(group)
    channels = [
        _channel(item, at) for at, item in enumerate(group.items("ChannelDefinitionSequence"))
    ]
    if len(channels) != counts[0]:
        raise BadTrace(f"{counts[0]} channels are announced, {len(channels)} are described")
    raw, gaps, notes, flags = _samples(group, counts)
    rows: dict[str, NDArray[np.float32]] = {}
    for at, channel in enumerate(channels):  # one at a time: a day of samples is large enough once
        name = channel.lead if channel.lead not in rows else f"{channel.lead} ({at + 1})"
        beyond = _beyond(raw[:, at], None if gaps is None else gaps[:, at], channel.bits)
        if beyond:
            flags.append("bits_beyond_stored")
            notes.append(
                f"{name}: {beyond} samples do not fit the {channel.bits} bits that are stated"
            )
        signal = (raw[:, at] * channel.scale + channel.offset).astype(np.float32)
        if gaps is not None:
            signal[gaps[:, at]] = np.nan
        rows[name] = signal
    notes += [c.note for c in channels if c.note]
    if any(not c.calibrated for c in channels):
        flags.append("not_calibrated")
    rate = group.number("SamplingFrequency") or 0.0
    return trace_of_leads(rows, rate, origin, device=device, flags=flags, notes=notes)


def _counts(group: Elements) -> tuple[int, int]:
    channels = int(group.number("NumberOfWaveformChannels") or 0)
    samples = int(group.number("NumberOfWaveformSamples") or 0)
    if channels < 1 or samples < 1 or channels * samples > MOST_SAMPLES:
        raise BadTrace(
            f"{channels} channels of {samples} samples; expected 1 to 24 of some seconds"
        )
    return channels, samples


def _samples(
    group: Elements, counts: tuple[int, int]
) -> tuple[NDArray[np.signedinteger], NDArray[np.bool_] | None, list[str], list[str]]:
    """Stored samples, shape (samples, channels), and which of them are gaps."""
    form = FORMS.get(group.text("WaveformSampleInterpretation").upper())
    if form is None:
        seen = group.text("WaveformSampleInterpretation") or "none"
        raise BadTrace(f"sample interpretation {seen}; expected one of {', '.join(FORMS)}")
    data = group.whole("WaveformData")
    wide = int(form[1])
    expected = counts[0] * counts[1] * wide
    if len(data) < expected:
        raise BadTrace(
            f"truncated: the recording holds {len(data)} bytes of {expected}; "
            "ask for it to be sent again"
        )
    element = element_of(group.dataset, WAVEFORM_DATA)
    order = "<" if getattr(element, "is_little_endian", True) else ">"
    words = np.frombuffer(data, f"{order}{form}", counts[0] * counts[1]).reshape(
        counts[1], counts[0]
    )
    padding = group.whole("WaveformPaddingValue")[:wide]
    if len(padding) != wide:
        return words, None, [], []
    gaps, notes = _gaps(words, int(np.frombuffer(padding, f"{order}{form}")[0]), np.iinfo(form))
    return words, gaps, notes, [] if gaps is None else ["gaps"]


def _gaps(
    raw: NDArray[np.signedinteger], padding: int, limits: np.iinfo[np.signedinteger]
) -> tuple[NDArray[np.bool_] | None, list[str]]:
    hits: NDArray[np.bool_] = raw == padding
    if not hits.any():
        return None, []
    if abs(padding) < EDGE * min(limits.max, -limits.min or limits.max):
        whole = hits.all(axis=1)
        edges = np.flatnonzero(np.diff(np.concatenate(([0], whole.view(np.int8), [0]))))
        hits = np.zeros_like(hits)
        for start, end in list(pairwise(edges))[::2]:
            if end - start > 1 or start == 0 or end == len(raw):
                hits[start:end] = True
        note = f"padding value {padding:g} is also a possible sample; only stretches are gaps"
    else:
        note = f"{int(hits.sum())} samples carry the padding value {padding:g}"
    if not hits.any():
        return None, [note]
    return hits, [f"{note}: shown as gaps"]


def _beyond(raw: NDArray[np.signedinteger], gaps: NDArray[np.bool_] | None, bits: int) -> int:
    """How many samples need more than the bits stated: 12 bits whose sign was not extended, say.

    They are shown as they stand: from here nobody can tell whether sample or statement is wrong.
    """
    if not 0 < bits < 8 * raw.itemsize:
        return 0
    signed = raw.dtype.kind == "i"
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    if raw.min() >= low and raw.max() <= high:
        return 0
    out = (raw < low) | (raw > high)
    return int(np.count_nonzero(out if gaps is None else out & ~gaps))


def _channel(item: Elements, at: int) -> Channel:
    source = next(item.items("ChannelSourceSequence"), None)
    lead = ""
    if source is not None:
        code, scheme = source.text("CodeValue"), source.text("CodingSchemeDesignator")
        lead = lead_of(code, scheme, source.text("CodeMeaning"))
    lead = lead or lead_of("", "", item.text("ChannelLabel"))
    label = lead or item.text("ChannelLabel") or f"channel {at + 1}"
    unit = next(item.items("ChannelSensitivityUnitsSequence"), None)
    word = "" if unit is None else unit.text("CodeValue")
    factor = millivolts_of(word)
    bits = int(item.number("WaveformBitsStored") or 0)
    sensitivity = item.number("ChannelSensitivity")
    correction = item.number("ChannelSensitivityCorrectionFactor")
    baseline = item.number("ChannelBaseline") or 0.0
    if not sensitivity or factor is None:
        seen = f"sensitivity {sensitivity}, unit {word or 'none'}"
        note = f"{label} is not calibrated ({seen}); its numbers are stored counts / 1000"
        return Channel(label, 1e-3, 0.0, note, calibrated=False, bits=bits)
    scale = sensitivity * (correction or 1.0) * factor
    # PS3.3 C.10.9.1.4.2: the baseline is in the sensitivity's unit and added after scaling
    return Channel(label, scale, baseline * factor, bits=bits)
