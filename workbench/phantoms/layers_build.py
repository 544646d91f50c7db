"""Who is on a layered film, and how much of the body: adults, children, side views, other parts.

Origin of the ranges: textbook-size guesses, set by eye on overlays of nets trained with them over
films of the NIH Clinical Center (free use); not measurements of any patient. Lengths are cm; x
grows to the patient's left, y downwards from the lung apices, z forwards.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import radians

from workbench.phantoms.layers_draw import Draw

# Turn about the upright: standard deviation in degrees, and how many are turned.
STRAIGHT, TURNED, TURNED_SHARE = 4.0, 13.0, 0.3


class FilmKind(StrEnum):
    """What a layered film shows."""

    ADULT = "adult"
    CHILD = "child"
    LATERAL = "lateral"
    NECK = "neck"
    SHOULDER = "shoulder"
    ABDOMEN = "abdomen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Sizes of one body.

    Attributes
    ----------
    kind : FilmKind
        What the film shows.
    female, ap, supine : bool
        Sex, tube in front of the body, lying.
    scale : float
        Size relative to a middle-sized adult.
    height, half_width, half_depth : float
        Of the space of the lungs.
    fat : float
        Under the skin.
    shoulder, shoulder_y : float
        Half width and level of the shoulders.
    shift : float
        How far heart and mediastinum are pushed to the patient's left.
    """

    kind: FilmKind
    female: bool
    ap: bool
    supine: bool
    scale: float
    height: float
    half_width: float
    half_depth: float
    fat: float
    shoulder: float
    shoulder_y: float
    shift: float

    @property
    def child(self) -> bool:
        """Whether this is a small child."""
        return self.kind is FilmKind.CHILD


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where tube, body and film stand.

    Attributes
    ----------
    field : float
        Side of the film at the middle of the beam, in cm.
    source : float
        From tube to film, in cm.
    detector : float
        Depth of the film, in cm; behind the body in AP views.
    yaw, tilt : float
        Turn about the upright and lean forwards, in radians.
    across, down : float
        What point of the body lies in the middle of the film, in cm.
    half_depth : float
        How far forwards and backwards rays are followed, in cm.
    """

    field: float
    source: float
    detector: float
    yaw: float
    tilt: float
    across: float
    down: float
    half_depth: float


def draw_build(kind: FilmKind, shift: float, draw: Draw) -> Build:
    """Draw a body.

    Parameters
    ----------
    kind : FilmKind
        What the film shall show.
    shift : float
        How far the mediastinum is pushed to the left, in cm of an adult.
    draw : Draw
        Source of numbers.

    Returns
    -------
    Build
        Its sizes.
    """
    child = kind is FilmKind.CHILD
    female, ap = draw.happens(0.45), draw.happens(0.8 if child else 0.4)
    supine = ap and draw.happens(0.5)
    scale = draw.within(0.86, 1.08) * (0.94 if female else 1.02)
    height, half_width = draw.within(22.5, 29.5) * scale, draw.within(12.2, 15.6) * scale
    half_depth = draw.within(6.3, 9.3) * scale
    fat = draw.within(1.2, 2.6) if draw.happens(0.55) else draw.within(2.5, 8.0)
    shoulder = draw.within(16, 21) * scale
    if child:
        # short, wide and deep: the younger, the more
        scale = draw.within(0.32, 0.72)
        height = draw.within(22, 26) * scale
        half_width = height * draw.within(0.52, 0.66)
        half_depth = half_width * draw.within(0.55, 0.75)
        fat, shoulder = draw.within(0.4, 1.6), half_width * draw.within(1.15, 1.4)
    elif ap:
        height *= draw.within(0.82, 1.0)
    return Build(
        kind=kind,
        female=female and not child,
        ap=ap,
        supine=supine,
        scale=scale,
        height=height,
        half_width=half_width,
        half_depth=half_depth,
        fat=fat,
        shoulder=shoulder,
        shoulder_y=draw.within(-4.8, 0.8) * scale,
        shift=shift * scale,
    )


def draw_stand(build: Build, draw: Draw) -> Stand:
    """Place film and tube before a body.

    Parameters
    ----------
    build : Build
        The body.
    draw : Draw
        Source of numbers.

    Returns
    -------
    Stand
        The geometry.
    """
    depth, scale = build.half_depth, build.scale
    # most stand nearly straight, a part of them clearly turned: uneven collar bones must be seen
    yaw = radians(draw.near(0, TURNED if draw.happens(TURNED_SHARE) else STRAIGHT))
    tilt = radians(draw.near(4, 6) if build.ap else draw.near(1, 4))
    source = draw.within(95, 140) if build.ap else draw.within(150, 190)
    detector = -depth - draw.within(3, 6) if build.ap else depth + draw.within(3, 7)
    wide = draw.within(31, 42) if draw.happens(0.7) else draw.within(42, 52)
    field = wide * max(0.9, scale)
    across, down = draw.near(0, 1.6), draw.within(0.36, 0.62) * build.height
    reach = depth + build.fat + 6
    if build.child:
        field = 2 * build.half_width * draw.within(1.15, 2.1)
        across, down = draw.near(0, 0.7), draw.within(0.35, 0.75) * build.height
    elif build.kind is FilmKind.LATERAL:
        yaw += radians(90 if draw.happens(0.5) else -90)
        source, detector = draw.within(150, 190), build.half_width + draw.within(5, 9)
        field, reach = draw.within(28, 42) * scale, build.half_width + build.fat + 5
    elif build.kind is FilmKind.NECK:
        field, down = draw.within(18, 32), -draw.within(7, 16)
    elif build.kind is FilmKind.SHOULDER:
        side = -1 if draw.happens(0.5) else 1
        field, across = draw.within(18, 28), side * draw.within(12, 18)
        down = draw.within(-2, 6)
    elif build.kind is FilmKind.ABDOMEN:
        field, down = draw.within(32, 46), build.height + draw.within(10, 20)
    return Stand(
        field=field,
        source=source,
        detector=detector,
        yaw=yaw,
        tilt=tilt,
        across=across,
        down=down,
        half_depth=reach,
    )
