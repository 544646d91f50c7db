"""What can be wrong on a sample film: disease of the chest, or a fault of the technician.

Origin of the numbers: textbook-size guesses, set by eye beside films of the NIH Clinical Center
(free use); not measurements of any patient. Lengths are cm in the patient.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from workbench.phantoms.chest_lungs import LEFT, RIGHT
from workbench.phantoms.chest_person import Person

# Off centre or turned, the arm is seen to the film's edge.
LONG_ARMS: Mapping[str, float] = MappingProxyType({"humerus_longer": 16.0})


class TroubleKind(StrEnum):
    """What a film shows, or what went wrong when it was taken."""

    MASSIVE_EFFUSION = "massive_effusion"
    MODERATE_EFFUSION = "moderate_effusion"
    LARGE_PNEUMOTHORAX = "large_pneumothorax"
    TENSION_PNEUMOTHORAX = "tension_pneumothorax"
    COLLAPSE = "collapse"
    FREE_GAS = "free_gas"
    OEDEMA = "oedema"
    CONSOLIDATION = "consolidation"
    NODULE = "nodule"
    ROTATED = "rotated"
    CUT_OFF = "cut_off"
    MOVED = "moved"
    WRONG_MARKER = "wrong_marker"
    DEVICES = "devices"


WITHOUT_SIDE = frozenset({
    TroubleKind.FREE_GAS, TroubleKind.OEDEMA, TroubleKind.ROTATED, TroubleKind.MOVED,
    TroubleKind.WRONG_MARKER, TroubleKind.DEVICES,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fluid:
    """Fluid in one pleural space of an erect patient.

    Attributes
    ----------
    side : int
        `RIGHT` or `LEFT`.
    level : float
        Where fluid begins near the middle, as part of the height of the cage.
    rise : float
        How much higher it climbs at the side wall, in cm.
    depth : float
        How far below its beginning it fills the space from front to back, in cm.
    """

    side: int
    level: float
    rise: float
    depth: float


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A lung that free air has let shrink towards its hilum.

    Attributes
    ----------
    side : int
        `RIGHT` or `LEFT`.
    across, down, deep : float
        What is left of its width, height and depth, as parts.
    rounded : float
        Size of the ball that bounds it: at 1 hardly its corners are cut, below it is a lump.
    """

    side: int
    across: float
    down: float
    deep: float
    rounded: float

    @property
    def volume(self) -> float:
        """What is left of its volume, as a part."""
        return self.across * self.down * self.deep * self.rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Everything a film of one kind differs in from a healthy, well taken one.

    Attributes
    ----------
    kind : TroubleKind
        What it is.
    side : int
        `RIGHT`, `LEFT`, or 0 where no side is meant.
    push : float
        How far heart and mediastinum are moved to the patient's left, in cm.
    sizes : mapping of str to float
        Added to sizes of the person, by their names in `chest_sizes`.
    fluids : tuple of Fluid
        Pleural fluid.
    shrunk : Shrunk or None
        The lung beside free air.
    airless : int
        Side whose lung holds no air, or 0.
    gas : tuple of float
        Thickness of free gas under the right and the left dome, in cm.
    """

    kind: TroubleKind
    side: int = 0
    push: float = 0.0
    sizes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    fluids: tuple[Fluid, ...] = ()
    shrunk: Shrunk | None = None
    airless: int = 0
    gas: tuple[float, float] = (0.0, 0.0)


def plan_trouble(kind: TroubleKind, side: int) -> Trouble:
    """Decide how large a trouble is.

    Parameters
    ----------
    kind : TroubleKind
        What is wanted.
    side : int
        `RIGHT` or `LEFT`. A fault of centring loses that side, a turn has its sign; what has no
        side ignores it. Consolidation is drawn in the right upper lobe only.

    Returns
    -------
    Trouble
        The plan, the same for every person.

    Raises
    ------
    ValueError
        If the side is neither, or one on which this trouble cannot be drawn.
    """
    if side not in {RIGHT, LEFT}:
        raise ValueError(f"side {side} is neither {RIGHT} (right) nor {LEFT} (left)")
    if kind is TroubleKind.CONSOLIDATION and side != RIGHT:
        raise ValueError("consolidation on the left is not drawn; ask for it on the right")
    if kind in WITHOUT_SIDE:
        return next((one for one in _plans(side) if one.kind is kind), Trouble(kind=kind))
    found = (one for one in _plans(side) if one.kind is kind)
    return replace(next(found, Trouble(kind=kind)), side=side)


def _plans(side: int) -> tuple[Trouble, ...]:
    """Plans for one side; the sign of a side turns what goes with it."""
    right = side == RIGHT
    # a dome stands low beside air under tension and high beside a lung without air; the left one is
    # told by how much lower it stands than the right one
    lower = {"dome_right": -2.6, "dome_left_lower": -2.6} if right else {"dome_left_lower": 2.4}
    higher = {"dome_right": 2.2, "dome_left_lower": 2.2} if right else {"dome_left_lower": -3.4}
    wet = (Fluid(RIGHT, 0.86, 2.6, 3.0), Fluid(LEFT, 0.89, 2.2, 3.0))
    off = {"off_centre_x": -5.2 * side, "film_top": 3.0, **LONG_ARMS}
    return (
        Trouble(kind=TroubleKind.MASSIVE_EFFUSION, push=-3.4 * side,
                fluids=(Fluid(side, -0.16, 2.0, 4.5),)),
        Trouble(kind=TroubleKind.MODERATE_EFFUSION, push=-0.3 * side,
                fluids=(Fluid(side, 0.68, 4.2, 3.2),)),
        Trouble(kind=TroubleKind.LARGE_PNEUMOTHORAX, push=-0.4 * side,
                shrunk=Shrunk(side, 0.64, 0.82, 0.74, 0.93)),
        Trouble(kind=TroubleKind.TENSION_PNEUMOTHORAX, push=-3.6 * side, sizes=lower,
                shrunk=Shrunk(side, 0.50, 0.54, 0.55, 0.70)),
        Trouble(kind=TroubleKind.COLLAPSE, push=4.6 * side, sizes=higher, airless=side),
        Trouble(kind=TroubleKind.FREE_GAS, gas=(1.1, 0.35)),
        Trouble(kind=TroubleKind.OEDEMA, fluids=wet, sizes={"vessel_scale": 0.16}),
        Trouble(kind=TroubleKind.ROTATED, sizes={"yaw_deg": 16.0 * side, **LONG_ARMS}),
        Trouble(kind=TroubleKind.CUT_OFF, sizes=off),
    )  # fmt: skip


def troubled(person: Person, trouble: Trouble) -> Person:
    """Change the sizes of a person by a trouble.

    Parameters
    ----------
    person : Person
        A healthy person.
    trouble : Trouble
        What is wrong.

    Returns
    -------
    Person
        The same one with the sizes the trouble leaves.
    """
    if not trouble.sizes:
        return person
    changed = {name: person.size.get(name, 0.0) + more for name, more in trouble.sizes.items()}
    return replace(person, size={**person.size, **changed})
