"""Names that a person gives the chest leads of a recording: V3 was placed as V3R, V4 as V7."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from workbench.domain.errors import Invalid

# Written out: a page needs these names and not the arrays that `domain.trace` brings along.
CHEST: Final = ("V1", "V2", "V3", "V4", "V5", "V6", "V3R", "V4R", "V5R", "V7", "V8", "V9")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadNames:
    """One decision; the last of a recording holds, and an empty one means "as the file has it".

    Attributes
    ----------
    names : mapping of str to str
        What the file calls a lead -> what it is. Always from the file's names, never from those
        of an earlier decision.
    """

    id: str
    exam_id: str
    instance_id: str
    number: int  # 1, 2, … within one recording
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reason: str
    by: str
    by_name: str
    at: datetime


def check_names(names: Mapping[str, str], leads: Collection[str]) -> None:
    """Refuse names that would make two leads one, or touch anything but chest leads.

    Parameters
    ----------
    names : mapping of str to str
        What the file calls a lead -> what it is.
    leads : collection of str
        What the recording holds, by the file's names.

    Raises
    ------
    Invalid
        If a lead is not in the recording, is no chest lead, or a name would stand twice.
    """
    for old, new in names.items():
        if old not in leads:
            raise Invalid("lead", old, "a lead of this recording")
        if old not in CHEST:
            raise Invalid("lead", old, "a chest lead; limb leads are not renamed")
        if new not in CHEST:
            raise Invalid("lead", new, "V1 to V9 or V3R to V5R")
        if new == old:
            raise Invalid("lead", new, "another name than the file gives it")
    after = [names.get(lead, lead) for lead in leads]
    twice = sorted({lead for lead in after if after.count(lead) > 1})
    if twice:
        raise Invalid("lead", ", ".join(twice), "every name once; give the other lead a name too")
