"""Where a finding of a screener was measured: how often right, on what, when; or why it is off."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from workbench.domain.errors import WorkbenchError


class BadOperatingPoint(WorkbenchError):
    """A row that claims more than it counted, or is off without saying why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """What an evaluation showed of one finding at the limit in force.

    Attributes
    ----------
    finding : str
        Code of the vocabulary.
    screener : str
        Name and version of what was evaluated.
    on : bool
        Whether the finding is raised without a site asking for it.
    sensitivity, specificity : float or None
        0 to 1; None where there was nothing to count.
    positives, negatives : int
        Films with and without the finding.
    films : str
        What they were: real films of which set, or drawn ones, and who named the truth.
    day : date or None
        When it was measured; None for what never was.
    reason : str
        Why it is off; empty for what is on.
    """

    finding: str
    screener: str
    on: bool
    sensitivity: float | None = None
    specificity: float | None = None
    positives: int = 0
    negatives: int = 0
    films: str = ""
    day: date | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.on and (self.day is None or not self.films):
            raise BadOperatingPoint(f"{self.finding} is on; it needs the films and the day")
        if not self.on and not self.reason:
            raise BadOperatingPoint(f"{self.finding} is off; it needs the reason")
        for name, share, n in (
            ("sensitivity", self.sensitivity, self.positives),
            ("specificity", self.specificity, self.negatives),
        ):
            if share is not None and not (0 <= share <= 1 and n > 0):
                raise BadOperatingPoint(
                    f"{self.finding}: {name} {share} of {n} films; expected 0 to 1 of 1 or more"
                )


def parse_points(text: str) -> Mapping[str, OperatingPoint]:
    """Read operating points from TOML by the code of their finding; a code stands once."""
    data = tomllib.loads(text)
    found: dict[str, OperatingPoint] = {}
    for row in data.get("point", []):
        if row["finding"] in found:
            raise BadOperatingPoint(f"{row['finding']} stands twice; one row per finding")
        found[row["finding"]] = OperatingPoint(**row)
    return MappingProxyType(found)
