"""Importing again, in parts, on trial, after people worked on the site, and with faults."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import make
import pytest
from sqlalchemy import Column, func, select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.audit.models import AuditEntry
from app.core.errors import Forbidden
from app.core.permissions import Role
from app.deadlines import actions as deadlines
from app.deadlines.actions import When
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.actions.assignments import answer
from app.deliverables.actions.planning import DeliverableEntry, describe
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.models import (
    Assignment,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    DeliverableState,
    ScheduleChange,
    StatusUpdate,
)
from app.members.models import Member, Network
from app.models import Base
from app.people.models import Account
from app.plans.actions import ImportReport, Outcome, import_files
from app.plans.reading import Faults
from app.search.models import SearchEntry

PLAN, RECORD = (Path(__file__).parents[3] / "data" / name for name in ("plan.yaml", "record.yaml"))

Importer = Callable[..., ImportReport]
Dumper = Callable[[], dict[str, Any]]
Editor = Callable[..., Path]


def deliverable(session: Session, key: str) -> Deliverable:
    return session.scalars(select(Deliverable).where(Deliverable.key == key)).one()


def summit(session: Session) -> Deadline:
    return session.scalars(select(Deadline).where(Deadline.key == "summit")).one()


def changed(report: ImportReport) -> dict[str, list[str]]:
    kinds = {kind: report.keys(kind, Outcome.CHANGED) for kind in report.outcomes}
    return {kind: keys for kind, keys in kinds.items() if keys}


def test_the_second_import_changes_nothing(
    session: Session, bring_in: Importer, dump: Dumper
) -> None:
    first = bring_in(PLAN, RECORD)
    before, trail = dump(), session.scalar(select(func.count()).select_from(AuditEntry))
    second = bring_in(RECORD, PLAN)
    assert dump() == before
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == trail
    assert second.changes_nothing
    assert second.count(Outcome.UNCHANGED) == first.count(Outcome.ADDED) == 179


def test_the_record_after_its_plan_gives_what_both_together_give(
    session: Session, coordinator: Account, now: datetime, dump: Dumper
) -> None:
    session.commit()
    import_files(session, coordinator.actor, [RECORD, PLAN], now)
    together = dump()
    session.rollback()
    import_files(session, coordinator.actor, [PLAN], now)
    import_files(session, coordinator.actor, [RECORD], now)
    assert renumbered(dump()) == renumbered(together)


def renumbered(dump: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """With the numbers of rows counted from one: PostgreSQL gives none a second time. The index of
    words names its things by number alone, and is compared by its words."""
    places: dict[str, dict[Any, int]] = {}
    tables = Base.metadata.tables
    for name, rows in dump.items():
        if "id" in tables[name].columns:
            at = list(tables[name].columns.keys()).index("id")
            places[name] = {row[at]: place for place, row in enumerate(rows, 1)}

    def value(column: Column[Any], found: Any) -> Any:
        if column.table is SearchEntry.__table__ and column.name in ("id", "item_id"):
            return None
        named = [key.column.table.name for key in column.foreign_keys]
        owner = named[0] if named else column.table.name
        is_number = bool(named) or column.name == "id"
        return places[owner][found] if is_number and found is not None else found

    return {
        name: sorted((tuple(map(value, tables[name].columns, row)) for row in rows), key=repr)
        for name, rows in dump.items()
    }


def test_a_trial_that_is_rolled_back_leaves_nothing(
    session: Session, coordinator: Account, now: datetime, dump: Dumper
) -> None:
    session.commit()
    before = dump()
    report = import_files(session, coordinator.actor, [PLAN, RECORD], now)
    session.rollback()
    assert report.count(Outcome.ADDED) == 179
    assert dump() == before


def test_a_fault_in_a_file_leaves_nothing(
    session: Session, bring_in: Importer, dump: Dumper, edited: Editor
) -> None:
    before = dump()
    record = edited(RECORD, ("deliverable: code-input, status", "deliverable: no-such, status"))
    with pytest.raises(Faults) as caught:
        bring_in(PLAN, record)
    session.commit()
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [(str(record), 53)]
    assert dump() == before


def test_moves_that_are_not_open_are_all_told_and_leave_nothing(
    session: Session, bring_in: Importer, dump: Dumper, edited: Editor
) -> None:
    more = "\n".join(
        f"  - {{date: 2025-03-01, deliverable: {key}, status: in_review, source: ec-2024-11}}"
        for key in ("statement", "joint-test-1")
    )
    record = edited(RECORD, ("assignments:\n", f"{more}\n\nassignments:\n"))
    before = dump()
    with pytest.raises(Faults) as caught:
        bring_in(PLAN, record)
    session.commit()
    lines = record.read_text(encoding="utf-8").splitlines()
    refused = [lines[fault.line - 1] for fault in caught.value.faults if fault.line]
    assert refused == more.splitlines()
    assert "delivered" in caught.value.faults[0].message
    assert "in_progress" in caught.value.faults[0].message
    assert dump() == before
    assert list(audit.faults(session)) == []


def test_after_faults_the_same_session_imports_what_is_right(
    session: Session, bring_in: Importer, edited: Editor
) -> None:
    line = "  - {date: 2025-03-01, deliverable: statement, status: in_review, source: ec-2024-11}"
    with pytest.raises(Faults):
        bring_in(PLAN, edited(RECORD, ("assignments:\n", f"{line}\nassignments:\n")))
    assert bring_in(PLAN, RECORD).count(Outcome.ADDED) == 179
    assert list(audit.faults(session)) == []


def test_a_record_without_any_plan_is_told_that_it_needs_one(
    bring_in: Importer, tmp_path: Path
) -> None:
    alone = tmp_path / "alone.yaml"
    alone.write_text("format: network-record\nversion: 1\nas_of: 2026-01-01\n", encoding="utf-8")
    with pytest.raises(Faults, match="no plan has been imported"):
        bring_in(alone)


def test_only_those_who_may_import_import(session: Session, now: datetime) -> None:
    observer = make.account(session, Role.OBSERVER)
    with pytest.raises(Forbidden):
        import_files(session, observer.actor, [PLAN], now)
    assert session.get(Network, 1) is None


def test_the_trail_says_who_imported_and_is_whole(
    session: Session, bring_in: Importer, coordinator: Account
) -> None:
    bring_in(PLAN, RECORD)
    signed = select(AuditEntry).where(AuditEntry.verb == "plan.import")
    entry = session.scalars(signed).one()
    assert (entry.account_id, entry.subject_key) == (coordinator.id, "plan.yaml, record.yaml")
    assert list(audit.faults(session)) == []


def test_an_accepted_part_stays_accepted_when_the_plan_proposes_it_again(
    session: Session, bring_in: Importer, edited: Editor, now: datetime
) -> None:
    bring_in(PLAN, RECORD)
    showcase = deliverable(session, "showcase")
    france = session.scalars(select(Member).where(Member.code == "FR")).one()
    liaison = make.account(session, Role.LIAISON, member_id=france.id)
    part = session.scalars(select(Assignment).where(Assignment.deliverable_id == showcase.id)).one()
    answer(
        session,
        liaison.actor,
        showcase,
        part,
        accepts=True,
        reason="",
        seen_version=part.version,
        now=now,
    )
    later_plan = edited(PLAN, ("as_of: 2024-10-30", "as_of: 2026-11-25"))
    for plan in (PLAN, later_plan):
        assert changed(bring_in(plan)).get("assignments", []) == []
    spans = session.scalars(
        select(AssignmentSpan.state).where(AssignmentSpan.assignment_id == part.id)
    ).all()
    assert spans == [AssignmentState.PROPOSED, AssignmentState.ACCEPTED]


def test_a_title_changed_on_the_site_stays_until_the_file_changes_its_own(
    session: Session, bring_in: Importer, edited: Editor, coordinator: Account, now: datetime
) -> None:
    bring_in(PLAN)
    joint = deliverable(session, "joint-tools")
    entry = DeliverableEntry(
        title="Ours",
        kind=joint.kind,
        priority_id=joint.priority_id,
        basis=joint.basis,
        note=joint.note,
        marking=joint.marking,
        source_id=joint.source_id,
    )
    describe(session, coordinator.actor, joint, entry, joint.version, now)
    assert changed(bring_in(PLAN)) == {}
    assert deliverable(session, "joint-tools").title == "Ours"
    again = edited(PLAN, ("Jointly developed evaluation tools", "Tools made together"))
    assert changed(bring_in(again)) == {"deliverables": ["joint-tools"]}
    assert deliverable(session, "joint-tools").title == "Tools made together"
    assert bring_in(again).changes_nothing


def test_a_deadline_moves_where_a_later_plan_moves_it_and_keeps_its_first_date(
    session: Session, bring_in: Importer, edited: Editor
) -> None:
    bring_in(PLAN)
    later = edited(
        PLAN,
        ("as_of: 2024-10-30", "as_of: 2025-01-15"),
        (
            "starts_on: 2025-02-10, ends_on: 2025-02-11",
            "starts_on: 2025-03-10, ends_on: 2025-03-11",
        ),
    )
    assert changed(bring_in(later))["deadlines"] == ["summit"]
    dates = session.scalars(
        select(DeadlineDate)
        .where(DeadlineDate.deadline_id == summit(session).id)
        .order_by(DeadlineDate.from_on)
    ).all()
    assert [(row.from_on, row.starts_on, row.reason) for row in dates] == [
        (date(2024, 10, 30), date(2025, 2, 10), ""),
        (date(2025, 1, 15), date(2025, 3, 10), "plan.yaml (2025-01-15)"),
    ]
    assert bring_in(later).changes_nothing


def test_a_deadline_moved_on_the_site_stays_where_it_is(
    session: Session, bring_in: Importer, coordinator: Account, now: datetime
) -> None:
    bring_in(PLAN)
    deadlines.move(
        session,
        coordinator.actor,
        summit(session),
        When(starts_on=date(2025, 4, 1)),
        effective_on=date(2024, 12, 1),
        reason="The host asked for it",
        seen_version=summit(session).version,
        now=now,
    )
    assert bring_in(PLAN, RECORD).count(Outcome.CHANGED) == 0
    newest = deadlines.date_on(session, summit(session), date(2025, 1, 1))
    assert newest is not None
    assert newest.starts_on == date(2025, 4, 1)


def test_a_deliverable_is_rescheduled_by_a_later_plan_but_not_back_by_the_same(
    session: Session, bring_in: Importer, edited: Editor, coordinator: Account, now: datetime
) -> None:
    bring_in(PLAN)
    cadence = deliverable(session, "cadence")
    reschedule(
        session,
        coordinator.actor,
        cadence,
        Due(own_due_on=date(2025, 6, 30)),
        effective_on=date(2024, 11, 25),
        reason="Later",
        seen_version=cadence.version,
        now=now,
    )
    assert changed(bring_in(PLAN)) == {}
    later = edited(
        PLAN,
        ("as_of: 2024-10-30", "as_of: 2025-01-15"),
        (
            "kind: arrangement, priority: rhythm, deadline: convening, basis: proposed",
            "kind: arrangement, priority: rhythm, deadline: summit, basis: proposed",
        ),
    )
    assert changed(bring_in(later))["deliverables"] == ["cadence"]
    dues = session.scalars(
        select(ScheduleChange)
        .where(ScheduleChange.deliverable_id == cadence.id)
        .order_by(ScheduleChange.id)
    ).all()
    assert [(row.effective_on, row.due_on) for row in dues] == [
        (date(2024, 10, 30), None),
        (date(2024, 11, 25), date(2025, 6, 30)),
        (date(2025, 1, 15), None),
    ]
    holds = (
        DeliverableState.deliverable_id == cadence.id,
        DeliverableState.holds_on(date(2025, 1, 15)),
        DeliverableState.for_all,
    )
    state = session.scalars(select(DeliverableState).where(*holds)).one()
    assert state.deadline_id == summit(session).id


def test_an_update_that_the_record_gains_later_is_logged_alone(
    session: Session, bring_in: Importer, edited: Editor
) -> None:
    bring_in(PLAN, RECORD)
    line = (
        "  - {date: 2025-01-10, deliverable: vocabulary, status: in_progress, source: ec-2024-11}"
    )
    report = bring_in(edited(RECORD, ("assignments:\n", f"{line}\nassignments:\n")))
    assert report.count(Outcome.ADDED) == report.count(Outcome.ADDED, "updates") == 1
    newest = session.scalars(select(StatusUpdate).order_by(StatusUpdate.id.desc())).first()
    assert newest is not None
    assert newest.deliverable_id == deliverable(session, "vocabulary").id


def test_a_prospective_member_that_joins_is_a_member_from_the_day_it_joined(
    session: Session, bring_in: Importer, edited: Editor
) -> None:
    bring_in(PLAN)
    joined = "name: Italy, status: member, joined_on: 2025-03-01, zone"
    later = edited(
        PLAN,
        ("as_of: 2024-10-30", "as_of: 2025-06-01"),
        ("name: Italy, status: prospective, zone", joined),
    )
    assert "IT" in changed(bring_in(later))["members"]
    italy = session.scalars(select(Member).where(Member.code == "IT")).one()
    session.refresh(italy, ["statuses"])
    assert [(row.status.value, row.from_on) for row in italy.statuses] == [
        ("prospective", date(2024, 10, 30)),
        ("member", date(2025, 3, 1)),
    ]
    assert bring_in(later).changes_nothing
