"""what happened and is to be told, to whom it was told, and what goes out

Revision ID: 0020
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0020"
down_revision = "0014"
branch_labels = None
depends_on = None


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


HAPPENING = (
    "update.logged",
    "date.moved",
    "part.changed",
    "question.asked",
    "reports.asked",
    "action.assigned",
    "agenda.published",
    "minutes.published",
    "decision.opened",
    "decision.closed",
)
TOPIC = ("due", "stale", "asked", "actions", "agendas", "decisions", "digest", "account")
CADENCE = ("immediately", "daily", "weekly", "never")
STATE = ("waiting", "sent", "dropped", "given_up")
UNTOLD = sa.text("told_at IS NULL")
WAITING = sa.text("state = 'waiting'")


def _key(table: str, column: str, of: str, cascades: bool = True) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{of}.id"],
        name=op.f(f"fk_{table}_{column}_{of}"),
        ondelete="CASCADE" if cascades else None,
    )


def upgrade() -> None:
    _occurrences()
    _webhooks()
    _parcels()
    _notices()


def _occurrences() -> None:
    op.create_table(
        "occurrences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("happening", _words("happening", *HAPPENING), nullable=False),
        sa.Column("subject_kind", sa.String(30), nullable=False),
        sa.Column("subject_key", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        _key("occurrences", "account_id", "accounts", cascades=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
    )
    op.create_index(
        "ix_occurrences_untold",
        "occurrences",
        ["id"],
        sqlite_where=UNTOLD,
        postgresql_where=UNTOLD,
    )


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("happenings", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("last_at", Instant(), nullable=True),
        sa.Column("last_result", sa.String(200), nullable=False),
        _key("webhooks", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_account_id"), "webhooks", ["account_id"])


def _parcels() -> None:
    op.create_table(
        "parcels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("webhook_id", sa.Integer(), nullable=True),
        sa.Column("occurrence_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(40), nullable=False),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("after", Instant(), nullable=False),
        sa.Column("state", _words("state", *STATE), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(32), nullable=False),
        sa.Column("claimed_until", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("message_id", sa.String(80), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(webhook_id IS NULL) = (occurrence_id IS NULL)",
            name=op.f("ck_parcels_call_of_occurrence"),
        ),
        _key("parcels", "account_id", "accounts"),
        _key("parcels", "webhook_id", "webhooks"),
        _key("parcels", "occurrence_id", "occurrences"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcels")),
        sa.UniqueConstraint("message_id", name=op.f("uq_parcels_message_id")),
        sa.UniqueConstraint(
            "webhook_id", "occurrence_id", name=op.f("uq_parcels_webhook_id_occurrence_id")
        ),
    )
    op.create_index(
        "ix_parcels_waiting",
        "parcels",
        ["after"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_parcels_account_id", "parcels", ["account_id", "digest"])
    op.create_index(op.f("ix_parcels_occurrence_id"), "parcels", ["occurrence_id"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("occasion", sa.String(200), nullable=False),
        sa.Column("topic", _words("topic", *TOPIC), nullable=False),
        sa.Column("thing", sa.String(120), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("state", _words("state", *STATE), nullable=False),
        _key("notices", "account_id", "accounts"),
        _key("notices", "parcel_id", "parcels"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("account_id", "occasion", name=op.f("uq_notices_account_id_occasion")),
    )
    op.create_index("ix_notices_parcel_id", "notices", ["parcel_id"])
    op.create_table(
        "notice_choices",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("topic", _words("topic", *TOPIC), nullable=False),
        sa.Column("cadence", _words("cadence", *CADENCE), nullable=False),
        _key("notice_choices", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("account_id", "topic", name=op.f("pk_notice_choices")),
    )


def downgrade() -> None:
    for table in ("notice_choices", "notices", "parcels", "webhooks", "occurrences"):
        op.drop_table(table)
