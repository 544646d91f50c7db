"""Write the measurements of a signed version as Comprehensive SR by TID 1500 (PS3.16).

Each mark is one group of TID 1501; every number stands on the points it was taken from, and its
method says whether millimetres are those of the patient or of the detector's plane.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.sr import (
    CodedConcept,
    ComprehensiveSR,
    CoordinatesForMeasurement,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    TrackingIdentifier,
)
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from workbench.domain.errors import Invalid
from workbench.domain.mark import Mark, MarkValue, Tool
from workbench.formats.mark_shapes import shapes
from workbench.formats.writers.key_object import person
from workbench.formats.writers.mark_parts import (
    MODEL,
    FilmSource,
    Origin,
    contents,
    corner_based,
    finished,
)

SCHEME: Final = "99CRW"  # ours, for what no scheme we could check has a code
NAMES: Final[Mapping[str, Code]] = MappingProxyType({
    "length": codes.SCT.Length,
    "angle": codes.SCT.Angle,
    "long": codes.SCT.LongAxis,
    "short": codes.SCT.ShortAxis,
    "area": codes.SCT.Area,
    "width": codes.SCT.Width,
    "height": codes.DCM.Height,
    "mean": codes.SCT.Mean,
    "sd": codes.SCT.StandardDeviation,
    "ratio": Code("CTR", SCHEME, "Cardiothoracic ratio"),
    "heart": Code("HEART", SCHEME, "Transverse cardiac diameter"),
    "thorax": codes.LN.TransverseThoracicDiameter,
    "whole": Code("LEG", SCHEME, "Leg length, hip to ankle"),
    "upper": codes.LN.FemurLength,
    "lower": codes.LN.TibiaLength,
})  # fmt: skip
# an angle of these tools has a code of its own
ANGLES: Final[Mapping[Tool, Code]] = MappingProxyType({
    Tool.COBB: codes.SCT.CobbAngle,
    Tool.LIMB: Code("HKA", SCHEME, "Hip-knee-ankle angle"),
})  # fmt: skip
UNITS: Final[Mapping[str, Code]] = MappingProxyType({
    "mm": codes.UCUM.Millimeter,
    "mm-detector": codes.UCUM.Millimeter,
    "px": Code("{pixels}", "UCUM", "pixels"),
    "mm2": codes.UCUM.SquareMillimeter,
    "mm-detector2": codes.UCUM.SquareMillimeter,
    "px2": Code("{pixels2}", "UCUM", "square pixels"),
    "deg": codes.UCUM.Degree,
    "1": codes.UCUM.Ratio,
    "value": codes.UCUM.NoUnits,
})  # fmt: skip
METHODS: Final[Mapping[str, Code]] = MappingProxyType({
    "mm": Code("CALIBRATED", SCHEME, "Calibrated at the patient"),
    "mm2": Code("CALIBRATED", SCHEME, "Calibrated at the patient"),
    "mm-detector": Code("DETECTOR", SCHEME, "In the detector plane"),
    "mm-detector2": Code("DETECTOR", SCHEME, "In the detector plane"),
    "px": Code("PIXELS", SCHEME, "Not calibrated"),
    "px2": Code("PIXELS", SCHEME, "Not calibrated"),
})  # fmt: skip
# which of the lines of a mark a number stands on, where it is not all of them
LINES: Final[Mapping[str, int]] = MappingProxyType({"heart": 0, "thorax": 1})


def measurements(
    films: Sequence[tuple[FilmSource, Sequence[Mark]]], origin: Origin
) -> tuple[str, bytes]:
    """SOP instance UID and file of every number of these films; marks without any are left out."""
    groups = [
        _group(film, mark, origin)
        for film, marks in films
        for mark in marks
        if any(v.value is not None for v in mark.values)
    ]
    if not groups:
        raise Invalid("measurements", "none", "at least one mark with a number")
    evidence = [film.dataset for film, marks in films if marks]
    report = MeasurementReport(
        observation_context=ObservationContext(observer_person_context=person(origin)),
        procedure_reported=codes.SCT.PlainRadiography,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
    )
    uid = origin.uid("SR")
    ds = ComprehensiveSR(
        evidence=evidence, content=report[0], series_instance_uid=origin.uid("SR", "series"),
        series_number=902, sop_instance_uid=uid, instance_number=1, is_complete=True, is_final=True,
        is_verified=True, verifying_observer_name=origin.signer,
        verifying_organization=origin.institution[:64], series_description="Measurements",
        coding_schemes=[CodingSchemeIdentificationItem(SCHEME, name=MODEL)],
        **contents(origin),
    )  # fmt: skip
    return uid, finished(ds, films[0][0], origin)


def _group(film: FilmSource, mark: Mark, origin: Origin) -> MeasurementsAndQualitativeEvaluations:
    ds = film.dataset
    frame = [1] if int(ds.get("NumberOfFrames", 1)) > 1 else None
    place = (ds.SOPClassUID, ds.SOPInstanceUID, frame)
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(
            uid=origin.uid("mark", mark.uid), identifier=f"{mark.tool}:{mark.uid}"
        ),
        measurements=[
            _measurement(v, mark, SourceImageForRegion(*place))
            for v in mark.values
            if v.value is not None
        ],
        source_images=[SourceImageForMeasurementGroup(*place)],
    )


def _measurement(value: MarkValue, mark: Mark, source: SourceImageForRegion) -> Measurement:
    lines = shapes(mark)
    wanted = lines if value.name not in LINES else [lines[LINES[value.name]]]
    name = ANGLES.get(mark.tool) if value.name == "angle" else None
    return Measurement(
        name=CodedConcept.from_code(name or NAMES[value.name]),
        value=_rounded(value.value),
        unit=UNITS[value.unit],
        method=METHODS.get(value.unit),
        referenced_coordinates=[
            CoordinatesForMeasurement(kind, corner_based(points), source) for kind, points in wanted
        ],
    )


def _rounded(value: float | None) -> float:
    """As exact as 16 characters of a decimal string allow."""
    return float(f"{value:.9g}")
