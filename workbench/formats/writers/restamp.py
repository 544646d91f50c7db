"""Gives a sample study the time at which a demonstration takes place."""

from datetime import datetime
from io import BytesIO

from pydicom import dcmread

_DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
_TIMES = ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime")


def restamped(data: bytes, taken_at: datetime) -> bytes:
    """The same DICOM file taken at another time (an aware time in the device's zone)."""
    dataset = dcmread(BytesIO(data))
    for keyword in _DATES:
        if keyword in dataset:
            setattr(dataset, keyword, taken_at.strftime("%Y%m%d"))
    for keyword in _TIMES:
        if keyword in dataset:
            setattr(dataset, keyword, taken_at.strftime("%H%M%S"))
    if "AcquisitionDateTime" in dataset:
        dataset.AcquisitionDateTime = taken_at.strftime("%Y%m%d%H%M%S%z")
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()
