"""Marking deliverables, their updates and their evidence, and naming whom they are shared with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line
from app.core.errors import N_, Conflict, Forbidden
from app.core.history import FOREVER
from app.core.markings import Marking, is_wider
from app.core.permissions import Actor, Permission, Role, can
from app.deliverables.actions import states
from app.deliverables.models import (
    Assignment,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    Evidence,
    FlagMute,
    StatusUpdate,
)
from app.people.models import Account
from app.sharing.actions import audience_of, check_named_see, check_sharing, mark, sharing_of
from app.sharing.models import Marked
from app.sharing.rules import Sharing, settled

BELOW: tuple[type[StatusUpdate | Evidence | FlagMute], ...] = (StatusUpdate, Evidence, FlagMute)
"""What belongs to a deliverable and is marked for itself."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The columns of a marked thing."""

    marking: Marking
    audience_id: int | None


def mark_within(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    wanted: Sharing | None,
    corrects: StatusUpdate | None = None,
) -> Marks:
    """For something new that belongs to the deliverable; as that is marked (or the update that it
    corrects), where nothing else is wanted. Raises Refused for what would be wider."""
    if corrects is not None:
        return mark_below(session, actor, corrects, wanted)
    if wanted is None:
        return Marks(deliverable.marking, deliverable.audience_id)
    after = settled(wanted, actor.account_id)
    own = sharing_of(session, deliverable)
    if after == own:
        return Marks(deliverable.marking, deliverable.audience_id)
    check_within(session, actor, deliverable, after)
    return Marks(after.marking, audience_of(session, after))


def mark_below(
    session: Session, actor: Actor, update: StatusUpdate, wanted: Sharing | None
) -> Marks:
    """For evidence of an update, and for what corrects it; as that is marked, where nothing else is
    wanted."""
    if wanted is None:
        return Marks(update.marking, update.audience_id)
    after = settled(wanted, actor.account_id)
    own = sharing_of(session, update)
    if after == own:
        return Marks(update.marking, update.audience_id)
    _check_of_update(session, actor, update, after)
    return Marks(after.marking, audience_of(session, after))


def _check_of_update(session: Session, actor: Actor, update: StatusUpdate, wanted: Sharing) -> None:
    own = sharing_of(session, update)
    members = own.members | parts(session, update.deliverable_id)
    check_sharing(wanted, replace(own, members=members))
    _check_accounts(session, actor, StatusUpdate, update.id, wanted)


def check_within(session: Session, actor: Actor, deliverable: Deliverable, wanted: Sharing) -> None:
    """Raises Refused, naming the field, for what would be wider than the deliverable."""
    own = sharing_of(session, deliverable)
    check_sharing(wanted, replace(own, members=own.members | parts(session, deliverable.id)))
    _check_accounts(session, actor, Deliverable, deliverable.id, wanted)


def mark_deliverable(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    wanted: Sharing,
    seen_version: int,
    now: datetime,
) -> bool:
    """Whoever marks it RED is named. What belongs to it and would be wider becomes as narrow. False
    when nothing differs."""
    if not can(actor, Permission.DELIVERABLE_PLAN):
        raise Forbidden(N_("Only a coordinator changes the plan."))
    if deliverable.version != seen_version:
        raise Conflict(N_("Somebody changed this deliverable meanwhile. Look at it again first."))
    subject = Subject("deliverable", deliverable.key)
    line = Line(actor.account_id, "deliverable.mark", subject, now)
    if not mark(session, actor, deliverable, wanted, line):
        return False
    follow(session, deliverable)
    return True


def follow(session: Session, deliverable: Deliverable) -> None:
    """After a deliverable was marked anew: nothing that belongs to it stays wider."""
    for kind in BELOW:
        of_it = select(kind).where(kind.deliverable_id == deliverable.id)
        things: Iterable[Marked] = session.scalars(of_it)
        for thing in things:
            _narrow(thing, deliverable)
    session.flush()
    states.rebuild(session, [deliverable])


def mark_update(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    update: StatusUpdate,
    wanted: Sharing,
    now: datetime,
) -> bool:
    """What it says stays; who sees it changes, and its evidence is never wider. False when nothing
    differs."""
    if not may_mark(actor, update):
        raise Forbidden(N_("Only whoever logged an update, or a coordinator, changes its marking."))
    after = settled(wanted, actor.account_id)
    check_within(session, actor, deliverable, after)
    corrects = session.get(StatusUpdate, update.corrects_id) if update.corrects_id else None
    if corrects is not None:
        _check_of_update(session, actor, corrects, after)
    subject = Subject("deliverable", deliverable.key)
    line = Line(actor.account_id, "update.mark", subject, now, {"update": update.id})
    if not mark(session, actor, update, wanted, line):
        return False
    _narrow_below(session, update)
    session.flush()
    states.rebuild(session, [deliverable])
    return True


def _narrow_below(session: Session, update: StatusUpdate) -> None:
    """Its evidence, and what corrects it: that would tell that there is something to correct."""
    for evidence in session.scalars(select(Evidence).where(Evidence.update_id == update.id)):
        _narrow(evidence, update)
    later = select(StatusUpdate).where(StatusUpdate.corrects_id == update.id)
    for correction in session.scalars(later).all():
        _narrow(correction, update)
        _narrow_below(session, correction)


def mark_evidence(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    evidence: Evidence,
    wanted: Sharing,
    now: datetime,
) -> bool:
    """Never wider than its update, or than its deliverable where it has none."""
    if not may_mark_evidence(actor, evidence):
        raise Forbidden(N_("Only whoever added evidence, or a coordinator, changes its marking."))
    after = settled(wanted, actor.account_id)
    update = session.get(StatusUpdate, evidence.update_id) if evidence.update_id else None
    if update is None:
        check_within(session, actor, deliverable, after)
    else:
        _check_of_update(session, actor, update, after)
    line = Line(
        actor.account_id,
        "evidence.mark",
        Subject("deliverable", deliverable.key),
        now,
        {"evidence": evidence.id},
    )
    return mark(session, actor, evidence, wanted, line)


def may_mark(actor: Actor, update: StatusUpdate) -> bool:
    if actor.role is Role.COORDINATOR:
        return True
    return can(actor, Permission.UPDATE_LOG) and update.member_id == actor.member_id


def may_mark_evidence(actor: Actor, evidence: Evidence) -> bool:
    if actor.role is Role.COORDINATOR:
        return True
    return can(actor, Permission.UPDATE_LOG) and evidence.added_by_id == actor.account_id


def parts(session: Session, deliverable_id: int) -> frozenset[int]:
    """The members that see it by their part in it."""
    taking = [AssignmentState.PROPOSED, AssignmentState.ACCEPTED]
    return frozenset(
        session.scalars(
            select(Assignment.member_id)
            .join(AssignmentSpan)
            .where(
                Assignment.deliverable_id == deliverable_id,
                AssignmentSpan.until_on == FOREVER,
                AssignmentSpan.state.in_(taking),
            )
        )
    )


def _narrow(thing: Marked, to: Marked) -> None:
    if is_wider(thing.marking, to.marking):
        thing.marking, thing.audience_id = to.marking, to.audience_id


def _check_accounts(
    session: Session, actor: Actor, kind: type[Marked], thing_id: int, wanted: Sharing
) -> None:
    others = wanted.accounts - {actor.account_id}
    named = session.scalars(select(Account).where(Account.id.in_(others)))
    check_named_see(session, (account.actor for account in named), kind, thing_id)
