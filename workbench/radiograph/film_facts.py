"""Every number the rules of the quality sheet may use, of one film."""

from dataclasses import dataclass

from workbench.domain.exposure_band import ExposureBand
from workbench.radiograph.chest_posture import ClavicleLook
from workbench.radiograph.collimation import OpenField
from workbench.radiograph.cut_off import EdgeGap
from workbench.radiograph.dense_objects import DenseObjects
from workbench.radiograph.exposure import ExposureMeasures
from workbench.radiograph.sharpness import EdgeSpread


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Deviation index of a film.

    Attributes
    ----------
    value : float or None
        The one that is judged; None when it cannot be had.
    computed, written : float or None
        10 log10(EI / EIT) by the target in force, and what the header says.
    band : ExposureBand
        What this site accepts for this part.
    """

    value: float | None
    computed: float | None
    written: float | None
    band: ExposureBand


@dataclass(frozen=True, slots=True, kw_only=True)
class ChestFacts:
    """What the outlines of lungs, heart and clavicles tell.

    Attributes
    ----------
    gaps : tuple of EdgeGap
        Lungs against the edges of the field, in `unit`.
    unit : str
        "mm", or "width" for shares of the film's width where no spacing is known.
    clavicles : ClavicleLook or None
        None where they were not outlined.
    height_ratio : float or None
        Height of the right lung over the width of both.
    spreads : tuple of EdgeSpread
        Edges that could be measured.
    objects : DenseObjects
        Over the lungs.
    scaled : bool
        Whether millimetres come from the file; else from the usual width of the lungs.
    """

    gaps: tuple[EdgeGap, ...]
    unit: str
    clavicles: ClavicleLook | None
    height_ratio: float | None
    spreads: tuple[EdgeSpread, ...]
    objects: DenseObjects
    scaled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFacts:
    """What is known of one film.

    Attributes
    ----------
    missing : tuple of str
        Facts of identity and exam that the file does not give, in plain words.
    deviation : Deviation
        Of the exposure.
    exposure : ExposureMeasures
        Clipping and spread.
    field : OpenField
        The collimated field.
    field_share, air_share : float
        Of the film that was exposed, and of the field that lies beside the body; 0 to 1.
    chest : ChestFacts or None
        None for other parts, and where the film was not outlined.
    chest_reason : str
        Why `chest` is None.
    sides_doubtful : bool
        Whether left and right of the film look exchanged.
    """

    missing: tuple[str, ...]
    deviation: Deviation
    exposure: ExposureMeasures
    field: OpenField
    field_share: float
    air_share: float
    chest: ChestFacts | None = None
    chest_reason: str = ""
    sides_doubtful: bool = False
