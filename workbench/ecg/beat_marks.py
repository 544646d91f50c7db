"""From five marks on the averaged beat to numbers; plain Python, so that a page's kernel can do it.

The viewer does the same sums while a mark is dragged (frontend/ecg/marks.mjs); both are held
against tests/golden/ecg_marks.json. What is stored is always what this module says.
"""

import math
import sys
from array import array
from collections.abc import Mapping, Sequence
from typing import Final

MARKS: Final = ("p_on", "p_off", "qrs_on", "j", "t_end")
LEVEL_MS: Final = 8.0  # a level is the mean of so much before the mark
T_AXIS_AFTER_J_MS: Final = 80.0  # the ST segment is not the T wave

NOT_MARKED: Final = {
    "p_on": "the beginning of P is not marked",
    "p_off": "the end of P is not marked",
    "qrs_on": "the beginning of QRS is not marked",
    "j": "the J point is not marked",
    "t_end": "the end of T is not marked",
}
OUT_OF_ORDER: Final = "the marks are not in the order P, QRS, J, T"
OUTSIDE: Final = "a mark lies where this lead holds no averaged beat"
NO_RATE: Final = "the mean RR interval is not known"
NO_FRONTAL: Final = "lead I or aVF is missing"
NO_VECTOR: Final = "the wave has no net area in lead I and aVF"
NOT_CALIBRATED: Final = "the recording does not say how many mV a step is"

Measured = dict[str, float | dict[str, float | None] | dict[str, str] | None]


def measure(
    leads: Mapping[str, Sequence[float]],
    rate: float,
    marks: Mapping[str, float | None],
    rr_ms: float | None,
    *,
    calibrated: bool = True,
) -> Measured:
    """Measure intervals, axes and ST levels between marks on an averaged beat.

    Between two samples the curve is a straight line; areas are taken exactly under that line. The
    level of a mark is the mean of the 8 ms before it. The axis of a wave is
    atan2(2/sqrt(3) * net area in aVF, net area in I), the areas over the level at `qrs_on` (QRS and
    T) or at `p_on` (P). QRS runs from `qrs_on` to `j`, P from `p_on` to `p_off`, T from 80 ms after
    `j`, or half-way between `j` and `t_end` when that is earlier, to `t_end`.

    Parameters
    ----------
    leads : mapping of str to sequence of float
        Samples of each lead in mV; NaN where there is none.
    rate : float
        Samples per second (Hz).
    marks : mapping of str to float or None
        Of `MARKS`, in ms from the first sample; a missing one is None or left out.
    rr_ms : float or None
        Mean RR interval of the recording (ms).
    calibrated : bool, optional
        False when the scale of the leads is unknown: no ST level is given, axes are.

    Returns
    -------
    dict
        ``heart_rate_bpm, p_ms, pr_ms, qrs_ms, qt_ms, qtc_fridericia_ms, qtc_bazett_ms,
        qtc_framingham_ms, qtc_hodges_ms, p_axis_deg, qrs_axis_deg, t_axis_deg``: number or None;
        ``st_j_mv, st_j60_mv, st_j80_mv``: the same for each lead; ``reasons``: for every None why,
        by name, of a lead as ``st_j_mv.V1``.

    References
    ----------
    .. [1] Fridericia LS. Acta Med Scand 1920;53:469-486.
    .. [2] Bazett HC. Heart 1920;7:353-370.
    .. [3] Sagie A et al. (Framingham). Am J Cardiol 1992;70:797-801.
    .. [4] Hodges M et al. J Am Coll Cardiol 1983;1:694.
    .. [5] Surawicz B et al. AHA/ACCF/HRS recommendations, part III. Circulation
       2009;119:e235-e240 (frontal axis).
    """
    out: Measured = {}
    why: dict[str, str] = {}
    at = {name: _finite(marks.get(name)) for name in MARKS}
    beat_s = None if rr_ms is None or not rr_ms > 0 else rr_ms / 1000

    def put(name: str, value: float | str) -> None:
        out[name] = None if isinstance(value, str) else value
        if isinstance(value, str):
            why[name] = value

    put("heart_rate_bpm", NO_RATE if beat_s is None else 60 / beat_s)
    put("p_ms", _between(at, "p_on", "p_off"))
    put("pr_ms", _between(at, "p_on", "qrs_on"))
    put("qrs_ms", _between(at, "qrs_on", "j"))
    qt = _between(at, "qrs_on", "t_end")
    put("qt_ms", qt)
    for name, value in _corrected(qt, beat_s).items():
        put(name, value)
    frame = [leads[name] for name in ("I", "aVF") if name in leads]
    for name, span, level in (
        ("p_axis_deg", ("p_on", "p_off"), "p_on"),
        ("qrs_axis_deg", ("qrs_on", "j"), "qrs_on"),
        ("t_axis_deg", ("j", "t_end"), "qrs_on"),
    ):
        length = _between(at, *span)
        if isinstance(length, str) or len(frame) < 2:
            put(name, length if isinstance(length, str) else NO_FRONTAL)
        else:
            put(name, _axis(frame, rate, (at, span, level)))
    for name, after in (("st_j_mv", 0.0), ("st_j60_mv", 60.0), ("st_j80_mv", 80.0)):
        levels: dict[str, float | None] = {}
        for lead, samples in leads.items():
            value = _st(samples, rate, at, after) if calibrated else NOT_CALIBRATED
            levels[lead] = None if isinstance(value, str) else value
            if isinstance(value, str):
                why[f"{name}.{lead}"] = value
        out[name] = levels
    out["reasons"] = why
    return out


def leads_of_copy(data: bytes, meta: Mapping[str, object]) -> dict[str, list[float]]:
    """Read the display copy "beat" back into millivolts.

    Parameters
    ----------
    data : bytes
        int16, little-endian, lead after lead.
    meta : mapping of str to object
        What lies beside the copy: ``leads``, ``samples``, ``lsb_uv``, ``gap``.

    Returns
    -------
    dict of str to list of float
        Samples of each lead in mV; NaN for a gap.

    Raises
    ------
    TypeError
        If `meta` holds no list of leads or no number of samples.
    ValueError
        If the bytes are not as many as `meta` says.
    """
    names, samples, step, gap = meta["leads"], meta["samples"], meta["lsb_uv"], meta["gap"]
    if not isinstance(names, list) or not isinstance(samples, int):
        raise TypeError(f"leads {names!r}, samples {samples!r}; expected a list and a number")
    if len(data) != 2 * samples * len(names):
        raise ValueError(
            f"{len(data)} bytes; expected {2 * samples * len(names)} for {len(names)} leads of"
            f" {samples} samples. Make the copy again"
        )
    values = array("h")
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    scale = float(str(step)) / 1000
    plain = [math.nan if v == gap else v * scale for v in values]
    return {name: plain[i * samples : (i + 1) * samples] for i, name in enumerate(names)}


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _between(at: Mapping[str, float | None], start: str, end: str) -> float | str:
    a, b = at[start], at[end]
    if a is None:
        return NOT_MARKED[start]
    if b is None:
        return NOT_MARKED[end]
    return b - a if b > a else OUT_OF_ORDER


def _corrected(qt: float | str, beat_s: float | None) -> dict[str, float | str]:
    names = ("qtc_fridericia_ms", "qtc_bazett_ms", "qtc_framingham_ms", "qtc_hodges_ms")
    if isinstance(qt, str):
        return dict.fromkeys(names, qt)
    if beat_s is None:
        return dict.fromkeys(names, NO_RATE)
    values = (
        qt / beat_s ** (1 / 3),
        qt / math.sqrt(beat_s),
        qt + 154 * (1 - beat_s),
        qt + 1.75 * (60 / beat_s - 60),
    )
    return dict(zip(names, values, strict=True))


def _axis(
    frame: Sequence[Sequence[float]],
    rate: float,
    wave: tuple[Mapping[str, float | None], tuple[str, str], str],
) -> float | str:
    at, (first, last), level_at = wave
    start, end, level_from = (at[name] for name in (first, last, level_at))
    if level_from is None or start is None or end is None:
        return NOT_MARKED[level_at]
    if level_from > start:
        return OUT_OF_ORDER
    if first == "j":
        start = min(start + T_AXIS_AFTER_J_MS, (start + end) / 2)
    areas = []
    for samples in frame:
        level = _mean(samples, rate, level_from - LEVEL_MS, level_from)
        mean = _mean(samples, rate, start, end)
        if level is None or mean is None:
            return OUTSIDE
        areas.append((mean - level) * (end - start))
    flat = math.hypot(*areas) < 1e-9
    return NO_VECTOR if flat else math.degrees(math.atan2(2 / math.sqrt(3) * areas[1], areas[0]))


def _st(
    samples: Sequence[float], rate: float, at: Mapping[str, float | None], after: float
) -> float | str:
    qrs = _between(at, "qrs_on", "j")
    if isinstance(qrs, str):
        return qrs
    on, j = at["qrs_on"] or 0.0, at["j"] or 0.0
    level, value = _mean(samples, rate, on - LEVEL_MS, on), _value(samples, rate, j + after)
    return OUTSIDE if level is None or value is None else value - level


def _value(samples: Sequence[float], rate: float, ms: float) -> float | None:
    """Height of the straight lines through the samples; None where there is none."""
    place = ms * rate / 1000
    if not 0 <= place <= len(samples) - 1:
        return None
    left = min(math.floor(place), len(samples) - 1)
    share = place - left
    low = samples[left]
    value = low if share == 0 else low + share * (samples[left + 1] - low)
    return value if math.isfinite(value) else None


def _mean(samples: Sequence[float], rate: float, start: float, end: float) -> float | None:
    """Mean height of the straight lines through the samples between two times (ms)."""
    first, last = _value(samples, rate, start), _value(samples, rate, end)
    if first is None or last is None:
        return None
    a, b = start * rate / 1000, end * rate / 1000
    inner = range(math.floor(a) + 1, math.ceil(b))
    places = [a, *inner, b]
    heights = [first, *(samples[i] for i in inner), last]
    area = sum(
        (x1 - x0) * (y0 + y1) / 2
        for x0, x1, y0, y1 in zip(places, places[1:], heights, heights[1:], strict=False)
    )
    return area / (b - a) if math.isfinite(area) else None
