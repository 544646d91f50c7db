"""Whether this home is for demonstration or for patients: said once, for ever."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import Invalid, WorkbenchError
from workbench.store.schema import account, home, patient

NATURES = ("demo", "clinical")


class HomeIsFixed(WorkbenchError):
    """A demonstration home asked to hold patients, or the other way round."""

    template = (
        "This home is {nature} for ever and cannot become {asked}; "
        "choose another folder with --home or WORKBENCH_HOME."
    )

    def __init__(self, nature: str, asked: str) -> None:
        super().__init__(nature=nature, asked=asked)


def nature(conn: sa.Connection) -> str | None:
    """What this home is: "demo" or "clinical"; None before it was said."""
    return conn.execute(sa.select(home.c.nature)).scalar_one_or_none()


def _in_use(conn: sa.Connection) -> bool:
    """Whether patients or people came before anybody said what this home is."""
    said = sa.select(home.c.nature).exists()
    held = sa.select(sa.exists(sa.select(patient.c.id)) | sa.exists(sa.select(account.c.username)))
    return bool(conn.execute(held.where(~said)).scalar())


def found(conn: sa.Connection, nature: str, now: datetime) -> None:
    """Say what this home is; the same again changes nothing, the other is refused."""
    if nature not in NATURES:
        raise Invalid("nature of the home", nature, " or ".join(NATURES))
    if nature == "demo" and _in_use(conn):
        raise HomeIsFixed("clinical", nature)
    first = insert(home).values(only=True, nature=nature, made_at=now)
    conn.execute(first.on_conflict_do_nothing())
    held = conn.execute(sa.select(home.c.nature)).scalar_one()
    if held != nature:
        raise HomeIsFixed(held, nature)
