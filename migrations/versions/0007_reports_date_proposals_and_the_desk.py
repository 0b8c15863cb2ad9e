"""reports asked for before a meeting, figures that a meeting saw, proposals of new dates, files as
evidence, and what was new at the desk

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_visits",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_desk_visits_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_desk_visits")),
    )
    op.create_table(
        "date_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliverable_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("is_offer", sa.Boolean(), nullable=False),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("from_due_on", sa.Date(), nullable=True),
        sa.Column("deadline_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "agreed",
                "countered",
                "refused",
                "withdrawn",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)",
            name=op.f("ck_date_proposals_answered_when_not_open"),
        ),
        sa.CheckConstraint(
            "(deadline_id IS NULL) <> (due_on IS NULL)",
            name=op.f("ck_date_proposals_one_deadline_or_one_day"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["accounts.id"],
            name=op.f("fk_date_proposals_answered_by_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["answers_id"],
            ["date_proposals.id"],
            name=op.f("fk_date_proposals_answers_id_date_proposals"),
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_date_proposals_deadline_id_deadlines")
        ),
        sa.ForeignKeyConstraint(
            ["deliverable_id"],
            ["deliverables.id"],
            name=op.f("fk_date_proposals_deliverable_id_deliverables"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_date_proposals_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["accounts.id"],
            name=op.f("fk_date_proposals_proposed_by_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_proposals")),
        sa.UniqueConstraint("answers_id", name=op.f("uq_date_proposals_answers_id")),
    )
    op.create_index("ix_date_proposals_deliverable_id", "date_proposals", ["deliverable_id", "id"])
    op.create_index(op.f("ix_date_proposals_member_id"), "date_proposals", ["member_id"])
    op.create_index(
        "uq_date_proposals_open",
        "date_proposals",
        ["deliverable_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "meeting_figures",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_figures_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["accounts.id"], name=op.f("fk_meeting_figures_taken_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting_figures")),
    )
    op.create_table(
        "report_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("closes_days_before", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "closes_days_before BETWEEN 0 AND 365",
            name=op.f("ck_report_rounds_closes_within_a_year"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_report_rounds_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["accounts.id"], name=op.f("fk_report_rounds_opened_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_rounds")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_report_rounds_meeting_id")),
    )
    op.create_table(
        "report_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("deliverable_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name=op.f("fk_report_requests_asked_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["deliverable_id"],
            ["deliverables.id"],
            name=op.f("fk_report_requests_deliverable_id_deliverables"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_report_requests_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["report_rounds.id"],
            name=op.f("fk_report_requests_round_id_report_rounds"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_requests")),
        sa.UniqueConstraint(
            "round_id",
            "deliverable_id",
            "member_id",
            name=op.f("uq_report_requests_round_id_deliverable_id_member_id"),
        ),
    )
    op.create_index("ix_report_requests_deliverable_id", "report_requests", ["deliverable_id"])
    op.create_index(
        "ix_report_requests_member_id", "report_requests", ["member_id", "deliverable_id"]
    )
    op.create_table(
        "report_verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("deliverable_id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "accepted",
                "sent_back",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "verdict <> 'sent_back' OR note <> ''",
            name=op.f("ck_report_verdicts_sent_back_with_a_note"),
        ),
        sa.ForeignKeyConstraint(
            ["deliverable_id"],
            ["deliverables.id"],
            name=op.f("fk_report_verdicts_deliverable_id_deliverables"),
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["accounts.id"], name=op.f("fk_report_verdicts_given_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["report_rounds.id"],
            name=op.f("fk_report_verdicts_round_id_report_rounds"),
        ),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["status_updates.id"],
            name=op.f("fk_report_verdicts_update_id_status_updates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_verdicts")),
    )
    op.create_index(
        "ix_report_verdicts_round_id", "report_verdicts", ["round_id", "deliverable_id", "id"]
    )
    op.create_table(
        "evidence_files",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pdf",
                "docx",
                "xlsx",
                "png",
                "jpeg",
                "csv",
                "text",
                name="filekind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_files_size_positive")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_files_evidence_id_evidence")
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_files")),
    )
    op.create_index(op.f("ix_evidence_files_sha256"), "evidence_files", ["sha256"])


def downgrade() -> None:
    op.drop_table("evidence_files")
    op.drop_table("report_verdicts")
    op.drop_table("report_requests")
    op.drop_table("report_rounds")
    op.drop_table("meeting_figures")
    op.drop_table("date_proposals")
    op.drop_table("desk_visits")
