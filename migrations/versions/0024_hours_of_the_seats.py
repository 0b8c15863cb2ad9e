"""when people work at the seat of a member

Revision ID: 0024
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0025"
branch_labels = None
depends_on = None

USUAL = {"works_from": "09:00:00", "works_until": "17:00:00"}


def upgrade() -> None:
    for name, moment in USUAL.items():
        op.add_column("members", sa.Column(name, sa.Time(), nullable=False, server_default=moment))
    weekend = sa.Column("weekend", sa.String(7), nullable=False, server_default="56")
    op.add_column("members", weekend)


def downgrade() -> None:
    """The hours that members gave themselves are told in the trail and nowhere else then."""
    for name in ("weekend", *USUAL):
        op.drop_column("members", name)
