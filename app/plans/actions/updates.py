"""Logging what the record says of deliverables, in the order of its days."""

from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.deliverables.actions.updates import UpdateEntry, UpdateLog
from app.deliverables.models import StatusUpdate
from app.deliverables.rules.moves import Health, Status
from app.plans.actions.report import Outcome
from app.plans.actions.run import Run
from app.plans.reading import values

Identity = tuple[int, date, Status, int | None, str]


def log_all(run: Run) -> None:
    there = _logged(run)
    things = run.there.deliverables
    named = {said.deliverable: things[said.deliverable] for said in run.bundle.updates}
    log = UpdateLog(run.session, run.actor, named.values(), run.now)
    run.each(run.bundle.updates, lambda run, said: _log(run, said, log, there))
    log.close()


def _log(run: Run, said: values.Update, log: UpdateLog, there: set[Identity]) -> None:
    deliverable = run.there.deliverables[said.deliverable]
    entry = UpdateEntry(
        status=Status(said.status),
        effective_on=said.effective_on,
        health=Health(said.health) if said.health else None,
        progress=said.progress,
        note=said.note,
        blocker=said.blocker,
        next_step=said.next_step,
        precision=said.precision,
        source_id=run.source_id(said),
    )
    identity = (deliverable.id, entry.effective_on, entry.status, entry.source_id, entry.note)
    is_new = identity not in there
    if is_new:
        log.add(deliverable, entry)
        there.add(identity)
    where = f"{Path(said.file).name}:{said.line}"
    key = f"{said.deliverable} {said.effective_on.isoformat()} {entry.status} ({where})"
    run.report.note("updates", key, Outcome.ADDED if is_new else Outcome.UNCHANGED)


def _logged(run: Run) -> set[Identity]:
    rows = run.session.execute(
        select(
            StatusUpdate.deliverable_id,
            StatusUpdate.effective_on,
            StatusUpdate.status,
            StatusUpdate.source_id,
            StatusUpdate.note,
        )
    )
    return {(own, day, status, source, note) for own, day, status, source, note in rows}
