"""Keeping a flag from counting until a day, and letting it count again."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.audit.writing import Line, change
from app.core.clock import as_of, today
from app.core.errors import N_, Forbidden, Refused
from app.core.markings import OPEN_TO_ACCOUNTS, Marking, is_wider
from app.core.permissions import Actor, Permission, can
from app.deliverables.models import Deliverable, FlagMute
from app.deliverables.queries.detail import updates_of
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import listed
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.mutes import MuteFault, fault_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteEntry:
    """`until_on` is the day from which the flag counts again."""

    flag: Flag
    until_on: date
    reason: str


FAULTS = {
    MuteFault.NOT_AHEAD: (N_("Give a later day: the flag counts again from it on."), "until_on"),
    MuteFault.TOO_LONG: (
        N_("A flag is muted for a year at most."),
        "until_on",
    ),
    MuteFault.NO_REASON: (N_("Say in a few words why it need not count."), "reason"),
}


def mute(
    session: Session, actor: Actor, deliverable: Deliverable, entry: MuteEntry, now: datetime
) -> FlagMute:
    """From today on. Refused where the flag does not hold or is muted already."""
    _check(actor)
    if fault := fault_of(today(now), entry.until_on, entry.reason):
        message, field = FAULTS[fault]
        raise Refused(message, field=field)
    _check_counts(session, actor, deliverable, entry.flag, now)
    marking, audience_id = _marking_of(session, actor, deliverable, now)
    row = FlagMute(
        deliverable_id=deliverable.id,
        flag=entry.flag,
        from_on=today(now),
        until_on=entry.until_on,
        reason=entry.reason.strip(),
        recorded_by_id=actor.account_id,
        recorded_at=now,
        marking=marking,
        audience_id=audience_id,
    )
    session.add(row)
    session.flush()
    # The reason stays with the deliverable: the trail is read by more people than that.
    columns = {"flag": (None, entry.flag), "until_on": (None, entry.until_on)}
    changes = {"mute": (None, row.id), **columns}
    subject = Subject("deliverable", deliverable.key)
    record(session, actor.account_id, "flag.mute", subject, changes, now)
    return row


def unmute(
    session: Session, actor: Actor, deliverable: Deliverable, mute: FlagMute, now: datetime
) -> None:
    """From today on the flag counts again; the mute is kept."""
    _check(actor)
    if mute.ended_on is not None or mute.until_on <= today(now):
        raise Refused(N_("This mute is over already."))
    ended = {"ended_on": today(now), "ended_by_id": actor.account_id, "ended_at": now}
    change(session, mute, ended, _line(actor, "flag.unmute", deliverable, mute, now))


def _check(actor: Actor) -> None:
    if not can(actor, Permission.ATTENTION_TEND):
        raise Forbidden(N_("Only a coordinator mutes flags."))


def _check_counts(
    session: Session, actor: Actor, deliverable: Deliverable, flag: Flag, now: datetime
) -> None:
    rows = listed(session, actor, as_of(None, now), Filter(ids=[deliverable.id])).rows
    if any(muted.raised.flag is flag for row in rows for muted in row.muted):
        raise Refused(N_("Somebody muted this flag already."))
    if not any(raised.flag is flag for row in rows for raised in row.flags):
        raise Refused(N_("This flag does not hold today; there is nothing to mute."))


def _marking_of(
    session: Session, actor: Actor, deliverable: Deliverable, now: datetime
) -> tuple[Marking, int | None]:
    """With its audience: those of the update in effect, where not every account sees that."""
    latest = next(iter(updates_of(session, actor, deliverable, as_of(None, now))), None)
    is_open = latest is None or latest.marking in OPEN_TO_ACCOUNTS
    if latest is None or is_open or is_wider(latest.marking, deliverable.marking):
        return deliverable.marking, deliverable.audience_id
    return latest.marking, latest.audience_id


def _line(actor: Actor, verb: str, deliverable: Deliverable, of: FlagMute, now: datetime) -> Line:
    subject = Subject("deliverable", deliverable.key)
    return Line(actor.account_id, verb, subject, now, {"mute": of.id})
