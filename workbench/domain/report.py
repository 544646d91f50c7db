"""Drafts, signed versions and addenda; a signed version never changes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from workbench.domain.finding import FindingTerm


class ReportKind(StrEnum):
    """What a signed version is."""

    ORIGINAL = "original"
    ADDENDUM = "addendum"


class Side(StrEnum):
    """Side of a finding."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    NONE = ""


class Certainty(StrEnum):
    """How sure the reader is."""

    DEFINITE = "definite"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    NOT_EXCLUDED = "cannot exclude"


@dataclass(frozen=True, slots=True)
class CodedFinding:
    """A coded statement in a report."""

    code: str
    side: Side = Side.NONE
    certainty: Certainty = Certainty.DEFINITE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBody:
    """What the reader writes."""

    findings: str = ""
    impression: str = ""
    coded: tuple[CodedFinding, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        return asdict(self)


def body_from(data: Mapping[str, object]) -> ReportBody:
    """Rebuild a body from its stored form; unknown sides or certainties raise ValueError."""
    coded = tuple(
        CodedFinding(
            code=str(c["code"]),
            side=Side(c.get("side", "")),
            certainty=Certainty(c.get("certainty", "definite")),
        )
        for c in data.get("coded", ())  # type: ignore[attr-defined]
    )
    return ReportBody(
        findings=str(data.get("findings", "")),
        impression=str(data.get("impression", "")),
        coded=coded,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Unsigned text; `revision` grows with every save: two windows cannot overwrite each other."""

    exam_id: str
    body: ReportBody
    author: str
    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReport:
    """One signed version, original or addendum."""

    id: str
    exam_id: str
    version: int
    kind: ReportKind
    body: ReportBody
    author: str
    author_name: str
    licence_number: str
    reading_site: str
    signed_at: datetime
    digest: str
    previous_digest: str = ""
    released_at: datetime | None = None
    countersigned_by: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def signed_content(row: Mapping[str, object]) -> dict[str, object]:
    """What the digest of a signed version is taken over, from the columns of its row."""
    at = row["signed_at"]
    if not isinstance(at, datetime):
        raise TypeError(f"signed_at is {type(at).__name__}; expected an aware datetime")
    return {
        "exam": row["exam_id"], "version": row["version"], "kind": row["kind"],
        "body": row["body"], "author": row["author"], "licence": row["licence_number"],
        "signed_at": at.astimezone(UTC).isoformat(), "facts": row["facts"],
        "previous": row["previous_digest"],
    }  # fmt: skip


def digest_of(content: Mapping[str, object]) -> str:
    """sha256 of the canonical JSON of what was signed."""
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()


def problems(body: ReportBody, terms: Mapping[str, FindingTerm], modality: str) -> Sequence[str]:
    """Everything that keeps this body from being signed, all at once."""
    faults: list[str] = []
    if not body.findings.strip():
        faults.append("findings are empty")
    if not body.impression.strip():
        faults.append("impression is empty")
    for part in (body.findings, body.impression):
        if "____" in part or "{" in part:
            faults.append("a template placeholder is still open (____)")
            break
    for coded in body.coded:
        term = terms.get(coded.code)
        if term is None:
            faults.append(f"{coded.code} is not in the vocabulary")
        elif term.modality != modality:
            faults.append(f"{coded.code} belongs to {term.modality}, this exam is {modality}")
        elif term.needs_side and coded.side is Side.NONE:
            faults.append(f"{coded.code} needs a side")
    return faults
