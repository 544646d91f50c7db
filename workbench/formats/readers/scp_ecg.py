"""ECGs from SCP-ECG (EN 1064, ISO 11073-91064): the rhythm, and what the cart measured."""

from dataclasses import replace
from datetime import tzinfo
from types import MappingProxyType
from typing import Final

from workbench.domain.errors import Unreadable
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.domain.trace import Trace
from workbench.formats import scp_patient as section1
from workbench.formats.charset import person_name
from workbench.formats.clock import ended
from workbench.formats.received_ecg import clock_of, received_ecg, trace_of_leads, with_trace
from workbench.formats.scp_record import Record, looks_like_scp, open_record
from workbench.formats.scp_says import device_says, later_hand
from workbench.formats.scp_signal import rhythm_of, seconds_of

REPAIRED: Final = "character set repaired: the declared language does not fit the bytes"


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
        return with_trace(received, *self._trace(record, patient))

    def _opened(
        self, parts: Parts, zone: tzinfo | None
    ) -> tuple[Record, section1.Patient, Received]:
        record = open_record(next(iter(parts.values()), b""))
        if 1 not in record.sections:
            raise Unreadable("the record has no patient section; send the file again", "damaged")
        patient = section1.patient_of(record.sections[1])
        header = _header(patient, zone)
        header = replace(header, exam_end=ended(header.exam_start, seconds_of(record)))
        flags, notes = [], []
        for number in record.damaged:
            flags.append("checksum_differs")
            notes.append(f"section {number} does not fit its checksum and is left out")
        if not record.whole_fits and not record.damaged:
            flags.append("checksum_differs")
            notes.append("the checksum of the whole record differs, those of its sections fit")
        received = received_ecg(
            self.name, header, repaired=REPAIRED if header.name_repaired else "", flags=flags,
            notes=notes,
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
        return trace_of_leads(
            rhythm.rows, rhythm.rate, self.name, flags=flags, notes=notes,
            device=device_says(
                record, lambda raw: patient.decoded(raw).text, *section1.machine_of(patient)
            ),
        )  # fmt: skip


def _header(patient: section1.Patient, zone: tzinfo | None) -> ArrivalHeader:
    words = [patient.text(part) for part in ("family", "second", "given")]
    name = person_name("^".join(word.text for word in words))
    wall, own = section1.wall_of(patient), section1.zone_of(patient)
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
        **clock_of(wall, own, zone),
        institution=patient.text("institution").text,
        station=model,
        manufacturer=maker,
        model=model,
        referring=patient.text("referring").text,
        tags=MappingProxyType({k: v for k in kept if (v := patient.text(k).text)}),
    )
