"""Made DICOM files with known pixels, and the folder of real ones when it is there."""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import imagecodecs
import jpeg_ls
import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian
from rle import encode_pixel_data as encode_rle

JPEG = "1.2.840.10008.1.2.4."
NATIVE = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.1.99",
)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files; tests on them are skipped where it is absent."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("WORKBENCH_SHARED_DATA", beside))
    if not folder.is_dir():
        pytest.skip("no shared data; set WORKBENCH_SHARED_DATA to the folder that holds dr and ecg")
    return folder


def _frame(  # noqa: PLR0911 - one return per coding
    values: np.ndarray, syntax: str, bits: int, signed: bool
) -> bytes:
    rows, columns = values.shape
    words = values.view(values.dtype.str.replace("i", "u"))
    if syntax == "1.2.840.10008.1.2.5":
        return encode_rle(
            words.astype(words.dtype.newbyteorder("<")).tobytes(),
            rows=rows, columns=columns, samples_per_pixel=1, bits_allocated=8 * words.itemsize,
            number_of_frames=1, byteorder="<",
        )  # fmt: skip
    code = syntax.removeprefix(JPEG)
    if code == "50":
        return imagecodecs.jpeg8_encode(words, level=95)
    if code == "51":
        return imagecodecs.jpeg8_encode(words, level=95, bitspersample=12)
    if code in {"57", "70"}:
        predictor = 1 if code == "70" else 4
        return imagecodecs.jpeg8_encode(
            words, lossless=True, predictor=predictor, bitspersample=bits
        )
    if code in {"80", "81"}:
        return bytes(jpeg_ls.encode_array(words, lossy_error=0 if code == "80" else 2))
    if code in {"90", "91"}:
        kept = values if signed else words
        return imagecodecs.jpeg2k_encode(
            kept, level=0 if code == "90" else 60, codecformat="j2k", reversible=code == "90",
            bitspersample=bits,
        )  # fmt: skip
    return imagecodecs.htj2k_encode(values if signed else words, reversible=True)


def _write(ds: Dataset, syntax: str) -> bytes:
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    out = BytesIO()
    dcmwrite(out, ds, enforce_file_format=True)
    return out.getvalue()


def _film(
    values: np.ndarray, syntax: str = str(ExplicitVRLittleEndian), bits: int = 12, **tags: Any
) -> bytes:
    signed = values.dtype.kind == "i"
    ds = Dataset()
    ds.SOPClassUID = DigitalXRayImageStorageForPresentation
    ds.SOPInstanceUID, ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.3.4", "1.2.3", "1.2.3.1"
    ds.PatientID, ds.PatientSex, ds.Modality = "P1", "F", "DX"
    ds.StudyDate, ds.StudyTime = "20260102", "081500"
    ds.PhotometricInterpretation, ds.SamplesPerPixel = "MONOCHROME2", 1
    ds.Rows, ds.Columns = values.shape
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8 * values.itemsize, bits, bits - 1
    ds.PixelRepresentation = int(signed)
    if syntax in NATIVE:
        order = ">" if syntax.endswith("1.2.2") else "<"
        data = values.astype(values.dtype.newbyteorder(order)).tobytes()
        ds.add_new("PixelData", "OW", data + b"\0" * (len(data) % 2))
    else:
        ds.add_new("PixelData", "OB", encapsulate([_frame(values, syntax, bits, signed)]))
        ds["PixelData"].is_undefined_length = True
    for keyword, value in tags.items():
        setattr(ds, keyword, value)
    return _write(ds, syntax)


@pytest.fixture(scope="session")
def make_film() -> Callable[..., bytes]:
    """``make_film(values, syntax, bits, **tags)``: a DX file holding exactly these pixels."""
    return _film


@pytest.fixture(scope="session")
def write_dicom() -> Callable[[Dataset, str], bytes]:
    """``write_dicom(dataset, syntax)``: a file of any dataset."""
    return _write


@pytest.fixture(scope="session")
def chest() -> np.ndarray:
    """A smooth 12-bit picture with fine noise, 120 x 90."""
    y, x = np.mgrid[0:120, 0:90]
    smooth = 1900 + 1500 * np.sin(x / 20) * np.cos(y / 25)
    noise = np.random.default_rng(7).normal(0, 12, smooth.shape)
    return np.clip(smooth + noise, 0, 4095).astype(np.uint16)
