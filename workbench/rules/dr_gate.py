"""What a picture must be before anything is measured: an upright frontal chest of an adult."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from workbench.domain.finding import Gate
from workbench.domain.rulebook import RuleBook, Threshold

CHEST = "chest"


class GateCode(StrEnum):
    """What speaks against judging a film; stored, and relied on by other programs."""

    NOT_DECODED = "not_decoded"
    TRUNCATED = "truncated"
    BLANK = "blank"
    TOO_SMALL = "too_small"
    PHOTO_OR_SCREENSHOT = "photo_or_screenshot"
    BURNED_IN_TEXT = "burned_in_text"
    POLARITY_INVERTED = "polarity_inverted"
    ROTATED_90 = "rotated_90"
    ROTATED_180 = "rotated_180"
    ROTATED_270 = "rotated_270"
    NOT_CHEST = "not_chest"
    LATERAL = "lateral"
    PAEDIATRIC = "paediatric"
    UNSTEADY = "unsteady_outline"
    NO_MODEL = "no_model"
    MIRRORED = "mirrored_suspected"
    VIEW_DISAGREES = "view_disagrees"
    BODY_PART_DISAGREES = "body_part_disagrees"


TURNS = (GateCode.ROTATED_90, GateCode.ROTATED_180, GateCode.ROTATED_270)
# Said, but no reason to hold a film back: exchanged sides are looked up at the marker. A part or a
# view that the header and the picture name differently is none of them: which of the two is wrong
# is not known, and lung bases on a film of the abdomen made a critical flag.
ONLY_SAID = frozenset({GateCode.MIRRORED})
LATERALS = frozenset({"LL", "RL", "LAT", "LATERAL", "LLD", "RLD", "LLO", "RLO", "OBL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the picture itself shows; probabilities are 0 to 1.

    Attributes
    ----------
    turned : tuple of float
        Probability of 0, 90, 180 and 270 degrees clockwise.
    inverted, mirrored, frontal : float
        Probability of exchanged black and white, of exchanged sides, of a frontal chest.
    child : float or None
        Probability of a small child; None when nothing was asked.
    agreement : float or None
        How far the views of the outliner agree; None where a lung or the heart was not seen: what
        is not there cannot agree.
    thorax_share : float or None
        Inner width of the thorax over the width of the picture.
    thorax_mm : float or None
        The same in millimetres at the detector.
    """

    turned: tuple[float, float, float, float]
    inverted: float
    mirrored: float
    frontal: float
    child: float | None
    agreement: float | None
    thorax_share: float | None
    thorax_mm: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """What is known of a picture before it is judged.

    Attributes
    ----------
    part, group : str
        Body part as the header writes it, and its group in our vocabulary; "" when not given.
    view : str
        View position of the header in capitals, "" when not given.
    age_years : float or None
        None when not known.
    rows, columns : int
        Size.
    blank : bool
        Whether it holds no picture.
    coloured, panel : float
        Shares of the picture that are not grey, and of the largest even area.
    letters : int
        Letters in written lines.
    text_by_tag : bool
        Whether the header says that text is burned in.
    content : Content or None
        None where it was not looked at.
    model_missing : bool
        Whether that is so because no net is installed.
    """

    part: str
    group: str
    view: str
    age_years: float | None
    rows: int
    columns: int
    blank: bool
    coloured: float
    panel: float
    letters: int
    text_by_tag: bool
    content: Content | None
    model_missing: bool = False


Reason = tuple[GateCode, str]
Check = Callable[[GateFacts, RuleBook], Iterator[Reason]]
# Sentences as the catalogue holds them, gaps filled here: {seen} against {limit}, with its id.
_BLANK = "the film holds no picture"
_NO_MODEL = "lungs and heart: the nets are not installed, install the program again"
_SMALL = "the picture is a thumbnail of {seen} pixels, limit {limit} each way ({rule})"
_PART = "body part {seen}: only frontal chest films are measured and searched"
_VIEW = "view {seen}: only frontal chest films are measured and searched"
_AGE = "age {seen}: no limits for children under {limit} ({rule})"
_COLOUR = "{seen} % of the picture is coloured, limit {limit} ({rule}): a photo or a screen"
_PANEL = "{seen} % of the picture is one even grey, limit {limit} ({rule}): a program's screen"
_FILLS = "the chest fills {seen} % of the picture, limit {limit} ({rule}): a photo or a screen"
_LETTERS = "{seen} letters are written into the picture, limit {limit} ({rule})"
_TEXT_TAG = "the header says that text is burned into the picture"
_TURNED = "the film lies turned by {degrees} degrees clockwise ({seen}, limit {limit}, {rule})"
_INVERTED = "black and white are exchanged ({seen}, limit {limit}, {rule})"
_NO_CHEST = "the picture shows no frontal chest ({seen}, limit {limit}, {rule})"
_VIEW_ELSE = "view {seen}, but the picture looks like a frontal chest: settle which is right"
_PART_ELSE = "body part {seen}, but the picture looks like a frontal chest: settle which is right"
_UNSTEADY = "the outlines of lungs and heart are not steady ({seen}, limit {limit}, {rule})"
_MIRRORED = "left and right may be exchanged ({seen}, limit {limit}, {rule}): look at the marker"
_CHILD = "age unknown, and the chest looks like a child's ({seen}, limit {limit}, {rule})"
_NARROW = "age unknown, and the thorax is {seen} mm wide, limit {limit} mm ({rule})"


def judge_gate(facts: GateFacts, book: RuleBook) -> Gate:
    """Say whether a picture may be judged, and all that speaks against it.

    Parameters
    ----------
    facts : GateFacts
        Header and picture.
    book : RuleBook
        Limits ``gate.*``.

    Returns
    -------
    Gate
        Codes and one sentence for each, the reason that weighs most first. Not accepted when any
        code is more than a remark.
    """
    said = [reason for check in _CHECKS for reason in check(facts, book)]
    codes = tuple(dict.fromkeys(code for code, _text in said))
    return Gate(
        accepted=all(code in ONLY_SAID for code in codes),
        codes=tuple(code.value for code in codes),
        notes=tuple(text for _code, text in said),
    )


def _told(template: str, seen: float | str, limit: Threshold, **more: object) -> str:
    number = seen if isinstance(seen, str) else f"{seen:.2f}"
    return template.format(seen=number, limit=f"{limit.value:g}", rule=limit.id, **more)


def _picture(facts: GateFacts, book: RuleBook) -> Iterator[Reason]:
    if facts.blank:
        yield GateCode.BLANK, _BLANK
    side = book["gate.side"]
    if min(facts.rows, facts.columns) < side.value:
        size = f"{facts.rows} x {facts.columns}"
        yield GateCode.TOO_SMALL, _told(_SMALL, size, side)


def _model(facts: GateFacts, _book: RuleBook) -> Iterator[Reason]:
    if facts.model_missing:
        yield GateCode.NO_MODEL, _NO_MODEL


def _kind(facts: GateFacts, book: RuleBook) -> Iterator[Reason]:
    if _another_part(facts, book):
        yield GateCode.NOT_CHEST, _PART.format(seen=facts.part)
    elif facts.view in LATERALS:
        yield GateCode.LATERAL, _VIEW.format(seen=facts.view)
    adult = book["gate.adult_from"]
    if facts.age_years is not None and facts.age_years < adult.value:
        yield GateCode.PAEDIATRIC, _told(_AGE, f"{facts.age_years:g}", adult)


def _origin(facts: GateFacts, book: RuleBook) -> Iterator[Reason]:
    colour, panel, written = book["gate.coloured"], book["gate.panel"], book["gate.letters"]
    if facts.coloured > colour.value:
        yield GateCode.PHOTO_OR_SCREENSHOT, _told(_COLOUR, _percent(facts.coloured), colour)
    elif facts.panel > panel.value:
        yield GateCode.PHOTO_OR_SCREENSHOT, _told(_PANEL, _percent(facts.panel), panel)
    if facts.letters >= written.value:
        yield GateCode.BURNED_IN_TEXT, _told(_LETTERS, str(facts.letters), written)
    elif facts.text_by_tag:
        yield GateCode.BURNED_IN_TEXT, _TEXT_TAG


def _placing(facts: GateFacts, book: RuleBook) -> Iterator[Reason]:
    seen = facts.content
    if seen is None or _another_part(facts, book):
        return
    turned, inverted = book["gate.turned"], book["gate.inverted"]
    for code, chance in zip(TURNS, seen.turned[1:], strict=True):
        if chance > turned.value:
            degrees = code.value.removeprefix("rotated_")
            yield code, _told(_TURNED, chance, turned, degrees=degrees)
    if seen.inverted > inverted.value:
        yield GateCode.POLARITY_INVERTED, _told(_INVERTED, seen.inverted, inverted)


def _content(facts: GateFacts, book: RuleBook) -> Iterator[Reason]:
    seen = facts.content
    if seen is None or _another_part(facts, book):
        return
    frontal, agreement = book["gate.frontal"], book["gate.agreement"]
    if seen.frontal < frontal.value:
        yield GateCode.NOT_CHEST, _told(_NO_CHEST, seen.frontal, frontal)
        return
    if facts.view in LATERALS:
        yield GateCode.VIEW_DISAGREES, _VIEW_ELSE.format(seen=facts.view)
    if facts.group not in ("", CHEST):
        yield GateCode.BODY_PART_DISAGREES, _PART_ELSE.format(seen=facts.part)
    yield from _size(facts, book)
    if seen.agreement is not None and seen.agreement < agreement.value:
        yield GateCode.UNSTEADY, _told(_UNSTEADY, seen.agreement, agreement)
    mirrored = book["gate.mirrored"]
    if seen.mirrored > mirrored.value:
        yield GateCode.MIRRORED, _told(_MIRRORED, seen.mirrored, mirrored)


def _size(facts: GateFacts, book: RuleBook) -> Iterator[Reason]:
    """A chest too small in the picture, or too small for an adult whose age is not known."""
    seen, fills = facts.content, book["gate.fills"]
    child, small = book["gate.child"], book["gate.small_thorax"]
    if seen is None:
        return
    if seen.thorax_share is not None and seen.thorax_share < fills.value:
        yield GateCode.PHOTO_OR_SCREENSHOT, _told(_FILLS, _percent(seen.thorax_share), fills)
    if facts.age_years is not None:
        return
    if seen.child is not None and seen.child > child.value:
        yield GateCode.PAEDIATRIC, _told(_CHILD, seen.child, child)
    elif seen.thorax_mm is not None and seen.thorax_mm < small.value:
        yield GateCode.PAEDIATRIC, _told(_NARROW, f"{seen.thorax_mm:.0f}", small)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _another_part(facts: GateFacts, book: RuleBook) -> bool:
    """Whether the header names another part, and the picture is not sure to contradict it."""
    seen = facts.content
    if facts.group in ("", CHEST):
        return False
    return seen is None or seen.frontal < book["gate.frontal_against_tag"].value


_CHECKS: tuple[Check, ...] = (_picture, _kind, _origin, _placing, _content, _model)
