"""calendars that somebody subscribed to; when a thing was last changed is found by index

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PURPOSE = sa.Enum(
    "member",
    "deadlines",
    "series",
    name="feedpurpose",
    native_enum=False,
    create_constraint=True,
    length=30,
)
OF_NO_SERIES = sa.text("revoked_at IS NULL AND series_id IS NULL")
OF_A_SERIES = sa.text("revoked_at IS NULL AND series_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", PURPOSE, nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("fetched_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'series') = (series_id IS NOT NULL)",
            name=op.f("ck_calendar_feeds_series_named"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_calendar_feeds_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["meeting_series.id"],
            name=op.f("fk_calendar_feeds_series_id_meeting_series"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    _one_that_works("uq_calendar_feeds_purpose", "purpose", OF_NO_SERIES)
    _one_that_works("uq_calendar_feeds_series", "series_id", OF_A_SERIES)
    op.create_index(
        "ix_audit_entries_subject",
        "audit_entries",
        ["subject_kind", "subject_key", "verb", "at"],
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entries_subject", table_name="audit_entries")
    op.drop_table("calendar_feeds")


def _one_that_works(name: str, column: str, where: sa.TextClause) -> None:
    op.create_index(
        name,
        "calendar_feeds",
        ["account_id", column],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
