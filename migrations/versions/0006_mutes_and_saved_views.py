"""flags that are muted until a day, and filters of deliverables kept under a name

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FLAGS = (
    "overdue",
    "due_soon",
    "off_track",
    "at_risk",
    "stale",
    "blocked",
    "date_clash",
    "no_lead",
    "lead_not_accepted",
    "awaiting_review",
    "unscheduled",
)
MARKINGS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")


def upgrade() -> None:
    op.create_table(
        "flag_mutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliverable_id", sa.Integer(), nullable=False),
        sa.Column(
            "flag",
            sa.Enum(*FLAGS, name="flag", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column(
            "marking",
            sa.Enum(
                *MARKINGS, name="marking", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("audience_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("until_on > from_on", name=op.f("ck_flag_mutes_days_in_order")),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_by_id IS NULL)",
            name=op.f("ck_flag_mutes_ended_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["deliverable_id"],
            ["deliverables.id"],
            name=op.f("fk_flag_mutes_deliverable_id_deliverables"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_flag_mutes_recorded_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["accounts.id"], name=op.f("fk_flag_mutes_ended_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audiences.id"], name=op.f("fk_flag_mutes_audience_id_audiences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_mutes")),
    )
    op.create_index("ix_flag_mutes_deliverable_id", "flag_mutes", ["deliverable_id", "from_on"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("query", sa.String(2000), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_views_has_a_name")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_saved_views_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("key", name=op.f("uq_saved_views_key")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_views_account_id_name")),
    )


def downgrade() -> None:
    op.drop_table("saved_views")
    op.drop_table("flag_mutes")
