"""Whether limb or chest electrodes sit where they should: what the averaged beat says.

Exchanging the electrodes of arms and left leg permutes three potentials, so every exchange can be
undone by exact algebra and the six possible recordings compared: in which do P, QRS and T point
where they usually do, and run as the chest leads (which these exchanges do not touch) foretell? The
model needs no P wave, so it works in atrial fibrillation, and no narrow QRS.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.electrodes import CHEST

Rows = NDArray[np.float64]

POINTS = 40  # samples of each wave that are compared
ST_MS = 40  # after J: the T wave alone
P_MS = 110  # when the end of P is not known
# What is undone: name, and the true potentials of RA, LA and LL among those recorded.
SWAPS: Mapping[str, tuple[int, int, int]] = {
    "": (0, 1, 2),
    "LA/RA": (1, 0, 2),
    "RA/LL": (2, 1, 0),
    "LA/LL": (0, 2, 1),
    "RA/LA/LL": (1, 2, 0),
    "RA/LL/LA": (2, 0, 1),
}
# Usual direction in the frontal plane (degrees) and weights of a conditional logit, P, QRS, T:
# of the direction, and of the likeness with what the chest leads foretell. Estimated on 48 real
# and 150 generated recordings at once, each real one judged by the others
# (docs/validation/ecg-quality.md).
USUAL_DEG = (55.0, 40.0, 45.0)
DIRECTION = (1.5, 0.85, 0.6)
LIKENESS = (2.0, 1.45, 0.5)
# Frontal plane (left, foot) foretold from V1 to V6, for P, QRS and T; ridge regression, same data.
FROM_CHEST: tuple[Rows, ...] = (
    np.array([[-0.41, 0.26, 0.08, 0.10, 0.34, 0.31], [0.14, -0.44, 0.46, 0.38, 0.14, 0.64]]),
    np.array([[-0.43, 0.19, 0.08, -0.08, 0.13, 0.30], [0.09, -0.20, 0.01, 0.18, 0.10, 0.14]]),
    np.array([[-0.40, 0.18, 0.09, -0.09, 0.13, 0.29], [-0.03, -0.05, 0.08, 0.09, 0.11, 0.26]]),
)
# Frontal directions of RA, LA and LL in Einthoven's triangle (left, foot), rows.
TRIANGLE = np.array([[-(3**0.5) / 2, -0.5], [3**0.5 / 2, -0.5], [0.0, 1.0]])
RIGHT_LEG = {"II": "RA/RL", "III": "LA/RL", "I": "RA/RL + LA/LL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalSeen:
    """What speaks for exchanged electrodes.

    Attributes
    ----------
    margins : mapping of str to float
        For every exchange of arms and left leg, how much better (log odds) the recording is
        explained when it is undone; negative when it is worse. Empty when not assessable.
    flat_lead : str
        Of I, II and III the one that moves least over the whole beat.
    flat_share : float
        How much it moves, over the largest of the three; NaN when not assessable.
    flat_to_chest : float
        How much it moves, over the usual chest lead; NaN when no chest lead is usable.
    chest_pair : tuple of str
        The two chest leads whose exchange would make neighbours most alike; empty when not
        assessable.
    chest_gain : float
        How much more alike (sum of correlations) they would be.
    p_deg, qrs_deg : float or None
        Directions in the frontal plane (degrees).
    with_v6 : float or None
        Correlation of I with V6 over QRS.
    towards_right : bool
        QRS get smaller from V2 to V6 and V6 points down, as in dextrocardia.
    reason : str
        Why exchanges of limb electrodes are not assessable; empty when they are.
    """

    margins: Mapping[str, float]
    flat_lead: str = ""
    flat_share: float = float("nan")
    flat_to_chest: float = float("nan")
    chest_pair: tuple[str, ...] = ()
    chest_gain: float = 0.0
    p_deg: float | None = None
    qrs_deg: float | None = None
    with_v6: float | None = None
    towards_right: bool = False
    reason: str = ""


def look_for_reversal(
    beat: DominantBeat, marks_ms: Mapping[str, float | None], usable: Collection[str]
) -> ReversalSeen:
    """Ask the averaged beat whether electrodes were exchanged.

    Parameters
    ----------
    beat : DominantBeat
        Averaged beat of all leads.
    marks_ms : mapping of str to float or None
        ``p_on, p_off, qrs_on, j, t_end`` in ms from its first sample.
    usable : collection of str
        Leads without a disabling fault; flat limb leads count as usable here, for an electrode on
        the right leg makes one.

    Returns
    -------
    ReversalSeen
        Numbers only; limits are the rules' matter.

    References
    ----------
    .. [1] Heden B, Ohlsson M, Holst H, Mjoman M, Rittner R, Pahlm O, Peterson C, Edenbrandt L.
       Detection of frequently overlooked electrocardiographic lead reversals using artificial
       neural networks. Am J Cardiol 1996;78:600-604.
    .. [2] Kors JA, van Herpen G. Accurate automatic detection of electrode interchange in the
       electrocardiogram. Am J Cardiol 2001;88:396-399.
    """
    chest = [lead for lead in CHEST if lead in usable and lead in beat.leads]
    waves = _waves(beat, marks_ms, chest) if {"I", "II"} <= set(beat.leads) else {}
    if "qrs" not in waves:
        return ReversalSeen(margins={}, reason="leads I and II or the QRS cannot be measured")
    pair, gain = _chest_order(waves, chest)
    spans = np.ptp(_bipolar(_joined(waves, 0)), axis=1)
    of_chest = np.ptp(_joined(waves, 1), axis=1)
    usual = float(np.median(of_chest)) if chest else float("nan")
    flat = int(spans.argmin())
    qrs, v = waves["qrs"]
    v6 = v[-1] if chest and chest[-1] == "V6" else None
    return ReversalSeen(
        margins=_margins(waves, complete=len(chest) == len(CHEST)),
        flat_lead=("I", "II", "III")[flat],
        flat_share=float(spans[flat] / max(float(spans.max()), 1e-9)),
        flat_to_chest=float(spans[flat]) / max(usual, 1e-9),
        chest_pair=pair,
        chest_gain=gain,
        p_deg=_degrees(waves["p"][0]) if "p" in waves else None,
        qrs_deg=_degrees(qrs),
        with_v6=None if v6 is None else _alike(qrs[0], v6),
        towards_right=_towards_right(chest, v),
    )


def _waves(
    beat: DominantBeat, marks_ms: Mapping[str, float | None], chest: list[str]
) -> dict[str, tuple[Rows, Rows]]:
    """Frontal plane and chest leads over P, QRS and T, each at `POINTS` moments."""
    at = {name: marks_ms.get(name) for name in ("p_on", "p_off", "qrs_on", "j", "t_end")}
    on, j, end, p_on = at["qrs_on"], at["j"], at["t_end"], at["p_on"]
    spans: dict[str, tuple[float, float]] = {}
    if p_on is not None and on is not None:
        p_off = at["p_off"]
        spans["p"] = (p_on, min(p_on + P_MS, on) if p_off is None else p_off)
    if on is not None and j is not None:
        spans["qrs"] = (on, j)
    if j is not None and end is not None:
        spans["t"] = (j + ST_MS, end)
    index = [beat.leads.index(lead) for lead in ("I", "II", *chest)]
    found = {}
    for name, (begin, finish) in spans.items():
        first = max(0, round(begin * beat.rate / 1000))
        rows = beat.millivolts[index, first : round(finish * beat.rate / 1000) + 1]
        rows = rows[:, np.isfinite(rows).all(axis=0)]
        if rows.shape[1] < 4:
            continue
        if name == "p":
            ramp = np.linspace(0.0, 1.0, rows.shape[1])
            rows = rows - rows[:, :1] - ramp * (rows[:, -1:] - rows[:, :1])
        rows = rows[:, np.linspace(0, rows.shape[1] - 1, POINTS).round().astype(int)]
        one, two = rows[:2]
        found[name] = (np.stack([one, (2 * two - one) / 3**0.5]), rows[2:])
    return found


def _margins(waves: Mapping[str, tuple[Rows, Rows]], *, complete: bool) -> dict[str, float]:
    """Log odds of every exchange against none."""
    scores = {}
    for name, order in SWAPS.items():
        undo = _undoing(order)
        total = 0.0
        for k, wave in enumerate(("p", "qrs", "t")):
            if wave not in waves:
                continue
            frontal, chest = waves[wave]
            loop = undo @ frontal
            net = loop.sum(axis=1)
            usual = np.radians(USUAL_DEG[k])
            along = net @ np.array([np.cos(usual), np.sin(usual)])
            total += DIRECTION[k] * float(along) / max(float(np.linalg.norm(net)), 1e-9)
            if complete:
                total += LIKENESS[k] * _alike(loop, FROM_CHEST[k] @ chest)
        scores[name] = total
    return {name: score - scores[""] for name, score in scores.items() if name}


@cache
def _undoing(order: tuple[int, int, int]) -> Rows:
    return np.asarray(TRIANGLE.T @ np.linalg.pinv(TRIANGLE[list(order)].T))


def _alike(a: Rows, b: Rows) -> float:
    """Cosine of two stretches of the same shape."""
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float((a * b).sum()) / size if size > 0 else 0.0


def _joined(waves: Mapping[str, tuple[Rows, Rows]], part: int) -> Rows:
    return np.concatenate([pair[part] for pair in waves.values()], axis=1)


def _bipolar(frontal: Rows) -> Rows:
    one, two = frontal[0], (3**0.5 * frontal[1] + frontal[0]) / 2
    return np.stack([one, two, two - one])


def _degrees(frontal: Rows) -> float:
    left, foot = frontal.sum(axis=1)
    return float(np.degrees(np.arctan2(foot, left)))


def _chest_order(
    waves: Mapping[str, tuple[Rows, Rows]], chest: list[str]
) -> tuple[tuple[str, ...], float]:
    """The exchange of two chest leads that makes neighbours most alike."""
    if len(chest) < len(CHEST):
        return (), 0.0
    rows = _joined({name: waves[name] for name in ("qrs", "t") if name in waves}, 1)
    if not np.all(np.ptp(rows, axis=1) > 0):
        return (), 0.0
    alike: Rows = np.asarray(np.corrcoef(rows))
    steps = np.arange(len(CHEST) - 1)
    now = float(alike[steps, steps + 1].sum())
    best, gain = (0, 1), -np.inf
    for a, b in combinations(range(len(CHEST)), 2):
        order = list(range(len(CHEST)))
        order[a], order[b] = b, a
        more = float(sum(alike[order[k], order[k + 1]] for k in steps)) - now
        if more > gain:
            best, gain = (a, b), more
    return (CHEST[best[0]], CHEST[best[1]]), float(gain)


def _towards_right(chest: list[str], qrs: Rows) -> bool:
    if not {"V2", "V6"} <= set(chest):
        return False
    second, last = qrs[chest.index("V2")], qrs[chest.index("V6")]
    return bool(np.ptp(last) < 0.5 * np.ptp(second) and last.sum() < 0)
