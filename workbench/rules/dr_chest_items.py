"""Items of the chest sheet that rest on outlines of lungs, heart and clavicles."""

from typing import Unpack

from workbench.domain.quality_item import QualityCode, QualityItem
from workbench.domain.rulebook import RuleBook
from workbench.radiograph.film_facts import ChestFacts
from workbench.rules.dr_items import MOTION, POSITIONING, Fault, not_assessed, scored

ARTEFACT = "111215"
NO_SCAPULAE = "the scapulae are not outlined by this edition"
NO_CLAVICLES = "both clavicles could not be outlined"
NO_HEIGHT = "the height of the lungs could not be measured"
NO_EDGES = "too few edges of domes and heart could be measured"
NO_OBJECT = "no dense object with an abrupt edge lies over the lungs"


def judge_whole_chest(facts: ChestFacts, of: float, book: RuleBook) -> QualityItem:
    """Say whether apices, side walls and bases are on the film.

    Parameters
    ----------
    facts : ChestFacts
        With the gaps, in mm or shares of the width.
    of : float
        Points.
    book : RuleBook
        Must hold ``cut.gap_mm``, ``cut.gap_width``, ``cut.contact_mm``, ``cut.contact_width`` and
        ``cut.lost``.

    Returns
    -------
    QualityItem
        A veto where a lung runs along an edge; a share of the points lost for each tight gap.
    """
    in_mm = facts.unit == "mm"
    gap = book["cut.gap_mm" if in_mm else "cut.gap_width"]
    contact = book["cut.contact_mm" if in_mm else "cut.contact_width"]
    cut = [one for one in facts.gaps if one.contact >= contact.value]
    tight = [one for one in facts.gaps if one.distance < gap.value and one not in cut]
    clauses = [
        f"{one.name} runs along the edge of the field over {_length(one.contact, facts)}"
        for one in cut
    ]
    clauses += [
        f"{one.name} only {_length(one.distance, facts)} from the edge of the field"
        for one in tight
    ]
    place = tuple(one.place for one in (*cut, *tight))
    if cut:
        return scored(
            QualityCode.WHOLE_CHEST, of, 0.0, "; ".join(clauses), veto=True, place=place,
            reason=POSITIONING, rule=contact.id,
        )  # fmt: skip
    if tight:
        share = 1.0 - book["cut.lost"].value * len(tight)
        return scored(
            QualityCode.WHOLE_CHEST, of, share, "; ".join(clauses), place=place,
            reason=POSITIONING, rule=gap.id,
        )  # fmt: skip
    least = min(facts.gaps, key=lambda one: one.distance)
    said = f"the lungs stay {_length(least.distance, facts)} or more from every edge of the field"
    return scored(QualityCode.WHOLE_CHEST, of, 1.0, said)


def judge_rotation(facts: ChestFacts, of: float, book: RuleBook) -> QualityItem:
    """Say whether the inner ends of the clavicles lie evenly beside the middle.

    Parameters
    ----------
    facts : ChestFacts
        With the look at the clavicles.
    of : float
        Points.
    book : RuleBook
        Must hold ``rotation.straight``, ``rotation.turned`` and ``share.half``.

    Returns
    -------
    QualityItem
        Full, half or no points.
    """
    look = facts.clavicles
    if look is None:
        return not_assessed(QualityCode.ROTATION, of, NO_CLAVICLES)
    said = (
        f"inner ends of the clavicles {min(look.asymmetry, 1.0):.0%} uneven about the middle "
        f"(limit {book['rotation.straight'].value:.0%})"
    )
    return _banded(
        QualityCode.ROTATION, of, said, look.asymmetry, ("rotation.straight", "rotation.turned"),
        book, place=(look.place,), reason=POSITIONING,
    )  # fmt: skip


def judge_clavicles(facts: ChestFacts, of: float, book: RuleBook) -> QualityItem:
    """Say whether the shoulders are level and lung is seen above the clavicles.

    Parameters
    ----------
    facts : ChestFacts
        With the look at the clavicles.
    of : float
        Points.
    book : RuleBook
        Must hold ``clavicles.level``, ``clavicles.slanted``, ``clavicles.apex``, ``share.half``.

    Returns
    -------
    QualityItem
        Full, half or no points.
    """
    look, apex = facts.clavicles, book["clavicles.apex"]
    if look is None:
        return not_assessed(QualityCode.CLAVICLES, of, NO_CLAVICLES)
    said = (
        f"line through the clavicles {look.tilt:.1f} deg off level; "
        f"{look.apex_above:.0%} of the lungs' height lies above them"
    )
    if look.apex_above < apex.value:
        return scored(
            QualityCode.CLAVICLES, of, 0.0, said, place=(look.place,), reason=POSITIONING,
            rule=apex.id,
        )  # fmt: skip
    return _banded(
        QualityCode.CLAVICLES, of, said, look.tilt, ("clavicles.level", "clavicles.slanted"),
        book, place=(look.place,), reason=POSITIONING,
    )  # fmt: skip


def judge_inspiration(facts: ChestFacts, of: float, book: RuleBook) -> QualityItem:
    """Say how far the domes went down.

    Parameters
    ----------
    facts : ChestFacts
        With the height of the right lung over the width of both.
    of : float
        Points.
    book : RuleBook
        Must hold ``inspiration.deep``, ``inspiration.poor`` and ``share.half``.

    Returns
    -------
    QualityItem
        Full, half or no points; no rib is counted.
    """
    ratio = facts.height_ratio
    if ratio is None:
        return not_assessed(QualityCode.INSPIRATION, of, NO_HEIGHT)
    deep, poor = book["inspiration.deep"], book["inspiration.poor"]
    said = (
        f"height of the right lung {ratio:.2f} of the width of both (limit {deep.value:g}); "
        "ribs are not counted"
    )
    if ratio >= deep.value:
        return scored(QualityCode.INSPIRATION, of, 1.0, said)
    share, limit = (book["share.half"].value, deep) if ratio >= poor.value else (0.0, poor)
    return scored(QualityCode.INSPIRATION, of, share, said, reason=POSITIONING, rule=limit.id)


def judge_sharpness(facts: ChestFacts, of: float, book: RuleBook) -> QualityItem:
    """Say whether domes and heart border are sharp.

    Parameters
    ----------
    facts : ChestFacts
        With the edges measured.
    of : float
        Points.
    book : RuleBook
        Must hold ``sharp.edges``, ``sharp.spread``, ``sharp.blurred`` and ``share.half``.

    Returns
    -------
    QualityItem
        By the middle one of the edges: one soft edge may be fluid or fat, all of them are motion.
    """
    edges = sorted(facts.spreads, key=lambda one: one.millimetres)
    if len(edges) < book["sharp.edges"].value:
        return not_assessed(QualityCode.SHARPNESS, of, NO_EDGES)
    said = "; ".join(f"edge of {one.name} spreads over {one.millimetres:.1f} mm" for one in edges)
    if not facts.scaled:
        said += "; millimetres by the usual width of lungs: the file gives no spacing"
    middle = edges[(len(edges) - 1) // 2].millimetres
    return _banded(
        QualityCode.SHARPNESS, of, said, middle, ("sharp.spread", "sharp.blurred"),
        book, place=tuple(one.place for one in edges), reason=MOTION,
    )  # fmt: skip


def judge_artefact(facts: ChestFacts, of: float, book: RuleBook) -> QualityItem:
    """Say whether something dense with an abrupt edge lies over the lungs.

    Parameters
    ----------
    facts : ChestFacts
        With the objects.
    of : float
        Points.
    book : RuleBook
        Must hold ``artefact.area`` and ``share.half``.

    Returns
    -------
    QualityItem
        Half the points where something was found: it may lie inside the patient.
    """
    found, least = facts.objects, book["artefact.area"]
    if found.area < least.value:
        return scored(QualityCode.ARTEFACT, of, 1.0, NO_OBJECT)
    said = (
        f"dense objects over the lungs: {found.count}, {found.area / 100:.1f} cm2; "
        "whether they can be taken off is for a person to see"
    )
    return scored(
        QualityCode.ARTEFACT, of, book["share.half"].value, said, place=found.places,
        reason=ARTEFACT, rule=least.id,
    )  # fmt: skip


def _banded(
    code: QualityCode,
    of: float,
    said: str,
    value: float,
    ids: tuple[str, str],
    book: RuleBook,
    **more: Unpack[Fault],
) -> QualityItem:
    """All points up to the first limit, half up to the second, none beyond."""
    fine, bad = book[ids[0]], book[ids[1]]
    if value <= fine.value:
        return scored(code, of, 1.0, said)
    share, limit = (book["share.half"].value, fine) if value <= bad.value else (0.0, bad)
    return scored(code, of, share, said, rule=limit.id, **more)


def _length(value: float, facts: ChestFacts) -> str:
    return f"{value:.0f} mm" if facts.unit == "mm" else f"{value:.1%} of the width"
