"""Bringing in members, functions and how far members are in them."""

from sqlalchemy import select

from app.members.actions import functions, membership
from app.members.actions.functions import FunctionEntry, LevelEntry
from app.members.actions.membership import MemberEntry, StandingEntry
from app.members.models import Level, Member, MemberFunction, MemberStanding, MemberStatus
from app.plans.actions import institutes
from app.plans.actions.report import Outcome
from app.plans.actions.run import Run, outcome
from app.plans.reading import values


def bring_in_function(run: Run, said: values.Function) -> None:
    entry = FunctionEntry(name=said.name, note=said.note, source_id=run.source_id(said))
    position, since = len(run.there.functions), said.exists_from
    function, happened = run.settle(
        "function",
        said.key,
        run.there.functions.get(said.key),
        entry,
        lambda: functions.add_function(
            run.session, run.actor, said.key, entry, position, since, run.now
        ),
        functions.describe_function,
    )
    run.there.functions[said.key] = function
    run.report.note("functions", said.key, happened)


def bring_in(run: Run, said: values.Member) -> None:
    entry = MemberEntry(name=said.name, zone=said.zone, source_id=run.source_id(said))
    member, happened = run.settle(
        "member",
        said.code,
        run.there.members.get(said.code),
        entry,
        lambda: membership.add_member(
            run.session, run.actor, said.code, entry, said.exists_from, run.now
        ),
        membership.describe_member,
    )
    run.there.members[said.code] = member
    run.report.note("members", said.code, happened)
    changed = _stand(run, member, said)
    changed = institutes.bring_in(run, member, said) or changed
    run.report.note("members", said.code, outcome(changed=changed))


def _stand(run: Run, member: Member, said: values.Member) -> bool:
    entry = StandingEntry(
        status=MemberStatus(said.status), note=said.note, source_id=run.source_id(said)
    )
    of_it = MemberStanding.member_id == member.id
    rows = run.session.scalars(select(MemberStanding).where(of_it)).all()
    day = run.span_day(rows, said.exists_from, entry)
    if day is None:
        return False
    if same := next((row for row in rows if row.from_on == day), None):
        entry = run.said.kept("standing", said.code, same, entry, from_on=day)
    return membership.set_standing(run.session, run.actor, member, entry, day, run.now)


def bring_in_level(run: Run, said: values.MemberFunction) -> None:
    entry = LevelEntry(
        level=Level(said.level),
        evidence=said.evidence,
        note=said.note,
        source_id=run.source_id(said),
    )
    member, function = run.there.members[said.member], run.there.functions[said.function]
    of_both = (
        MemberFunction.member_id == member.id,
        MemberFunction.function_id == function.id,
    )
    rows = run.session.scalars(select(MemberFunction).where(*of_both)).all()
    day = run.span_day(rows, said.exists_from, entry)
    changed = False
    if day is not None:
        if same := next((row for row in rows if row.from_on == day), None):
            entry = run.said.kept(
                "level", member.code, same, entry, function=function.key, from_on=day
            )
        changed = functions.set_level(run.session, run.actor, member, function, entry, day, run.now)
    added = Outcome.ADDED if not rows else outcome(changed=changed)
    run.report.note("member_functions", f"{said.member} {said.function}", added)
