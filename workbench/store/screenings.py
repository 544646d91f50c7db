"""What screeners said, one row per file, screener, version and rule book."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.finding import Finding, Gate, Measurement, Screening, Severity
from workbench.store.schema import screening


def add(
    conn: sa.Connection, key: str, instance: tuple[str, str], said: Screening, now: datetime
) -> bool:
    """Keep a result for (exam id, instance id); False when the same screener already said it."""
    exam_id, instance_id = instance
    done = conn.execute(
        insert(screening)
        .values(
            id=key,
            exam_id=exam_id,
            instance_id=instance_id,
            screener=said.screener,
            version=said.version,
            rulebook=said.rulebook,
            digest=said.digest,
            assessed=said.assessed,
            result=as_json(said),
            at=now,
        )
        .on_conflict_do_nothing(constraint="uq_screening_instance_id_screener_version_rulebook")
        .returning(screening.c.id)
    ).first()
    return done is not None


def of_exam(conn: sa.Connection, exam_id: str) -> list[Screening]:
    """Results of an exam, oldest first."""
    query = sa.select(screening.c.result).where(screening.c.exam_id == exam_id)
    return [
        from_json(r.result) for r in conn.execute(query.order_by(screening.c.at, screening.c.id))
    ]


def done_for(conn: sa.Connection, exam_id: str) -> set[str]:
    """Ids of the files of an exam with a result; one that broke (no version) does not count."""
    query = sa.select(screening.c.instance_id).where(
        screening.c.exam_id == exam_id, screening.c.version != ""
    )
    return {r.instance_id for r in conn.execute(query)}


def as_json(said: Screening) -> dict[str, Any]:
    """Plain values, ready for JSON."""
    data: dict[str, Any] = _plain(said)
    data["beats_s"] = [round(b, 4) for b in said.beats_s]
    return data


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value


def from_json(data: Mapping[str, Any]) -> Screening:
    """Rebuild a result from its stored form."""
    gate = data["gate"]
    return Screening(
        **{
            **data,
            "gate": Gate(
                accepted=gate["accepted"], codes=tuple(gate["codes"]), notes=tuple(gate["notes"])
            ),
            "quality": tuple(_finding(f) for f in data["quality"]),
            "measurements": tuple(Measurement(**m) for m in data["measurements"]),
            "beats_s": tuple(data["beats_s"]),
            "findings": tuple(_finding(f) for f in data["findings"]),
        }
    )


def _finding(data: Mapping[str, Any]) -> Finding:
    return Finding(**{**data, "severity": Severity(data["severity"])})
