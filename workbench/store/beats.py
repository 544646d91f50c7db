"""Measurements on averaged beats: rows that only ever grow in number."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.beat import BeatMeasurement
from workbench.domain.errors import Stale
from workbench.store.schema import beat_measurement


def add(conn: sa.Connection, new: BeatMeasurement) -> None:
    """Keep a row; raises Stale when somebody else added that number meanwhile."""
    done = conn.execute(
        insert(beat_measurement)
        .values(
            id=new.id,
            exam_id=new.exam_id,
            instance_id=new.instance_id,
            number=new.number,
            standing=new.standing,
            marks=dict(new.marks),
            values=dict(new.values),
            beat_sha256=new.beat_sha256,
            by=new.by,
            at=new.at,
            note=new.note,
        )
        .on_conflict_do_nothing(index_elements=["instance_id", "number"])
        .returning(beat_measurement.c.id)
    ).first()
    if done is None:
        raise Stale("measurement", new.instance_id)


def of_instance(conn: sa.Connection, instance_id: str) -> list[BeatMeasurement]:
    """Everything ever kept or withdrawn on one recording, oldest first."""
    return _rows(conn, beat_measurement.c.instance_id == instance_id)


def of_exam(conn: sa.Connection, exam_id: str) -> list[BeatMeasurement]:
    """Everything ever kept or withdrawn on the recordings of an exam, oldest first of each."""
    return _rows(conn, beat_measurement.c.exam_id == exam_id)


def standing(rows: Sequence[BeatMeasurement]) -> dict[str, BeatMeasurement]:
    """What holds now on each recording: its last row, unless that leaves nothing."""
    last = {row.instance_id: row for row in rows}
    return {key: row for key, row in last.items() if row.standing}


def _rows(conn: sa.Connection, where: sa.ColumnElement[bool]) -> list[BeatMeasurement]:
    columns = beat_measurement.c
    query = sa.select(beat_measurement).where(where).order_by(columns.instance_id, columns.number)
    rows: Any = conn.execute(query).mappings()
    return [BeatMeasurement(**row) for row in rows]
