"""A film known again: its fingerprint as it is kept, and a film that shows the same picture."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeptPrint:
    """The fingerprint of a film of the archive, with where the film lies now.

    `person_id` stands for all records that people found to be one patient.
    """

    instance_id: str
    exam_id: str
    person_id: str
    site_code: str
    received_at: datetime
    bits: int
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class Twin:
    """A film of the archive that shows the same picture as another one."""

    film: KeptPrint
    likeness: float  # correlation of the detail, up to 1
