"""The table of header values: which we keep, which must be there, what is done when they are not.

To add one: a row here; if it becomes a column of the exam, also a field on `ArrivalHeader`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Form(StrEnum):
    """How a value is read."""

    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class TagRow:
    """One header value: DICOM keyword, form, and what its absence means."""

    keyword: str
    form: Form
    needed: bool
    when_missing: str


def _text(keyword: str, when_missing: str, *, needed: bool = False) -> TagRow:
    return TagRow(keyword, Form.TEXT, needed, when_missing)


def _number(keyword: str, when_missing: str) -> TagRow:
    return TagRow(keyword, Form.NUMBER, needed=False, when_missing=when_missing)


BY_DIGEST: Final = "flag; the exam is filed by site and file digest"
NOT_SHOWN: Final = "left empty"
NOT_JUDGED: Final = "exposure is not judged from it"

# identity and exam: fields of ArrivalHeader
HEADER_TAGS: Final = (
    _text("PatientID", "flag; a person must match the exam to a patient", needed=True),
    _text("PatientName", "flag; shown as not given", needed=True),
    _text("PatientSex", "flag; rules by sex say not assessed", needed=True),
    _text("PatientBirthDate", "age is used when given; rules by age say not assessed"),
    _text("PatientAge", NOT_SHOWN),
    _text("StudyInstanceUID", BY_DIGEST, needed=True),
    _text("SeriesInstanceUID", NOT_SHOWN),
    _text("SOPInstanceUID", BY_DIGEST, needed=True),
    _text("SOPClassUID", "flag; the kind is told from modality and content", needed=True),
    _text("StudyDate", "flag; the exam has no device time", needed=True),
    _text("AccessionNumber", "no order is linked by number"),
    _text("Modality", "told from the SOP class"),
    _text("InstitutionName", NOT_SHOWN),
    _text("StationName", NOT_SHOWN),
    _text("Manufacturer", NOT_SHOWN),
    _text("ManufacturerModelName", NOT_SHOWN),
    _text("ReferringPhysicianName", NOT_SHOWN),
    _text("TimezoneOffsetFromUTC", "the zone of the sending site is used; without one, no time"),
)

# read by film pages and quality rules: entries of ArrivalHeader.tags and Image.tags
FILM_TAGS: Final = (
    _text("BodyPartExamined", "flag; the body part is asked of the technician", needed=True),
    _text("ViewPosition", "flag; shown as not given", needed=True),
    _text("ImageLaterality", "Laterality is used; else the side comes from the marker only"),
    _text("Laterality", NOT_SHOWN),
    _text("PatientOrientation", NOT_SHOWN),
    _text("PresentationIntentType", NOT_SHOWN),
    _text("BurnedInAnnotation", NOT_SHOWN),
    _text("LossyImageCompression", NOT_SHOWN),
    _text("ExposureControlModeDescription", NOT_SHOWN),
    _text("ExposureStatus", NOT_SHOWN),
    _number("ExposureIndex", NOT_JUDGED),
    _number("TargetExposureIndex", NOT_JUDGED),
    _number("DeviationIndex", "recomputed from exposure index and target where both are given"),
    _number("RelativeXRayExposure", "never compared across makers"),
    _number("Sensitivity", "never compared across makers"),
    _number("KVP", NOT_SHOWN),
    _number("XRayTubeCurrent", NOT_SHOWN),
    _number("Exposure", NOT_SHOWN),
    _number("ExposureInuAs", NOT_SHOWN),
    _number("ExposureTime", NOT_SHOWN),
    _number("ImageAndFluoroscopyAreaDoseProduct", NOT_SHOWN),
    _number("DistanceSourceToDetector", NOT_SHOWN),
    _number("DistanceSourceToPatient", NOT_SHOWN),
    _number("EstimatedRadiographicMagnificationFactor", "spacing stays that of the detector"),
)

# read by ECG pages: entries of ArrivalHeader.tags
TRACE_TAGS: Final = (
    _text("StudyDescription", NOT_SHOWN),
    _text("SoftwareVersions", NOT_SHOWN),
    _text("ReasonForStudy", NOT_SHOWN),
    _text("ReasonForTheRequestedProcedure", NOT_SHOWN),
    _text("CurrentPatientLocation", NOT_SHOWN),
)
