"""What measurements on a frontal chest film say of disease: a large heart, an opaque side.

Measuring stands in ``radiograph``; what is said here is a prompt for a doctor, each with the limit
that fired it and with what an evaluation of that limit showed. What no evaluation supports is off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workbench.domain.finding import Finding, Severity
from workbench.domain.operating_point import OperatingPoint
from workbench.domain.rulebook import RuleBook
from workbench.radiograph.hemithorax import Sides
from workbench.radiograph.thorax import RIGHT_LUNG, Field, Ratio, asymmetry
from workbench.rules.operating_point import point_said

LARGE_HEART, VERY_LARGE_HEART = "DR212", "DR115"
MASSIVE_EFFUSION, COLLAPSE = "DR004", "DR017"
PA, AP = "PA", "AP"
Points = Mapping[str, OperatingPoint]

# Sentences as the catalogue holds them, gaps filled here.
_RATIO = "cardiothoracic ratio {value} ± {error}, limit {limit} ({rule})"
_OPAQUE = "{side} side: density {density} (lung 0, heart and liver 1), limit {limit} ({rule})"
_EDGE = "the clear lung begins at {seen} of its width from the middle, usually {usual} ({rule})"
_AWAY = "the middle is pushed to the other side: as by a massive effusion"
_TOWARDS = "the middle is drawn to this side: as by a collapsed lung"
_NO_SHIFT = "no clear shift of the middle: effusion and collapse cannot be told apart"
_NOT_SEEN = "the middle could not be placed: effusion and collapse cannot be told apart"
NO_HEART = "heart or a lung was not outlined"
UNEVEN = "the lung fields differ too much ({seen}, limit {limit}, {rule}): one chest wall is hidden"
HIDDEN = "one side is opaque: the border of the heart is hidden"
SUNKEN = "{seen} % of the heart lies below the lungs, limit {limit} ({rule}): wrong outline"
SIDES_DOUBTFUL = "left and right may be exchanged: settle that first"
IMPLAUSIBLE = "ratio {seen} is not possible ({low} to {high}): wrong outlines"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChestFacts:
    """What was measured on one film.

    Attributes
    ----------
    view : str
        View position of the header in capitals; "" when not given.
    ratio : Ratio or None
        None when it was not measurable.
    ratio_error : float
        One standard error of the ratio.
    sides : Sides or None
        The two halves compared.
    places : mapping of str to str
        Lines and outlines for the page, as shares of the film.
    """

    view: str
    ratio: Ratio | None
    ratio_error: float
    sides: Sides | None
    places: Mapping[str, str]


def is_opaque(sides: Sides, book: RuleBook) -> bool:
    """Say whether the denser side holds next to no air.

    Parameters
    ----------
    sides : Sides
        The two sides compared.
    book : RuleBook
        ``opaque.density``.

    Returns
    -------
    bool
        True from the limit on.
    """
    return sides.opacity >= book["opaque.density"].value


def ratio_fault(
    ratio: Ratio | None,
    lungs: tuple[Field | None, Field | None],
    sides: Sides | None,
    sunken: float | None,
    book: RuleBook,
) -> str:
    """Say why a cardiothoracic ratio must not be given.

    Parameters
    ----------
    ratio : Ratio or None
        As measured.
    lungs : tuple of Field or None
        Right and left lung.
    sides : Sides or None
        The two sides compared.
    sunken : float or None
        Share of the heart's area below the lungs.
    book : RuleBook
        Limits ``ctr.*``, ``lung.*`` and ``opaque.*``.

    Returns
    -------
    str
        One sentence; empty when the ratio stands.
    """
    right, left = lungs
    if ratio is None or right is None or left is None:
        return NO_HEART
    if min(right.area, left.area) < book["lung.least"].value:
        return NO_HEART
    uneven, limit = abs(asymmetry(right.area, left.area)), book["lung.uneven"]
    if uneven > limit.value:
        return UNEVEN.format(seen=f"{uneven:.2f}", limit=f"{limit.value:g}", rule=limit.id)
    if sides is not None and is_opaque(sides, book):
        return HIDDEN
    return _wrong_outline(ratio, sunken, book)


def _wrong_outline(ratio: Ratio, sunken: float | None, book: RuleBook) -> str:
    """Why these cannot be the outlines of this chest; empty when they can."""
    depth = book["ctr.sunken"]
    if sunken is not None and sunken > depth.value:
        most = f"{100 * depth.value:.0f}"
        return SUNKEN.format(seen=f"{100 * sunken:.0f}", limit=most, rule=depth.id)
    low, high = book["ctr.smallest"].value, book["ctr.largest"].value
    if not low <= ratio.value <= high:
        return IMPLAUSIBLE.format(seen=f"{ratio.value:.2f}", low=f"{low:g}", high=f"{high:g}")
    return ""


def judge_chest(facts: ChestFacts, points: Points, book: RuleBook) -> tuple[Finding, ...]:
    """Say what the measurements of a film speak for.

    Parameters
    ----------
    facts : ChestFacts
        Measurements of a film that passed the gate.
    points : mapping of str to OperatingPoint
        By code of the finding; a finding that is off, or has no point, is never raised.
    book : RuleBook
        Limits.

    Returns
    -------
    tuple of Finding
        Empty when nothing fired: that is no normal report.
    """
    found = (judge_heart(facts, points, book), judge_side(facts, points, book))
    return tuple(one for one in found if one is not None)


def judge_heart(facts: ChestFacts, points: Points, book: RuleBook) -> Finding | None:
    """Compare the cardiothoracic ratio with its limits, on PA films only.

    Parameters
    ----------
    facts : ChestFacts
        Ratio and view. A ratio of an AP film or one without a view is compared with nothing.
    points : mapping of str to OperatingPoint
        By code.
    book : RuleBook
        ``ctr.enlarged`` and ``ctr.marked``.

    Returns
    -------
    Finding or None
        DR212 above one limit, DR115 from the other on.
    """
    if facts.ratio is None or facts.view != PA:
        return None
    value = round(facts.ratio.value, 2)  # as it is printed: no third digit decides
    if value >= book["ctr.marked"].value and _on(VERY_LARGE_HEART, points):
        code, severity, limit = VERY_LARGE_HEART, Severity.URGENT, book["ctr.marked"]
    elif value > book["ctr.enlarged"].value and _on(LARGE_HEART, points):
        code, severity, limit = LARGE_HEART, Severity.ABNORMAL, book["ctr.enlarged"]
    else:
        return None
    said = _RATIO.format(
        value=f"{value:.2f}",
        error=f"{facts.ratio_error:.2f}",
        limit=f"{limit.value:g}",
        rule=limit.id,
    )
    drawn = ("heart_line", "thorax_line", "heart")
    place = {name: facts.places[name] for name in drawn if name in facts.places}
    said = _with_point(said, points[code])
    return Finding(code, severity, said, limit.id, MappingProxyType(place))


def judge_side(facts: ChestFacts, points: Points, book: RuleBook) -> Finding | None:
    """Say whether one side of the chest is opaque, and which way the middle went.

    Parameters
    ----------
    facts : ChestFacts
        The two sides compared.
    points : mapping of str to OperatingPoint
        By code.
    book : RuleBook
        ``opaque.*`` and ``edge.*``.

    Returns
    -------
    Finding or None
        DR017 with the middle drawn to the opaque side, else DR004.
    """
    seen, density = facts.sides, book["opaque.density"]
    if seen is None or not is_opaque(seen, book):
        return None
    code, word = _direction(seen, book)
    if not _on(code, points):
        return None
    side = "left" if seen.clearer == RIGHT_LUNG else "right"
    said = _OPAQUE.format(
        side=side,
        density=f"{seen.opacity:.2f}",
        limit=f"{density.value:g}",
        rule=density.id,
    )
    said = f"{said}; {word}"
    place: dict[str, float | str] = {"side": side}
    if "opaque" in facts.places:
        place["opaque"] = facts.places["opaque"]
    return Finding(
        code,
        Severity.CRITICAL,
        _with_point(said, points[code]),
        density.id,
        MappingProxyType(place),
    )


def _direction(seen: Sides, book: RuleBook) -> tuple[str, str]:
    """Effusion or collapse by where the middle went, and how that is said."""
    if seen.edge is None:
        return MASSIVE_EFFUSION, _NOT_SEEN
    usual = book["edge.right" if seen.clearer == RIGHT_LUNG else "edge.left"]
    pushed, least = seen.edge - usual.value, book["edge.least"].value
    edge = _EDGE.format(seen=f"{seen.edge:.2f}", usual=f"{usual.value:.2f}", rule=usual.id)
    if pushed >= least:
        return MASSIVE_EFFUSION, f"{edge}; {_AWAY}"
    if pushed <= -least:
        return COLLAPSE, f"{edge}; {_TOWARDS}"
    return MASSIVE_EFFUSION, f"{edge}; {_NO_SHIFT}"


def _on(code: str, points: Points) -> bool:
    point = points.get(code)
    return point is not None and point.on


def _with_point(said: str, point: OperatingPoint) -> str:
    return f"{said}; {point_said(point)}"
