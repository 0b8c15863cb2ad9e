"""the instant before which every token of an account was made in vain

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("tokens_ended_at", Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("accounts", "tokens_ended_at")
