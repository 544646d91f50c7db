"""What the leads of a recording are worth: EC903 to EC906, and what the nurse does next."""

from collections.abc import Iterable

from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.electrodes import CHEST, ElectrodeSuspect, suspects
from workbench.ecg.quality import DISABLING, DISTURBING, Fault, LeadFault, QualityLimits
from workbench.ecg.quality_look import QualityLook

MISSING_LEAD, NOISE, UNINTERPRETABLE, CUT_OFF = "EC903", "EC904", "EC905", "EC906"
RAILED = frozenset({Fault.SATURATED, Fault.CLIPPED})  # recorded, but beyond the range of the cart
ELECTRODES = {
    "RA": "right arm (RA)",
    "LA": "left arm (LA)",
    "LL": "left leg (LL)",
    "RL": "right leg (RL)",
}
LIMB_ELECTRODE = "limb electrode {electrode} explains {leads}: stick it on again, then record again"
CHEST_ELECTRODE = "chest electrode {leads}: stick it on again, then record again"
NO_ELECTRODE = (
    "no electrode explains {leads}: the cable box or the file; try another cable, then record again"
)
ADVICE = {
    Fault.GAPS: "samples were lost: send the file again, else record again",
    Fault.CLIPPED: "peaks are cut off: choose a smaller gain in the cart and record again",
    Fault.STEP: "the baseline jumps: press the clips on, lay the cables at rest, record again",
    Fault.SPIKES: "spikes of a loose contact: press the clips on and record again",
    Fault.WANDER: "the baseline drifts: clean the skin, let the patient lie still, record again",
    Fault.MUSCLE: "muscle noise: keep the patient warm, arms and legs loose, and record again",
    Fault.MAINS: "mains interference: check the right leg electrode, move cables and devices away",
}


def quality_limits(book: RuleBook) -> QualityLimits:
    """Take the limits of leads out of a rule book.

    Parameters
    ----------
    book : RuleBook
        Must hold the ``quality.*`` limits.

    Returns
    -------
    QualityLimits
        Shares as 0 to 1.

    Raises
    ------
    BadRuleBook
        If the book lacks one of them.
    """
    return QualityLimits(
        flat_range_mv=book["quality.flat_range"].value,
        flat_s=book["quality.flat_seconds"].value,
        rail_share=book["quality.rail_share"].value / 100,
        gap_share=book["quality.gap_share"].value / 100,
        wander_mv=book["quality.wander"].value,
        muscle_mv=book["quality.muscle"].value,
        mains_mv=book["quality.mains"].value,
        step_mv=book["quality.step"].value,
        spike_mv=book["quality.spike"].value,
        least_repeat=book["quality.least_repeat"].value,
        least_mv=book["quality.least_amplitude"].value,
        most_mv=book["quality.most_amplitude"].value,
    )


def judge_quality(look: QualityLook, stop: str, book: RuleBook) -> tuple[Finding, ...]:
    """Say what is wrong with the leads, which electrode explains it, and what to do.

    Parameters
    ----------
    look : QualityLook
        Faults found, usable and recomputed leads.
    stop : str
        Why nothing at all may be judged; empty when something may.
    book : RuleBook
        Must hold the ``quality.*`` limits.

    Returns
    -------
    tuple of Finding
        EC903 (leads that cannot be used), EC906 (leads at the rail of the amplifier or with cut
        peaks), EC904 (leads that are disturbed), EC905 (the whole cannot be read as a 12-lead ECG);
        empty when all is well. All are technical.

    Raises
    ------
    BadRuleBook
        If the book lacks one of the limits.

    References
    ----------
    .. [1] Silva I, Moody GB, Celi L. Improving the quality of ECGs collected using mobile phones:
       the PhysioNet/Computing in Cardiology Challenge 2011. Comput Cardiol 2011;38:273-276.
    """
    found = []
    lost = [fault for fault in look.faults if fault.fault in DISABLING]
    for code, kinds in (
        (MISSING_LEAD, DISABLING - RAILED),
        (CUT_OFF, RAILED),
        (NOISE, DISTURBING),
    ):
        faults = [fault for fault in look.faults if fault.fault in kinds]
        if not faults:
            continue
        said = [fault.says() for fault in faults]
        if code == NOISE:
            said += _electrodes(faults, look)
        elif lost:  # one electrode may rail some leads and silence others: both are told at once
            said += _electrodes(lost, look)
            if look.recomputed:
                said.append(f"computed from the other limb leads: {', '.join(look.recomputed)}")
            lost = []
        said += [text for kind, text in ADVICE.items() if kind in {f.fault for f in faults}]
        leads = ", ".join(dict.fromkeys(fault.lead for fault in faults))
        found.append(
            Finding(code, Severity.TECHNICAL, "; ".join(said), _limit(faults), {"leads": leads})
        )
    whole = _whole(look, stop, book)
    if whole:
        found.append(Finding(UNINTERPRETABLE, Severity.TECHNICAL, "; ".join(whole)))
    return tuple(found)


def _electrodes(faults: Iterable[LeadFault], look: QualityLook) -> list[str]:
    """Which electrode explains the faulty leads; a lead that was never sent has none."""
    bad = [f.lead for f in faults if f.fault not in {Fault.MISSING, Fault.GAPS, Fault.CLIPPED}]
    return [_says(one) for one in suspects(tuple(dict.fromkeys(bad)), look.trace.leads)]


def _says(one: ElectrodeSuspect) -> str:
    leads = ", ".join(one.leads)
    if not one.electrode:
        return NO_ELECTRODE.format(leads=leads)
    if set(one.electrode.split(", ")) <= set(ELECTRODES):
        named = " / ".join(ELECTRODES[each] for each in one.electrode.split(", "))
        return LIMB_ELECTRODE.format(electrode=named, leads=leads)
    return CHEST_ELECTRODE.format(leads=leads)


def _limit(faults: list[LeadFault]) -> str:
    return LIMIT_OF[faults[0].fault]


def _whole(look: QualityLook, stop: str, book: RuleBook) -> list[str]:
    """Why the whole recording is not fit to be read; empty when it is."""
    said = [stop] if stop else []
    if look.amplitude_mv is not None:
        least, most = book["quality.least_amplitude"], book["quality.most_amplitude"]
        said.append(
            f"the usual lead moves {look.amplitude_mv:.3g} mV within a second,"
            f" {least.value:g} to {most.value:g} mV is expected [{least.id}]"
        )
        said.append("gain or unit must be wrong: amplitudes are not judged, times are")
    gone = [lead for lead in CHEST if lead not in look.usable]
    limit = book["quality.chest_leads"]
    if len(gone) > limit.value:
        said.append(
            f"chest leads without a usable signal: {len(gone)} of 6, more than"
            f" {limit.value:g} [{limit.id}]"
        )
    limit = book["quality.limb_voltages"]
    if look.limb_voltages < limit.value:
        said.append(f"no limb lead can be used [{limit.id}]")
    if said and not stop:
        said.append("not a complete 12-lead ECG: record again before it is signed as normal")
    return said


LIMIT_OF = {
    Fault.MISSING: "",
    Fault.GAPS: "quality.gap_share",
    Fault.FLAT: "quality.flat_seconds",
    Fault.PARTLY_FLAT: "quality.flat_seconds",
    Fault.SATURATED: "quality.rail_share",
    Fault.CLIPPED: "quality.rail_share",
    Fault.NOISE_ONLY: "quality.least_repeat",
    Fault.STEP: "quality.step",
    Fault.WANDER: "quality.wander",
    Fault.MUSCLE: "quality.muscle",
    Fault.MAINS: "quality.mains",
    Fault.SPIKES: "quality.spike",
}
