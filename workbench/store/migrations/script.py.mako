"""${message}."""

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Bring a database one step on; grant the new tables to workbench_app by name."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
