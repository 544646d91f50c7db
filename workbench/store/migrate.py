"""Bring a database to the tables of this release; only here does the owner's address work.

The migrations travel inside the package; there is no configuration file beside it.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy.pool import NullPool

from workbench.domain.errors import WorkbenchError
from workbench.store.database import APP_ROLE, address

_LOCK = 7205770451  # any number, the same for every process
_ROLE = sa.text(f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        CREATE ROLE {APP_ROLE} LOGIN;
    END IF;
    IF NOT pg_has_role(current_user, '{APP_ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT {APP_ROLE} TO %I', current_user);
    ELSIF current_setting('server_version_num')::int >= 160000 THEN
        -- since 16 whoever makes a role is a member that may not become it
        IF NOT pg_has_role(current_user, '{APP_ROLE}', 'SET') THEN
            EXECUTE format('GRANT {APP_ROLE} TO %I WITH SET TRUE', current_user);
        END IF;
    END IF;
END $$""")


class MigrationRefused(WorkbenchError):
    """The database and this release do not fit together."""


def upgrade(owner_dsn: str) -> None:
    """Run every migration this database has not had; nothing happens if there is none."""
    engine = sa.create_engine(address(owner_dsn), poolclass=NullPool)
    with engine.connect() as conn:
        if not pending(conn):
            return
    with engine.begin() as conn:
        # two processes at once: the second waits here and finds the work done
        conn.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        make_role(conn)
        config = _config()
        config.attributes["connection"] = conn
        command.upgrade(config, "head")


def current(conn: sa.Connection) -> str | None:
    """The migration this database stands at; None before the first."""
    return MigrationContext.configure(conn).get_current_revision()


def newest() -> str:
    """The last migration of this release."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise MigrationRefused("No migrations are installed; reinstall the package.")
    return head


def pending(conn: sa.Connection) -> tuple[str, ...]:
    """Migrations this database still needs, first to last."""
    have = current(conn)
    scripts = ScriptDirectory.from_config(_config())
    try:
        missing = [each.revision for each in scripts.iterate_revisions("head", have or "base")]
    except RevisionError as error:
        raise MigrationRefused(
            f"The database stands at {have}, which this release does not know; its newest is "
            f"{newest()}. Install the release that made it, or restore an older backup."
        ) from error
    return tuple(reversed(missing))


def make_role(conn: sa.Connection) -> None:
    """Make the application's role, which belongs to the server and not to one database."""
    try:
        with conn.begin_nested():
            conn.execute(_ROLE)
    except sa.exc.IntegrityError:
        return  # a migration of another database on this server was first
    except sa.exc.ProgrammingError as error:
        raise MigrationRefused(
            f"The role {APP_ROLE} is missing, or this account is no member of it and may not "
            f"become one. An administrator of the server runs, if the role is missing: "
            f"CREATE ROLE {APP_ROLE} LOGIN; and then: "
            f"GRANT {APP_ROLE} TO <the account of WORKBENCH_DATABASE_OWNER_URL>;"
        ) from error


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
