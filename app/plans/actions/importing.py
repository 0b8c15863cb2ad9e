"""Plan and record files into the database, all of them or nothing."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.errors import N_, Forbidden
from app.core.permissions import Actor, Permission, can
from app.deliverables.actions import states
from app.members.models import Network
from app.plans.actions import (
    assignments,
    contributions,
    deadlines,
    deliverables,
    institutes,
    leadership,
    meetings,
    members,
    network,
    outside,
    priorities,
    rows,
    sources,
    updates,
)
from app.plans.actions.recorder import recorder
from app.plans.actions.report import ImportReport, Outcome
from app.plans.actions.run import Progress, Run, There
from app.plans.queries import known
from app.plans.reading import Bundle, Fault, Faults, read
from app.plans.reading.faults import phrase


def import_files(
    session: Session,
    actor: Actor,
    paths: Sequence[Path],
    now: datetime,
    *,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring in what the files say and the database does not; the second time that is nothing.

    Whoever starts it, everything is logged under the account of the import, and what people did on
    the site since is left as it is. Raises Faults with all that is wrong, and leaves nothing then;
    the caller commits, or rolls back to see only what would happen.
    """
    if not can(actor, Permission.PLAN_IMPORT):
        raise Forbidden(N_("Only a coordinator imports a plan."))
    bundle = read(paths, known(session))
    _check_plan(session, bundle)
    with session.begin_nested(), states.put_off(session):
        run = Run(session, recorder(session, now).actor, bundle, now, progress)
        rows_taken = rows.bring_in_all(run)
        if rows_taken:
            run.there, run.restored_at = There.load(session), now
        _bring_in_plan(run)
        _log_record(run)
        _sign(run, actor, paths, rows_taken)
    return run.report


def _check_plan(session: Session, bundle: Bundle) -> None:
    if bundle.plan is not None or session.get(Network, 1) is not None:
        return
    says = phrase(N_("This record is logged on top of a plan, and no plan has been imported."))
    hopes = phrase(N_("the plan first, or together with its record"))
    raise Faults([Fault(head.file, head.line, says, hopes) for head in bundle.records])


def _bring_in_plan(run: Run) -> None:
    """What there is, each kind after those that it refers to."""
    said = run.bundle
    run.each(said.sources, sources.bring_in)
    if said.network:
        run.each([said.network], network.bring_in)
    run.each(said.functions, members.bring_in_function)
    run.each(said.members, members.bring_in)
    run.each(said.member_functions, members.bring_in_level)
    run.each(said.mechanisms, network.bring_in_mechanism)
    run.each(said.questions, priorities.bring_in_question)
    run.each(said.priorities, priorities.bring_in)
    deadlines.bring_in_all(run)
    deliverables.bring_in_all(run)
    outside.bring_in_all(run)
    run.each(said.meeting_series, meetings.bring_in_series)


def _log_record(run: Run) -> None:
    """What happened, each kind in the order of its days."""
    said = run.bundle
    assignments.log_all(run)
    institutes.log_all(run)
    run.each([entry for entry in said.renamed if entry.what == "network"], network.log_renaming)
    leadership.log_all(run)
    contributions.log_all(run)
    meetings.log_all(run)
    updates.log_all(run)


def _sign(run: Run, actor: Actor, paths: Sequence[Path], rows_taken: int) -> None:
    """The trail says who had the import do what it did."""
    if run.report.changes_nothing:
        return
    facts = {
        "added": (0, run.report.count(Outcome.ADDED)),
        "changed": (0, run.report.count(Outcome.CHANGED)),
        "rows": (0, rows_taken),
    }
    subject = Subject("files", ", ".join(path.name for path in paths)[:200])
    record(run.session, actor.account_id, "plan.import", subject, facts, run.now)
