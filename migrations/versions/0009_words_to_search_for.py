"""the words of everything that can be searched for

Revision ID: 0009
Revises: 0008
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.search.rules import as_tsvector, names_of, published_text, words_of

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ROOM = 32
# kind, its number, and its columns: id, key, title, day; then those of the body.
TEXTS = (
    ("deliverable", 1, "deliverables", "key, title, NULL, note, key"),
    ("priority", 2, "priorities", "key, title, NULL, note, key"),
    ("deadline", 3, "deadlines", "key, title, NULL, place, note, key"),
    ("member", 4, "members", "code, name, NULL, code"),
    ("question", 5, "questions", "key, title, NULL, recommendation, note, key"),
    ("decision", 6, "decisions", "key, title, NULL, proposal, key"),
    ("meeting", 7, "meetings", "key, title, starts_on, place, note, key"),
    ("agenda_item", 8, "agenda_items", "'', title, NULL, note, outcome_text"),
    ("update", 9, "status_updates", "'', '', effective_on, note, blocker, next_step"),
    ("institute", 10, "institutes", "'', name, from_on, host, staff, funding, note"),
    ("body", 11, "bodies", "key, name, NULL, note, key"),
    ("source", 12, "sources", "key, title, published_on, publisher, authors, note, key"),
    ("published_agenda", 13, "published_agendas", "'', '', NULL, content"),
)


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
    )
    op.create_index("ix_search_entries_kind", "search_entries", ["kind", "item_id"])
    _make_index()
    for kind, number, table, columns in TEXTS:
        rows = op.get_bind().execute(sa.text(f"SELECT id, {columns} FROM {table}"))  # noqa: S608
        for row in rows.all():
            _enter(kind, number, row)


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
    op.drop_table("search_entries")


def _make_index() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE search_index (rowid INTEGER PRIMARY KEY "
            "REFERENCES search_entries (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_index_words ON search_index USING GIN (words)")
    else:
        # The words come in ASCII, letter by letter: its tokenizer has nothing to decide.
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5"
            "(title, body, tokenize = 'ascii', prefix = '1 2 3 4')"
        )


def _enter(kind: str, number: int, row: Any) -> None:
    item_id, key, title, day, *texts = row
    if kind == "member":
        texts.append(names_of(key))
    if kind == "published_agenda":
        texts = [published_text(texts[0])]
    body = "\n".join(text for text in texts if text)
    own = {"id": item_id * ROOM + number, "kind": kind, "item_id": item_id, "key": key}
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "INSERT INTO search_entries (id, kind, item_id, key, title, body, happened_on) "
            "VALUES (:id, :kind, :item_id, :key, :title, :body, :day)"
        ),
        {**own, "title": title, "body": body, "day": day},
    )
    in_title, in_body = " ".join(words_of(title)), " ".join(words_of(body))
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("INSERT INTO search_index VALUES (:id, CAST(:words AS tsvector))"),
            {"id": own["id"], "words": as_tsvector(in_title, in_body)},
        )
    else:
        connection.execute(
            sa.text("INSERT INTO search_index (rowid, title, body) VALUES (:id, :title, :body)"),
            {"id": own["id"], "title": in_title, "body": in_body},
        )
