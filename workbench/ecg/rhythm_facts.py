"""What the beats are, what the atria do, and whether a pacemaker works: facts for the rules."""

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import Trace
from workbench.ecg.atrial_rest import AtrialRest, atrial_rest, other_leads
from workbench.ecg.atrial_rhythm import atrial_facts
from workbench.ecg.beat_kinds import beat_kinds
from workbench.ecg.beat_shapes import beat_shapes
from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.facts import AtrialFacts, AtrialRhythm, Beat, PacingFacts
from workbench.ecg.filters import LIMB, Bands, calm_leads
from workbench.ecg.pacing import pacing_facts

WAVES_HZ = (1.0, 40.0)
FLUTTER_LEADS = ("I", "II", "V1")  # III and aVF are II - I and II - I / 2


def rhythm_facts(
    trace: Trace,
    beats_s: NDArray[np.float64],
    beat: DominantBeat | None,
    leads: tuple[str, ...],
    bands: Bands | None = None,
) -> tuple[tuple[Beat, ...], AtrialFacts, PacingFacts]:
    """Classify beats, find what the atria do, and look for pacing.

    Parameters
    ----------
    trace : Trace
        Recording.
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats (s), ascending.
    beat : DominantBeat or None
        The averaged usual beat, when there is one.
    leads : tuple of str
        Independent leads without a disabling fault.
    bands : Bands, optional
        Of what `calm_leads` gives for these leads, when it is at hand.

    Returns
    -------
    tuple of (tuple of Beat, AtrialFacts, PacingFacts)
        The facts, one Beat for every time given.
    """
    if not leads or beats_s.size == 0:
        return (), AtrialFacts(AtrialRhythm.UNKNOWN), pacing_facts(trace, leads, beats_s, 0.0)
    bands = Bands(calm_leads(trace, leads)) if bands is None else bands
    wave = bands.of(*WAVES_HZ)
    usual = np.empty(0) if beat is None else beat.times_s
    shapes = beat_shapes(bands.leads, wave, beats_s, usual)
    rest = atrial_rest(bands.leads, beats_s, shapes)
    atria = atrial_facts(rest, _limb(leads, rest), shapes, trace.seconds)
    onset = shapes.limits_s[0, 0] if shapes.limits_s.size else np.nan
    pacing = pacing_facts(trace, leads, beats_s, float(onset) if np.isfinite(onset) else -0.05)
    return beat_kinds(wave, beats_s, shapes, atria, pacing), atria, pacing


def _limb(leads: tuple[str, ...], rest: AtrialRest) -> AtrialRest:
    """The leads in which flutter waves are largest: II, III, aVF and V1, as far as there are."""
    own = np.eye(len(leads))
    rows = [own[k] for k, name in enumerate(leads) if name in (*LIMB, "V1")]
    if "I" in leads and "II" in leads:
        one, two = own[leads.index("I")], own[leads.index("II")]
        rows += [two - one, two - one / 2]
    return other_leads(rest, np.stack(rows)) if rows else rest
