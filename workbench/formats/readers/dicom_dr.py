"""Films from DICOM: CR, DX, MG and secondary capture. Other classes are kept, with the reason."""

from datetime import tzinfo
from typing import Final

from pydicom.uid import (
    ComputedRadiographyImageStorage,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalMammographyXRayImageStorageForProcessing,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    MultiFrameTrueColorSecondaryCaptureImageStorage,
    SecondaryCaptureImageStorage,
)

from workbench.domain.errors import BadImage
from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.formats.dicom_file import Opened, is_dicom, open_file, sop_class
from workbench.formats.dicom_header import class_name, header_of
from workbench.formats.elements import Elements
from workbench.formats.grey import image_of
from workbench.formats.pixels import decode
from workbench.formats.readers.dicom_ecg import ECG_CLASSES

FILMS: Final = frozenset(
    map(
        str,
        (
            ComputedRadiographyImageStorage,
            DigitalXRayImageStorageForPresentation,
            DigitalXRayImageStorageForProcessing,
            DigitalMammographyXRayImageStorageForPresentation,
            DigitalMammographyXRayImageStorageForProcessing,
            SecondaryCaptureImageStorage,
            MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
            MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
            MultiFrameTrueColorSecondaryCaptureImageStorage,
        ),
    )
)
FILM_MODALITIES: Final = frozenset({"CR", "DX", "MG", "DR", "RG", "OT", "SC"})


class DicomDr:
    """Claims every DICOM file that is not an ECG; only films become an image."""

    name = "dicom_dr"

    def claims(self, parts: Parts) -> bool:
        """One DICOM file whose class is not an ECG."""
        data = _only(parts)
        return data is not None and is_dicom(data) and sop_class(data) not in ECG_CLASSES

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header without touching the pixels."""
        return self._received(open_file(_only(parts) or b"", pixels=False), zone)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and film.

        Raises
        ------
        Unreadable
            If the header cannot be parsed.
        BadImage
            If the header can, but the pixels cannot be shown.
        """
        opened = open_file(_only(parts) or b"", pixels=True)
        received = self._received(opened, zone)
        if received.kind is not ExamKind.DR:
            return received
        e = Elements(opened.dataset)
        if "truncated" in opened.flags:
            raise BadImage(f"truncated: {opened.notes[-1]}")
        image, flags = image_of(e, decode(e, opened.syntax), self.name)
        return Received(
            kind=received.kind,
            header=received.header,
            reader=self.name,
            image=image,
            flags=tuple(dict.fromkeys((*received.flags, *flags))),
            notes=(*received.notes, *image.notes),
        )

    def _received(self, opened: Opened, zone: tzinfo | None) -> Received:
        header, flags, notes = header_of(opened, zone)
        reason = _not_a_film(header)
        return Received(
            kind=ExamKind.OTHER if reason else ExamKind.DR,
            header=header,
            reader=self.name,
            reason=reason,
            flags=flags,
            notes=notes,
        )


def _not_a_film(header: ArrivalHeader) -> str:
    """Why this file is kept but not read as a film; empty for a film."""
    if header.sop_class in FILMS:
        return ""
    if not header.sop_class and header.modality in FILM_MODALITIES:
        return ""
    what = class_name(header.sop_class)
    return f"{what} ({header.modality or 'no modality'}) is neither a film nor an ECG; kept unread"


def _only(parts: Parts) -> bytes | None:
    return next(iter(parts.values())) if len(parts) == 1 else None
