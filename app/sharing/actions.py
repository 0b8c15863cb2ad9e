"""Marking things and naming whom they are shared with: every feature does it here."""

from collections.abc import Collection, Iterable
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import record
from app.audit.writing import Line
from app.core.errors import N_, Refused
from app.core.permissions import Actor
from app.sharing.models import Audience, AudienceAccount, AudienceMember, Marked
from app.sharing.queries import named_in, visible
from app.sharing.rules import Fault, Sharing, fault_of, settled

FAULTS = {
    Fault.WIDER: (
        N_("What it belongs to is marked %(marking)s; this cannot go further."),
        "marking",
    ),
    Fault.MEMBERS: (N_("Name only members with which what it belongs to is shared."), "members"),
    Fault.ACCOUNTS: (N_("Name only people who may see what it belongs to."), "accounts"),
}


def sharing_of(session: Session, thing: Marked) -> Sharing:
    named = named_in(session, thing.audience_id)
    return Sharing(thing.marking, named.members, named.accounts)


def check_sharing(wanted: Sharing, within: Sharing | None) -> None:
    """Raises Refused, naming the field, for what is wider than the thing it belongs to."""
    fault = fault_of(wanted, within)
    if fault is not None:
        message, field = FAULTS[fault]
        raise Refused(message, field=field, **({"marking": within.marking} if within else {}))


def check_named_see(
    session: Session, named: Iterable[Actor], kind: type[Marked], thing_id: int
) -> None:
    """Raises Refused where one of them does not see the thing that this one belongs to."""
    key = kind.__table__.c.id  # type: ignore[attr-defined]
    for reader in named:
        if session.scalar(select(key).where(key == thing_id, visible(reader, kind))) is None:
            message, field = FAULTS[Fault.ACCOUNTS]
            raise Refused(message, field=field)


def audience_of(session: Session, wanted: Sharing) -> int | None:
    """A new audience that names them; None where nobody is to be named."""
    if not wanted.members and not wanted.accounts:
        return None
    audience = Audience()
    session.add(audience)
    session.flush()
    session.add_all(
        AudienceMember(audience_id=audience.id, member_id=member)
        for member in sorted(wanted.members)
    )
    session.add_all(
        AudienceAccount(audience_id=audience.id, account_id=account)
        for account in sorted(wanted.accounts)
    )
    session.flush()
    return audience.id


def mark(session: Session, actor: Actor, thing: Marked, wanted: Sharing, line: Line) -> bool:
    """Mark a thing anew; False when nothing differs. Whether it may be shared so was checked."""
    before, after = sharing_of(session, thing), settled(wanted, actor.account_id)
    if before == after:
        return False
    thing.marking, thing.audience_id = after.marking, audience_of(session, after)
    session.flush()
    old, new = _plain(before), _plain(after)
    changes = {name: (old[name], new[name]) for name in old}
    facts = {name: (None, value) for name, value in line.facts.items()}
    record(session, line.account_id, line.verb, line.subject, {**changes, **facts}, line.now)
    return True


def _plain(sharing: Sharing) -> dict[str, object]:
    return {
        name: sorted(value) if isinstance(value, Collection) and name != "marking" else value
        for name, value in asdict(sharing).items()
    }
