"""a note wherever a plan or record file can hold one, and how well a contribution's day is known

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NOTED = (
    "bodies",
    "contributions",
    "functions",
    "leadership_terms",
    "meetings",
    "member_functions",
    "network_names",
    "networks",
    "outside_events",
    "questions",
    "sources",
)


def upgrade() -> None:
    # Columns are added in place: SQLite's way of rebuilding a table would lose its checks.
    for table in NOTED:
        op.add_column(table, sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "ALTER TABLE contributions ADD COLUMN precision VARCHAR(30) NOT NULL DEFAULT 'day' "
        "CONSTRAINT ck_contributions_precision CHECK (precision IN ('day', 'month', 'year'))"
    )


def downgrade() -> None:
    op.drop_column("contributions", "precision")
    for table in NOTED:
        op.drop_column(table, "note")
