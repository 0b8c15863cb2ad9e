"""ends of terms, criteria and grounds of standings, programmes of bodies, ends of engagements

Revision ID: 0022
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0022"
down_revision = "0017"
branch_labels = None
depends_on = None


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=30)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def upgrade() -> None:
    _make_term_ends()
    _make_findings_and_grounds()
    _make_programmes()
    # In place: SQLite's way of rebuilding a table would lose its checks.
    op.execute("ALTER TABLE engagements ADD COLUMN until_on DATE DEFAULT '9999-12-31' NOT NULL")
    op.execute("ALTER TABLE engagements ADD COLUMN ended_why TEXT DEFAULT '' NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE engagements DROP COLUMN ended_why")
    op.execute("ALTER TABLE engagements DROP COLUMN until_on")
    for table in ("programmes", "standing_grounds", "criterion_findings", "term_ends"):
        op.drop_table(table)


def _make_term_ends() -> None:
    op.create_table(
        "term_ends",
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("precision", _words("precision", "day", "month", "year"), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        _refers("term_ends", "term_id", "leadership_terms"),
        _refers("term_ends", "source_id", "sources"),
        _refers("term_ends", "recorded_by_id", "accounts"),
        sa.PrimaryKeyConstraint("term_id", name=op.f("pk_term_ends")),
    )
    op.create_index(op.f("ix_term_ends_source_id"), "term_ends", ["source_id"])


def _make_findings_and_grounds() -> None:
    criterion = _words("admissioncriterion", "expertise", "capacity", "evidence")
    op.create_table(
        "criterion_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("criterion", criterion, nullable=False),
        sa.Column("finding", _words("finding", "met", "not_met", "not_known"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        _refers("criterion_findings", "member_id", "members"),
        _refers("criterion_findings", "recorded_by_id", "accounts"),
        _refers("criterion_findings", "source_id", "sources"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_findings")),
    )
    for column in ("member_id", "source_id"):
        name = op.f(f"ix_criterion_findings_{column}")
        op.create_index(name, "criterion_findings", [column])
    op.create_table(
        "standing_grounds",
        sa.Column("standing_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        _refers("standing_grounds", "standing_id", "member_standings"),
        _refers("standing_grounds", "decision_id", "decisions"),
        _refers("standing_grounds", "recorded_by_id", "accounts"),
        sa.PrimaryKeyConstraint("standing_id", name=op.f("pk_standing_grounds")),
    )
    name = op.f("ix_standing_grounds_decision_id")
    op.create_index(name, "standing_grounds", ["decision_id"])


def _make_programmes() -> None:
    op.create_table(
        "programmes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("function_id", sa.Integer(), nullable=True),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("exists_from", sa.Date(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        _refers("programmes", "body_id", "bodies"),
        _refers("programmes", "function_id", "functions"),
        _refers("programmes", "priority_id", "priorities"),
        _refers("programmes", "source_id", "sources"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
    )
    for column in ("body_id", "function_id", "priority_id", "exists_from", "source_id"):
        op.create_index(op.f(f"ix_programmes_{column}"), "programmes", [column])
