"""What a reader measured on the averaged beat of a recording."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatMeasurement:
    """One row that is only ever added; `standing` says which of them holds from here on.

    A kept measurement stands for itself. A withdrawal holds the marks and values it goes back to,
    and the number of that measurement; 0 and no marks when there was none before.
    """

    id: str
    exam_id: str
    instance_id: str
    number: int  # 1, 2, … within one recording
    standing: int
    marks: Mapping[str, float | None]
    values: Mapping[str, Any]
    beat_sha256: str  # of the averaged beat that was measured
    by: str
    at: datetime
    note: str = ""

    @property
    def withdraws(self) -> bool:
        """Whether this row takes another back instead of adding one."""
        return self.standing != self.number
