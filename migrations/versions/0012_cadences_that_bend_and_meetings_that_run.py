"""cadences that bend, times that suit, proposals of items, meetings that are run, minutes

Revision ID: 0012
Revises: 0011
"""

import re

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NOT_CANCELLED = sa.text("status <> 'cancelled'")
NOT_UNDONE = sa.text("undone_on IS NULL")
ONE_A_DAY = "CONSTRAINT uq_meetings_series_id_starts_on UNIQUE (series_id, starts_on)"
MARKING = sa.Enum(
    "CLEAR",
    "GREEN",
    "AMBER",
    "AMBER+STRICT",
    "RED",
    name="marking",
    native_enum=False,
    create_constraint=True,
    length=30,
)
SERIES = {
    "zone_stated": "BOOLEAN DEFAULT {true} NOT NULL",
    "is_flexible": "BOOLEAN DEFAULT {false} NOT NULL",
    "hosting": "VARCHAR(30) DEFAULT 'fixed' NOT NULL CONSTRAINT ck_meeting_series_hosting "
    "CHECK (hosting IN ('fixed', 'rotating'))",
    "host_id": "INTEGER CONSTRAINT fk_meeting_series_host_id_members REFERENCES members (id)",
}
AGENDA = {"opened_at": "{instant}", "closed_at": "{instant}"}
ITEM = {
    "proposed_item_id": "INTEGER CONSTRAINT fk_agenda_items_proposed_item_id_proposed_items "
    "REFERENCES proposed_items (id)",
    "carried_from_id": "INTEGER CONSTRAINT fk_agenda_items_carried_from_id_agenda_items "
    "REFERENCES agenda_items (id)",
    "is_recurring": "BOOLEAN DEFAULT {false} NOT NULL",
    "begun_at": "{instant}",
    "spent_seconds": "INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_agenda_items_spent_not_negative "
    "CHECK (spent_seconds >= 0)",
}
ACTION = {
    "closed_by_id": "INTEGER CONSTRAINT fk_actions_closed_by_id_accounts REFERENCES accounts (id)"
}
ADDED = {
    "meeting_series": SERIES,
    "agendas": AGENDA,
    "agenda_items": ITEM,
    "actions": ACTION,
}


def upgrade() -> None:
    _make_proposed_items()
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            # In place: SQLite's way of rebuilding a table would lose its checks.
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind.format(**_words())}")
    _free_the_days_of_cancelled_meetings()
    _make_series_tables()
    _make_slots()
    _make_what_hangs_on_items()
    _make_published_minutes()


def downgrade() -> None:
    for table in (
        "published_minutes",
        "item_actions",
        "agenda_item_links",
        "slot_answers",
        "meeting_slots",
        "series_amendments",
        "series_members",
    ):
        op.drop_table(table)
    _one_meeting_a_day_again()
    for table, columns in reversed(ADDED.items()):
        _drop_columns(table, list(columns))
    op.drop_table("proposed_items")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _words() -> dict[str, str]:
    if _is_sqlite():
        return {"true": "1", "false": "0", "instant": "DATETIME"}
    return {"true": "true", "false": "false", "instant": "TIMESTAMP WITH TIME ZONE"}


def _free_the_days_of_cancelled_meetings() -> None:
    if _is_sqlite():
        _rebuild("meetings", lambda sql: re.sub(rf",\s*{re.escape(ONE_A_DAY)}", "", sql))
    else:
        op.drop_constraint("uq_meetings_series_id_starts_on", "meetings")
    op.create_index(
        "uq_meetings_series_id",
        "meetings",
        ["series_id", "starts_on"],
        unique=True,
        sqlite_where=NOT_CANCELLED,
        postgresql_where=NOT_CANCELLED,
    )


def _one_meeting_a_day_again() -> None:
    """A cancelled meeting whose day another one took leaves the series."""
    op.drop_index("uq_meetings_series_id", "meetings")
    op.execute(
        "UPDATE meetings SET series_id = NULL WHERE status = 'cancelled' AND EXISTS ("
        "SELECT 1 FROM meetings other WHERE other.series_id = meetings.series_id AND "
        "other.starts_on = meetings.starts_on AND other.id > meetings.id)"
    )
    op.execute(
        "UPDATE meetings SET series_id = NULL WHERE status = 'cancelled' AND EXISTS ("
        "SELECT 1 FROM meetings other WHERE other.series_id = meetings.series_id AND "
        "other.starts_on = meetings.starts_on AND other.id <> meetings.id)"
    )
    if _is_sqlite():
        _rebuild("meetings", lambda sql: f"{sql.rstrip().removesuffix(')')}, {ONE_A_DAY})")
    else:
        op.create_unique_constraint(
            "uq_meetings_series_id_starts_on", "meetings", ["series_id", "starts_on"]
        )


def _drop_columns(table: str, names: list[str]) -> None:
    if not _is_sqlite():
        for name in names:
            op.drop_column(table, name)
        return
    for name in names:
        definition = re.compile(
            rf",\s*\"?{name}\"? [A-Z]+(?:[^,()]|\((?:[^()]|\([^()]*\))*\))*(?=,|\)\s*$)"
        )
        _rebuild(table, lambda sql, found=definition: found.sub("", sql, count=1), without=name)


def _rebuild(table: str, change, without: str = "") -> None:  # type: ignore[no-untyped-def]
    """As SQLite's manual has it: a new table from the changed text, the rows, the old name. The
    checks and the indexes stay."""
    bind = op.get_bind()
    kept = bind.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :t AND sql IS NOT NULL"),
        {"t": table},
    ).all()
    (sql,) = [text for kind, text in kept if kind == "table"]
    changed = change(sql)
    if changed == sql:
        raise RuntimeError(f"the text of {table} is not as this migration knows it")
    columns = [row[1] for row in bind.execute(sa.text(f"PRAGMA table_info({table})"))]
    names = ", ".join(f'"{name}"' for name in columns if name != without)
    new = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_new", changed)
    op.execute(sa.text(new.replace(":", r"\:")))
    op.execute(f"INSERT INTO {table}_new ({names}) SELECT {names} FROM {table}")  # noqa: S608
    op.execute(f"DROP TABLE {table}")
    # References of others go by the name, which is the old one again in a moment.
    op.execute("PRAGMA legacy_alter_table=ON")
    op.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
    op.execute("PRAGMA legacy_alter_table=OFF")
    for kind, text in kept:
        if kind != "table":
            op.execute(sa.text(text.replace(":", r"\:")))


def _make_series_tables() -> None:
    op.create_table(
        "series_members",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _foreign("series_members", "series_id", "meeting_series"),
        _foreign("series_members", "member_id", "members"),
        sa.PrimaryKeyConstraint("series_id", "member_id", name=op.f("pk_series_members")),
    )
    op.create_table(
        "series_amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("kind", _words_of("amendment", "moved", "skipped", "added"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("undone_on", sa.Date(), nullable=True),
        sa.Column("exists_from", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'moved') = (moved_to IS NOT NULL)",
            name=op.f("ck_series_amendments_moved_to_a_day"),
        ),
        _foreign("series_amendments", "series_id", "meeting_series"),
        _foreign("series_amendments", "made_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_amendments")),
    )
    op.create_index("ix_series_amendments_exists_from", "series_amendments", ["exists_from"])
    op.create_index(
        "uq_series_amendments_series_id",
        "series_amendments",
        ["series_id", "day"],
        unique=True,
        sqlite_where=NOT_UNDONE,
        postgresql_where=NOT_UNDONE,
    )


def _make_slots() -> None:
    op.create_table(
        "meeting_slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("put_by_id", sa.Integer(), nullable=False),
        sa.Column("put_at", Instant(), nullable=False),
        _foreign("meeting_slots", "meeting_id", "meetings"),
        _foreign("meeting_slots", "put_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_slots")),
        sa.UniqueConstraint(
            "meeting_id", "starts_at", name=op.f("uq_meeting_slots_meeting_id_starts_at")
        ),
    )
    op.create_table(
        "slot_answers",
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer", _words_of("availability", "yes", "if_needed", "no"), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=False),
        _foreign("slot_answers", "slot_id", "meeting_slots", ondelete="CASCADE"),
        _foreign("slot_answers", "member_id", "members"),
        _foreign("slot_answers", "answered_by_id", "accounts"),
        sa.PrimaryKeyConstraint("slot_id", "member_id", name=op.f("pk_slot_answers")),
    )


def _make_proposed_items() -> None:
    table = "proposed_items"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _words_of(
                "itemkind",
                "opening",
                "information",
                "status_review",
                "discussion",
                "decision",
                "closing",
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _words_of("proposeditemstate", "open", "accepted", "declined", "withdrawn"),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("marking", MARKING, nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "minutes BETWEEN 0 AND 1440", name=op.f("ck_proposed_items_minutes_of_a_day")
        ),
        _foreign(table, "meeting_id", "meetings"),
        _foreign(table, "member_id", "members"),
        _foreign(table, "proposed_by_id", "accounts"),
        _foreign(table, "answered_by_id", "accounts"),
        _foreign(table, "audience_id", "audiences"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_items")),
    )
    op.create_index("ix_proposed_items_meeting_id", table, ["meeting_id"])
    op.create_index("ix_proposed_items_member_id", table, ["member_id"])


def _make_what_hangs_on_items() -> None:
    op.create_table(
        "agenda_item_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        _foreign("agenda_item_links", "item_id", "agenda_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item_links")),
    )
    op.create_index("ix_agenda_item_links_item_id", "agenda_item_links", ["item_id"])
    op.create_table(
        "item_actions",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        _foreign("item_actions", "action_id", "actions", ondelete="CASCADE"),
        _foreign("item_actions", "item_id", "agenda_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_item_actions")),
    )
    op.create_index("ix_item_actions_item_id", "item_actions", ["item_id"])


def _make_published_minutes() -> None:
    table = "published_minutes"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agenda_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_published_minutes_number_positive")),
        _foreign(table, "agenda_id", "agendas"),
        _foreign(table, "published_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_minutes")),
        sa.UniqueConstraint(
            "agenda_id", "number", name=op.f("uq_published_minutes_agenda_id_number")
        ),
    )


def _words_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=30)


def _foreign(
    table: str, column: str, to: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)
