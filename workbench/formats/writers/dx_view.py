"""What a written film shows of whom, from where, and what its pixels measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydicom import Dataset
from pydicom.sequence import Sequence

from workbench.domain.errors import Invalid

# SNOMED CT of PS3.16 CID 4031 (regions) and CID 4010 (views of projection radiography).
REGIONS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "CHEST": ("816094009", "Chest"), "ABDOMEN": ("818981001", "Abdomen"),
    "FEMUR": ("71341001", "Femur"), "HAND": ("85562004", "Hand"), "HIP": ("24136001", "Hip"),
    "KNEE": ("72696002", "Knee"), "PELVIS": ("12921003", "Pelvis"),
    "SKULL": ("89546000", "Skull"), "SPINE": ("421060004", "Spine"),
})  # fmt: skip
VIEWS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "PA": ("272479007", "Postero-anterior"), "AP": ("399348003", "Antero-posterior"),
    "LL": ("399173006", "Left lateral"), "RL": ("399198007", "Right lateral"),
})  # fmt: skip
LATERALITIES = ("L", "R", "U", "B")


@dataclass(frozen=True, slots=True, kw_only=True)
class DxView:
    """Part of the body, view and side; `orientation` says where rows and columns run to."""

    part: str = "CHEST"
    view: str = "PA"
    laterality: str = "U"
    orientation: tuple[str, str] = ("L", "F")

    def __post_init__(self) -> None:
        for noun, value, known in (
            ("body part", self.part, REGIONS), ("view", self.view, VIEWS),
            ("laterality", self.laterality, LATERALITIES),
        ):  # fmt: skip
            if value not in known:
                raise Invalid(noun, value, f"one of {', '.join(known)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DxScale:
    """Size of a pixel, each as millimetres between rows and between columns; None is left out.

    `imager` is at the detector. `pixel` is what Pixel Spacing says, `calibrated_by` how it came
    about (GEOMETRY or FIDUCIAL). Without `imager` the file is no whole DX object; such films come.
    """

    imager: tuple[float, float] | None = None
    pixel: tuple[float, float] | None = None
    magnification: float | None = None
    calibrated_by: str = ""

    def __post_init__(self) -> None:
        for pair in (self.imager, self.pixel):
            if pair is not None and not all(mm > 0 for mm in pair):
                raise Invalid("pixel spacing", pair, "millimetres above 0")
        if self.magnification is not None and not self.magnification >= 1:
            raise Invalid("magnification", self.magnification, "1 or more")


def code(value: str, meaning: str) -> Dataset:
    """A coded concept of SNOMED CT."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "SCT", meaning
    return item


def write_view(ds: Dataset, shown: DxView) -> None:
    """Write part, view and side."""
    seen = code(*VIEWS[shown.view])
    seen.ViewModifierCodeSequence = Sequence([])
    ds.PatientOrientation = list(shown.orientation)
    ds.ImageLaterality = shown.laterality
    ds.BodyPartExamined = shown.part
    ds.ViewPosition = shown.view
    ds.AnatomicRegionSequence = Sequence([code(*REGIONS[shown.part])])
    ds.ViewCodeSequence = Sequence([seen])
