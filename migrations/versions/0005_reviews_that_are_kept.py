"""every choice of a review is kept, what a review saw is frozen, questions are asked, and what is
put before the next meeting waits for its agenda

Revision ID: 0005
Revises: 0004
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHOICES = ("keep", "move", "ask", "escalate", "drop")
NEW_CHOICES = ("keep", "move", "ask", "escalate", "accept", "send_back", "drop")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    _make_asked_questions()
    _make_escalations()
    _widen_reviews()
    kept = _taken_out("review_choices")
    _make_choices(NEW_CHOICES, ("review_id", "deliverable_id", "version"), _new_columns())
    _put_back("review_choices", kept)
    _make_entries()


def downgrade() -> None:
    op.drop_table("review_entries")
    kept = _without_new(_taken_out("review_choices"))
    _make_choices(CHOICES, ("review_id", "deliverable_id"), [])
    _put_back("review_choices", kept)
    op.drop_index("uq_deadline_reviews_open", "deadline_reviews")
    with op.batch_alter_table("deadline_reviews") as batch_op:
        batch_op.drop_constraint("saw_when_closed", type_="check")
        batch_op.drop_column("saw")
        batch_op.drop_column("effective_on")
    _drop_escalation_of_items()
    op.drop_table("escalations")
    op.drop_table("asked_questions")


def _make_asked_questions() -> None:
    op.create_table(
        "asked_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliverable_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR closed_at IS NOT NULL",
            name=op.f("ck_asked_questions_closed_when_answered"),
        ),
        _foreign("asked_questions", "deliverable_id", "deliverables"),
        _foreign("asked_questions", "asked_by_id", "accounts"),
        _foreign("asked_questions", "answered_by_id", "status_updates"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_questions")),
    )
    op.create_index(
        "ix_asked_questions_deliverable_id", "asked_questions", ["deliverable_id", "closed_at"]
    )


def _make_escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliverable_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        _foreign("escalations", "deliverable_id", "deliverables"),
        _foreign("escalations", "raised_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    op.create_index("ix_escalations_deliverable_id", "escalations", ["deliverable_id"])
    # Added in place: SQLite's way of rebuilding a table would lose its checks.
    op.execute(
        "ALTER TABLE agenda_items ADD COLUMN escalation_id INTEGER "
        "CONSTRAINT fk_agenda_items_escalation_id_escalations REFERENCES escalations (id)"
    )


def _drop_escalation_of_items() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("agenda_items", "escalation_id")
        return
    with op.batch_alter_table("agenda_items") as batch_op:
        batch_op.drop_column("escalation_id")


def _widen_reviews() -> None:
    op.add_column("deadline_reviews", sa.Column("effective_on", sa.Date(), nullable=True))
    op.add_column(
        "deadline_reviews", sa.Column("saw", sa.Text(), nullable=False, server_default="")
    )
    op.execute("UPDATE deadline_reviews SET saw = '{}' WHERE closed_at IS NOT NULL")
    with op.batch_alter_table("deadline_reviews") as batch_op:
        batch_op.create_check_constraint("saw_when_closed", "(closed_at IS NULL) = (saw = '')")
    op.create_index(
        "uq_deadline_reviews_open",
        "deadline_reviews",
        ["deadline_id", "held_on"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _make_choices(
    choices: tuple[str, ...], unique: tuple[str, ...], more: list[sa.Column[Any]]
) -> None:
    table = "review_choices"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("deliverable_id", sa.Integer(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(*choices, name="choice", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("new_deadline_id", sa.Integer(), nullable=True),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *more,
        sa.CheckConstraint(
            "choice = 'move' OR (new_due_on IS NULL AND new_deadline_id IS NULL)",
            name=op.f("ck_review_choices_only_a_move_has_a_date"),
        ),
        _foreign(table, "chosen_by_id", "accounts"),
        _foreign(table, "deliverable_id", "deliverables"),
        _foreign(table, "new_deadline_id", "deadlines"),
        _foreign(table, "review_id", "deadline_reviews"),
        *([_foreign(table, "question_id", "asked_questions")] if more else []),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_choices")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{'_'.join(unique)}")),
    )
    op.create_index("ix_review_choices_deliverable_id", table, ["deliverable_id"])


def _new_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("evidence_title", sa.String(300), nullable=False, server_default=""),
        sa.Column("evidence_url", sa.String(2000), nullable=False, server_default=""),
        sa.Column("question_id", sa.Integer(), nullable=True),
    ]


def _make_entries() -> None:
    op.create_table(
        "review_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("deliverable_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("saw", sa.Text(), nullable=False),
        _foreign("review_entries", "review_id", "deadline_reviews"),
        _foreign("review_entries", "deliverable_id", "deliverables"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_entries")),
        sa.UniqueConstraint(
            "review_id", "deliverable_id", name=op.f("uq_review_entries_review_id_deliverable_id")
        ),
    )
    op.create_index("ix_review_entries_deliverable_id", "review_entries", ["deliverable_id"])


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _taken_out(table: str) -> list[dict[str, Any]]:
    """Its rows, with the table gone: the names of its constraints are free again."""
    # The name is one of ours, here and below.
    rows = op.get_bind().execute(sa.text(f"SELECT * FROM {table} ORDER BY id"))  # noqa: S608
    kept = [dict(row) for row in rows.mappings()]
    op.drop_table(table)
    return kept


def _put_back(table: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        insert = f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608
        op.get_bind().execute(sa.text(insert), row)
    if rows and op.get_bind().dialect.name == "postgresql":
        op.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")  # noqa: S608


def _without_new(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last choice of each; what there was no word for was, before, kept as it was."""
    newest = {(row["review_id"], row["deliverable_id"]): row for row in rows}
    for row in newest.values():
        for name in ("evidence_title", "evidence_url", "question_id"):
            del row[name]
        if row["choice"] not in CHOICES:
            row["choice"] = "keep"
    return list(newest.values())
