"""Bringing in deadlines, and the other dates that later files give them."""

from sqlalchemy import select

from app.deadlines import actions
from app.deadlines.actions import DeadlineEntry, When
from app.deadlines.models import Deadline, DeadlineDate, DeadlineKind
from app.plans.actions.report import Outcome
from app.plans.actions.run import Run, outcome
from app.plans.reading import values

Dates = dict[int, When]


def bring_in_all(run: Run) -> None:
    dates = _last_imported(run)
    run.each(run.bundle.deadlines, lambda run, said: _bring_in(run, said, dates))


def _bring_in(run: Run, said: values.Deadline, dates: Dates) -> None:
    entry = DeadlineEntry(
        title=said.title,
        kind=DeadlineKind(said.kind),
        place=said.place,
        host_id=run.member_id(said.host),
        is_public=said.public,
        note=said.note,
        source_id=run.source_id(said),
    )
    when = When(starts_on=said.starts_on, ends_on=said.ends_on, precision=said.precision)
    deadline, happened = run.settle(
        "deadline",
        said.key,
        run.there.deadlines.get(said.key),
        entry,
        lambda: actions.add_deadline(
            run.session, run.actor, said.key, entry, when, said.exists_from, run.now
        ),
        actions.describe,
    )
    run.there.deadlines[said.key] = deadline
    run.report.note("deadlines", said.key, happened)
    if happened is not Outcome.ADDED and dates.get(deadline.id) != when:
        moved = _move(run, deadline, said, when)
        run.report.note("deadlines", said.key, outcome(changed=moved))


def _move(run: Run, deadline: Deadline, said: values.Deadline, when: When) -> bool:
    return actions.move(
        run.session,
        run.actor,
        deadline,
        when,
        effective_on=max(deadline.exists_from, said.exists_from, run.day_of_plan(said)),
        reason=run.reason(said),
        seen_version=deadline.version,
        now=run.now,
    )


def _last_imported(run: Run) -> Dates:
    """The date that the import gave each deadline the last time."""
    by_import = run.by_import(DeadlineDate)
    order = (DeadlineDate.from_on, DeadlineDate.id) if run.restored_at else (DeadlineDate.id,)
    rows = run.session.scalars(select(DeadlineDate).where(by_import).order_by(*order))
    return {
        row.deadline_id: When(starts_on=row.starts_on, ends_on=row.ends_on, precision=row.precision)
        for row in rows
    }
