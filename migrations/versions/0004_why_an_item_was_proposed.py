"""why an agenda item was proposed, and its version, so that two editors of it meet

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: SQLite's way of rebuilding a table would lose its checks.
    op.add_column("agenda_items", sa.Column("why", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "agenda_items", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )


def downgrade() -> None:
    op.drop_column("agenda_items", "version")
    op.drop_column("agenda_items", "why")
