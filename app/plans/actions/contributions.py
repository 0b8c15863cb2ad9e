"""Logging what members put in."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.contributions.actions import ContributionEntry, record_contribution
from app.contributions.models import Contribution, ContributionKind
from app.plans.actions.report import Outcome
from app.plans.actions.run import Run
from app.plans.reading import values

CENTS = Decimal("0.01")

Identity = tuple[int, date, ContributionKind, Decimal | None, str, str, str, int | None]


def log_all(run: Run) -> None:
    rows = run.session.scalars(select(Contribution))
    there = {_identity(row.member_id, row) for row in rows}
    run.each(run.bundle.contributions, lambda run, said: _log(run, said, there))


def _log(run: Run, said: values.Contribution, there: set[Identity]) -> None:
    member, entry = run.there.members[said.member], _entry(run, said)
    identity = _identity(member.id, entry)
    key = f"{said.member} {said.effective_on.isoformat()} {said.kind}: {said.about}"
    run.report.note("contributions", key, Outcome.UNCHANGED if identity in there else Outcome.ADDED)
    if identity not in there:
        record_contribution(run.session, run.actor, member, entry, run.now)
        there.add(identity)


def _entry(run: Run, said: values.Contribution) -> ContributionEntry:
    deliverables = run.there.deliverables
    return ContributionEntry(
        given_on=said.effective_on,
        precision=said.precision,
        kind=ContributionKind(said.kind),
        amount=said.amount.quantize(CENTS) if said.amount is not None else None,
        unit=said.unit,
        currency=said.currency,
        about=said.about,
        note=said.note,
        deliverable_id=deliverables[said.deliverable].id if said.deliverable else None,
        source_id=run.source_id(said),
    )


def _identity(member_id: int, given: Contribution | ContributionEntry) -> Identity:
    return (
        member_id,
        given.given_on,
        given.kind,
        given.amount,
        given.unit,
        given.currency,
        given.about,
        given.deliverable_id,
    )
