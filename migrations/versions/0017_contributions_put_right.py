"""contributions that were put right or taken back, and what was stated of their worth

Revision ID: 0017
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0017"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contribution_conversions",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(18, 2), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("rate", sa.Numeric(18, 8), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.Column("rate_source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "amount >= 0", name=op.f("ck_contribution_conversions_amount_not_negative")
        ),
        sa.CheckConstraint("rate > 0", name=op.f("ck_contribution_conversions_rate_positive")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contributions.id"],
            name=op.f("fk_contribution_conversions_contribution_id_contributions"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_contribution_conversions")),
    )
    op.create_table(
        "contribution_ends",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contributions.id"],
            name=op.f("fk_contribution_ends_contribution_id_contributions"),
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["contributions.id"],
            name=op.f("fk_contribution_ends_replaced_by_id_contributions"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["accounts.id"],
            name=op.f("fk_contribution_ends_ended_by_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_contribution_ends")),
        sa.UniqueConstraint("replaced_by_id", name=op.f("uq_contribution_ends_replaced_by_id")),
    )


def downgrade() -> None:
    op.drop_table("contribution_ends")
    op.drop_table("contribution_conversions")
