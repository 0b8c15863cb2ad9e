"""letters to and from outside bodies, where each stood when, and their files

Revision ID: 0018
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0018"
down_revision = "0023"
branch_labels = None
depends_on = None

STATES = ("received", "draft", "approved", "sent", "answered", "closed")
PURPOSES = ("for_action", "for_comment", "for_information", "in_response")
MARKINGS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
KINDS = ("pdf", "docx", "xlsx", "png", "jpeg", "csv", "text")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=30)


def _names(table: str, *columns: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
        for column, to in columns
    ]


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("direction", _words("direction", "incoming", "outgoing"), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("purpose", _words("purpose", *PURPOSES), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("correspondent", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("deliverable_id", sa.Integer(), nullable=True),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("exists_from", sa.Date(), nullable=False),
        sa.Column("marking", _words("marking", *MARKINGS), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("answers_id <> id", name=op.f("ck_letters_answers_another")),
        *_names(
            "letters",
            ("body_id", "bodies"),
            ("member_id", "members"),
            ("priority_id", "priorities"),
            ("deliverable_id", "deliverables"),
            ("answers_id", "letters"),
            ("created_by_id", "accounts"),
            ("audience_id", "audiences"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("key", name=op.f("uq_letters_key")),
    )
    for column in (
        "exists_from",
        "body_id",
        "member_id",
        "priority_id",
        "deliverable_id",
        "answers_id",
    ):
        op.create_index(f"ix_letters_{column}", "letters", [column])
    op.create_table(
        "letter_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("state", _words("letterstate", *STATES), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        *_names("letter_steps", ("letter_id", "letters"), ("account_id", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_steps")),
    )
    op.create_index("ix_letter_steps_letter_id", "letter_steps", ["letter_id", "from_on", "id"])
    op.create_table(
        "letter_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", _words("filekind", *KINDS), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_letter_files_size_positive")),
        *_names("letter_files", ("letter_id", "letters"), ("added_by_id", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_files")),
    )
    op.create_index("ix_letter_files_letter_id", "letter_files", ["letter_id"])
    op.create_index("ix_letter_files_sha256", "letter_files", ["sha256"])


def downgrade() -> None:
    op.drop_table("letter_files")
    op.drop_table("letter_steps")
    op.drop_table("letters")
