"""What objects made of signed marks share: the film they are about, who signed, names of their own.

Patient and study stand in them as in the film itself, so that an archive files them beside it.
"""

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.filewriter import correct_ambiguous_vr
from pydicom.uid import UID
from pydicom.valuerep import DA, DT, TM, DSfloat

from workbench.domain.errors import Unreadable
from workbench.domain.mark import Point
from workbench.formats.clock import day, wall_clock
from workbench.formats.dicom_file import open_file
from workbench.formats.dicom_header import LEGAL_UID
from workbench.formats.elements import Elements
from workbench.formats.writers.dx import IMPLEMENTATION_UID, to_bytes

CHARACTER_SET: Final = "ISO_IR 192"
MODEL: Final = "County reading workbench"
IMPLEMENTATION_NAME: Final = "CRW_MARKS_1"
HALF: Final = 0.5  # our (0, 0) is the middle of the first pixel, that of DICOM its corner
_UIDS: Final = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
_NAMES: Final = ("PatientName", "ReferringPhysicianName")
_SHORT: Final = re.compile(r"[^\\\x00-\x1f]{0,16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which version the object is made of: every name and time in it follows from that."""

    report_id: str
    version: int
    author: str
    institution: str
    signed_at: datetime  # aware, in the zone of the examining site

    def uid(self, *what: object) -> str:
        """A UID that is the same whenever the object is made again."""
        text = "/".join(map(str, (self.report_id, *what)))
        return f"2.25.{int.from_bytes(sha256(text.encode()).digest()[:16])}"

    @property
    def signer(self) -> str:
        """The author's name as DICOM takes it."""
        return self.author if "^" in self.author else f"{self.author}^"


@dataclass(frozen=True, slots=True, eq=False)
class FilmSource:
    """One film as objects refer to it: its own header, cut down to what they need and cleaned."""

    instance_id: str
    dataset: Dataset
    name: str


def film_source(instance_id: str, data: bytes) -> FilmSource:
    """Read what objects need of a film.

    Raises
    ------
    Unreadable
        If no object can refer to it: it is no DICOM file, or its UIDs are missing or illegal.
    """
    opened = open_file(data, pixels=False)
    e = Elements(opened.dataset)
    bad = [k for k in _UIDS if not LEGAL_UID.fullmatch(e.text(k))]
    if bad:
        raise Unreadable(f"{', '.join(bad)} missing or illegal: no object can refer to it", "uids")
    ds = Dataset()
    for keyword in _UIDS:
        setattr(ds, keyword, e.text(keyword))
    for keyword in ("AccessionNumber", "StudyID"):
        text = e.decoded(keyword).text.strip()
        setattr(ds, keyword, text if _SHORT.fullmatch(text) else "")
    ds.SpecificCharacterSet = CHARACTER_SET
    ds.PatientID = e.decoded("PatientID").text.strip()[:64]
    ds.PatientName = ""  # set at the end: a name in one piece is legal, the library warns of it
    ds.PatientSex = sex if (sex := e.text("PatientSex").upper()) in {"M", "F", "O"} else ""
    born, studied = day(e.text("PatientBirthDate")), day(e.text("StudyDate"))
    ds.PatientBirthDate = DA(born) if born else ""
    ds.StudyDate = DA(studied) if studied else ""
    at = wall_clock(e.text("StudyDate"), e.text("StudyTime"))
    ds.StudyTime = TM(at.time()) if at and e.text("StudyTime") else ""
    ds.ReferringPhysicianName = ""
    ds.Rows, ds.Columns = int(e.number("Rows") or 0), int(e.number("Columns") or 0)
    ds.SamplesPerPixel = int(e.number("SamplesPerPixel") or 1)
    frames = int(e.number("NumberOfFrames") or 1)
    if frames > 1:
        ds.NumberOfFrames = frames
    side = (e.text("ImageLaterality") or e.text("Laterality")).upper()
    ds.Laterality = side if side in {"L", "R"} else ""
    _greys(ds, opened.dataset, e)
    return FilmSource(instance_id, ds, e.decoded("PatientName").text.strip())


def _greys(ds: Dataset, film: Dataset, e: Elements) -> None:
    """Modality and VOI transformation as the film gives them: a curve before a window."""
    ds.PixelRepresentation = int(e.number("PixelRepresentation") or 0)
    slope, intercept = e.number("RescaleSlope"), e.number("RescaleIntercept")
    if "ModalityLUTSequence" in e:
        ds.ModalityLUTSequence = _curves(film.ModalityLUTSequence)
    elif slope and intercept is not None:
        ds.RescaleSlope, ds.RescaleIntercept = DSfloat(slope, True), DSfloat(intercept, True)
        ds.RescaleType = e.text("RescaleType") or "US"
    if "VOILUTSequence" in e:
        ds.VOILUTSequence = _curves(film.VOILUTSequence)
    named = e.text("VOILUTFunction").upper()
    pairs = zip(e.numbers("WindowCenter"), e.numbers("WindowWidth"), strict=False)
    usable = [(c, w) for c, w in pairs if w >= 1]
    if usable and "VOILUTSequence" not in e:
        ds.WindowCenter, ds.WindowWidth = (DSfloat(v, True) for v in usable[0])
        if named in {"LINEAR", "LINEAR_EXACT", "SIGMOID"}:
            ds.VOILUTFunction = named
    correct_ambiguous_vr(ds, is_little_endian=True)


def _curves(items: Sequence[Dataset]) -> list[Dataset]:
    """Look-up tables with their points as bytes, whichever way the film writes them."""
    copies = [deepcopy(item) for item in items]
    for item in copies:
        if not isinstance(item.LUTData, bytes):
            words = np.asarray(item.LUTData).astype("<u2")
            item.add_new("LUTData", "OW", words.tobytes())
    return copies


def finished(ds: Dataset, film: FilmSource, origin: Origin) -> bytes:
    """The object as a file: the patient's name, and times of the signature instead of now."""
    at = origin.signed_at
    del ds.PatientName  # the element is the film's own: it would change there as well
    ds.PatientName = film.name
    ds.InstanceCreationDate, ds.InstanceCreationTime = DA(at.date()), TM(at.time())
    ds.TimezoneOffsetFromUTC = at.strftime("%z")
    for what in ("Content", "PresentationCreation"):
        if f"{what}Date" in ds:
            setattr(ds, f"{what}Date", DA(at.date()))
            setattr(ds, f"{what}Time", TM(at.time()))
    for item in ds.get("ContributingEquipmentSequence", ()):
        if "ContributionDateTime" in item:
            item.ContributionDateTime = DT(at.replace(tzinfo=None))  # the zone stands above
    for item in ds.get("VerifyingObserverSequence", ()):
        item.VerificationDateTime = DT(at)
    ds.file_meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    ds.file_meta.ImplementationVersionName = IMPLEMENTATION_NAME
    del ds.file_meta.FileMetaInformationGroupLength  # counted anew when it is written
    return to_bytes(ds)


def contents(origin: Origin) -> dict[str, Any]:
    """What every object says of itself."""
    return {
        "manufacturer": MODEL,
        "manufacturer_model_name": MODEL,
        "software_versions": version("county-reading-workbench"),
        "device_serial_number": "1",
        "institution_name": origin.institution[:64],
        "specific_character_set": CHARACTER_SET,
    }


def corner_based(points: Sequence[Point]) -> NDArray[np.float64]:
    """Points as DICOM counts them: from the corner of the first pixel."""
    return np.asarray(points, dtype=np.float64) + HALF
