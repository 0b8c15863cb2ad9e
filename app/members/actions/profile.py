"""A member's profile, kept by its own liaison or by a coordinator for it."""

from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.actions import Subject
from app.audit.writing import Line, change
from app.core.clock import today
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.members.actions.functions import LevelEntry, put_level
from app.members.actions.membership import InstituteEntry, put_institute
from app.members.models import Function, Member
from app.members.rules.hours import WorkingWeek, weekend_text

MOST_DAYS_OFF = 6


def may_keep(actor: Actor, member: Member) -> bool:
    """Its own liaison, or whoever keeps the network's books."""
    own = actor.member_id == member.id and can(actor, Permission.PROFILE_KEEP)
    return own or can(actor, Permission.NETWORK_KEEP)


def check_keeper(actor: Actor, member: Member) -> None:
    if not may_keep(actor, member):
        raise Forbidden(N_("Only the member's own liaison or a coordinator keeps its profile."))


def keep_institute(
    session: Session,
    actor: Actor,
    member: Member,
    entry: InstituteEntry,
    from_on: date,
    seen_version: int,
    now: datetime,
) -> bool:
    """What is known of its institute from `from_on` on; what held before stays on record. False
    when nothing differs. Raises Conflict when the profile changed since `seen_version`."""
    check_keeper(actor, member)
    _check_day(member, from_on, now)
    claim(member, seen_version)
    return put_institute(session, actor, member, entry, from_on, now)


def keep_level(
    session: Session,
    actor: Actor,
    member: Member,
    function: Function,
    entry: LevelEntry,
    from_on: date,
    seen_version: int,
    now: datetime,
) -> bool:
    """How far it is in a function from `from_on` on, with the evidence for it."""
    check_keeper(actor, member)
    _check_day(member, from_on, now)
    if from_on < function.exists_from:
        raise Refused(
            N_("The function is known from %(day)s on."), field="from_on", day=function.exists_from
        )
    claim(member, seen_version)
    return put_level(session, actor, member, function, entry, from_on, now)


def keep_hours(
    session: Session,
    actor: Actor,
    member: Member,
    week: WorkingWeek,
    seen_version: int,
    now: datetime,
) -> bool:
    """When people work at its seat, from now on. False when nothing differs."""
    check_keeper(actor, member)
    if week.begins >= week.ends:
        raise Refused(N_("The working day ends after it begins."), field="works_until")
    if len(week.weekend) > MOST_DAYS_OFF:
        raise Refused(N_("Leave at least one day of the week to work on."), field="weekend")
    claim(member, seen_version)
    columns = {
        "works_from": week.begins,
        "works_until": week.ends,
        "weekend": weekend_text(week.weekend),
    }
    line = Line(actor.account_id, "member.hours", Subject("member", member.code), now)
    return change(session, member, columns, line)


def claim(member: Member, seen_version: int) -> None:
    """Of two who change what is known of a member at the same time, the second is told. The column
    that counts changes goes up with the next flush."""
    if member.version != seen_version:
        raise Conflict(
            N_("Somebody changed this meanwhile. Look at what is there, then save again.")
        )
    flag_modified(member, "zone")


def _check_day(member: Member, from_on: date, now: datetime) -> None:
    if from_on > today(now):
        raise Refused(N_("Give a day that has come: it is to say what is known."), field="from_on")
    if from_on < member.exists_from:
        raise Refused(
            N_("It is known here from %(day)s on: give that day or a later one."),
            field="from_on",
            day=member.exists_from,
        )
