"""What every table shares: one naming convention, aware times, the usual columns."""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Time = sa.DateTime(timezone=True)
EMPTY_LIST, EMPTY_DICT = sa.text("'[]'::jsonb"), sa.text("'{}'::jsonb")


def key() -> sa.Column[str]:
    """The primary key: a random id made by us, never taken from a file."""
    return sa.Column("id", sa.Text, primary_key=True)


def of_site(name: str = "site_code") -> sa.Column[str]:
    """The institution a row belongs to."""
    return sa.Column(name, sa.Text, sa.ForeignKey("site.code"), nullable=False)


def of_exam() -> sa.Column[str]:
    """The exam a row belongs to."""
    return sa.Column("exam_id", sa.Text, sa.ForeignKey("exam.id"), nullable=False)
