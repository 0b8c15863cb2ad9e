"""the state of a deliverable as each kind of reader may know it; updates can be marked anew

The states that are there came from updates marked like their deliverables, so they serve every
reader. On the way down the picture of those who see the most is the one that stays.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MARKINGS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
VIEWERS = ("for_public", "for_all", "for_all_carried", "for_sharing", "for_sharing_carried")
FEW = ("member_id", "account_id")
FIXED = (
    "id", "deliverable_id", "effective_on", "precision", "recorded_at", "account_id", "member_id",
    "status", "health", "progress", "note", "blocker", "next_step", "corrects_id", "source_id",
)  # fmt: skip
"""What an update says. How far it may go can change, as can whom it is shared with."""


def upgrade() -> None:
    _release()
    with op.batch_alter_table("status_updates") as batch:
        batch.drop_constraint(op.f("uq_status_updates_corrects_id"), type_="unique")
        batch.create_index(op.f("ix_status_updates_corrects_id"), ["corrects_id"])
    _protect(FIXED)
    with op.batch_alter_table("deliverable_states") as batch:
        batch.add_column(sa.Column("picture", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(
            sa.Column(
                "marking",
                sa.Enum(
                    *MARKINGS, name="marking", native_enum=False, create_constraint=True, length=30
                ),
                nullable=False,
                server_default="CLEAR",
            )
        )
        for name in VIEWERS:
            batch.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true())
            )
        for name, table in (("member_id", "members"), ("account_id", "accounts")):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_deliverable_states_{name}_{table}"), table, [name], ["id"]
            )
        _key(batch, ["deliverable_id", "picture", "from_on"])
    for name in FEW:
        is_there = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_deliverable_states_{name}",
            "deliverable_states",
            [name, "deliverable_id"],
            sqlite_where=is_there,
            postgresql_where=is_there,
        )


def downgrade() -> None:
    op.execute(
        "DELETE FROM deliverable_states WHERE NOT for_sharing "
        "OR member_id IS NOT NULL OR account_id IS NOT NULL"
    )
    for name in FEW:
        op.drop_index(f"ix_deliverable_states_{name}", "deliverable_states")
    with op.batch_alter_table("deliverable_states") as batch:
        _key(batch, ["deliverable_id", "from_on"])
        batch.drop_constraint(op.f("ck_deliverable_states_marking"), type_="check")
        for name, table in (("member_id", "members"), ("account_id", "accounts")):
            batch.drop_constraint(op.f(f"fk_deliverable_states_{name}_{table}"), type_="foreignkey")
        for name in (*FEW, *VIEWERS, "marking", "picture"):
            batch.drop_column(name)
    _release()
    with op.batch_alter_table("status_updates") as batch:
        batch.drop_index(op.f("ix_status_updates_corrects_id"))
        batch.create_unique_constraint(op.f("uq_status_updates_corrects_id"), ["corrects_id"])
    _protect(None)


def _key(batch: object, columns: list[str]) -> None:
    batch.drop_constraint(op.f("pk_deliverable_states"), type_="primary")
    batch.create_primary_key(op.f("pk_deliverable_states"), columns)


def _protect(columns: tuple[str, ...] | None) -> None:
    """Refuse to change these columns (None: any) of an update, and to delete it."""
    what = f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER status_updates_only_grows BEFORE {what} OR DELETE OR TRUNCATE "
            "ON status_updates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for name, deed in (("update", what), ("delete", "DELETE")):
        op.execute(
            f"CREATE TRIGGER status_updates_no_{name} BEFORE {deed} ON status_updates "
            "BEGIN SELECT RAISE(ABORT, 'status_updates is only ever added to'); END"
        )


def _release() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER status_updates_only_grows ON status_updates")
        return
    for deed in ("update", "delete"):
        op.execute(f"DROP TRIGGER status_updates_no_{deed}")
