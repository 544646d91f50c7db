"""What a reader measured on the averaged beat of a recording."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from workbench.domain.lead_names import LeadNames

# What two marks and the rate give, whatever the leads are called; axes and ST need the names.
OF_MARKS: Final = frozenset({
    "heart_rate_bpm", "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_fridericia_ms", "qtc_bazett_ms",
    "qtc_framingham_ms", "qtc_hodges_ms",
})  # fmt: skip


class Outdated(StrEnum):
    """Why a kept measurement is not one of the averaged beat as it is now."""

    NAMES = "names"  # the leads were named anew since: what lies between marks still stands
    BEAT = "beat"  # another beat was averaged since: nothing stands


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

    def standing_values(self, outdated: Outdated | None) -> Mapping[str, Any]:
        """The values that may still be used."""
        if outdated is None:
            return self.values
        if outdated is Outdated.BEAT:
            return {}
        return {name: value for name, value in self.values.items() if name in OF_MARKS}


def whole(value: float) -> str:
    """A number without decimals, halves upwards: paper, report and screen show the same one."""
    return str(math.floor(value + 0.5))


def outdated(
    row: BeatMeasurement,
    rows: Sequence[BeatMeasurement],
    beat: tuple[str, Collection[str]] | None,
    namings: Sequence[LeadNames],
) -> Outdated | None:
    """Compare what was measured with the averaged beat as it is now.

    Parameters
    ----------
    row : BeatMeasurement
        What stands on a recording.
    rows : sequence of BeatMeasurement
        Everything kept on the exam; a withdrawal goes back to one of them.
    beat : tuple of (str, collection of str) or None
        Digest and leads of the averaged beat as it is now; None when there is none.
    namings : sequence of LeadNames
        Decisions on the leads of the exam.

    Returns
    -------
    Outdated or None
        None when the very same beat was measured under the same names: equal bytes alone do not
        say so, for a last lead may have changed its name only.
    """
    measured = set(row.values.get("st_j_mv") or ())
    if beat is not None and row.beat_sha256 == beat[0] and measured == set(beat[1]):
        return None
    at = next(
        (r.at for r in rows if r.instance_id == row.instance_id and r.number == row.standing),
        row.at,
    )
    since = any(n.instance_id == row.instance_id and n.at > at for n in namings)
    return Outdated.NAMES if since else Outdated.BEAT
