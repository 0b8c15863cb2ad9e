"""Bringing in what is known of institutes, and what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.members.actions.membership import InstituteEntry, describe_institute
from app.members.models import Institute, Member
from app.plans.actions.report import Outcome
from app.plans.actions.run import Run, outcome
from app.plans.reading import values

CENTS = Decimal("0.01")

Change = values.InstituteChange | values.Renaming


def bring_in(run: Run, member: Member, said: values.Member) -> bool:
    """What the plan says of a member's institute; False when nothing differs."""
    if said.institute is None:
        return False
    entry = InstituteEntry(**_told(said.institute), source_id=run.source_id(said))
    rows = _rows(run, member)
    day = run.span_day(rows, said.exists_from, entry)
    return day is not None and _describe(run, member, entry, day, rows)


def log_all(run: Run) -> None:
    """What became of institutes, new names included. What entries of one day say of one institute
    is said together, and what they leave out is as it was the day before."""
    said: list[Change] = [*run.bundle.institutes]
    said.extend(entry for entry in run.bundle.renamed if entry.what == "institute")
    changes: dict[tuple[date, str], list[Change]] = {}
    for entry in sorted(said, key=lambda each: each.effective_on):
        changes.setdefault((entry.effective_on, str(entry.member)), []).append(entry)
    for (day, code), of_day in changes.items():
        _log(run, run.there.members[code], day, of_day)


def _log(run: Run, member: Member, day: date, said: Sequence[Change]) -> None:
    rows = _rows(run, member)
    entry = _carried_over(rows, day)
    for change in said:
        entry = replace(
            entry,
            **_told(change),
            precision=change.precision,
            source_id=run.source_id(change) or entry.source_id,
        )
    is_new = all(row.from_on != day for row in rows)
    changed = _describe(run, member, entry, day, rows)
    for change in said:
        kind = "renamed" if isinstance(change, values.Renaming) else "institutes"
        happened = Outcome.ADDED if is_new else outcome(changed=changed)
        run.report.note(kind, f"{member.code} {day.isoformat()}", happened)


def _describe(
    run: Run, member: Member, entry: InstituteEntry, day: date, rows: Iterable[Institute]
) -> bool:
    if same := next((row for row in rows if row.from_on == day), None):
        entry = run.said.kept("institute", member.code, same, entry, from_on=day)
    return describe_institute(run.session, run.actor, member, entry, day, run.now)


def _carried_over(rows: Iterable[Institute], day: date) -> InstituteEntry:
    eve = day - timedelta(days=1)
    held = next((row for row in rows if row.from_on <= eve < row.until_on), None)
    if held is None:
        return InstituteEntry()
    return InstituteEntry(
        **{field.name: getattr(held, field.name) for field in fields(InstituteEntry)}
    )


def _told(said: values.Institute | Change) -> dict[str, Any]:
    """The columns that the entry has something to say of."""
    if isinstance(said, values.Renaming):
        return {"name": said.to} | ({"note": said.note} if said.note else {})
    told: dict[str, Any] = {
        "name": said.name,
        "host": said.host,
        "established": said.established.text if said.established else "",
        "staff": said.staff,
        "note": said.note,
    }
    told = {name: text for name, text in told.items() if text}
    if said.announced_only is not None:
        told["announced_only"] = said.announced_only
    if said.funding is not None:
        usd = said.funding.usd_per_year
        told["funding"] = said.funding.text
        told["funding_usd_per_year"] = usd.quantize(CENTS) if usd is not None else None
    return told


def _rows(run: Run, member: Member) -> Sequence[Institute]:
    of_it = Institute.member_id == member.id
    return run.session.scalars(select(Institute).where(of_it)).all()
