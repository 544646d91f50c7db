"""Suspected exchange of electrodes: EC901 (limb) and EC902 (chest). A person looks, then decides.

Dextrocardia gives the picture of exchanged arms, so it is named beside them; a rule never decides
between the two.
"""

from collections.abc import Mapping

from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import LeadWaves
from workbench.ecg.lead_reversal import RIGHT_LEG, ReversalSeen

LIMB, CHEST_PLACE = "EC901", "EC902"
ALIKE = "LA/LL"
ASK = "check the electrodes and record again; P, QRS and T may then point the other way"
DEXTROCARDIA = "QRS also get smaller from V2 to V6: dextrocardia gives the same picture"


def judge_reversal(
    seen: ReversalSeen, waves: Mapping[str, LeadWaves], book: RuleBook
) -> tuple[Finding, ...]:
    """Say whether electrodes may have been exchanged.

    Parameters
    ----------
    seen : ReversalSeen
        Numbers of the averaged beat.
    waves : mapping of str to LeadWaves
        Waves of the leads that can be measured; empty when amplitudes are not calibrated.
    book : RuleBook
        Must hold the ``reversal.*`` limits.

    Returns
    -------
    tuple of Finding
        EC901, EC902 or both, technical; empty when electrodes seem to be right.

    Raises
    ------
    BadRuleBook
        If the book lacks one of the limits.
    """
    found = []
    limb = _right_leg(seen, book) or _permuted(seen, book)
    if limb is not None:
        found.append(limb)
    chest = _chest_pair(seen, book) or _high(waves, book)
    if chest is not None:
        found.append(chest)
    return tuple(found)


def _limb(first: str, rule: str, seen: ReversalSeen) -> Finding:
    says = [first]
    if seen.p_deg is not None:
        says.append(f"P axis {seen.p_deg:.0f}°")
    if seen.qrs_deg is not None:
        says.append(f"QRS axis {seen.qrs_deg:.0f}°")
    if seen.with_v6 is not None:
        says.append(f"likeness of QRS in I and V6: {seen.with_v6:.2f}")
    if seen.towards_right:
        says.append(DEXTROCARDIA)
    place = {"leads": "I, II, III, aVR, aVL, aVF", "mark": "qrs"}
    return Finding(LIMB, Severity.TECHNICAL, "; ".join([*says, ASK]), rule, place)


def _right_leg(seen: ReversalSeen, book: RuleBook) -> Finding | None:
    """One of I, II and III shows nothing, because both its electrodes are on legs."""
    shares = (
        (seen.flat_share, "reversal.flat_share", "the largest limb lead"),
        (seen.flat_to_chest, "reversal.flat_to_chest", "the usual chest lead"),
    )
    for share, rule, whose in shares:
        limit = book[rule]
        if share < limit.value:
            pair = RIGHT_LEG[seen.flat_lead]
            says = (
                f"suspected exchange of {pair}: {seen.flat_lead} moves {share:.2f} of {whose},"
                f" below {limit.value:g} [{limit.id}, certainty {limit.certainty}, {book.name}]"
            )
            return _limb(says, rule, seen)
    return None


def _permuted(seen: ReversalSeen, book: RuleBook) -> Finding | None:
    least, less = book["reversal.limb_margin"], book["reversal.rotation_less"].value
    if not seen.margins:
        return None
    clear = {name: one for name, one in seen.margins.items() if name != ALIKE}
    rule = least
    if max(clear.values()) > least.value:
        # two exchanged electrodes are likelier than three
        name = max(clear, key=lambda n: clear[n] - less * (n.count("/") > 1))
    elif seen.margins[ALIKE] > book["reversal.la_ll_margin"].value:
        name, rule = ALIKE, book["reversal.la_ll_margin"]
    else:
        return None
    best = max(clear.values()) if name != ALIKE else seen.margins[ALIKE]
    says = (
        f"suspected exchange of {name}: log odds {best:.1f} above {rule.value:g}"
        f" [{rule.id}, certainty {rule.certainty}, {book.name}]"
    )
    return _limb(says, rule.id, seen)


def _chest_pair(seen: ReversalSeen, book: RuleBook) -> Finding | None:
    limit = book["reversal.chest_gain"]
    if not seen.chest_pair or seen.chest_gain <= limit.value:
        return None
    pair = "/".join(seen.chest_pair)
    says = (
        f"suspected exchange of {pair}: neighbouring chest leads would be more alike by"
        f" {seen.chest_gain:.2f}, above {limit.value:g}"
        f" [{limit.id}, certainty {limit.certainty}, {book.name}]"
    )
    place = {"leads": ", ".join(seen.chest_pair), "mark": "qrs"}
    ask = "check where the chest electrodes sit and record again"
    return Finding(CHEST_PLACE, Severity.TECHNICAL, f"{says}; {ask}", limit.id, place)


def _high(waves: Mapping[str, LeadWaves], book: RuleBook) -> Finding | None:
    """Electrodes of V1 and V2 above the fourth rib space: P turns negative in V2 and R' appears."""
    two = waves.get("V2")
    if two is None or two.p_min_mv is None or two.p_max_mv is None or two.r2_mv is None:
        return None
    depth, second = book["reversal.high_v2_p"], book["reversal.high_v2_r2"]
    negative = -two.p_min_mv >= depth.value and -two.p_min_mv > 2 * max(two.p_max_mv, 0.0)
    if not negative or two.r2_mv < second.value:
        return None
    says = (
        f"V1 and V2 may sit too high: P in V2 {two.p_min_mv:.2f} mV, R' in V2 {two.r2_mv:.2f} mV"
        f" [{depth.id}, certainty {depth.certainty}, {book.name}]"
    )
    ask = "check that V1 and V2 sit in the fourth rib space"
    place = {"leads": "V1, V2", "mark": "p"}
    return Finding(CHEST_PLACE, Severity.TECHNICAL, f"{says}; {ask}", depth.id, place)
