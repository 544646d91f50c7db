"""Everything the statements of a 12-lead ECG rest on, measured once; None is "not measurable".

The rules read these numbers and nothing else; no rule looks at samples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from workbench.ecg.rhythm import Rhythm

NONE: Mapping[str, str] = MappingProxyType({})


class BeatClass(StrEnum):
    """What kind of beat one QRS is, by shape and timing."""

    USUAL = "usual"  # of the dominant shape, on time
    EARLY_NARROW = "early, narrow"  # premature, of the dominant or another narrow shape
    EARLY_WIDE = "early, wide"  # premature, another shape, wider than the usual beat
    LATE = "late"  # escape: after a pause
    OTHER = "another shape"  # neither early nor late
    PACED = "paced"


class AtrialRhythm(StrEnum):
    """What the atria do, as far as 10 s show it."""

    LOCKED_P = "P locked to QRS"
    DISSOCIATED_P = "P without relation to QRS"
    DROPPED_P = "more P than QRS, conducted in part"
    FLUTTER = "flutter waves"
    NO_P = "no P and no regular atrial waves"
    UNKNOWN = "not assessable"


@dataclass(frozen=True, slots=True)
class Beat:
    """One QRS complex: when, of what kind, and how its width compares (ms; None: not measured)."""

    at_s: float
    kind: BeatClass
    qrs_ms: float | None = None
    likeness: float | None = None  # correlation with the usual beat, all leads together
    shape: int = 0  # beats of one number look alike: 0 usual, then by frequency; -1 cut by an end
    size: float | None = None  # of QRS over that of the usual beat
    t_size: float | None = None  # of T as much of it as is like the usual T; 1 is usual


@dataclass(frozen=True, slots=True)
class AtrialFacts:
    """The atria: rhythm, rate (per minute), PR of each beat (s, None where no P), and evidence."""

    rhythm: AtrialRhythm
    rate_bpm: float | None = None
    p_times_s: tuple[float, ...] = ()
    pr_s: tuple[float | None, ...] = ()  # one for each beat of `EcgFacts.beats`
    evidence: str = ""
    blocked_s: tuple[float, ...] = ()  # P waves that no QRS follows


class Ventricles(StrEnum):
    """What the ventricles do where QRS complexes may not be told from each other."""

    ORGANISED = "QRS complexes"
    FIBRILLATION = "fibrillation"
    FLUTTER = "flutter"
    TACHYCARDIA = "regular wide waves without a pause"
    TORSADES = "polymorphic, twisting"
    POLYMORPHIC = "polymorphic"
    SILENT = "no QRS"
    UNCLEAR = "not assessable"


@dataclass(frozen=True, slots=True)
class VentricularFacts:
    """The ventricles as a whole: what they do, where (s), how fast (per minute), and evidence."""

    kind: Ventricles = Ventricles.ORGANISED
    rate_bpm: float | None = None
    from_s: float | None = None
    to_s: float | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class PacingFacts:
    """Stimulus spikes (s), which of them are followed by a QRS, and which by a P."""

    spikes_s: tuple[float, ...] = ()
    captured: tuple[bool, ...] = ()
    chambers: str = ""  # "", "atrial", "ventricular", "both"
    reason: str = ""  # why spikes cannot be seen (rate of the recording, filters)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadWaves:
    """Waves of one lead on the averaged beat, over the level at QRS onset; mV, ms, global marks.

    Q, S, R' and S' are magnitudes (positive numbers); 0 means the wave is absent, None not
    measurable. Durations are at the level of QRS onset.
    """

    lead: str
    q_mv: float | None = None
    q_ms: float | None = None
    r_mv: float | None = None
    r_ms: float | None = None
    s_mv: float | None = None
    s_ms: float | None = None
    r2_mv: float | None = None  # R'
    r2_ms: float | None = None
    s2_mv: float | None = None
    qrs_pp_mv: float | None = None
    qrs_area_mvms: float | None = None  # net
    r_peak_ms: float | None = None  # QRS onset to the peak of the last R or R'
    notches: int | None = None  # in the largest deflection
    initial_slope: float | None = None  # speed of the first 40 ms over that of the rest: delta wave
    st_j_mv: float | None = None
    st_j60_mv: float | None = None
    st_j80_mv: float | None = None
    st_slope_mv_s: float | None = None  # J to J+80 ms
    t_max_mv: float | None = None  # highest point of the T wave, signed
    t_min_mv: float | None = None  # lowest
    t_peak_ms: float | None = None  # QRS onset to the larger of both
    t_width_ms: float | None = None  # at half height of the larger
    u_mv: float | None = None
    p_max_mv: float | None = None
    p_min_mv: float | None = None
    p_terminal_mvms: float | None = None  # negative end of P (V1)
    noise_mv: float | None = None  # one standard error of a level on the averaged beat


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgFacts:
    """One recording as the rules see it.

    Attributes
    ----------
    rhythm : Rhythm
        Rate, regularity and pauses.
    rate_doubt : str
        Why the rate is uncertain; empty when both detectors agree.
    second_rate_bpm : float or None
        What the second detector says (beats per minute).
    beats : tuple of Beat
        All of them in order.
    atria : AtrialFacts
        What the atria do.
    pacing : PacingFacts
        Stimuli.
    ventricles : VentricularFacts
        Whether there are QRS complexes at all; judged also where beats may not be.
    leads : mapping of str to LeadWaves
        Only leads without a disabling fault, by name; extra leads too. Empty when there is no
        averaged beat.
    numbers : mapping of str to float or None
        ``p_ms, pr_ms, qrs_ms, qt_ms, qtc_fridericia_ms, qtc_bazett_ms, qtc_framingham_ms,
        qtc_hodges_ms, p_axis_deg, qrs_axis_deg, t_axis_deg``.
    errors : mapping of str to float
        One standard error of each number that has one.
    reasons : mapping of str to str
        For every None why.
    calibrated : bool
        Whether mV are mV; when not, no amplitude is in `leads`.
    technical : frozenset of str
        Codes of what is doubtful about the recording (EC901, EC902 ...).
    seconds : float
        Length of the recording (s).
    """

    rhythm: Rhythm
    seconds: float
    rate_doubt: str = ""
    second_rate_bpm: float | None = None
    beats: tuple[Beat, ...] = ()
    atria: AtrialFacts = field(default_factory=lambda: AtrialFacts(AtrialRhythm.UNKNOWN))
    pacing: PacingFacts = field(default_factory=PacingFacts)
    ventricles: VentricularFacts = field(default_factory=VentricularFacts)
    leads: Mapping[str, LeadWaves] = field(default_factory=lambda: MappingProxyType({}))
    numbers: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    errors: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    reasons: Mapping[str, str] = field(default_factory=lambda: NONE)
    calibrated: bool = True
    technical: frozenset[str] = frozenset()

    def number(self, name: str) -> float | None:
        """A global number, or None."""
        return self.numbers.get(name)
