"""What screeners said, one row per file, screener, version and rule book."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.exam import OPEN_STATES
from workbench.domain.finding import Finding, Gate, Measurement, Screening, Severity
from workbench.domain.quality_item import (
    FilmGrade,
    ItemState,
    QualityCode,
    QualityItem,
    QualitySheet,
)
from workbench.store.schema import exam, screening

# A screener and its name since: the later result holds.
RENAMED = {"ecg-rate": "ecg", "dr_exposure": "dr"}


def add(
    conn: sa.Connection,
    key: str,
    instance: tuple[str, str],
    said: Screening,
    now: datetime,
    context: str = "",
) -> bool:
    """Keep a result for (exam id, instance id); False when it is what was said last.

    `context` is the digest of the patient's facts it was judged by: with other facts the same
    screener speaks again, and what it said before stays. The caller holds the exam's row.
    """
    exam_id, instance_id = instance
    same = (
        (screening.c.instance_id == instance_id)
        & (screening.c.screener == said.screener)
        & (screening.c.version == said.version)
        & (screening.c.rulebook == said.rulebook)
    )
    last = conn.execute(
        sa.select(screening.c.turn, screening.c.context)
        .where(same)
        .order_by(screening.c.turn.desc())
        .limit(1)
    ).first()
    if last is not None and last.context == context:
        return False
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
            context=context,
            turn=1 if last is None else last.turn + 1,
        )
        .on_conflict_do_nothing(
            constraint="uq_screening_instance_id_screener_version_rulebook_turn"
        )
        .returning(screening.c.id)
    ).first()
    return done is not None


def of_exam(conn: sa.Connection, exam_id: str) -> list[Screening]:
    """What holds for an exam: of every file and screener the last result, oldest file first.

    A look that broke (no version) is forgotten once another look at the file succeeded.
    """
    last: dict[tuple[str, str], Screening] = {}
    for row in _rows(conn, exam_id):
        if row.version:
            last.pop((row.instance_id, ""), None)
        name = RENAMED.get(row.screener, row.screener)
        place = (row.instance_id, name if row.version else "")
        last[place] = from_json(row.result)
    return list(last.values())


def history(conn: sa.Connection, exam_id: str) -> list[tuple[str, datetime, Screening]]:
    """Everything ever said about an exam: (id of the file, when, what), oldest first."""
    return [(r.instance_id, r.at, from_json(r.result)) for r in _rows(conn, exam_id)]


def done_for(conn: sa.Connection, exam_id: str, context: str = "") -> set[str]:
    """Ids of the files judged last by these facts; one that broke (no version) does not count."""
    last = {r.instance_id: r.context for r in _rows(conn, exam_id) if r.version}
    return {key for key, judged_by in last.items() if judged_by == context}


def judged_before(conn: sa.Connection, exam_id: str, current: tuple[str, str]) -> set[str]:
    """Ids of files that `current` (screener, version) judged last in another version."""
    screener, version = current
    last = {
        r.instance_id: r.version
        for r in _rows(conn, exam_id)
        if r.version and RENAMED.get(r.screener, r.screener) == screener
    }
    return {key for key, held in last.items() if held != version}


def films_judged_before(
    conn: sa.Connection, current: tuple[str, str], after: str, most: int
) -> list[tuple[str, str]]:
    """Exam and file of open exams that `current` never judged in this version, in order of ids.

    `after` is the exam to go on behind. What was reported stays as it was screened then.
    """
    names = {current[0], *(old for old, new in RENAMED.items() if new == current[0])}
    again = screening.alias()
    now = sa.exists().where(
        again.c.instance_id == screening.c.instance_id,
        again.c.screener == current[0],
        again.c.version == current[1],
    )
    query = (
        sa.select(screening.c.exam_id, screening.c.instance_id)
        .join(exam, exam.c.id == screening.c.exam_id)
        .where(screening.c.screener.in_(names), screening.c.exam_id > after)
        .where(exam.c.state.in_([state.value for state in OPEN_STATES]), ~now)
        .distinct()
        .order_by(screening.c.exam_id, screening.c.instance_id)
        .limit(most)
    )
    return [(row.exam_id, row.instance_id) for row in conn.execute(query)]


def _rows(conn: sa.Connection, exam_id: str) -> sa.CursorResult[Any]:
    query = sa.select(screening).where(screening.c.exam_id == exam_id)
    return conn.execute(query.order_by(screening.c.at, screening.c.turn, screening.c.id))


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
            "sheet": _sheet(data.get("sheet")),  # absent in results of before there was one
        }
    )


def _finding(data: Mapping[str, Any]) -> Finding:
    return Finding(**{**data, "severity": Severity(data["severity"])})


def _sheet(data: Mapping[str, Any] | None) -> QualitySheet | None:
    if data is None:
        return None
    return QualitySheet(
        **{
            **data,
            "items": tuple(_item(one) for one in data["items"]),
            "grade": FilmGrade(data["grade"]) if data["grade"] else None,
        }
    )


def _item(data: Mapping[str, Any]) -> QualityItem:
    return QualityItem(
        **{
            **data,
            "code": QualityCode(data["code"]),
            "state": ItemState(data["state"]),
            "place": tuple((a, b, c, d) for a, b, c, d in data["place"]),
        }
    )
