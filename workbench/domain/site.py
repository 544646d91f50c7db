"""Institutions, how they are recognised, and who reads for whom."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workbench.domain.errors import Invalid
from workbench.domain.kinds import ExamKind

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
SYSTEM = "_system"  # audit chain of acts that belong to no institution


class SiteKind(StrEnum):
    """Level of an institution."""

    TERTIARY = "tertiary"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One institution; `signatures` says how many a report needs before it is released.

    `asks_retakes`: whether its poor films are asked for again without a person.
    """

    code: str
    name: str
    kind: SiteKind = SiteKind.TOWNSHIP
    phone: str = ""
    time_zone: str = "Asia/Shanghai"
    profile: str = "national"  # critical-value profile
    signatures: int = 1
    active: bool = True
    asks_retakes: bool = True

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise Invalid("site code", self.code, "1 to 32 letters, digits, - or _")
        if not self.name.strip():
            raise Invalid("site name", self.name, "the institution's full name")
        if self.signatures not in (1, 2):
            raise Invalid("signatures", self.signatures, "1 or 2")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAddress:
    """A calling AE title and the address it may call from ("" means any address)."""

    site_code: str
    ae_title: str
    address: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.ae_title.strip()) <= 16 or "\\" in self.ae_title:
            raise Invalid("AE title", self.ae_title, "1 to 16 characters without backslash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Written agreement that one institution reads for another; both stand on every report."""

    id: str
    examining: str
    reading: str
    kinds: frozenset[ExamKind]
    starts_on: date
    ends_on: date
    document_no: str = ""

    def __post_init__(self) -> None:
        if self.examining == self.reading:
            raise Invalid("agreement", self.reading, "two different institutions")
        if self.ends_on < self.starts_on:
            raise Invalid("agreement end", self.ends_on, f"a day not before {self.starts_on}")
        if not self.kinds:
            raise Invalid("agreement scope", "nothing", "at least one kind of exam")

    def in_force(self, today: date) -> bool:
        """Whether it covers this day."""
        return self.starts_on <= today <= self.ends_on
