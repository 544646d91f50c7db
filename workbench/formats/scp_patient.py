"""Who, where and when: section 1 of an SCP-ECG record (EN 1064), a list of tagged values."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Final

from workbench.domain.errors import Unreadable
from workbench.formats.charset import Decoded, decode, rescue
from workbench.formats.clock import EARLIEST_YEAR

END: Final = 255
CONFIRMED_BY: Final = 21
DEVICE, LANGUAGE_AT = 14, 16  # tag of the recording machine, and its byte that names the language
TAGS: Final = {
    "family": 0, "given": 1, "id": 2, "second": 3, "age": 4, "born": 5, "sex": 8, "device": DEVICE,
    "institution": 16, "department": 18, "referring": 20, "confirmed": CONFIRMED_BY, "stat": 24,
    "date": 25, "time": 26, "high_pass": 27, "low_pass": 28, "remarks": 30, "sequence": 31,
    "zone": 34,
}  # fmt: skip
# language support code -> DICOM defined term; 0 and 1 are ASCII and Latin, which GB names pass for
LANGUAGES: Final = {
    0x03: "ISO_IR 101", 0x0B: "ISO_IR 110", 0x13: "ISO_IR 144", 0x1B: "ISO_IR 127",
    0x23: "ISO_IR 126", 0x2B: "ISO_IR 138", 0x33: "ISO_IR 166", 0x3B: "ISO_IR 203",
    0x0F: "ISO_IR 13", 0x27: "GB18030", 0x37: "ISO_IR 192",
}  # fmt: skip
CODECS: Final = {0x07: "utf-16-le", 0x17: "euc_jp", 0x1F: "euc_jp", 0x2F: "cp949"}
PER_YEAR: Final = {1: 1.0, 2: 12.0, 3: 52.1775, 4: 365.2425, 5: 8765.82}
SEXES: Final = {1: "M", 2: "F"}
MAKERS: Final = {
    1: "Burdick", 2: "Cambridge", 3: "Compumed", 4: "Datamed", 5: "Fukuda", 6: "Hewlett-Packard",
    7: "Marquette", 8: "Mortara", 9: "Nihon Kohden", 10: "Okin", 11: "Quinton", 12: "Siemens",
    13: "Spacelabs", 14: "Telemed", 15: "Hellige", 16: "ESA-OTE", 17: "Schiller",
    18: "Picker-Schwarzer", 19: "Elettronica Trentina", 20: "Zwoenitz",
}  # fmt: skip
OTHER_MAKER: Final = 255  # its name stands behind the other texts of the tag


@dataclass(frozen=True, slots=True)
class Patient:
    """Tagged values of section 1, decoded when asked for."""

    values: Mapping[int, bytes]
    language: int = 0

    def raw(self, name: str) -> bytes:
        """Bytes of a text up to its end mark."""
        value = self.values.get(TAGS[name], b"")
        if CODECS.get(self.language) == "utf-16-le":
            ends = (i for i in range(0, len(value) - 1, 2) if value[i : i + 2] == b"\0\0")
            return value[: next(ends, len(value) // 2 * 2)]
        return value.split(b"\0", 1)[0]

    def text(self, name: str) -> Decoded:
        """A text in the declared language, or rescued."""
        return self.decoded(self.raw(name))

    def decoded(self, raw: bytes) -> Decoded:
        """Any text of the record."""
        codec = CODECS.get(self.language)
        if codec is not None:
            try:
                return Decoded(raw.decode(codec).strip(" \0"))
            except UnicodeDecodeError:
                found = rescue(raw)
        else:
            found = decode(raw, (LANGUAGES.get(self.language, "ISO_IR 100"),))
        return Decoded(found.text.strip(" \0\r\n"), found.repaired, found.damaged)


def patient_of(section: bytes) -> Patient:
    """Split section 1 into its tags.

    Raises
    ------
    Unreadable
        If a tag runs beyond the section: who the patient is would be guessed.
    """
    values: dict[int, bytes] = {}
    at = 0
    while at + 3 <= len(section) and section[at] != END:
        tag, size = section[at], int.from_bytes(section[at + 1 : at + 3], "little")
        if at + 3 + size > len(section):
            raise Unreadable(
                f"tag {tag} of the patient's section has {size} bytes, {len(section) - at - 3} "
                "are left; ask for the file to be sent again",
                "damaged",
            )
        values.setdefault(tag, section[at + 3 : at + 3 + size])
        at += 3 + size
    device = values.get(DEVICE, b"")
    language = device[LANGUAGE_AT] if len(device) > LANGUAGE_AT else 0
    return Patient(MappingProxyType(values), language)


def day_of(value: bytes) -> date | None:
    """Year, month and day in four bytes; None when not given or impossible."""
    if len(value) < 4:
        return None
    year, month, day = struct.unpack_from("<HBB", value)
    try:
        return date(year, month, day) if year >= EARLIEST_YEAR else None
    except ValueError:
        return None


def wall_of(patient: Patient) -> datetime | None:
    """The cart's own clock at the start of the recording."""
    on, at = day_of(patient.values.get(TAGS["date"], b"")), patient.values.get(TAGS["time"], b"")
    if on is None or len(at) < 3 or at[0] > 23 or at[1] > 59 or at[2] > 59:
        return None
    return datetime(  # noqa: DTZ001  the zone is added by `placed`
        on.year, on.month, on.day, at[0], at[1], at[2]
    )


def zone_of(patient: Patient) -> timezone | None:
    """Offset from UTC in minutes, tag 34; 0x7FFF stands for not known."""
    value = patient.values.get(TAGS["zone"], b"")
    if len(value) < 2:
        return None
    (minutes,) = struct.unpack_from("<h", value)
    return timezone(timedelta(minutes=minutes)) if abs(minutes) <= 14 * 60 else None


def age_of(patient: Patient) -> float | None:
    """Age in years."""
    value = patient.values.get(TAGS["age"], b"")
    if len(value) < 3:
        return None
    number, unit = struct.unpack_from("<HB", value)
    return round(number / PER_YEAR[unit], 3) if number and unit in PER_YEAR else None


def sex_of(patient: Patient) -> str:
    """M, F or not given."""
    return SEXES.get((patient.values.get(TAGS["sex"]) or b"\0")[0], "")


def machine_of(patient: Patient) -> tuple[str, str]:
    """Maker and model of the machine."""
    value = patient.values.get(DEVICE, b"")
    if len(value) < 14:
        return "", ""
    model = patient.decoded(value[8:14].split(b"\0", 1)[0]).text
    maker = MAKERS.get(value[7], "")
    if value[7] == OTHER_MAKER and len(value) > 36:
        # revision of the analysis (its length stands in byte 36), serial, system, writer, maker
        texts = value[36:].split(b"\0")
        maker = patient.decoded(texts[4]).text if len(texts) > 4 else ""
    return maker, model
