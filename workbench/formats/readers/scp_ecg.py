"""ECGs from SCP-ECG (EN 1064, ISO 11073-91064): the rhythm, and what the cart measured."""

from dataclasses import replace
from datetime import timedelta, tzinfo
from types import MappingProxyType
from typing import Final

import numpy as np

from workbench.domain.errors import Unreadable
from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import Trace
from workbench.formats import scp_patient as section1
from workbench.formats.charset import person_name
from workbench.formats.clock import placed
from workbench.formats.leads import einthoven_residual, in_order, with_limb_leads
from workbench.formats.scp_record import Record, looks_like_scp, open_record
from workbench.formats.scp_says import device_says, later_hand
from workbench.formats.scp_signal import rhythm_of

LIMB_LIMIT: Final = 0.05  # mV by which II may differ from I + III before a person is told


class ScpEcg:
    """Claims a file whose section 0 stands where the standard puts it."""

    name = "scp_ecg"

    def claims(self, parts: Parts) -> bool:
        """One file with the pointers of SCP-ECG."""
        return len(parts) == 1 and looks_like_scp(next(iter(parts.values()))[:64])

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Patient and times; samples stay coded.

        Raises
        ------
        Unreadable
            If the record is cut short or its patient section is damaged.
        """
        return self._opened(parts, zone)[2]

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and trace.

        Raises
        ------
        Unreadable
            If the record is cut short or its patient section is damaged.
        BadTrace
            If the samples are missing, damaged or contradict themselves.
        """
        record, patient, received = self._opened(parts, zone)
        trace, flags = self._trace(record, patient)
        end = received.header.exam_start
        if end is not None:
            end += timedelta(seconds=trace.seconds)
        return replace(
            received,
            header=replace(received.header, exam_end=end),
            trace=trace,
            flags=tuple(dict.fromkeys((*received.flags, *flags))),
            notes=(*received.notes, *trace.notes),
        )

    def _opened(
        self, parts: Parts, zone: tzinfo | None
    ) -> tuple[Record, section1.Patient, Received]:
        record = open_record(next(iter(parts.values()), b""))
        if 1 not in record.sections:
            raise Unreadable("the record has no patient section; send the file again", "damaged")
        patient = section1.patient_of(record.sections[1])
        header = _header(patient, zone)
        flags, notes = [], []
        if not header.patient_id:
            flags.append("missing_patient_id")
            notes.append("the file gives no patient id; a person must match it")
        if header.name_repaired:
            flags.append("charset_repaired")
            notes.append("character set repaired: the declared language does not fit the bytes")
        if not header.device_clock:
            flags.append("missing_tags")
            notes.append("the file gives no acquisition time")
        elif header.exam_start is None:
            flags.append("clock_without_zone")
            notes.append(
                f"device time {header.device_clock} has no zone and the site none is known for"
            )
        for number in record.damaged:
            flags.append("checksum_differs")
            notes.append(f"section {number} does not fit its checksum and is left out")
        if not record.whole_fits and not record.damaged:
            flags.append("checksum_differs")
            notes.append("the checksum of the whole record differs, those of its sections fit")
        received = Received(
            kind=ExamKind.ECG, header=header, reader=self.name, flags=tuple(dict.fromkeys(flags)),
            notes=tuple(notes),
        )  # fmt: skip
        return record, patient, received

    def _trace(self, record: Record, patient: section1.Patient) -> tuple[Trace, tuple[str, ...]]:
        rhythm = rhythm_of(record)
        flags, notes = [], []
        if not rhythm.nanovolts:
            flags.append("not_calibrated")
            notes.append("the record gives no step in nV; its numbers are stored counts / 1000")
        if rhythm.averaged > 1:
            notes.append(
                f"between the complexes the cart kept means of {rhythm.averaged} samples only"
            )
        if later_hand(record):
            notes.append("a person confirmed or changed the statements before the file came here")
        rows, derived = with_limb_leads(rhythm.rows)
        off = einthoven_residual(rows)
        if off is not None and off > LIMB_LIMIT:
            flags.append("limb_leads_disagree")
            notes.append(f"II differs from I + III by {off:.2f} mV; are the gains right?")
        if any(np.isnan(row).any() for row in rhythm.rows.values()):
            flags.append("gaps")
        names = in_order(list(rows))
        trace = Trace(
            millivolts=np.stack([rows[name] for name in names]),
            rate=rhythm.rate,
            leads=tuple(names),
            derived=derived,
            device=device_says(
                record, lambda raw: patient.decoded(raw).text, *section1.machine_of(patient)
            ),
            origin=self.name,
            notes=tuple(notes),
            calibrated=bool(rhythm.nanovolts),
        )
        return trace, tuple(flags)


def _header(patient: section1.Patient, zone: tzinfo | None) -> ArrivalHeader:
    words = [patient.text(part) for part in ("family", "second", "given")]
    name = person_name("^".join(word.text for word in words))
    wall, own = section1.wall_of(patient), section1.zone_of(patient)
    start = placed(wall, own or zone)
    maker, model = section1.machine_of(patient)
    kept = ("department", "remarks", "sequence")
    return ArrivalHeader(
        patient_id=patient.text("id").text,
        name=name,
        name_raw=patient.raw("family") + patient.raw("given"),
        name_repaired=any(word.repaired or word.damaged for word in words),
        sex=section1.sex_of(patient),
        birth_date=section1.day_of(patient.values.get(section1.TAGS["born"], b"")),
        age_years=section1.age_of(patient),
        modality="ECG",
        exam_start=start,
        device_clock=wall.isoformat() if wall else "",
        clock_source=("file" if own else "site") if start else "",
        institution=patient.text("institution").text,
        station=model,
        manufacturer=maker,
        model=model,
        referring=patient.text("referring").text,
        tags=MappingProxyType({k: v for k in kept if (v := patient.text(k).text)}),
    )
