"""ways into an account: one-time links, a second factor, recovery codes, and how often it failed

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LINK_KIND = sa.Enum(
    "invitation",
    "reset",
    name="linkkind",
    native_enum=False,
    create_constraint=True,
    length=30,
)
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("reset_asked_at", Instant(), nullable=True))
    op.create_table(
        "one_time_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", LINK_KIND, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        _account("one_time_links", "account_id", ondelete="CASCADE"),
        _account("one_time_links", "created_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    op.create_index(
        "uq_one_time_links_open",
        "one_time_links",
        ["account_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _account("second_factors", "account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("account_id", name=op.f("uq_second_factors_account_id")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        _account("recovery_codes", "account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"])
    op.create_table(
        "attempt_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_counts")),
        sa.UniqueConstraint("place", name=op.f("uq_attempt_counts_place")),
    )
    op.create_index(op.f("ix_attempt_counts_last_at"), "attempt_counts", ["last_at"])


def downgrade() -> None:
    for table in ("attempt_counts", "recovery_codes", "second_factors", "one_time_links"):
        op.drop_table(table)
    op.drop_column("accounts", "reset_asked_at")


def _account(table: str, column: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_accounts")
    return sa.ForeignKeyConstraint([column], ["accounts.id"], name=name, ondelete=ondelete)
