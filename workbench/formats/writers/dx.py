"""Write one radiograph as DX For Presentation (PS3.3 A.26); every value is the caller's."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
)

from workbench.domain.errors import BadImage, Invalid
from workbench.formats.writers.dx_view import DxScale, DxView, write_view

CHARACTER_SETS = ("GB18030", "ISO_IR 192")
PHOTOMETRIC = ("MONOCHROME1", "MONOCHROME2")
IMPLEMENTATION_UID = "2.25.304829156007736154023518270934615583215"
IMPLEMENTATION_NAME = "CRW_DX_1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DxPatient:
    """Who was examined; names as DICOM groups them, family^given."""

    name: str
    id: str
    birth_date: date | None
    sex: str
    age_years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DxUids:
    """Identifiers; the caller makes them, e.g. 2.25.<integer>, so that nothing here is random."""

    study: str
    series: str
    instance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DxDevice:
    """Where and with what the film was taken."""

    manufacturer: str
    model: str
    serial: str
    institution: str
    station: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DxExposure:
    """Factors of the exposure: kV, mAs, IEC 62494-1 indices, dose-area product in dGy cm2."""

    kvp: float
    mas: float
    ei: float
    eit: float
    di: float
    dap: float
    source_image_mm: float = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DxHeader:
    """Everything the file says beside its pixels.

    `taken_at` is the device's local wall clock with its offset; `bits` are the bits stored.
    Incoming pixels have dense parts high; for MONOCHROME1 the writer stores their complement.
    """

    patient: DxPatient
    uids: DxUids
    device: DxDevice
    exposure: DxExposure
    taken_at: datetime
    accession: str
    spacing_mm: float
    bits: int = 14
    photometric: str = "MONOCHROME2"
    character_set: str = "GB18030"
    window: tuple[float, float] | None = None
    description: str = ""
    study_id: str = ""
    shown: DxView = field(default_factory=DxView)
    scale: DxScale | None = None  # None: `spacing_mm` at the detector, as most devices send it

    def __post_init__(self) -> None:
        if self.character_set not in CHARACTER_SETS:
            raise Invalid("character set", self.character_set, " or ".join(CHARACTER_SETS))
        if self.photometric not in PHOTOMETRIC:
            raise Invalid("photometric interpretation", self.photometric, " or ".join(PHOTOMETRIC))
        if not 8 < self.bits <= 16:
            raise Invalid("bits stored", self.bits, "9 to 16")
        if self.taken_at.tzinfo is None:
            raise Invalid("time of the film", self.taken_at, "a time with its offset from UTC")
        if not self.spacing_mm > 0:
            raise Invalid("pixel spacing", self.spacing_mm, "millimetres above 0")


def dx_dataset(film_pixels: NDArray[np.uint16], header: DxHeader) -> Dataset:
    """Build the data set, file meta information included."""
    _check(film_pixels, header.bits)
    ds = FileDataset("", {}, file_meta=_meta(header.uids), preamble=b"\0" * 128)
    ds.SpecificCharacterSet = header.character_set
    _sop(ds, header)
    _patient(ds, header.patient)
    _study(ds, header)
    _acquisition(ds, header)
    _image(ds, film_pixels, header)
    return ds


def to_bytes(dataset: Dataset) -> bytes:
    """The data set as a DICOM file, Explicit VR Little Endian."""
    into = BytesIO()
    dcmwrite(into, dataset, enforce_file_format=True)
    return into.getvalue()


def _check(pixels: NDArray[np.uint16], bits: int) -> None:
    if pixels.ndim != 2 or pixels.dtype != np.uint16:
        raise BadImage(f"expected rows x columns of uint16, got {pixels.shape} {pixels.dtype}")
    highest = int(pixels.max(initial=0))
    if highest >= 1 << bits:
        raise BadImage(
            f"value {highest} does not fit {bits} bits; scale the film or state more bits"
        )


def _meta(uids: DxUids) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = UID(uids.instance)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_NAME
    return meta


def _sop(ds: Dataset, header: DxHeader) -> None:
    taken = header.taken_at
    ds.ImageType = ["DERIVED", "PRIMARY"]
    ds.SOPClassUID = DigitalXRayImageStorageForPresentation
    ds.SOPInstanceUID = header.uids.instance
    for name in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"):
        setattr(ds, name, taken.strftime("%Y%m%d"))
    for name in ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime"):
        setattr(ds, name, taken.strftime("%H%M%S"))
    ds.TimezoneOffsetFromUTC = taken.strftime("%z")
    ds.AccessionNumber = header.accession
    ds.Modality = "DX"
    ds.PresentationIntentType = "FOR PRESENTATION"
    ds.Manufacturer = header.device.manufacturer
    ds.InstitutionName = header.device.institution
    ds.ReferringPhysicianName = ""
    ds.StationName = header.device.station
    ds.SeriesDescription = header.description
    ds.StudyDescription = header.description
    ds.ManufacturerModelName = header.device.model
    ds.DeviceSerialNumber = header.device.serial
    ds.SoftwareVersions = header.device.software


def _patient(ds: Dataset, patient: DxPatient) -> None:
    ds.PatientName = patient.name
    ds.PatientID = patient.id
    ds.PatientBirthDate = patient.birth_date.strftime("%Y%m%d") if patient.birth_date else ""
    ds.PatientSex = patient.sex
    if patient.age_years is not None:
        ds.PatientAge = f"{patient.age_years:03d}Y"


def _study(ds: Dataset, header: DxHeader) -> None:
    ds.StudyInstanceUID = header.uids.study
    ds.SeriesInstanceUID = header.uids.series
    ds.StudyID = header.study_id
    ds.SeriesNumber = 1
    ds.InstanceNumber = 1
    write_view(ds, header.shown)
    ds.AcquisitionContextSequence = Sequence([])


def _acquisition(ds: Dataset, header: DxHeader) -> None:
    factors = header.exposure
    ds.KVP = _number(factors.kvp)
    ds.DistanceSourceToDetector = _number(factors.source_image_mm)
    ds.Exposure = max(1, round(factors.mas))  # whole mAs by its VR; the next one is exact
    ds.ExposureInuAs = round(factors.mas * 1000)
    ds.ImageAndFluoroscopyAreaDoseProduct = _number(factors.dap)
    ds.ExposureIndex = _number(factors.ei)
    ds.TargetExposureIndex = _number(factors.eit)
    ds.DeviationIndex = _number(factors.di)
    ds.Grid = "FOCUSED"
    ds.DetectorType = "SCINTILLATOR"
    ds.DetectorConfiguration = "AREA"
    ds.PositionerType = "NONE"
    _sizes(ds, header)


def _sizes(ds: Dataset, header: DxHeader) -> None:
    mm = (header.spacing_mm, header.spacing_mm)
    # both the same: at the detector, not corrected for magnification
    scale = header.scale or DxScale(imager=mm, pixel=mm)
    if scale.imager:
        ds.ImagerPixelSpacing = [_number(v) for v in scale.imager]
    if scale.pixel:
        ds.PixelSpacing = [_number(v) for v in scale.pixel]
    if scale.magnification:
        ds.EstimatedRadiographicMagnificationFactor = _number(scale.magnification)
    if scale.calibrated_by:
        ds.PixelSpacingCalibrationType = scale.calibrated_by


def _number(value: float) -> Decimal:
    """A decimal string value of at most 16 characters, without binary tails."""
    return Decimal(f"{value:.8g}")


def _image(ds: Dataset, pixels: NDArray[np.uint16], header: DxHeader) -> None:
    full = (1 << header.bits) - 1
    inverse = header.photometric == "MONOCHROME1"
    stored = full - pixels if inverse else pixels
    center, width = header.window or ((full + 1) / 2, full + 1)
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = header.photometric
    ds.Rows, ds.Columns = pixels.shape
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, header.bits, header.bits - 1
    ds.PixelRepresentation = 0
    ds.BurnedInAnnotation = "NO"
    ds.PixelIntensityRelationship = "LOG"
    ds.PixelIntensityRelationshipSign = 1 if inverse else -1
    ds.WindowCenter = _number(full - center if inverse else center)
    ds.WindowWidth = _number(width)
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = Decimal(0), Decimal(1), "US"
    ds.LossyImageCompression = "00"
    ds.PresentationLUTShape = "INVERSE" if inverse else "IDENTITY"
    ds.PixelData = np.ascontiguousarray(stored, dtype="<u2").tobytes()
