"""Writes a trace as a DICOM ECG (12-lead, general or ambulatory); equal input, equal bytes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    UID,
    AmbulatoryECGWaveformStorage,
    ExplicitVRLittleEndian,
    GeneralECGWaveformStorage,
    TwelveLeadECGWaveformStorage,
)

from workbench.domain.errors import Invalid
from workbench.domain.trace import Trace
from workbench.formats.leads import SCP

# PS3.3 A.34.3 to A.34.5: class, lowest and highest rate, most channels, most samples of each;
# the first that holds a recording takes it.
CLASSES: Final = (
    (TwelveLeadECGWaveformStorage, 200.0, 1000.0, 13, 16384),
    (GeneralECGWaveformStorage, 200.0, 1000.0, 24, 2**31),
    (AmbulatoryECGWaveformStorage, 50.0, 1000.0, 12, 2**31),
)
UNSPECIFIED: Final = "2:0"  # CID 3001: a lead without a code of its own; its name stands beside it
MICROVOLTS_PER_STEP: Final = 1.0
PADDING: Final = -32768
FURTHEST: Final = 32767  # steps; the range is about 32 mV, far beyond any heart
# CID 3001: 2:61 is lead III as recorded; 2:111 and its like would say that it was derived
CODES: Final = {name: f"2:{number}" for number, name in SCP.items()}
IMPLEMENTATION_UID: Final = "2.25.226310853254837105341862571908355176001"


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgHeader:
    """Who, where and when; names in DICOM form, with the ideographic group for Chinese names."""

    patient_name: str
    patient_id: str
    study_uid: str
    series_uid: str
    instance_uid: str
    acquired_at: datetime
    sex: str = ""
    birth_date: date | None = None
    accession: str = ""
    institution: str = ""
    maker: str = ""
    model: str = ""


def ecg_dataset(trace: Trace, header: EcgHeader) -> Dataset:
    """Build the dataset with its file meta; write it with ``enforce_file_format=True``."""
    kind = _class(trace, header)
    ds = Dataset()
    ds.file_meta = _file_meta(header, kind)
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = kind
    ds.SOPInstanceUID = header.instance_uid
    ds.StudyInstanceUID = header.study_uid
    ds.SeriesInstanceUID = header.series_uid
    ds.Modality = "ECG"
    _patient(ds, header)
    _times(ds, header)
    ds.AccessionNumber = header.accession
    ds.InstitutionName = header.institution
    ds.Manufacturer = header.maker
    ds.ManufacturerModelName = header.model
    ds.ReferringPhysicianName = ""
    ds.StudyID = ""
    ds.SeriesNumber = 1
    ds.InstanceNumber = 1
    ds.AcquisitionContextSequence = []
    ds.WaveformSequence = [_rhythm(trace)]
    return ds


def unzoned(ds: Dataset) -> Dataset:
    """The same file with the machine's own clock: the zone of its times is not known."""
    ds.AcquisitionDateTime = str(ds.AcquisitionDateTime)[:21]
    if "TimezoneOffsetFromUTC" in ds:
        del ds.TimezoneOffsetFromUTC
    return ds


def undated(ds: Dataset) -> Dataset:
    """The same file without a time: nobody knows when it was recorded."""
    ds = unzoned(ds)
    ds.StudyDate = ds.StudyTime = ds.ContentDate = ds.ContentTime = ds.AcquisitionDateTime = ""
    return ds


def _class(trace: Trace, header: EcgHeader) -> str:
    """The SOP class that may hold this trace."""
    if header.acquired_at.tzinfo is None:
        raise Invalid("acquisition time", header.acquired_at, "a time with its zone")
    largest = float(np.nanmax(np.abs(trace.millivolts), initial=0.0))
    if 1000 * largest / MICROVOLTS_PER_STEP > FURTHEST:
        raise Invalid("largest sample", f"{largest:.1f} mV", "32.7 mV at most")
    channels, count = trace.millivolts.shape
    for kind, low, high, most, longest in CLASSES:
        if low <= trace.rate <= high and channels <= most and count <= longest:
            return str(kind)
    seen = f"{channels} leads x {count} samples at {trace.rate:g} Hz"
    raise Invalid("recording", seen, "50 to 1000 Hz, at most 24 leads (12 under 200 Hz)")


def _file_meta(header: EcgHeader, kind: str) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(kind)
    meta.MediaStorageSOPInstanceUID = UID(header.instance_uid)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    return meta


def _patient(ds: Dataset, header: EcgHeader) -> None:
    ds.PatientName = header.patient_name
    ds.PatientID = header.patient_id
    ds.PatientSex = header.sex
    ds.PatientBirthDate = "" if header.birth_date is None else f"{header.birth_date:%Y%m%d}"


def _times(ds: Dataset, header: EcgHeader) -> None:
    at = header.acquired_at
    ds.StudyDate = ds.ContentDate = f"{at:%Y%m%d}"
    ds.StudyTime = ds.ContentTime = f"{at:%H%M%S}"
    ds.AcquisitionDateTime = f"{at:%Y%m%d%H%M%S}.{at.microsecond:06d}{at:%z}"
    offset = at.utcoffset()
    if offset is not None and offset % timedelta(minutes=1) == timedelta(0):
        ds.TimezoneOffsetFromUTC = f"{at:%z}"


def _rhythm(trace: Trace) -> Dataset:
    steps = np.where(
        np.isfinite(trace.millivolts),
        np.round(trace.millivolts.astype(np.float64) * 1000.0 / MICROVOLTS_PER_STEP),
        PADDING,
    ).astype("<i2")
    group = Dataset()
    group.MultiplexGroupTimeOffset = 0
    group.WaveformOriginality = "ORIGINAL"
    group.NumberOfWaveformChannels = len(trace.leads)
    group.NumberOfWaveformSamples = steps.shape[1]
    group.SamplingFrequency = trace.rate
    group.MultiplexGroupLabel = "RHYTHM"
    group.ChannelDefinitionSequence = [
        _channel(at, name, trace) for at, name in enumerate(trace.leads, 1)
    ]
    group.WaveformBitsAllocated = 16
    group.WaveformSampleInterpretation = "SS"
    if np.any(steps == PADDING):
        group.add_new(0x5400100A, "OW", np.array([PADDING], "<i2").tobytes())
    group.add_new(0x54001010, "OW", np.ascontiguousarray(steps.T).tobytes())
    return group


def _channel(number: int, name: str, trace: Trace) -> Dataset:
    channel = Dataset()
    channel.WaveformChannelNumber = number
    channel.ChannelLabel = name
    channel.ChannelSourceSequence = [_code(CODES.get(name, UNSPECIFIED), "MDC", f"Lead {name}")]
    if trace.calibrated:  # else nobody knows what a step is, and the file must not say that it does
        channel.ChannelSensitivity = MICROVOLTS_PER_STEP
        channel.ChannelSensitivityUnitsSequence = [_code("uV", "UCUM", "microvolt")]
        channel.ChannelSensitivityCorrectionFactor = 1
        channel.ChannelBaseline = 0
    channel.ChannelSampleSkew = 0
    channel.WaveformBitsStored = 16
    if name in trace.derived:
        channel.ChannelDerivationDescription = "Computed from leads I and II"
    return channel


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue = value
    code.CodingSchemeDesignator = scheme
    code.CodeMeaning = meaning
    return code
