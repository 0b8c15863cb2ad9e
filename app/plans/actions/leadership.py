"""Logging who came to hold which office."""

from datetime import date

from sqlalchemy import select

from app.members.actions.membership import TermEntry, begin_term
from app.members.models import LeadershipTerm
from app.plans.actions.report import Outcome
from app.plans.actions.run import Run
from app.plans.reading import values

Identity = tuple[int, str, date]


def log_all(run: Run) -> None:
    columns = (LeadershipTerm.member_id, LeadershipTerm.title, LeadershipTerm.from_on)
    rows = run.session.execute(select(*columns))
    there = {(who, title, day) for who, title, day in rows}
    run.each(run.bundle.leadership, lambda run, said: _log(run, said, there))


def _log(run: Run, said: values.Leadership, there: set[Identity]) -> None:
    member = run.there.members[said.member]
    identity = (member.id, said.title, said.effective_on)
    key = f"{said.member} {said.title} {said.effective_on.isoformat()}"
    run.report.note("leadership", key, Outcome.UNCHANGED if identity in there else Outcome.ADDED)
    if identity in there:
        return
    entry = TermEntry(
        title=said.title,
        precision=said.precision,
        note=said.note,
        source_id=run.source_id(said),
    )
    begin_term(run.session, run.actor, member, entry, said.effective_on, run.now)
    there.add(identity)
