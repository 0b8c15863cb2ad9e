"""tables that are brought in

Revision ID: 0021
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kinds = sa.Enum(
        "deliverables",
        "assignments",
        "updates",
        "contributions",
        name="sheetkind",
        native_enum=False,
        create_constraint=True,
        length=30,
    )
    op.create_table(
        "sheet_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", Instant(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("preview", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sheet_imports_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_imports")),
    )
    with op.batch_alter_table("sheet_imports") as batch:
        batch.create_index(op.f("ix_sheet_imports_account_id"), ["account_id"])
        batch.create_index(op.f("ix_sheet_imports_uploaded_at"), ["uploaded_at"])


def downgrade() -> None:
    op.drop_table("sheet_imports")
