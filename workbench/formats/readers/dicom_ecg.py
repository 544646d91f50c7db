"""ECGs from DICOM: 12-lead, general and ambulatory ECG waveforms."""

from dataclasses import replace
from datetime import timedelta, tzinfo
from typing import Final

from pydicom.uid import (
    AmbulatoryECGWaveformStorage,
    General32bitECGWaveformStorage,
    GeneralECGWaveformStorage,
    TwelveLeadECGWaveformStorage,
)

from workbench.domain.errors import BadTrace
from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.formats.dicom_annotations import device_says
from workbench.formats.dicom_file import Opened, is_dicom, open_file, sop_class
from workbench.formats.dicom_header import header_of
from workbench.formats.dicom_waveform import rhythm_group, rhythm_groups, trace_of
from workbench.formats.elements import Elements
from workbench.formats.received_ecg import with_trace

ECG_CLASSES: Final = frozenset(
    str(uid)
    for uid in (
        TwelveLeadECGWaveformStorage,
        GeneralECGWaveformStorage,
        General32bitECGWaveformStorage,
        AmbulatoryECGWaveformStorage,
    )
)
LONGEST_S: Final = 31 * 86400.0  # no recorder runs longer; a longer one is a wrong count


class DicomEcg:
    """Takes the rhythm recording of a file, never its averaged beat."""

    name = "dicom_ecg"

    def claims(self, parts: Parts) -> bool:
        """One DICOM file of an ECG class."""
        data = _only(parts)
        return data is not None and is_dicom(data) and sop_class(data) in ECG_CLASSES

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header; the waveform is not decoded."""
        opened = open_file(_only(parts) or b"", pixels=False)
        return self._received(opened, zone)

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the header cannot be parsed.
        BadTrace
            If the header can, but there is no rhythm recording in it that can be trusted.
        """
        opened = open_file(_only(parts) or b"", pixels=False)
        received = self._received(opened, zone)
        e = Elements(opened.dataset)
        group = rhythm_group(e)
        if group is None:
            raise BadTrace("the file holds no rhythm recording, at most an averaged beat")
        trace, flags = trace_of(group, device_says(e), self.name)
        others = rhythm_groups(e) - 1
        if others > 0:  # several recordings in one file: one is shown, and nobody is left to guess
            flags = (*flags, "further_recordings")
            more = f"{others} further recording(s) of this file are not shown; the longest is"
            trace = replace(trace, notes=(*trace.notes, more))
        return with_trace(received, trace, flags)

    def _received(self, opened: Opened, zone: tzinfo | None) -> Received:
        header, flags, notes = header_of(opened, zone, rows=())
        return Received(
            kind=ExamKind.ECG,
            header=_with_end(header, Elements(opened.dataset)),
            reader=self.name,
            flags=flags,
            notes=notes,
        )


def _with_end(header: ArrivalHeader, e: Elements) -> ArrivalHeader:
    group = rhythm_group(e)
    if group is None or header.exam_start is None:
        return header
    count, rate = group.number("NumberOfWaveformSamples"), group.number("SamplingFrequency")
    if not count or not rate or rate <= 0:
        return header
    return replace(
        header, exam_end=header.exam_start + timedelta(seconds=min(count / rate, LONGEST_S))
    )


def _only(parts: Parts) -> bytes | None:
    return next(iter(parts.values())) if len(parts) == 1 else None
