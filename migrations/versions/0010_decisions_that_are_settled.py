"""how a decision ended, frozen when it was recorded

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settlements",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_settlements_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["accounts.id"], name=op.f("fk_settlements_settled_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_settlements")),
    )


def downgrade() -> None:
    op.drop_table("settlements")
