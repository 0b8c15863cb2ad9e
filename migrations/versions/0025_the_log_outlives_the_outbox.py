"""The log outlives the outbox

What was sent long ago leaves the outbox; that its reader was told stays in the log, so that nobody
is told again.

Revision ID: 0025
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = "fk_notices_parcel_id_parcels"


def upgrade() -> None:
    with op.batch_alter_table("notices") as batch:
        batch.drop_constraint(op.f(KEY), type_="foreignkey")
        batch.alter_column("parcel_id", existing_type=sa.Integer(), nullable=True)
        batch.create_foreign_key(op.f(KEY), "parcels", ["parcel_id"], ["id"], ondelete="SET NULL")
    op.create_index(
        op.f("ix_parcels_ended_at"),
        "parcels",
        ["ended_at"],
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_parcels_ended_at"), table_name="parcels")
    _send_again_nothing()
    with op.batch_alter_table("notices") as batch:
        batch.drop_constraint(op.f(KEY), type_="foreignkey")
        batch.alter_column("parcel_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(op.f(KEY), "parcels", ["parcel_id"], ["id"], ondelete="CASCADE")


def _send_again_nothing() -> None:
    """What was told by parcels that are gone is put into one that was dropped, of each account."""
    op.execute(
        sa.text(
            "INSERT INTO parcels (account_id, digest, queued_at, after, state, failures, claim,"
            " ended_at, message_id, error)"
            " SELECT DISTINCT account_id, '', '2000-01-01 00:00:00.000000', '2000-01-01 00:00:00.000000', 'dropped', 0, '',"
            " '2000-01-01 00:00:00.000000', 'gone-' || CAST(account_id AS VARCHAR), ''"
            " FROM notices WHERE parcel_id IS NULL AND account_id IS NOT NULL"
        )
    )
    op.execute(
        sa.text(
            "UPDATE notices SET parcel_id = (SELECT id FROM parcels"
            " WHERE message_id = 'gone-' || CAST(notices.account_id AS VARCHAR))"
            " WHERE parcel_id IS NULL"
        )
    )
    op.execute(sa.text("DELETE FROM notices WHERE parcel_id IS NULL"))
