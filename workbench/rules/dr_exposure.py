"""Is a film exposed as intended, and does it hold a picture at all? Technical findings only."""

import math

from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.radiograph.exposure import ExposureMeasures

EXPOSURE = "DR904"


def judge_deviation(deviation: float, book: RuleBook) -> Finding | None:
    """Say whether a deviation index calls for review.

    Parameters
    ----------
    deviation : float
        Deviation index, 10 log10(EI / EIT).
    book : RuleBook
        Must hold ``di.review``.

    Returns
    -------
    Finding or None
        DR904 beyond the limit on either side.

    Raises
    ------
    ValueError
        If `deviation` is NaN: what was not measured is not judged.
    """
    if math.isnan(deviation):
        raise ValueError("deviation is NaN; report 'index not measurable' instead of judging it")
    limit = book["di.review"]
    if abs(deviation) <= limit.value:
        return None
    word = "over-exposed" if deviation > 0 else "under-exposed"
    factor = 10.0 ** (abs(deviation) / 10.0)
    relation = "times the target" if deviation > 0 else "times less than the target"
    return Finding(
        code=EXPOSURE,
        severity=Severity.TECHNICAL,
        evidence=(
            f"{word}: deviation index {deviation:+.1f} ({factor:.1f} {relation}), "
            f"limit {limit.value:g} ({limit.id})"
        ),
        rule=limit.id,
    )


def is_notable(deviation: float, book: RuleBook) -> bool:
    """Say whether a deviation index is worth mentioning.

    Parameters
    ----------
    deviation : float
        Deviation index.
    book : RuleBook
        Must hold ``di.note``.

    Returns
    -------
    bool
        True beyond the limit on either side.
    """
    return abs(deviation) > book["di.note"].value


def contradicts(written: float, computed: float, book: RuleBook) -> bool:
    """Say whether the index a machine wrote contradicts its own exposure index and target.

    Parameters
    ----------
    written, computed : float
        Deviation index of the header and 10 log10(EI / EIT).
    book : RuleBook
        Must hold ``di.disagree``.

    Returns
    -------
    bool
        True when they differ by more than the limit.
    """
    return abs(written - computed) > book["di.disagree"].value


def judge_clipping(measures: ExposureMeasures, book: RuleBook) -> Finding | None:
    """Say whether detail is lost at an end of the range inside the body.

    Parameters
    ----------
    measures : ExposureMeasures
        Shares between 0 and 1.
    book : RuleBook
        Must hold ``clip.white`` and ``clip.black``.

    Returns
    -------
    Finding or None
        DR904 naming the end and its share.
    """
    ends = (("white", measures.white, "clip.white"), ("black", measures.black, "clip.black"))
    beyond = [(name, share, book[key]) for name, share, key in ends if share > book[key].value]
    if not beyond:
        return None
    said = "; ".join(
        f"detail is lost: {share:.0%} of the middle of the field is fully {name} "
        f"(limit {limit.value:.0%}, {limit.id})"
        for name, share, limit in beyond
    )
    return Finding(
        code=EXPOSURE,
        severity=Severity.TECHNICAL,
        evidence=said,
        rule=beyond[0][2].id,
    )


def is_blank(measures: ExposureMeasures, book: RuleBook) -> bool:
    """Say whether a film holds no picture.

    Parameters
    ----------
    measures : ExposureMeasures
        Spread as a share of the depth, and number of levels.
    book : RuleBook
        Must hold ``blank.spread`` and ``blank.levels``.

    Returns
    -------
    bool
        True when there is next to no contrast.
    """
    too_flat = measures.spread < book["blank.spread"].value
    return too_flat or measures.levels < book["blank.levels"].value
